/** Runs scenarios with the bundled protocols. */
import { readdirSync, readFileSync } from "node:fs";
import { protocols } from "../../protocols/index.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { run } from "../../sim/scenario/run.ts";
import type { RunResult } from "../../sim/scenario/result.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";

const root = new URL("../..", import.meta.url).pathname;

/** The names of the bundled scenarios of a protocol: `raft/steady`, … */
export const bundled = (protocol: string): string[] =>
  readdirSync(`${root}/scenarios/${protocol}`).map((file) => `${protocol}/${file.replace(".yaml", "")}`);

interface How {
  readonly seed?: number;
  readonly mutant?: string | undefined;
}

export function load(file: string, how: How = {}): Scenario {
  const text = readFileSync(`${root}/${file}`, "utf8");
  return parseScenario(text, { file, protocols: (name) => protocols[name], protocolNames: Object.keys(protocols), ...how });
}

export function runFile(file: string, how: How = {}): RunResult {
  return run(load(file, how)).result;
}

/** What a run was caught at: the invariants that broke, and the other expectations that failed. */
export function faultsFound(result: RunResult): string[] {
  const others = result.expectations.filter(({ name, verdict }) => verdict === "fail" && name !== "invariants");
  return [...new Set([...result.violations.map(({ invariant }) => invariant), ...others.map(({ name }) => name)])];
}

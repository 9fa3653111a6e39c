/**
 * The library: a protocol of one's own, one run as a value, a verdict on a history. It reaches nothing of the machine, so
 * that it works in a test and in a browser's bundle alike.
 */
import { protocols } from "../protocols/index.ts";
import type { HistoryEvent } from "./check/history.ts";
import type { AnyProtocol } from "./protocol.ts";
import type { Override } from "./scenario/overrides.ts";
import { parseScenario } from "./scenario/parse.ts";
import type { RunResult } from "./scenario/result.ts";
import { run as runScenario } from "./scenario/run.ts";

export { protocols } from "../protocols/index.ts";
export { check, defineModel, ModelError } from "./check/index.ts";
export type { Model, ModelDefinition } from "./check/index.ts";
export type { HistoryEvent, Operation, OperationType } from "./check/history.ts";
export type { Verdict, VerdictKind } from "./check/verdict.ts";
export * from "./protocol.ts";
export { formatDiagnostics, InputError, type Diagnostic } from "./scenario/diagnostics.ts";
export { parseScenario } from "./scenario/parse.ts";
export type { ExpectationResult, FaultResult, RunResult, ViolationResult } from "./scenario/result.ts";
export type { Scenario } from "./scenario/scenario.ts";
export { VERSION } from "./version.ts";

/** A scenario as a value: what the YAML would say, with the protocol by its name or itself. */
export interface ScenarioObject {
  readonly protocol: string | AnyProtocol;
  readonly [key: string]: unknown;
}

export interface RunOptions {
  /** Protocols by the names that the scenario may give, besides those that are built in. */
  readonly protocols?: { readonly [name: string]: AnyProtocol };
  /** Overrides the scenario's. */
  readonly seed?: number;
  /** Runs the protocol with one of its mutants in place. */
  readonly mutant?: string;
  /** Overrides settings by their path: `{ "network.loss": "1%" }`. */
  readonly set?: { readonly [path: string]: string };
  /** The text of each table of recorded values that the scenario names: `{ "rtt.csv": "1.5ms\n2ms" }`. */
  readonly files?: { readonly [name: string]: string };
}

/** One run: its result, as `splitbrain run --json` prints it, and what the clients saw. */
export interface RunValue extends Omit<RunResult, "files" | "wallTimeMs"> {
  readonly history: readonly HistoryEvent[];
}

/**
 * Runs a scenario, given as YAML or as an object, from its beginning to its end. The same scenario and seed give the same
 * value on every machine. Throws an {@link InputError} with every mistake where the scenario is wrong.
 */
export function run(scenario: string | ScenarioObject, options: RunOptions = {}): RunValue {
  const { text, named } = textOf(scenario);
  const overrides: Override[] = Object.entries(options.set ?? {}).map(([path, value]) => ({ path, value }));
  const known: { readonly [name: string]: AnyProtocol } = { ...protocols, ...options.protocols, ...named };
  const parsed = parseScenario(text, {
    file: "scenario",
    protocols: (name) => (Object.hasOwn(known, name) ? known[name] : undefined),
    protocolNames: Object.keys(known),
    overrides,
    seed: options.seed,
    mutant: options.mutant,
    files: (name) => options.files?.[name],
  });
  const { result, history } = runScenario(parsed);
  const { files: _files, wallTimeMs: _wallTimeMs, ...value } = result;
  return { ...value, history };
}

/** An object as YAML, of which JSON is a part; a protocol that it holds itself goes by its name. */
function textOf(scenario: string | ScenarioObject): { readonly text: string; readonly named: { readonly [name: string]: AnyProtocol } } {
  if (typeof scenario === "string") return { text: scenario, named: {} };
  const { protocol } = scenario;
  if (typeof protocol === "string") return { text: toText(scenario), named: {} };
  return { text: toText({ ...scenario, protocol: protocol.name }), named: { [protocol.name]: protocol } };
}

function toText(scenario: object): string {
  return JSON.stringify({ version: 1, ...scenario }, null, 2);
}

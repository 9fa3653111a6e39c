/** What a protocol's module may use of the library: all of it but the arbitraries, which nobody needs who only runs it. */
import { protocols } from "../protocols/index.ts";
import type { HistoryEvent } from "./check/history.ts";
import type { AnyProtocol } from "./protocol.ts";
import { textOfObject, type ScenarioObject } from "./scenario/object.ts";
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
export type { ScenarioObject } from "./scenario/object.ts";
export { parseScenario } from "./scenario/parse.ts";
export type { ExpectationResult, FaultResult, RunResult, ViolationResult } from "./scenario/result.ts";
export type { Scenario } from "./scenario/scenario.ts";
export { VERSION } from "./version.ts";

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
  const { text, named } = typeof scenario === "string" ? { text: scenario, named: {} } : textOfObject(scenario);
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

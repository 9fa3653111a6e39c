/** What `hunt --mutant all --json` prints (version 1; fields are only ever added), and its exit code. */
import type { AuditedMutant } from "../campaign/audit.ts";
import type { VerdictKind } from "../check/verdict.ts";
import { exitCodeOf, exitCodes } from "./exit.ts";

export interface MutantsResult {
  readonly version: 1;
  /** Of each scenario that was hunted in, its name. */
  readonly scenarios: readonly string[];
  /** `pass`: every mutant was caught. */
  readonly verdict: VerdictKind;
  readonly firstSeed: number;
  /** How many runs each mutant was given at most; null: as many as its time allowed. */
  readonly most: number | null;
  /** Of all mutants together. */
  readonly runs: number;
  readonly events: number;
  readonly caught: number;
  /** The names of those that nothing caught. */
  readonly missed: readonly string[];
  readonly mutants: readonly AuditedMutant[];
  readonly interrupted?: boolean | undefined;
  readonly wallTimeMs: number;
}

export function mutantsResult(scenarios: readonly string[], firstSeed: number, mostRuns: number, mutants: readonly AuditedMutant[], isInterrupted: boolean): MutantsResult {
  const sum = (of: (mutant: AuditedMutant) => number): number => mutants.reduce((total, mutant) => total + of(mutant), 0);
  const missed = mutants.filter(({ caught }) => caught === false).map(({ name }) => name);
  return {
    version: 1,
    scenarios,
    verdict: missed.length > 0 ? "fail" : isInterrupted ? "unknown" : "pass",
    firstSeed,
    most: mostRuns === Infinity ? null : mostRuns,
    runs: sum(({ runs }) => runs),
    events: sum(({ events }) => events),
    caught: mutants.filter(({ caught }) => caught === true).length,
    missed,
    mutants,
    ...(isInterrupted && { interrupted: true }),
    wallTimeMs: sum(({ wallTimeMs }) => wallTimeMs),
  };
}

export function mutantsExitCode({ verdict, interrupted }: MutantsResult): number {
  return interrupted === true ? exitCodes.interrupted : exitCodeOf(verdict);
}

/** What a run leaves, as `run --json` prints it (version 1; fields are only ever added). */
import type { VerdictKind } from "../check/verdict.ts";
import type { Cost } from "../metrics/index.ts";

export interface RunResult {
  readonly version: 1;
  readonly scenario: string;
  readonly protocol: string;
  readonly mutant?: string | undefined;
  readonly seed: number;
  readonly verdict: VerdictKind;
  /** 64 bits as 16 hexadecimal digits. */
  readonly digest: string;
  readonly events: number;
  readonly virtualTime: string;
  readonly virtualTimeNs: number;
  readonly wallTimeMs: number;
  readonly interrupted?: boolean | undefined;
  /** The event at which it ended before its duration, as its scenario asks. */
  readonly stopped?: string | undefined;
  readonly expectations: readonly ExpectationResult[];
  /** What the scenario's `sometimes` names, and whether this run came by it. It does not count in the verdict: a campaign's runs reach it together. */
  readonly sometimes?: readonly { readonly name: string; readonly reached: boolean }[] | undefined;
  readonly violations: readonly ViolationResult[];
  readonly faults: readonly FaultResult[];
  /** Where the scenario asks for a random schedule: its whole list of faults as it was drawn. In their place it gives the same digest. */
  readonly schedule?: readonly object[] | undefined;
  /** By name; durations in nanoseconds under a name that ends in `Ns`; null where nothing was measured. */
  readonly metrics: { readonly [name: string]: number | null };
  /** The bill, where the scenario gives prices. */
  readonly cost?: Cost | undefined;
  readonly files: { readonly trace?: string | undefined; readonly history?: string | undefined; readonly schedule?: string | undefined };
}

export interface ExpectationResult {
  readonly name: string;
  readonly verdict: VerdictKind;
  readonly detail: string;
  /** The trace event that a failure points to. */
  readonly event?: number | undefined;
  readonly atNs?: number | undefined;
}

export interface ViolationResult {
  readonly invariant: string;
  readonly at: string;
  readonly atNs: number;
  readonly nodes: readonly string[];
  readonly message: string;
  readonly event: number;
}

export interface FaultResult {
  readonly name: string;
  readonly fault: string;
  readonly fromNs: number;
  /** Null where it lasted to the end of the run. */
  readonly untilNs: number | null;
  readonly nodes: readonly string[];
  /** False where it found nobody to strike, or changed nothing. */
  readonly did: boolean;
  /** From its beginning until the cluster showed that it noticed, such as by an election; null where it never did. */
  readonly detectionNs: number | null;
  /** How long clients got no answer, until the next fault began after its end; null where nobody asked for anything. */
  readonly unavailableNs: number | null;
  /** From its beginning until that was over for good; 0 where clients always got answers, null where it was not over. */
  readonly recoveryNs: number | null;
}

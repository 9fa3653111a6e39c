export type VerdictKind = "pass" | "fail" | "unknown";

/** What a checker decided, and why. */
export interface Verdict {
  readonly verdict: VerdictKind;
  /** The level that was asked: `linearizable`, `readYourWrites`, … */
  readonly consistency: string;
  /** The sequential specification: `kv`, `register`, … */
  readonly model: string;
  /** Which algorithm decided. */
  readonly algorithm: string;
  /** How many operations were judged. */
  readonly operations: number;
  /** Configurations explored, which do not depend on the machine. */
  readonly explored: number;
  /** One sentence. */
  readonly detail: string;
  /** Of a fail: where it shows. */
  readonly failure?: {
    readonly key: string;
    /** The operations that refute it, as positions in the list of operations, the one that cannot be explained last. */
    readonly operations: readonly number[];
    /** The id of the trace event that it points to, -1 where there is none. */
    readonly event: number;
    /** Virtual time in nanoseconds. */
    readonly time: number;
  } | undefined;
}

/** Fail beats unknown, unknown beats pass; nothing at all is a pass. */
export function worst(verdicts: readonly VerdictKind[]): VerdictKind {
  if (verdicts.includes("fail")) return "fail";
  return verdicts.includes("unknown") ? "unknown" : "pass";
}

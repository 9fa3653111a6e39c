export type VerdictKind = "pass" | "fail" | "unknown";

/**
 * A legal order of one part of a history: of a key where each key is judged by itself, of what one session sees where each
 * session has an order of its own, else of everything (`part` is empty).
 */
export interface LegalOrder {
  readonly part: string;
  /** Positions in the list of operations or transactions. What is open and need not have happened may be missing. */
  readonly order: readonly number[];
}

/** One step of a cycle: why `from` must stand before `to`; both are positions in the list of operations or transactions. */
export interface Reason {
  readonly from: number;
  readonly to: number;
  /** `ww`: overwritten by; `wr`: read by; `rw`: did not see the write of; `session`, `realtime`: ended before; others as a checker names them. */
  readonly kind: string;
  /** The key that it is about; empty where it is about none. */
  readonly key: string;
  /** A clause for people: `T3 read [1 2] of x, to which T5 appended 3`. */
  readonly why: string;
}

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
  /** Of a fail on transactions: the names of the anomalies found. */
  readonly anomalies?: readonly string[] | undefined;
  /** Of a pass, where the algorithm finds them: legal orders that together show it. */
  readonly witness?: readonly LegalOrder[] | undefined;
  /**
   * Where it was asked for: of all levels that fit the model, the strongest that hold and the weakest that do not (what they
   * imply holds, and what implies them does not), and those that were not decided within a share of the budget.
   */
  readonly strongest?: readonly string[] | undefined;
  readonly weakest?: readonly string[] | undefined;
  readonly undecided?: readonly string[] | undefined;
  /** Of a fail: where it shows. */
  readonly failure?: {
    readonly key: string;
    /** The operations that refute it, as positions in the list of operations, the one that cannot be explained last. */
    readonly operations: readonly number[];
    /**
     * True where they are a history that fails by itself, in which what had not returned by the return of the last of them is
     * open, and of which none can be left out without those that saw what it wrote.
     */
    readonly isMinimal?: boolean | undefined;
    /** Where it is a circle of things that must stand before each other. */
    readonly cycle?: readonly Reason[] | undefined;
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

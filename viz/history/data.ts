/** What the picture of a history is drawn from: a verdict and what it speaks of, as plain data. */

export interface HistoryData {
  readonly title: string;
  readonly verdict: "pass" | "fail" | "unknown";
  /** `linearizable · kv · 3,711 operations`, and the like. */
  readonly facts: readonly string[];
  /** One sentence. */
  readonly detail: string;
  /** In the order of their rows. */
  readonly clients: readonly string[];
  /** In the order in which they began. */
  readonly operations: readonly OperationData[];
  /** True where times are known; else there is only the order of the events. */
  readonly isTimed: boolean;
  /** Legal orders that together show it, each with what it is about, as positions in the list. */
  readonly witness: readonly { readonly part: string; readonly order: readonly number[] }[];
  /** Of a fail: what refutes it, the first that is impossible last; positions in the list. */
  readonly refutation: readonly number[];
  /** What must stand before what, in a circle. */
  readonly cycle: readonly { readonly from: number; readonly to: number; readonly kind: string; readonly why: string }[];
  /** Where not all operations are here: why. */
  readonly leftOut?: string | undefined;
}

export interface OperationData {
  /** Position of the client. */
  readonly row: number;
  readonly key: string;
  readonly kind: "look" | "change";
  /** `write 3`, `read → 5` */
  readonly what: string;
  readonly outcome: "ok" | "mismatch" | "info";
  /** Positions in the order of the history's events; null where it never ended. */
  readonly invoked: number;
  readonly returned: number | null;
  /** Nanoseconds. */
  readonly invokedNs: number;
  readonly returnedNs: number | null;
  /** The trace's event of its end, or of its beginning where it never ended; -1 where there is no trace. */
  readonly event: number;
}

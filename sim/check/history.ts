/** What the clients saw: the only input of every checker. */

export type OperationType = "invoke" | "ok" | "fail" | "info";

/** One line of a history in JSON Lines. */
export interface HistoryEvent {
  /** Never two operations at a time; a new one after an `info`. */
  readonly process: number;
  /** The session. */
  readonly client: string;
  readonly type: OperationType;
  readonly f: string;
  readonly key: string;
  /** `write`: the value; `cas`: `[expected, new]`; `read`: null at its invocation, what it returned at its end. */
  readonly value: unknown;
  /** Virtual time in nanoseconds. */
  readonly time: number;
  /** Of a `fail` or `info`: why. `mismatch`: the comparison was false, which constrains the state. */
  readonly error?: string;
  /** The id of the trace event, where the history comes from one of our runs. */
  readonly event?: number;
}

/** One operation of a history: an invocation with its completion. */
export interface Operation {
  readonly index: number;
  readonly process: number;
  readonly client: string;
  readonly f: string;
  readonly key: string;
  /** The argument. */
  readonly input: unknown;
  /** What it returned; meaningful where `outcome` is `ok`. */
  readonly output: unknown;
  /** `mismatch`: a comparison that was false. `info`: never returned. Operations that failed otherwise are left out. */
  readonly outcome: "ok" | "mismatch" | "info";
  /** Positions in the order of history events; `returned` is Infinity where it never did. */
  readonly invoked: number;
  readonly returned: number;
  /** Virtual time in nanoseconds; `returnedAt` is Infinity where it never did. */
  readonly invokedAt: number;
  readonly returnedAt: number;
  /** Ids of trace events, -1 where there are none. */
  readonly invokeEvent: number;
  readonly returnEvent: number;
}

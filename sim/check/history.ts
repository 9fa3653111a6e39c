/** What the clients saw: the only input of every checker. */
import { Pairing } from "./pairing.ts";

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

/** One mistake in a history, where it is and what was expected. Lines and columns count from 1. */
export interface HistoryProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A history that cannot be read or judged: the user's mistake, with its place. */
export class HistoryError extends Error {
  readonly problems: readonly HistoryProblem[];
  readonly file: string;

  constructor(problems: readonly HistoryProblem[], file = "") {
    const first = problems[0] ?? { line: 1, column: 1, message: "the history cannot be read" };
    super(`${file === "" ? "" : `${file}:`}${first.line}:${first.column}: ${first.message}`);
    this.name = "HistoryError";
    this.problems = problems;
    this.file = file;
  }

  get line(): number {
    return this.problems[0]?.line ?? 1;
  }

  get column(): number {
    return this.problems[0]?.column ?? 1;
  }
}

/**
 * The operations of a history, in the order in which they were invoked. A plain `fail` did not happen and is left out;
 * a comparison that was false is kept; what has no completion, or ended as `info`, is open for ever.
 * Throws a {@link HistoryError} where a process has two operations at a time or completes what it did not invoke; its
 * lines are those of `lines` where given, else positions in the history, from 1.
 */
export function operationsOf(history: readonly HistoryEvent[], lines?: readonly number[]): Operation[] {
  const problems: HistoryProblem[] = [];
  const pairing = new Pairing((position, message) => problems.push({ line: lines?.[position] ?? position + 1, column: 1, message }));
  for (let position = 0; position < history.length; position++) pairing.take(history[position]!, position);
  const operations = pairing.end();
  if (problems.length > 0) throw new HistoryError(problems);
  return operations;
}

/** One line of a history in JSON Lines, without its line break. */
export function formatHistory(event: HistoryEvent): string {
  const { process, client, type, f, key, value, time, error } = event;
  return JSON.stringify({ process, client, type, f, key, value: value === undefined ? null : value, time, ...(error === undefined ? {} : { error }) });
}

/** Transactions of a history: what each read and wrote, and when. */
import { type HistoryEvent, type HistoryProblem, HistoryError, type Operation } from "../history.ts";

/** `["r", key, value]`, `["w", key, value]` or `["append", key, value]`. */
export type Step = readonly [f: string, key: string, value: unknown];

export interface Transaction {
  readonly client: string;
  /** Aborted ones are kept: who reads them shows an aborted read. */
  readonly outcome: "ok" | "aborted" | "info";
  readonly steps: readonly Step[];
  /** Positions in the history; `returned` is Infinity where it never did. */
  readonly invoked: number;
  readonly returned: number;
  /** The id of the trace event of its end, -1 where there is none. */
  readonly event: number;
  /** Virtual time in nanoseconds at which it was invoked. */
  readonly time: number;
}

/** What transactions read and write: lists that are only appended to, or registers. */
export type TransactionModel = "list-append" | "rw-register";

/** Throws a {@link HistoryError} with every mistake and its place. Without a model, every kind of step fits. */
export function transactionsOf(history: readonly HistoryEvent[], lines?: readonly number[], stepsOf?: TransactionModel): Transaction[] {
  const problems: HistoryProblem[] = [];
  const complain = (position: number, message: string): void => {
    problems.push({ line: lines?.[position] ?? position + 1, column: 1, message });
  };
  const open = new Map<number, number>();
  const ends = new Int32Array(history.length).fill(-1);
  history.forEach((event, position) => {
    const problem = misfit(event, stepsOf);
    if (problem !== undefined) complain(position, problem);
    const begun = open.get(event.process);
    if (event.type === "invoke") {
      if (begun !== undefined) complain(position, `process ${event.process} invokes a transaction while its last is still open`);
      open.set(event.process, position);
    } else if (begun === undefined) complain(position, `process ${event.process} completes a transaction that it did not invoke`);
    else {
      if (problem === undefined && !sameSteps(history[begun]!, event)) complain(position, "the completion has other steps than the invocation");
      ends[begun] = position;
      open.delete(event.process);
    }
  });
  if (problems.length > 0) throw new HistoryError(problems);
  const transactions: Transaction[] = [];
  for (let position = 0; position < history.length; position++) {
    if (history[position]!.type === "invoke") transactions.push(transactionOf(history, position, ends[position]!));
  }
  return transactions;
}

function transactionOf(history: readonly HistoryEvent[], invoked: number, end: number): Transaction {
  const begun = history[invoked]!;
  const ended = end === -1 ? undefined : history[end]!;
  const outcome = ended === undefined || ended.type === "info" ? "info" : ended.type === "fail" ? "aborted" : "ok";
  const steps = (outcome === "ok" ? ended! : begun).value as readonly Step[];
  const returned = outcome === "info" ? Infinity : end;
  return { client: begun.client, outcome, steps, invoked, returned, event: ended?.event ?? -1, time: begun.time };
}

/** A transaction as reports show operations, so that a verdict's positions have something to point to. */
export function asOperation(history: readonly HistoryEvent[], { client, outcome, steps, invoked, returned, event, time }: Transaction, index: number): Operation {
  const end = Number.isFinite(returned) ? history[returned] : undefined;
  const f = outcome === "aborted" ? "aborted txn" : "txn";
  const times = { invoked, returned, invokedAt: time, returnedAt: end?.time ?? Infinity, invokeEvent: history[invoked]!.event ?? -1, returnEvent: event };
  return { index, process: history[invoked]!.process, client, f, key: "", input: steps, output: steps, outcome: outcome === "info" ? "info" : "ok", ...times };
}

export function sameSteps(invoke: HistoryEvent, end: HistoryEvent): boolean {
  const [before, after] = [invoke.value, end.value];
  if (end.type !== "ok" || !Array.isArray(before)) return true;
  const steps = after as readonly Step[];
  if (before.length !== steps.length) return false;
  for (let i = 0; i < steps.length; i++) {
    const [step, begun] = [steps[i]!, before[i] as Step];
    if (begun[0] !== step[0] || begun[1] !== step[1] || (step[0] !== "r" && begun[2] !== step[2])) return false;
  }
  return true;
}

export function misfit(event: HistoryEvent, model: TransactionModel | undefined): string | undefined {
  if (event.f !== "txn") return `a transaction has f "txn", not ${JSON.stringify(event.f)}`;
  if (event.type !== "ok" && event.type !== "invoke") return undefined;
  if (!Array.isArray(event.value)) return "a transaction's value is a list of steps";
  for (const step of event.value as unknown[]) {
    if (!Array.isArray(step) || step.length !== 3 || typeof step[1] !== "string") return `a step is [f, key, value], not ${JSON.stringify(step)}`;
    const problem = misfitOf(step as unknown as Step, event.type === "ok", model);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function misfitOf([f, , value]: Step, hasReturned: boolean, model: TransactionModel | undefined): string | undefined {
  if (model === "list-append" && f !== "r" && f !== "append") return `list-append has r and append, not ${JSON.stringify(f)}`;
  if (model === "rw-register" && f !== "r" && f !== "w") return `rw-register has r and w, not ${JSON.stringify(f)}`;
  if (f !== "r" && f !== "w" && f !== "append") return `a step is r, w or append, not ${JSON.stringify(f)}`;
  if (f !== "r" && !isPlain(value)) return `what is ${f === "w" ? "written" : "appended"} is a number or a string`;
  if (f !== "r" || !hasReturned || value === null) return undefined;
  if (model === "list-append" && !Array.isArray(value)) return "a read returns a list, or null for an empty one";
  if (model === "rw-register" && !isPlain(value)) return "a read returns a number or a string, or null before the first write";
  return undefined;
}

function isPlain(value: unknown): boolean {
  return typeof value === "number" || typeof value === "string";
}

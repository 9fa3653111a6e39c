/**
 * The transactions of a history in columns, made event by event: a million of them take typed arrays, and no object each.
 * Transactions are numbered by their invocations; steps stand in the order in which transactions ended.
 */
import { type HistoryEvent, type HistoryProblem, HistoryError } from "../history.ts";
import { Doubles, Ints } from "./ints.ts";
import { misfit, sameSteps, type Step, type TransactionModel } from "./transaction.ts";

export const OK = 0;
export const ABORTED = 1;
export const INFO = 2;
const NEVER = 2 ** 31 - 1;

/** How the steps of a model become numbers. */
export interface StepReader {
  readonly model: TransactionModel;
  /** Called for each step of a transaction, in its order, once it is known how it ended; returns what stands for the value. */
  write(transaction: number, key: number, value: unknown): number;
  read(transaction: number, key: number, value: unknown, step: number): number;
}

export class Table {
  /** The sessions. */
  readonly clients: string[] = [];
  readonly keys: string[] = [];
  readonly problems: HistoryProblem[] = [];
  readonly #client = new Ints();
  readonly #outcome = new Ints();
  readonly #invoked = new Ints();
  readonly #returned = new Ints();
  readonly #event = new Doubles();
  readonly #time = new Doubles();
  readonly #first = new Ints();
  readonly #steps = new Ints();
  /** By step: whether it is a write, its key, and what its model made of its value. */
  readonly #isWrite = new Ints();
  readonly #key = new Ints();
  readonly #value = new Ints();
  readonly #clientNumbers = new Map<string, number>();
  readonly #keyNumbers = new Map<string, number>();

  get size(): number {
    return this.#client.length;
  }

  /** Reads all events; throws a {@link HistoryError} with every mistake and its place. */
  constructor(history: Iterable<HistoryEvent>, reader: StepReader, lines?: readonly number[]) {
    const open = new Map<number, { readonly transaction: number; readonly event: HistoryEvent }>();
    let position = -1;
    const complain = (message: string): void => void this.problems.push({ line: lines?.[position] ?? position + 1, column: 1, message });
    for (const event of history) {
      position++;
      const problem = misfit(event, reader.model);
      if (problem !== undefined) complain(problem);
      const begun = open.get(event.process);
      if (event.type === "invoke") {
        if (begun !== undefined) complain(`process ${event.process} invokes a transaction while its last is still open`);
        open.set(event.process, { transaction: this.#invoke(event, position), event });
      } else if (begun === undefined) complain(`process ${event.process} completes a transaction that it did not invoke`);
      else {
        if (problem === undefined && !sameSteps(begun.event, event)) complain("the completion has other steps than the invocation");
        open.delete(event.process);
        if (this.problems.length === 0) this.#end(begun.transaction, begun.event, event, position, reader);
      }
    }
    if (this.problems.length === 0) for (const { transaction, event } of open.values()) this.#end(transaction, event, undefined, NEVER, reader);
    if (this.problems.length > 0) throw new HistoryError(this.problems);
  }

  #invoke(event: HistoryEvent, position: number): number {
    this.#invoked.push(position);
    this.#returned.push(NEVER);
    this.#outcome.push(INFO);
    this.#event.push(-1);
    this.#time.push(event.time);
    this.#first.push(0);
    this.#steps.push(0);
    return this.#client.push(numberOf(this.#clientNumbers, this.clients, event.client));
  }

  #end(transaction: number, begun: HistoryEvent, ended: HistoryEvent | undefined, position: number, reader: StepReader): void {
    const isOk = ended?.type === "ok";
    if (ended !== undefined && ended.type !== "info") {
      this.#outcome.set(transaction, isOk ? OK : ABORTED);
      this.#returned.set(transaction, position);
    }
    if (ended?.event !== undefined) this.#event.set(transaction, ended.event);
    this.#first.set(transaction, this.#key.length);
    for (const [f, name, value] of (isOk ? ended : begun).value as readonly Step[]) {
      const isWrite = f !== "r";
      if (!isWrite && !isOk) continue;
      const key = numberOf(this.#keyNumbers, this.keys, name);
      this.#isWrite.push(isWrite ? 1 : 0);
      const step = this.#key.push(key);
      this.#value.push(isWrite ? reader.write(transaction, key, value) : reader.read(transaction, key, value, step));
    }
    this.#steps.set(transaction, this.#key.length - this.#first.at(transaction));
  }

  client(transaction: number): number {
    return this.#client.at(transaction);
  }

  /** OK, ABORTED or INFO. */
  outcome(transaction: number): number {
    return this.#outcome.at(transaction);
  }

  /** Positions in the history; `returned` is later than all others where it never did. */
  invoked(transaction: number): number {
    return this.#invoked.at(transaction);
  }

  returned(transaction: number): number {
    return this.#returned.at(transaction);
  }

  /** The id of the trace event of its end, -1 where there is none. */
  event(transaction: number): number {
    return this.#event.at(transaction);
  }

  /** Virtual time in nanoseconds at which it was invoked. */
  time(transaction: number): number {
    return this.#time.at(transaction);
  }

  /** Its steps stand from here up to `end`; reads only where it is ok. */
  begin(transaction: number): number {
    return this.#first.at(transaction);
  }

  end(transaction: number): number {
    return this.#first.at(transaction) + this.#steps.at(transaction);
  }

  isWrite(step: number): boolean {
    return this.#isWrite.at(step) === 1;
  }

  key(step: number): number {
    return this.#key.at(step);
  }

  value(step: number): number {
    return this.#value.at(step);
  }

  /** The number of a key by its name, -1 where no step has it. */
  keyNumber(name: string): number {
    return this.#keyNumbers.get(name) ?? -1;
  }
}

function numberOf(numbers: Map<string, number>, names: string[], name: string): number {
  let number = numbers.get(name);
  if (number === undefined) {
    numbers.set(name, (number = names.length));
    names.push(name);
  }
  return number;
}

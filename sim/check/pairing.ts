/** Pairs invocations with their completions while events come in, so that no event need be kept. */
import type { HistoryEvent, Operation } from "./history.ts";

interface Invocation {
  readonly event: HistoryEvent;
  readonly position: number;
  /** Where its operation will stand. */
  readonly slot: number;
}

export class Pairing {
  readonly #open = new Map<number, Invocation>();
  /** In the order of invocations; undefined for what is still open, and for what did not happen. */
  readonly #operations: (Operation | undefined)[] = [];
  readonly #complain: (position: number, message: string) => void;
  readonly #keeps: boolean;

  /** Where operations are not to be kept, only whether events pair is found out. `complain` gets the position of a process's event that does not pair, and what is wrong with it. */
  constructor(complain: (position: number, message: string) => void, keeps = true) {
    this.#complain = complain;
    this.#keeps = keeps;
  }

  /** The next event; positions grow. */
  take(event: HistoryEvent, position: number): void {
    const { process, type, f, key } = event;
    const begun = this.#open.get(process);
    if (type === "invoke") {
      if (begun !== undefined) {
        this.#complain(position, `process ${process} invokes ${f} while its ${begun.event.f} is still open`);
        this.#end(begun, undefined, Infinity);
      }
      this.#open.set(process, { event, position, slot: this.#keeps ? this.#operations.push(undefined) - 1 : -1 });
      return;
    }
    if (begun === undefined) return this.#complain(position, `process ${process} completes ${f} (${type}), which it did not invoke`);
    const { event: invoked } = begun;
    if (invoked.f !== f || invoked.key !== key) this.#complain(position, `process ${process} completes ${f} ${key}, but what it invoked is ${invoked.f} ${invoked.key}`);
    this.#open.delete(process);
    this.#end(begun, event, position);
  }

  /** All operations, numbered in the order of their invocations; those without a completion are open for ever. */
  end(): Operation[] {
    for (const begun of this.#open.values()) this.#end(begun, undefined, Infinity);
    this.#open.clear();
    const operations: Operation[] = [];
    for (const operation of this.#operations as (Mutable<Operation> | undefined)[]) {
      if (operation === undefined) continue;
      operation.index = operations.length;
      operations.push(operation);
    }
    return operations;
  }

  /** A plain `fail` did not happen: its slot stays empty. */
  #end({ event, position, slot }: Invocation, completion: HistoryEvent | undefined, returned: number): void {
    if (!this.#keeps) return;
    const mismatch = completion?.type === "fail" && completion.error === "mismatch";
    if (completion?.type === "fail" && !mismatch) return;
    const ended = completion === undefined || completion.type === "info" ? undefined : completion;
    this.#operations[slot] = {
      index: slot,
      process: event.process,
      client: event.client,
      f: event.f,
      key: event.key,
      input: event.value,
      output: ended === undefined ? null : ended.value,
      outcome: mismatch ? "mismatch" : ended === undefined ? "info" : "ok",
      invoked: position,
      returned: ended === undefined ? Infinity : returned,
      invokedAt: event.time,
      returnedAt: ended === undefined ? Infinity : ended.time,
      invokeEvent: event.event ?? -1,
      returnEvent: ended === undefined ? -1 : (ended.event ?? -1),
    };
  }
}

type Mutable<Value> = { -readonly [Field in keyof Value]: Value[Field] };

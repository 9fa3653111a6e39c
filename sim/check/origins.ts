/**
 * Where the value that an operation saw may have come from, and how old it is, for a black box: a value is older than
 * another if its write had completed before the other's was invoked. The first value is older than every written one.
 *
 * Where several operations wrote the same value, any of them that was invoked in time may be the one that was seen; a
 * session guarantee counts as broken only if it is broken whichever it was. With unique values, this is exact.
 */
import type { Operation } from "./history.ts";
import type { Access, Model } from "./models/model.ts";

/** When the write of a value that was seen had surely been invoked, and when it had surely completed. */
export interface Age {
  /** No write that it may come from was invoked earlier. */
  readonly invoked: number;
  /** Every write that it may come from had completed by then; -Infinity for the first value. */
  readonly returned: number;
}

/** An operation that is known to have found a value: a read, or a comparison that was true. */
export interface Sight {
  readonly operation: Operation;
  readonly value: string;
  /** Undefined where nobody can have written the value. */
  readonly age: Age | undefined;
}

export class Origins {
  /** By part and value: who may have written it. */
  readonly #writers = new Map<string, Map<string, Operation[]>>();
  readonly #model: Model;
  readonly #access: (operation: Operation) => Access | undefined;

  constructor(operations: readonly Operation[], model: Model) {
    this.#model = model;
    this.#access = (operation) => model.access?.(operation);
    for (const operation of operations) {
      const value = this.written(operation);
      if (value === undefined) continue;
      const part = this.#partOf(model.part(operation));
      const known = part.get(value);
      if (known === undefined) part.set(value, [operation]);
      else known.push(operation);
    }
  }

  /** The value that an operation wrote, or may yet write. */
  written(operation: Operation): string | undefined {
    const does = this.#access(operation);
    return does?.type === "write" || does?.type === "cas" ? does.value : undefined;
  }

  /** What an operation saw; undefined where it is not known to have seen anything. A false comparison saw nothing. */
  seen(operation: Operation): Sight | undefined {
    if (operation.outcome !== "ok") return undefined;
    const does = this.#access(operation);
    if (does?.type !== "read" && does?.type !== "cas") return undefined;
    const value = does.type === "read" ? does.value : does.expected;
    return { operation, value, age: this.#age(operation, value) };
  }

  /** Whose value an operation saw; undefined where it saw the first one, or where several may have written it. */
  writerOf({ operation, value }: Sight): Operation | undefined {
    const writers = this.#partOf(this.#model.part(operation)).get(value) ?? [];
    return writers.length === 1 && value !== this.#model.initial ? writers[0] : undefined;
  }

  #age(reader: Operation, value: string): Age | undefined {
    const writers = this.#partOf(this.#model.part(reader)).get(value) ?? [];
    const first = value === this.#model.initial;
    let invoked = first ? -Infinity : Infinity;
    let returned = -Infinity;
    let found = first;
    for (const writer of writers) {
      if (writer === reader || writer.invoked > reader.returned) continue;
      invoked = Math.min(invoked, writer.invoked);
      returned = Math.max(returned, writer.returned);
      found = true;
    }
    return found ? { invoked, returned } : undefined;
  }

  #partOf(name: string): Map<string, Operation[]> {
    let part = this.#writers.get(name);
    if (part === undefined) this.#writers.set(name, (part = new Map()));
    return part;
  }
}

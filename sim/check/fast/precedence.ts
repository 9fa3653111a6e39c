/**
 * Is there an order in which given operations come before given others, and that keeps real time? Each takes effect as early as
 * what must come before it allows, which must not be after it returned. In time n log n: real time needs no edges.
 */
import type { Operation } from "../history.ts";

export class Precedence {
  /** By number; undefined for a mark that is no operation. */
  readonly #operations: (Operation | undefined)[] = [];
  readonly #following: number[][] = [];

  /** The number of an operation, or of a mark between operations. */
  add(operation?: Operation): number {
    this.#following.push([]);
    return this.#operations.push(operation) - 1;
  }

  before(first: number, second: number): void {
    this.#following[first]!.push(second);
  }

  /** Undefined where there is none. */
  order(): readonly Operation[] | undefined {
    const left = new Int32Array(this.#operations.length);
    for (const following of this.#following) for (const number of following) left[number]! += 1;
    const at = Float64Array.from(this.#operations, (operation) => operation?.invoked ?? -Infinity);
    // It grows while it is gone through.
    const sorted = [...left.keys()].filter((number) => left[number] === 0);
    for (const number of sorted) {
      if (at[number]! > (this.#operations[number]?.returned ?? Infinity)) return undefined;
      for (const other of this.#following[number]!) {
        at[other] = Math.max(at[other]!, at[number]!);
        if (--left[other]! === 0) sorted.push(other);
      }
    }
    if (sorted.length < this.#operations.length) return undefined;
    const placed = sorted.map((number, place) => ({ operation: this.#operations[number], at: at[number]!, place }));
    placed.sort((a, b) => (a.at === b.at ? a.place - b.place : a.at - b.at));
    return placed.flatMap(({ operation }) => operation ?? []);
  }
}

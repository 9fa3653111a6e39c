/** The ends of a part's operations, numbered from 0 in their order. */
import type { Operation } from "../history.ts";

export class Ranks {
  /** How many ends there are: the number of the end of time, before which everything was invoked that ever was. */
  readonly end: number;
  readonly #ranks: ReadonlyMap<number, number>;
  readonly #isReturn: Uint8Array;

  constructor(operations: readonly Operation[]) {
    const ends = operations.flatMap(({ invoked, returned }) => [{ at: invoked, returns: 0 }, ...(returned < Infinity ? [{ at: returned, returns: 1 }] : [])]);
    ends.sort((a, b) => a.at - b.at);
    this.#ranks = new Map(ends.map(({ at }, rank) => [at, rank]));
    this.#isReturn = Uint8Array.from(ends, ({ returns }) => returns);
    this.end = ends.length;
  }

  /** What never returned returns after the end of time. */
  of(position: number): number {
    return position === Infinity ? this.end + 1 : this.#ranks.get(position)!;
  }

  isReturn(rank: number): boolean {
    return this.#isReturn[rank] === 1;
  }
}

/** The writers of each key in each chain, to find the last one before a place and the first one from it. */
import { groupBy } from "./rows.ts";
import type { Readings } from "./readings.ts";

/** In place of the place of a next writer: there is none. */
const NEVER = 2 ** 31 - 1;

export class KeyWriters {
  /** By key: from which of its rows to which; by row: its chain, and where its writers begin. */
  readonly rowsFrom: Int32Array;
  readonly chainOf: Int32Array;
  readonly #from: Int32Array;
  readonly #writers: Int32Array;
  /** Beside: the place of each in its chain. */
  readonly #places: Int32Array;

  /** `placeOf`: by transaction, its place in its chain. */
  constructor({ writes, chains, keys }: Readings, placeOf: Int32Array = chains.placeOf) {
    const count = writes.items.length;
    const [keyOf, writerOf] = [new Int32Array(count), new Int32Array(count)];
    let at = 0;
    for (const t of chains.members.items) {
      for (let i = writes.start[t]!; i < writes.start[t + 1]!; i++) {
        keyOf[at] = writes.items[i]!;
        writerOf[at++] = t;
      }
    }
    // Chain by chain, and in a chain in order: so are the writers of each key.
    const byKey = groupBy(keyOf, keys.length);
    this.#writers = byKey.items.map((index) => writerOf[index]!);
    this.#places = this.#writers.map((writer) => placeOf[writer]!);
    const [rowsFrom, chainOf, from] = [new Int32Array(keys.length + 1), new Int32Array(count), new Int32Array(count + 1)];
    let rows = 0;
    for (let key = 0; key < keys.length; key++) {
      for (let i = byKey.start[key]!; i < byKey.start[key + 1]!; i++) {
        const chain = chains.chainOf[this.#writers[i]!]!;
        if (i > byKey.start[key]! && chain === chainOf[rows - 1]) continue;
        chainOf[rows] = chain;
        from[rows++] = i;
      }
      rowsFrom[key + 1] = rows;
    }
    from[rows] = count;
    this.rowsFrom = rowsFrom;
    this.chainOf = chainOf;
    this.#from = from;
  }

  /** The last writer of a row among the first `count` of its chain; -1 where there is none. */
  last(row: number, count: number): number {
    const index = this.#search(row, count) - 1;
    return index < this.#from[row]! ? -1 : this.#writers[index]!;
  }

  /** The first writer of a row that is not among the first `count` of its chain; -1 where there is none. */
  first(row: number, count: number): number {
    const index = this.#search(row, count);
    return index === this.#from[row + 1]! ? -1 : this.#writers[index]!;
  }

  /** The writer of a row at a place of its chain. */
  at(row: number, place: number): number {
    return this.#writers[this.#search(row, place)]!;
  }

  /** By row: the place of the last writer among the first `count` of its chain, -1 where there is none, and of the next, or {@link NEVER}. */
  around(row: number, count: number, into: Int32Array): void {
    const index = this.#search(row, count);
    into[2 * row] = index === this.#from[row] ? -1 : this.#places[index - 1]!;
    into[2 * row + 1] = index === this.#from[row + 1] ? NEVER : this.#places[index]!;
  }

  /** All writers of a key, chain by chain. */
  ofKey(key: number): Int32Array {
    return this.#writers.subarray(this.#from[this.rowsFrom[key]!]!, this.#from[this.rowsFrom[key + 1]!]!);
  }

  #search(row: number, count: number): number {
    let low = this.#from[row]!;
    let high = this.#from[row + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#places[middle]! < count) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The row of a key in a chain; -1 where nobody of it wrote the key. */
  rowOf(key: number, chain: number): number {
    let low = this.rowsFrom[key]!;
    let high = this.rowsFrom[key + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.chainOf[middle]! < chain) low = middle + 1;
      else high = middle;
    }
    return low < this.rowsFrom[key + 1]! && this.chainOf[low] === chain ? low : -1;
  }
}

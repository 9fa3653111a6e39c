/** Rows of whole numbers in typed arrays, and a typed array that grows, to collect them in. */
export class IntList {
  length = 0;
  #items: Int32Array;

  constructor(capacity = 64) {
    this.#items = new Int32Array(capacity);
  }

  push(item: number): void {
    if (this.length === this.#items.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.length++] = item;
  }

  at(index: number): number {
    return this.#items[index]!;
  }

  toArray(): Int32Array {
    return this.#items.slice(0, this.length);
  }
}

/** The items of row r stand from `start[r]` up to `start[r + 1]`. */
export interface Rows {
  readonly start: Int32Array;
  readonly items: Int32Array;
}

/** The indices of items, in a row for each of their values, which lie below `rows`; in a row they keep their order. */
export function groupBy(values: Int32Array, rows: number): Rows {
  const start = new Int32Array(rows + 1);
  for (let index = 0; index < values.length; index++) start[values[index]! + 1]! += 1;
  for (let row = 0; row < rows; row++) start[row + 1]! += start[row]!;
  const next = start.slice();
  const items = new Int32Array(values.length);
  for (let index = 0; index < values.length; index++) items[next[values[index]!]!++] = index;
  return { start, items };
}

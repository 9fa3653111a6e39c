/** Numbers for what was written, in its order: one for each key and value, found by hashing where the value is a small whole number. */

/** In place of a number: it was not written. */
export const UNWRITTEN = -1;

/** Values that follow each other lie side by side, and those of the next key so far from them. */
const KEY_SHIFT = 6;

export class WriteTable {
  count = 0;
  readonly #mask: number;
  /** By hash, the number that was added last; by number, the one before it of the same hash, its key, and its value. */
  readonly #heads: Int32Array;
  readonly #before: Int32Array;
  readonly #keys: Int32Array;
  readonly #values: Int32Array;
  /** By key, of values that are no small whole numbers. */
  readonly #others = new Map<number, Map<unknown, number>>();

  /** `most`: how many may be added. */
  constructor(most: number) {
    let size = 16;
    while (size < most) size *= 2;
    this.#mask = size - 1;
    this.#heads = new Int32Array(size).fill(UNWRITTEN);
    this.#before = new Int32Array(most);
    this.#keys = new Int32Array(most);
    this.#values = new Int32Array(most);
  }

  /** {@link UNWRITTEN} where it was not added. */
  find(key: number, value: unknown): number {
    if (!isSmall(value)) return this.#others.get(key)?.get(value) ?? UNWRITTEN;
    let number = this.#heads[this.#hash(key, value)]!;
    while (number !== UNWRITTEN && (this.#values[number] !== value || this.#keys[number] !== key)) number = this.#before[number]!;
    return number;
  }

  /** The number of what is there already, or else the next one. */
  add(key: number, value: unknown): number {
    const known = this.find(key, value);
    if (known !== UNWRITTEN) return known;
    if (!isSmall(value)) return this.#addOther(key, value);
    const hash = this.#hash(key, value);
    this.#before[this.count] = this.#heads[hash]!;
    this.#keys[this.count] = key;
    this.#values[this.count] = value;
    this.#heads[hash] = this.count;
    return this.count++;
  }

  #addOther(key: number, value: unknown): number {
    let values = this.#others.get(key);
    if (values === undefined) this.#others.set(key, (values = new Map()));
    values.set(value, this.count);
    return this.count++;
  }

  #hash(key: number, value: number): number {
    return (value + (key << KEY_SHIFT)) & this.#mask;
  }
}

function isSmall(value: unknown): value is number {
  return typeof value === "number" && (value | 0) === value;
}

/** A growing list of numbers in one typed array, and the exact statistics of it. */
export class Samples {
  #values: Float64Array<ArrayBuffer> = new Float64Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    this.set(this.#length, value);
  }

  /** Puts a value at a position from 0; positions that were skipped hold NaN. */
  set(position: number, value: number): void {
    if (position >= this.#values.length) this.#grow(position + 1);
    if (position > this.#length) this.#values.fill(NaN, this.#length, position);
    this.#values[position] = value;
    if (position >= this.#length) this.#length = position + 1;
  }

  /** The value at a position, or NaN where there is none. */
  at(position: number): number {
    return position >= 0 && position < this.#length ? (this.#values[position] as number) : NaN;
  }

  /** The numbers in ascending order, as a copy. */
  sorted(): Float64Array {
    return this.#values.slice(0, this.#length).sort();
  }

  copy(): Samples {
    const copy = new Samples();
    copy.#values = this.#values.slice();
    copy.#length = this.#length;
    return copy;
  }

  #grow(least: number): void {
    const larger = new Float64Array(Math.max(least, this.#values.length * 2));
    larger.set(this.#values);
    this.#values = larger;
  }
}

/**
 * The nearest-rank percentile of numbers in ascending order: the smallest of them that at least that share does not
 * exceed. It is always one of the numbers. The share is in thousandths, so that the rank is exact integer arithmetic.
 */
export function percentile(sorted: Float64Array, perMille: number): number | null {
  if (sorted.length === 0) return null;
  const rank = Math.max(1, Math.ceil((perMille * sorted.length) / 1000));
  return sorted[rank - 1] as number;
}

/** The mean, rounded to a whole number: what is measured here is whole nanoseconds. */
export function mean(sorted: Float64Array): number | null {
  if (sorted.length === 0) return null;
  let sum = 0;
  for (const value of sorted) sum += value;
  return Math.round(sum / sorted.length);
}

/**
 * A histogram of whole numbers whose relative error is bounded, whatever their range: the idea of Gil Tene's HdrHistogram.
 * Each power of two is cut into equally many buckets, so memory depends on the range of what is measured and not on how
 * much is. Counts, the least, the greatest and the sum are exact. So are percentiles while there are few numbers, which
 * are then kept as they are. Histograms can be merged, and written as JSON.
 */

/** As many numbers are kept as they are; with more, percentiles come from buckets. */
export const EXACT_UNTIL = 16_384;

/** Buckets of a power of two: a bucket is at most 1/2048 of its numbers wide, and its middle stands for it. */
const BUCKETS = 2_048;
/** Below this every number has a bucket of its own. */
const LINEAR = 2 * BUCKETS;
const TWO_TO_31 = 2_147_483_648;
const TWO_TO_32 = 4_294_967_296;

/** As JSON. */
export interface HistogramJson {
  readonly count: number;
  readonly sum: number;
  /** 0 where it is empty. */
  readonly min: number;
  readonly max: number;
  /** The numbers themselves, where they are few. */
  readonly values?: readonly number[];
  /** Where they are many: the least number of each bucket that holds some, and how many. */
  readonly buckets?: readonly (readonly [from: number, count: number])[];
}

export class Histogram {
  count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;
  /** The numbers while they are few, then the buckets. */
  #values: Float64Array | undefined = new Float64Array(8);
  #buckets: Buckets | undefined;

  /** Adds a number: whole, from 0 to 2^53 - 1. RangeError where it is none. */
  add(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value)) throw new RangeError(`a histogram takes whole numbers from 0, not ${value}`);
    if (this.#values !== undefined && this.count < EXACT_UNTIL) this.#keep(value);
    else this.#bucketed().add(value, 1);
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    this.count += 1;
  }

  /** Null while it is empty, as all that follows. */
  get min(): number | null {
    return this.count === 0 ? null : this.#min;
  }

  get max(): number | null {
    return this.count === 0 ? null : this.#max;
  }

  get mean(): number | null {
    return this.count === 0 ? null : this.#sum / this.count;
  }

  /** True while percentiles are exact. */
  get isExact(): boolean {
    return this.#values !== undefined;
  }

  /**
   * The nearest-rank percentile: the least number that at least that share of all does not exceed. Of more numbers than
   * {@link EXACT_UNTIL} it is off by less than 1/4000. The share is in thousandths, so that the rank is whole arithmetic.
   */
  percentile(perMille: number): number | null {
    return this.percentiles(perMille)[0] as number | null;
  }

  /** Several percentiles, for which the numbers are put in order once. */
  percentiles(...perMilles: readonly number[]): (number | null)[] {
    if (this.count === 0) return perMilles.map(() => null);
    const ranks = perMilles.map((perMille) => Math.max(1, Math.ceil((perMille * this.count) / 1000)));
    const sorted = this.#values?.slice(0, this.count).sort();
    if (sorted !== undefined) return ranks.map((rank) => sorted[rank - 1] as number);
    const buckets = this.#bucketed();
    return ranks.map((rank) => Math.min(this.#max, Math.max(this.#min, buckets.atRank(rank))));
  }

  /** Adds all that another one holds. */
  merge(other: Histogram): void {
    if (other.count === 0) return;
    if (other.#values !== undefined) {
      for (let index = 0; index < other.count; index += 1) this.add(other.#values[index] as number);
      return;
    }
    this.#bucketed().merge(other.#bucketed());
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    this.count += other.count;
  }

  copy(): Histogram {
    const copy = new Histogram();
    copy.count = this.count;
    copy.#sum = this.#sum;
    copy.#min = this.#min;
    copy.#max = this.#max;
    copy.#values = this.#values?.slice();
    copy.#buckets = this.#buckets?.copy();
    return copy;
  }

  toJSON(): HistogramJson {
    const all = { count: this.count, sum: this.#sum, min: this.min ?? 0, max: this.max ?? 0 };
    return this.#values === undefined ? { ...all, buckets: this.#bucketed().list() } : { ...all, values: [...this.#values.slice(0, this.count)] };
  }

  static from({ count, sum, min, max, values, buckets = [] }: HistogramJson): Histogram {
    const histogram = new Histogram();
    for (const value of values ?? []) histogram.add(value);
    if (values !== undefined) return histogram;
    const filled = histogram.#bucketed();
    for (const [from, held] of buckets) filled.add(from, held);
    histogram.#sum = sum;
    histogram.#min = min;
    histogram.#max = max;
    histogram.count = count;
    return histogram;
  }

  #keep(value: number): void {
    let values = this.#values as Float64Array;
    if (this.count === values.length) {
      const larger = new Float64Array(2 * values.length);
      larger.set(values);
      this.#values = values = larger;
    }
    values[this.count] = value;
  }

  /** The buckets, into which the numbers go when they are first asked for. */
  #bucketed(): Buckets {
    if (this.#buckets !== undefined) return this.#buckets;
    const buckets = new Buckets();
    for (let index = 0; index < this.count; index += 1) buckets.add((this.#values as Float64Array)[index] as number, 1);
    this.#values = undefined;
    return (this.#buckets = buckets);
  }
}

/** How many numbers there are in each bucket; the buckets of a power of two are made when one of its numbers comes. */
class Buckets {
  /** The linear part, then by power of two; and how much each of them holds. */
  #parts: (Float64Array | undefined)[] = [];
  #held: number[] = [];

  add(value: number, times: number): void {
    const index = partOf(value);
    const part = this.#part(index);
    const bucket = index === 0 ? value : Math.floor(value / widthOf(index)) - BUCKETS;
    part[bucket] = (part[bucket] as number) + times;
    this.#held[index] = (this.#held[index] as number) + times;
  }

  /** The middle of the bucket in which the number of a rank, from 1, lies. */
  atRank(rank: number): number {
    let before = 0;
    let index = 0;
    while (before + (this.#held[index] as number) < rank) before += this.#held[index++] as number;
    const part = this.#part(index);
    let bucket = 0;
    while (before + (part[bucket] as number) < rank) before += part[bucket++] as number;
    return leastOf(index, bucket) + Math.floor(widthOf(index) / 2);
  }

  merge(other: Buckets): void {
    for (const [from, count] of other.list()) this.add(from, count);
  }

  list(): [from: number, count: number][] {
    const list: [number, number][] = [];
    this.#parts.forEach((part, index) => {
      part?.forEach((count, bucket) => {
        if (count > 0) list.push([leastOf(index, bucket), count]);
      });
    });
    return list;
  }

  copy(): Buckets {
    const copy = new Buckets();
    copy.#parts = this.#parts.map((part) => part?.slice());
    copy.#held = this.#held.slice();
    return copy;
  }

  #part(index: number): Float64Array {
    const known = this.#parts[index];
    if (known !== undefined) return known;
    while (this.#parts.length <= index) {
      this.#parts.push(undefined);
      this.#held.push(0);
    }
    return (this.#parts[index] = new Float64Array(index === 0 ? LINEAR : BUCKETS));
  }
}

/** 0: the linear part; from 1: which power of two above it. */
function partOf(value: number): number {
  if (value < LINEAR) return 0;
  const exponent = value < TWO_TO_32 ? 31 - Math.clz32(value) : 63 - Math.clz32(Math.floor(value / TWO_TO_32));
  return exponent - 11;
}

/** How wide a part's buckets are: a power of two, so that dividing by it is exact. */
function widthOf(part: number): number {
  return part < 31 ? 1 << part : TWO_TO_31 * (1 << (part - 31));
}

/** The least number of a bucket. */
function leastOf(part: number, bucket: number): number {
  return part === 0 ? bucket : (bucket + BUCKETS) * widthOf(part);
}

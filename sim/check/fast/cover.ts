/** How many intervals cover each unit of time, as a tree over the units: where nothing does is found in log n. */
const TAKEN = 1 << 30;

export class Cover {
  readonly #leaves: number;
  /** By node, without what is added to those above it: the least of its units. */
  readonly #least: Int32Array;
  readonly #added: Int32Array;

  constructor(units: number) {
    this.#leaves = 1 << (32 - Math.clz32(Math.max(1, units) - 1));
    this.#least = new Int32Array(2 * this.#leaves);
    this.#added = new Int32Array(2 * this.#leaves);
  }

  /** Adds to the units from `from` up to, not including, `to`. */
  add(from: number, to: number, by: number): void {
    if (from < to) this.#add(1, 0, this.#leaves, from, to, by);
  }

  /** The first unit that nothing covers and that was not taken; -1 where there is none. */
  firstGap(from: number, to: number): number {
    return from < to ? this.#firstGap(1, 0, this.#leaves, from, to, 0) : -1;
  }

  /** Takes all units that nothing covers out, for good, and returns them in their order. */
  takeGaps(from: number, to: number): number[] {
    const gaps: number[] = [];
    for (let gap = this.firstGap(from, to); gap !== -1; gap = this.firstGap(gap + 1, to)) {
      gaps.push(gap);
      this.add(gap, gap + 1, TAKEN);
    }
    return gaps;
  }

  #add(node: number, low: number, high: number, from: number, to: number, by: number): void {
    if (from <= low && high <= to) {
      this.#least[node]! += by;
      this.#added[node]! += by;
      return;
    }
    const middle = (low + high) >>> 1;
    if (from < middle) this.#add(2 * node, low, middle, from, to, by);
    if (middle < to) this.#add(2 * node + 1, middle, high, from, to, by);
    this.#least[node] = Math.min(this.#least[2 * node]!, this.#least[2 * node + 1]!) + this.#added[node]!;
  }

  #firstGap(node: number, low: number, high: number, from: number, to: number, above: number): number {
    if (high <= from || to <= low || this.#least[node]! + above > 0) return -1;
    if (high - low === 1) return low;
    const middle = (low + high) >>> 1;
    const within = above + this.#added[node]!;
    const left = this.#firstGap(2 * node, low, middle, from, to, within);
    return left === -1 ? this.#firstGap(2 * node + 1, middle, high, from, to, within) : left;
  }
}

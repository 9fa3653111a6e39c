/** Instants by number, of which some are closed, for good: the next that is not, in either direction, in nearly constant time. */
export class Gaps {
  /** By instant: where to look on; itself where it is not closed. One more instant stands at each end, never closed. */
  readonly #after: Int32Array;
  readonly #before: Int32Array;

  constructor(instants: number) {
    this.#after = Int32Array.from({ length: instants + 2 }, (_, number) => number);
    this.#before = this.#after.slice();
  }

  /** The first from an instant on; beyond the last where all are closed. */
  from(instant: number): number {
    return find(this.#after, instant + 1) - 1;
  }

  /** The last up to an instant; -1 where all are closed. */
  until(instant: number): number {
    return find(this.#before, instant + 1) - 1;
  }

  /** Closes those from `from` up to, not including, `to`. */
  close(from: number, to: number): void {
    for (let instant = this.from(from); instant < to; instant = this.from(instant)) {
      this.#after[instant + 1] = instant + 2;
      this.#before[instant + 1] = instant;
    }
  }
}

/** Halves the way for the next who asks. */
function find(links: Int32Array, number: number): number {
  while (links[number] !== number) {
    links[number] = links[links[number]!]!;
    number = links[number]!;
  }
  return number;
}

/** Which chains (see zones.ts) are begun and finished in a search: what else may come now. */
import type { Operation } from "./history.ts";
import type { Chain } from "./zones.ts";

const NONE = -1;

export class Chains {
  /** By number of an operation in the search. */
  readonly #chainOf: Int32Array;
  /** By chain, in the order of first returns: how many operations it has, and how many are not done. */
  readonly #size: Int32Array;
  readonly #left: Int32Array;
  readonly #firstReturn: Float64Array;
  readonly #lastInvoked: Float64Array;
  /** The chain that is begun and not finished. There is at most one. */
  #current = NONE;
  /** All chains before this one are finished. */
  #first = 0;

  /** `operations`: by their number in the search. */
  constructor(chains: readonly Chain[], operations: readonly Operation[]) {
    const ordered = [...chains].sort((a, b) => a.firstReturn - b.firstReturn);
    const chainOf = new Map(ordered.flatMap((chain, number) => chain.operations.map((operation) => [operation, number])));
    this.#chainOf = Int32Array.from(operations, (operation) => chainOf.get(operation) ?? NONE);
    this.#left = Int32Array.from(ordered, (chain) => chain.operations.length);
    this.#firstReturn = Float64Array.from(ordered, (chain) => chain.firstReturn);
    this.#lastInvoked = Float64Array.from(ordered, (chain) => chain.lastInvoked);
    // The chain of the first value is begun before anything is done, so that it is never whole.
    const initial = this.#firstReturn[0] === -Infinity ? 0 : NONE;
    this.#size = Int32Array.from(this.#left, (left, number) => (number === initial ? left + 1 : left));
    if (initial !== NONE) this.#current = initial;
  }

  /** Whether an operation that changes the state may come now, as far as chains go. */
  allows(number: number): boolean {
    const chain = this.#chainOf[number]!;
    if (this.#current !== NONE) return chain === this.#current;
    return chain === NONE || this.#earliestBut(chain) >= this.#lastInvoked[chain]!;
  }

  done(number: number): void {
    const chain = this.#chainOf[number]!;
    if (chain === NONE) return;
    this.#current = --this.#left[chain]! === 0 ? NONE : chain;
    while (this.#first < this.#left.length && this.#left[this.#first] === 0) this.#first++;
  }

  undone(number: number): void {
    const chain = this.#chainOf[number]!;
    if (chain === NONE) return;
    this.#current = ++this.#left[chain]! === this.#size[chain] ? NONE : chain;
    if (chain < this.#first) this.#first = chain;
  }

  /** The first return of the unfinished chains but one. */
  #earliestBut(chain: number): number {
    for (let other = this.#first; other < this.#left.length; other++) {
      if (other !== chain && this.#left[other] !== 0) return this.#firstReturn[other]!;
    }
    return Infinity;
  }
}

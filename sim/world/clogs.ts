import type { Flight } from "./message.ts";

/**
 * Directions of links in which nothing arrives for now, and what waits there. A message is held when it would arrive, and
 * goes on when nobody clogs its direction any more, after what came before it. Nothing is lost by that alone.
 */
export class Clogs {
  /** How many endpoints there are. */
  readonly #width: number;
  /** By direction: who clogs it. None stands here for nobody. */
  readonly #holders = new Map<number, readonly string[]>();
  /** What was due while its direction was clogged, oldest first. */
  #held: Flight[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** How many messages wait. */
  get held(): number {
    return this.#held.length;
  }

  /** Nothing arrives at `to` from `from` until this holder, and every other, has let go. */
  clog(holder: string, from: number, to: number): void {
    const direction = this.#direction(from, to);
    const holders = this.#holders.get(direction) ?? [];
    if (!holders.includes(holder)) this.#holders.set(direction, [...holders, holder]);
  }

  /** A holder lets go of all directions; says whether something waits that may go on now. */
  unclog(holder: string): boolean {
    for (const [direction, holders] of [...this.#holders]) {
      const others = holders.filter((other) => other !== holder);
      if (others.length > 0) this.#holders.set(direction, others);
      else this.#holders.delete(direction);
    }
    return this.#held.some((flight) => !this.#isClogged(flight));
  }

  /** Keeps a message that is due now, and says whether it has: where its direction is clogged, or others wait in it to go on first. */
  hold(flight: Flight): boolean {
    if (this.#holders.size === 0 && this.#held.length === 0) return false;
    if (!this.#isClogged(flight) && !this.#isWaitedIn(flight)) return false;
    this.#held.push(flight);
    return true;
  }

  /** Takes out what may go on, oldest first. */
  release(): Flight[] {
    const free = this.#held.filter((flight) => !this.#isClogged(flight));
    this.#held = this.#held.filter((flight) => this.#isClogged(flight));
    return free;
  }

  /** Takes out what waits in one direction: its connection broke, and it is lost. */
  take(from: number, to: number): Flight[] {
    if (this.#held.length === 0) return [];
    const isThere = (flight: Flight): boolean => flight.from === from && flight.to === to;
    const taken = this.#held.filter(isThere);
    this.#held = this.#held.filter((flight) => !isThere(flight));
    return taken;
  }

  copy(): Clogs {
    const copy = new Clogs(this.#width);
    for (const [direction, holders] of this.#holders) copy.#holders.set(direction, holders);
    copy.#held = this.#held.slice();
    return copy;
  }

  #isClogged({ from, to }: Flight): boolean {
    return this.#holders.has(this.#direction(from, to));
  }

  #isWaitedIn({ from, to }: Flight): boolean {
    return this.#held.some((flight) => flight.from === from && flight.to === to);
  }

  #direction(from: number, to: number): number {
    return from * this.#width + to;
  }
}

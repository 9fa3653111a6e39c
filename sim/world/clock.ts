import { driftOf, realFor, type Nanoseconds } from "../kernel/time.ts";

/**
 * A node's clock: it starts at an offset, drifts at a rate, and may jump or stand still. Integer arithmetic throughout.
 * Timers run on its steady part, which drifts and does not jump, as a monotonic clock does; it stands still with the
 * clock, because both count the ticks of one oscillator.
 */
export class Clock {
  /** Virtual time at which the present rate began, and what the steady part showed then. */
  #since: Nanoseconds = 0;
  #steadySince: Nanoseconds = 0;
  /** Parts per billion. */
  #drift: number;
  #offset: Nanoseconds;
  /** By how many it is kept from going; it stands still while there are any. */
  #stops = 0;

  constructor(offset: Nanoseconds, drift: number) {
    this.#offset = offset;
    this.#drift = drift;
  }

  /** What the clock shows at a virtual time. */
  at(now: Nanoseconds): Nanoseconds {
    return this.steadyAt(now) + this.#offset;
  }

  steadyAt(now: Nanoseconds): Nanoseconds {
    if (this.#stops > 0) return this.#steadySince;
    const elapsed = now - this.#since;
    return this.#steadySince + elapsed + (this.#drift === 0 ? 0 : driftOf(elapsed, this.#drift));
  }

  /** Virtual time that passes until the steady part has advanced by `duration`, if the clock goes. */
  realFor(duration: Nanoseconds): Nanoseconds {
    return this.#drift === 0 ? duration : realFor(duration, this.#drift);
  }

  get isStopped(): boolean {
    return this.#stops > 0;
  }

  /** It stands still from now on; a jump still moves it. */
  stop(now: Nanoseconds): void {
    this.#rebase(now);
    this.#stops += 1;
  }

  /** Takes one stop back. When none is left it goes on from where it stood: what it missed it stays behind. */
  start(now: Nanoseconds): void {
    this.#rebase(now);
    this.#stops -= 1;
  }

  jump(by: Nanoseconds): void {
    this.#offset += by;
  }

  addDrift(now: Nanoseconds, drift: number): void {
    this.#rebase(now);
    this.#drift += drift;
  }

  #rebase(now: Nanoseconds): void {
    this.#steadySince = this.steadyAt(now);
    this.#since = now;
  }

  copy(): Clock {
    const copy = new Clock(this.#offset, this.#drift);
    copy.#since = this.#since;
    copy.#steadySince = this.#steadySince;
    copy.#stops = this.#stops;
    return copy;
  }
}

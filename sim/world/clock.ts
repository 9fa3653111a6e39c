import { driftOf, realFor, type Nanoseconds } from "../kernel/time.ts";

/**
 * A node's clock: it starts at an offset, drifts at a rate, and may jump. Integer arithmetic throughout. Timers run on
 * its steady part, which drifts and does not jump, as a monotonic clock does.
 */
export class Clock {
  /** Virtual time at which the present rate began, and what the steady part showed then. */
  #since: Nanoseconds = 0;
  #steadySince: Nanoseconds = 0;
  /** Parts per billion. */
  #drift: number;
  #offset: Nanoseconds;

  constructor(offset: Nanoseconds, drift: number) {
    this.#offset = offset;
    this.#drift = drift;
  }

  /** What the clock shows at a virtual time. */
  at(now: Nanoseconds): Nanoseconds {
    return this.steadyAt(now) + this.#offset;
  }

  steadyAt(now: Nanoseconds): Nanoseconds {
    const elapsed = now - this.#since;
    return this.#steadySince + elapsed + (this.#drift === 0 ? 0 : driftOf(elapsed, this.#drift));
  }

  /** Virtual time that passes until the steady part has advanced by `duration`. */
  realFor(duration: Nanoseconds): Nanoseconds {
    return this.#drift === 0 ? duration : realFor(duration, this.#drift);
  }

  jump(by: Nanoseconds): void {
    this.#offset += by;
  }

  addDrift(now: Nanoseconds, drift: number): void {
    this.#steadySince = this.steadyAt(now);
    this.#since = now;
    this.#drift += drift;
  }

  copy(): Clock {
    const copy = new Clock(this.#offset, this.#drift);
    copy.#since = this.#since;
    copy.#steadySince = this.#steadySince;
    return copy;
  }
}

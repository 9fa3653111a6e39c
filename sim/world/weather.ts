import { sampler, type Distribution } from "../kernel/distribution.ts";
import type { Stream } from "../kernel/stream.ts";

/**
 * The state of a link that is now good, now bad: Gilbert, “Capacity of a burst-noise channel”, 1960, and Elliott, 1963,
 * here in time rather than from one bit to the next, and with any distribution of how long a state lasts. Immutable.
 */
export interface Weather {
  readonly isBad: boolean;
  /** When this state ends, in virtual time. -1 before the first. */
  readonly until: number;
  readonly good: (stream: Stream) => number;
  readonly bad: (stream: Stream) => number;
  readonly since: number;
}

/** No state is shorter, or durations of nothing would keep the states changing for ever at one moment. Nanoseconds. */
const SHORTEST_NS = 1_000;

/** The good state that it begins with, whose end is not drawn yet. */
export function fair({ good, bad, since }: { readonly good: Distribution; readonly bad: Distribution; readonly since: number }): Weather {
  return { isBad: false, until: -1, good: sampler(good), bad: sampler(bad), since };
}

/** The state at a time from the last state's end on. Each state takes one sample of the stream, whenever it is looked at. */
export function weatherAt(now: number, last: Weather, stream: Stream): Weather {
  let { isBad, until } = last;
  if (until < 0) until = last.since + lengthOf(isBad, last, stream);
  while (until <= now) {
    isBad = !isBad;
    until += lengthOf(isBad, last, stream);
  }
  return { ...last, isBad, until };
}

function lengthOf(isBad: boolean, { good, bad }: Weather, stream: Stream): number {
  return Math.max(SHORTEST_NS, (isBad ? bad : good)(stream));
}

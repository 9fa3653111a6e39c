/**
 * Things that begin at one event and end at a later one or never: messages in flight, client operations. Sorted by
 * their beginning; what is open at every thousandth event is kept, so that what is open at any event, or touches any
 * window, is found by looking at that many only.
 */
import { firstAbove, firstAtLeast } from "./columns.ts";

/** An end that never came. */
export const NEVER = 0x7fffffff;

const STRIDE = 1024;

export class Intervals {
  /** The event at which each begins, ascending. */
  readonly start: Int32Array;
  /** The event at which each ends, or {@link NEVER}. */
  readonly end: Int32Array;
  readonly #keyframes: Int32Array[];

  constructor(start: Int32Array, end: Int32Array, events: number) {
    this.start = start;
    this.end = end;
    this.#keyframes = keyframes(start, end, events);
  }

  get count(): number {
    return this.start.length;
  }

  /** Those that began at or before this event and end after it, in the order of their beginnings. */
  openAt(event: number): number[] {
    const open: number[] = [];
    this.#visitBegunBefore(event + 1, (index) => {
      if ((this.end[index] as number) > event) open.push(index);
    });
    return open;
  }

  /** Visits those that began at or before `to` and did not end before `from`. */
  visitTouching(from: number, to: number, visit: (index: number) => void): void {
    this.#visitBegunBefore(from, (index) => {
      if ((this.end[index] as number) >= from) visit(index);
    });
    const until = firstAbove(this.start, to);
    for (let index = firstAtLeast(this.start, from); index < until; index += 1) visit(index);
  }

  /** How many begin in a window, both ends included. */
  countBegunIn(from: number, to: number): number {
    return Math.max(0, firstAbove(this.start, to) - firstAtLeast(this.start, from));
  }

  /** Visits all that began before an event and may be open at it. */
  #visitBegunBefore(event: number, visit: (index: number) => void): void {
    if (event <= 0) return;
    const frame = Math.min(Math.floor(event / STRIDE), this.#keyframes.length - 1);
    for (const index of this.#keyframes[frame] as Int32Array) visit(index);
    const until = firstAtLeast(this.start, event);
    for (let index = firstAtLeast(this.start, frame * STRIDE); index < until; index += 1) visit(index);
  }
}

/** For every thousandth event, those that began before it and had not ended before it. */
function keyframes(start: Int32Array, end: Int32Array, events: number): Int32Array[] {
  const frames: Int32Array[] = [];
  let open: number[] = [];
  let next = 0;
  for (let boundary = 0; boundary <= events; boundary += STRIDE) {
    while (next < start.length && (start[next] as number) < boundary) open.push(next++);
    open = open.filter((index) => (end[index] as number) >= boundary);
    frames.push(Int32Array.from(open));
  }
  return frames;
}

/**
 * Where events stand from left to right. Three axes over the same run: by virtual time; by order, one step an event; and
 * by time with its long gaps squeezed, so that a quiet second does not hide a busy millisecond. All are ascending.
 */
import { firstAbove } from "./columns.ts";

export const axisKinds = ["time", "order", "squeezed"] as const;
export type AxisKind = (typeof axisKinds)[number];

export const axisTitles: { readonly [Kind in AxisKind]: string } = {
  time: "Virtual time",
  order: "Event order",
  squeezed: "Time, gaps squeezed",
};

export class Axis {
  readonly kind: AxisKind;
  /** By event. */
  readonly position: Float64Array;
  /** Where the axis ends; it begins at 0. */
  readonly length: number;
  readonly #time: Float64Array;

  constructor(kind: AxisKind, time: Float64Array) {
    this.kind = kind;
    this.#time = time;
    this.position = kind === "time" ? time : kind === "order" ? ordered(time.length) : squeezed(time);
    this.length = Math.max(1, this.position.at(-1) ?? 1);
  }

  /** The position of an instant that lies at or after an event and before the next. */
  ofMoment(event: number, timeNs: number): number {
    const here = this.position[event] ?? 0;
    if (this.kind === "time") return Math.max(0, timeNs);
    const from = this.#time[event];
    const until = this.#time[event + 1];
    if (from === undefined || until === undefined || until <= from) return here;
    const share = Math.min(1, Math.max(0, (timeNs - from) / (until - from)));
    return here + share * ((this.position[event + 1] as number) - here);
  }

  /** The last event at or before a position, or -1. */
  eventAt(position: number): number {
    return firstAbove(this.position, position) - 1;
  }

  /** The virtual time at a position, in nanoseconds. */
  timeAt(position: number): number {
    if (this.kind === "time") return Math.max(0, position);
    const event = this.eventAt(position);
    if (event < 0) return 0;
    const next = this.position[event + 1];
    const from = this.#time[event] as number;
    if (next === undefined) return from;
    const here = this.position[event] as number;
    return from + ((position - here) / Math.max(1e-9, next - here)) * ((this.#time[event + 1] as number) - from);
  }
}

function ordered(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, event) => event);
}

/** A gap counts in full up to twice the mean gap, and by its logarithm beyond. */
function squeezed(time: Float64Array): Float64Array {
  const position = new Float64Array(time.length);
  const usual = Math.max(1, (2 * (time.at(-1) ?? 0)) / Math.max(1, time.length));
  for (let event = 1; event < time.length; event += 1) {
    const gap = (time[event] as number) - (time[event - 1] as number);
    const width = gap <= usual ? gap : usual * (1 + Math.log2(gap / usual));
    position[event] = (position[event - 1] as number) + width;
  }
  return position;
}

/** The other direction of `cause`: for each event, those that it caused, in order. */
import { firstAbove } from "./columns.ts";

export interface Effects {
  /** Events sorted by their cause, those of one cause by their number; events without a cause are left out. */
  readonly events: Int32Array;
  /** The effects of event e are `events` from `offset[e]` up to `offset[e + 1]`. */
  readonly offset: Int32Array;
}

/** Counts, then places: two passes over the column. */
export function effectsOf(cause: Int32Array): Effects {
  const count = cause.length;
  const offset = new Int32Array(count + 1);
  for (let event = 0; event < count; event += 1) {
    const by = cause[event] as number;
    if (by >= 0 && by < count) offset[by + 1] = (offset[by + 1] as number) + 1;
  }
  for (let event = 0; event < count; event += 1) offset[event + 1] = (offset[event + 1] as number) + (offset[event] as number);

  const events = new Int32Array(offset[count] as number);
  const next = offset.slice();
  for (let event = 0; event < count; event += 1) {
    const by = cause[event] as number;
    if (by < 0 || by >= count) continue;
    events[next[by] as number] = event;
    next[by] = (next[by] as number) + 1;
  }
  return { events, offset };
}

/** What an event caused. */
export function effectsAt(effects: Effects, event: number): Int32Array {
  return effects.events.subarray(effects.offset[event] ?? 0, effects.offset[event + 1] ?? 0);
}

/** What led to an event, the nearest first, at most `limit` of them. */
export function causesOf(cause: Int32Array, event: number, limit: number): number[] {
  const chain: number[] = [];
  let by = cause[event] ?? -1;
  while (by >= 0 && chain.length < limit) {
    chain.push(by);
    by = cause[by] ?? -1;
  }
  return chain;
}

/** The first of a list of ascending events after one, or -1. */
export function nextOf(list: readonly number[], event: number): number {
  return list[firstAbove(list, event)] ?? -1;
}

/** The last of a list of ascending events before one, or -1. */
export function previousOf(list: readonly number[], event: number): number {
  return list[firstAbove(list, event - 1) - 1] ?? -1;
}

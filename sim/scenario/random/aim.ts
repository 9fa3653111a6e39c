/**
 * Aims drawn faults at moments: in place of its time a fault waits for an event of the protocol. A clock seldom meets the few
 * milliseconds after an election or a commit, in which much of what a protocol must stand for goes wrong.
 */
import type { Dice } from "./dice.ts";

/** What a fault waits for, and within what it begins and ends. Milliseconds. */
export interface Wait {
  readonly event: string;
  readonly nth: number;
  readonly after: number;
  readonly between: readonly [from: number, until: number];
  readonly lasts: number;
}

/** In so many seeds of all some faults wait; the others are as if there were nothing to wait for. */
const SEEDS = 0.5;
/** Of their faults, so many. */
const SHARES = [0.2, 0.7] as const;
/** So much longer than it was to last, in milliseconds, a fault waits at most. */
const PATIENCE = 2_000;

/** Draws the share of a schedule's faults that are to wait: none in many schedules, so that what takes other troubles shows too. */
export function drawAimedShare(events: readonly string[], dice: Dice): number {
  return events.length > 0 && dice.chance(SEEDS) ? dice.between(...SHARES) : 0;
}

/**
 * Draws what a fault waits for that would have begun at a time and lasted so long. It gives up soon, and in any case in time
 * to be over when the schedule's window is: `until`. Milliseconds. Undefined where there is no time for that.
 */
export function drawWait(at: number, lasts: number, until: number, shortest: number, events: readonly string[], dice: Dice): Wait | undefined {
  const event = dice.pick(events);
  const [nth, after] = [drawNth(dice), drawAfter(dice)];
  const end = Math.min(until, at + lasts + PATIENCE);
  const most = Math.floor((end - at) / 2);
  return most < shortest ? undefined : { event, nth, after, between: [at, end], lasts: Math.min(lasts, most) };
}

/** Mostly the next one: some events come once in a run, and some a hundred times a second. */
function drawNth(dice: Dice): number {
  if (dice.chance(0.7)) return 1;
  return dice.chance(0.6) ? dice.whole(2, 4) : dice.whole(5, 30);
}

/** At once, within a message's way, or within a round of them. */
function drawAfter(dice: Dice): number {
  if (dice.chance(0.4)) return 0;
  return dice.chance(0.5) ? dice.whole(1, 10) : dice.whole(10, 100);
}

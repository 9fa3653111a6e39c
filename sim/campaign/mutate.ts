/**
 * Changes schedules of faults as a fuzzer changes inputs: what a schedule had that brought something new is mostly kept.
 * Whom a fault strikes and how hard is never changed, only whether and when it does, or what it waits for, and everything
 * stays within the time that the schedule took: so the result is as right as what it was made of.
 */
import { ms, NS_PER_MS } from "../kernel/time.ts";
import { formatDuration, parseDuration } from "../scenario/quantities.ts";
import type { Dice } from "../scenario/random/dice.ts";
import type { DrawnFault } from "../scenario/random/schedule.ts";

/** Virtual time in milliseconds. */
interface Span {
  readonly from: number;
  readonly until: number;
}

/** Shorter than this, in milliseconds, a fault would hardly meet a message. */
const SHORTEST = 20;
/** A crash that lies in wait strikes within this time, in milliseconds, and lasts from then on. */
const LURKS = 2_000;
/** How far a fault is moved, in milliseconds: within a round trip, an election, a phase. */
const MOVES: readonly number[] = [10, 100, 1_000];

type Mutation = (schedule: readonly DrawnFault[], other: readonly DrawnFault[], within: Span, dice: Dice) => DrawnFault[];

const drop: Mutation = (schedule, _, __, dice) => {
  const gone = new Set(dice.some(schedule, dice.whole(1, Math.max(1, Math.ceil(schedule.length / 4)))));
  return schedule.filter((fault) => !gone.has(fault));
};

const move: Mutation = (schedule, _, within, dice) => changeOne(schedule, dice, (fault, span) => {
  const most = dice.pick(MOVES);
  return placed(fault, span.from + dice.whole(-most, most), span.until - span.from, within);
});

const stretch: Mutation = (schedule, _, within, dice) => changeOne(schedule, dice, (fault, span) => placed(fault, span.from, Math.round((span.until - span.from) * dice.between(0.25, 3)), within));

/** The same again at another time. */
const repeat: Mutation = (schedule, _, within, dice) => {
  const [fault, span] = oneOf(schedule, dice) ?? [];
  if (fault === undefined || span === undefined) return schedule.slice();
  return [...schedule, placed(fault, dice.whole(within.from, within.until), span.until - span.from, within)];
};

/** Some of another's, each where it stands there. */
const borrow: Mutation = (schedule, other, _, dice) => [...schedule, ...dice.some(other, Math.min(other.length, dice.whole(1, 3)))];

/** The beginning of the one and the end of the other. */
const cross: Mutation = (schedule, other, within, dice) => {
  const at = dice.whole(within.from, within.until);
  const isBefore = (fault: DrawnFault): boolean => (spanOf(fault)?.from ?? within.from) < at;
  return [...schedule.filter(isBefore), ...other.filter((fault) => !isBefore(fault))];
};

/** So much later than the event that it waits for a fault may come, in milliseconds. */
const LATENESS: readonly number[] = [0, 0, 2, 10, 50, 150];

/** Something that waits for an event waits for another: the one after it, one of those that others wait for, or so much longer. */
const wait: Mutation = (schedule, other, _, dice) => {
  const waiting = schedule.filter(isWaiting);
  if (waiting.length === 0) return schedule.slice();
  const chosen = dice.pick(waiting);
  const events = [...new Set([...waiting, ...other.filter(isWaiting)].map(({ when }) => when as string))];
  return schedule.map((fault) => (fault === chosen ? waitingFor(fault, events, dice) : fault));
};

function waitingFor(fault: DrawnFault, events: readonly string[], dice: Dice): DrawnFault {
  const { nth = 1, after, ...rest } = fault;
  const what = dice.pick(["when", "nth", "after"]);
  const count = what !== "nth" ? nth : dice.pick([1, nth + 1, nth + 1, nth + 2, Math.max(1, nth - 1)]);
  const later = what !== "after" ? after : lateness(dice);
  return { ...rest, ...(what === "when" && { when: dice.pick(events) }), ...(count > 1 && { nth: count }), ...(later !== undefined && { after: later }) };
}

function lateness(dice: Dice): string | undefined {
  const most = dice.pick(LATENESS);
  return most === 0 ? undefined : textOf(dice.whole(1, most));
}

const mutations: readonly { readonly item: Mutation; readonly weight: number }[] = [
  { item: drop, weight: 2 }, { item: move, weight: 4 }, { item: stretch, weight: 2 }, { item: repeat, weight: 3 }, { item: borrow, weight: 3 }, { item: cross, weight: 2 },
  { item: wait, weight: 2 },
];

/** A schedule like this one. `other`: another, to take parts from. What lasts to the end of a run stays as it is. */
export function mutate(schedule: readonly DrawnFault[], other: readonly DrawnFault[], dice: Dice): DrawnFault[] {
  const [kept, free] = [schedule.filter(isForGood), schedule.filter((fault) => !isForGood(fault))];
  const within = wholeOf([...free, ...other]);
  // Who is to stay broken must not be brought back by what another had: only what is there is changed.
  const borrowed = kept.length > 0 ? [] : other.filter((fault) => !isForGood(fault));
  if (within === undefined || free.length === 0) return schedule.slice();
  let changed = free;
  for (let count = dice.pick([1, 1, 2, 3, 5]); count > 0; count -= 1) {
    const next = dice.weigh(mutations)(changed, borrowed, within, dice);
    if (next.length > 0) changed = next;
  }
  return [...changed, ...kept].sort((a, b) => (spanOf(a)?.from ?? 0) - (spanOf(b)?.from ?? 0));
}

const isForGood = ({ for: lasts, every }: DrawnFault): boolean => lasts === undefined && every === undefined;

const timeOf = (text: string): number => Math.round(parseDuration(text) / NS_PER_MS);
const textOf = (time: number): string => formatDuration(ms(time));

const isWaiting = ({ when }: DrawnFault): boolean => when !== undefined;

/** From when to when a fault lasts, or a series of them, or one may be waited for. Undefined where nobody knows. */
function spanOf({ at, for: lasts, between }: DrawnFault): Span | undefined {
  if (between !== undefined) return { from: timeOf(between[0]), until: timeOf(between[1]) };
  if (at === undefined) return undefined;
  return { from: timeOf(at), until: timeOf(at) + (lasts === undefined ? 0 : timeOf(lasts)) };
}

function wholeOf(schedule: readonly DrawnFault[]): Span | undefined {
  const spans = schedule.map(spanOf).filter((span) => span !== undefined);
  if (spans.length === 0) return undefined;
  return { from: Math.min(...spans.map(({ from }) => from)), until: Math.max(...spans.map(({ until }) => until)) };
}

function oneOf(schedule: readonly DrawnFault[], dice: Dice): [DrawnFault, Span] | undefined {
  const movable = schedule.flatMap((fault): [DrawnFault, Span][] => {
    const span = spanOf(fault);
    return span === undefined ? [] : [[fault, span]];
  });
  return movable.length === 0 ? undefined : dice.pick(movable);
}

function changeOne(schedule: readonly DrawnFault[], dice: Dice, change: (fault: DrawnFault, span: Span) => DrawnFault): DrawnFault[] {
  const [chosen, span] = oneOf(schedule, dice) ?? [];
  return schedule.map((fault) => (fault === chosen && span !== undefined ? change(fault, span) : fault));
}

/** The fault at another time, as far as it has room. */
function placed(fault: DrawnFault, at: number, lasts: number, within: Span): DrawnFault {
  const until = fault["amid"] === undefined ? within.until : within.until - LURKS;
  if (until - within.from < SHORTEST) return fault;
  const from = Math.min(Math.max(at, within.from), until - SHORTEST);
  const end = Math.min(until, from + Math.max(SHORTEST, lasts));
  if (isWaiting(fault)) return waited(fault, from, end);
  if (fault.between !== undefined) return { ...fault, between: [textOf(from), textOf(end)] };
  return { ...fault, at: textOf(from), for: textOf(end - from) };
}

/** Within another time. What it waits for must come early enough for it to last as long as it is to: half of the time at most. */
function waited(fault: DrawnFault, from: number, end: number): DrawnFault {
  const lasts = Math.max(1, Math.min(timeOf(fault.for as string), Math.floor((end - from) / 2)));
  return { ...fault, between: [textOf(from), textOf(end)], for: textOf(lasts) };
}

/**
 * Draws a schedule: which kinds, when, for how long, whom, how hard.
 *
 * Each seed switches whole kinds on and off, so that one run has few kinds of trouble and another many, and none drowns
 * the others (Groce et al., “Swarm testing”, ISSTA 2012); and trouble comes in phases, because what follows a trouble
 * shows as much as what meets it (Zhou et al., “FoundationDB”, SIGMOD 2021, §4; TigerBeetle's VOPR).
 */
import type { Stream } from "../../kernel/stream.ts";
import { ms, NS_PER_MS } from "../../kernel/time.ts";
import { formatDuration } from "../quantities.ts";
import { drawAimedShare, drawWait, type Wait } from "./aim.ts";
import { Dice } from "./dice.ts";
import { drawable, type DrawnParams } from "./kinds.ts";
import { majorityOf, type Scene } from "./victims.ts";

/** One fault as an item of a scenario's `faults`, its kind's own key among the others; or a series of short ones; or one that waits for an event. */
export interface DrawnFault {
  readonly at?: string;
  readonly every?: string;
  readonly when?: string;
  readonly nth?: number;
  readonly after?: string;
  readonly between?: readonly [string, string];
  readonly for?: string;
  readonly name?: string;
  readonly [key: string]: unknown;
}

export interface RandomSettings {
  /** What may be drawn. */
  readonly kinds: readonly string[];
  /** The share of the time in which something is wrong. */
  readonly intensity: number;
  readonly phases: boolean;
  readonly heal: "all" | "quorum";
  /** Whether some faults wait for events of the protocol. */
  readonly moments: boolean;
  readonly name?: string | undefined;
  /** Within what everything begins and, but for what stays, ends. Nanoseconds. */
  readonly fromNs: number;
  readonly untilNs: number;
}

/** From and until, in whole milliseconds of virtual time. */
type Span = readonly [from: number, until: number];

/** A fault before it is text. */
interface Item {
  readonly at: number;
  /** Undefined: to the end of the run. */
  readonly lasts?: number;
  readonly kind: string;
  readonly params: DrawnParams;
  /** In place of one that lasts, many that come and go: a flapping link, a node that restarts in a loop. Milliseconds. */
  readonly series?: { readonly every: Span; readonly for: Span };
  /** In place of its time, an event that it waits for. */
  readonly wait?: Wait | undefined;
}

/** Shorter than this, in milliseconds, a fault would hardly meet a message. */
const SHORTEST = 20;
/** A series takes this long or longer, in milliseconds. */
const LEAST_SERIES = 400;
/** What is left of a phase when less than this, in milliseconds, is left is no fault of its own. */
const SCRAP = 100;
/** How long a fault lasts, in milliseconds: shorter than an election, about as long, longer. Each scale is as likely. */
const SCALES: readonly Span[] = [[20, 150], [150, 700], [700, 2500]];
/** Within this time, in milliseconds, a running node handles a message or syncs, whatever it waits for. */
const LURKS = 2_000;
/** A phase of calm and the phase of trouble that follows it take so long together, in milliseconds. */
const PERIOD: Span = [2_000, 6_000];
/** A window longer than this, in milliseconds, gets longer faults instead of ever more. */
const LONG = 120_000;

/**
 * The faults in order of their beginning. The same settings, scene and streams give the same schedule. What waits for events,
 * and for which, is drawn from a stream of its own: without moments the schedule is the same but for those.
 */
export function drawSchedule(settings: RandomSettings, scene: Scene, stream: Stream, aiming: Stream): DrawnFault[] {
  const dice = new Dice(stream);
  const window: Span = [Math.ceil(settings.fromNs / NS_PER_MS), Math.floor(settings.untilNs / NS_PER_MS)];
  const stretch = Math.max(1, (window[1] - window[0]) / LONG);
  const swarm = drawSwarm(settings.kinds, dice);
  const share = Math.min(0.95, settings.intensity * dice.between(0.5, 1.5));
  const troubles = settings.phases ? drawPhases(window, share, stretch, dice) : [window];
  const lanes = dice.whole(1, 3);

  const items: Item[] = [];
  for (const trouble of troubles) {
    if (!settings.phases) items.push(...drawEvenly(trouble, share, stretch, swarm, scene, dice));
    else for (let lane = 0; lane < lanes; lane += 1) items.push(...drawLane(trouble, lane === 0, stretch, swarm, scene, dice));
  }
  const lasting = settings.heal === "quorum" ? drawLasting(settings.kinds, troubles.at(-1) ?? window, scene, dice) : [];
  const ending = withoutRestarts(items, lasting).map((item) => withoutAmbush(item, window));
  const aimed = settings.moments ? withWaits(ending, lasting.length > 0, window[1], scene, new Dice(aiming)) : ending;
  const sorted = [...aimed, ...lasting].sort((a, b) => a.at - b.at);
  return sorted.map((item) => textOf(item, settings.name));
}

/** Some of them wait for an event. Who lies in wait has waited enough, and a series has many moments. */
function withWaits(items: readonly Item[], somebodyStaysBroken: boolean, until: number, { events }: Scene, dice: Dice): Item[] {
  const share = drawAimedShare(events, dice);
  return items.map((item) => {
    const { at, lasts = 0, kind, series, params: { beside } } = item;
    const isFree = series === undefined && beside?.["amid"] === undefined && !(somebodyStaysBroken && kind === "restart");
    if (!isFree || !dice.chance(share)) return item;
    return { ...item, wait: drawWait(at, lasts, until, SHORTEST, events, dice) };
  });
}

/** A kind that is switched on, with how often it is drawn beside the others. */
type Swarm = readonly { readonly item: string; readonly weight: number }[];

/**
 * Each kind is on or off with a chance that the seed draws: where many kinds share a run, each has few turns, and what
 * takes several faults of one kind in a row shows only where there are few. One at least is on.
 */
function drawSwarm(kinds: readonly string[], dice: Dice): Swarm {
  const share = dice.between(0.1, 0.6);
  const on = kinds.filter(() => dice.chance(share));
  const chosen = on.length > 0 ? on : [dice.pick(kinds)];
  return chosen.map((item) => ({ item, weight: dice.whole(1, 4) }));
}

/** The phases of trouble. A calm one comes before each, and the last ends with the window. */
function drawPhases([from, until]: Span, share: number, stretch: number, dice: Dice): Span[] {
  const phases: Span[] = [];
  for (let end = until; end - from >= SHORTEST; ) {
    const period = Math.round(dice.whole(...PERIOD) * stretch);
    // What is too short for another period belongs to this one.
    const start = end - period < from + PERIOD[0] * stretch ? from : end - period;
    const begin = Math.round(end - Math.max(SHORTEST, (end - start) * share));
    phases.unshift([begin, end]);
    end = start;
  }
  return phases;
}

/** Fault after fault through a phase, each beginning before the one before it ends; in further lanes there are gaps. */
function drawLane([from, until]: Span, isDense: boolean, stretch: number, swarm: Swarm, scene: Scene, dice: Dice): Item[] {
  const items: Item[] = [];
  let at = isDense ? from : from + Math.round(dice.between(0, (until - from) / 2));
  while (until - at >= SHORTEST) {
    const drawn = drawLength(until - at, stretch, dice);
    // The last one lasts to the end of its phase: what is left would be hardly a fault of its own.
    const isLast = isDense && until - at - drawn < SCRAP;
    const lasts = isLast ? until - at : drawn;
    items.push(drawItem(at, lasts, swarm, scene, dice));
    if (isLast) break;
    at += Math.max(SHORTEST, Math.round(lasts * (isDense ? dice.between(0.6, 1) : dice.between(1, 2))));
  }
  return items;
}

/** Faults one after the other through the whole window, with gaps in proportion; now and then a second one beside. */
function drawEvenly([from, until]: Span, share: number, stretch: number, swarm: Swarm, scene: Scene, dice: Dice): Item[] {
  const items: Item[] = [];
  const gapAfter = (lasts: number): number => Math.round(((lasts * (1 - share)) / share) * dice.between(0.5, 1.5));
  let at = from + gapAfter(drawLength(until - from, stretch, dice));
  while (until - at >= SHORTEST) {
    const lasts = drawLength(until - at, stretch, dice);
    items.push(drawItem(at, lasts, swarm, scene, dice));
    const later = Math.round(dice.between(0, lasts));
    if (dice.chance(0.3) && lasts - later >= SHORTEST) items.push(drawItem(at + later, lasts - later, swarm, scene, dice));
    at += lasts + gapAfter(lasts);
  }
  return items;
}

function drawLength(most: number, stretch: number, dice: Dice): number {
  const [min, max] = dice.pick(SCALES);
  return Math.min(most, Math.round(dice.whole(min, max) * stretch));
}

function drawItem(at: number, lasts: number, swarm: Swarm, scene: Scene, dice: Dice): Item {
  const kind = dice.weigh(swarm);
  const item = { at, lasts, kind, params: (drawable[kind] as (typeof drawable)[string]).draw(dice, scene) };
  if (lasts < LEAST_SERIES || !dice.chance(0.12)) return item;
  // Each occurrence and the gap after it take a twentieth of the time, or up to a fourth.
  const every = dice.whole(Math.round(lasts / 20), Math.round(lasts / 8));
  const short = Math.max(SHORTEST, Math.round(every / 2));
  return { ...item, series: { every: [every, 2 * every], for: [SHORTEST, short] } };
}

/** Takes the nodes outside of a majority out for good, in one way or each in its own, within the last phase of trouble. */
function drawLasting(kinds: readonly string[], [from, until]: Span, scene: Scene, dice: Dice): Item[] {
  const ways = lastingOf(kinds);
  const broken = dice.some(scene.nodes, scene.nodes.length - majorityOf(scene.nodes));
  const groups = dice.chance(0.4) ? [broken] : broken.map((node) => [node]);
  return groups.map((nodes) => {
    const kind = dice.pick(ways);
    const { lasting } = drawable[kind] as (typeof drawable)[string];
    return { at: dice.whole(from, until - 1), kind, params: (lasting as NonNullable<typeof lasting>)(nodes) };
  });
}

/** The kinds among these that can last to the end of a run. */
export function lastingOf(kinds: readonly string[]): string[] {
  return kinds.filter((kind) => drawable[kind]?.lasting !== undefined);
}

/** A restart would bring back a node that is to stay down. */
function withoutRestarts(items: readonly Item[], lasting: readonly Item[]): Item[] {
  const first = Math.min(...lasting.map(({ at }) => at));
  return items.filter(({ kind, at, lasts = 0 }) => kind !== "restart" || at + lasts < first);
}

/** A crash that lies in wait lasts from when it strikes: late in the window, or in a series, it strikes at once, so that it is over in time. */
function withoutAmbush(item: Item, [, until]: Span): Item {
  const { at, lasts = 0, params, series } = item;
  const isSoonOver = series === undefined && at + lasts + LURKS <= until;
  if (params.beside?.["amid"] === undefined || isSoonOver) return item;
  const { amid: _, ...beside } = params.beside;
  return { ...item, params: { ...params, beside } };
}

const time = (count: number): string => formatDuration(ms(count));
const range = ([min, max]: Span): string => (min === max ? time(min) : `${time(min)}..${time(max)}`);

function textOf(item: Item, name: string | undefined): DrawnFault {
  const { kind, params: { value, beside } } = item;
  return { ...(name !== undefined && { name }), ...timesOf(item), [kind]: value, ...beside };
}

function timesOf({ at, lasts, series, wait }: Item): DrawnFault {
  if (series !== undefined) return { every: range(series.every), between: [time(at), time(at + (lasts as number))], for: range(series.for) };
  if (wait === undefined) return { at: time(at), ...(lasts !== undefined && { for: time(lasts) }) };
  const { event, nth, after, between: [from, until] } = wait;
  return { when: event, ...(nth > 1 && { nth }), ...(after > 0 && { after: time(after) }), between: [time(from), time(until)], for: time(wait.lasts) };
}

/** Faults as arbitraries: what goes wrong, when, for how long, and how; or what it waits for. */
import fc from "fast-check";
import { Stream } from "../../kernel/stream.ts";
import { ms } from "../../kernel/time.ts";
import { formatDuration } from "../../scenario/quantities.ts";
import { Dice } from "../../scenario/random/dice.ts";
import { drawable, type DrawnParams } from "../../scenario/random/kinds.ts";
import type { Scene } from "../../scenario/random/victims.ts";

/** A fault before the cluster and the length of the run are known. Times in milliseconds. */
export interface RawFault {
  readonly kind: string;
  readonly at: number;
  readonly lasts: number;
  /** Which of the ways in which this kind strikes: the plainest is 0. */
  readonly way: number;
  readonly wait: RawWait | undefined;
}

interface RawWait {
  readonly event: string;
  readonly nth: number;
  readonly after: number;
}

/** So many ways of each kind are told apart, or as many as there are. */
const WAYS = 48;
/** A fault lasts so long, in milliseconds: from less than an election to several. */
const LENGTHS = { min: 20, max: 1_500 };
/** What lies in wait, or waits for an event, may strike within so many milliseconds after its time. */
const LURKS = 2_000;

/** Few kinds in each scenario, because what takes several faults of a kind shows only where it has few others beside it. */
const MOST_KINDS = 3;

/** So many faults at most, which shrink to fewer. */
export function rawFaults(kinds: readonly string[], events: readonly string[], mostAtMs: number, mostFaults: number): fc.Arbitrary<readonly RawFault[]> {
  if (kinds.length === 0 || mostFaults === 0) return fc.constant([]);
  const some = fc.noShrink(fc.subarray(kinds.slice(), { minLength: 1, maxLength: Math.min(MOST_KINDS, kinds.length) }));
  return some.chain((chosen) => fc.array(rawFault(chosen, events, mostAtMs), { maxLength: mostFaults, size: "max" }));
}

/** Times shrink to the beginning and to the shortest, ways to the plainest, kinds to those that stand first, and waits to times. */
function rawFault(kinds: readonly string[], events: readonly string[], mostAtMs: number): fc.Arbitrary<RawFault> {
  return fc.record({
    wait: events.length === 0 ? fc.constant(undefined) : rawWait(events),
    at: fc.integer({ min: 0, max: Math.max(0, Math.floor(mostAtMs / 10)) }).map((hundredths) => 10 * hundredths),
    lasts: fc.integer({ min: LENGTHS.min / 10, max: LENGTHS.max / 10 }).map((hundredths) => 10 * hundredths),
    kind: fc.constantFrom(...kinds),
    way: fc.nat({ max: WAYS - 1 }),
  });
}

/** One of three waits. */
function rawWait(events: readonly string[]): fc.Arbitrary<RawWait | undefined> {
  const moment = fc.record({ event: fc.constantFrom(...events), nth: fc.integer({ min: 1, max: 4 }), after: fc.nat({ max: 60 }) });
  return fc.oneof({ withCrossShrink: true }, { weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: moment });
}

/** Kinds that make sense in a scene, by default those that a protocol can be asked to survive. */
export function usualKinds(scene: Scene): string[] {
  return Object.keys(drawable).filter((kind) => drawable[kind]?.lacks?.(scene) === undefined && drawable[kind]?.isOnlyNamed?.(scene) !== true);
}

/** The fault as an item of a scenario's `faults`, over by the end; undefined where that leaves it no time, or it makes no sense in the scene. */
export function faultItem({ kind, at, lasts, way, wait }: RawFault, scene: Scene, endMs: number): object | undefined {
  const ways = waysOf(kind, scene);
  const params = ways[Math.min(way, ways.length - 1)];
  if (params === undefined) return undefined;
  const liesInWait = params.beside?.["amid"] !== undefined;
  const last = liesInWait ? endMs - LURKS : endMs;
  const end = wait === undefined || liesInWait ? last : Math.min(last, at + lasts + LURKS);
  const room = wait === undefined || liesInWait ? end - at : Math.floor((end - at) / 2);
  if (room < LENGTHS.min) return undefined;
  const forText = { for: time(Math.min(lasts, room)) };
  const times = wait === undefined || liesInWait ? { at: time(at), ...forText } : { ...waitOf(wait), between: [time(at), time(end)], ...forText };
  return { ...times, [kind]: params.value, ...params.beside };
}

function waitOf({ event, nth, after }: RawWait): object {
  return { when: event, ...(nth > 1 && { nth }), ...(after > 0 && { after: time(after) }) };
}

const time = (count: number): string => formatDuration(ms(count));

const known = new Map<string, readonly DrawnParams[]>();

/** In which ways a kind strikes here, as random schedules draw them, the plainest first: whoever says less says it more plainly. */
function waysOf(kind: string, scene: Scene): readonly DrawnParams[] {
  const key = JSON.stringify([kind, scene]);
  const found = known.get(key);
  if (found !== undefined) return found;
  const { draw, lacks } = drawable[kind] as (typeof drawable)[string];
  const dice = new Dice(new Stream(`arbitraries/${kind}`));
  const texts = lacks?.(scene) === undefined ? Array.from({ length: 2 * WAYS }, () => JSON.stringify(draw(dice, scene))) : [];
  const plainest = [...new Set(texts)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(0, WAYS);
  const ways = plainest.map((text) => JSON.parse(text) as DrawnParams);
  known.set(key, ways);
  return ways;
}

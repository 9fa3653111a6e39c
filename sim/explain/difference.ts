/** Where two runs first differ, in words: what happens there on each side, what it is about, and what led to it. */
import { type Comparison, differingFields, type FieldDifference } from "../trace/compare.ts";
import type { TraceEvent } from "../trace/event.ts";
import type { EventLookup } from "../trace/lookup.ts";
import { describeEvent, type Words } from "./event.ts";
import { type DifferenceKind, type Matter, matterOf } from "./matter.ts";
import type { Names } from "./names.ts";
import { formatCount, formatDuration, formatTime } from "./units.ts";
import { listOf } from "./value.ts";

/** One of the two runs. */
export interface ComparedRun {
  readonly events: EventLookup;
  readonly names: Names;
  /** How the protocol's messages read. */
  readonly words?: Words | undefined;
}

export interface DifferenceOptions {
  /** How many causes are told, from the event back. */
  readonly causes?: number | undefined;
  /** How many events are told before the first that differs, and how many from there. */
  readonly context?: number | undefined;
}

/** An event in words. */
export interface ToldEvent {
  readonly event: number;
  readonly timeNs: number;
  readonly text: string;
  /** Whether both runs have it. */
  readonly common: boolean;
}

/** One side of the place where two runs part. */
export interface SideOfDifference {
  /** The first event that differs, as it is here, whole; null where this run is over. */
  readonly here: TraceEvent | null;
  /** The same in words; null where this run is over. */
  readonly text: string | null;
  /** The last events that both have, and then those of this side alone. */
  readonly context: readonly ToldEvent[];
  /** The event, its cause, and so on. */
  readonly causes: readonly ToldEvent[];
  /** True where there are further causes. */
  readonly isCut: boolean;
  /** What happens here of what the other run has at that place: the same later, or at another time; null: nothing that was found. */
  readonly counterpart: ToldEvent | null;
}

export interface Difference {
  /** The number of the first event that differs, which is how many both have in common; null where only their bytes differ. */
  readonly event: number | null;
  /** Its virtual time in nanoseconds, on the side where it is earlier. */
  readonly timeNs: number | null;
  readonly kind: DifferenceKind;
  /** What it is about. */
  readonly what: string;
  /** One or two sentences. */
  readonly detail: string;
  readonly fields: readonly FieldDifference[];
  readonly a: SideOfDifference;
  readonly b: SideOfDifference;
}

const SEARCHED_EVENTS = 16_384;
const nothing: SideOfDifference = { here: null, text: null, context: [], causes: [], isCut: false, counterpart: null };

/** Explains a comparison of these two runs; undefined where they are equal. */
export function explainDifference(found: Comparison, a: ComparedRun, b: ComparedRun, { causes = 6, context = 3 }: DifferenceOptions = {}): Difference | undefined {
  if (found.type === "equal") return undefined;
  if (found.type === "encoding") {
    const detail = "Every event is the same in both; the bytes of their events are not, as the fields of a trace were others when one of them was written.";
    return { event: null, timeNs: null, kind: "encoding", what: "how the events are written down", detail, fields: [], a: nothing, b: nothing };
  }
  const { event: at, a: here, b: there } = found;
  const [hereInB, thereInA] = [counterpartOf(here, b.events, at), counterpartOf(there, a.events, at)];
  const sideOf = (run: ComparedRun, event: TraceEvent | undefined, counterpart: TraceEvent | undefined): SideOfDifference => ({
    here: event ?? null,
    text: event === undefined ? null : inWords(run, event),
    context: contextOf(run, at, context),
    ...causesOf(run, event, at, causes),
    counterpart: counterpart === undefined ? null : told(counterpart, run, at),
  });
  const place: Place = { at, a: { run: a, event: here, counterpart: thereInA }, b: { run: b, event: there, counterpart: hereInB } };
  return {
    event: at,
    timeNs: Math.min(here?.time ?? Infinity, there?.time ?? Infinity),
    ...withSeeds(explain(place), a, b),
    fields: here === undefined || there === undefined ? [] : differingFields(here, there),
    a: sideOf(a, here, thereInA),
    b: sideOf(b, there, hereInB),
  };
}

/** Both sides at the first event that differs. A side's counterpart is what it has of the other side's event. */
interface Place {
  readonly at: number;
  readonly a: PlaceSide;
  readonly b: PlaceSide;
}

interface PlaceSide {
  readonly run: ComparedRun;
  readonly event: TraceEvent | undefined;
  readonly counterpart: TraceEvent | undefined;
}

type Explained = Matter & { readonly detail: string };

function explain({ at, a, b }: Place): Explained {
  if (a.event === undefined || b.event === undefined) return explainEnd(at, a, b);
  const [ofA, ofB] = [aboutOf(a, a.event), aboutOf(b, b.event)];
  if (ofA.kind === "end" || ofB.kind === "end") return explainEnd(at, a, b);
  if (a.event.kind === b.event.kind && isCounterpart(a.event, b.event)) return explainContent(a.event, b.event, a.run, ofA);
  const isSameHandler = ofA.kind === "effects" && ofB.kind === "effects" && a.event.cause >= 0 && a.event.cause === b.event.cause;
  if (isSameHandler) return { ...ofA, detail: `${causeInWords(a.run, a.event.cause)} leads to “${inWords(a.run, a.event)}” in a, and to “${inWords(b.run, b.event)}” in b.` };
  return isDecisive(a, b) ? explainMoment(a.event, a.run, "a", b.counterpart, b.run, "b") : explainMoment(b.event, b.run, "b", a.counterpart, a.run, "a");
}

/** Of what chance decides: whether it is the seed by which it differs. */
function withSeeds(explained: Explained, a: ComparedRun, b: ComparedRun): Explained {
  if (explained.kind !== "chance") return explained;
  const [ofA, ofB] = [a.events.trace.header.seed, b.events.trace.header.seed];
  const why = ofA === ofB ? "It is drawn from the same seed on both sides: it was asked for in another way, or from another distribution." : "It is drawn, and the seeds differ.";
  return { ...explained, detail: `${explained.detail} ${why}` };
}

const aboutOf = ({ run }: PlaceSide, event: TraceEvent): Matter => matterOf(event, run.names.nodes.length);

/** What comes first decides: the other side has not got it then. At the same time, what is not merely pushed back by the other. */
function isDecisive(a: PlaceSide, b: PlaceSide): boolean {
  const [ofA, ofB] = [a.event as TraceEvent, b.event as TraceEvent];
  if (ofA.time !== ofB.time) return ofA.time < ofB.time;
  return b.counterpart?.kind !== ofA.kind || b.counterpart.time !== ofA.time;
}

/** The same thing on both sides, and something about it differs. */
function explainContent(a: TraceEvent, b: TraceEvent, run: ComparedRun, about: Matter): Explained {
  const fields = differingFields(a, b).map(({ field }) => field);
  if (fields.every((field) => field === "nodeTime")) return { kind: "chance", what: "what a node's clock shows", detail: `${inWords(run, a)}: on its own clock at ${formatTime(a.nodeTime)} in a, and at ${formatTime(b.nodeTime)} in b.` };
  if (fields.includes("time") && a.cause >= 0) return { ...about, detail: momentInWords(a, run, "a", b, "b") };
  return { ...about, detail: `${inWords(run, a)}: it differs in ${listOf(fields.slice(0, 5))}${fields.length > 5 ? " and more" : ""}.` };
}

/** Something happens on one side, and on the other at another time or not at all. */
function explainMoment(event: TraceEvent, run: ComparedRun, side: string, counterpart: TraceEvent | undefined, other: ComparedRun, otherSide: string): Explained {
  const about = matterOf(event, run.names.nodes.length);
  if (counterpart !== undefined && counterpart.kind === event.kind) return { ...about, detail: momentInWords(event, run, side, counterpart, otherSide) };
  const here = `${inWords(run, event)} at ${formatTime(event.time)} in ${side}`;
  // Of a message that is lost here and arrives there, the loss says more.
  if (counterpart !== undefined) return { ...(counterpart.kind === "drop" ? matterOf(counterpart, run.names.nodes.length) : about), detail: `${here}; in ${otherSide} ${inWords(other, counterpart)} at ${formatTime(counterpart.time)}, as event ${counterpart.id}.` };
  const isSearchedToEnd = event.id + SEARCHED_EVENTS >= other.events.count;
  const where = isSearchedToEnd ? "up to its end" : `in the ${formatCount(SEARCHED_EVENTS)} events that follow`;
  return { ...about, detail: `${here}; ${otherSide} has nothing like it, ${where}.` };
}

/** `n3 timer election: 166ms after event 2 in a, and 201ms after it in b, as event 9`. */
function momentInWords(event: TraceEvent, run: ComparedRun, side: string, counterpart: TraceEvent, otherSide: string): string {
  const text = inWords(run, event);
  const elsewhere = counterpart.id === event.id ? "" : `, as event ${counterpart.id} there`;
  const since = event.cause >= 0 && event.cause === counterpart.cause ? run.events.at(event.cause) : undefined;
  if (since === undefined || since.time === event.time) return `${text}: at ${formatTime(event.time)} in ${side}, and at ${formatTime(counterpart.time)} in ${otherSide}${elsewhere}.`;
  const after = (one: TraceEvent): string => formatDuration(one.time - since.time);
  // Rounded, two lengths may read alike.
  const isClear = after(event) !== after(counterpart);
  const [first, second] = isClear ? [after(event), after(counterpart)] : [formatTime(event.time - since.time), formatTime(counterpart.time - since.time)];
  return `${text}: ${first} after event ${since.id} (${inWords(run, since)}) in ${side}, and ${second} after it in ${otherSide}${elsewhere}.`;
}

/** One of them is over: by its duration, by an interruption, or because its trace holds no more. */
function explainEnd(at: number, a: PlaceSide, b: PlaceSide): Explained {
  const about: Matter = { kind: "end", what: "where the run ends" };
  const [endOfA, endOfB] = [endInWords(a), endInWords(b)];
  const beforeIt = `Up to there, the ${formatCount(at)} events before it, the runs are the same.`;
  if (endOfA !== undefined && endOfB !== undefined) return { ...about, detail: `a ${endOfA}, and b ${endOfB}. ${beforeIt}` };
  const [side, end, other] = endOfA !== undefined ? ["a", endOfA, "b"] : ["b", endOfB, "a"];
  return { ...about, detail: `${side} ${end}, and ${other} goes on. ${beforeIt}` };
}

function endInWords({ run, event }: PlaceSide): string | undefined {
  const { complete, events } = run.events.trace.footer;
  const last = event === undefined ? undefined : run.events.at(events - 1);
  if (event === undefined) return `has no more than ${formatCount(events)} events`;
  if (last === undefined || matterOf(event, run.names.nodes.length).kind !== "end") return undefined;
  if (last.reason === "stop") return `ends at ${formatTime(last.time)}, at the event that its scenario names`;
  return complete ? `ends at ${formatTime(last.time)}, when its time is over` : `was interrupted at ${formatTime(last.time)}`;
}

/** What an event of one run is in the other, at the same number or soon after it; undefined where it was not found. */
function counterpartOf(event: TraceEvent | undefined, other: EventLookup, from: number): TraceEvent | undefined {
  if (event === undefined) return undefined;
  for (let id = from; id < from + SEARCHED_EVENTS; id += 1) {
    const candidate = other.at(id);
    if (candidate === undefined) return undefined;
    if (isCounterpart(event, candidate)) return candidate;
  }
  return undefined;
}

/** How a message's way may end, or go on at its receiver. */
const fates: ReadonlySet<string> = new Set(["deliver", "drop", "arrive"]);

/** The same thing in another run: all causes before the first difference are common, so that their numbers mean the same. */
function isCounterpart(a: TraceEvent, b: TraceEvent): boolean {
  if (a.node !== b.node || a.cause !== b.cause) return false;
  if (a.kind !== b.kind) return fates.has(a.kind) && fates.has(b.kind) && a.message === b.message;
  // The next operation of a client is that, whatever it asks.
  if (a.kind === "invoke") return true;
  if (a.kind === "fault" || a.kind === "faultEnd") return a.name === b.name && a.fault === b.fault;
  return a.peer === b.peer && a.name === b.name && a.key === b.key;
}

function contextOf(run: ComparedRun, at: number, most: number): ToldEvent[] {
  const lines: ToldEvent[] = [];
  for (let id = Math.max(0, at - most); id < at + most; id += 1) {
    const event = run.events.at(id);
    if (event !== undefined) lines.push(told(event, run, at));
  }
  return lines;
}

function causesOf(run: ComparedRun, event: TraceEvent | undefined, at: number, most: number): { readonly causes: ToldEvent[]; readonly isCut: boolean } {
  const causes: ToldEvent[] = [];
  let link = event;
  for (; link !== undefined && causes.length <= most; link = run.events.at(link.cause)) causes.push(told(link, run, at));
  return { causes, isCut: link !== undefined };
}

function told(event: TraceEvent, run: ComparedRun, at: number): ToldEvent {
  return { event: event.id, timeNs: event.time, text: inWords(run, event), common: event.id < at };
}

function inWords(run: ComparedRun, event: TraceEvent): string {
  try {
    return describeEvent(event, run.names, run.words);
  } catch {
    // The words are those of this version of the protocol; a message of another may have other fields.
    return describeEvent(event, run.names);
  }
}

function causeInWords(run: ComparedRun, id: number): string {
  const cause = run.events.at(id);
  return cause === undefined ? `Event ${id}` : `Event ${id} (${inWords(run, cause)})`;
}

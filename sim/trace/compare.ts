/**
 * Where two runs first differ. Each block of a trace bears the run's digest after its last event, and a digest that has
 * once become different stays different: so bisection over these lines finds the first block that differs without
 * reading any, and that block alone is decoded.
 */
import { type EventField, eventFields, type TraceBlock, type TraceEvent } from "./event.ts";
import { EventLookup } from "./lookup.ts";

export type Comparison =
  /** The same events, by their digest. */
  | { readonly type: "equal" }
  /** The same events, of which the bytes differ: a trace's fields were others when one of them was written. */
  | { readonly type: "encoding" }
  /** The first event that differs: its number, which is how many both have in common, and how it is on each side. Undefined: that run is over. */
  | { readonly type: "event"; readonly event: number; readonly a: TraceEvent | undefined; readonly b: TraceEvent | undefined };

/** Compares two runs. Throws a TraceError where what it must read is damaged. */
export function compareRuns(a: EventLookup, b: EventLookup): Comparison {
  const [ofA, ofB] = [a.trace.footer, b.trace.footer];
  if (ofA.digest === ofB.digest && ofA.events === ofB.events) return { type: "equal" };
  const common = commonBlocks(a.trace.blocks, b.trace.blocks);
  const event = firstDifference(a, b, a.trace.blocks[common - 1]);
  return event === undefined ? { type: "encoding" } : { type: "event", event, a: a.at(event), b: b.at(event) };
}

/** How many blocks from the start are the same in both: as many events with the same digest. Compares O(log blocks) of them. */
export function commonBlocks(a: readonly TraceBlock[], b: readonly TraceBlock[]): number {
  let low = 0;
  let high = Math.min(a.length, b.length);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSameSoFar(a[middle] as TraceBlock, b[middle] as TraceBlock)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Only at equal numbers of events do two digests say anything about each other. */
function isSameSoFar(a: TraceBlock, b: TraceBlock): boolean {
  return a.digest === b.digest && a.event + a.events === b.event + b.events;
}

/**
 * The first event that differs after a block that is common. Mostly it lies in the next one; where blocks are cut
 * in other places, or the bytes differ and not the events, it takes reading on from there. Undefined: none does.
 */
function firstDifference(a: EventLookup, b: EventLookup, common: TraceBlock | undefined): number | undefined {
  const shorter = Math.min(a.count, b.count);
  let id = common === undefined ? 0 : common.event + common.events;
  while (id < shorter && isSameEvent(a.at(id) as TraceEvent, b.at(id) as TraceEvent)) id += 1;
  return id < Math.max(a.count, b.count) ? id : undefined;
}

const fields = ["kind", ...(Object.keys(eventFields) as EventField[])] as const;

/** True where both would have the same bytes: also the names in a record stand in the same order. */
function isSameEvent(a: TraceEvent, b: TraceEvent): boolean {
  return fields.every((field) => isSameValue(a[field], b[field]));
}

/** A field of an event that differs. Of plain data the path inside it: `data.term`. */
export interface FieldDifference {
  readonly field: string;
  /** Undefined: it is not there. */
  readonly a: unknown;
  readonly b: unknown;
}

/** The fields in which two events differ. Their numbers are left out: they are compared because these are equal. */
export function differingFields(a: TraceEvent, b: TraceEvent): FieldDifference[] {
  const found: FieldDifference[] = [];
  for (const field of fields) if (field !== "id") collect(field, a[field], b[field], found);
  return found;
}

/** The parts in which two records of plain data differ, each by its path. */
export function differingParts(a: { readonly [key: string]: unknown }, b: { readonly [key: string]: unknown }): FieldDifference[] {
  const found: FieldDifference[] = [];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) collect(key, a[key], b[key], found);
  return found;
}

function collect(field: string, a: unknown, b: unknown, into: FieldDifference[]): void {
  if (isSameValue(a, b)) return;
  const before = into.length;
  const [keysOfA, keysOfB] = [keysOf(a), keysOf(b)];
  if (keysOfA !== undefined && keysOfB !== undefined && Array.isArray(a) === Array.isArray(b)) {
    for (const key of new Set([...keysOfA, ...keysOfB])) collect(`${field}.${key}`, (a as Data)[key], (b as Data)[key], into);
  }
  // Where nothing inside differs it is the order of the names, which is a part of the run as well.
  if (into.length === before) into.push({ field, a, b });
}

type Data = { readonly [key: string]: unknown };

function keysOf(value: unknown): string[] | undefined {
  return typeof value === "object" && value !== null ? Object.keys(value) : undefined;
}

/** Plain data that is the same to the bit: NaN is itself, and -0 is not 0. */
function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  const [keysOfA, keysOfB] = [keysOf(a), keysOf(b)];
  if (keysOfA === undefined || keysOfB === undefined || Array.isArray(a) !== Array.isArray(b)) return false;
  if (keysOfA.length !== keysOfB.length) return false;
  return keysOfA.every((key, index) => key === keysOfB[index] && isSameValue((a as Data)[key], (b as Data)[key]));
}

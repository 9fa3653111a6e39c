/**
 * What every node showed at every event. Each field of each node keeps the list of its values with the events at which
 * they came, so the value at any event is one binary search, and what an event changed is known without comparing.
 * Logs share their entries between values; plain records keep a full copy every so often and what changed in between.
 */
import type { Change, FieldChange } from "../../sim/trace/event.ts";
import { ShownLog } from "../../sim/trace/log.ts";
import { setField } from "../../sim/trace/value.ts";
import { firstAbove } from "./columns.ts";

/** A full copy of a record is kept after this many changes, or as many as it has keys. */
const COPY_EVERY = 32;

type PlainRecord = { readonly [key: string]: unknown };
type RecordChange = Extract<FieldChange, { type: "record" }>;

/** One field of one node, over the run. */
class FieldTrack {
  readonly events: number[] = [];
  /** Values; of a record, changes between full copies. */
  readonly #values: unknown[] = [];
  readonly #isDelta: boolean[] = [];
  #latest: unknown = undefined;
  /** Of a record: its latest contents, changed in place while the run is read. */
  #working: Record<string, unknown> | undefined;
  #sinceCopy = 0;
  /** How many keys the last full copy has. */
  #copySize = 0;

  push(event: number, change: FieldChange): void {
    // Several changes after one event leave one value, which must be a full one, as it stands for all of them.
    const again = this.events.at(-1) === event;
    if (again) this.#dropLast();
    this.events.push(event);
    if (change.type === "record") this.#pushRecord(change, again);
    else this.#pushFull((this.#latest = applied(this.#working ?? this.#latest, change)));
  }

  /** The value after an event; undefined before the first. */
  at(event: number): unknown {
    const position = firstAbove(this.events, event) - 1;
    if (position < 0) return undefined;
    let full = position;
    while (this.#isDelta[full]) full -= 1;
    if (full === position) return this.#values[full];
    const record = { ...(this.#values[full] as PlainRecord) };
    for (let delta = full + 1; delta <= position; delta += 1) applyInPlace(record, this.#values[delta] as RecordChange);
    return record;
  }

  /** The event at which the value that holds at `event` came, or -1. */
  since(event: number): number {
    return this.events[firstAbove(this.events, event) - 1] ?? -1;
  }

  #pushFull(value: unknown): void {
    this.#working = undefined;
    this.#values.push(value);
    this.#isDelta.push(false);
  }

  #pushRecord(change: RecordChange, again: boolean): void {
    const isFirst = this.#working === undefined;
    this.#working ??= isPlainRecord(this.#latest) ? { ...this.#latest } : {};
    applyInPlace(this.#working, change);
    this.#sinceCopy += 1;
    const isDelta = !isFirst && !again && this.#sinceCopy < Math.max(COPY_EVERY, this.#copySize);
    this.#isDelta.push(isDelta);
    if (isDelta) return void this.#values.push(change);
    this.#sinceCopy = 0;
    this.#copySize = Object.keys(this.#working).length;
    this.#values.push({ ...this.#working });
  }

  #dropLast(): void {
    this.events.pop();
    this.#values.pop();
    this.#isDelta.pop();
  }
}

function isPlainRecord(value: unknown): value is PlainRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ShownLog);
}

function applyInPlace(record: Record<string, unknown>, change: RecordChange): void {
  for (const key of change.gone) delete record[key];
  for (const key of Object.keys(change.set)) setField(record, key, change.set[key]);
}

/** A field's value after it was set, or after its log was cut and appended to. */
function applied(before: unknown, change: Exclude<FieldChange, RecordChange>): unknown {
  if (change.type === "set") return change.value;
  const log = before instanceof ShownLog ? before : ShownLog.of(Array.isArray(before) ? before : []);
  return log.changed(change.from, change.entries);
}

/** One node's field at a moment. */
export interface FieldAt {
  readonly field: string;
  readonly value: unknown;
  /** The event at which it came to this value. */
  readonly since: number;
}

/** What all nodes showed, over the run. */
export class FieldHistory {
  readonly #nodes: Map<string, FieldTrack>[];

  constructor(nodes: number) {
    this.#nodes = Array.from({ length: nodes }, () => new Map<string, FieldTrack>());
  }

  push(event: number, node: number, change: Change): void {
    const tracks = this.#nodes[node];
    if (tracks === undefined) return;
    for (const field in change) {
      let track = tracks.get(field);
      if (track === undefined) tracks.set(field, (track = new FieldTrack()));
      track.push(event, change[field] as FieldChange);
    }
  }

  /** The names of a node's fields, in the order in which they were first shown. */
  fieldsOf(node: number): string[] {
    return [...(this.#nodes[node]?.keys() ?? [])];
  }

  valueAt(event: number, node: number, field: string): unknown {
    return this.#nodes[node]?.get(field)?.at(event);
  }

  sinceAt(event: number, node: number, field: string): number {
    return this.#nodes[node]?.get(field)?.since(event) ?? -1;
  }

  /** Everything that a node showed after an event; fields that were gone or not yet there are left out. */
  nodeAt(event: number, node: number): FieldAt[] {
    const fields: FieldAt[] = [];
    for (const [field, track] of this.#nodes[node] ?? []) {
      const value = track.at(event);
      if (value !== undefined) fields.push({ field, value, since: track.since(event) });
    }
    return fields;
  }
}

/** Answers the page's questions about a run that the worker holds. */
import { describeEvent, type Words } from "../../sim/explain/event.ts";
import type { Names } from "../../sim/explain/names.ts";
import { eventSchema } from "../../sim/trace/event.ts";
import { ShownLog } from "../../sim/trace/log.ts";
import { effectsAt } from "./effects.ts";
import type { FieldAt } from "./fields.ts";
import { NEVER } from "./intervals.ts";
import type { Recorder, RunData } from "./recorder.ts";
import type { Details, FieldDifference, FieldShown, Mention, OpenField, Shown, Want } from "./wire.ts";

/** So many effects are named; the rest is counted. */
const EFFECTS_NAMED = 12;
/** So many entries at the end of a log are shown with a node. */
const TAIL = 50;

export class Desk {
  readonly #recorder: Recorder;
  readonly #names: Names;
  readonly #words: Words;
  readonly #effects: RunData["effects"];
  /** By message and by operation: the events at which it began and ended. */
  readonly #flights: Map<number, readonly [start: number, end: number]>;
  readonly #operations: Map<number, readonly [start: number, end: number]>;

  /** Copies what it needs of the data, which is about to be transferred away. */
  constructor(recorder: Recorder, data: RunData, words: Words) {
    this.#recorder = recorder;
    this.#names = data.story.header;
    this.#words = words;
    this.#effects = { events: data.effects.events.slice(), offset: data.effects.offset.slice() };
    this.#flights = byNumber(data.flights, data.columns.message);
    this.#operations = byNumber(data.operations, data.columns.operation);
  }

  sentence(event: number): string {
    return describeEvent(this.#recorder.eventAt(event), this.#names, this.#words);
  }

  shown(want: Want): Shown {
    const { fields } = this.#recorder;
    const nodes = this.#names.nodes.map((_, node) => fields.nodeAt(want.event, node));
    const event = want.node === undefined ? undefined : nodes[want.node];
    return {
      event: want.event,
      nodes: nodes.map((of) => of.map(summarised)),
      open: want.field === undefined ? undefined : this.#openField(want, want.field),
      node: event?.map(inFull),
    };
  }

  details(row: number): Details | undefined {
    if (row < 0 || row >= this.#recorder.count) return undefined;
    const event = this.#recorder.eventAt(row);
    const effects = effectsAt(this.#effects, row);
    const flight = this.#flights.get(event.message);
    const operation = this.#operations.get(event.operation);
    return {
      event,
      sentence: this.sentence(row),
      means: eventSchema[event.kind].means,
      cause: event.cause < 0 ? undefined : this.#mention(event.cause),
      effects: [...effects.subarray(0, EFFECTS_NAMED)].map((effect) => this.#mention(effect)),
      effectCount: effects.length,
      changes: this.#changes(row),
      lines: this.#recorder.lines.filter((line) => line.event === row),
      operation: operation === undefined ? undefined : { begin: this.#mention(operation[0]), end: operation[1] === NEVER ? undefined : this.#mention(operation[1]) },
      counterpart: this.#counterpart(row, flight),
      contents: event.data ?? (flight === undefined ? null : this.#recorder.eventAt(this.#original(flight[0])).data),
    };
  }

  #mention(event: number): Mention {
    return { event, timeNs: this.#recorder.eventAt(event).time, sentence: this.sentence(event) };
  }

  #counterpart(row: number, flight: readonly [number, number] | undefined): Mention | undefined {
    if (flight === undefined) return undefined;
    const [start, end] = flight;
    if (row !== start) return this.#mention(start);
    return end === NEVER ? undefined : this.#mention(end);
  }

  /** Of a duplicate's event, the send of the message that it copies. */
  #original(start: number): number {
    const event = this.#recorder.eventAt(start);
    return event.kind === "duplicate" ? (this.#flights.get(event.of)?.[0] ?? start) : start;
  }

  #openField(want: Want, field: string): Shown["open"] {
    const values = this.#names.nodes.map((_, node) => this.#recorder.fields.valueAt(want.event, node, field));
    const longest = Math.max(0, ...values.map((value) => (value instanceof ShownLog ? value.length : 0)));
    const top = Math.max(0, want.top === "tail" ? longest - want.rows : want.top);
    return { field, top, of: values.map((value) => opened(value, top, want.rows)) };
  }

  #changes(row: number): FieldDifference[] {
    const { fields } = this.#recorder;
    return this.#names.nodes.flatMap((_, node) =>
      fields
        .fieldsOf(node)
        .filter((field) => fields.sinceAt(row, node, field) === row)
        .map((field) => difference(node, field, fields.valueAt(row - 1, node, field), fields.valueAt(row, node, field))),
    );
  }
}

function byNumber(pairs: { start: Int32Array; end: Int32Array }, column: Int32Array): Map<number, readonly [number, number]> {
  const map = new Map<number, readonly [number, number]>();
  pairs.start.forEach((start, row) => map.set(column[start] as number, [start, pairs.end[row] as number]));
  return map;
}

function difference(node: number, field: string, before: unknown, after: unknown): FieldDifference {
  if (!(after instanceof ShownLog)) return { node, field, before: plain(before), after: plain(after), log: undefined };
  const old = before instanceof ShownLog ? before : ShownLog.empty;
  const kept = old.commonPrefix(after);
  return { node, field, before: undefined, after: undefined, log: { cut: old.length - kept, length: after.length, appended: after.slice(kept, kept + TAIL) } };
}

/** A log cannot be cloned; the page gets an array. */
function plain(value: unknown): unknown {
  return value instanceof ShownLog ? value.slice() : value;
}

function summarised({ field, value, since }: FieldAt): FieldShown {
  if (value instanceof ShownLog) return { name: field, value: undefined, summary: { type: "log", length: value.length }, since };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { name: field, value, summary: undefined, since };
  return { name: field, value: undefined, summary: { type: "record", size: Object.keys(value).length }, since };
}

function inFull({ field, value, since }: FieldAt): FieldShown {
  if (!(value instanceof ShownLog)) return { name: field, value, summary: undefined, since };
  return { name: field, value: value.slice(Math.max(0, value.length - TAIL)), summary: { type: "log", length: value.length }, since };
}

function opened(value: unknown, top: number, rows: number): OpenField {
  if (value instanceof ShownLog) return { type: "log", length: value.length, entries: value.slice(top, top + rows) };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { type: "none" };
  return { type: "record", record: value as { readonly [key: string]: unknown } };
}

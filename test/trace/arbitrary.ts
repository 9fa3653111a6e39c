/** Arbitrary values, events and annotations for the properties of this folder. */
import fc from "fast-check";
import {
  type Annotation, clearEvent, type EventField, eventKinds, eventSchema, TraceEvent, type TraceHeader,
} from "../../sim/trace/event.ts";
import { traceKinds } from "../../sim/trace/schema.ts";

export const anyText = fc.oneof(
  fc.constantFrom("", "n1", "AppendEntries", "term", "__proto__", "constructor", "\ud800", "x\udfffy", "日本", "😀"),
  fc.constantFrom("ü".repeat(40), "a".repeat(200)),
  fc.string({ unit: "binary", maxLength: 40 }),
);

export const anyNumber = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 127, 128, -32, -33, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53 - 1, -(2 ** 53 - 1)),
  fc.constantFrom(2 ** 53, NaN, Infinity, -Infinity, 0.1),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
);

/** Plain data, as deep as a message may be. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, fc.constantFrom(null, true, false), anyNumber, anyText, tie("list"), tie("record")),
  list: fc.oneof(fc.array(tie("value"), { maxLength: 20 }), fc.array(fc.integer(), { minLength: 14, maxLength: 18 })),
  record: fc.oneof(
    fc.dictionary(anyText, tie("value"), { maxKeys: 6, noNullPrototype: true }),
    fc.dictionary(fc.string({ maxLength: 3 }), fc.integer(), { minKeys: 14, maxKeys: 20, noNullPrototype: true }),
  ),
})).value;

const anyCount = fc.oneof(fc.nat({ max: 300 }), fc.nat(), fc.maxSafeNat());
const anyId = fc.oneof(fc.constant(-1), fc.nat({ max: 300 }), fc.nat());
const anyEventData = fc.record({
  kind: fc.constantFrom(...eventKinds),
  wait: fc.oneof(fc.nat({ max: 300_000 }), fc.nat({ max: 5_000_000_000 })),
  back: fc.nat({ max: 30 }),
  skew: fc.oneof(fc.integer(), fc.integer({ min: -(2 ** 45), max: 2 ** 45 })),
  ids: fc.tuple(anyId, anyId, anyId, anyId, anyId, anyId, anyId),
  counts: fc.tuple(anyCount, anyCount, anyCount, anyCount),
  texts: fc.tuple(anyText, anyText, anyText),
  data: anyValue,
});

type EventData = typeof anyEventData extends fc.Arbitrary<infer Data> ? Data : never;

/** Events as a run could give them: consecutive, time never going back, and only the fields of their kind. */
export const anyEvents: fc.Arbitrary<TraceEvent[]> = fc.array(anyEventData, { maxLength: 60 }).map((list) => {
  let time = 0;
  return list.map((data, id) => makeEvent(data, id, (time += data.wait)));
});

function makeEvent(from: EventData, id: number, time: number): TraceEvent {
  const [node, operation, process, message, peer, fault, of] = from.ids;
  const [incarnation, attempt, bytes, queue] = from.counts;
  const [name, key, reason] = from.texts;
  const ids = { node, operation, process, message, peer, fault, of };
  const all = { ...ids, incarnation, attempt, bytes, queue, name, key, reason, nodeTime: time + from.skew, data: from.data };
  const event = emptyEvent(id, time);
  event.kind = from.kind;
  event.cause = from.back === 0 || from.back > id ? -1 : id - from.back;
  for (const field of eventSchema[from.kind].fields) {
    Object.assign(event, { [field]: all[field as Exclude<EventField, "id" | "time" | "cause">] });
  }
  return event;
}

export function emptyEvent(id: number, time: number): TraceEvent {
  const event = new TraceEvent();
  clearEvent(event);
  event.id = id;
  event.time = time;
  return event;
}

const anyRecord = fc.dictionary(anyText, anyValue, { maxKeys: 4, noNullPrototype: true });

/** A change of one field, as a protocol's state could make it. */
const anyFieldChange = fc.oneof(
  anyValue.map((value) => ({ type: "set" as const, value })),
  fc.constant({ type: "set" as const, value: undefined }),
  fc.record({ type: fc.constant("record" as const), set: anyRecord, gone: fc.array(anyText, { maxLength: 3 }) }),
  fc.record({ type: fc.constant("log" as const), from: fc.nat({ max: 5 }), entries: fc.array(anyValue, { maxLength: 3 }) }),
);

const anyChange = fc.dictionary(anyText, anyFieldChange, { maxKeys: 4, noNullPrototype: true });
const anyViolation = fc.record({
  invariant: anyText,
  time: fc.nat(),
  nodes: fc.array(anyText, { maxLength: 2 }),
  message: anyText,
  event: fc.nat(),
});

/** Annotations that are made after an event, of it or of one before. */
export function anyAnnotation(lastEvent: number): fc.Arbitrary<Annotation> {
  const event = fc.nat({ max: lastEvent });
  const node = fc.nat({ max: 2 });
  const level = fc.constantFrom("info", "warn");
  return fc.oneof(
    fc.record({ type: fc.constant("change" as const), event, node, change: anyChange }),
    fc.record({ type: fc.constant("log" as const), event, node, level, text: anyText, fields: anyValue }),
    fc.record({ type: fc.constant("violation" as const), event, violation: anyViolation }),
  );
}

export const header: TraceHeader = {
  version: 1,
  program: "0.1.0",
  protocol: "raft",
  seed: 7,
  scenario: "Three nodes",
  source: "version: 1\nname: Three nodes\n",
  nodes: ["n1", "n2", "n3"],
  clients: ["c1"],
  durationNs: 20_000_000_000,
  kinds: traceKinds,
};

/** A long run with everything in it, the same at every call: for what needs several blocks. */
export function busyRun(count: number, each: (event: TraceEvent, annotations: readonly Annotation[]) => void): void {
  const event = emptyEvent(0, 0);
  const log = { length: 0 };
  for (let id = 0; id < count; id += 1) {
    clearEvent(event);
    event.id = id;
    event.time += 1000 + ((id * 7919) % 90_000);
    event.cause = Math.max(-1, id - 1 - (id % 3));
    event.node = id % 3;
    fill(event, id);
    if (eventSchema[event.kind].fields.includes("nodeTime")) {
      event.incarnation = 1;
      event.nodeTime = event.time + (id % 3) * 1_000_000;
    }
    each(event, annotate(event, log));
  }
}

/** In turn a message, its end, an operation's beginning or end, and a timer. */
function fill(event: TraceEvent, id: number): void {
  const message = { message: id - (id % 4), name: "Append" };
  const operation = { node: 3, operation: id >> 3, process: 0, name: "write", key: `k${id % 5}`, data: id };
  if (id < 3) event.kind = "boot";
  else if (id % 4 === 0) Object.assign(event, message, { kind: "send", peer: (id + 1) % 3, bytes: 40, data: { type: "Append", term: 1, index: id } });
  else if (id % 4 === 1) Object.assign(event, message, { kind: id % 8 === 1 ? "drop" : "deliver", peer: (id + 2) % 3 });
  else if (id % 4 === 2) Object.assign(event, operation, { kind: id % 8 === 2 ? "invoke" : "ok" });
  else Object.assign(event, { kind: "timer", name: "heartbeat" });
}

/** Timers raise a term, and those of the first node append to a log, which is cut now and then. */
function annotate(event: TraceEvent, log: { length: number }): Annotation[] {
  const { id, node, time } = event;
  const annotations: Annotation[] = [];
  if (event.kind === "timer") annotations.push({ type: "change", event: id, node, change: { term: { type: "set", value: id >> 9 } } });
  if (event.kind === "timer" && node === 0) {
    const from = id % 400 === 3 ? Math.max(0, log.length - 2) : log.length;
    const entries = [{ index: from, value: id }];
    annotations.push({ type: "change", event: id, node, change: { log: { type: "log", from, entries } } });
    log.length = from + 1;
  }
  if (id % 1000 === 999) annotations.push({ type: "log", event: id, node: 0, level: "info", text: `event ${id}`, fields: { id } });
  const violation = { invariant: "made up", time, nodes: ["n1"], message: "broken", event: id };
  if (id === 5000) annotations.push({ type: "violation", event: id, violation });
  return annotations;
}

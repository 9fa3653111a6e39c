/**
 * The event schema of a trace, version 1: every kind of event, the fields it carries, and what they mean. Everything
 * that reads a run stands on this file: digest, trace file, history, metrics, explanations and the replay.
 *
 * A trace is a sequence of records. An *event* is something that happened: it has an id (its number, from 0), counts in
 * the digest, and may be the cause of others. An *annotation* says more about the event before it (what changed in what
 * a node shows, a line for people, a broken invariant) and never counts in the digest, so that what is watched does not
 * change what is run.
 */

export const TRACE_VERSION = 1;

/** Every kind of event, in the order of its code in a trace file. New kinds go to the end. */
export const eventKinds = [
  "boot",
  "crash",
  "pause",
  "resume",
  "send",
  "duplicate",
  "deliver",
  "drop",
  "timer",
  "persist",
  "write",
  "synced",
  "emit",
  "invoke",
  "ok",
  "fail",
  "info",
  "fault",
  "faultEnd",
  "end",
  "corrupt",
  "arrive",
  "connect",
  "disconnect",
  "diskError",
  "damage",
  "recover",
  "wait",
] as const;
export type EventKind = (typeof eventKinds)[number];

/** The fields of an event, in the order in which they are encoded. New fields go to the end. */
export const eventFields = {
  id: "The event's number in the run, from 0.",
  time: "Virtual time in nanoseconds.",
  cause: "The id of the event that caused it; -1 where nothing in the run did.",
  node: "The endpoint where it happened: nodes count from 0 in the scenario's order, clients follow them. -1: nowhere.",
  incarnation: "Which boot of the node, from 1; 0 before the first, and for clients.",
  nodeTime: "The node's own clock in nanoseconds, which may be wrong.",
  operation: "The client operation that it serves, from 0; -1 where none.",
  attempt: "Which attempt of that operation, from 1; 0 where none.",
  process: "In operations: the process of the history. -1 elsewhere.",
  message: "The message's id, from 0; -1 where none. A duplicate has an id of its own.",
  peer: "The other endpoint of a message: of a send the receiver, of a delivery or drop the sender. -1 elsewhere.",
  bytes: "The size of a message or of what was written, in bytes, by the canonical encoding.",
  fault: "The fault's number, from 0, that did it; -1 where none.",
  name: "A message's type, a timer's or protocol event's name, an operation's f, a fault's kind, a file's name, what a crash lost.",
  key: "A timer's key, or the key of an operation.",
  reason: "Why a message was dropped, an operation failed, or a node crashed of itself.",
  of: "Of a duplicate, the id of the message that it copies. -1 elsewhere.",
  data: "Plain data: a message's contents, an event's fields, an operation's value, whom a fault struck.",
  queue: "How many messages wait at a busy node or for a busy link, this one included.",
} as const;
export type EventField = keyof typeof eventFields;

/** What each kind means, and which fields it carries besides id, time and cause. The others hold their empty value. */
export const eventSchema: { readonly [Kind in EventKind]: { readonly means: string; readonly fields: readonly EventField[] } } = {
  boot: { means: "A node starts.", fields: ["node", "incarnation", "nodeTime", "fault"] },
  crash: { means: "A node stops at once. name: what its disk lost; reason: the error, where its handler threw.", fields: ["node", "incarnation", "nodeTime", "fault", "name", "reason"] },
  pause: { means: "A node stops and does not know it.", fields: ["node", "incarnation", "nodeTime", "fault"] },
  resume: { means: "A paused node goes on.", fields: ["node", "incarnation", "nodeTime", "fault"] },
  send: { means: "A message leaves. A request or reply of a client operation is one too.", fields: ["node", "incarnation", "nodeTime", "operation", "attempt", "message", "peer", "bytes", "name", "data"] },
  duplicate: { means: "The network makes a second copy of a message.", fields: ["node", "operation", "attempt", "message", "peer", "fault", "name", "of"] },
  deliver: { means: "A message arrives, and its handler runs.", fields: ["node", "incarnation", "nodeTime", "operation", "attempt", "message", "peer", "name"] },
  drop: { means: "A message is lost. node: where it was to go; reason: loss, cut, down, queue (the link's was full), checksum (it was corrupt), reset (its connection broke), inbox (the node shed it).", fields: ["node", "operation", "attempt", "message", "peer", "fault", "name", "reason"] },
  timer: { means: "A timer of a node fires, and its handler runs.", fields: ["node", "incarnation", "nodeTime", "name", "key"] },
  persist: { means: "A node's durable state has been captured, and a sync is asked for.", fields: ["node", "incarnation", "nodeTime", "bytes"] },
  write: { means: "A file is appended to or truncated. name: the file; data: the entry, or the length.", fields: ["node", "incarnation", "nodeTime", "bytes", "name", "reason", "data"] },
  synced: { means: "A sync is done: what was captured and written before it began is durable.", fields: ["node", "incarnation", "nodeTime"] },
  emit: { means: "Something happened in the protocol's own words. data: its fields.", fields: ["node", "incarnation", "nodeTime", "operation", "attempt", "name", "data"] },
  invoke: { means: "A client begins an operation. data: its argument.", fields: ["node", "operation", "process", "name", "key", "data"] },
  ok: { means: "An operation happened. data: what it returned, or its argument.", fields: ["node", "operation", "process", "name", "key", "data"] },
  fail: { means: "An operation did not happen, or its comparison was false (reason: mismatch).", fields: ["node", "operation", "process", "name", "key", "reason", "data"] },
  info: { means: "An operation may have happened, or may happen at any later time. reason: why nothing is known.", fields: ["node", "operation", "process", "name", "key", "reason", "data"] },
  fault: { means: "A fault begins. data: { name?, nodes, did, … }: whom it struck, and whether it did anything.", fields: ["fault", "name", "data"] },
  faultEnd: { means: "A fault ends, and undoes itself alone.", fields: ["fault", "name", "data"] },
  end: { means: "The run ends. reason: duration, stop (an event at which it was to end), or interrupted.", fields: ["reason"] },
  corrupt: { means: "A message is changed on its way, and no checksum tells. data: what its receiver will get.", fields: ["node", "operation", "attempt", "message", "peer", "fault", "name", "data"] },
  arrive: { means: "A message waits in the inbox of a node that is busy.", fields: ["node", "incarnation", "nodeTime", "operation", "attempt", "message", "peer", "name", "queue"] },
  connect: { means: "An ordered connection to a peer is made anew after it broke.", fields: ["node", "incarnation", "nodeTime", "peer"] },
  disconnect: { means: "A node learns that its connection to a peer broke, and what it lost. data: { lost }, the messages by id.", fields: ["node", "incarnation", "nodeTime", "peer", "fault", "data"] },
  diskError: { means: "A node hears that a write or a sync failed. name: which of them; reason: full, or failed.", fields: ["node", "incarnation", "nodeTime", "fault", "name", "reason"] },
  damage: { means: "What a disk holds is no longer what was written. name: the file, or empty for the saved state; reason: bitrot, lost, misdirected.", fields: ["node", "fault", "name", "reason", "data"] },
  recover: { means: "A node that starts finds its disk damaged. name: what it does about it: halt, discard, truncate.", fields: ["node", "incarnation", "nodeTime", "name", "reason", "data"] },
  wait: { means: "A message waits for its link, which is busy with others. data: for how long, in nanoseconds.", fields: ["node", "operation", "attempt", "message", "peer", "name", "data", "queue"] },
};

/**
 * One event. All fields are always there, so that the engine sees one shape; a kind's own fields are in
 * {@link eventSchema}, the others are empty. The simulator reuses one object for all events: keep a copy, not it.
 */
export class TraceEvent {
  id = 0;
  kind: EventKind = "end";
  time = 0;
  cause = -1;
  node = -1;
  incarnation = 0;
  nodeTime = 0;
  operation = -1;
  attempt = 0;
  process = -1;
  message = -1;
  peer = -1;
  bytes = 0;
  fault = -1;
  name = "";
  key = "";
  reason = "";
  of = -1;
  data: unknown = null;
  queue = 0;
}

/** Gives every field but id, kind, time and cause its empty value. */
export function clearEvent(event: TraceEvent): void {
  event.node = -1;
  event.incarnation = 0;
  event.nodeTime = 0;
  event.operation = -1;
  event.attempt = 0;
  event.process = -1;
  event.message = -1;
  event.peer = -1;
  event.bytes = 0;
  event.fault = -1;
  event.name = "";
  event.key = "";
  event.reason = "";
  event.of = -1;
  event.data = null;
  event.queue = 0;
}

/** How one field of what a node shows changed. */
export type FieldChange =
  /** A new value; undefined: the field is gone. */
  | { readonly type: "set"; readonly value: unknown }
  /** A plain record: these keys have new values, those are gone. */
  | { readonly type: "record"; readonly set: { readonly [key: string]: unknown }; readonly gone: readonly string[] }
  /** A log: it is cut to `from` entries, and then these are appended. */
  | { readonly type: "log"; readonly from: number; readonly entries: readonly unknown[] };

/** What changed in what a node shows, by field. */
export type Change = { readonly [field: string]: FieldChange };

/** A broken invariant, as a run reports it. */
export interface Violation {
  readonly invariant: string;
  /** Virtual time in nanoseconds. */
  readonly time: number;
  readonly nodes: readonly string[];
  readonly message: string;
  /** The id of the event after which it showed. */
  readonly event: number;
}

/** The level of the lines by which a protocol marks something good or rare (`ctx.sometimes`); their text is its name. */
export const SOMETIMES = "sometimes";

export type Annotation =
  | { readonly type: "change"; readonly event: number; readonly node: number; readonly change: Change }
  | { readonly type: "log"; readonly event: number; readonly node: number; readonly level: string; readonly text: string; readonly fields: unknown }
  | { readonly type: "violation"; readonly event: number; readonly violation: Violation };

/** Whoever watches a run: digest, trace writer, history, metrics. `event` is reused by the caller; copy what is kept. */
export interface TraceSink {
  event(event: TraceEvent): void;
  annotation?(annotation: Annotation): void;
  /** False where it would pass every annotation over, so that none need be made for it; `lines`: all but lines for people. */
  readonly takesAnnotations?: boolean | "lines";
  /** True where it replaces `bytes` that are {@link UNMEASURED} by the size of the event's data. */
  readonly measures?: boolean;
}

/**
 * Stands for the `bytes` of an event whose data nobody has measured yet. Who encodes the data has its size as well:
 * measured beforehand it would be walked through twice, which made encoding a fifth slower.
 */
export const UNMEASURED = -1;

/** The first part of a trace file: what it needs to be read, understood, and run again. */
export interface TraceHeader {
  readonly version: number;
  /** The version of the program that wrote it. */
  readonly program: string;
  readonly protocol: string;
  readonly seed: number;
  /** The scenario's name, and its file as text, after overrides. */
  readonly scenario: string;
  readonly source: string;
  /** Names of the endpoints by their number: nodes first. */
  readonly nodes: readonly string[];
  readonly clients: readonly string[];
  /** The zone of each endpoint, nodes first, "" for one in none; left out where there are no zones. */
  readonly zones?: readonly string[];
  /** Virtual time in nanoseconds that the run was to take. */
  readonly durationNs: number;
  /** The kinds and fields as this program knows them, so that a reader of another version can follow. */
  readonly kinds: readonly { readonly kind: string; readonly fields: readonly string[] }[];
}

/** One line of a trace's table of contents. */
export interface TraceBlock {
  /** Where the block begins in the file, and how long it is, in bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** The id and the virtual time of its first event. */
  readonly event: number;
  readonly timeNs: number;
  readonly events: number;
  /** Whether it begins with the state of the whole cluster. */
  readonly keyframe: boolean;
  /** The run's digest after its last event, for bisection. */
  readonly digest: string;
}

/** What a finished trace ends with. */
export interface TraceFooter {
  readonly digest: string;
  readonly events: number;
  readonly complete: boolean;
  /** Where each block of events stands. */
  readonly blocks: readonly TraceBlock[];
  /** Anything the run's report says, as JSON: verdicts, faults, metrics. */
  readonly result: unknown;
}

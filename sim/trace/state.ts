/** The state of the cluster at a moment, as a fold over its trace: what a replay draws, and what a keyframe holds. */
import { applyChange, type Shown } from "./change.ts";
import type { Annotation, TraceEvent, TraceSink } from "./event.ts";
import { ShownLog } from "./log.ts";
import { setField } from "./value.ts";

export type NodeStatus = "down" | "up" | "paused";

/** A node at a moment. It is replaced, never changed. */
export interface NodeState {
  readonly status: NodeStatus;
  /** Counts its boots, from 1; 0 before the first. */
  readonly incarnation: number;
  /** What it shows, or showed when it was last up; undefined before that. */
  readonly shown: Shown | undefined;
}

/** A message under way, from one endpoint to another. */
export interface MessageInFlight {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  /** Virtual time in nanoseconds. */
  readonly sentAt: number;
  /** The client operation that it serves; -1 where none. */
  readonly operation: number;
  /** The id of the event by which it came to be: a send or a duplicate. */
  readonly eventId: number;
}

export interface ActiveFault {
  readonly kind: string;
  /** The name that the scenario gives it, or its kind. */
  readonly name: string;
  /** What its event says: whom it struck. */
  readonly data: unknown;
  /** Virtual time in nanoseconds. */
  readonly since: number;
}

export interface PendingOperation {
  /** The client's endpoint. */
  readonly client: number;
  readonly f: string;
  readonly key: string;
  readonly value: unknown;
  /** Virtual time in nanoseconds. */
  readonly since: number;
}

/** A {@link TraceState} as plain data. */
export interface PlainTraceState {
  readonly event: number;
  readonly time: number;
  readonly violations: number;
  readonly nodes: readonly (NodeState & { /** The fields of `shown` that are logs. */ readonly logs: readonly string[] })[];
  readonly messages: readonly (readonly [id: number, message: MessageInFlight])[];
  readonly faults: readonly (readonly [id: number, fault: ActiveFault])[];
  readonly operations: readonly (readonly [id: number, operation: PendingOperation])[];
}

const newNode: NodeState = { status: "down", incarnation: 0, shown: undefined };

export class TraceState implements TraceSink {
  /** The id of the last event; -1 before the first. */
  lastEvent = -1;
  /** The virtual time of the last event, in nanoseconds. */
  time = 0;
  /** How many violations have been reported so far. */
  violations = 0;
  /** By node number. */
  nodes: NodeState[];
  /** By id, in the order in which they came up. */
  messages = new Map<number, MessageInFlight>();
  faults = new Map<number, ActiveFault>();
  operations = new Map<number, PendingOperation>();

  /** The state before the first event. */
  constructor(nodeCount: number) {
    this.nodes = new Array<NodeState>(nodeCount).fill(newNode);
  }

  event(e: TraceEvent): void {
    this.lastEvent = e.id;
    this.time = e.time;
    switch (e.kind) {
      case "send": return this.#send(e);
      case "deliver":
      case "drop": return void this.messages.delete(e.message);
      case "duplicate": return this.#duplicate(e);
      case "boot": return this.#turn(e, "up");
      case "crash": return this.#turn(e, "down");
      case "pause": return this.#turn(e, "paused");
      case "resume": return this.#turn(e, "up");
      case "invoke": return this.#invoke(e);
      case "ok":
      case "fail":
      case "info": return void this.operations.delete(e.operation);
      case "fault": return this.#fault(e);
      case "faultEnd": return void this.faults.delete(e.fault);
    }
  }

  annotation(a: Annotation): void {
    if (a.type === "violation") this.violations += 1;
    if (a.type !== "change") return;
    const node = this.nodes[a.node];
    if (node !== undefined) {
      this.nodes[a.node] = { status: node.status, incarnation: node.incarnation, shown: applyChange(node.shown, a.change) };
    }
  }

  #turn(e: TraceEvent, status: NodeStatus): void {
    const node = this.nodes[e.node];
    if (node !== undefined) this.nodes[e.node] = { status, incarnation: e.incarnation, shown: node.shown };
  }

  #send(e: TraceEvent): void {
    this.#launch(e, e.node, e.peer);
  }

  #duplicate(e: TraceEvent): void {
    const original = this.messages.get(e.of);
    this.#launch(e, original?.from ?? e.node, original?.to ?? e.peer);
  }

  #launch(e: TraceEvent, from: number, to: number): void {
    this.messages.set(e.message, { from, to, name: e.name, sentAt: e.time, operation: e.operation, eventId: e.id });
  }

  #invoke(e: TraceEvent): void {
    this.operations.set(e.operation, { client: e.node, f: e.name, key: e.key, value: e.data, since: e.time });
  }

  /** A fault that found nobody to strike is not active. */
  #fault(e: TraceEvent): void {
    const said = (typeof e.data === "object" && e.data !== null ? e.data : {}) as { readonly name?: unknown; readonly did?: unknown };
    if (said.did === false) return;
    const name = typeof said.name === "string" ? said.name : e.name;
    this.faults.set(e.fault, { kind: e.name, name, data: e.data, since: e.time });
  }

  /** Shares everything that never changes: the entries of its lists and maps. */
  copy(): TraceState {
    const copy = new TraceState(0);
    copy.lastEvent = this.lastEvent;
    copy.time = this.time;
    copy.violations = this.violations;
    copy.nodes = this.nodes.slice();
    copy.messages = new Map(this.messages);
    copy.faults = new Map(this.faults);
    copy.operations = new Map(this.operations);
    return copy;
  }

  toPlain(): PlainTraceState {
    return {
      event: this.lastEvent,
      time: this.time,
      violations: this.violations,
      nodes: this.nodes.map((node) => ({ ...node, logs: logFields(node.shown) })),
      messages: [...this.messages],
      faults: [...this.faults],
      operations: [...this.operations],
    };
  }

  /** From a state as {@link toPlain} gives it, its logs given as arrays. */
  static fromPlain(plain: PlainTraceState): TraceState {
    const state = new TraceState(0);
    state.lastEvent = plain.event;
    state.time = plain.time;
    state.violations = plain.violations;
    state.nodes = plain.nodes.map(({ status, incarnation, shown, logs }) => ({ status, incarnation, shown: withLogs(shown, logs) }));
    state.messages = new Map(plain.messages);
    state.faults = new Map(plain.faults);
    state.operations = new Map(plain.operations);
    return state;
  }
}

function logFields(shown: Shown | undefined): string[] {
  return Object.keys(shown ?? {}).filter((field) => shown?.[field] instanceof ShownLog);
}

function withLogs(shown: Shown | undefined, logs: readonly string[]): Shown | undefined {
  if (shown === undefined || shown === null) return undefined;
  const rebuilt: { [field: string]: unknown } = { ...shown };
  for (const field of logs) setField(rebuilt, field, ShownLog.of(rebuilt[field] as readonly unknown[]));
  return rebuilt;
}

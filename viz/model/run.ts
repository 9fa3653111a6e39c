/** A run as the page holds it: columns to search, and the story beside them. Everything here answers at once. */
import { eventKinds, type EventKind } from "../../sim/trace/event.ts";
import { Axis, type AxisKind } from "./axis.ts";
import { codeOf, firstAbove, type Columns } from "./columns.ts";
import { causesOf, effectsAt, nextOf, previousOf, type Effects } from "./effects.ts";
import { Intervals, NEVER } from "./intervals.ts";
import type { RunData } from "./recorder.ts";
import { outcomes, type FaultSpan, type Outcome, type Span, type Story, type Trouble } from "./story.ts";

/** What one may jump to. */
export type Jump = "fault" | "violation" | "leader";

/** A message on its way at some moment. */
export interface Flight {
  readonly flight: number;
  readonly from: number;
  readonly to: number;
  readonly type: string;
  /** How much of its way is behind it, from 0 to 1. */
  readonly progress: number;
  /** It will not arrive. */
  readonly lost: boolean;
}

export class Run {
  readonly story: Story;
  readonly columns: Columns;
  readonly count: number;
  readonly nodes: readonly string[];
  /** Nodes, then clients. */
  readonly endpoints: readonly string[];
  readonly flights: Intervals;
  readonly operations: Intervals;
  readonly #arrived: Int32Array;
  readonly #outcome: Uint8Array;
  readonly #effects: Effects;
  readonly #axes = new Map<AxisKind, Axis>();
  readonly #jumps: { readonly [What in Jump]: readonly number[] };

  constructor(data: RunData) {
    this.story = data.story;
    this.columns = data.columns;
    this.count = data.columns.count;
    this.nodes = data.story.header.nodes;
    this.endpoints = [...this.nodes, ...data.story.header.clients];
    this.flights = new Intervals(data.flights.start, data.flights.end, this.count);
    this.operations = new Intervals(data.operations.start, data.operations.end, this.count);
    this.#arrived = data.flights.arrived;
    this.#outcome = data.operations.outcome;
    this.#effects = data.effects;
    this.#jumps = {
      fault: distinct([...this.story.faults.map((fault) => fault.begin), ...this.story.faults.map((fault) => fault.end).filter((end) => end !== NEVER), ...this.story.stops]),
      violation: distinct(this.story.troubles.map((trouble) => trouble.event)),
      leader: distinct(this.story.elections),
    };
  }

  /** When the run ends, in nanoseconds. */
  get endNs(): number {
    return this.columns.time[this.count - 1] ?? 0;
  }

  axis(kind: AxisKind): Axis {
    let axis = this.#axes.get(kind);
    if (axis === undefined) this.#axes.set(kind, (axis = new Axis(kind, this.columns.time)));
    return axis;
  }

  kindOf(event: number): EventKind {
    return eventKinds[this.columns.kind[event] as number] ?? "end";
  }

  timeOf(event: number): number {
    return this.columns.time[event] ?? 0;
  }

  nameOf(event: number): string {
    return this.columns.words[this.columns.name[event] ?? 0] ?? "";
  }

  reasonOf(event: number): string {
    return this.columns.words[this.columns.reason[event] ?? 0] ?? "";
  }

  nodeOf(event: number): number {
    return this.columns.node[event] ?? -1;
  }

  isClient(endpoint: number): boolean {
    return endpoint >= this.nodes.length;
  }

  /** The last event at or before a time in nanoseconds; the first event before it. */
  eventAt(timeNs: number): number {
    return Math.max(0, firstAbove(this.columns.time, timeNs) - 1);
  }

  causes(event: number, limit: number): number[] {
    return causesOf(this.columns.cause, event, limit);
  }

  effects(event: number): Int32Array {
    return effectsAt(this.#effects, event);
  }

  jumpsTo(what: Jump): readonly number[] {
    return this.#jumps[what];
  }

  next(what: Jump, event: number): number {
    return nextOf(this.#jumps[what], event);
  }

  previous(what: Jump, event: number): number {
    return previousOf(this.#jumps[what], event);
  }

  /** What a node was at an event. */
  spanAt(node: number, event: number): Span | undefined {
    const spans = this.story.spans[node] ?? [];
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((spans[middle] as Span).from <= event) low = middle + 1;
      else high = middle;
    }
    return spans[low - 1];
  }

  faultsAt(event: number): FaultSpan[] {
    return this.story.faults.filter((fault) => fault.begin <= event && fault.end > event);
  }

  troublesAt(event: number): Trouble[] {
    return this.story.troubles.filter((trouble) => trouble.event === event);
  }

  outcomeOf(operation: number): Outcome {
    return outcomes[this.#outcome[operation] as number] ?? "pending";
  }

  /** The event at which a message reached its node: where it was handled or lost, or came to wait before that. */
  endOfWay(flight: number): number {
    return Math.min(this.#arrived[flight] as number, this.flights.end[flight] as number);
  }

  /** How many messages wait in each node's inbox. */
  waitingAt(event: number): number[] {
    const waiting = this.nodes.map(() => 0);
    for (const flight of this.flights.openAt(event)) {
      const to = this.columns.peer[this.flights.start[flight] as number] as number;
      if ((this.#arrived[flight] as number) <= event && to < waiting.length) waiting[to] = (waiting[to] as number) + 1;
    }
    return waiting;
  }

  /** Where the messages are that left at or before an event and are still on their way. At most `limit`, the latest. */
  inFlight(event: number, timeNs: number, limit: number): { flights: Flight[]; total: number } {
    const open = this.flights.openAt(event).filter((flight) => (this.#arrived[flight] as number) > event);
    return { flights: open.slice(-limit).map((flight) => this.flightAt(flight, timeNs)), total: open.length };
  }

  flightAt(flight: number, timeNs: number): Flight {
    const { kind, node, peer } = this.columns;
    const start = this.flights.start[flight] as number;
    const end = this.endOfWay(flight);
    const left = this.timeOf(start);
    const arrives = end === NEVER ? this.endNs + 1 : this.timeOf(end);
    const progress = arrives > left ? Math.min(1, Math.max(0, (timeNs - left) / (arrives - left))) : 1;
    return { flight, from: node[start] as number, to: peer[start] as number, type: this.nameOf(start), progress, lost: end !== NEVER && kind[end] === codeOf.drop };
  }

  /** Where a reader wants to begin: the first violation, else what refutes an expectation, else the first fault. */
  opening(): number {
    const { troubles, faults } = this.story;
    const first = (pick: (trouble: Trouble) => boolean) => troubles.find(pick)?.event;
    return (
      first((trouble) => trouble.type === "violation") ??
      first((trouble) => !trouble.expected) ??
      troubles[0]?.event ??
      faults.find((fault) => fault.did)?.begin ??
      faults[0]?.begin ??
      0
    );
  }
}

function distinct(events: readonly number[]): number[] {
  return [...new Set(events)].sort((a, b) => a - b);
}

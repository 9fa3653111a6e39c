/**
 * Takes in a run, from a trace file or from the simulator itself, and keeps what the viewer needs: columns for the page,
 * and here, in the worker, the contents of messages and what every node showed. Fed once, event by event.
 */
import { TraceEvent, eventKinds, type Annotation, type TraceFooter, type TraceHeader, type TraceSink } from "../../sim/trace/event.ts";
import { Words, codeOf, grown, type Columns } from "./columns.ts";
import { effectsOf, type Effects } from "./effects.ts";
import { FieldHistory } from "./fields.ts";
import { NEVER } from "./intervals.ts";
import { StoryTeller } from "./teller.ts";
import { outcomes, type Story } from "./story.ts";

/** What the page gets, once. */
export interface RunData {
  readonly story: Story;
  readonly columns: Columns;
  readonly effects: Effects;
  /** Messages in the order in which they left: the events at which each began and ended its way, and came to wait at a busy node, if it did. */
  readonly flights: { readonly start: Int32Array; readonly arrived: Int32Array; readonly end: Int32Array };
  /** Client operations in the order of their invocation. */
  readonly operations: { readonly start: Int32Array; readonly end: Int32Array; readonly outcome: Uint8Array };
}

/** A line for people, said by a node. */
export interface LogLine {
  readonly event: number;
  readonly node: number;
  readonly level: string;
  readonly text: string;
  readonly fields: unknown;
}

const FIRST_ROOM = 1 << 15;

/** Pairs of beginnings and ends, matched by a number that the run gave them. */
class Pairs {
  start = new Int32Array(FIRST_ROOM);
  end = new Int32Array(FIRST_ROOM);
  /** Where it stopped on its way to wait, or {@link NEVER}. */
  arrived = new Int32Array(FIRST_ROOM);
  count = 0;
  #rowOf = new Int32Array(FIRST_ROOM).fill(-1);

  begin(id: number, event: number): void {
    if (id < 0) return;
    if (this.count === this.start.length) {
      this.start = grown(this.start, this.count + 1);
      this.end = grown(this.end, this.count + 1);
      this.arrived = grown(this.arrived, this.count + 1);
    }
    if (id >= this.#rowOf.length) {
      const before = this.#rowOf.length;
      this.#rowOf = grown(this.#rowOf, id + 1);
      this.#rowOf.fill(-1, before);
    }
    this.start[this.count] = event;
    this.end[this.count] = NEVER;
    this.arrived[this.count] = NEVER;
    this.#rowOf[id] = this.count;
    this.count += 1;
  }

  arrive(id: number, event: number): void {
    const row = this.#rowOf[id] ?? -1;
    if (row >= 0) this.arrived[row] = event;
  }

  /** The row of what ends, or -1 where nothing of that number began. */
  finish(id: number, event: number): number {
    const row = this.#rowOf[id] ?? -1;
    if (row >= 0 && this.end[row] === NEVER) this.end[row] = event;
    return row;
  }
}

export class Recorder implements TraceSink {
  readonly fields: FieldHistory;
  readonly lines: LogLine[] = [];
  count = 0;
  readonly #teller: StoryTeller;
  readonly #words = new Words();
  readonly #flights = new Pairs();
  readonly #operations = new Pairs();
  #outcome = new Uint8Array(FIRST_ROOM);
  #kind = new Uint8Array(FIRST_ROOM);
  #time = new Float64Array(FIRST_ROOM);
  #cause = new Int32Array(FIRST_ROOM);
  #node = new Int16Array(FIRST_ROOM);
  #peer = new Int16Array(FIRST_ROOM);
  #message = new Int32Array(FIRST_ROOM);
  #operation = new Int32Array(FIRST_ROOM);
  #fault = new Int32Array(FIRST_ROOM);
  #name = new Int32Array(FIRST_ROOM);
  #key = new Int32Array(FIRST_ROOM);
  #reason = new Int32Array(FIRST_ROOM);
  #incarnation = new Int32Array(FIRST_ROOM);
  #attempt = new Int32Array(FIRST_ROOM);
  #process = new Int32Array(FIRST_ROOM);
  #bytes = new Int32Array(FIRST_ROOM);
  #of = new Int32Array(FIRST_ROOM);
  #nodeTime = new Float64Array(FIRST_ROOM);
  readonly #data: unknown[] = [];
  /** Few events have one. */
  readonly #queue = new Map<number, number>();

  constructor(header: TraceHeader) {
    this.fields = new FieldHistory(header.nodes.length);
    this.#teller = new StoryTeller(header);
  }

  event(event: TraceEvent): void {
    const row = this.count;
    if (row === this.#kind.length) this.#grow();
    this.count += 1;
    this.#kind[row] = codeOf[event.kind];
    this.#time[row] = event.time;
    this.#cause[row] = event.cause;
    this.#node[row] = event.node;
    this.#peer[row] = event.peer;
    this.#message[row] = event.message;
    this.#operation[row] = event.operation;
    this.#fault[row] = event.fault;
    this.#name[row] = this.#words.code(event.name);
    this.#key[row] = this.#words.code(event.key);
    this.#reason[row] = this.#words.code(event.reason);
    this.#incarnation[row] = event.incarnation;
    this.#attempt[row] = event.attempt;
    this.#process[row] = event.process;
    this.#bytes[row] = event.bytes;
    this.#of[row] = event.of;
    this.#nodeTime[row] = event.nodeTime;
    this.#data.push(event.data);
    if (event.queue !== 0) this.#queue.set(row, event.queue);
    this.#pair(event, row);
    this.#teller.event(event, row);
  }

  annotation(annotation: Annotation): void {
    if (annotation.type === "change") {
      this.fields.push(annotation.event, annotation.node, annotation.change);
      this.#teller.change(annotation.event, annotation.node, annotation.change);
    } else if (annotation.type === "log") {
      this.lines.push(annotation);
    } else {
      this.#teller.violation(annotation.violation);
    }
  }

  /** The process of the history that it belongs to; -1 where it is no client's. */
  process(row: number): number {
    return this.#process[row] as number;
  }

  /** One event, whole again. */
  eventAt(row: number): TraceEvent {
    const words = this.#words.list;
    const event = new TraceEvent();
    event.id = row;
    event.kind = eventKinds[this.#kind[row] as number] ?? "end";
    event.time = this.#time[row] as number;
    event.cause = this.#cause[row] as number;
    event.node = this.#node[row] as number;
    event.incarnation = this.#incarnation[row] as number;
    event.nodeTime = this.#nodeTime[row] as number;
    event.operation = this.#operation[row] as number;
    event.attempt = this.#attempt[row] as number;
    event.process = this.#process[row] as number;
    event.message = this.#message[row] as number;
    event.peer = this.#peer[row] as number;
    event.bytes = this.#bytes[row] as number;
    event.fault = this.#fault[row] as number;
    event.name = words[this.#name[row] as number] as string;
    event.key = words[this.#key[row] as number] as string;
    event.reason = words[this.#reason[row] as number] as string;
    event.of = this.#of[row] as number;
    event.data = this.#data[row];
    event.queue = this.#queue.get(row) ?? 0;
    return event;
  }

  /** All that the page needs; copies, so that they can be transferred. */
  finish(footer: Pick<TraceFooter, "digest" | "complete" | "result">): RunData {
    const columns = this.#columns();
    const { flights, operations } = this.#paired();
    return {
      story: this.#teller.story(footer, columns, flights),
      columns,
      effects: effectsOf(columns.cause),
      flights,
      operations,
    };
  }

  #columns(): Columns {
    const count = this.count;
    return {
      count,
      words: this.#words.list,
      kind: this.#kind.slice(0, count),
      time: this.#time.slice(0, count),
      cause: this.#cause.slice(0, count),
      node: this.#node.slice(0, count),
      peer: this.#peer.slice(0, count),
      message: this.#message.slice(0, count),
      operation: this.#operation.slice(0, count),
      fault: this.#fault.slice(0, count),
      name: this.#name.slice(0, count),
      key: this.#key.slice(0, count),
      reason: this.#reason.slice(0, count),
    };
  }

  #paired(): Pick<RunData, "flights" | "operations"> {
    const cut = (pairs: Pairs) => ({ start: pairs.start.slice(0, pairs.count), end: pairs.end.slice(0, pairs.count) });
    const arrived = this.#flights.arrived.slice(0, this.#flights.count);
    return { flights: { ...cut(this.#flights), arrived }, operations: { ...cut(this.#operations), outcome: this.#outcome.slice(0, this.#operations.count) } };
  }

  #pair(event: TraceEvent, row: number): void {
    const kind = event.kind;
    if (kind === "send" || kind === "duplicate") this.#flights.begin(event.message, row);
    else if (kind === "arrive") this.#flights.arrive(event.message, row);
    else if (kind === "deliver" || kind === "drop") this.#flights.finish(event.message, row);
    else if (kind === "invoke") {
      this.#operations.begin(event.operation, row);
      if (this.#operations.count > this.#outcome.length) this.#outcome = grown(this.#outcome, this.#operations.count);
    } else if (kind === "ok" || kind === "fail" || kind === "info") {
      const operation = this.#operations.finish(event.operation, row);
      const outcome = kind === "fail" && event.reason === "mismatch" ? "mismatch" : kind;
      if (operation >= 0) this.#outcome[operation] = outcomes.indexOf(outcome);
    }
  }

  #grow(): void {
    const room = this.count * 2;
    this.#kind = grown(this.#kind, room);
    this.#time = grown(this.#time, room);
    this.#cause = grown(this.#cause, room);
    this.#node = grown(this.#node, room);
    this.#peer = grown(this.#peer, room);
    this.#message = grown(this.#message, room);
    this.#operation = grown(this.#operation, room);
    this.#fault = grown(this.#fault, room);
    this.#name = grown(this.#name, room);
    this.#key = grown(this.#key, room);
    this.#reason = grown(this.#reason, room);
    this.#incarnation = grown(this.#incarnation, room);
    this.#attempt = grown(this.#attempt, room);
    this.#process = grown(this.#process, room);
    this.#bytes = grown(this.#bytes, room);
    this.#of = grown(this.#of, room);
    this.#nodeTime = grown(this.#nodeTime, room);
  }
}

import { SOMETIMES, type EventKind, type TraceEvent } from "../trace/event.ts";
import type { Disconnection } from "./connection.ts";
import type { Effect, Origin } from "./context.ts";
import type { Flight } from "./message.ts";
import type { Loss } from "./store.ts";
import type { SetTimer } from "./timers.ts";
import type { World } from "./world.ts";

/** Whose diary it is, as it is at the time of each entry. */
interface Author {
  readonly index: number;
  readonly incarnation: number;
  readonly clockNow: number;
}

/** Records what happens at one node. Each method returns the event's id. */
export class Diary {
  readonly #world: World;
  readonly #node: Author;

  constructor(world: World, node: Author) {
    this.#world = world;
    this.#node = node;
  }

  /** The record of an event of the node, for its kind's own fields, to be committed then; undefined where nobody watches. */
  begin(kind: EventKind, cause: number): TraceEvent | undefined {
    const recorder = this.#world.recorder;
    if (!recorder.isWatched) return undefined;
    const record = recorder.begin(kind, this.#world.now, cause);
    record.node = this.#node.index;
    record.incarnation = this.#node.incarnation;
    record.nodeTime = this.#node.clockNow;
    return record;
  }

  commit(): number {
    return this.#world.recorder.commit();
  }

  /** What a fault does to the node. */
  struck(kind: EventKind, cause: number, fault: number): number {
    const record = this.begin(kind, cause);
    if (record !== undefined) record.fault = fault;
    return this.commit();
  }

  crashed(lose: Loss, fault: number, reason: string, cause: number): number {
    const record = this.begin("crash", cause);
    if (record !== undefined) {
      record.fault = fault;
      record.name = lose;
      record.reason = reason;
    }
    return this.commit();
  }

  delivered(flight: Flight): number {
    const record = this.begin("deliver", flight.sentBy);
    if (record !== undefined) {
      record.operation = flight.operation;
      record.attempt = flight.attempt;
      record.message = flight.id;
      record.peer = flight.from;
      record.name = flight.name;
    }
    return this.commit();
  }

  fired(timer: SetTimer): number {
    const record = this.begin("timer", timer.setBy);
    if (record !== undefined) {
      record.name = timer.name;
      record.key = timer.key;
    }
    return this.commit();
  }

  connected(peer: number, cause: number): number {
    const record = this.begin("connect", cause);
    if (record !== undefined) record.peer = peer;
    return this.commit();
  }

  disconnected({ peer, lost, cause, fault }: Disconnection): number {
    const record = this.begin("disconnect", cause);
    if (record !== undefined) {
      record.peer = peer;
      record.fault = fault;
      record.data = { lost: lost.map(({ id }) => id) };
    }
    return this.commit();
  }

  emitted({ event: name, fields }: Extract<Effect, { type: "emit" }>, origin: Origin): number {
    const record = this.begin("emit", origin.event);
    if (record !== undefined) {
      record.operation = origin.operation;
      record.attempt = origin.attempt;
      record.name = name;
      record.data = fields;
    }
    return this.commit();
  }

  /** A line for people: no event. */
  log({ level, text, fields }: Extract<Effect, { type: "log" }>, event: number): void {
    const { recorder } = this.#world;
    if (recorder.isHeard) recorder.say({ type: "log", event, node: this.#node.index, level, text, fields });
  }

  /** Something good or rare has come about: a line of a level of its own. */
  reached(name: string, event: number): void {
    const { recorder } = this.#world;
    if (recorder.isHeard) recorder.say({ type: "log", event, node: this.#node.index, level: SOMETIMES, text: name, fields: null });
  }
}

import type { Stream } from "../kernel/stream.ts";
import { copyState, type AnyMessage, type AnyProtocol, type ClientId, type NodeId, type Request, type Value } from "../protocol.ts";
import { diffShown } from "../trace/change.ts";
import type { EventKind, TraceEvent } from "../trace/event.ts";
import { sizeOf } from "../trace/value.ts";
import { canonicalJson } from "./canonical.ts";
import { captureOf, type Capture } from "./capture.ts";
import type { Clock } from "./clock.ts";
import { NodeContext, type Effect } from "./context.ts";
import { isForbidden } from "./forbidden.ts";
import type { Flight } from "./message.ts";
import { Store } from "./store.ts";
import { Timers } from "./timers.ts";
import type { World } from "./world.ts";

type State = { [field: string]: unknown };

/** A send or reply that waits for a capture to be durable. */
interface HeldEffect {
  readonly effect: Effect;
  /** The version of the store that must be durable first. */
  readonly until: number;
  readonly origin: Origin;
}

/** What effects inherit from the event whose handler asked for them. */
interface Origin {
  readonly event: number;
  readonly operation: number;
  readonly attempt: number;
}

/** Something that a paused node will handle when it goes on. */
type Waiting = { readonly type: "deliver"; readonly flight: Flight } | { readonly type: "timer"; readonly timer: string; readonly serial: number } | { readonly type: "synced"; readonly cause: number };

/** Stands for a fault among what keeps a node down: its own handler threw. */
export const HALTED = -1;

/** One node: a protocol's state, its disk, clock and timers, and whether it is up. It calls the handlers and applies their effects. */
export class Node {
  readonly index: number;
  readonly id: NodeId;
  /** Counts boots, from 1; 0 before the first. */
  incarnation = 0;
  readonly #world: World;
  readonly #protocol: AnyProtocol;
  readonly #clock: Clock;
  readonly #context: NodeContext;
  #store = new Store();
  #state: State = {};
  #isBooted = false;
  /** The faults that keep it down, and those that keep it paused. */
  #downBy: number[] = [];
  #pausedBy: number[] = [];
  #timers: Timers;
  #held: HeldEffect[] = [];
  #syncTokens: { readonly version: number; readonly token: Value }[] = [];
  #waiting: Waiting[] = [];
  /** The kernel's handle of the sync under way. */
  #syncHandle = 0;

  constructor(world: World, index: number, clock: Clock, stream: Stream) {
    this.#world = world;
    this.index = index;
    this.id = world.config.nodes[index] as NodeId;
    this.#protocol = world.protocol;
    this.#clock = clock;
    this.#timers = new Timers(world, index, clock);
    const self = this;
    const host = {
      id: this.id,
      get clockNow(): number {
        return self.clockNow;
      },
      capture: (last: Capture | undefined) => this.#capture(last),
      nodeNamed: (name: NodeId) => world.nodeNamed(name),
      clientNamed: (name: ClientId) => world.clientNamed(name),
      readFile: (file: string) => this.#store.read(file),
    };
    this.#context = new NodeContext(host, world.config.nodes, world.config.options, this.#protocol.rules, stream);
  }

  /** True from its boot to its crash; a paused node is up. */
  get isUp(): boolean {
    return this.#isBooted;
  }

  /** True while it is down because its own handler threw. */
  get isHalted(): boolean {
    return this.#downBy.includes(HALTED);
  }

  get isPaused(): boolean {
    return this.#pausedBy.length > 0;
  }

  get isRunning(): boolean {
    return this.#isBooted && this.#pausedBy.length === 0;
  }

  /** What its own clock shows. */
  get clockNow(): number {
    return this.#clock.at(this.#world.now);
  }

  get role(): unknown {
    return this.standing().role;
  }

  /** Its role and term as it shows them now; nothing while it is down. */
  standing(): { readonly role: unknown; readonly term: number } {
    const { events, now, watch } = this.#world;
    const shown = this.#isBooted ? watch.look(this, Math.max(0, events - 1), now) : undefined;
    const term = shown?.["term"];
    return { role: shown?.["role"], term: typeof term === "number" ? term : 0 };
  }

  show(): State {
    return this.#protocol.inspect?.(this.#state) ?? this.#state;
  }

  /** What must converge, as text; null while the node is down. */
  replicated(): string | null {
    if (!this.#isBooted || this.#protocol.replicated === undefined) return null;
    return canonicalJson(this.#protocol.replicated(this.#state));
  }

  // Starting and stopping

  /** At every start: fresh volatile state, and what the disk kept. */
  boot(cause: number, fault: number): void {
    this.incarnation += 1;
    const event = this.#record("boot", cause, fault);
    this.#handle({ event, operation: -1, attempt: 0 }, "boot", () => {
      this.#state = this.#protocol.boot(this.#context) as State;
      sizeOf(this.#state); // Throws where a field is no plain data: a state must be copied, compared and printed.
      this.#isBooted = true;
      if (this.#store.latest !== undefined) Object.assign(this.#state, copyState(this.#store.latest));
      this.#protocol.onStart?.(this.#state, this.#context);
    });
  }

  /** Keeps the node down for a fault, crashing it if it is up; says whether it was. */
  holdDown(fault: number, lose: "nothing" | "unsynced" | "disk"): boolean {
    if (!this.#downBy.includes(fault)) this.#downBy.push(fault);
    if (!this.#isBooted) return false;
    this.#crash(lose, fault, "", this.#world.cause);
    return true;
  }

  /** The fault keeps it down no longer; it starts when no other does, and it is not paused. */
  releaseDown(fault: number): void {
    if (!this.#downBy.includes(fault)) return;
    this.#downBy = this.#downBy.filter((holder) => holder !== fault);
    this.#startIfFree(fault);
  }

  /** No fault keeps it down any more; it does not start by that. */
  forgetDown(): void {
    this.#downBy = [];
  }

  holdPaused(fault: number): boolean {
    const wasRunning = this.isRunning;
    if (!this.#pausedBy.includes(fault)) this.#pausedBy.push(fault);
    if (wasRunning) this.#record("pause", this.#world.cause, fault);
    return wasRunning;
  }

  releasePaused(fault: number): void {
    if (!this.#pausedBy.includes(fault)) return;
    this.#pausedBy = this.#pausedBy.filter((holder) => holder !== fault);
    if (this.#pausedBy.length > 0) return;
    if (!this.#isBooted) return this.#startIfFree(fault);
    this.#record("resume", this.#world.cause, fault);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const item of waiting) this.#catchUp(item);
  }

  #startIfFree(fault: number): void {
    if (this.#isBooted || this.#downBy.length > 0 || this.#pausedBy.length > 0) return;
    this.boot(this.#world.cause, fault);
  }

  #catchUp(item: Waiting): void {
    // It may crash in what it catches up with.
    if (!this.#isBooted) return item.type === "deliver" ? this.#world.drop(item.flight, "down", -1) : undefined;
    if (item.type === "deliver") this.deliver(item.flight);
    else if (item.type === "timer") this.fireTimer(item.timer, item.serial);
    else this.#afterSync(item.cause);
  }

  #crash(lose: "nothing" | "unsynced" | "disk", fault: number, reason: string, cause: number): number {
    const record = this.#begin("crash", cause);
    if (record !== undefined) {
      record.fault = fault;
      record.name = lose;
      record.reason = reason;
    }
    const event = this.#world.recorder.commit();
    this.#isBooted = false;
    this.#timers.clear();
    this.#world.cancel(this.#syncHandle);
    this.#store.crash(lose);
    this.#held = [];
    this.#syncTokens = [];
    for (const item of this.#waiting) if (item.type === "deliver") this.#world.drop(item.flight, "down", fault);
    this.#waiting = [];
    this.#world.onRunningChanged(this, event);
    return event;
  }

  // The clock

  jumpClock(by: number): void {
    this.#clock.jump(by);
  }

  /** Changes the rate of the clock; timers that are set follow it. */
  addDrift(drift: number): void {
    this.#clock.addDrift(this.#world.now, drift);
    this.#timers.follow();
  }

  // What happens to it

  deliver(flight: Flight): void {
    if (this.isPaused) return void this.#waiting.push({ type: "deliver", flight });
    const record = this.#begin("deliver", flight.sentBy);
    if (record !== undefined) {
      record.operation = flight.operation;
      record.attempt = flight.attempt;
      record.message = flight.id;
      record.peer = flight.from;
      record.name = flight.name;
    }
    const event = this.#world.recorder.commit();
    const origin = { event, operation: flight.operation, attempt: flight.attempt };
    if (flight.body.type === "message") this.#onMessage(flight.body.message, flight.from, origin);
    else if (flight.body.type === "request") this.#onRequest(flight.body.request, origin);
  }

  fireTimer(id: string, serial: number): void {
    const timer = this.#timers.due(id, serial);
    if (timer === undefined) return;
    if (this.isPaused) {
      this.#timers.wait(id, timer);
      return void this.#waiting.push({ type: "timer", timer: id, serial });
    }
    this.#timers.cancel(timer.name, timer.key);
    const record = this.#begin("timer", timer.setBy);
    if (record !== undefined) {
      record.name = timer.name;
      record.key = timer.key;
    }
    const event = this.#world.recorder.commit();
    this.#handle({ event, operation: -1, attempt: 0 }, `onTimer.${timer.name}`, () => {
      const handler = this.#protocol.onTimer?.[timer.name];
      if (handler === undefined) throw new TypeError(`${this.#protocol.name} has no onTimer.${timer.name}`);
      handler(this.#state, this.#context, timer.key);
    });
  }

  /** The disk has done a sync. It does so for a paused node too, whose process hears of it later. */
  onDiskSynced(cause: number): void {
    this.#syncHandle = 0;
    this.#store.endSync();
    if (this.isPaused) return void this.#waiting.push({ type: "synced", cause });
    this.#afterSync(cause);
  }

  #afterSync(cause: number): void {
    this.#begin("synced", cause);
    const event = this.#world.recorder.commit();
    const released = this.#held.filter((held) => held.until <= this.#store.durable);
    this.#held = this.#held.filter((held) => held.until > this.#store.durable);
    for (const held of released) this.#leave(held.effect, held.origin);

    const done = this.#syncTokens.filter((wait) => wait.version <= this.#store.durable);
    this.#syncTokens = this.#syncTokens.filter((wait) => wait.version > this.#store.durable);
    for (const { token } of done) {
      if (!this.#isBooted) return; // The one before threw.
      this.#handle({ event, operation: -1, attempt: 0 }, "onSynced", () => this.#protocol.onSynced?.(this.#state, token, this.#context));
    }
    this.#syncIfNeeded(event);
  }

  #onMessage(message: AnyMessage, from: number, origin: Origin): void {
    this.#handle(origin, `onMessage.${message.type}`, () => {
      const handler = this.#protocol.onMessage[message.type];
      if (handler === undefined) throw new TypeError(`${this.#protocol.name} has no onMessage.${message.type}`);
      handler(this.#state, message, this.#world.nameOf(from), this.#context);
    });
  }

  #onRequest(request: Request, origin: Origin): void {
    this.#handle(origin, `onRequest.${request.f}`, () => {
      const handler = this.#protocol.onRequest[request.f];
      if (handler === undefined) throw new TypeError(`${this.#protocol.name} has no onRequest.${request.f}`);
      handler(this.#state, request, this.#context);
    });
  }

  // Handlers and their effects

  #handle(origin: Origin, what: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      if (isForbidden(error)) throw error;
      return this.#onThrow(origin.event, what, error);
    }
    // What changed is looked at first, so that it follows its event; whether it was allowed, when all has been done.
    const effects = this.#context.take();
    this.#world.onChanged(this, origin.event);
    for (const effect of effects) this.#apply(effect, origin);
    this.#world.onHandled(this, origin.event);
  }

  /** A handler that throws is a crash of its node, and a violation of its protocol. */
  #onThrow(cause: number, what: string, error: unknown): void {
    this.#context.take();
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (!this.isHalted) this.#downBy.push(HALTED);
    const event = this.#crash("unsynced", -1, `${what} threw ${text}`, cause);
    this.#world.watch.onThrow(this, `${this.id}'s ${what} threw ${text}`, event, this.#world.now);
  }

  #apply(effect: Effect, origin: Origin): void {
    switch (effect.type) {
      case "send":
      case "reply":
        if (this.#store.holdsBack) this.#held.push({ effect, until: this.#store.captured, origin });
        else this.#leave(effect, origin);
        return;
      case "setTimer":
        return this.#timers.set(effect.name, effect.key, effect.after, origin.event);
      case "cancelTimer":
        return this.#timers.cancel(effect.name, effect.key);
      case "persist":
        return this.#persist(effect.capture, origin.event);
      case "write":
        return this.#write(effect, origin.event);
      case "sync":
        return this.#sync(effect.token, origin.event);
      case "emit":
        return this.#emit(effect.event, effect.fields, origin);
      case "log":
        return this.#log(effect, origin.event);
    }
  }

  /** A send or reply leaves the node. */
  #leave(effect: Effect, origin: Origin): void {
    if (effect.type === "send") {
      this.#world.send(this, effect.to, effect.message.type, { type: "message", message: effect.message }, origin.event, origin.operation, origin.attempt);
    } else if (effect.type === "reply") {
      const { to, request, reply } = effect;
      const sent = this.#world.send(this, to, "reply", { type: "reply", reply }, origin.event, request.operation, request.attempt);
      this.#world.watch.onReply(this, request, reply, sent, this.#world.now);
    }
  }

  #persist(capture: Capture | undefined, cause: number): void {
    if (capture === undefined) return;
    const before = this.#store.latest;
    this.#store.capture(capture);
    const record = this.#begin("persist", cause);
    if (record !== undefined) record.bytes = sizeOf(diffShown(before ?? {}, capture) ?? null);
    this.#syncIfNeeded(this.#world.recorder.commit());
  }

  #write(effect: Extract<Effect, { type: "write" }>, cause: number): void {
    this.#store.write(effect.file, effect.contents);
    const record = this.#begin("write", cause);
    if (record !== undefined) {
      record.name = effect.file;
      record.reason = effect.how;
      record.data = effect.data;
      record.bytes = this.#world.recorder.bytesOf(effect.data);
    }
    this.#world.recorder.commit();
  }

  #sync(token: Value, cause: number): void {
    this.#store.want();
    this.#syncTokens.push({ version: this.#store.written, token });
    // With nothing left to make durable there is a sync all the same: the answer takes a disk's time.
    if (this.#store.syncing < 0) this.#beginSync(cause);
  }

  #syncIfNeeded(cause: number): void {
    if (this.#store.needsSync) this.#beginSync(cause);
  }

  #beginSync(cause: number): void {
    const latency = this.#world.syncLatency(this.index, this.#store.beginSync());
    this.#syncHandle = this.#world.schedule(latency, { type: "synced", node: this.index, cause });
  }

  #emit(name: string, fields: { readonly [key: string]: Value } | null, origin: Origin): void {
    const record = this.#begin("emit", origin.event);
    if (record !== undefined) {
      record.operation = origin.operation;
      record.attempt = origin.attempt;
      record.name = name;
      record.data = fields;
    }
    const event = this.#world.recorder.commit();
    this.#world.schedules.onEmit(name, event);
  }

  #log(effect: Extract<Effect, { type: "log" }>, event: number): void {
    if (!this.#world.recorder.isAnnotated) return;
    this.#world.recorder.annotate({ type: "log", event, node: this.index, level: effect.level, text: effect.text, fields: effect.fields });
  }

  /** What `persist()` saves: a copy of the durable fields, or undefined where they are as they were saved last. */
  #capture(last: Capture | undefined): Capture | undefined {
    if (!this.#isBooted) throw new Error("ctx.persist: in boot() there is no state yet; persist in onStart()");
    return captureOf(this.#protocol.durable ?? [], this.#state, last ?? this.#store.latest);
  }

  /** The record of an event of this node, for its kind's own fields, to be committed then; undefined where nobody watches. */
  #begin(kind: EventKind, cause: number): TraceEvent | undefined {
    const recorder = this.#world.recorder;
    if (!recorder.isWatched) return undefined;
    const { now } = this.#world;
    const record = recorder.begin(kind, now, cause);
    record.node = this.index;
    record.incarnation = this.incarnation;
    record.nodeTime = this.#clock.at(now);
    return record;
  }

  /** Records what a fault does to the node. */
  #record(kind: EventKind, cause: number, fault: number): number {
    const record = this.#begin(kind, cause);
    if (record !== undefined) record.fault = fault;
    return this.#world.recorder.commit();
  }

  /** The same node in a copy of the world. */
  copy(world: World, stream: Stream): Node {
    const copy = new Node(world, this.index, this.#clock.copy(), stream);
    copy.incarnation = this.incarnation;
    copy.#store = this.#store.copy();
    copy.#state = copyState(this.#state);
    copy.#isBooted = this.#isBooted;
    copy.#downBy = this.#downBy.slice();
    copy.#pausedBy = this.#pausedBy.slice();
    copy.#timers = this.#timers.copy(world, copy.#clock);
    copy.#held = this.#held.slice();
    copy.#syncTokens = this.#syncTokens.slice();
    copy.#waiting = this.#waiting.slice();
    copy.#syncHandle = this.#syncHandle;
    return copy;
  }
}

import type { Stream } from "../kernel/stream.ts";
import { copyState, type AnyMessage, type AnyProtocol, type ClientId, type DiskError, type NodeId, type Recovery, type Request, type Value } from "../protocol.ts";
import { sizeOf } from "../trace/value.ts";
import { Ambushes, type AmbushHost, type Stop } from "./ambush.ts";
import { canonicalJson } from "./canonical.ts";
import { captureOf, type Capture } from "./capture.ts";
import type { Clock } from "./clock.ts";
import type { Disconnection } from "./connection.ts";
import { Cpu, type CpuHost, type Task } from "./cpu.ts";
import { NodeContext, type Effect, type Origin } from "./context.ts";
import { Diary } from "./diary.ts";
import { isForbidden } from "./forbidden.ts";
import type { Flight } from "./message.ts";
import { Storage, type DiskNews, type StorageHost } from "./storage.ts";
import type { Loss } from "./store.ts";
import { thrownInRun, thrownInWords } from "./thrown.ts";
import { Timers, type SetTimer } from "./timers.ts";
import type { World } from "./world.ts";

type State = { [field: string]: unknown };

/** Stands for a fault among what keeps a node down: its own handler threw. */
export const HALTED = -1;
/** The same: it found its disk damaged, and will not start with it. */
const DAMAGED = -2;

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
  readonly #diary: Diary;
  #storage: Storage;
  #state: State = {};
  #isBooted = false;
  /** The faults that keep it down, and those that keep it paused. */
  #downBy: number[] = [];
  #pausedBy: number[] = [];
  #timers: Timers;
  #cpu: Cpu;
  #ambushes: Ambushes;

  constructor(world: World, index: number, clock: Clock, stream: Stream) {
    this.#world = world;
    this.index = index;
    this.id = world.config.nodes[index] as NodeId;
    this.#protocol = world.protocol;
    this.#clock = clock;
    this.#diary = new Diary(world, this);
    this.#timers = new Timers(world, index, clock);
    this.#storage = new Storage(world, this.#storageHost());
    this.#cpu = new Cpu(world, this.#cpuHost());
    this.#ambushes = new Ambushes(world, this.#ambushHost());
    const self = this;
    const host = {
      id: this.id,
      isStrict: world.isStrict,
      get clockNow(): number {
        return self.clockNow;
      },
      capture: (last: Capture | undefined) => this.#capture(last),
      nodeNamed: (name: NodeId) => world.nodeNamed(name),
      clientNamed: (name: ClientId) => world.clientNamed(name),
      readFile: (file: string) => this.#storage.read(file),
    };
    this.#context = new NodeContext(host, world.config.nodes, world.config.options, this.#protocol.rules, stream);
  }

  get storage(): Storage {
    return this.#storage;
  }

  get cpu(): Cpu {
    return this.#cpu;
  }

  get ambushes(): Ambushes {
    return this.#ambushes;
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

  /** What tells its states apart; where the protocol does not say, its role and term. Undefined while it is down. */
  signature(): Value | undefined {
    if (!this.#isBooted) return undefined;
    if (this.#protocol.signature !== undefined) return this.#protocol.signature(this.#state);
    const { role, term } = this.standing();
    return typeof role === "string" ? { role, term } : "up";
  }

  // Starting and stopping

  /** At every start: fresh volatile state, and what the disk kept. Where that is damaged, and the protocol halts then, it does not start. */
  boot(cause: number, fault: number): void {
    const found = this.#storage.found();
    const recovery = found.length === 0 ? undefined : this.#recovery();
    if (recovery === "halt") {
      this.#storage.recover(recovery, found, cause);
      this.#downBy.push(DAMAGED);
      return;
    }
    this.incarnation += 1;
    const event = this.#diary.struck("boot", cause, fault);
    if (recovery !== undefined) this.#storage.recover(recovery, found, event);
    this.#storage.mount();
    this.#handle({ event, operation: -1, attempt: 0 }, "boot", () => {
      this.#state = this.#protocol.boot(this.#context) as State;
      sizeOf(this.#state); // Throws where a field is no plain data: a state must be copied, compared and printed.
      this.#isBooted = true;
      if (this.#storage.latest !== undefined) Object.assign(this.#state, copyState(this.#storage.latest));
      this.#protocol.onStart?.(this.#state, this.#context);
    });
  }

  #recovery(): Recovery {
    const { recovery = "halt" } = this.#protocol;
    return typeof recovery === "function" ? recovery(this.#world.config.options) : recovery;
  }

  /** Keeps the node down for a fault, crashing it if it is up; says whether it was. `stream`: where its draws are rooted. */
  holdDown(fault: number, lose: Loss, stream: string): boolean {
    if (!this.#downBy.includes(fault)) this.#downBy.push(fault);
    if (!this.#isBooted) return false;
    this.#crash(lose, fault, "", this.#world.cause, stream);
    return true;
  }

  /** Its process stops of a disk error, and is started again when the fault has ended, as a supervisor does. */
  #stopFor(fault: number, reason: string, cause: number): void {
    this.#downBy.push(fault);
    this.#crash("unsynced", fault, reason, cause);
    if (!this.#storage.suffers(fault)) this.releaseDown(fault);
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
    if (!wasRunning) return false;
    this.#diary.struck("pause", this.#world.cause, fault);
    this.#cpu.pause();
    return true;
  }

  releasePaused(fault: number): void {
    if (!this.#pausedBy.includes(fault)) return;
    this.#pausedBy = this.#pausedBy.filter((holder) => holder !== fault);
    if (this.#pausedBy.length > 0) return;
    if (this.#isBooted) this.#diary.struck("resume", this.#world.cause, fault);
    this.#cpu.resume();
    if (!this.#isBooted) this.#startIfFree(fault);
  }

  #startIfFree(fault: number): void {
    if (this.#isBooted || this.#downBy.length > 0 || this.#pausedBy.length > 0) return;
    this.boot(this.#world.cause, fault);
  }

  #crash(lose: Loss, fault: number, reason: string, cause: number, stream = ""): number {
    const event = this.#diary.crashed(lose, fault, reason, cause);
    this.#isBooted = false;
    this.#timers.clear();
    this.#storage.crash(lose, stream);
    this.#cpu.crash(fault);
    this.#ambushes.onCrash();
    this.#world.onRunningChanged(this, event);
    return event;
  }

  // The clock

  jumpClock(by: number): void {
    this.#clock.jump(by);
  }

  /** The clock goes otherwise from now on; timers that are set follow it. */
  turnClock(turn: (clock: Clock, now: number) => void): void {
    turn(this.#clock, this.#world.now);
    this.#timers.follow();
  }

  // What happens to it

  /** A message has come: it is handled when the node has come to it. */
  deliver(flight: Flight): void {
    if (this.#cpu.receive(flight)) this.#onDelivered(flight);
  }

  /** A connection of its is made anew; its kernel does that, whatever the process is at. */
  onConnect(peer: number, cause: number): void {
    this.#diary.connected(peer, cause);
  }

  /** A connection of its broke: it hears of it when it has come to it. */
  onDisconnect(news: Disconnection): void {
    if (this.#cpu.isFree) this.#onDisconnected(news);
    else this.#cpu.wait({ type: "disconnect", news });
  }

  #onDisconnected(news: Disconnection): void {
    const { peer, lost } = news;
    const event = this.#diary.disconnected(news);
    const hear = this.#protocol.onDisconnect;
    if (hear === undefined) return;
    const messages = lost.flatMap(({ body }) => (body.type === "message" ? [body.message] : []));
    this.#handle({ event, operation: -1, attempt: 0 }, "onDisconnect", () => hear(this.#state, this.#world.nameOf(peer), messages, this.#context));
  }

  #onDelivered(flight: Flight): void {
    const event = this.#diary.delivered(flight);
    const origin = { event, operation: flight.operation, attempt: flight.attempt };
    if (flight.body.type === "message") this.#onMessage(flight.body.message, flight.from, origin);
    else if (flight.body.type === "request") this.#onRequest(flight.body.request, origin);
  }

  fireTimer(id: string, serial: number): void {
    const timer = this.#timers.due(id, serial);
    if (timer === undefined) return;
    if (!this.#cpu.isFree) {
      this.#timers.wait(id, timer);
      return this.#cpu.wait({ type: "timer", timer: id, serial });
    }
    this.#onTimer(timer);
  }

  #onTimer(timer: SetTimer): void {
    this.#timers.cancel(timer.name, timer.key);
    const event = this.#diary.fired(timer);
    this.#handle({ event, operation: -1, attempt: 0 }, `onTimer.${timer.name}`, () => {
      const handler = this.#protocol.onTimer?.[timer.name];
      if (handler === undefined) throw new TypeError(`${this.#protocol.name} has no onTimer.${timer.name}`);
      handler(this.#state, this.#context, timer.key);
    });
  }

  /** The disk has done a sync, or failed to. It does so for a paused or busy node too, whose process hears of it later. */
  onDiskSynced(cause: number): void {
    this.#hearDisk(this.#storage.endSync(cause));
  }

  /** It is told of what found no space. */
  onDiskRefused(): void {
    for (const news of this.#storage.takeRefusals()) this.#hearDisk(news);
  }

  #hearDisk(news: DiskNews): void {
    if (this.#cpu.isFree) this.#storage.hear(news);
    else this.#cpu.wait({ type: "disk", news });
  }

  #onDiskError(event: number, error: DiskError, fault: number): void {
    const handler = this.#protocol.onDiskError;
    if (handler === undefined) return this.#stopFor(fault, error.operation === "sync" ? "a sync failed" : "a write found no space", event);
    this.#handle({ event, operation: -1, attempt: 0 }, "onDiskError", () => handler(this.#state, error, this.#context));
  }

  #onMessage(message: AnyMessage, from: number, origin: Origin): void {
    // Not through #handle(): a closure and a text for each message would cost as much as the rest of its way.
    try {
      const handler = this.#protocol.onMessage[message.type];
      if (handler === undefined) throw new TypeError(`${this.#protocol.name} has no onMessage.${message.type}`);
      handler(this.#state, message, this.#world.nameOf(from), this.#context);
    } catch (error) {
      return this.#onThrow(origin.event, `onMessage.${message.type}`, error);
    }
    this.#applyAll(origin);
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
      return this.#onThrow(origin.event, what, error);
    }
    this.#applyAll(origin);
  }

  /** What a handler that has returned asked for. */
  #applyAll(origin: Origin): void {
    // What changed is looked at first, so that it follows its event; whether it was allowed, when all has been done.
    const asked = this.#context.take();
    this.#world.onChanged(this, origin.event);
    if (!this.#ambushes.isEmpty) this.#ambushes.apply(asked === undefined ? [] : [asked].flat(), origin);
    else if (Array.isArray(asked)) for (const effect of asked) this.#apply(effect, origin);
    else if (asked !== undefined) this.#apply(asked, origin);
    this.#world.onHandled(this, origin.event);
  }

  /** A handler that throws is a crash of its node, and a violation of its protocol. */
  #onThrow(cause: number, what: string, error: unknown): void {
    if (isForbidden(error)) throw error;
    this.#context.take();
    if (!this.isHalted) this.#downBy.push(HALTED);
    const event = this.#crash("unsynced", -1, `${what} threw ${thrownInRun(error)}`, cause);
    this.#world.watch.onThrow(this, `${this.id}'s ${what} threw ${thrownInWords(error)}`, event, this.#world.now);
  }

  #apply(effect: Effect, origin: Origin): void {
    switch (effect.type) {
      case "message":
      case "reply":
        return this.#storage.holdOrLeave(effect, origin);
      case "setTimer":
        return this.#timers.set(effect.name, effect.key, effect.after, origin.event);
      case "cancelTimer":
        return this.#timers.cancel(effect.name, effect.key);
      case "persist":
        return this.#storage.persist(effect.capture, origin.event);
      case "write":
        return this.#storage.write(effect, origin.event);
      case "sync":
        return this.#storage.sync(effect.token, origin.event);
      case "emit":
        return this.#world.schedules.onEmit(effect.event, this.#diary.emitted(effect, origin));
      case "sometimes":
        return this.#diary.reached(effect.name, origin.event);
      case "log":
        return this.#diary.log(effect, origin.event);
    }
  }

  /** A send or reply leaves the node. */
  #leave(effect: Effect | Stop, origin: Origin): void {
    if (effect.type === "stop") this.#ambushes.reach(effect, origin.event);
    else if (effect.type === "message") {
      this.#world.send(this, effect.to, effect.message.type, effect, origin.event, origin.operation, origin.attempt);
    } else if (effect.type === "reply") {
      const { to, request, reply } = effect;
      const sent = this.#world.send(this, to, "reply", { type: "reply", reply }, origin.event, request.operation, request.attempt);
      this.#world.watch.onReply(this, request, reply, sent, this.#world.now);
    }
  }

  /** What `persist()` saves: a copy of the durable fields, or undefined where they are as they were saved last. */
  #capture(last: Capture | undefined): Capture | undefined {
    if (!this.#isBooted) throw new Error("ctx.persist: in boot() there is no state yet; persist in onStart()");
    return captureOf(this.#protocol.durable ?? [], this.#state, last ?? this.#storage.latest);
  }

  #cpuHost(): CpuHost {
    return {
      index: this.index,
      run: (task) => this.#run(task),
      begin: (kind, cause) => this.#diary.begin(kind, cause),
    };
  }

  /** What has waited, or has been served, has its turn. */
  #run(task: Task): void {
    if (task.type === "deliver") return this.#onDelivered(task.flight);
    if (task.type === "disk") return this.#storage.hear(task.news);
    if (task.type === "disconnect") return this.#onDisconnected(task.news);
    const timer = this.#timers.due(task.timer, task.serial);
    if (timer !== undefined) this.#onTimer(timer);
  }

  #ambushHost(): AmbushHost {
    return {
      index: this.index,
      isUp: () => this.#isBooted,
      isSyncing: () => this.#storage.isSyncing,
      apply: (effect, origin) => this.#apply(effect, origin),
      holdOrLeave: (stop, origin) => this.#storage.holdOrLeave(stop, origin),
      strike: ({ fault, lose, stream }, reason, cause) => {
        this.#downBy.push(fault);
        this.#crash(lose, fault, reason, cause, stream);
        this.#world.schedules.onStruck(fault, this.index);
      },
    };
  }

  #storageHost(): StorageHost {
    return {
      index: this.index,
      isUp: () => this.#isBooted,
      begin: (kind, cause) => this.#diary.begin(kind, cause),
      leave: (effect, origin) => this.#leave(effect, origin),
      onSyncBegins: (latency, cause) => this.#ambushes.onSyncBegins(latency, cause),
      onSynced: (event, token) => {
        this.#handle({ event, operation: -1, attempt: 0 }, "onSynced", () => this.#protocol.onSynced?.(this.#state, token, this.#context));
      },
      onDiskError: (event, error, fault) => this.#onDiskError(event, error, fault),
    };
  }

  /** The same node in a copy of the world. */
  copy(world: World, stream: Stream): Node {
    const copy = new Node(world, this.index, this.#clock.copy(), stream);
    copy.incarnation = this.incarnation;
    copy.#storage = this.#storage.copy(world, copy.#storageHost());
    copy.#state = copyState(this.#state);
    copy.#isBooted = this.#isBooted;
    copy.#downBy = this.#downBy.slice();
    copy.#pausedBy = this.#pausedBy.slice();
    copy.#timers = this.#timers.copy(world, copy.#clock);
    copy.#cpu = this.#cpu.copy(world, copy.#cpuHost());
    copy.#ambushes = this.#ambushes.copy(world, copy.#ambushHost());
    return copy;
  }
}

import { sampler } from "../kernel/distribution.ts";
import { Kernel } from "../kernel/loop.ts";
import { Streams, type Stream } from "../kernel/stream.ts";
import type { AnyProtocol, ClientId, NodeId } from "../protocol.ts";
import type { TraceEvent, TraceSink } from "../trace/event.ts";
import { Client } from "./client.ts";
import { Clock } from "./clock.ts";
import { Clogs } from "./clogs.ts";
import type { WorldConfig } from "./config.ts";
import { Connections } from "./connections.ts";
import type { WorldEvent } from "./event.ts";
import type { Link } from "./link.ts";
import { contentsOf, corruptedBody, type Flight } from "./message.ts";
import { Network } from "./network.ts";
import { Node } from "./node.ts";
import { Recorder } from "./record.ts";
import { Schedules } from "./schedule.ts";
import { Watch } from "./watch.ts";

export interface WorldOptions {
  /** Whoever watches the events; none: events are numbered and not built. */
  readonly sinks?: readonly TraceSink[];
  /** False: what nodes show is not looked at, and no invariant evaluated. */
  readonly watches?: boolean;
  /** False: what nodes show is recorded, and no invariant evaluated. */
  readonly invariants?: boolean;
  /**
   * False: what is sent is not frozen, and not looked at whether it is plain data. Nothing else changes for a protocol that
   * keeps that rule; one that changes what it has sent is then not found out, so this is for loops where speed is all.
   */
  readonly strict?: boolean;
  /** Told what each node shows of what must converge, from the end of the workload on; null for a node that is down. */
  readonly onReplicated?: (time: number, event: number, node: number, state: string | null) => void;
}

/**
 * The simulated world: nodes, network, clients and faults, on one queue of events. It owns all state, and it can be
 * copied between two events.
 */
export class World {
  readonly config: WorldConfig;
  readonly protocol: AnyProtocol;
  readonly streams: Streams;
  readonly recorder: Recorder;
  readonly network: Network;
  readonly connections: Connections;
  readonly clogs: Clogs;
  readonly nodes: readonly Node[];
  readonly clients: readonly Client[];
  readonly schedules: Schedules;
  readonly watch: Watch;
  /** The event that is being handled: the cause of what the world does now. -1 between events. */
  cause = -1;
  readonly #options: WorldOptions;
  readonly #kernel: Kernel<WorldEvent>;
  readonly #names: readonly string[];
  readonly #byName: ReadonlyMap<string, number>;
  readonly #syncLatencies: readonly ((stream: Stream) => number)[];
  #nextMessage = 0;
  #nextOperation = 0;
  #nextProcess = 0;
  #nextValue = 1;
  #isSettling = false;

  /** A world at its beginning; with `original`, as that one is now. */
  constructor(config: WorldConfig, protocol: AnyProtocol, options: WorldOptions = {}, original?: World) {
    this.config = config;
    this.protocol = protocol;
    this.#options = options;
    const clientNames = Array.from({ length: config.workload.clients }, (_, index) => `c${index + 1}`);
    this.#names = [...config.nodes, ...clientNames];
    this.#byName = new Map(this.#names.map((name, index) => [name, index]));
    this.#syncLatencies = [sampler(config.disk.write), sampler(config.disk.sync)];
    const sinks = options.sinks ?? [];
    const run = (event: WorldEvent): void => this.#dispatch(event);

    this.streams = original?.streams.copy() ?? new Streams(config.seed);
    this.recorder = original?.recorder.fork(sinks) ?? new Recorder(sinks);
    this.#kernel = original === undefined ? new Kernel<WorldEvent>(run) : original.#kernel.copy(run);
    this.network = original?.network.copy(this.streams) ?? new Network(config, this.#names, this.streams);
    this.connections = original?.connections.copy(this) ?? new Connections(this);
    this.clogs = original?.clogs.copy() ?? new Clogs(this.#names.length);
    this.nodes = config.nodes.map((id, index) => original?.nodes[index]?.copy(this, this.streams.get(`node/${id}`)) ?? this.#newNode(id, index));
    this.clients = clientNames.map(
      (id, index) => original?.clients[index]?.copy(this) ?? new Client(this, config.nodes.length + index, Client.streams(this, id)),
    );
    this.schedules = original?.schedules.copy(this) ?? new Schedules(this);
    this.watch = original?.watch.copy(protocol, this.nodes, this.recorder) ?? new Watch(protocol, this.nodes, this.recorder, options.watches !== false && options.invariants !== false);
    if (original === undefined) this.#begin();
    else this.#continueFrom(original);
  }

  /** This world as it is now, going on by itself: the same future, unless something is done to one of them. */
  copy(options: WorldOptions = {}): World {
    return new World(this.config, this.protocol, options, this);
  }

  /** Whether what is sent is frozen. */
  get isStrict(): boolean {
    return this.#options.strict !== false;
  }

  // Time

  get now(): number {
    return this.#kernel.now;
  }

  /** How many events there have been. */
  get events(): number {
    return this.recorder.events;
  }

  get operations(): number {
    return this.#nextOperation;
  }

  /** Handles what is next in the queue; false when nothing is left, or the duration is over. */
  step(): boolean {
    return this.#kernel.nextTime() <= this.config.duration && this.#kernel.step();
  }

  /** Runs to a virtual time, at most to the duration, or through `maxSteps` of the queue; true when it got there. */
  runUntil(time: number, maxSteps?: number): boolean {
    return this.#kernel.runUntil(Math.min(time, this.config.duration), maxSteps);
  }

  /** Runs while the condition, asked before each step, holds and the duration is not over. */
  runWhile(condition: (world: World) => boolean): void {
    while (condition(this) && this.step());
  }

  /** Ends the `runUntil` under way after its present step; it may be called again. */
  interrupt(): void {
    this.#kernel.interrupt();
  }

  /** Ends the run: what clients wait for ends as `info`. */
  finish(reason: "duration" | "interrupted" | "stop"): void {
    for (const client of this.clients) client.finish("end of run");
    if (!this.recorder.isWatched) return void this.recorder.skip();
    const record = this.recorder.begin("end", this.now, -1);
    record.reason = reason;
    this.recorder.commit();
  }

  schedule(after: number, event: WorldEvent): number {
    return this.#kernel.schedule(after, event);
  }

  scheduleAt(time: number, event: WorldEvent): number {
    return this.#kernel.scheduleAt(time, event);
  }

  /** Cancels by handle; 0 and what has run are passed over. */
  cancel(handle: number): void {
    if (handle !== 0) this.#kernel.cancel(handle);
  }

  // Names and numbers

  nameOf(endpoint: number): string {
    return this.#names[endpoint] as string;
  }

  isClient(endpoint: number): boolean {
    return endpoint >= this.nodes.length;
  }

  /** Whether somebody listens there; clients always do. */
  isUp(endpoint: number): boolean {
    return this.isClient(endpoint) || this.node(endpoint).isUp;
  }

  node(index: number): Node {
    return this.nodes[index] as Node;
  }

  endpoint(name: NodeId | ClientId): number {
    const endpoint = this.#byName.get(name);
    if (endpoint === undefined) throw new RangeError(`there is no node or client named ${name}`);
    return endpoint;
  }

  nodeNamed(name: NodeId): number {
    const endpoint = this.#byName.get(name);
    if (endpoint === undefined || this.isClient(endpoint)) throw new RangeError(`there is no node named ${name}`);
    return endpoint;
  }

  nextOperation(): number {
    return this.#nextOperation++;
  }

  nextProcess(): number {
    return this.#nextProcess++;
  }

  nextValue(): number {
    return this.#nextValue++;
  }

  clientNamed(name: ClientId): number {
    const endpoint = this.#byName.get(name);
    if (endpoint === undefined || !this.isClient(endpoint)) throw new RangeError(`there is no client named ${name}`);
    return endpoint;
  }

  /** How long a node's disk takes for so many writes and the sync that makes them durable. Nanoseconds. */
  syncLatency(node: number, writes: number): number {
    const [write, sync] = this.#syncLatencies as [(stream: Stream) => number, (stream: Stream) => number];
    const name = this.nameOf(node);
    const stream = this.streams.get(`disk/${name}/write`);
    let latency = sync(this.streams.get(`disk/${name}/sync`));
    for (let count = 0; count < writes; count += 1) latency += write(stream);
    return latency;
  }

  // Messages

  /** Sends from a node or client; the id of the event. */
  send(from: Node | Client, to: number, name: string, body: Flight["body"], cause: number, operation: number, attempt: number): number {
    const id = this.#nextMessage++;
    const sentBy = this.#recordSend(from, to, id, name, body, cause, operation, attempt);
    const flight: Flight = { type: "deliver", id, from: from.index, to, name, body, operation, attempt, sentBy };
    if (from.index === to) {
      // To itself: neither lost nor late, and handled after what it does now.
      this.schedule(0, flight);
      return sentBy;
    }
    const link = this.network.link(from.index, to);
    const freely = this.network.passFreely(link);
    if (freely >= 0) this.schedule(freely, flight);
    else this.#sendThrough(link, flight);
    return sentBy;
  }

  /** Sends where more than time may happen to a message. */
  #sendThrough(link: Link, flight: Flight): void {
    const { from, to, body } = flight;
    if (link.config.fifo) {
      this.connections.send(flight);
      return;
    }
    const { lost, lostBy, overflow, latency, waiting, waitNs, copyLatency, copiedBy, corrupt, corruptBy } = this.network.pass(link, this.now, body);
    if (waiting > 0) this.waits(flight, waiting, waitNs);
    const cutBy = this.network.cutBy(from, to);
    if (overflow) this.drop(flight, "queue", -1);
    else if (cutBy >= 0) this.drop(flight, "cut", cutBy);
    else if (lost) this.drop(flight, "loss", lostBy);
    else if (corrupt && link.config.checksum) this.schedule(latency, { type: "corrupt", flight, fault: corruptBy });
    else if (corrupt) this.schedule(latency, this.corrupt(flight, corruptBy));
    else this.schedule(latency, flight);
    if (copyLatency >= 0 && cutBy < 0) this.#duplicate(flight, copyLatency, copiedBy);
  }

  /** A message finds its link busy, and waits for its turn. */
  waits(flight: Flight, waiting: number, waitNs: number): void {
    if (!this.recorder.isWatched) return void this.recorder.skip();
    const record = this.#beginPassing("wait", flight, flight.sentBy);
    record.queue = waiting;
    record.data = waitNs;
    this.recorder.commit();
  }

  drop(flight: Flight, reason: "cut" | "loss" | "down" | "queue" | "checksum" | "reset" | "inbox", fault: number): void {
    this.#recordPassing("drop", flight, flight.sentBy, fault, reason, -1);
  }

  #duplicate(flight: Flight, latency: number, fault: number): void {
    const id = this.#nextMessage++;
    const sentBy = this.#recordPassing("duplicate", { ...flight, id }, flight.sentBy, fault, "", flight.id);
    this.schedule(latency, { ...flight, id, sentBy });
  }

  /** A message is changed on its way, and no checksum tells: as it arrives. */
  corrupt(flight: Flight, fault: number): Flight {
    const link = this.network.link(flight.from, flight.to);
    const body = corruptedBody(flight.body, this.streams.get(`network/${link.name}/corrupt/contents`));
    if (body === flight.body) return flight;
    const changed = { ...flight, body };
    return { ...changed, sentBy: this.#recordPassing("corrupt", changed, flight.sentBy, fault, "", -1) };
  }

  /** Where a message's way ends, if it is corrupt and its checksum tells. */
  #discard(flight: Flight, fault: number): void {
    const cutBy = this.network.cutBy(flight.from, flight.to);
    if (cutBy >= 0) this.drop(flight, "cut", cutBy);
    else if (!this.isUp(flight.to)) this.drop(flight, "down", -1);
    else this.drop(flight, "checksum", fault);
  }

  /** A message has arrived. */
  deliver(flight: Flight): void {
    if (this.clogs.hold(flight)) return;
    const cutBy = this.network.cutBy(flight.from, flight.to);
    if (cutBy >= 0) return this.drop(flight, "cut", cutBy);
    if (this.isClient(flight.to)) return this.#deliverToClient(flight);
    const node = this.node(flight.to);
    if (!node.isUp) return this.drop(flight, "down", -1);
    node.deliver(flight);
  }

  #deliverToClient(flight: Flight): void {
    const event = this.#recordDelivery(flight);
    if (flight.body.type === "reply") this.clients[flight.to - this.nodes.length]?.onReply(flight, flight.body.reply, event);
  }

  /** A fault lets go of the directions that it clogged. What may go on does so when all that happens now has happened. */
  unclog(holder: string): void {
    if (this.clogs.unclog(holder)) this.schedule(0, { type: "release" });
  }

  // What nodes tell the world

  /** A handler of the node has run, and its effects are still to be applied. */
  onChanged(node: Node, event: number): void {
    if (this.#options.watches !== false) this.watch.onChanged(node, event, this.now);
  }

  /** A handler of the node has run, and its effects are applied. */
  onHandled(node: Node, event: number): void {
    if (this.#options.watches !== false) this.watch.onHandled(node, event, this.now);
    if (this.#isSettling) this.#tellReplicated(node, event);
  }

  /** The node has crashed. */
  onRunningChanged(node: Node, event: number): void {
    this.connections.onCrash(node.index, event);
    if (this.#isSettling) this.#tellReplicated(node, event);
  }

  /** A connection is made anew. Of those of clients nobody is told. */
  onConnect(from: number, to: number, cause: number): void {
    if (!this.isClient(from) && !this.isClient(to)) this.node(from).onConnect(to, cause);
  }

  /** The sender's side learns that a connection broke, and what is lost. */
  onDisconnect(from: number, to: number, lost: readonly Flight[], cause: number, fault: number): void {
    if (!this.isClient(from) && !this.isClient(to)) this.node(from).onDisconnect({ peer: to, lost, cause, fault });
  }

  #tellReplicated(node: Node, event: number): void {
    const tell = this.#options.onReplicated;
    if (tell !== undefined) tell(this.now, event, node.index, this.watch.replicated(node, event, this.now));
  }

  /** Does something as the effect of an event. */
  inEvent(event: number, act: () => void): void {
    const before = this.cause;
    this.cause = event;
    act();
    this.cause = before;
  }

  // The queue

  #begin(): void {
    const { workload, duration } = this.config;
    this.schedules.begin();
    for (const node of this.nodes) node.boot(-1, -1);
    for (const client of this.clients) client.start();
    if (workload.until <= duration) this.scheduleAt(workload.until, { type: "settle" });
  }

  #continueFrom(original: World): void {
    this.#nextMessage = original.#nextMessage;
    this.#nextOperation = original.#nextOperation;
    this.#nextProcess = original.#nextProcess;
    this.#nextValue = original.#nextValue;
    this.#isSettling = original.#isSettling;
  }

  #newNode(id: NodeId, index: number): Node {
    const stream = this.streams.get(`clocks/${id}`);
    const { offset, drift } = this.config.clocks;
    const clock = new Clock(stream.between(offset[0], offset[1]), stream.between(drift[0], drift[1]));
    return new Node(this, index, clock, this.streams.get(`node/${id}`));
  }

  #dispatch(event: WorldEvent): void {
    switch (event.type) {
      case "deliver":
        return this.deliver(event);
      case "corrupt":
        return this.#discard(event.flight, event.fault);
      case "connection":
        return this.connections.onEvent(event);
      case "timer":
        return this.node(event.node).fireTimer(event.timer, event.serial);
      case "served":
        return this.node(event.node).cpu.onServed(event.serial);
      case "synced":
        return this.node(event.node).onDiskSynced(event.cause);
      case "diskError":
        return this.node(event.node).onDiskRefused();
      case "fault":
        return this.schedules.onDue(event.index, event.occurrence, event.cause);
      case "release":
        for (const flight of this.clogs.release()) this.deliver(flight);
        return;
      case "faultStep":
        return this.schedules.onStep(event.fault, event.step);
      case "faultEnd":
        return event.node === undefined ? this.schedules.onEnd(event.fault) : this.schedules.onNodeEnd(event.fault, event.node);
      case "ambush":
        return this.node(event.node).ambushes.onDue(event.fault, event.cause);
      case "settle":
        return this.#settle();
      default:
        return this.#dispatchToClient(event);
    }
  }

  #dispatchToClient(event: Extract<WorldEvent, { client: number }>): void {
    const client = this.clients[event.client - this.nodes.length] as Client;
    switch (event.type) {
      case "arrival":
        return client.onArrival();
      case "impatience":
        return client.onImpatience(event.operation);
      case "hedge":
        return client.onHedge(event.operation);
      case "retry":
        return client.onRetry(event.operation);
      case "timeout":
        return client.onTimeout(event.operation);
    }
  }

  /** The workload is over: from here on it is followed whether the nodes come to show the same. */
  #settle(): void {
    this.#isSettling = true;
    for (const node of this.nodes) this.#tellReplicated(node, Math.max(0, this.events - 1));
  }

  // Records

  #recordSend(from: Node | Client, to: number, id: number, name: string, body: Flight["body"], cause: number, operation: number, attempt: number): number {
    if (!this.recorder.isWatched) return this.recorder.skip();
    const data = contentsOf(body);
    const bytes = this.recorder.bytesOf(data);
    const record = this.recorder.begin("send", this.now, cause);
    record.node = from.index;
    if (from instanceof Node) {
      record.incarnation = from.incarnation;
      record.nodeTime = from.clockNow;
    }
    record.operation = operation;
    record.attempt = attempt;
    record.message = id;
    record.peer = to;
    record.bytes = bytes;
    record.name = name;
    record.data = data;
    return this.recorder.commit();
  }

  #recordDelivery(flight: Flight): number {
    return this.#recordPassing("deliver", flight, flight.sentBy, -1, "", -1);
  }

  /** A message on its way is copied, changed, dropped, or delivered to a client. */
  #recordPassing(kind: "duplicate" | "corrupt" | "drop" | "deliver", flight: Flight, cause: number, fault: number, reason: string, of: number): number {
    if (!this.recorder.isWatched) return this.recorder.skip();
    const record = this.#beginPassing(kind, flight, cause);
    record.fault = fault;
    record.reason = reason;
    record.of = of;
    if (kind === "corrupt") record.data = contentsOf(flight.body);
    return this.recorder.commit();
  }

  #beginPassing(kind: "duplicate" | "corrupt" | "wait" | "drop" | "deliver", flight: Flight, cause: number): TraceEvent {
    const record = this.recorder.begin(kind, this.now, cause);
    const isLeaving = kind === "duplicate" || kind === "corrupt" || kind === "wait";
    record.node = isLeaving ? flight.from : flight.to;
    record.peer = isLeaving ? flight.to : flight.from;
    record.operation = flight.operation;
    record.attempt = flight.attempt;
    record.message = flight.id;
    record.name = flight.name;
    return record;
  }
}

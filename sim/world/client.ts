import { sampler } from "../kernel/distribution.ts";
import type { Stream } from "../kernel/stream.ts";
import type { ClientId, Reply, Request, Value } from "../protocol.ts";
import type { EventKind } from "../trace/event.ts";
import { Arrivals } from "./arrivals.ts";
import type { ScriptedOperation, WorkloadConfig } from "./config.ts";
import { isForbidden } from "./forbidden.ts";
import { freeze } from "./freeze.ts";
import { keyChooser, weighted } from "./keys.ts";
import type { Flight } from "./message.ts";
import { returned, type PendingOperation } from "./operation.ts";
import { backoff, RetryBudget } from "./retry.ts";
import { Targets } from "./targets.ts";
import { thrownInWords } from "./thrown.ts";
import { valueMaker } from "./values.ts";
import type { World } from "./world.ts";

/**
 * The least pause after redirections, and after an operation that took no time: clients and nodes that ask and answer
 * each other in an instant must not hold up time. Nanoseconds.
 */
const LEAST_PAUSE = 10_000;

/** The streams of one client, each for one decision. */
interface ClientStreams {
  readonly arrivals: Stream;
  readonly keys: Stream;
  readonly operations: Stream;
  readonly target: Stream;
  readonly retry: Stream;
  /** Made where they are used. */
  readonly values: () => Stream;
  readonly hedge: () => Stream;
}

/**
 * One client, which is one session: it invokes operations in an open or closed loop or as a script says, asks nodes, follows redirections,
 * asks again, and gives up at the timeout. What it sees is the history.
 */
export class Client {
  readonly index: number;
  readonly id: ClientId;
  readonly #world: World;
  readonly #workload: WorkloadConfig;
  readonly #streams: ClientStreams;
  readonly #chooseKey: (stream: Stream, nth: number) => string;
  readonly #chooseOperation: (stream: Stream) => string;
  readonly #makeValue: (nth: number, stream: () => Stream) => Value;
  readonly #think: ((stream: Stream) => number) | undefined;
  /** Its own operations, where they are given. */
  readonly #script: readonly ScriptedOperation[] | undefined;
  readonly #arrivals: Arrivals;
  readonly #targets: Targets;
  readonly #budget: RetryBudget;
  #nextSequence = 1;
  /** By operation, in their order: the first is the lowest still open. */
  #pending = new Map<number, PendingOperation>();
  /** Processes of the history that have no operation pending. */
  #idle: number[] = [];
  /** What it saw last of each key, which is what its next `cas` expects. */
  #seen: { [key: string]: Value } = {};
  /** When it began its last operation; -1 before the first. Virtual nanoseconds. */
  #invokedAt = -1;
  #token: Value;

  constructor(world: World, index: number, streams: ClientStreams, original?: Client) {
    const { config, protocol } = world;
    const { workload } = config;
    this.#world = world;
    this.index = index;
    this.id = world.nameOf(index);
    this.#workload = workload;
    this.#streams = streams;
    this.#chooseKey = keyChooser(workload.keys);
    this.#chooseOperation = weighted(workload.operations.map(({ f }) => f), workload.operations.map(({ weight }) => weight));
    this.#makeValue = valueMaker(workload);
    this.#think = workload.think === undefined ? undefined : sampler(workload.think);
    this.#script = original ? original.#script : workload.script?.filter(({ client }) => client === index - config.nodes.length);
    this.#arrivals = original ? original.#arrivals.copy() : new Arrivals(workload, index - config.nodes.length);
    this.#targets = original ? original.#targets.copy() : new Targets(config, { name: this.id, zone: config.zones[index] ?? "", isClient: true });
    this.#budget = original ? original.#budget.copy() : new RetryBudget(workload.retry.budget);
    this.#token = freeze(protocol.client?.token ?? null);
  }

  static streams(world: World, id: ClientId): ClientStreams {
    const stream = (what: string): Stream => world.streams.get(`workload/${id}/${what}`);
    return {
      arrivals: stream(world.config.workload.think === undefined ? "arrival" : "think"),
      keys: stream("keys"),
      operations: stream("operations"),
      target: stream("target"),
      retry: stream("retry"),
      values: () => stream("values"),
      hedge: () => stream("hedge"),
    };
  }

  start(): void {
    this.#scheduleNext(this.#workload.from);
  }

  // What is due

  /** The next operation is due. */
  onArrival(): void {
    this.#invoke();
    if (this.#think === undefined) this.#scheduleNext(this.#world.now);
  }

  /** What is under way has waited long enough for a reply: another node is asked. */
  onImpatience(operation: number): void {
    const pending = this.#pending.get(operation);
    if (pending === undefined) return;
    this.#targets.forget(pending.node);
    this.#world.cancel(pending.hedge);
    if (this.#mayRetry(pending)) this.#pauseBeforeRetry(pending, this.#another(pending));
  }

  /** What is under way is slow: another node is asked as well. */
  onHedge(operation: number): void {
    const pending = this.#pending.get(operation);
    if (pending === undefined || !this.#budget.spend()) return;
    const asked = [...pending.asked, ...pending.underWay.map(({ node }) => node)];
    const node = this.#targets.another(pending.node, asked, this.#streams.hedge());
    this.#send(pending, node, pending.invokeEvent, true);
    this.#scheduleHedge(pending);
  }

  onRetry(operation: number): void {
    const pending = this.#pending.get(operation);
    if (pending === undefined) return;
    pending.underWay = [];
    this.#attempt(pending, pending.invokeEvent);
  }

  onTimeout(operation: number): void {
    const pending = this.#pending.get(operation);
    if (pending === undefined) return;
    this.#targets.forget(pending.node);
    this.#complete(pending, "info", pending.value, "timeout", pending.invokeEvent);
  }

  /** A reply has come. One to an operation that is over is ignored. */
  onReply(flight: Flight, reply: Reply, event: number): void {
    const pending = this.#pending.get(flight.operation);
    if (pending !== undefined) this.#onReplyTo(pending, flight, reply, event);
  }

  /** The run is over: what is pending ends as `info`, for it may have happened. */
  finish(reason: string): void {
    for (const pending of [...this.#pending.values()]) this.#complete(pending, "info", pending.value, reason, pending.invokeEvent);
  }

  // Replies

  #onReplyTo(pending: PendingOperation, flight: Flight, reply: Reply, event: number): void {
    if (reply.type === "redirect") return this.#onRedirect(pending, flight, reply.to ?? undefined, event);

    if (pending.request !== undefined) this.#updateToken(pending.request, reply, flight.from, event);
    this.#targets.remember(flight.from);
    if (reply.type === "fail") return this.#complete(pending, "fail", pending.value, reply.error, event);

    const value = returned(pending, reply.value);
    this.#remember(pending, value);
    this.#complete(pending, "ok", value, "", event);
  }

  /** The protocol's client side: if it throws, that is a violation as it is where a handler throws. */
  #updateToken(request: Request, reply: Reply, from: number, event: number): void {
    const { protocol, watch, now } = this.#world;
    try {
      const token = protocol.client?.onReply?.(this.#token, request, reply);
      if (token !== undefined) this.#token = freeze(token);
    } catch (error) {
      if (isForbidden(error)) throw error;
      const text = thrownInWords(error);
      watch.onThrow(this.#world.node(from), `client.onReply threw ${text}`, event, now);
    }
  }

  #onRedirect(pending: PendingOperation, flight: Flight, to: string | undefined, event: number): void {
    if (!pending.underWay.some(({ attempt }) => attempt === flight.attempt)) return;
    const others = pending.underWay.filter(({ attempt }) => attempt !== flight.attempt);
    const next = to === undefined ? -1 : this.#world.nodeNamed(to);
    this.#targets.remember(next);
    pending.hops += 1;
    const isOfUse = next >= 0 && next !== flight.from && this.#workload.retry.enabled;
    if (isOfUse && pending.hops <= this.#world.nodes.length) {
      pending.underWay = others;
      pending.node = next;
      return this.#attempt(pending, event);
    }
    // Another request is under way, which may be answered.
    if (others.length > 0) return void (pending.underWay = others);
    // The node may have passed the request on before it gave up: nothing is known of the operation.
    if (!this.#mayRetry(pending)) return this.#complete(pending, "info", pending.value, "redirected", event);
    this.#pauseBeforeRetry(pending, isOfUse ? next : this.#another(pending, flight.from), LEAST_PAUSE);
  }

  #remember(pending: PendingOperation, value: Value): void {
    if (pending.f === "read" || pending.f === "write") this.#seen[pending.key] = value;
    else if (pending.f === "cas") this.#seen[pending.key] = (value as readonly Value[])[1] ?? null;
  }

  // Operations

  #scheduleNext(after: number): void {
    if (this.#script !== undefined) return this.#scheduleScripted(this.#script[this.#nextSequence - 1]);
    const at = this.#think === undefined ? this.#arrivals.next(this.#streams.arrivals, after) : after + this.#pause(this.#think, after);
    if (at !== undefined && at < this.#workload.until) this.#world.scheduleAt(at, { type: "arrival", client: this.index });
  }

  #scheduleScripted(next: ScriptedOperation | undefined): void {
    if (next !== undefined) this.#world.scheduleAt(next.at, { type: "arrival", client: this.index });
  }

  #pause(think: (stream: Stream) => number, after: number): number {
    return Math.max(think(this.#streams.arrivals), this.#invokedAt === after ? LEAST_PAUSE : 0);
  }

  #invoke(): void {
    const sequence = this.#nextSequence++;
    this.#invokedAt = this.#world.now;
    this.#budget.earn();
    const scripted = this.#script?.[sequence - 1];
    const f = scripted?.f ?? this.#chooseOperation(this.#streams.operations);
    const key = scripted?.key ?? this.#chooseKey(this.#streams.keys, sequence - 1);
    const value = this.#argument(f, key);
    const node = scripted?.to ?? this.#targets.first(this.#streams.target);
    const process = this.#idle.shift() ?? this.#world.nextProcess();
    const operation = this.#world.nextOperation();
    const invokeEvent = this.#record("invoke", -1, { operation, process, f, key, value, reason: "" });
    const timeout = this.#world.schedule(this.#workload.timeout, { type: "timeout", client: this.index, operation });
    const pending: PendingOperation = {
      operation, sequence, process, f, key, value, invokeEvent, timeout,
      impatience: 0, hedge: 0, retry: 0, attempt: 0, node, underWay: [], asked: [], hops: 0, pauses: 0, request: undefined,
    };
    this.#pending.set(operation, pending);
    this.#attempt(pending, invokeEvent);
  }

  /** Written values are unique in a run. A `cas` expects what this client saw last. */
  #argument(f: string, key: string): Value {
    if (f === "read") return null;
    const fresh = this.#makeValue(this.#world.nextValue(), this.#streams.values);
    return f === "cas" ? freeze([this.#seen[key] ?? null, fresh]) : fresh;
  }

  // Attempts

  /** Asks `pending.node`, and begins to wait. */
  #attempt(pending: PendingOperation, cause: number): void {
    for (const handle of [pending.impatience, pending.hedge, pending.retry]) this.#world.cancel(handle); // A late redirection came before the pause was over.
    pending.retry = 0;
    this.#send(pending, pending.node, cause, false);
    this.#scheduleHedge(pending);
    if (!this.#workload.retry.enabled) return;
    pending.impatience = this.#world.schedule(this.#workload.retry.after, { type: "impatience", client: this.index, operation: pending.operation });
  }

  #scheduleHedge(pending: PendingOperation): void {
    const { hedge } = this.#workload;
    if (hedge === undefined || pending.underWay.length >= hedge.most || hedge.operations?.includes(pending.f) === false) return;
    pending.hedge = this.#world.schedule(hedge.after, { type: "hedge", client: this.index, operation: pending.operation });
  }

  #send(pending: PendingOperation, node: number, cause: number, isHedge: boolean): void {
    pending.attempt += 1;
    const first = this.#pending.values().next().value ?? pending;
    const request: Request = Object.freeze({
      operation: pending.operation,
      attempt: pending.attempt,
      client: this.id,
      sequence: pending.sequence,
      firstOpen: first.sequence,
      f: pending.f,
      key: pending.key,
      value: pending.value,
      token: this.#token,
    });
    pending.request = request;
    pending.underWay = [...pending.underWay, { attempt: pending.attempt, node }];
    this.#world.send(this, node, pending.f, { type: "request", request, ...(isHedge && { hedge: true }) }, cause, pending.operation, pending.attempt);
  }

  /** Takes what another attempt costs from the budget; false where none is to be made. */
  #mayRetry(pending: PendingOperation): boolean {
    const { enabled, attempts = Infinity } = this.#workload.retry;
    return enabled && pending.pauses + 1 < attempts && this.#budget.spend();
  }

  /** Whom to ask next. Where the nearest is asked first, the others follow by their distance, and then all again. */
  #another(pending: PendingOperation, last = pending.node): number {
    const isOrdered = this.#workload.target === "nearest";
    const asked = isOrdered ? [...pending.asked, ...pending.underWay.map(({ node }) => node)] : [];
    pending.asked = new Set(asked).size < this.#world.nodes.length ? asked : [];
    return this.#targets.another(last, pending.asked, this.#streams.retry);
  }

  #pauseBeforeRetry(pending: PendingOperation, next: number, least = 0): void {
    pending.node = next;
    pending.hops = 0;
    const pause = Math.max(least, backoff(this.#workload.retry, pending.pauses, this.#streams.retry.double()));
    pending.pauses += 1;
    for (const handle of [pending.impatience, pending.hedge, pending.retry]) this.#world.cancel(handle);
    pending.retry = this.#world.schedule(pause, { type: "retry", client: this.index, operation: pending.operation });
  }

  #complete(pending: PendingOperation, kind: "ok" | "fail" | "info", value: Value, reason: string, cause: number): void {
    for (const handle of [pending.timeout, pending.impatience, pending.hedge, pending.retry]) this.#world.cancel(handle);
    this.#pending.delete(pending.operation);
    // After an info the process is never used again: its operation may still take effect.
    if (kind !== "info") this.#idle.push(pending.process);
    this.#record(kind, cause, { operation: pending.operation, process: pending.process, f: pending.f, key: pending.key, value, reason });
    if (this.#think !== undefined) this.#scheduleNext(this.#world.now);
  }

  #record(kind: EventKind, cause: number, of: { operation: number; process: number; f: string; key: string; value: Value; reason: string }): number {
    const recorder = this.#world.recorder;
    if (!recorder.isWatched) return recorder.skip();
    const record = recorder.begin(kind, this.#world.now, cause);
    record.node = this.index;
    record.operation = of.operation;
    record.process = of.process;
    record.name = of.f;
    record.key = of.key;
    record.reason = of.reason;
    record.data = of.value;
    return recorder.commit();
  }

  /** The same client in a copy of the world. */
  copy(world: World): Client {
    const copy = new Client(world, this.index, Client.streams(world, this.id), this);
    copy.#nextSequence = this.#nextSequence;
    copy.#pending = new Map([...this.#pending].map(([operation, pending]) => [operation, { ...pending }]));
    copy.#idle = this.#idle.slice();
    copy.#seen = { ...this.#seen };
    copy.#invokedAt = this.#invokedAt;
    copy.#token = this.#token;
    return copy;
  }
}

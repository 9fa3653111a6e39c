import { exponential, sampler } from "../kernel/distribution.ts";
import type { Stream } from "../kernel/stream.ts";
import { NS_PER_S } from "../kernel/time.ts";
import type { ClientId, Reply, Request, Value } from "../protocol.ts";
import type { EventKind } from "../trace/event.ts";
import type { RetryConfig, WorkloadConfig } from "./config.ts";
import { isForbidden } from "./forbidden.ts";
import { freeze } from "./freeze.ts";
import { keyChooser, weighted } from "./keys.ts";
import type { Flight } from "./message.ts";
import type { World } from "./world.ts";

/** An operation that has not completed. */
interface PendingOperation {
  readonly operation: number;
  readonly sequence: number;
  readonly process: number;
  readonly f: string;
  readonly key: string;
  readonly value: Value;
  readonly invokeEvent: number;
  /** The kernel's handles; 0 where there is none. */
  readonly timeout: number;
  impatience: number;
  retry: number;
  /** The attempt under way, from 1, and the node that was asked. */
  attempt: number;
  node: number;
  /** Redirections followed since the last pause: followed at once, but not round and round. */
  hops: number;
  /** How often it has paused before another attempt. */
  pauses: number;
  /** The last attempt's request. */
  request: Request | undefined;
}

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
}

/**
 * One client, which is one session: it invokes operations in an open or closed loop, asks nodes, follows redirections,
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
  readonly #think: ((stream: Stream) => number) | undefined;
  #nextSequence = 1;
  /** By sequence number, in their order: the first is the lowest still open. */
  #pending = new Map<number, PendingOperation>();
  /** Processes of the history that have no operation pending. */
  #idle: number[] = [];
  /** What it saw last of each key, which is what its next `cas` expects. */
  #seen: { [key: string]: Value } = {};
  /** When it began its last operation; -1 before the first. Virtual nanoseconds. */
  #invokedAt = -1;
  /** The node that it asks first, where its policy remembers one; -1 for none. */
  #favourite = -1;
  #token: Value;

  constructor(world: World, index: number, streams: ClientStreams) {
    this.#world = world;
    this.index = index;
    this.id = world.nameOf(index);
    this.#workload = world.config.workload;
    this.#streams = streams;
    this.#chooseKey = keyChooser(this.#workload.keys);
    this.#chooseOperation = weighted(this.#workload.operations.map(({ f }) => f), this.#workload.operations.map(({ weight }) => weight));
    this.#think = this.#workload.think === undefined ? undefined : sampler(this.#workload.think);
    this.#token = freeze(world.protocol.client?.token ?? null);
  }

  static streams(world: World, id: ClientId): ClientStreams {
    const stream = (what: string): Stream => world.streams.get(`workload/${id}/${what}`);
    return {
      arrivals: stream(world.config.workload.think === undefined ? "arrival" : "think"),
      keys: stream("keys"),
      operations: stream("operations"),
      target: stream("target"),
      retry: stream("retry"),
    };
  }

  start(): void {
    this.#scheduleNext(this.#workload.from);
  }

  /** The next operation is due. */
  onArrival(): void {
    this.#invoke();
    if (this.#think === undefined) this.#scheduleNext(this.#world.now);
  }

  /** The attempt has waited long enough for its reply: another node is asked. */
  onImpatience(sequence: number, attempt: number): void {
    const pending = this.#pending.get(sequence);
    if (pending === undefined || pending.attempt !== attempt) return;
    if (this.#favourite === pending.node) this.#favourite = -1;
    this.#pauseBeforeRetry(pending, this.#another(pending.node));
  }

  onRetry(sequence: number): void {
    const pending = this.#pending.get(sequence);
    if (pending !== undefined) this.#attempt(pending, pending.invokeEvent);
  }

  onTimeout(sequence: number): void {
    const pending = this.#pending.get(sequence);
    if (pending === undefined) return;
    if (this.#favourite === pending.node) this.#favourite = -1;
    this.#complete(pending, "info", pending.value, "timeout", pending.invokeEvent);
  }

  /** A reply has come. One to an operation that is over is ignored. */
  onReply(flight: Flight, reply: Reply, event: number): void {
    for (const pending of this.#pending.values()) {
      if (pending.operation === flight.operation) return this.#onReplyTo(pending, flight, reply, event);
    }
  }

  /** The run is over: what is pending ends as `info`, for it may have happened. */
  finish(reason: string): void {
    for (const pending of [...this.#pending.values()]) this.#complete(pending, "info", pending.value, reason, pending.invokeEvent);
  }

  #onReplyTo(pending: PendingOperation, flight: Flight, reply: Reply, event: number): void {
    if (reply.type === "redirect") return this.#onRedirect(pending, flight, reply.to ?? undefined, event);

    if (pending.request !== undefined) this.#updateToken(pending.request, reply, flight.from, event);
    this.#favourite = flight.from;
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
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      watch.onThrow(this.#world.node(from), `client.onReply threw ${text}`, event, now);
    }
  }

  #onRedirect(pending: PendingOperation, flight: Flight, to: string | undefined, event: number): void {
    if (flight.attempt !== pending.attempt) return;
    const next = to === undefined ? -1 : this.#world.nodeNamed(to);
    this.#favourite = next;
    // The node may have passed the request on before it gave up: nothing is known of the operation.
    if (!this.#workload.retry.enabled) return this.#complete(pending, "info", pending.value, "redirected", event);

    this.#world.cancel(pending.impatience);
    pending.hops += 1;
    const isOfUse = next >= 0 && next !== flight.from;
    if (!isOfUse || pending.hops > this.#world.nodes.length) return this.#pauseBeforeRetry(pending, isOfUse ? next : this.#another(flight.from), LEAST_PAUSE);
    pending.node = next;
    this.#attempt(pending, event);
  }

  #remember(pending: PendingOperation, value: Value): void {
    if (pending.f === "read" || pending.f === "write") this.#seen[pending.key] = value;
    else if (pending.f === "cas") this.#seen[pending.key] = (value as readonly Value[])[1] ?? null;
  }

  #scheduleNext(after: number): void {
    const gap = this.#think === undefined ? this.#openLoopGap() : Math.max(this.#think(this.#streams.arrivals), this.#invokedAt === after ? LEAST_PAUSE : 0);
    const at = after + gap;
    if (at < this.#workload.until) this.#world.scheduleAt(at, { type: "arrival", client: this.index });
  }

  /** Open loop: a Poisson process for each client, which together have the rate that the workload asks for. */
  #openLoopGap(): number {
    const mean = (NS_PER_S * this.#workload.clients) / (this.#workload.rate ?? 1);
    return Math.round(exponential(this.#streams.arrivals, mean));
  }

  #invoke(): void {
    const sequence = this.#nextSequence++;
    this.#invokedAt = this.#world.now;
    const f = this.#chooseOperation(this.#streams.operations);
    const key = this.#chooseKey(this.#streams.keys, sequence - 1);
    const value = this.#argument(f, key);
    const node = this.#firstTarget();
    const process = this.#idle.shift() ?? this.#world.nextProcess();
    const operation = this.#world.nextOperation();
    const invokeEvent = this.#record("invoke", -1, { operation, process, f, key, value, reason: "" });
    const timeout = this.#world.schedule(this.#workload.timeout, { type: "timeout", client: this.index, sequence });
    const pending: PendingOperation = {
      operation, sequence, process, f, key, value, invokeEvent, timeout,
      impatience: 0, retry: 0, attempt: 0, node, hops: 0, pauses: 0, request: undefined,
    };
    this.#pending.set(sequence, pending);
    this.#attempt(pending, invokeEvent);
  }

  /** Written values are unique in a run. A `cas` expects what this client saw last. */
  #argument(f: string, key: string): Value {
    if (f === "read") return null;
    const fresh = this.#world.nextValue();
    return f === "cas" ? freeze([this.#seen[key] ?? null, fresh]) : fresh;
  }

  #firstTarget(): number {
    const any = this.#streams.target.below(this.#world.nodes.length);
    if (this.#workload.target === "any") return any;
    if (this.#favourite < 0) this.#favourite = any;
    return this.#favourite;
  }

  /** Some node but this one; this one where there is no other. */
  #another(node: number): number {
    const count = this.#world.nodes.length;
    const step = this.#streams.retry.below(Math.max(1, count - 1));
    return count === 1 ? node : (node + 1 + step) % count;
  }

  #attempt(pending: PendingOperation, cause: number): void {
    pending.attempt += 1;
    this.#world.cancel(pending.retry); // A late redirection came before the pause was over.
    pending.retry = 0;
    const firstOpen = this.#pending.keys().next().value ?? pending.sequence;
    const request: Request = Object.freeze({
      operation: pending.operation,
      attempt: pending.attempt,
      client: this.id,
      sequence: pending.sequence,
      firstOpen,
      f: pending.f,
      key: pending.key,
      value: pending.value,
      token: this.#token,
    });
    pending.request = request;
    this.#world.send(this, pending.node, pending.f, { type: "request", request }, cause, pending.operation, pending.attempt);
    if (!this.#workload.retry.enabled) return;
    pending.impatience = this.#world.schedule(this.#workload.retry.after, { type: "impatience", client: this.index, sequence: pending.sequence, attempt: pending.attempt });
  }

  #pauseBeforeRetry(pending: PendingOperation, next: number, least = 0): void {
    if (!this.#workload.retry.enabled) return;
    pending.node = next;
    pending.hops = 0;
    const pause = Math.max(least, backoff(this.#workload.retry, pending.pauses, this.#streams.retry.double()));
    pending.pauses += 1;
    this.#world.cancel(pending.retry);
    pending.retry = this.#world.schedule(pause, { type: "retry", client: this.index, sequence: pending.sequence, attempt: pending.attempt });
  }

  #complete(pending: PendingOperation, kind: "ok" | "fail" | "info", value: Value, reason: string, cause: number): void {
    for (const handle of [pending.timeout, pending.impatience, pending.retry]) this.#world.cancel(handle);
    this.#pending.delete(pending.sequence);
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
    const copy = new Client(world, this.index, Client.streams(world, this.id));
    copy.#nextSequence = this.#nextSequence;
    copy.#pending = new Map([...this.#pending].map(([sequence, pending]) => [sequence, { ...pending }]));
    copy.#idle = this.#idle.slice();
    copy.#seen = { ...this.#seen };
    copy.#invokedAt = this.#invokedAt;
    copy.#favourite = this.#favourite;
    copy.#token = this.#token;
    return copy;
  }
}

/** What the history says that an operation returned: of a read the value, of others what they were asked for, unless the protocol says more. */
function returned({ f, value }: PendingOperation, replied: Value | undefined): Value {
  if (f === "read") return replied ?? null;
  return f === "write" || f === "cas" ? value : (replied ?? value);
}

/** Exponential backoff with jitter: `draw` in [0, 1) decides over the jittered share. Nanoseconds. */
export function backoff(retry: RetryConfig, pauses: number, draw: number): number {
  const full = Math.min(retry.max, retry.backoff * 2 ** Math.min(pauses, 30));
  return Math.round(full * (1 - retry.jitter * draw));
}

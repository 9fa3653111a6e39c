import { LONGEST_SAMPLE_NS, sampler, type Distribution } from "../kernel/distribution.ts";
import type { Stream } from "../kernel/stream.ts";
import type { EventKind, TraceEvent } from "../trace/event.ts";
import type { Disconnection } from "./connection.ts";
import type { Flight } from "./message.ts";
import type { DiskNews } from "./storage.ts";
import type { World } from "./world.ts";

/** Something that a busy or paused node will handle later. A message's `demand` is its service time, by a CPU at full speed. */
export type Task =
  | { readonly type: "deliver"; readonly flight: Flight; readonly demand: number }
  | { readonly type: "timer"; readonly timer: string; readonly serial: number }
  | { readonly type: "disk"; readonly news: DiskNews }
  | { readonly type: "disconnect"; readonly news: Disconnection };

/** A message that a core is busy with. */
interface Service {
  readonly serial: number;
  readonly flight: Flight;
  /** The kernel's handle of its end; 0 while the node is paused. */
  readonly handle: number;
  /** Virtual time of its end, while the node is not paused. */
  readonly endsAt: number;
  /** What is left of it, while the node is paused. Nanoseconds. */
  readonly left: number;
}

/** What a CPU needs of its node. */
export interface CpuHost {
  readonly index: number;
  /** The node handles what has waited, or what has been served. */
  run(task: Task): void;
  /** The record of an event of the node, to be committed then; undefined where nobody watches. */
  begin(kind: EventKind, cause: number): TraceEvent | undefined;
}

/** Whether messages cost anything: with `constant(0)` nodes are never busy. */
export function takesTime(perMessage: Distribution): boolean {
  return perMessage.type !== "constant" || perMessage.value > 0;
}

/**
 * A node's CPU and its inbox: one queue and some cores, served in the order of arrival (M/G/c, Kleinrock vol. 1, where
 * arrivals are Poisson). A message occupies a core for its service time, and its handler runs when that is over.
 *
 * Timers and finished syncs cost nothing, but take their turn in the same queue, as in an event loop or an actor's
 * mailbox: while all cores are busy they wait behind what came before them, so a saturated leader is late with its
 * heartbeats, and a heartbeat that waits in a follower's inbox still comes before the election timer that fires after
 * it. They do not count for the inbox's limit, and are never shed.
 *
 * The same queue holds what comes to a paused node.
 */
export class Cpu {
  readonly #world: World;
  readonly #host: CpuHost;
  /** Undefined where messages cost nothing. */
  readonly #sample: ((stream: Stream) => number) | undefined;
  readonly #stream: Stream | undefined;
  readonly #cores: number;
  readonly #limit: number;
  #queue: Task[] = [];
  /** How many of the queue are messages. */
  #waiting = 0;
  #serving: Service[] = [];
  #nextSerial = 0;
  #isPaused = false;
  /** By fault: how many times slower it makes each service. */
  #factors = new Map<number, number>();
  #factor = 1;

  constructor(world: World, host: CpuHost) {
    const { perMessage, cores, inbox } = world.config.cpu;
    this.#world = world;
    this.#host = host;
    const isUsed = takesTime(perMessage);
    this.#sample = isUsed ? sampler(perMessage) : undefined;
    this.#stream = isUsed ? world.streams.get(`cpu/${world.nameOf(host.index)}`) : undefined;
    this.#cores = cores;
    this.#limit = inbox ?? Infinity;
  }

  /** True where what comes now, and costs nothing, is handled at once. */
  get isFree(): boolean {
    return !this.#isPaused && this.#queue.length === 0 && this.#serving.length < this.#cores;
  }

  // What comes

  /** A message has come. True where it is to be handled at once; otherwise it is served, waits, or is shed. */
  receive(flight: Flight): boolean {
    if (this.#sample === undefined) {
      if (!this.#isPaused) return true;
      this.#queue.push({ type: "deliver", flight, demand: 0 });
      return false;
    }
    // One draw for every message that comes, so that what becomes of others does not change what this one costs.
    const demand = this.#sample(this.#stream as Stream);
    if (this.isFree) this.#serve(flight, demand);
    else if (this.#waiting >= this.#limit) this.#world.drop(flight, "inbox", -1);
    else this.#enqueue(flight, demand);
    return false;
  }

  /** Something that costs nothing finds the node not free, and waits for its turn. */
  wait(task: Task): void {
    this.#queue.push(task);
  }

  /** A service is over: its message is handled, and the core turns to what waits. */
  onServed(serial: number): void {
    const at = this.#serving.findIndex((service) => service.serial === serial);
    const [{ flight }] = this.#serving.splice(at, 1) as [Service];
    this.#host.run({ type: "deliver", flight, demand: 0 });
    this.#goOn();
  }

  #enqueue(flight: Flight, demand: number): void {
    this.#queue.push({ type: "deliver", flight, demand });
    this.#waiting += 1;
    const record = this.#host.begin("arrive", flight.sentBy);
    if (record !== undefined) {
      record.operation = flight.operation;
      record.attempt = flight.attempt;
      record.message = flight.id;
      record.peer = flight.from;
      record.name = flight.name;
      record.queue = this.#waiting;
    }
    this.#world.recorder.commit();
  }

  /** Handles or begins to serve what waits, as far as cores are free. A handler may stop the node, which empties all. */
  #goOn(): void {
    while (this.#queue.length > 0 && !this.#isPaused && this.#serving.length < this.#cores) {
      const task = this.#queue.shift() as Task;
      if (task.type !== "deliver" || this.#sample === undefined) {
        this.#host.run(task);
        continue;
      }
      this.#waiting -= 1;
      this.#serve(task.flight, task.demand);
    }
  }

  #serve(flight: Flight, demand: number): void {
    this.#serving.push(this.#begun(this.#nextSerial++, flight, slowed(demand, this.#factor)));
  }

  #begun(serial: number, flight: Flight, left: number): Service {
    const handle = this.#world.schedule(left, { type: "served", node: this.#host.index, serial });
    return { serial, flight, handle, endsAt: this.#world.now + left, left };
  }

  // What faults do to it

  /** Nothing is served until it resumes; what comes waits. */
  pause(): void {
    this.#isPaused = true;
    this.#serving = this.#serving.map((service) => this.#stopped(service));
  }

  /** Goes on where it stopped: each service takes the time that was left of it. */
  resume(): void {
    this.#isPaused = false;
    this.#serving = this.#serving.map(({ serial, flight, left }) => this.#begun(serial, flight, left));
    this.#goOn();
  }

  /** Its node has stopped: what was served and what waited is lost. */
  crash(fault: number): void {
    const lost = [...this.#serving, ...this.#queue.filter((task) => task.type === "deliver")];
    for (const { handle } of this.#serving) this.#world.cancel(handle);
    this.#serving = [];
    this.#queue = [];
    this.#waiting = 0;
    for (const { flight } of lost) this.#world.drop(flight, "down", fault);
  }

  /** While the fault lasts every service takes `by` times as long; what is left of those under way as well. */
  slowDown(fault: number, by: number): void {
    this.#factors.set(fault, by);
    this.#followSpeed();
  }

  endSlowness(fault: number): void {
    if (this.#factors.delete(fault)) this.#followSpeed();
  }

  #followSpeed(): void {
    let factor = 1;
    for (const by of this.#factors.values()) factor *= by;
    const change = factor / this.#factor;
    this.#factor = factor;
    this.#serving = this.#serving.map((service) => {
      const { serial, flight, left } = this.#stopped(service);
      const now = slowed(left, change);
      return this.#isPaused ? { ...service, left: now } : this.#begun(serial, flight, now);
    });
  }

  #stopped(service: Service): Service {
    if (service.handle === 0) return service;
    this.#world.cancel(service.handle);
    return { ...service, handle: 0, left: service.endsAt - this.#world.now };
  }

  /** The same CPU in a copy of the world, whose kernel has its services under the same handles. */
  copy(world: World, host: CpuHost): Cpu {
    const copy = new Cpu(world, host);
    copy.#queue = this.#queue.slice();
    copy.#waiting = this.#waiting;
    copy.#serving = this.#serving.slice();
    copy.#nextSerial = this.#nextSerial;
    copy.#isPaused = this.#isPaused;
    copy.#factors = new Map(this.#factors);
    copy.#factor = this.#factor;
    return copy;
  }
}

/** So many times a duration, in whole nanoseconds. */
function slowed(duration: number, factor: number): number {
  return factor === 1 ? duration : Math.min(LONGEST_SAMPLE_NS, Math.round(duration * factor));
}

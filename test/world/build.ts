/** Small worlds for tests: a configuration with defaults, protocols of a few lines, and a sink that keeps what happened. */
import type { Distribution } from "../../sim/kernel/distribution.ts";
import { ms, seconds } from "../../sim/kernel/time.ts";
import { defineProtocol, type AnyMessage, type AnyProtocol, type Ctx, type Protocol, type Request, type Value } from "../../sim/protocol.ts";
import { clearEvent, TraceEvent, type Annotation, type EventKind, type TraceSink } from "../../sim/trace/event.ts";
import type { ClockConfig, CpuConfig, DiskConfig, FaultConfig, LinkConfig, NetworkConfig, Selector, WorkloadConfig, WorldConfig } from "../../sim/world/config.ts";
import type { Loss, Pages } from "../../sim/world/store.ts";
import { World, type WorldOptions } from "../../sim/world/world.ts";

export const constant = (value: number): Distribution => ({ type: "constant", value });
export const uniform = (min: number, max: number): Distribution => ({ type: "uniform", min, max });

/** Keeps a copy of every event and annotation. */
export class Recording implements TraceSink {
  readonly events: TraceEvent[] = [];
  readonly annotations: Annotation[] = [];
  readonly #all: (TraceEvent | Annotation)[] = [];

  event(event: TraceEvent): void {
    const copy = new TraceEvent();
    clearEvent(copy);
    this.events.push(Object.assign(copy, event));
    this.#all.push(copy);
  }

  annotation(annotation: Annotation): void {
    this.annotations.push(annotation);
    this.#all.push(annotation);
  }

  /** Events and annotations as text, in the order in which they came. */
  get lines(): string[] {
    return this.#all.map((one) => JSON.stringify(one));
  }

  of(...kinds: EventKind[]): TraceEvent[] {
    return this.events.filter(({ kind }) => kinds.includes(kind));
  }
}

type Overrides = {
  readonly seed?: number;
  readonly duration?: number;
  /** A number: n1, n2, … */
  readonly nodes?: number | readonly string[];
  readonly options?: WorldConfig["options"];
  readonly network?: Partial<NetworkConfig>;
  readonly clocks?: Partial<ClockConfig>;
  readonly disk?: Partial<DiskConfig>;
  readonly cpu?: Partial<CpuConfig>;
  readonly zones?: readonly string[];
  /** No clients unless it says how many. */
  readonly workload?: Partial<Omit<WorkloadConfig, "network">> & { readonly network?: Partial<LinkConfig> };
  readonly faults?: readonly FaultConfig[];
};

/** Messages take 1 ms, a sync 1 ms, nothing is lost, clocks are right, and nobody asks anything. */
export function config(overrides: Overrides = {}): WorldConfig {
  const { nodes = 3, duration = seconds(1) } = overrides;
  const link: LinkConfig = { latency: constant(ms(1)), loss: 0, duplicate: 0, corrupt: 0, checksum: true, fifo: false };
  const network: NetworkConfig = { ...link, links: [], zones: [], ...overrides.network };
  const names = typeof nodes === "number" ? Array.from({ length: nodes }, (_, index) => `n${index + 1}`) : nodes;
  return {
    seed: overrides.seed ?? 1,
    duration,
    nodes: names,
    zones: overrides.zones ?? [],
    options: overrides.options ?? {},
    network,
    clocks: { offset: [0, 0], drift: [0, 0], ...overrides.clocks },
    disk: { sync: constant(ms(1)), write: constant(0), ...overrides.disk },
    cpu: { perMessage: constant(0), cores: 1, ...overrides.cpu },
    workload: {
      clients: 0,
      ...(overrides.workload?.think === undefined && { rate: 100 }),
      keys: { count: 3, distribution: { type: "uniform" } },
      operations: [{ f: "read", weight: 1 }, { f: "write", weight: 1 }],
      from: 0,
      until: duration,
      timeout: seconds(1),
      retry: { enabled: true, after: ms(200), backoff: ms(10), max: ms(500), jitter: 0.5 },
      target: "any",
      ...overrides.workload,
      network: { ...link, latency: network.latency, ...overrides.workload?.network },
    },
    faults: overrides.faults ?? [],
  };
}

export interface Built {
  readonly world: World;
  readonly seen: Recording;
}

export function build(protocol: AnyProtocol, overrides: Overrides = {}, options: WorldOptions = {}): Built {
  const seen = new Recording();
  return { world: new World(config(overrides), protocol, { ...options, sinks: [seen, ...(options.sinks ?? [])] }), seen };
}

/** A world run to its end. */
export function run(protocol: AnyProtocol, overrides: Overrides = {}, options: WorldOptions = {}): Built {
  const built = build(protocol, overrides, options);
  built.world.runUntil(built.world.config.duration);
  built.world.finish("duration");
  return built;
}

interface When {
  readonly at?: number;
  readonly every?: readonly [number, number];
  readonly between?: readonly [number, number];
  readonly when?: string;
  readonly nth?: number;
  readonly after?: number;
  readonly for?: number | readonly [number, number];
  readonly name?: string;
  readonly lose?: Loss;
  /** Of faults of disks. */
  readonly pages?: Pages;
  readonly rate?: number;
  readonly bytes?: number;
  readonly detected?: boolean;
  readonly amid?: "effects" | "sync";
  readonly applied?: number;
}

const range = (value: number | readonly [number, number]): readonly [number, number] => (typeof value === "number" ? [value, value] : value);

/** One entry of a scenario's faults: `fault("crash", "n1", { at: ms(5) })`. */
export function fault(kind: string, value: unknown, when: When): FaultConfig {
  const { amid, applied, pages, rate, bytes, detected } = when;
  const ofDisk = { ...(pages !== undefined && { pages }), ...(rate !== undefined && { rate }), ...(bytes !== undefined && { bytes }), ...(detected !== undefined && { detected }) };
  const lose = kind === "crash" ? { lose: when.lose ?? "unsynced", ...(amid !== undefined && { amid }), ...(applied !== undefined && { applied }) } : {};
  return {
    kind,
    name: when.name,
    start: startOf(when),
    lasts: when.for === undefined ? undefined : range(when.for),
    params: { value: typeof value === "string" && kind !== "heal" ? sel(value) : value, ...lose, ...ofDisk },
    text: JSON.stringify([kind, value, when]),
  };
}

function startOf(when: When): FaultConfig["start"] {
  if (when.every !== undefined) return { type: "every", every: when.every, between: when.between ?? [0, seconds(1)] };
  if (when.when !== undefined) return { type: "when", event: when.when, nth: when.nth ?? 1, after: range(when.after ?? 0), between: when.between };
  return { type: "at", at: range(when.at ?? 0) };
}

type Word = string | readonly Word[];

/** `sel("leader")`, `sel("random(2)")`, `sel(["n1", "rest"])`: a selector from its words. */
export function sel(word: Word): Selector {
  if (typeof word !== "string") return { type: "list", of: word.map(sel) };
  const random = /^random(?:\((\d+)\))?$/.exec(word);
  if (random !== null) return { type: "random", count: Number(random[1] ?? 1) };
  if (/^(leader|followers?|minority|majority|all|rest)$/.test(word)) return { type: word } as Selector;
  return { type: "node", node: word };
}

export const groups = (...words: Word[]): Selector[] => words.map(sel);

type State = { [field: string]: unknown };
export type Act = (state: any, ctx: Ctx<AnyMessage, string, any, any>) => void;
/** What a node does at which time of its own clock. */
export type Script = { readonly [node: string]: readonly (readonly [at: number, act: Act])[] };

export interface Note extends AnyMessage {
  readonly type: "Note";
  readonly text: Value;
}

export const note = (text: Value): Note => ({ type: "Note", text });

/**
 * A protocol that does what a script says, each act once in a run: it is for clocks that are right. A node does nothing
 * about the notes that it hears, and answers every request at once with ok.
 */
export function puppet(script: Script, parts: Partial<Protocol> = {}): AnyProtocol {
  return defineProtocol<State, Note, string, any, any>({
    name: "puppet",
    boot: () => ({}),
    onStart(_, ctx) {
      (script[ctx.self] ?? []).forEach(([at], index) => {
        if (at >= ctx.now) ctx.setTimer("act", at - ctx.now, String(index));
      });
    },
    onMessage: { Note: () => {} },
    onTimer: { act: (state, ctx, index) => script[ctx.self]?.[Number(index)]?.[1](state, ctx as any) },
    onRequest: { read: answerOk, write: answerOk, cas: answerOk },
    ...parts,
  } as Protocol);
}

function answerOk(_: unknown, request: Request, ctx: Ctx): void {
  ctx.reply(request, { type: "ok", value: request.f === "read" ? null : request.value });
}

/** Every text that a node heard, with the time at which it came. */
export function heard(seen: Recording, node: number): [text: unknown, at: number][] {
  const sent = new Map<number, unknown>();
  const texts: [unknown, number][] = [];
  for (const event of seen.events) {
    if (event.kind === "send") sent.set(event.message, (event.data as Note).text);
    if (event.kind === "duplicate") sent.set(event.message, sent.get(event.of));
    if (event.kind === "deliver" && event.node === node && event.name === "Note") texts.push([sent.get(event.message), event.time]);
  }
  return texts;
}

/** When a node started, stopped, and was paused. */
export function lives(seen: Recording, node: number): [kind: string, at: number][] {
  return seen.of("boot", "crash", "pause", "resume").filter((event) => event.node === node).map(({ kind, time }) => [kind, time]);
}

/** Whether a count of successes is within five standard deviations of what a rate gives: wrong in one of two million. */
export function isNear(count: number, trials: number, rate: number): boolean {
  return Math.abs(count - trials * rate) <= 5 * Math.sqrt(trials * rate * (1 - rate)) + 1;
}

import { Convergence } from "../check/convergence.ts";
import type { HistoryEvent } from "../check/history.ts";
import { check } from "../check/index.ts";
import { Recovery } from "../check/recovery.ts";
import type { Verdict } from "../check/verdict.ts";
import { formatTime } from "../explain/index.ts";
import { Metrics, metricsJson } from "../metrics/index.ts";
import { TraceEncoder } from "../trace/encode.ts";
import { eventKinds, eventSchema, TRACE_VERSION, type TraceHeader, type TraceSink } from "../trace/event.ts";
import { World } from "../world/world.ts";
import { judge, verdictOf } from "./expectations.ts";
import { FaultLog, HistoryLog } from "./logs.ts";
import { withoutMachine } from "./guard.ts";
import type { RunResult, ViolationResult } from "./result.ts";
import type { Scenario, Stop } from "./scenario.ts";
import { SometimesWatch } from "./sometimes.ts";
import { StopWatch } from "./stop.ts";
import { VERSION } from "../version.ts";

export interface RunOptions {
  /** Takes the trace's bytes as they come. Without it no trace is written; the digest is the same. */
  readonly write?: ((bytes: Uint8Array) => void) | undefined;
  /** Further watchers of the events. */
  readonly sinks?: readonly TraceSink[] | undefined;
  /**
   * False: what the clients saw is kept only where an expectation asks about it, and the outcome's history is empty. It
   * is all of a run that grows with it, but for what the protocol's own state does.
   */
  readonly history?: boolean | undefined;
  /** Configurations that each consistency check may explore. */
  readonly budget?: number | undefined;
}

export interface RunOutcome {
  /** What `run --json` prints, but for the wall time and the files. */
  readonly result: RunResult;
  readonly history: readonly HistoryEvent[];
}

/** A run under way: a scenario's world, with those who watch it. */
export class Run {
  readonly scenario: Scenario;
  readonly world: World;
  readonly #options: RunOptions;
  readonly #encoder: TraceEncoder;
  readonly #metrics: Metrics;
  readonly #history: HistoryLog | undefined;
  readonly #faults = new FaultLog();
  readonly #recovery = new Recovery();
  readonly #convergence: Convergence;
  readonly #stop: StopWatch | undefined;
  readonly #sometimes: SometimesWatch | undefined;
  #isInterrupted = false;
  #isOver = false;
  #isEndKnown = false;

  /** Throws a ForbiddenError where the protocol reaches for the machine at its boot. */
  constructor(scenario: Scenario, options: RunOptions = {}) {
    const { world: config, protocol } = scenario;
    this.scenario = scenario;
    this.#options = options;
    this.#encoder = new TraceEncoder(headerOf(scenario), options.write);
    this.#metrics = new Metrics({
      nodes: config.nodes.length, fromNs: config.workload.from, untilNs: config.workload.until, zones: config.zones, prices: scenario.prices,
    });
    const isHistoryKept = options.history !== false || scenario.expect.some(({ type }) => type === "consistency");
    this.#history = isHistoryKept ? new HistoryLog(config.nodes.length, clientNames(scenario)) : undefined;
    this.#convergence = new Convergence(config.nodes.length);
    const { stop } = scenario;
    // What a protocol says at its boot is heard before there is a world to interrupt.
    this.#stop = stop && new StopWatch(stop, () => (this.world as World | undefined)?.interrupt());
    this.#sometimes = scenario.sometimes && new SometimesWatch();
    const optional = (sink: TraceSink | undefined): TraceSink[] => (sink === undefined ? [] : [sink]);
    const sinks = [...optional(this.#stop), this.#encoder, this.#metrics, ...optional(this.#history), this.#faults, this.#recovery, ...optional(this.#sometimes), ...(options.sinks ?? [])];
    const onReplicated = (time: number, event: number, node: number, state: string | null): void => this.#convergence.show(time, event, node, state);
    this.world = withoutMachine(() => new World(config, protocol, { sinks, onReplicated, invariants: scenario.invariants === "on" }));
  }

  get virtualTimeNs(): number {
    return this.world.now;
  }

  get durationNs(): number {
    return this.scenario.world.duration;
  }

  get events(): number {
    return this.world.events;
  }

  get operations(): number {
    return this.world.operations;
  }

  /** Runs on through so many steps of the queue; true while there is more. */
  advance(maxSteps: number): boolean {
    if (this.#isOver || this.#isInterrupted) return false;
    const arrived = withoutMachine(() => this.world.runUntil(this.#endNs, maxSteps));
    // The event at which the run ends interrupts it, and may leave some time.
    this.#isOver = arrived || this.world.now === this.#stop?.endNs;
    if (!this.#isOver && !this.#isInterrupted && this.#isJustKnown()) return this.advance(maxSteps);
    return !this.#isOver && !this.#isInterrupted;
  }

  /** Virtual time at which it ends, as far as it is known. */
  get #endNs(): number {
    return Math.min(this.scenario.world.duration, this.#stop?.endNs ?? Infinity);
  }

  /** True once: when the run has gone on to the event at which it is to end. */
  #isJustKnown(): boolean {
    if (this.#stop?.endNs === undefined || this.#isEndKnown) return false;
    return (this.#isEndKnown = true);
  }

  /** Ends the run where it is. What was done is kept and judged. */
  interrupt(): void {
    this.#isInterrupted = true;
    this.world.interrupt();
  }

  /** Ends the run, judges what it left, and closes the trace. */
  finish(): RunOutcome {
    const interrupted = !this.#isOver;
    withoutMachine(() => this.world.finish(interrupted ? "interrupted" : this.#isStopped ? "stop" : "duration"));
    const result = this.#judge(interrupted);
    this.#encoder.finish(result, !interrupted);
    return { result, history: this.#options.history === false ? [] : (this.#history?.events ?? []) };
  }

  #judge(interrupted: boolean): RunResult {
    const { scenario, world } = this;
    const endNs = world.now;
    const settledNs = Math.max(scenario.world.workload.until, this.#faults.lastEndNs);
    const isCutShort = this.#isStopped && endNs < settledNs;
    this.#metrics.set("convergence.time", isCutShort ? null : this.#convergence.timeToConverge(settledNs));
    this.#metrics.set("recovery.time", this.#recovery.timeToRecover());
    const values = this.#metrics.values();
    const expectations = judge(scenario.expect, {
      violations: world.watch.violations,
      check: (level) => this.#check(level),
      convergence: (withinNs) => this.#judgeConvergence(settledNs, withinNs),
      progress: (withinNs) => this.#recovery.verdict(withinNs, endNs, (endpoint) => world.nameOf(endpoint)),
      metrics: values,
      momentOf: (metric) => this.#metrics.momentOf(metric),
    });
    return {
      version: 1,
      scenario: scenario.name,
      protocol: scenario.protocolName,
      mutant: scenario.mutant,
      seed: scenario.world.seed,
      verdict: verdictOf(expectations),
      digest: this.#encoder.digest(),
      events: world.events,
      virtualTime: formatTime(endNs),
      virtualTimeNs: endNs,
      wallTimeMs: 0,
      ...(interrupted && { interrupted }),
      ...(this.#isStopped && { stopped: (scenario.stop as Stop).event }),
      expectations,
      ...(this.#sometimes !== undefined && { sometimes: this.#sometimes.results(scenario.sometimes ?? [], values) }),
      violations: this.#violations(),
      faults: this.#faults.results((fault) => this.#metrics.faultCost(fault)),
      ...(scenario.random !== undefined && { schedule: scenario.random.schedule }),
      metrics: metricsJson(values),
      cost: this.#metrics.cost(),
      files: {},
    };
  }

  /** Its event has come, and it ended before its duration. */
  get #isStopped(): boolean {
    return !this.#isInterrupted && this.#stop?.endNs !== undefined && this.world.now < this.scenario.world.duration;
  }

  #judgeConvergence(settledNs: number, withinNs: number): Verdict {
    const endNs = this.world.now;
    const verdict = this.#convergence.verdict(settledNs, withinNs, endNs, this.scenario.world.nodes);
    if (!this.#isStopped || endNs >= settledNs + withinNs) return verdict;
    const { failure: _, ...rest } = verdict;
    return { ...rest, verdict: "unknown", detail: `the run was stopped at ${formatTime(endNs)}, before the nodes had had ${formatTime(withinNs)} to agree` };
  }

  #check(level: string): Verdict {
    const model = this.scenario.protocol.model;
    return check(this.#history?.events ?? [], { consistency: level, ...(model !== undefined && { model }), ...(this.#options.budget !== undefined && { budget: this.#options.budget }) });
  }

  #violations(): ViolationResult[] {
    return this.world.watch.violations.map(({ invariant, time, nodes, message, event }) => ({ invariant, at: formatTime(time), atNs: time, nodes, message, event }));
  }
}

/** One run from its beginning to its end. */
export function run(scenario: Scenario, options: RunOptions = {}): RunOutcome {
  const whole = new Run(scenario, options);
  while (whole.advance(Infinity));
  return whole.finish();
}

function headerOf(scenario: Scenario): TraceHeader {
  return {
    version: TRACE_VERSION,
    program: VERSION,
    protocol: scenario.protocolName,
    seed: scenario.world.seed,
    scenario: scenario.name,
    source: scenario.source,
    nodes: scenario.world.nodes,
    ...(scenario.world.zones.some((zone) => zone !== "") && { zones: scenario.world.zones }),
    clients: clientNames(scenario),
    durationNs: scenario.world.duration,
    kinds: eventKinds.map((kind) => ({ kind, fields: eventSchema[kind].fields })),
  };
}

function clientNames(scenario: Scenario): string[] {
  return Array.from({ length: scenario.world.workload.clients }, (_, index) => `c${index + 1}`);
}

/**
 * Folds over the event stream: the figures of a run, a file a family. The same fold works online and from a trace file.
 */
import type { TraceEvent, TraceSink } from "../trace/event.ts";
import { availabilityMetrics, Outages, reportAvailability } from "./availability.ts";
import { Cluster, clusterMetrics } from "./cluster.ts";
import { convergenceMetrics } from "./convergence.ts";
import { diskMetrics, Disks } from "./disk.ts";
import { Latency, latencyInfo, latencyMetrics } from "./latency.ts";
import { messageMetrics, Messages } from "./messages.ts";
import type { MetricInfo, MetricMoment, MetricValues } from "./metric.ts";
import { ratio } from "./metric.ts";
import { operationMetrics, Operations } from "./operations.ts";

export type { MetricInfo, MetricMoment, MetricUnit, MetricValues } from "./metric.ts";

/** Every metric by the name that it has in expectations, in the order of reports. */
export const metrics: Readonly<Record<string, MetricInfo>> = {
  ...operationMetrics,
  ...availabilityMetrics,
  ...latencyMetrics,
  ...messageMetrics,
  ...diskMetrics,
  ...clusterMetrics,
  ...convergenceMetrics,
};

/** What a name means: one of {@link metrics}, or the latency of an operation of a protocol's own model (`latency.append.p99`). */
export function metricInfo(name: string): MetricInfo | undefined {
  return Object.hasOwn(metrics, name) ? metrics[name] : latencyInfo(name);
}

export interface MetricsConfig {
  /** How many nodes there are: endpoints from this number on are clients. */
  readonly nodes: number;
  /** When the workload begins and ends, in nanoseconds. */
  readonly fromNs: number;
  readonly untilNs: number;
}

/** Counts a run. Every event of every run passes here, so it keeps to counters and allocates nothing per message. */
export class Metrics implements TraceSink {
  readonly #config: MetricsConfig;
  #nowNs = 0;
  #operations = new Operations();
  #latency = new Latency();
  #outages = new Outages();
  #messages = new Messages();
  #disks = new Disks();
  #cluster = new Cluster();
  #extra = new Map<string, number | null>();

  constructor(config: MetricsConfig) {
    this.#config = config;
  }

  event(event: TraceEvent): void {
    this.#nowNs = event.time;
    switch (event.kind) {
      case "send":
        return this.#send(event);
      case "deliver":
        if (this.#isBetweenNodes(event)) this.#messages.delivered += 1;
        return;
      case "drop":
        if (this.#isBetweenNodes(event)) this.#messages.dropped += 1;
        return;
      case "duplicate":
        if (this.#isBetweenNodes(event)) this.#messages.duplicated += 1;
        return;
      case "synced":
        this.#disks.syncs += 1;
        return;
      case "emit":
        return this.#cluster.emit(event);
      case "invoke":
      case "ok":
      case "fail":
      case "info":
        return this.#operation(event);
      case "crash":
        this.#cluster.crashes += 1;
        return;
      case "fault":
        return this.#cluster.fault(event);
    }
  }

  /** A metric that is not counted from events. Throws a RangeError on a name that is not in {@link metrics}. */
  set(name: string, value: number | null): void {
    if (!Object.hasOwn(metrics, name)) throw new RangeError(`there is no metric ${name}`);
    this.#extra.set(name, value);
  }

  /** Everything counted so far, by the names of {@link metrics}: durations in nanoseconds, null where nothing was measured. */
  values(): MetricValues {
    const values: MetricValues = {};
    for (const name in metrics) values[name] = null;
    const answered = this.#operations.answered;
    this.#operations.report(values, Math.min(this.#nowNs, this.#config.untilNs) - this.#config.fromNs);
    reportAvailability(values, ratio(answered, this.#operations.invoked), this.#outages.longestNs(this.#nowNs));
    this.#latency.report(values);
    this.#messages.report(values, answered);
    this.#disks.report(values, answered);
    this.#cluster.report(values);
    for (const [name, value] of this.#extra) values[name] = value;
    return values;
  }

  /** The event that shows best why a metric is as it is, where one event does. */
  momentOf(name: string): MetricMoment | undefined {
    if (name === "availability" || name === "operations.fail" || name === "operations.info") return this.#operations.firstRefused;
    if (name === "unavailable.longest") return this.#outages.longestBegan(this.#nowNs);
    if (name === "leader.changes") return this.#cluster.lastWon;
    return name.startsWith("latency.") ? this.#latency.slowest(name) : undefined;
  }

  /** As it is now, independent of what comes. */
  copy(): Metrics {
    const copy = new Metrics(this.#config);
    copy.#nowNs = this.#nowNs;
    copy.#operations = this.#operations.copy();
    copy.#latency = this.#latency.copy();
    copy.#outages = this.#outages.copy();
    copy.#messages = this.#messages.copy();
    copy.#disks = this.#disks.copy();
    copy.#cluster = this.#cluster.copy();
    copy.#extra = new Map(this.#extra);
    return copy;
  }

  #send(event: TraceEvent): void {
    if (this.#isBetweenNodes(event)) {
      this.#messages.sent += 1;
      this.#messages.bytes += event.bytes;
    } else if (event.attempt > 1 && event.node >= this.#config.nodes) this.#operations.retries += 1;
  }

  #operation(event: TraceEvent): void {
    if (event.kind === "invoke") {
      this.#operations.invoked += 1;
      this.#latency.invoke(event);
      this.#outages.invoke(event);
    } else if (event.kind === "ok" || event.reason === "mismatch") {
      if (event.kind === "ok") this.#operations.ok += 1;
      else this.#operations.mismatch += 1;
      this.#latency.answer(event);
      this.#outages.answer(event);
    } else {
      this.#operations.refuse(event);
      this.#outages.refuse(event);
    }
  }

  #isBetweenNodes(event: TraceEvent): boolean {
    return event.node < this.#config.nodes && event.peer < this.#config.nodes;
  }
}

/** As `run --json` prints them: durations are numbers of nanoseconds under a name that ends in `Ns`. */
export function metricsJson(values: MetricValues): MetricValues {
  const json: MetricValues = {};
  for (const name in values) json[metricInfo(name)?.unit === "duration" ? `${name}Ns` : name] = values[name] ?? null;
  return json;
}

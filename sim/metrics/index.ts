/**
 * Folds over the event stream: the figures of a run, a file a family. The same fold works online and from a trace file.
 */
import type { TraceEvent, TraceSink } from "../trace/event.ts";
import { availabilityMetrics, Outages } from "./availability.ts";
import { Cluster, clusterMetrics } from "./cluster.ts";
import { convergenceMetrics } from "./convergence.ts";
import { costMetrics, costOf, reportCost, type Cost, type Prices } from "./cost.ts";
import { diskMetrics, Disks } from "./disk.ts";
import { electionMetrics, Elections } from "./elections.ts";
import { FaultCosts, faultMetrics, type FaultCost } from "./faults.ts";
import { Inbox, inboxMetrics } from "./inbox.ts";
import { Latency, latencyInfo, latencyMetrics } from "./latency.ts";
import { linkMetrics, LinkQueues } from "./link.ts";
import { messageMetrics, Messages } from "./messages.ts";
import type { Invocation, MetricInfo, MetricMoment, MetricValues } from "./metric.ts";
import { operationMetrics, Operations } from "./operations.ts";
import { progressMetrics } from "./progress.ts";
import { Staleness, stalenessMetrics } from "./staleness.ts";
import { Traffic, trafficMetrics } from "./traffic.ts";

export type { Cost, CostLine, Prices } from "./cost.ts";
export type { FaultCost } from "./faults.ts";
export type { MetricInfo, MetricMoment, MetricUnit, MetricValues } from "./metric.ts";

/** Every metric by the name that it has in expectations, in the order of reports. */
export const metrics: Readonly<Record<string, MetricInfo>> = {
  ...operationMetrics,
  ...availabilityMetrics,
  ...latencyMetrics,
  ...stalenessMetrics,
  ...messageMetrics,
  ...trafficMetrics,
  ...diskMetrics,
  ...inboxMetrics,
  ...linkMetrics,
  ...electionMetrics,
  ...clusterMetrics,
  ...faultMetrics,
  ...convergenceMetrics,
  ...progressMetrics,
  ...costMetrics,
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
  /** The zone of each endpoint, "" for one in none; left out where there are no zones. */
  readonly zones?: readonly string[] | undefined;
  readonly prices?: Prices | undefined;
}

/**
 * Counts a run. Every event of every run passes here, so it keeps to counters and allocates nothing per message. What it
 * remembers does not grow with the run: what is pending, a histogram for each thing that is timed, a number of writes a
 * key, and the cost of each fault.
 */
export class Metrics implements TraceSink {
  readonly #config: MetricsConfig;
  #nowNs = 0;
  #operations = new Operations();
  /** By the operation's number. */
  #pending = new Map<number, Invocation>();
  #latency = new Latency();
  #outages = new Outages();
  #staleness = new Staleness();
  #messages = new Messages();
  #traffic: Traffic;
  #disks = new Disks();
  #inbox = new Inbox();
  #links = new LinkQueues();
  #elections: Elections;
  #cluster = new Cluster();
  #faults = new FaultCosts();
  #extra = new Map<string, number | null>();

  constructor(config: MetricsConfig) {
    this.#config = config;
    this.#traffic = new Traffic(config.zones ?? []);
    this.#elections = new Elections(config.nodes);
  }

  event(event: TraceEvent): void {
    this.#nowNs = event.time;
    switch (event.kind) {
      case "send":
        return this.#send(event);
      case "deliver":
        return this.#deliver(event);
      case "drop":
        return this.#drop(event);
      case "duplicate":
        if (this.#isBetweenNodes(event)) this.#messages.duplicated += 1;
        return;
      case "arrive":
        return this.#inbox.arrive(event);
      case "wait":
        return this.#links.wait(event);
      case "persist":
      case "write":
        this.#disks.bytes += event.bytes;
        return;
      case "synced":
        this.#disks.syncs += 1;
        return;
      case "invoke":
      case "ok":
      case "fail":
      case "info":
        return this.#operation(event);
      default:
        return this.#trouble(event);
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
    const nowNs = this.#nowNs;
    const { answered } = this.#operations;
    this.#operations.report(values, Math.min(nowNs, this.#config.untilNs) - this.#config.fromNs);
    this.#outages.report(values, answered, nowNs);
    this.#latency.report(values);
    this.#staleness.report(values);
    this.#messages.report(values, answered);
    this.#traffic.report(values, answered);
    this.#disks.report(values, answered);
    this.#inbox.report(values);
    this.#links.report(values);
    this.#elections.report(values);
    this.#cluster.report(values);
    this.#faults.report(values, this.#outages, nowNs);
    reportCost(values, this.cost());
    for (const [name, value] of this.#extra) values[name] = value;
    return values;
  }

  /** What a fault has cost so far, by its number in the run. */
  faultCost(fault: number): FaultCost {
    return this.#faults.costOf(fault, this.#outages, this.#nowNs);
  }

  /** What the run has cost so far; undefined without prices. */
  cost(): Cost | undefined {
    const { crossZone, crossRegion } = this.#traffic;
    const quantities = {
      nodeNs: this.#config.nodes * this.#nowNs,
      requests: this.#operations.requests,
      syncs: this.#disks.syncs,
      bytesAcrossZones: crossZone - crossRegion,
      bytesAcrossRegions: crossRegion,
      bytesWritten: this.#disks.bytes,
    };
    return costOf(this.#config.prices, quantities, this.#operations.answered);
  }

  /** The event that shows best why a metric is as it is, where one event does. */
  momentOf(name: string): MetricMoment | undefined {
    if (name === "availability" || name === "operations.fail" || name === "operations.info") return this.#operations.firstRefused;
    if (name === "unavailable.longest") return this.#outages.longestBegan(this.#nowNs);
    if (name === "leader.changes" || name === "election.time") return this.#elections.lastWon;
    if (name.startsWith("staleness.")) return this.#staleness.worst;
    return name.startsWith("latency.") ? this.#latency.slowest(name) : undefined;
  }

  /** As it is now, independent of what comes. */
  copy(): Metrics {
    const copy = new Metrics(this.#config);
    copy.#nowNs = this.#nowNs;
    copy.#operations = this.#operations.copy();
    copy.#pending = new Map(this.#pending);
    copy.#latency = this.#latency.copy();
    copy.#outages = this.#outages.copy();
    copy.#staleness = this.#staleness.copy();
    copy.#messages = this.#messages.copy();
    copy.#traffic = this.#traffic.copy();
    copy.#disks = this.#disks.copy();
    copy.#inbox = this.#inbox.copy();
    copy.#links = this.#links.copy();
    copy.#elections = this.#elections.copy();
    copy.#cluster = this.#cluster.copy();
    copy.#faults = this.#faults.copy();
    copy.#extra = new Map(this.#extra);
    return copy;
  }

  #send(event: TraceEvent): void {
    this.#traffic.send(event);
    if (this.#isBetweenNodes(event)) {
      this.#messages.sent += 1;
      this.#messages.bytes += event.bytes;
    } else if (event.node >= this.#config.nodes) this.#operations.request(event);
  }

  #deliver(event: TraceEvent): void {
    if (!this.#isBetweenNodes(event)) return;
    this.#messages.delivered += 1;
    this.#elections.deliver(event);
  }

  #drop(event: TraceEvent): void {
    const isBetweenNodes = this.#isBetweenNodes(event);
    this.#messages.drop(event, isBetweenNodes);
    if (isBetweenNodes) this.#elections.drop(event);
  }

  #operation(event: TraceEvent): void {
    if (event.kind === "invoke") return this.#invoke(event);
    // A trace that is read from its middle may lack the invocation.
    const invocation = this.#pending.get(event.operation);
    this.#pending.delete(event.operation);
    if (event.kind === "info" || (event.kind === "fail" && event.reason !== "mismatch")) {
      this.#operations.refuse(event);
      return this.#outages.refuse(event);
    }
    if (event.kind === "ok") this.#operations.ok += 1;
    else this.#operations.mismatch += 1;
    if (invocation !== undefined) {
      this.#latency.answer(event, event.time - invocation.timeNs);
      if (event.kind === "ok") this.#staleness.complete(event, invocation);
    }
    const wait = this.#outages.answers;
    const outageNs = this.#outages.answer(event, invocation && event.time - invocation.timeNs);
    if (outageNs > 0) this.#faults.outage(outageNs, wait, event.time);
  }

  #invoke(event: TraceEvent): void {
    this.#operations.invoked += 1;
    this.#pending.set(event.operation, { event: event.id, timeNs: event.time });
    this.#staleness.invoke(event);
    this.#outages.invoke(event);
  }

  /** What happens seldom: to nodes, by faults, and what protocols say of themselves. */
  #trouble(event: TraceEvent): void {
    switch (event.kind) {
      case "emit":
        this.#elections.emit(event);
        return this.#faults.emit(event);
      case "crash":
        this.#cluster.crashes += 1;
        this.#faults.crash(event, this.#outages);
        return this.#elections.crash(event);
      case "pause":
        return this.#elections.pause(event);
      case "resume":
        return this.#elections.resume(event);
      case "damage":
        this.#disks.damaged += 1;
        return;
      case "diskError":
        this.#disks.errors += 1;
        return this.#faults.notice(event);
      case "recover":
        this.#disks.found += 1;
        return this.#faults.notice(event);
      case "disconnect":
        return this.#faults.notice(event);
      case "fault":
        this.#cluster.fault(event);
        return this.#faults.begin(event, this.#outages);
      case "faultEnd":
        return this.#faults.end(event);
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

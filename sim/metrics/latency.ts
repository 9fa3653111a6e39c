/** How long operations took that were answered (ok, or a comparison that was false), over all and by kind. */
import type { TraceEvent } from "../trace/event.ts";
import { Histogram } from "./histogram.ts";
import type { MetricInfo, MetricMoment, MetricValues } from "./metric.ts";

const statistics = {
  p50: "the median",
  p95: "the 95th percentile",
  p99: "the 99th percentile",
  p999: "the 99.9th percentile",
  max: "the longest",
  mean: "the mean",
} as const;

/** The kinds of operations that always have their rows; others get them when they occur. */
const usualKinds = ["read", "write", "cas"];

export const latencyMetrics: Readonly<Record<string, MetricInfo>> = describeAll();

function describeAll(): Record<string, MetricInfo> {
  const described: Record<string, MetricInfo> = {};
  for (const prefix of ["latency", ...usualKinds.map((f) => `latency.${f}`)]) {
    for (const statistic in statistics) described[`${prefix}.${statistic}`] = describe(prefix, statistic as keyof typeof statistics);
  }
  return described;
}

function describe(prefix: string, statistic: keyof typeof statistics): MetricInfo {
  const of = prefix === "latency" ? "operations" : `${prefix.slice("latency.".length)} operations`;
  return { unit: "duration", summary: `Time from invocation to answer, ok and mismatch: ${statistics[statistic]} of all ${of}.` };
}

/** `latency.append.p99`, for an operation of a protocol's own model; undefined where the name is not of that form. */
export function latencyInfo(name: string): MetricInfo | undefined {
  const parts = /^(latency\.[A-Za-z][\w-]*)\.(\w+)$/.exec(name);
  if (parts === null || !Object.hasOwn(statistics, parts[2] as string)) return undefined;
  return describe(parts[1] as string, parts[2] as keyof typeof statistics);
}

/** The answered operations of one kind, or of all. */
class Kind {
  took = new Histogram();
  slowest: MetricMoment | undefined;

  add(tookNs: number, event: TraceEvent): void {
    if (tookNs > (this.took.max ?? -1)) this.slowest = { event: event.id, timeNs: event.time };
    this.took.add(tookNs);
  }

  copy(): Kind {
    return Object.assign(new Kind(), this, { took: this.took.copy() });
  }
}

export class Latency {
  #all = new Kind();
  #kinds = new Map<string, Kind>();

  answer(event: TraceEvent, tookNs: number): void {
    let kind = this.#kinds.get(event.name);
    if (kind === undefined) this.#kinds.set(event.name, (kind = new Kind()));
    kind.add(tookNs, event);
    this.#all.add(tookNs, event);
  }

  /** The answer that took longest, among the operations that a metric is about. */
  slowest(metric: string): MetricMoment | undefined {
    const parts = metric.split(".");
    return parts.length > 2 ? this.#kinds.get(parts.slice(1, -1).join("."))?.slowest : this.#all.slowest;
  }

  report(values: MetricValues): void {
    for (const f of usualKinds) reportOne(values, `latency.${f}`, new Histogram());
    for (const [f, kind] of this.#kinds) reportOne(values, `latency.${f}`, kind.took);
    reportOne(values, "latency", this.#all.took);
  }

  copy(): Latency {
    const copy = new Latency();
    copy.#all = this.#all.copy();
    for (const [f, kind] of this.#kinds) copy.#kinds.set(f, kind.copy());
    return copy;
  }
}

function reportOne(values: MetricValues, prefix: string, took: Histogram): void {
  const [p50, p95, p99, p999] = took.percentiles(500, 950, 990, 999) as [number, number, number, number];
  values[`${prefix}.p50`] = p50;
  values[`${prefix}.p95`] = p95;
  values[`${prefix}.p99`] = p99;
  values[`${prefix}.p999`] = p999;
  values[`${prefix}.max`] = took.max;
  values[`${prefix}.mean`] = took.mean === null ? null : Math.round(took.mean);
}

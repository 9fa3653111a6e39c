/** How long operations took that were answered (ok, or a comparison that was false), over all and by kind. */
import type { TraceEvent } from "../trace/event.ts";
import type { MetricInfo, MetricMoment, MetricValues } from "./metric.ts";
import { mean, percentile, Samples } from "./samples.ts";

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

/** The answered operations of one kind. */
class Kind {
  took = new Samples();
  slowestNs = -1;
  slowest: MetricMoment | undefined;

  add(tookNs: number, event: TraceEvent): void {
    this.took.push(tookNs);
    if (tookNs <= this.slowestNs) return;
    this.slowestNs = tookNs;
    this.slowest = { event: event.id, timeNs: event.time };
  }

  copy(): Kind {
    return Object.assign(new Kind(), this, { took: this.took.copy() });
  }
}

export class Latency {
  /** When each operation was invoked, by its number. */
  #invokedAt = new Samples();
  #kinds = new Map<string, Kind>();

  invoke(event: TraceEvent): void {
    this.#invokedAt.set(event.operation, event.time);
  }

  answer(event: TraceEvent): void {
    const tookNs = event.time - this.#invokedAt.at(event.operation);
    // A trace that is read from its middle may lack the invocation.
    if (Number.isNaN(tookNs)) return;
    let kind = this.#kinds.get(event.name);
    if (kind === undefined) this.#kinds.set(event.name, (kind = new Kind()));
    kind.add(tookNs, event);
  }

  /** The answer that took longest, among the operations that a metric is about. */
  slowest(metric: string): MetricMoment | undefined {
    let slowest: Kind | undefined;
    for (const [f, kind] of this.#kinds) {
      if (metric.split(".").length > 2 && !metric.startsWith(`latency.${f}.`)) continue;
      if (slowest === undefined || kind.slowestNs > slowest.slowestNs) slowest = kind;
    }
    return slowest?.slowest;
  }

  report(values: MetricValues): void {
    for (const f of usualKinds) reportOne(values, `latency.${f}`, new Float64Array(0));
    let count = 0;
    for (const kind of this.#kinds.values()) count += kind.took.length;

    const all = new Float64Array(count);
    let filled = 0;
    for (const [f, kind] of this.#kinds) {
      const sorted = kind.took.sorted();
      reportOne(values, `latency.${f}`, sorted);
      all.set(sorted, filled);
      filled += sorted.length;
    }
    reportOne(values, "latency", all.sort());
  }

  copy(): Latency {
    const copy = new Latency();
    copy.#invokedAt = this.#invokedAt.copy();
    for (const [f, kind] of this.#kinds) copy.#kinds.set(f, kind.copy());
    return copy;
  }
}

function reportOne(values: MetricValues, prefix: string, sorted: Float64Array): void {
  values[`${prefix}.p50`] = percentile(sorted, 500);
  values[`${prefix}.p95`] = percentile(sorted, 950);
  values[`${prefix}.p99`] = percentile(sorted, 990);
  values[`${prefix}.p999`] = percentile(sorted, 999);
  values[`${prefix}.max`] = percentile(sorted, 1000);
  values[`${prefix}.mean`] = mean(sorted);
}

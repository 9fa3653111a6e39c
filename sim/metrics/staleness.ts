/**
 * How outdated what clients read was, by what a black box shows. Value A is older than value B if A's write had completed
 * before B's was invoked. A read is outdated by the values that are newer than the one it returned and whose writes had
 * completed when it was invoked: by so many versions, and by the time since the first of those writes had completed.
 * So a read of a linearizable store is never outdated, and one that returns what is still being written is not either.
 *
 * The time is the t of “t-visibility” and the versions are the k of “k-staleness” in Bailis et al., “Probabilistically
 * bounded staleness for practical partial quorums”, PVLDB 5(8), 2012; here they are measured.
 *
 * Needs `read`, `write` and `cas` whose written values are unique in a run. To bound what is remembered, a value that is
 * older than the last {@link REMEMBERED} writes of its key counts as that old.
 */
import type { TraceEvent } from "../trace/event.ts";
import { Histogram } from "./histogram.ts";
import type { Invocation, MetricInfo, MetricMoment, MetricValues } from "./metric.ts";
import { ratio } from "./metric.ts";

const inTime = (which: string): MetricInfo => ({ unit: "duration", summary: `Since when the value that a read returned had been outdated, 0 where it was not: ${which} of all reads.` });
const inVersions = (which: string): MetricInfo => ({ unit: "number", summary: `Newer values whose writes had completed before a read was invoked that did not return them: ${which} of all reads.` });

export const stalenessMetrics: Readonly<Record<string, MetricInfo>> = {
  "staleness.share": { unit: "ratio", summary: "The share of reads that returned an outdated value." },
  "staleness.time.p50": inTime("the median"),
  "staleness.time.p99": inTime("the 99th percentile"),
  "staleness.time.max": inTime("the longest"),
  "staleness.versions.p50": inVersions("the median"),
  "staleness.versions.p99": inVersions("the 99th percentile"),
  "staleness.versions.max": inVersions("the most"),
};

/** How many writes of a key are remembered at least. */
export const REMEMBERED = 256;

interface Write {
  readonly operation: number;
  readonly value: unknown;
  /** The ids of its events. */
  readonly invoked: number;
  /** Infinity while it has not completed, and for good where nothing is known of it. */
  ended: number;
  endedNs: number;
}

/** The writes of one key, in the order of their invocation. */
interface Key {
  writes: Write[];
  /** Whether writes before these are forgotten. */
  hasForgotten: boolean;
}

/** Every register starts as null: older than all that is written. */
const INITIAL: Pick<Write, "ended"> = { ended: -1 };

export class Staleness {
  #keys = new Map<string, Key>();
  #times = new Histogram();
  #versions = new Histogram();
  #outdated = 0;
  #worst: MetricMoment | undefined;

  invoke(event: TraceEvent): void {
    if (event.name !== "write" && event.name !== "cas") return;
    let key = this.#keys.get(event.key);
    if (key === undefined) this.#keys.set(event.key, (key = { writes: [], hasForgotten: false }));
    key.writes.push({ operation: event.operation, value: written(event), invoked: event.id, ended: Infinity, endedNs: Infinity });
    if (key.writes.length < 2 * REMEMBERED) return;
    key.writes = key.writes.slice(-REMEMBERED);
    key.hasForgotten = true;
  }

  /** An operation is ok. */
  complete(event: TraceEvent, invocation: Invocation): void {
    if (event.name === "read") return this.#read(event, invocation);
    if (event.name !== "write" && event.name !== "cas") return;
    const writes = this.#keys.get(event.key)?.writes ?? [];
    for (let index = writes.length - 1; index >= 0; index -= 1) {
      const write = writes[index] as Write;
      if (write.operation !== event.operation) continue;
      write.ended = event.id;
      write.endedNs = event.time;
      return;
    }
  }

  /** The read that returned what had been outdated for longest. */
  get worst(): MetricMoment | undefined {
    return this.#worst;
  }

  report(values: MetricValues): void {
    // Where nothing is written, as in a counter's history, no value is known to be older than another.
    const isMeasured = this.#keys.size > 0;
    const [time50, time99] = this.#times.percentiles(500, 990) as [number | null, number | null];
    const [versions50, versions99] = this.#versions.percentiles(500, 990) as [number | null, number | null];
    values["staleness.share"] = isMeasured ? ratio(this.#outdated, this.#times.count) : null;
    values["staleness.time.p50"] = isMeasured ? time50 : null;
    values["staleness.time.p99"] = isMeasured ? time99 : null;
    values["staleness.time.max"] = isMeasured ? this.#times.max : null;
    values["staleness.versions.p50"] = isMeasured ? versions50 : null;
    values["staleness.versions.p99"] = isMeasured ? versions99 : null;
    values["staleness.versions.max"] = isMeasured ? this.#versions.max : null;
  }

  copy(): Staleness {
    const copy = new Staleness();
    for (const [name, key] of this.#keys) copy.#keys.set(name, { ...key, writes: key.writes.map((write) => ({ ...write })) });
    copy.#times = this.#times.copy();
    copy.#versions = this.#versions.copy();
    copy.#outdated = this.#outdated;
    copy.#worst = this.#worst;
    return copy;
  }

  #read(event: TraceEvent, invocation: Invocation): void {
    const key = this.#keys.get(event.key);
    let versions = 0;
    let sinceNs = invocation.timeNs;
    const of = key === undefined ? undefined : returned(key, event.data);
    if (key !== undefined && of !== undefined) {
      for (let index = of.next; index < key.writes.length; index += 1) {
        const write = key.writes[index] as Write;
        if (write.invoked <= of.ended || write.ended >= invocation.event) continue;
        versions += 1;
        if (write.endedNs < sinceNs) sinceNs = write.endedNs;
      }
    }
    const outdatedNs = invocation.timeNs - sinceNs;
    if (outdatedNs > (this.#times.max ?? 0)) this.#worst = { event: event.id, timeNs: event.time };
    this.#times.add(outdatedNs);
    this.#versions.add(versions);
    if (versions > 0) this.#outdated += 1;
  }
}

/** What an operation writes: `cas` has the value `[old, new]`. */
function written(event: TraceEvent): unknown {
  return event.name === "cas" && Array.isArray(event.data) ? (event.data as readonly unknown[])[1] : event.data;
}

/**
 * When the write of a value had completed, and which of the remembered writes came next; undefined where the value is of
 * none of them, and none is forgotten.
 */
function returned({ writes, hasForgotten }: Key, value: unknown): { readonly ended: number; readonly next: number } | undefined {
  if (value === null) return { ...INITIAL, next: 0 };
  for (let index = writes.length - 1; index >= 0; index -= 1) {
    const write = writes[index] as Write;
    if (write.value === value) return { ended: write.ended, next: index + 1 };
  }
  return hasForgotten ? { ...INITIAL, next: 0 } : undefined;
}

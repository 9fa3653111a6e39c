/** How many operations the clients began, and how they ended. */
import type { TraceEvent } from "../trace/event.ts";
import type { MetricInfo, MetricMoment, MetricValues } from "./metric.ts";

export const operationMetrics = {
  "operations.invoked": { unit: "count", summary: "Operations that clients began." },
  "operations.ok": { unit: "count", summary: "Operations that happened." },
  "operations.mismatch": { unit: "count", summary: "Operations whose comparison was false; they were answered." },
  "operations.fail": { unit: "count", summary: "Operations that were refused and did not happen, mismatches not counted." },
  "operations.info": { unit: "count", summary: "Operations of which nothing is known: timeouts, and what was pending at the end." },
  "operations.retries": { unit: "count", summary: "Requests that clients sent again: attempts beyond each operation's first." },
  "operations.perSecond": { unit: "number", summary: "Operations answered (ok and mismatch) a second of the workload's time." },
} as const satisfies Record<string, MetricInfo>;

const NS_PER_S = 1_000_000_000;

export class Operations {
  invoked = 0;
  ok = 0;
  mismatch = 0;
  fail = 0;
  info = 0;
  retries = 0;
  /** The first end of an operation that counts against availability. */
  firstRefused: MetricMoment | undefined;

  /** Answered: ok, or a comparison that was false. */
  get answered(): number {
    return this.ok + this.mismatch;
  }

  refuse(event: TraceEvent): void {
    if (event.kind === "info") this.info += 1;
    else this.fail += 1;
    this.firstRefused ??= { event: event.id, timeNs: event.time };
  }

  /** `windowNs`: how long the workload has run. */
  report(values: MetricValues, windowNs: number): void {
    values["operations.invoked"] = this.invoked;
    values["operations.ok"] = this.ok;
    values["operations.mismatch"] = this.mismatch;
    values["operations.fail"] = this.fail;
    values["operations.info"] = this.info;
    values["operations.retries"] = this.retries;
    values["operations.perSecond"] = windowNs > 0 ? this.answered / (windowNs / NS_PER_S) : null;
  }

  copy(): Operations {
    return Object.assign(new Operations(), this);
  }
}

/** How many operations the clients began, and how they ended. */
import type { TraceEvent } from "../trace/event.ts";
import type { MetricInfo, MetricMoment, MetricValues } from "./metric.ts";

export const operationMetrics = {
  "operations.invoked": { unit: "count", summary: "Operations that clients began." },
  "operations.ok": { unit: "count", summary: "Operations that happened." },
  "operations.mismatch": { unit: "count", summary: "Operations whose comparison was false; they were answered." },
  "operations.fail": { unit: "count", summary: "Operations that were refused and did not happen, mismatches not counted." },
  "operations.info": { unit: "count", summary: "Operations of which nothing is known: timeouts, and what was pending at the end." },
  "operations.requests": { unit: "count", summary: "Requests that clients sent, those sent again and those sent to be safe included." },
  "operations.retries": { unit: "count", summary: "Requests that clients sent again: attempts beyond each operation's first." },
  "operations.hedges": { unit: "count", summary: "Requests that clients sent to a second node while they still waited for the first." },
  "operations.perSecond": { unit: "number", summary: "Operations answered (ok and mismatch) a second of the workload's time." },
} as const satisfies Record<string, MetricInfo>;

const NS_PER_S = 1_000_000_000;

export class Operations {
  invoked = 0;
  ok = 0;
  mismatch = 0;
  fail = 0;
  info = 0;
  requests = 0;
  retries = 0;
  hedges = 0;
  /** The first end of an operation that counts against availability. */
  firstRefused: MetricMoment | undefined;

  /** Answered: ok, or a comparison that was false. */
  get answered(): number {
    return this.ok + this.mismatch;
  }

  /** A client sends a request, and perhaps not the first of its operation. */
  request(event: TraceEvent): void {
    this.requests += 1;
    if ((event.data as { readonly hedge?: boolean } | null)?.hedge === true) this.hedges += 1;
    else if (event.attempt > 1) this.retries += 1;
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
    values["operations.requests"] = this.requests;
    values["operations.retries"] = this.retries;
    values["operations.hedges"] = this.hedges;
    values["operations.perSecond"] = windowNs > 0 ? this.answered / (windowNs / NS_PER_S) : null;
  }

  copy(): Operations {
    return Object.assign(new Operations(), this);
  }
}

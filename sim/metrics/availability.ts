/** For how long clients waited and got nothing. */
import type { TraceEvent } from "../trace/event.ts";
import type { MetricInfo, MetricMoment, MetricValues } from "./metric.ts";

export const availabilityMetrics = {
  availability: {
    unit: "ratio",
    summary: "(ok + mismatch) / invoked: timeouts, refusals and what is pending at the end count against it.",
  },
  "unavailable.longest": {
    unit: "duration",
    summary: "The longest time without an answer (ok or mismatch); only time while operations were pending counts.",
  },
} as const satisfies Record<string, MetricInfo>;

/**
 * Adds up, between one answer and the next, the time during which at least one operation was pending. A timeout or a
 * refusal is no answer: with one client whose operations time out one after another, the outage is not cut into pieces
 * of a timeout each, and the pauses between its operations do not count.
 */
export class Outages {
  #pending = 0;
  /** Since when operations have been pending without a change; meaningful while some are. */
  #sinceNs = 0;
  /** Time waited since the last answer, up to `#sinceNs`. */
  #waitedNs = 0;
  #longestNs = 0;
  #longestBegan: MetricMoment | undefined;
  /** The event with which the present wait began. */
  #began: MetricMoment = { event: -1, timeNs: 0 };
  #invoked = 0;

  invoke(event: TraceEvent): void {
    this.#invoked += 1;
    if (this.#pending === 0) {
      this.#sinceNs = event.time;
      if (this.#waitedNs === 0) this.#began = { event: event.id, timeNs: event.time };
    }
    this.#pending += 1;
  }

  answer(event: TraceEvent): void {
    this.#wait(event.time);
    this.#pending = Math.max(0, this.#pending - 1);
    this.#waitedNs = 0;
    this.#began = { event: event.id, timeNs: event.time };
  }

  refuse(event: TraceEvent): void {
    this.#wait(event.time);
    this.#pending = Math.max(0, this.#pending - 1);
  }

  /** With what is under way at `nowNs`. */
  longestNs(nowNs: number): number | null {
    if (this.#invoked === 0) return null;
    return Math.max(this.#longestNs, this.#waitedUntil(nowNs));
  }

  /** The last event before the longest outage: an answer, or the first operation that got none. */
  longestBegan(nowNs: number): MetricMoment | undefined {
    return this.#waitedUntil(nowNs) > this.#longestNs ? this.#began : this.#longestBegan;
  }

  copy(): Outages {
    const copy = new Outages();
    copy.#pending = this.#pending;
    copy.#sinceNs = this.#sinceNs;
    copy.#waitedNs = this.#waitedNs;
    copy.#longestNs = this.#longestNs;
    copy.#longestBegan = this.#longestBegan;
    copy.#began = this.#began;
    copy.#invoked = this.#invoked;
    return copy;
  }

  #wait(nowNs: number): void {
    this.#waitedNs = this.#waitedUntil(nowNs);
    this.#sinceNs = nowNs;
    if (this.#waitedNs <= this.#longestNs) return;
    this.#longestNs = this.#waitedNs;
    this.#longestBegan = this.#began;
  }

  #waitedUntil(nowNs: number): number {
    return this.#pending === 0 ? this.#waitedNs : this.#waitedNs + (nowNs - this.#sinceNs);
  }
}

export function reportAvailability(values: MetricValues, availability: number | null, longestNs: number | null): void {
  values["availability"] = availability;
  values["unavailable.longest"] = longestNs;
}

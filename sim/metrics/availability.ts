/** For how long clients waited and got nothing. */
import type { TraceEvent } from "../trace/event.ts";
import type { MetricInfo, MetricMoment, MetricValues } from "./metric.ts";
import { ratio } from "./metric.ts";

export const availabilityMetrics = {
  availability: {
    unit: "ratio",
    summary: "(ok + mismatch) / invoked: timeouts, refusals and what is pending at the end count against it.",
  },
  "unavailable.longest": {
    unit: "duration",
    summary: "The longest time without an answer (ok or mismatch); only time while operations were pending counts.",
  },
  "unavailable.total": {
    unit: "duration",
    summary: "All outages together: times without an answer, as in unavailable.longest, of 100ms or more, and of four times the usual latency.",
  },
} as const satisfies Record<string, MetricInfo>;

/**
 * A wait is an outage from here on: what takes longer is felt (Miller, “Response time in man-computer conversational
 * transactions”, AFIPS 1968). Nanoseconds.
 */
const LEAST_OUTAGE_NS = 100_000_000;
/** And only where it is so many times the usual latency, which a wide-area cluster has much of. */
const UNUSUAL = 4;

/**
 * Adds up, between one answer and the next, the time during which at least one operation was pending. A timeout or a
 * refusal is no answer: with one client whose operations time out one after another, the outage is not cut into pieces
 * of a timeout each, and the pauses between its operations do not count.
 */
export class Outages {
  invoked = 0;
  pending = 0;
  /** How many answers there have been: the number of the wait under way. */
  answers = 0;
  /** Since when operations have been pending without a change; meaningful while some are. */
  #sinceNs = 0;
  /** Time waited since the last answer, up to `#sinceNs`. */
  #waitedNs = 0;
  #longestNs = 0;
  #longestBegan: MetricMoment | undefined;
  /** The event with which the present wait began. */
  #began: MetricMoment = { event: -1, timeNs: 0 };
  #totalNs = 0;
  /** By power of two: how many operations took so long. */
  #tookByPower = new Float64Array(54);
  #tookInAll = 0;

  invoke(event: TraceEvent): void {
    this.invoked += 1;
    if (this.pending === 0) {
      this.#sinceNs = event.time;
      if (this.#waitedNs === 0) this.#began = { event: event.id, timeNs: event.time };
    }
    this.pending += 1;
  }

  /** Returns how long the outage was that this answer ends, in nanoseconds; 0 where it ends none. */
  answer(event: TraceEvent, tookNs: number | undefined): number {
    this.#wait(event.time);
    const outageNs = this.#waitedNs >= LEAST_OUTAGE_NS && this.#waitedNs >= UNUSUAL * this.#usualNs() ? this.#waitedNs : 0;
    this.#totalNs += outageNs;
    this.pending = Math.max(0, this.pending - 1);
    this.#waitedNs = 0;
    this.answers += 1;
    this.#began = { event: event.id, timeNs: event.time };
    if (tookNs !== undefined) this.#note(tookNs);
    return outageNs;
  }

  refuse(event: TraceEvent): void {
    this.#wait(event.time);
    this.pending = Math.max(0, this.pending - 1);
  }

  /** How long the wait under way has lasted. Nanoseconds. */
  waitedNs(nowNs: number): number {
    return this.pending === 0 ? this.#waitedNs : this.#waitedNs + (nowNs - this.#sinceNs);
  }

  /** The same where it is an outage, else 0. */
  outageNs(nowNs: number): number {
    const waitedNs = this.waitedNs(nowNs);
    return waitedNs >= LEAST_OUTAGE_NS && waitedNs >= UNUSUAL * this.#usualNs() ? waitedNs : 0;
  }

  /** With what is under way at `nowNs`. */
  report(values: MetricValues, answered: number, nowNs: number): void {
    const isMeasured = this.invoked > 0;
    values["availability"] = ratio(answered, this.invoked);
    values["unavailable.longest"] = isMeasured ? Math.max(this.#longestNs, this.waitedNs(nowNs)) : null;
    values["unavailable.total"] = isMeasured ? this.#totalNs + this.outageNs(nowNs) : null;
  }

  /** The last event before the longest outage: an answer, or the first operation that got none. */
  longestBegan(nowNs: number): MetricMoment | undefined {
    return this.waitedNs(nowNs) > this.#longestNs ? this.#began : this.#longestBegan;
  }

  copy(): Outages {
    const copy = new Outages();
    copy.invoked = this.invoked;
    copy.pending = this.pending;
    copy.answers = this.answers;
    copy.#sinceNs = this.#sinceNs;
    copy.#waitedNs = this.#waitedNs;
    copy.#longestNs = this.#longestNs;
    copy.#longestBegan = this.#longestBegan;
    copy.#began = this.#began;
    copy.#totalNs = this.#totalNs;
    copy.#tookByPower = this.#tookByPower.slice();
    copy.#tookInAll = this.#tookInAll;
    return copy;
  }

  #wait(nowNs: number): void {
    this.#waitedNs = this.waitedNs(nowNs);
    this.#sinceNs = nowNs;
    if (this.#waitedNs <= this.#longestNs) return;
    this.#longestNs = this.#waitedNs;
    this.#longestBegan = this.#began;
  }

  #note(tookNs: number): void {
    const power = powerOf(tookNs);
    this.#tookByPower[power] = (this.#tookByPower[power] as number) + 1;
    this.#tookInAll += 1;
  }

  /** The median latency so far, down to the next power of two; 0 before the first answer. */
  #usualNs(): number {
    if (this.#tookInAll === 0) return 0;
    let power = 0;
    let least = 1;
    for (let before = 0; 2 * (before + (this.#tookByPower[power] as number)) < this.#tookInAll; least *= 2) before += this.#tookByPower[power++] as number;
    return least;
  }
}

/** The exponent of the power of two at or below a number of nanoseconds. */
function powerOf(ns: number): number {
  if (ns < 4_294_967_296) return 31 - Math.clz32(Math.max(1, ns));
  return 63 - Math.clz32(Math.floor(ns / 4_294_967_296));
}

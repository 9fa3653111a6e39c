/** When the operations of an open loop come. */
import { exponential } from "../kernel/distribution.ts";
import { ln } from "../kernel/math.ts";
import type { Stream } from "../kernel/stream.ts";
import { NS_PER_S } from "../kernel/time.ts";
import type { BurstConfig, RateStage, WorkloadConfig } from "./config.ts";

/** Operations a second where a configuration gives no rate. */
const USUAL_RATE = 1;

/**
 * The arrivals of one client, which has its share of the rate. A Poisson process of a rate that changes is one of rate 1
 * whose time is stretched: its next arrival is where the area under the rate has grown by an exponential variable of mean
 * 1 (Lewis and Shedler 1976, “Simulation of nonhomogeneous Poisson processes with log linear rate function”, Biometrika
 * 63(3)). So each arrival takes one draw, whatever the rate does. Evenly spaced arrivals let the area grow by 1 each.
 */
export class Arrivals {
  readonly #workload: WorkloadConfig;
  readonly #client: number;
  readonly #rate: Rate | undefined;
  /** The last arrival, before it was rounded to whole nanoseconds: roundings do not add up. */
  #last: number;
  #isFirst = true;

  /** `client` counts from 0. */
  constructor(workload: WorkloadConfig, client: number) {
    this.#workload = workload;
    this.#client = client;
    this.#last = workload.from;
    const isPlain = typeof (workload.rate ?? USUAL_RATE) === "number" && workload.bursts === undefined && workload.arrivals !== "regular";
    this.#rate = isPlain ? undefined : new Rate(workload);
  }

  /** The next arrival after one at `after`, in virtual nanoseconds; undefined where none comes before the workload's end. */
  next(stream: Stream, after: number): number | undefined {
    const at = this.#rate === undefined ? this.#steady(stream, after) : this.#changing(stream, this.#rate);
    return at < this.#workload.until ? at : undefined;
  }

  #steady(stream: Stream, after: number): number {
    const mean = (NS_PER_S * this.#workload.clients) / ((this.#workload.rate as number | undefined) ?? USUAL_RATE);
    return after + Math.round(exponential(stream, mean));
  }

  #changing(stream: Stream, rate: Rate): number {
    const { arrivals, clients } = this.#workload;
    const grown = arrivals !== "regular" ? -ln(1 - stream.double()) * clients : this.#isFirst ? this.#client + 1 : clients;
    this.#isFirst = false;
    this.#last = rate.after(this.#last, grown);
    return Math.floor(this.#last + 0.5);
  }

  copy(): Arrivals {
    const copy = new Arrivals(this.#workload, this.#client);
    copy.#last = this.#last;
    copy.#isFirst = this.#isFirst;
    return copy;
  }
}

/** From a time on the rate runs in a straight line up to an end. Operations a second, and their change per nanosecond. */
interface Line {
  readonly rate: number;
  readonly slope: number;
  readonly end: number;
}

/** The rate of all clients together over time: straight lines, broken by bursts. */
class Rate {
  readonly #stages: readonly RateStage[];
  /** When each stage ends. */
  readonly #ends: readonly number[];
  readonly #bursts: BurstConfig | undefined;
  readonly #from: number;
  readonly #until: number;

  constructor({ rate = USUAL_RATE, bursts, from, until }: WorkloadConfig) {
    const stages = typeof rate === "number" ? [] : rate;
    const last = typeof rate === "number" ? rate : (stages[stages.length - 1] as RateStage).to;
    this.#stages = [...stages, { from: last, to: last }];
    let end = from;
    this.#ends = this.#stages.map(({ lasts = Infinity }) => (end += lasts));
    this.#bursts = bursts;
    this.#from = from;
    this.#until = until;
  }

  /** The time at which the area under the rate, from a time on, has grown to so many operations; `until` where it never does. */
  after(time: number, operations: number): number {
    let area = operations * NS_PER_S;
    while (time < this.#until) {
      const { rate, slope, end } = this.#lineAt(time);
      const length = end - time;
      const whole = length * (rate + (slope * length) / 2);
      // The root of area = x × (rate + slope × x / 2), in the form that loses no digits where the slope is small.
      if (area < whole) return area === 0 ? time : time + (2 * area) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * area)));
      area -= whole;
      time = end;
    }
    return this.#until;
  }

  #lineAt(time: number): Line {
    const stage = this.#stageAt(time);
    if (this.#bursts === undefined) return { ...stage, end: Math.min(stage.end, this.#until) };
    const { every, lasts, rate } = this.#bursts;
    const begun = this.#from + Math.floor((time - this.#from) / every) * every;
    const isBurst = begun > this.#from && time < begun + lasts;
    if (isBurst) return { rate, slope: 0, end: Math.min(begun + lasts, this.#until) };
    return { ...stage, end: Math.min(stage.end, begun + every, this.#until) };
  }

  #stageAt(time: number): Line {
    let position = 0;
    while (time >= (this.#ends[position] as number)) position += 1;
    const { lasts, from, to } = this.#stages[position] as RateStage;
    const end = this.#ends[position] as number;
    if (lasts === undefined) return { rate: from, slope: 0, end };
    const slope = (to - from) / lasts;
    return { rate: to - slope * (end - time), slope, end };
  }
}

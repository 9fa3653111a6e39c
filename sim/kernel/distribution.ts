import { exp, inverseNormal, ln } from "./math.ts";
import type { Stream } from "./stream.ts";
import type { Nanoseconds } from "./time.ts";

/** A distribution of durations, as plain data. Parameters are nanoseconds but for `shape` and `weight`. */
export type Distribution =
  | { readonly type: "constant"; readonly value: Nanoseconds }
  | { readonly type: "uniform"; readonly min: Nanoseconds; readonly max: Nanoseconds }
  | { readonly type: "normal"; readonly mean: Nanoseconds; readonly sd: Nanoseconds }
  | { readonly type: "exponential"; readonly mean: Nanoseconds }
  | { readonly type: "lognormal"; readonly median: Nanoseconds; readonly p99: Nanoseconds }
  | { readonly type: "pareto"; readonly scale: Nanoseconds; readonly shape: number }
  | { readonly type: "empirical"; readonly values: readonly Nanoseconds[] }
  | { readonly type: "mix"; readonly parts: readonly { readonly weight: number; readonly of: Distribution }[] };

/** A sample is never longer: 52 days. A heavy tail would otherwise leave the times that a number can hold. */
export const LONGEST_SAMPLE_NS: Nanoseconds = 2 ** 52;

const LARGEST_BELOW_ONE = 1 - 2 ** -53;
/** The 99th percentile of the standard normal distribution. */
const NORMAL_P99 = 2.3263478740408408;

/**
 * How to draw from a distribution: whole nanoseconds from 0 to {@link LONGEST_SAMPLE_NS}; what lies outside is set to
 * the nearer of the two. Every sample takes one `double()` of the stream, a constant's too, and is the distribution's
 * inverse at it. RangeError on parameters that make no sense.
 */
export function sampler(distribution: Distribution): (stream: Stream) => Nanoseconds {
  const inverse = inverseOf(distribution);
  return (stream) => toWhole(inverse(stream.double()));
}

/**
 * One draw from the exponential distribution, the time between two arrivals of a Poisson process. `mean` may be
 * fractional; the sample is rounded to whole nanoseconds.
 */
export function exponential(stream: Stream, mean: number): Nanoseconds {
  return toWhole(-mean * ln(1 - stream.double()));
}

/** How many quantiles of each part stand for a mix where its median is looked for. */
const MIX_QUANTILES = 256;

/** Half of all samples are below it. Exact; of a mix to within about a two-hundredth of its samples. */
export function median(distribution: Distribution): Nanoseconds {
  if (distribution.type !== "mix") return toWhole(inverseOf(distribution)(0.5));
  const points = partsOf(distribution, 1).flatMap(({ weight, of }) => {
    const inverse = inverseOf(of);
    return Array.from({ length: MIX_QUANTILES }, (_, index) => ({ weight, at: inverse((index + 0.5) / MIX_QUANTILES) }));
  });
  points.sort((a, b) => a.at - b.at);
  const half = points.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let below = 0;
  const middle = points.find(({ weight }) => (below += weight) >= half);
  return toWhole(middle === undefined ? 0 : middle.at);
}

/** The parts of a mix, and of mixes in it, by their weights. */
function partsOf(distribution: Distribution, weight: number): { readonly weight: number; readonly of: Distribution }[] {
  if (distribution.type !== "mix") return [{ weight, of: distribution }];
  const total = distribution.parts.reduce((sum, part) => sum + part.weight, 0);
  return distribution.parts.flatMap((part) => partsOf(part.of, (weight * part.weight) / total));
}

function toWhole(duration: number): Nanoseconds {
  if (!(duration > 0)) return 0;
  return duration < LONGEST_SAMPLE_NS ? Math.floor(duration + 0.5) : LONGEST_SAMPLE_NS;
}

/** The value below which a share u of all samples lies, u being from 0 up to, and without, 1. */
type Inverse = (u: number) => number;

function inverseOf(distribution: Distribution): Inverse {
  switch (distribution.type) {
    case "constant":
      return constantAt(distribution.value);
    case "uniform":
      return uniformAt(distribution.min, distribution.max);
    case "normal":
      return normalAt(distribution.mean, distribution.sd);
    case "exponential":
      return exponentialAt(distribution.mean);
    case "lognormal":
      return lognormalAt(distribution.median, distribution.p99);
    case "pareto":
      return paretoAt(distribution.scale, distribution.shape);
    case "empirical":
      return empiricalAt(distribution.values);
    case "mix":
      return mixAt(distribution.parts);
  }
}

function constantAt(value: number): Inverse {
  requireThat(Number.isFinite(value), "a constant is a finite number");
  return () => value;
}

/** Every whole number from min to max, both included, as likely as any other. */
function uniformAt(min: number, max: number): Inverse {
  requireThat(Number.isFinite(min) && Number.isFinite(max) && min <= max, "a uniform distribution has a finite min and max in order");
  const count = max - min + 1;
  return (u) => min + Math.floor(u * count);
}

function normalAt(mean: number, sd: number): Inverse {
  requireThat(Number.isFinite(mean) && sd >= 0 && sd < Infinity, "a normal distribution has a finite mean and a standard deviation from 0");
  return (u) => mean + sd * inverseNormal(aboveZero(u));
}

function exponentialAt(mean: number): Inverse {
  requireThat(mean >= 0 && mean < Infinity, "an exponential distribution has a finite mean from 0");
  return (u) => -mean * ln(1 - u);
}

/** exp of a normal variable with mean ln(median), whose standard deviation puts the 99th percentile at p99. */
function lognormalAt(median: number, p99: number): Inverse {
  requireThat(median > 0 && p99 >= median && p99 < Infinity, "a lognormal distribution has a median above 0 and a 99th percentile from the median");
  const sigma = ln(p99 / median) / NORMAL_P99;
  return (u) => median * exp(sigma * inverseNormal(aboveZero(u)));
}

/** P(X > x) = (scale / x)^shape for x from scale. */
function paretoAt(scale: number, shape: number): Inverse {
  requireThat(scale >= 0 && scale < Infinity && shape > 0 && shape < Infinity, "a Pareto distribution has a finite scale from 0 and a shape above 0");
  return (u) => Math.min(scale * exp(-ln(1 - u) / shape), LONGEST_SAMPLE_NS);
}

/** One of the recorded values, each as likely as any other; nothing between them. */
function empiricalAt(values: readonly number[]): Inverse {
  requireThat(values.length > 0 && values.every(Number.isFinite), "an empirical distribution has at least one value, and all are finite");
  const sorted = values.slice().sort((a, b) => a - b);
  return (u) => sorted[Math.floor(u * sorted.length)]!;
}

/**
 * The one draw chooses the part, and its place within that part's share is the draw for it. A part of share w has
 * 53 + log2(w) bits of the draw left, which is enough for any share that shows up in a run.
 */
function mixAt(parts: readonly { readonly weight: number; readonly of: Distribution }[]): Inverse {
  const total = parts.reduce((sum, part) => sum + part.weight, 0);
  requireThat(parts.every((part) => part.weight >= 0) && total > 0 && total < Infinity, "a mix has weights from 0, one of them above");
  const used = parts.filter((part) => part.weight > 0);
  const inverses = used.map((part) => inverseOf(part.of));
  const shares = used.map((part) => part.weight / total);
  return (u) => {
    let part = 0;
    let rest = u;
    while (part < shares.length - 1 && rest >= shares[part]!) rest -= shares[part++]!;
    return inverses[part]!(Math.min(rest / shares[part]!, LARGEST_BELOW_ONE));
  };
}

/** 0 stands for the interval from 0 to 2^-53: its middle, so that the inverse is finite there. */
function aboveZero(u: number): number {
  return u === 0 ? 2 ** -54 : u;
}

function requireThat(holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(rule);
}

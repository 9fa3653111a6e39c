/**
 * Confidence intervals by resampling (Efron and Tibshirani, “An introduction to the bootstrap”, 1993). Nothing is assumed
 * of the distribution; the draws come from a stream of ours, so that the same sample has the same interval everywhere.
 *
 * The interval of a mean is BCa (chapter 14): the percentiles of the resampled means, shifted for their bias and for the
 * sample's skewness, which for times is large. Resampled means vary a little less than means do, the more so the smaller
 * the sample, so its tails are those of Student's distribution (Hesterberg, “What teachers should know about the
 * bootstrap”, The American Statistician 69(4), 2015, §3.3). The interval of a percentile is the plain percentile interval
 * (chapter 13), since the corrections have nothing to go by there.
 */
import { inverseNormal } from "../../kernel/math.ts";
import type { Stream } from "../../kernel/stream.ts";
import { normalCdf } from "./normal.ts";
import { meanOf, rankOf } from "./sample.ts";

export type Interval = readonly [low: number, high: number];

const MOST_RESAMPLES = 2_000;
const LEAST_RESAMPLES = 200;
/** As many draws are made for one sample, so that a large one, which needs fewer resamples, does not take for ever. */
const MOST_DRAWS = 40_000_000;

/** Each tail of a 95 % interval. */
const TAIL = 0.025;

const resamplesOf = (count: number): number => Math.max(LEAST_RESAMPLES, Math.min(MOST_RESAMPLES, Math.floor(MOST_DRAWS / count)));

/** The 95 % interval of the mean; null for fewer than two numbers, which tell nothing of how they vary. */
export function meanInterval(values: Float64Array, stream: Stream): Interval | null {
  const count = values.length;
  if (count < 2) return null;
  const means = new Float64Array(resamplesOf(count));
  for (let resample = 0; resample < means.length; resample += 1) {
    let sum = 0;
    for (let draw = 0; draw < count; draw += 1) sum += values[Math.floor(stream.next() * count)] as number;
    means[resample] = sum / count;
  }
  return bca(means.sort(), meanOf(values), acceleration(values), widened(count));
}

/** Of each of some percentiles its 95 % interval, from the same resamples; null for fewer than two numbers. */
export function percentileIntervals(inOrder: Float64Array, perMilles: readonly number[], stream: Stream): (Interval | null)[] {
  const count = inOrder.length;
  if (count < 2) return perMilles.map(() => null);
  const resamples = resamplesOf(count);
  const ranks = perMilles.map((perMille) => rankOf(count, perMille));
  const found = perMilles.map(() => new Float64Array(resamples));
  const drawn = new Uint32Array(count);
  for (let resample = 0; resample < resamples; resample += 1) {
    drawn.fill(0);
    for (let draw = 0; draw < count; draw += 1) {
      const at = Math.floor(stream.next() * count);
      drawn[at] = (drawn[at] as number) + 1;
    }
    ranks.forEach((rank, which) => ((found[which] as Float64Array)[resample] = inOrder[placeOf(drawn, rank)] as number));
  }
  return found.map((values) => [at(values.sort(), TAIL), at(values, 1 - TAIL)]);
}

/** Which of the numbers in order has a rank in a resample, by how often each was drawn. */
function placeOf(drawn: Uint32Array, rank: number): number {
  let place = 0;
  let before = drawn[0] as number;
  while (before < rank) before += drawn[++place] as number;
  return place;
}

/** The bias-corrected and accelerated interval, from the resampled values in order (equation 14.10). */
function bca(inOrder: Float64Array, estimate: number, a: number, tail: number): Interval {
  const bias = inverseNormal(shareBelow(inOrder, estimate));
  const corrected = (deviations: number): number => {
    const z = bias + deviations;
    return normalCdf(bias + z / (1 - a * z));
  };
  return [at(inOrder, corrected(-tail)), at(inOrder, corrected(tail))];
}

/** How many of the resampled means' deviations the interval reaches: Student's, by the expansion of Cornish and Fisher. */
function widened(count: number): number {
  const freedom = count - 1;
  const z = inverseNormal(1 - TAIL);
  const z2 = z * z;
  const student = z + (z * (z2 + 1)) / (4 * freedom) + (z * (5 * z2 * z2 + 16 * z2 + 3)) / (96 * freedom * freedom);
  return student * Math.sqrt(count / freedom);
}

/** The share of values below another; those equal to it count half. Never 0 or 1, where the inverse would be infinite. */
function shareBelow(inOrder: Float64Array, value: number): number {
  let below = 0;
  let equal = 0;
  for (const one of inOrder) {
    if (one < value) below += 1;
    else if (one === value) equal += 1;
  }
  const count = inOrder.length;
  return Math.min(count - 0.5, Math.max(0.5, below + equal / 2)) / count;
}

/** A sixth of the skewness of the mean's jackknife (equation 14.15), which for a mean is that of the sample itself. */
function acceleration(values: Float64Array): number {
  const mean = meanOf(values);
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    const off = value - mean;
    squares += off * off;
    cubes += off * off * off;
  }
  return squares === 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
}

/** The value below which a share of all lies. */
function at(inOrder: Float64Array, share: number): number {
  const place = Math.floor(share * inOrder.length);
  return inOrder[Math.min(inOrder.length - 1, Math.max(0, place))] as number;
}

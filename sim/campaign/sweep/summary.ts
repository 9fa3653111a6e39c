/** A metric in one cell: its mean and percentiles with their intervals, and how it differs from the first cell. */
import type { Streams } from "../../kernel/stream.ts";
import { meanInterval, percentileIntervals, type Interval } from "../statistics/bootstrap.ts";
import { deviationOf, meanOf, percentile, sorted } from "../statistics/sample.ts";

export interface Summary {
  /** How many runs had a value, and how many had none. */
  readonly measured: number;
  readonly missing: number;
  readonly mean: number;
  /** The 95 % interval of the mean; null where there is one value alone. */
  readonly ci95: Interval | null;
  readonly sd: number | null;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly p50Ci95: Interval | null;
  readonly p95Ci95: Interval | null;
  readonly p99Ci95: Interval | null;
  /** From the first cell, seed by seed; left out in the first cell itself. */
  readonly difference?: Difference | undefined;
}

export interface Difference {
  /** How many seeds had a value in both cells. */
  readonly pairs: number;
  readonly mean: number;
  readonly ci95: Interval | null;
  /** How far the two cells go together under the same seeds, from -1 to 1: the nearer to 1, the more the pairing sharpens. */
  readonly correlation: number | null;
}

/** Null where no run has a value. `name`: what the resampling draws from, so that no two share their draws. */
export function summarise(values: readonly number[], first: readonly number[] | undefined, streams: Streams, name: string): Summary | null {
  const measured = Float64Array.from(values.filter((value) => !Number.isNaN(value)));
  if (measured.length === 0) return null;
  const inOrder = sorted(measured);
  const [p50Ci95, p95Ci95, p99Ci95] = percentileIntervals(inOrder, [500, 950, 990], streams.get(`${name}/percentiles`)) as [Interval | null, Interval | null, Interval | null];
  return {
    measured: measured.length,
    missing: values.length - measured.length,
    mean: meanOf(measured),
    ci95: meanInterval(measured, streams.get(`${name}/mean`)),
    sd: deviationOf(measured),
    min: inOrder[0] as number,
    p50: percentile(inOrder, 500),
    p95: percentile(inOrder, 950),
    p99: percentile(inOrder, 990),
    max: inOrder.at(-1) as number,
    p50Ci95,
    p95Ci95,
    p99Ci95,
    difference: first && differenceOf(values, first, streams, name),
  };
}

/** Both under the same seed, so that what is luck in both falls out. Undefined where no seed has a value in both. */
function differenceOf(values: readonly number[], first: readonly number[], streams: Streams, name: string): Difference | undefined {
  const pairs = values.map((value, at) => [value, first[at] ?? NaN] as const).filter(([a, b]) => !Number.isNaN(a) && !Number.isNaN(b));
  if (pairs.length === 0) return undefined;
  const differences = Float64Array.from(pairs, ([a, b]) => a - b);
  return {
    pairs: pairs.length,
    mean: meanOf(differences),
    ci95: meanInterval(differences, streams.get(`${name}/difference`)),
    correlation: correlationOf(pairs),
  };
}

/** Pearson's; null where one of the two does not vary. */
function correlationOf(pairs: readonly (readonly [number, number])[]): number | null {
  const [meanA, meanB] = [0, 1].map((side) => meanOf(Float64Array.from(pairs, (pair) => pair[side as 0 | 1]))) as [number, number];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [a, b] of pairs) {
    ab += (a - meanA) * (b - meanB);
    aa += (a - meanA) * (a - meanA);
    bb += (b - meanB) * (b - meanB);
  }
  return aa === 0 || bb === 0 ? null : ab / Math.sqrt(aa * bb);
}

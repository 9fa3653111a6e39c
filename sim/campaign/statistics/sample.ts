/** What a sample of numbers says of itself. */

/** In order of size; the sample is left as it was. */
export function sorted(values: readonly number[] | Float64Array): Float64Array {
  return Float64Array.from(values).sort();
}

/** The nearest-rank percentile, as histograms have it: the least number that at least that share of all does not exceed. */
export function percentile(inOrder: Float64Array, perMille: number): number {
  return inOrder[rankOf(inOrder.length, perMille) - 1] as number;
}

/** Which, counted from 1, of so many numbers in order a percentile is. The share is in thousandths: whole arithmetic. */
export function rankOf(count: number, perMille: number): number {
  return Math.min(count, Math.max(1, Math.ceil((perMille * count) / 1000)));
}

/** NaN where there is none. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Of the whole that the sample is of (divided by n - 1); null for fewer than two. */
export function deviationOf(values: Float64Array): number | null {
  if (values.length < 2) return null;
  const mean = meanOf(values);
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return Math.sqrt(squares / (values.length - 1));
}

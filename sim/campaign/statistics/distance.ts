/** How far two distributions lie apart. */

/** A distribution as a staircase: the share of all that is at most a value, at each value where it rises. */
export interface Staircase {
  /** In order of size. */
  readonly values: Float64Array;
  /** From above 0 to at most 1; less than 1 at the end where some were never seen to end. */
  readonly shares: Float64Array;
}

/** Of a sample in order; `total`: how many there were with those that have no value. */
export function staircaseOf(inOrder: Float64Array, total = inOrder.length): Staircase {
  return { values: inOrder, shares: Float64Array.from(inOrder, (_, at) => (at + 1) / total) };
}

/** The Kolmogorov–Smirnov distance: the largest difference between the shares at any value. */
export function distance(a: Staircase, b: Staircase): number {
  let [atA, atB, shareA, shareB, most] = [0, 0, 0, 0, 0];
  while (atA < a.values.length || atB < b.values.length) {
    const value = Math.min(a.values[atA] ?? Infinity, b.values[atB] ?? Infinity);
    for (; a.values[atA] === value; atA += 1) shareA = a.shares[atA] as number;
    for (; b.values[atB] === value; atB += 1) shareB = b.shares[atB] as number;
    most = Math.max(most, Math.abs(shareA - shareB));
  }
  return most;
}

/**
 * The distance that two samples of the same distribution exceed in 5 % of all cases, for samples that are not small:
 * Smirnov, “Table for estimating the goodness of fit of empirical distributions”, Ann. Math. Statist. 19(2), 1948.
 */
export function criticalDistance(countA: number, countB: number): number {
  return 1.3581 * Math.sqrt((countA + countB) / (countA * countB));
}

/** What runs without a failure are evidence of. */

/** How sure {@link failureRateBound} is. */
export const CONFIDENCE = 0.95;

/**
 * The largest rate of failures under which so many runs without one would not be a surprise: where more than this share of
 * all seeds failed, 19 of 20 such campaigns would have met a failure. The rule of three, 3/n: 1 - 0.05^(1/n) to first
 * order, and never below it (Hanley, Lippman-Hand, “If nothing goes wrong, is everything all right?”, JAMA 1983). It is 1
 * where there are too few runs to say anything.
 */
export function failureRateBound(cleanRuns: number): number {
  return cleanRuns <= 3 ? 1 : 3 / cleanRuns;
}

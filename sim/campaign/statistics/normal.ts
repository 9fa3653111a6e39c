/** The standard normal distribution, in pure arithmetic, so that an interval is the same on every machine. */
import { exp } from "../../kernel/math.ts";

const LN_SQRT_TWO_PI = 0.9189385332046727;
/** Beyond it the chance is below 10^-15, and counts as none. */
const FAR = 8;

/**
 * The chance that a standard normal variable is at most x, to about 10^-15: half and the density times
 * x + x³/3 + x⁵/(3×5) + …, the series of Marsaglia, “Evaluating the normal distribution”, J. Stat. Software 11(4), 2004.
 */
export function normalCdf(x: number): number {
  if (x < -FAR) return 0;
  if (x > FAR) return 1;
  let sum = x;
  let term = x;
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + sum * exp(-0.5 * x * x - LN_SQRT_TWO_PI);
}

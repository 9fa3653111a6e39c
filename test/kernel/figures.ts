/** Statistics and figures that the kernel's tests hold samples and functions against. */

/**
 * Kolmogorov's statistic √n × D: the largest distance between the samples' own distribution and F. Below 1.95 in 999
 * of 1,000 cases for n samples of F (Smirnov 1948, "Table for estimating the goodness of fit of empirical distributions").
 */
export function kolmogorov(samples: readonly number[], F: (x: number) => number): number {
  const sorted = samples.slice().sort((a, b) => a - b);
  const n = sorted.length;
  let largest = 0;
  sorted.forEach((x, index) => {
    largest = Math.max(largest, F(x) - index / n, (index + 1) / n - F(x));
  });
  return Math.sqrt(n) * largest;
}
export const KOLMOGOROV_999 = 1.95;

/** Pearson's statistic of counts that should be as the weights are; without weights, all alike. */
export function chiSquare(counts: readonly number[], weights: readonly number[] = counts.map(() => 1)): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const weight = weights.reduce((sum, one) => sum + one, 0);
  return counts.reduce((sum, count, index) => {
    const expected = (total * weights[index]!) / weight;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** What it stays below in 999 of 1,000 cases, by degrees of freedom (any table, for instance NIST's e-Handbook 1.3.6.7.4). */
export const CHI_SQUARE_999: { readonly [degrees: number]: number } = { 1: 10.828, 2: 13.816, 3: 16.266, 6: 22.458, 9: 27.877, 15: 37.697, 99: 148.23 };

/**
 * The normal distribution function, its lower tail to a few parts in 10^15: the series of Marsaglia 2004, "Evaluating the
 * Normal Distribution", Journal of Statistical Software 11(4), in the middle, and the continued fraction of Abramowitz
 * and Stegun 26.2.14 in the tails, where the series would cancel.
 */
export function normalCdf(x: number): number {
  if (x > 0) return 1 - normalCdf(-x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x > -1.5) {
    let term = x;
    let sum = x;
    for (let odd = 3; Math.abs(term) > 1e-20; odd += 2) sum += term *= (x * x) / odd;
    return 0.5 + density * sum;
  }
  let fraction = -x;
  for (let k = 400; k >= 1; k -= 1) fraction = -x + k / fraction;
  return density / fraction;
}

const bits = new BigInt64Array(1);
const number = new Float64Array(bits.buffer);

/** How many floating-point numbers apart two numbers of one sign are. */
export function ulpsApart(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  number[0] = a;
  const first = bits[0]!;
  number[0] = b;
  return Math.abs(Number(first - bits[0]!));
}

/** Every positive number, its exponent being as likely as any other. */
export function numberFromBits(high: number, low: number): number {
  bits[0] = (BigInt(high % 0x7ff00000) << 32n) | BigInt(low);
  return number[0]!;
}

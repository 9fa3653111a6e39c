/**
 * Virtual time: an integer count of nanoseconds since the start of the run, in a JavaScript number. It is exact up to
 * 2^53 ns, which is 104 days.
 */
export type Nanoseconds = number;

export const NS_PER_US = 1_000;
export const NS_PER_MS = 1_000_000;
export const NS_PER_S = 1_000_000_000;

/** Microseconds as nanoseconds, rounded to a whole one. */
export const us = (count: number): Nanoseconds => Math.round(count * NS_PER_US);

/** Milliseconds as nanoseconds, rounded to a whole one. */
export const ms = (count: number): Nanoseconds => Math.round(count * NS_PER_MS);

/** Seconds as nanoseconds, rounded to a whole one. */
export const seconds = (count: number): Nanoseconds => Math.round(count * NS_PER_S);

/**
 * floor(a × b / c) without leaving the safe integers on the way: a is a safe integer from 0, |b| is at most 2^31 and c
 * is from 1 to 2^31. The result is exact where it is a safe integer itself.
 */
export function mulDiv(a: number, b: number, c: number): number {
  // For safe integers the floor of the rounded quotient is the floor of the exact one, so each division here is exact.
  // a = whole × c + rest, and rest × b, which may have 62 bits, is taken in two halves of rest, 16 and 15 bits.
  const whole = Math.floor(a / c);
  const rest = a - whole * c;
  const high = Math.floor(rest / 32768);
  const low = rest - high * 32768;
  const highQuotient = Math.floor((high * b) / c);
  const highRest = high * b - highQuotient * c;
  return whole * b + (highQuotient * 32768 + Math.floor((highRest * 32768 + low * b) / c));
}

/**
 * By how much a clock that drifts by `ppb` parts per billion has moved away after `elapsed` nanoseconds, rounded down;
 * so elapsed + driftOf(elapsed, ppb) never goes back as elapsed grows. For |ppb| up to 500,000,000.
 */
export function driftOf(elapsed: Nanoseconds, ppb: number): Nanoseconds {
  return mulDiv(elapsed, ppb, 1_000_000_000);
}

/**
 * The shortest real duration in which such a clock advances by `local` nanoseconds or more: the least r with
 * r + driftOf(r, ppb) >= local. For |ppb| up to 500,000,000 and local up to 2^52.
 */
export function realFor(local: Nanoseconds, ppb: number): Nanoseconds {
  // r + floor(r × ppb / 10^9) >= local exactly where r >= local × 10^9 / (10^9 + ppb) = local - local × ppb / (10^9 + ppb).
  return local - mulDiv(local, ppb, 1_000_000_000 + ppb);
}

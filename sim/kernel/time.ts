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

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

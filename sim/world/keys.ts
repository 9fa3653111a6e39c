import { pow } from "../kernel/math.ts";
import type { Stream } from "../kernel/stream.ts";
import type { WorkloadConfig } from "./config.ts";

/** Chooses among weighted things by one draw. */
export function weighted<T>(items: readonly T[], weights: readonly number[]): (stream: Stream) => T {
  const sums: number[] = [];
  let total = 0;
  for (const weight of weights) sums.push((total += weight));
  return (stream) => {
    const at = stream.double() * total;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at < (sums[middle] as number)) high = middle;
      else low = middle + 1;
    }
    return items[low] as T;
  };
}

/** How a client chooses its keys `k1` … by one draw each; `nth` counts its operations from 0. Zipf: key i with weight 1/i^s. */
export function keyChooser(keys: WorkloadConfig["keys"]): (stream: Stream, nth: number) => string {
  const names = Array.from({ length: keys.count }, (_, index) => `k${index + 1}`);
  const distribution = keys.distribution;
  if (distribution.type === "sequential") {
    return (stream, nth) => {
      stream.double();
      return names[nth % names.length] as string;
    };
  }
  const weights = names.map((_, index) => (distribution.type === "zipf" ? 1 / pow(index + 1, distribution.exponent) : 1));
  const choose = weighted(names, weights);
  return (stream) => choose(stream);
}

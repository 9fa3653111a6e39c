import { pow } from "../kernel/math.ts";
import type { Stream } from "../kernel/stream.ts";
import type { KeyDistribution, WorkloadConfig } from "./config.ts";

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

type KeyChooser = (stream: Stream, nth: number) => string;

/** Clients share their choosers, and so do copies of a world: a million keys are named once. */
const choosers = new WeakMap<WorkloadConfig["keys"], KeyChooser>();

/** How a client chooses its keys `k1` … by one draw each; `nth` counts its operations from 0. */
export function keyChooser(keys: WorkloadConfig["keys"]): KeyChooser {
  const known = choosers.get(keys);
  if (known !== undefined) return known;
  const chooser = newChooser(keys);
  choosers.set(keys, chooser);
  return chooser;
}

function newChooser({ count, distribution }: WorkloadConfig["keys"]): KeyChooser {
  const names = Array.from({ length: count }, (_, index) => `k${index + 1}`);
  if (distribution.type === "sequential") {
    return (stream, nth) => {
      stream.double();
      return names[nth % names.length] as string;
    };
  }
  const choose = weighted(names, keyWeights(distribution, count));
  return (stream) => choose(stream);
}

/**
 * How often each key is chosen, in no unit. Zipf and hotspot are those of YCSB (Cooper, Silberstein, Tam, Ramakrishnan,
 * Sears 2010, “Benchmarking cloud serving systems with YCSB”, SoCC, §4.2; hotspot as in its `HotspotIntegerGenerator`).
 */
export function keyWeights(distribution: KeyDistribution, count: number): number[] {
  const each = (weight: (index: number) => number): number[] => Array.from({ length: count }, (_, index) => weight(index));
  if (distribution.type === "zipf") return each((index) => 1 / pow(index + 1, distribution.exponent));
  if (distribution.type !== "hotspot") return each(() => 1);

  const hot = hotKeys(distribution.keys, count);
  if (hot === count) return each(() => 1);
  return each((index) => (index < hot ? distribution.operations / hot : (1 - distribution.operations) / (count - hot)));
}

/** How many keys a share of them is: whole keys, and at least one. */
export function hotKeys(share: number, count: number): number {
  return Math.max(1, Math.round(share * count));
}

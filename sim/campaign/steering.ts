import type { Job, Outcome } from "./job.ts";

/**
 * Where a search goes: it plans jobs, and learns from outcomes. It sees both in whole batches in the order of the jobs, so
 * that a campaign is the same however it is spread over workers.
 */
export interface Steering {
  /** So many jobs are planned, and learnt from, at a time. */
  readonly batch: number;
  /** So many batches are planned before the first of them has been learnt from: 2 or more keep all workers busy. */
  readonly ahead: number;
  /** The jobs from an index on. The last batch of a campaign may be smaller than the others. */
  jobs(first: number, count: number): readonly Job[];
  /** Told of each whole batch, in order. */
  learn(outcomes: readonly Outcome[]): void;
}

/** Seed after seed; after the largest there is, it goes on from 0. */
export function plainly(firstSeed: number): Steering {
  return {
    batch: 64,
    // Nothing is learnt: it runs ahead of a run that takes long, but not beyond all bounds.
    ahead: 256,
    jobs: (first, count) => Array.from({ length: count }, (_, at) => ({ index: first + at, seed: seedAt(firstSeed, first + at) })),
    learn() {},
  };
}

/** Within the safe integers, also where the sum would not be. */
export function seedAt(firstSeed: number, index: number): number {
  const left = Number.MAX_SAFE_INTEGER - firstSeed;
  return index <= left ? firstSeed + index : index - left - 1;
}

/**
 * A campaign in parts, for machines that know nothing of each other: of N shards, the third does every N-th run from the
 * third on. So each has its share of every stretch of seeds, and until one fails all of them come about as far.
 */
import type { Outcome, PlannedModule } from "./job.ts";
import { plainly, seedAt, type Steering } from "./steering.ts";

export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** What a shard's journal says of itself, and of what whoever merges it cannot know otherwise. */
export interface ShardHeader extends Shard {
  /** Of the whole campaign; null: until time is over. */
  readonly runs: number | null;
  readonly keepGoing: boolean;
  /** For the names of files. */
  readonly slug: string;
  /** Expectations of the scenario that are not asked under random faults. */
  readonly leftOut: readonly string[];
  /** The scenario's, from the folder that the campaign was started in. */
  readonly folder: string;
  /** The words of the command that began it, without what is one shard's alone: for whoever has to do a part again. */
  readonly command: readonly string[];
  /** Whole, where the protocol is a module of the user's own. */
  readonly module?: PlannedModule | undefined;
}

/** A campaign that is not spread is its only shard. */
export const WHOLE: Shard = { number: 1, of: 1 };

/** `shard3of64`, for names of files. */
export function shardName({ number, of }: Shard): string {
  return `shard${number}of${of}`;
}

/** The place in the whole campaign of a shard's run, from its place in the shard; both from 0. */
export function indexOf({ number, of }: Shard, place: number): number {
  return place * of + number - 1;
}

/** The other way round. */
export function placeOf({ number, of }: Shard, index: number): number {
  return (index - (number - 1)) / of;
}

/** A shard's outcome as the whole campaign knows it. */
export function inWhole(shard: Shard, outcome: Outcome): Outcome {
  return { ...outcome, index: indexOf(shard, outcome.index) };
}

/** A shard's own outcomes, by their places in the shard, of those that the whole campaign knows. */
export function inShard(shard: Shard, outcomes: ReadonlyMap<number, Outcome>): Map<number, Outcome> {
  const own = [...outcomes.values()].map((outcome) => ({ ...outcome, index: placeOf(shard, outcome.index) }));
  return new Map(own.filter(({ index }) => Number.isInteger(index) && index >= 0).map((outcome) => [outcome.index, outcome]));
}

/** How many of a campaign's runs are a shard's. */
export function runsOf({ number, of }: Shard, runs: number): number {
  return runs === Infinity ? Infinity : Math.max(0, Math.ceil((runs - (number - 1)) / of));
}

/** Seed after seed, of those that are the shard's. Jobs have their places in the shard as indexes. */
export function steeringOf(shard: Shard, firstSeed: number): Steering {
  const jobs = (first: number, count: number) => Array.from({ length: count }, (_, at) => ({ index: first + at, seed: seedAt(firstSeed, indexOf(shard, first + at)) }));
  return { ...plainly(firstSeed), jobs };
}

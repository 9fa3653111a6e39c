/** What the producer of a campaign and its workers leave for each other in redis. */
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { CampaignPlan, Job, Outcome } from "../job.ts";
import { PREFIX, Register } from "./redis.ts";

/** What a campaign says of itself as long as its producer is there. */
export interface CampaignCard {
  /** Of the program: a worker of another would come to other outcomes. */
  readonly version: string;
  /** For people. */
  readonly name: string;
}

/** What a worker says of itself. */
export interface WorkerCard {
  readonly version: string;
  /** Host and process, for people. */
  readonly name: string;
  /** How many runs it does at a time. */
  readonly width: number;
}

/** All that a run needs besides its job. */
export interface QueuedPlan {
  readonly plan: CampaignPlan;
  readonly memoryMiB: number;
  readonly stallMs: number;
}

/** What comes back of a job. */
export interface Delivery {
  readonly outcome: Outcome;
  /** The worker's name. */
  readonly by: string;
}

/** What a run is, whoever does it and however often. BullMQ takes no names that are numbers. */
export function identityOf({ index, seed }: Job): string {
  return `run-${index}-${seed}`;
}

/** A seed that took so many workers with it is not tried again. */
export const MOST_WORKERS_LOST = 3;

/** BullMQ's words for that. */
export const LOST = /stalled more than allowable/;

/**
 * A worker's job is given to another where the worker is not heard of for so long: it renews its lock in half the time. One
 * that was only slow is no harm, because a run counts once.
 */
export const TIMES = { lockDuration: 6_000, stalledInterval: 3_000, beat: 2_000 } as const;

export const campaignsIn = (redis: Redis): Register<CampaignCard> => new Register<CampaignCard>(redis, "campaigns");
export const workersIn = (redis: Redis): Register<WorkerCard> => new Register<WorkerCard>(redis, "workers");
export const planKey = (id: string): string => `${PREFIX}:${id}:plan`;
export const outcomesName = (id: string): string => `${id}-outcomes`;

export function openQueue<Data>(redis: Redis, name: string): Queue<Data, unknown, string> {
  const queue = new Queue<Data, unknown, string>(name, { connection: redis, prefix: PREFIX, streams: { events: { maxLen: 100 } } });
  // The connection is watched by itself, and what a command comes to is told to who waits for it.
  queue.on("error", () => undefined);
  return queue as Queue<Data, unknown, string>;
}

/** Removes all that a campaign has left. May be done twice. */
export async function removeCampaign(redis: Redis, id: string): Promise<void> {
  await campaignsIn(redis).remove(id);
  await redis.del(planKey(id));
  for (const name of [id, outcomesName(id)]) {
    const queue = openQueue(redis, name);
    await queue.obliterate({ force: true });
    await queue.close();
  }
}

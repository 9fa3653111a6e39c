/** Takes runs from the queues in a redis, of whatever campaigns there are, and does them in processes of this machine. */
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { Worker, type Queue } from "bullmq";
import type { Redis } from "ioredis";
import { ExecutorError, type Executor } from "../executor.ts";
import type { Job } from "../job.ts";
import { poolExecutor } from "./pool.ts";
import { campaignsIn, MOST_WORKERS_LOST, openQueue, outcomesName, planKey, removeCampaign, TIMES, workersIn, type CampaignCard, type Delivery, type QueuedPlan, type WorkerCard } from "./queue-data.ts";
import { addressOf, connectRedis, Outage, PREFIX, type Register } from "./redis.ts";

export interface QueueWorkerOptions {
  readonly url: string;
  readonly version: string;
  /** The file that a process loads. */
  readonly worker: string;
  /** How many runs are done at a time. */
  readonly workers: number;
  /** For so long a redis that was lost may be away, in milliseconds. */
  readonly patienceMs: number;
  /** Takes what is to be told, a sentence each time. */
  readonly say: (text: string) => void;
}

export interface WorkDone {
  readonly runs: number;
  readonly campaigns: number;
}

const LOOK_MS = 500;

/** Throws an ExecutorError where there is no redis. */
export async function queueWorker(options: QueueWorkerOptions): Promise<QueueWorker> {
  return new QueueWorker(await connectRedis(options.url), options);
}

/** A campaign that it works for. */
interface Joined {
  readonly card: CampaignCard;
  readonly queue: Worker<Job>;
  readonly outcomes: Queue<Delivery, unknown, string>;
  readonly pool: Executor;
  runs: number;
}

class QueueWorker {
  readonly #redis: Redis;
  readonly #options: QueueWorkerOptions;
  readonly #id = randomBytes(6).toString("hex");
  readonly #card: WorkerCard;
  readonly #campaigns: Register<CampaignCard>;
  readonly #workers: Register<WorkerCard>;
  readonly #outage: Outage;
  readonly #slots: Slots;
  readonly #joined = new Map<string, Joined>();
  readonly #refused = new Set<string>();
  #runs = 0;
  #campaignsDone = 0;
  #isAskedToEnd = false;
  #isEnded = false;
  #error: Error | undefined;
  #looking: Promise<unknown> | undefined;
  #wake = (): void => undefined;

  constructor(redis: Redis, options: QueueWorkerOptions) {
    this.#redis = redis;
    this.#options = options;
    this.#card = { version: options.version, name: `${hostname()}:${process.pid}`, width: options.workers };
    this.#campaigns = campaignsIn(redis);
    this.#workers = workersIn(redis);
    this.#slots = new Slots(options.workers);
    const where = addressOf(options.url);
    this.#outage = new Outage(redis, options.patienceMs, (isLost) => {
      if (!this.#isEnded) options.say(isLost ? `the redis at ${where} is gone: it is tried again` : `the redis at ${where} is back`);
    });
  }

  /** Works until it is asked to end, or cannot go on: then it throws. What is under way is finished first. */
  async work(): Promise<WorkDone> {
    let beatAt = -Infinity;
    while (!this.#isAskedToEnd && this.#error === undefined) {
      if (this.#outage.isTooLong) this.#error = new ExecutorError(`the redis at ${addressOf(this.#options.url)} has been away for ${Math.round(this.#options.patienceMs / 1000)}s`, "Jobs that were under way here are done by other workers.");
      else if (!this.#outage.isOn) {
        const isDue = performance.now() - beatAt >= TIMES.beat;
        if (isDue) beatAt = performance.now();
        await this.#lookWithPatience(isDue);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, LOOK_MS);
      });
    }
    await this.#finish();
    if (this.#error !== undefined) throw this.#error;
    return { runs: this.#runs, campaigns: this.#campaignsDone };
  }

  end(): void {
    this.#isAskedToEnd = true;
    this.#wake();
  }

  /** A command that is under way when redis goes waits until it is back: that must not keep anybody from ending. */
  async #lookWithPatience(isDue: boolean): Promise<void> {
    this.#looking ??= this.#look(isDue)
      .catch((error: Error) => {
        if (!this.#outage.isOn) this.#error ??= error;
      })
      .finally(() => (this.#looking = undefined));
    while (this.#looking !== undefined && !this.#outage.isOn) await Promise.race([this.#looking, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
  }

  async #look(isDue: boolean): Promise<void> {
    if (isDue) await this.#workers.beat(this.#id, this.#card);
    const alive = await this.#campaigns.alive();
    for (const [id, card] of alive) if (!this.#joined.has(id)) await this.#meet(id, card);
    for (const id of this.#joined.keys()) if (!alive.has(id)) await this.#leave(id);
  }

  /** A worker of another version leaves a campaign to others. */
  async #meet(id: string, card: CampaignCard): Promise<void> {
    const { version, say } = this.#options;
    if (card.version === version) return this.#join(id, card);
    if (!this.#refused.has(id)) say(`${card.name} is refused: it is a campaign of Splitbrain ${card.version}, and this is ${version}`);
    this.#refused.add(id);
  }

  async #join(id: string, card: CampaignCard): Promise<void> {
    const text = await this.#redis.get(planKey(id));
    if (text === null) return;
    const { plan, memoryMiB, stallMs } = JSON.parse(text) as QueuedPlan;
    const { workers, worker, say } = this.#options;
    const pool = poolExecutor(plan, { worker, workers, memoryMiB, stallMs });
    const queue = new Worker<Job>(id, async ({ data }) => this.#do(data, joined), {
      connection: this.#redis,
      prefix: PREFIX,
      concurrency: workers,
      lockDuration: TIMES.lockDuration,
      stalledInterval: TIMES.stalledInterval,
      maxStalledCount: MOST_WORKERS_LOST - 1,
      drainDelay: 1,
      runRetryDelay: 1_000,
    });
    // Among them: that a campaign is over, and wants nothing of a job any more.
    queue.on("error", () => undefined);
    const joined: Joined = { card, queue, outcomes: openQueue<Delivery>(this.#redis, outcomesName(id)), pool, runs: 0 };
    this.#joined.set(id, joined);
    say(`${card.name}: takes its runs`);
  }

  /** One run. What it comes to is delivered before the job is done: killed in between, it is done again, and counts once. */
  async #do(job: Job, joined: Joined): Promise<void> {
    await this.#slots.take();
    try {
      const outcome = await joined.pool.run(job);
      if (outcome === undefined) throw new Error("the worker has left the campaign");
      await joined.outcomes.add("outcome", { outcome, by: this.#card.name }, { removeOnComplete: true, removeOnFail: true });
      joined.runs += 1;
      this.#runs += 1;
    } catch (error) {
      // A machine on which no run can be begun must not use up the attempts of one job after the other.
      if (/cannot begin/.test(String(error))) this.#error ??= error as Error;
      throw error;
    } finally {
      this.#slots.give();
    }
  }

  async #leave(id: string): Promise<void> {
    const joined = this.#joined.get(id);
    if (joined === undefined) return;
    this.#joined.delete(id);
    // The campaign is over: nobody waits for what is under way.
    await joined.pool.close();
    await joined.queue.close(true);
    await joined.outcomes.close();
    this.#campaignsDone += 1;
    this.#options.say(`${joined.card.name}: over, with ${joined.runs} ${joined.runs === 1 ? "run" : "runs"} done here`);
    // What was delivered late has begun its queues anew.
    if (!(await this.#campaigns.alive()).has(id)) await removeCampaign(this.#redis, id);
  }

  /** Gives nothing up: what is under way is delivered, where redis is there. */
  async #finish(): Promise<void> {
    const isStuck = this.#error !== undefined || this.#outage.isOn;
    for (const { queue, outcomes, pool } of this.#joined.values()) {
      if (!isStuck) await queue.close();
      await pool.close();
      if (isStuck) await Promise.race([queue.close(true), new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
      if (!isStuck) await outcomes.close();
      this.#campaignsDone += 1;
    }
    if (!this.#outage.isOn) await this.#workers.remove(this.#id).catch(() => undefined);
    this.#isEnded = true;
    this.#redis.disconnect();
  }
}

/** Of all that want to go on, so many may at a time: campaigns share the machine. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async take(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

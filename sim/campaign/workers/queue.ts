/**
 * Runs a campaign's jobs on whatever machines there are: puts them into a queue in redis, from which workers take them, and
 * takes in what comes back. BullMQ delivers at least once; here each run counts once.
 */
import { randomBytes } from "node:crypto";
import { Worker, type Job as Delivered, type Queue } from "bullmq";
import type { Redis } from "ioredis";
import { ExecutorError, type Executor } from "../executor.ts";
import type { Job, Outcome } from "../job.ts";
import { withoutResult } from "../run-job.ts";
import { campaignsIn, identityOf, LOST, MOST_WORKERS_LOST, openQueue, outcomesName, planKey, removeCampaign, TIMES, workersIn, type CampaignCard, type Delivery, type QueuedPlan, type WorkerCard } from "./queue-data.ts";
import { addressOf, connectRedis, Outage, PREFIX, type Register } from "./redis.ts";

export interface QueueOptions extends QueuedPlan, CampaignCard {
  readonly url: string;
  /** For so long a redis that was lost may be away, in milliseconds. */
  readonly patienceMs: number;
  /** Whether nobody needs to be waited for any more: where there is no worker then, what is under way is given up. */
  readonly isOver: () => boolean;
  /** Takes what is to be told, a sentence each time. */
  readonly say: (text: string) => void;
}

/** At least so many jobs are in the queue, for the workers that come. */
const LEAST_WIDTH = 16;
/** So many jobs wait for each process of a worker: it need not wait for the next one. */
const JOBS_A_PROCESS = 4;
/** A worker that is there already is heard of within this time. */
const GRACE_MS = 2_000;
const FAILED_AT_ONCE = 100;

/** Throws an ExecutorError where there is no redis. */
export async function queueExecutor(options: QueueOptions): Promise<Executor> {
  const redis = await connectRedis(options.url);
  const executor = new QueueExecutor(redis, options);
  await executor.begin();
  return executor;
}

interface Pending {
  readonly job: Job;
  readonly give: (outcome: Outcome | undefined) => void;
  readonly fail: (error: Error) => void;
}

/** What is remembered of a run that counted. */
interface Counted {
  readonly digest: string;
  readonly kind: Outcome["kind"];
  readonly by: string;
}

class QueueExecutor implements Executor {
  readonly #redis: Redis;
  readonly #options: QueueOptions;
  readonly #id: string;
  readonly #queue: Queue<Job, unknown, string>;
  readonly #inbox: Worker<Delivery>;
  readonly #campaigns: Register<CampaignCard>;
  readonly #workers: Register<WorkerCard>;
  readonly #outage: Outage;
  /** By identity. */
  readonly #pending = new Map<string, Pending>();
  readonly #counted = new Map<string, Counted>();
  /** Handed in, and not in the queue yet. */
  #unsent: Job[] = [];
  readonly #begunAt = performance.now();
  #slots = 0;
  #said = "";
  /** How many outcomes had come when the queue was last seen empty. */
  #emptyAt: number | undefined;
  #delivered = 0;
  #timer: NodeJS.Timeout | undefined;
  #isTending = false;
  #error: Error | undefined;
  #isClosed = false;

  constructor(redis: Redis, options: QueueOptions) {
    this.#redis = redis;
    this.#options = options;
    this.#id = `${options.name}-${randomBytes(6).toString("hex")}`;
    this.#queue = openQueue<Job>(redis, this.#id);
    this.#campaigns = campaignsIn(redis);
    this.#workers = workersIn(redis);
    const { lockDuration, stalledInterval } = TIMES;
    const reading = { connection: redis, prefix: PREFIX, autorun: false, drainDelay: 1, runRetryDelay: 1_000, lockDuration, stalledInterval, maxStalledCount: Number.MAX_SAFE_INTEGER };
    this.#inbox = new Worker<Delivery>(outcomesName(this.#id), async ({ data }: Delivered<Delivery>) => this.#take(data), reading);
    this.#inbox.on("error", () => undefined);
    const where = addressOf(options.url);
    this.#outage = new Outage(redis, options.patienceMs, (isLost) => {
      if (!this.#isClosed) options.say(isLost ? `the redis at ${where} is gone: what was finished is kept, and it is tried again` : `the redis at ${where} is back`);
    });
  }

  get width(): number {
    return Math.max(LEAST_WIDTH, this.#slots * JOBS_A_PROCESS);
  }

  async begin(): Promise<void> {
    for (const id of (await this.#campaigns.forgotten()).keys()) await removeCampaign(this.#redis, id);
    for (const id of (await this.#workers.forgotten()).keys()) await this.#workers.remove(id);
    await this.#publish();
    void this.#inbox.run().catch((error: Error) => this.#fail(error));
    this.#tendLater(0);
  }

  run(job: Job): Promise<Outcome | undefined> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#isClosed) return Promise.resolve(undefined);
    return new Promise((give, fail) => {
      this.#pending.set(identityOf(job), { job, give, fail });
      this.#unsent.push(job);
      if (this.#unsent.length === 1) setImmediate(() => this.#send());
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const { give } of this.#pending.values()) give(undefined);
    this.#pending.clear();
    // Where redis is away, what is left there is forgotten in its time.
    const cleaning = this.#inbox.close(true).then(() => this.#queue.close()).then(() => removeCampaign(this.#redis, this.#id));
    if (!this.#outage.isOn) await Promise.race([cleaning, new Promise((resolve) => setTimeout(resolve, 5_000).unref())]).catch(() => undefined);
    cleaning.catch(() => undefined);
    this.#redis.disconnect();
  }

  /** What was handed in at a time goes to redis at a time. */
  #send(): void {
    const jobs = this.#unsent;
    this.#unsent = [];
    if (!this.#isClosed && jobs.length > 0) this.#add(jobs).catch((error: Error) => this.#fail(error));
  }

  /** A job that is there already stays what it is. */
  async #add(jobs: readonly Job[]): Promise<void> {
    const options = { attempts: MOST_WORKERS_LOST, backoff: { type: "fixed", delay: 1_000 }, removeOnComplete: true, removeOnFail: false };
    await this.#queue.addBulk(jobs.map((job) => ({ name: "run", data: job, opts: { ...options, jobId: identityOf(job) } })));
  }

  #take({ outcome, by }: Delivery): void {
    const identity = identityOf(outcome);
    const counted = this.#counted.get(identity);
    this.#delivered += 1;
    if (counted !== undefined) this.#compare(counted, outcome, by);
    else if (this.#pending.has(identity)) this.#counted.set(identity, { digest: outcome.digest, kind: outcome.kind, by });
    this.#pending.get(identity)?.give(outcome);
    this.#pending.delete(identity);
  }

  /** A run that was done twice, because a worker seemed to be lost, comes to the same: but for a worker's death, which depends on its machine. */
  #compare(known: Counted, { kind, digest, seed }: Outcome, by: string): void {
    if (known.kind === "died" || kind === "died" || (known.digest === digest && known.kind === kind)) return;
    const said = (one: { readonly kind: Outcome["kind"]; readonly digest: string }): string => (one.digest === "" ? `it ended in “${one.kind}”` : `it had the digest ${one.digest} and the verdict ${one.kind}`);
    this.#fail(
      new ExecutorError(
        `the run of seed ${seed} was done twice, and differs: on ${known.by} ${said(known)}, on ${by} ${said({ kind, digest })}`,
        "Either the two workers have different states of the program, or the run depends on more than its seed.",
      ),
    );
  }

  #fail(error: Error): void {
    if (this.#isClosed || this.#error !== undefined) return;
    this.#error = error;
    for (const { fail } of this.#pending.values()) fail(error);
    this.#pending.clear();
  }

  #tendLater(afterMs: number): void {
    this.#timer = setTimeout(() => {
      // Where redis is away, the one before is still waiting for it, and only patience counts.
      if (this.#outage.isTooLong) this.#fail(this.#goneForGood());
      else if (!this.#outage.isOn && !this.#isTending) void this.#tend();
      if (!this.#isClosed && this.#error === undefined) this.#tendLater(TIMES.beat / 2);
    }, afterMs);
  }

  #goneForGood(): ExecutorError {
    const { url, patienceMs } = this.#options;
    return new ExecutorError(`the redis at ${addressOf(url)} has been away for ${Math.round(patienceMs / 1000)}s`, "What was finished is in the campaign's journal: --resume carries it on.");
  }

  async #publish(): Promise<void> {
    const { plan, memoryMiB, stallMs, version, name } = this.#options;
    // A redis that was started anew knows nothing of it any more.
    await this.#redis.set(planKey(this.#id), JSON.stringify({ plan, memoryMiB, stallMs } satisfies QueuedPlan), "NX");
    await this.#campaigns.beat(this.#id, { version, name });
  }

  async #tend(): Promise<void> {
    this.#isTending = true;
    try {
      await this.#publish();
      this.#look([...(await this.#workers.alive()).values()]);
      await this.#takeFailed();
      await this.#findLost();
      if (this.#slots === 0 && this.#options.isOver()) await this.close();
    } catch (error) {
      if (!this.#outage.isOn) this.#fail(error as Error);
    } finally {
      this.#isTending = false;
    }
  }

  /** Who is there to do the work, and what is to be said about it. */
  #look(cards: readonly WorkerCard[]): void {
    const { version, url } = this.#options;
    const fitting = cards.filter((card) => card.version === version);
    const others = cards.filter((card) => card.version !== version);
    this.#slots = fitting.reduce((sum, { width }) => sum + width, 0);
    const named = others.map((card) => `${card.name} with ${card.version}`).join(", ");
    if (fitting.length > 0) this.#tell(`${fitting.length === 1 ? "1 worker is" : `${fitting.length} workers are`} at it, with ${this.#slots} ${this.#slots === 1 ? "process" : "processes"}`);
    else if (others.length > 0) this.#tell(`only workers of other versions are there, and this is ${version}: ${named}`);
    else if (performance.now() - this.#begunAt > GRACE_MS) this.#tell(`no worker is there: \`splitbrain worker --queue ${addressOf(url)}\`, on any machine, takes the runs`);
  }

  #tell(text: string): void {
    if (text !== this.#said && !this.#isClosed) this.#options.say(text);
    this.#said = text;
  }

  /** Jobs that BullMQ has given up. */
  async #takeFailed(): Promise<void> {
    for (const failed of await this.#queue.getFailed(0, FAILED_AT_ONCE - 1)) {
      const job = failed.data as Job;
      if (!LOST.test(failed.failedReason)) return this.#fail(new Error(`the run of seed ${job.seed} could not be done by any worker: ${failed.failedReason}`));
      this.#take({ outcome: withoutResult(job, { kind: "died", message: `the workers that did it were lost, ${MOST_WORKERS_LOST} in all` }), by: "nobody" });
      await failed.remove();
    }
  }

  /** Where redis has lost what it held, jobs are put in again: a queue that is empty while something is awaited twice running. */
  async #findLost(): Promise<void> {
    const counts = await this.#queue.getJobCounts("wait", "active", "delayed", "failed", "prioritized");
    const isEmpty = this.#pending.size > 0 && Object.values(counts).every((count) => count === 0);
    if (!isEmpty || this.#emptyAt !== this.#delivered) {
      this.#emptyAt = isEmpty ? this.#delivered : undefined;
      return;
    }
    this.#emptyAt = undefined;
    await this.#add([...this.#pending.values()].map(({ job }) => job));
  }
}

import { Worker, type Job as Delivered } from "bullmq";
import { describe, expect, it, onTestFinished } from "vitest";
import { ExecutorError, type Executor } from "../../sim/campaign/executor.ts";
import { hunt } from "../../sim/campaign/hunt.ts";
import type { CampaignPlan, Job, Outcome } from "../../sim/campaign/job.ts";
import { queueExecutor, type QueueOptions } from "../../sim/campaign/workers/queue.ts";
import { campaignsIn, openQueue, outcomesName, workersIn, type Delivery } from "../../sim/campaign/workers/queue-data.ts";
import { addressOf, checkRedis, PREFIX, Register } from "../../sim/campaign/workers/redis.ts";
import { passed } from "./outcomes.ts";
import { freePort, redisTest, type TestRedis } from "./redis.ts";

const plan: CampaignPlan = { text: "version: 1\n", file: "a.yaml", overrides: [], mostEvents: 1000 };

interface Opened {
  readonly executor: Executor;
  readonly said: string[];
  /** The campaign's queue. */
  readonly id: string;
}

async function open(redis: TestRedis, options: Partial<QueueOptions> = {}): Promise<Opened> {
  const said: string[] = [];
  const executor = await queueExecutor({ url: redis.url, name: "a-seed1", version: "0.1.0", plan, memoryMiB: 256, stallMs: 1000, patienceMs: 60_000, isOver: () => false, say: (text) => void said.push(text), ...options });
  onTestFinished(() => executor.close());
  const [id] = [...(await campaignsIn(redis.client()).alive()).keys()] as [string];
  return { executor, said, id };
}

/** Takes jobs as a worker does, and delivers of each what `outcomesOf` says. */
function workFor(redis: TestRedis, id: string, outcomesOf: (job: Job) => readonly Outcome[]): void {
  const client = redis.client();
  const outcomes = openQueue<Delivery>(client, outcomesName(id));
  const worker = new Worker<Job>(id, async ({ data }: Delivered<Job>) => {
    for (const [at, outcome] of outcomesOf(data).entries()) await outcomes.add("outcome", { outcome, by: `machine ${at}` }, { removeOnComplete: true });
  }, { connection: client, prefix: PREFIX, concurrency: 3, drainDelay: 1 });
  worker.on("error", () => undefined);
  onTestFinished(() => worker.close(true));
}

const outcomeOf = ({ index }: Job): Outcome => passed(index);
const options = { firstSeed: 1, runs: 40, keepGoing: true, isOver: () => false };

describe("a campaign's queue", () => {
  redisTest("brings back what each job came to, and leaves nothing in redis", async (redis) => {
    const { executor, id } = await open(redis);
    workFor(redis, id, (job) => [outcomeOf(job)]);
    const report = await hunt(executor, options);
    expect([report.runs, report.outcomes.pass]).toEqual([40, 40]);
    await executor.close();
    // BullMQ notes when somebody last looked for lost jobs: redis forgets that within seconds.
    expect((await redis.client().keys("*")).filter((key) => !key.includes("stalled-check"))).toEqual([]);
  });

  redisTest("counts a run once that is delivered twice", async (redis) => {
    const { executor, id } = await open(redis);
    workFor(redis, id, (job) => [outcomeOf(job), outcomeOf(job)]);
    expect(await hunt(executor, options)).toMatchObject({ runs: 40, outcomes: { pass: 40 } });
  });

  redisTest("ends with an error that says so where two deliveries of a run differ", async (redis) => {
    const { executor, id } = await open(redis);
    workFor(redis, id, (job) => [outcomeOf(job), ...(job.index === 3 ? [{ ...outcomeOf(job), digest: "other" }] : [])]);
    await expect(hunt(executor, { ...options, runs: Infinity })).rejects.toThrow("the run of seed 4 was done twice, and differs: on machine 0 it had the digest d3 and the verdict pass, on machine 1 it had the digest other and the verdict pass");
  });

  redisTest("takes what a run came to, and not that its worker died when it was done again", async (redis) => {
    const { executor, id } = await open(redis);
    workFor(redis, id, (job) => [outcomeOf(job), { ...outcomeOf(job), kind: "died", digest: "" }]);
    expect(await hunt(executor, options)).toMatchObject({ runs: 40, outcomes: { pass: 40, died: 0 } });
  });

  redisTest("reports a seed as died that took three workers with it", async (redis) => {
    const { executor, id } = await open(redis);
    const client = redis.client();
    let begun = 0;
    // Each of them takes the job, and is never heard of again.
    const worker = new Worker<Job>(id, () => new Promise(() => (begun += 1)), { connection: client, prefix: PREFIX, concurrency: 10, drainDelay: 1, lockDuration: 150, skipLockRenewal: true, stalledInterval: 100, maxStalledCount: 2 });
    worker.on("error", () => undefined);
    onTestFinished(() => worker.close(true));
    const outcome = await executor.run({ index: 5, seed: 6 });
    expect([outcome?.kind, outcome?.index, outcome?.seed, outcome?.message, begun]).toEqual(["died", 5, 6, "the workers that did it were lost, 3 in all", 3]);
  });

  redisTest("ends with the reason where no worker can do a run", async (redis) => {
    const { executor, id } = await open(redis);
    const client = redis.client();
    const worker = new Worker<Job>(id, () => Promise.reject(new Error("no such file")), { connection: client, prefix: PREFIX, drainDelay: 1 });
    onTestFinished(() => worker.close(true));
    await expect(executor.run({ index: 0, seed: 1 })).rejects.toThrow("the run of seed 1 could not be done by any worker: no such file");
  });

  redisTest("says who is there to do the work, once each time that it changes", async (redis) => {
    const { said } = await open(redis);
    const workers = workersIn(redis.client());
    const saidSoon = async (text: string): Promise<void> => expect.poll(() => said.at(-1), { timeout: 20_000 }).toBe(text);
    await saidSoon(`no worker is there: \`splitbrain worker --queue ${redis.url}\`, on any machine, takes the runs`);
    await workers.beat("a", { version: "9.9.9", name: "old:1", width: 2 });
    await saidSoon("only workers of other versions are there, and this is 0.1.0: old:1 with 9.9.9");
    await workers.beat("b", { version: "0.1.0", name: "new:1", width: 2 });
    await saidSoon("1 worker is at it, with 2 processes");
    expect(said).toHaveLength(3);
  });

  redisTest("gives up what nobody will do when time is over", async (redis) => {
    const { executor } = await open(redis, { isOver: () => true });
    expect(await executor.run({ index: 0, seed: 1 })).toBeUndefined();
  });

  redisTest("puts its jobs in again where redis was started anew and knows nothing of them", async (redis) => {
    const { executor, said, id } = await open(redis);
    const running = Promise.all([0, 1, 2].map((index) => executor.run({ index, seed: index + 1 })));
    await expect.poll(() => openQueue(redis.client(), id).getWaitingCount(), { timeout: 10_000 }).toBe(3);
    await redis.kill();
    await redis.start();
    workFor(redis, id, (job) => [outcomeOf(job)]);
    expect((await running).map((outcome) => outcome?.digest)).toEqual(["d0", "d1", "d2"]);
    expect(said.filter((text) => /redis/.test(text) && !/worker/.test(text))).toEqual([`the redis at ${redis.url} is gone: what was finished is kept, and it is tried again`, `the redis at ${redis.url} is back`]);
  });

  redisTest("does not wait for ever for a redis that is gone", async (redis) => {
    const { executor } = await open(redis, { patienceMs: 1_000 });
    const running = executor.run({ index: 0, seed: 1 });
    const ending = expect(running).rejects.toThrow(`the redis at ${redis.url} has been away for 1s`);
    await redis.kill();
    await ending;
  });

  redisTest("removes what a campaign left whose producer has been silent for long", async (redis) => {
    const client = redis.client();
    await client.hset(`${PREFIX}:campaigns`, "old", JSON.stringify({ entry: { version: "0.1.0", name: "old" }, atMs: 0 }));
    await openQueue<Job>(client, "old").add("run", { index: 0, seed: 1 });
    await open(redis);
    expect([await client.keys(`${PREFIX}:old*`), await client.hexists(`${PREFIX}:campaigns`, "old")]).toEqual([[], 0]);
  });
});

redisTest("a register knows those that beat, and not those that are gone", async (redis) => {
  const client = redis.client();
  const register = new Register<string>(client, "test");
  await register.beat("a", "first");
  await client.hset(`${PREFIX}:test`, "b", JSON.stringify({ entry: "second", atMs: 0 }));
  expect([[...(await register.alive())], [...(await register.forgotten())]]).toEqual([[["a", "first"]], [["b", "second"]]]);
  await register.remove("a");
  expect([...(await register.alive())]).toEqual([]);
});

describe("a redis that is not there", () => {
  it("is told in one sentence, and without the password", async () => {
    const port = await freePort();
    const error: unknown = await checkRedis(`redis://:secret@127.0.0.1:${port}`).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ExecutorError);
    expect((error as Error).message).toBe(`no redis answers at redis://127.0.0.1:${port}: connection refused`);
    expect(addressOf("rediss://user:secret@build-7:6380/1")).toBe("rediss://build-7:6380/1");
  });
});

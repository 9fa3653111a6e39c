import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Job } from "../../sim/campaign/job.ts";
import { campaignsIn, openQueue, planKey, workersIn } from "../../sim/campaign/workers/queue-data.ts";
import type { HuntResult } from "../../sim/cli/hunt-result.ts";
import { programState } from "../../sim/cli/program-state.ts";
import { freePort, redisTest, type TestRedis } from "../campaign/redis.ts";
import { emptyFolder, outcomeOf, printed, splitbrain, start } from "./cli.ts";
import { folderWith, huntJson, moduleWith, quick, withModule, withoutTime } from "./hunting.ts";

/** One seed in eight fails, and there are two ways to. Each run takes long enough to be killed in its middle. */
const sometimes = {
  "mine.js": moduleWith(`for (let at = 0; at < 300_000; at += 1) state.reads += at % 2 === 0 ? 1 : -1;
      if (state.asked !== true && ctx.pick([0, 1, 2, 3, 4, 5, 6, 7]) === 0) throw new Error(ctx.pick(["left", "right"]));
      state.asked = true;`).replace("reads: 0 })", "reads: 0, asked: false })"),
  "mine.yaml": withModule,
};
/** In a pattern. */
const ours = programState().replaceAll(/[.+]/g, "\\$&");
const args = ["mine.yaml", "--runs", "40", "--keep-going"];

const journalOf = (cwd: string): string => join(cwd, ".splitbrain/mine-seed1.hunt.jsonl");
const linesOf = (path: string): number => (existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0);

async function journalHas(lines: number, cwd: string): Promise<void> {
  while (linesOf(journalOf(cwd)) < lines) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Started where there is neither the scenario nor its module. */
function startWorker(redis: TestRedis): { readonly child: ChildProcess; readonly outcome: ReturnType<typeof outcomeOf> } {
  const child = start(["worker", "--queue", redis.url, "--workers", "1"], { cwd: emptyFolder() });
  return { child, outcome: outcomeOf(child) };
}

function startHunt(redis: TestRedis, cwd: string, ...more: readonly string[]): { readonly child: ChildProcess; readonly outcome: ReturnType<typeof outcomeOf> } {
  const child = start(["hunt", ...args, "--queue", redis.url, "--json", ...more], { cwd });
  child.stdin?.end();
  return { child, outcome: outcomeOf(child) };
}

let known: ReturnType<typeof huntJson> | undefined;

/** What one machine reports. */
function oneMachine(): ReturnType<typeof huntJson> {
  known ??= huntJson(args, folderWith(sometimes));
  return known;
}

/** What is in redis besides what redis forgets within seconds of itself. */
async function keysOf(redis: TestRedis): Promise<string[]> {
  return (await redis.client().keys("*")).filter((key) => !key.endsWith(":stalled-check"));
}

const LONG_MS = 180_000;

describe("splitbrain hunt --queue", () => {
  redisTest("with two workers, one of them killed in the middle, reports what one machine reports, and leaves nothing in redis", async (redis) => {
    const whole = await oneMachine();
    expect([whole.result.runs, whole.result.failures.length]).toEqual([40, 2]);
    const cwd = folderWith(sometimes);
    const [killed, other] = [startWorker(redis), startWorker(redis)];
    const producer = startHunt(redis, cwd);
    // Both are in it: in a run, or in one of the moments between two.
    const isOver = printed(other.child, "stderr", /mine-seed1: over, with \d+ runs done here\n/);
    await Promise.all([killed, other].map(({ child }) => printed(child, "stderr", /mine-seed1: takes its runs/)));
    await journalHas(8, cwd);
    killed.child.kill("SIGKILL");
    const { code, stdout, stderr } = await producer.outcome;
    const result = JSON.parse(stdout) as HuntResult;
    expect(withoutTime(result)).toEqual(withoutTime(whole.result));
    expect([code, stderr]).toEqual([whole.code, expect.stringMatching(/at it, with \d process/) as string]);
    expect((await killed.outcome).code).toBeNull();
    await isOver;
    other.child.kill("SIGTERM");
    const ended = await other.outcome;
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringMatching(/^worker: runs=\d+ campaigns=1\n$/) as string]);
    expect((await keysOf(redis)).filter((key) => key !== "splitbrain:workers")).toEqual([]);
  }, LONG_MS);

  redisTest("ended by Ctrl-C keeps what was finished, and --resume carries it on", async (redis) => {
    const cwd = folderWith(sometimes);
    const worker = startWorker(redis);
    const first = startHunt(redis, cwd);
    await journalHas(8, cwd);
    first.child.kill("SIGINT");
    const { code, stdout } = await first.outcome;
    const result = JSON.parse(stdout) as HuntResult;
    expect([code, result.ended, result.runs > 0 && result.runs < 40]).toEqual([130, "interrupted", true]);
    const lines = linesOf(journalOf(cwd));
    const second = await startHunt(redis, cwd, "--resume").outcome;
    expect(withoutTime(JSON.parse(second.stdout) as HuntResult)).toEqual(withoutTime((await oneMachine()).result));
    // The header, a line a run, and the end: nothing was run twice.
    expect([lines >= 8, linesOf(journalOf(cwd))]).toEqual([true, 42]);
    worker.child.kill("SIGINT");
    expect((await worker.outcome).code).toBe(0);
    expect(await keysOf(redis)).toEqual([]);
  }, LONG_MS);

  redisTest("whose redis is killed and started anew, with nothing of what it held, reports what one machine reports", async (redis) => {
    const cwd = folderWith(sometimes);
    startWorker(redis);
    const producer = startHunt(redis, cwd);
    await journalHas(8, cwd);
    await redis.kill();
    await redis.start();
    const { stdout, stderr } = await producer.outcome;
    expect(withoutTime(JSON.parse(stdout) as HuntResult)).toEqual(withoutTime((await oneMachine()).result));
    expect(stderr).toContain(`the redis at ${redis.url} is gone: what was finished is kept, and it is tried again\nthe redis at ${redis.url} is back\n`);
  }, LONG_MS);

  redisTest("killed, and carried on on one machine, reports what one machine reports", async (redis) => {
    const cwd = folderWith(sometimes);
    startWorker(redis);
    const producer = startHunt(redis, cwd);
    await journalHas(20, cwd);
    producer.child.kill("SIGKILL");
    await producer.outcome;
    const { result } = await huntJson([...args, "--resume"], cwd);
    expect(withoutTime(result)).toEqual(withoutTime((await oneMachine()).result));
  }, LONG_MS);

  redisTest("with --search guided reports what one machine reports", async (redis) => {
    const guided = ["quick.yaml", "--runs", "44", "--search", "guided"];
    const whole = await huntJson(guided, folderWith({ "quick.yaml": quick }));
    startWorker(redis);
    const { code, result } = await huntJson([...guided, "--queue", redis.url], folderWith({ "quick.yaml": quick }));
    expect([code, result.runs]).toEqual([0, 44]);
    expect(withoutTime(result)).toEqual(withoutTime(whole.result));
  }, LONG_MS);

  redisTest("says that only workers of another version are there, and can be ended while it waits", async (redis) => {
    await workersIn(redis.client()).beat("old", { version: "9.9.9", name: "build-7:41", width: 4 });
    const cwd = folderWith(sometimes);
    const producer = startHunt(redis, cwd);
    await printed(producer.child, "stderr", new RegExp(`only workers of other versions are there, and this is ${ours}: build-7:41 with 9\\.9\\.9\n`));
    producer.child.kill("SIGINT");
    const { code, stdout } = await producer.outcome;
    expect([code, (JSON.parse(stdout) as HuntResult).runs]).toEqual([130, 0]);
  });
});

describe("splitbrain worker", () => {
  redisTest("refuses a campaign of another version by name, and leaves its runs to others", async (redis) => {
    const client = redis.client();
    const queue = openQueue<Job>(client, "theirs");
    await queue.add("run", { index: 0, seed: 1 });
    await client.set(planKey("theirs"), "{}");
    await campaignsIn(client).beat("theirs", { version: "9.9.9", name: "theirs-seed1" });
    const { child, outcome } = startWorker(redis);
    await printed(child, "stderr", new RegExp(`theirs-seed1 is refused: it is a campaign of Splitbrain 9\\.9\\.9, and this is ${ours}\n`));
    await expect.poll(async () => [...(await workersIn(client).alive()).values()]).toMatchObject([{ version: programState(), width: 1 }]);
    child.kill("SIGTERM");
    expect(await outcome).toMatchObject({ code: 0, stdout: "worker: runs=0 campaigns=0\n" });
    expect([await queue.getWaitingCount(), [...(await workersIn(client).alive())]]).toEqual([1, []]);
  });

  it("needs to be told where", async () => {
    const { code, stderr } = await splitbrain(["worker"], { cwd: emptyFolder() });
    expect([code, stderr]).toEqual([2, "error: worker needs --queue\n  It is the redis that `splitbrain hunt --queue redis://…` was given.\n"]);
  });
});

describe("a redis that is not there", () => {
  it.each([["worker", []], ["hunt", ["mine.yaml"]]])("is told %s at the start, with exit code 2, and nothing is written", async (command, more) => {
    const cwd = folderWith(sometimes);
    const url = `redis://127.0.0.1:${await freePort()}`;
    const { code, stdout, stderr } = await splitbrain([command, ...more, "--queue", url], { cwd });
    expect([code, stdout, existsSync(join(cwd, ".splitbrain"))]).toEqual([2, "", false]);
    expect(stderr).toBe(`error: no redis answers at ${url}: connection refused\n  \`redis-server\` starts one; --queue takes its address, such as redis://localhost:6379.\n`);
  });
});

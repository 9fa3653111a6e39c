import { describe, expect, it, onTestFinished } from "vitest";
import { join } from "node:path";
import type { Executor } from "../../sim/campaign/executor.ts";
import type { CampaignPlan, Outcome, PlannedModule } from "../../sim/campaign/job.ts";
import { runJob } from "../../sim/campaign/run-job.ts";
import { poolExecutor, type PoolOptions } from "../../sim/campaign/workers/pool.ts";
import { protocols } from "../../protocols/index.ts";
import { root } from "../cli/cli.ts";

const raft: CampaignPlan = {
  text: "version: 1\nprotocol: raft\nnodes: 3\nduration: 1s\nnetwork: { latency: 1ms }\nworkload: { clients: 1, rate: 20/s, operations: { read: 1 } }\n",
  file: "a.yaml",
  overrides: [],
  mostEvents: 1_000_000,
};

/** A plan whose protocol is a module, bundled already, that does something at a read. */
function planWith(read: string): CampaignPlan {
  const text = `const kept = [];
module.exports = { name: "mine", boot: () => ({}), onMessage: {}, onRequest: { read(state, request, ctx) { ${read}; ctx.reply(request, { type: "ok", value: null }); } } };
`;
  const module: PlannedModule = { name: "./mine.js", path: "/mine.js", file: "mine.js", text, map: JSON.stringify({ version: 3, sources: [], names: [], mappings: "" }) };
  return { ...raft, text: raft.text.replace("raft", "./mine.js").replace("nodes: 3", "nodes: 1"), module };
}

function open(plan: CampaignPlan, options: Partial<PoolOptions> = {}): Executor {
  const executor = poolExecutor(plan, { worker: join(root, ".dist/worker.js"), workers: 1, memoryMiB: 256, stallMs: 20_000, ...options });
  onTestFinished(() => executor.close());
  return executor;
}

/** What becomes of one run, and then of a good one. */
async function outcomeOf(read: string, options: Partial<PoolOptions> = {}): Promise<Outcome | undefined> {
  return open(planWith(read), options).run({ index: 3, seed: 4 });
}

describe("the pool of workers", () => {
  it("has the outcomes that this thread has, whatever worker runs which job", async () => {
    const executor = open(raft, { workers: 2 });
    const jobs = [0, 1, 2, 3, 4].map((index) => ({ index, seed: 10 + index }));
    const outcomes = await Promise.all(jobs.map((job) => executor.run(job)));
    expect(outcomes).toEqual(jobs.map((job) => JSON.parse(JSON.stringify(runJob(raft, job, { protocols }))) as Outcome));
  });

  it("reports a worker that ends itself, with its exit code, and does the next job", async () => {
    // The module is evaluated anew in each worker, and the first two each end at their first read.
    const plan = planWith("process.exit(7)");
    const executor = open(plan);
    expect(await executor.run({ index: 0, seed: 1 })).toEqual({ index: 0, seed: 1, kind: "died", digest: "", events: 0, virtualNs: 0, failures: [], faults: {}, covered: [], metrics: {}, message: "its worker ended itself with exit code 7" });
    const outcome = await executor.run({ index: 1, seed: 1, overrides: [{ path: "workload", value: "{ clients: 0 }" }] });
    expect(outcome?.kind).toBe("pass");
  });

  it.each([
    ["small objects", "for (;;) kept.push({ more: kept.length })"],
    ["one map, whose table no thread would survive", "const map = new Map(); for (let at = 0; ; at++) map.set(at, at)"],
  ])("reports a worker that runs out of memory: %s", async (_, read) => {
    const outcome = await outcomeOf(read, { memoryMiB: 48 });
    expect([outcome?.kind, outcome?.message]).toEqual(["died", "its worker ran out of memory, of which it may hold 48 MiB"]);
  });

  it("reports a handler that loops for ever, and how far the run was", async () => {
    const outcome = await outcomeOf("for (;;);", { stallMs: 300 });
    expect(outcome?.kind).toBe("died");
    expect(outcome?.message).toMatch(/^the protocol did not come back within 0\.3s, after \d+ events, at \d+(\.\d+)?ms of virtual time$/);
  });

  it("reports a worker that is killed from outside", async () => {
    const outcome = await outcomeOf('process.kill(process.pid, "SIGKILL"); for (;;);');
    expect([outcome?.kind, outcome?.message]).toEqual(["died", "its worker was killed, perhaps by the system for want of memory"]);
  });

  it("tries a job that its worker died of again in a fresh one: what earlier runs have left there is not its fault", async () => {
    // The second run in the same worker is too much for it.
    const executor = open(planWith("if (kept[0] !== undefined && kept[0] !== state) process.exit(1); kept[0] = state"));
    const kinds = [];
    for (const index of [0, 1, 2]) kinds.push((await executor.run({ index, seed: index }))?.kind);
    expect(kinds).toEqual(["pass", "pass", "pass"]);
  });

  it("lets no worker print: neither console.log nor what it writes to standard error reaches anybody", async () => {
    const outcome = await outcomeOf('console.log("noise"); console.error("noise"); process.stdout.write("noise")');
    expect(outcome?.kind).toBe("pass");
  });

  it("gives up what is under way when it is closed", async () => {
    const executor = open(planWith("for (;;);"));
    const running = executor.run({ index: 0, seed: 1 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await executor.close();
    expect([await running, await executor.run({ index: 1, seed: 1 })]).toEqual([undefined, undefined]);
  });

  it("says why where workers cannot even begin", async () => {
    await expect(open(raft, { worker: "/nowhere/worker.js" }).run({ index: 0, seed: 1 })).rejects.toThrow("a worker cannot begin its work");
  });
});

/**
 * What a campaign costs beside its runs. Everything that is compared is done in turns in one round, and ratios are medians
 * over the rounds, because two runs on a shared machine do not compare.
 */
import { availableParallelism, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import { protocols } from "../../protocols/index.ts";
import { serialExecutor } from "../../sim/campaign/executor.ts";
import { hunt } from "../../sim/campaign/hunt.ts";
import type { CampaignPlan } from "../../sim/campaign/job.ts";
import { runJob, scenarioOf } from "../../sim/campaign/run-job.ts";
import { poolExecutor } from "../../sim/campaign/workers/pool.ts";
import { run } from "../../sim/scenario/run.ts";
import { median } from "./median.ts";
import { runOnce, steadyScenario } from "./steady.ts";

export interface CampaignRow {
  readonly what: string;
  readonly value: number;
  readonly goal: string;
}

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

function stormPlan(): CampaignPlan {
  return { text: readFileSync(file("scenarios/raft/random-faults.yaml"), "utf8"), file: "raft/random-faults", overrides: [], mostEvents: 20_000_000 };
}

/** Milliseconds of this process's processor time: what the machine does for others is no part of it. */
async function cpuMs(work: () => unknown): Promise<number> {
  const began = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

const seeds = Array.from({ length: 12 }, (_, index) => index + 1);

/**
 * The same runs through one worker and through two, by the clock, and as two halves through two campaigns side by side, which
 * have nothing to do with each other: more than they gain the machine does not give. The workers are up before it starts.
 */
async function twoCores(plan: CampaignPlan, rounds: number): Promise<{ readonly pooled: number; readonly apart: number }> {
  const poolOf = (workers: number): ReturnType<typeof poolExecutor> => poolExecutor(plan, { worker: file(".dist/worker.js"), workers, memoryMiB: 1024, stallMs: 60_000 });
  const [one, other, two] = [poolOf(1), poolOf(1), poolOf(2)] as const;
  const runs = (pool: typeof one, count: number, firstSeed = 1): Promise<unknown> => hunt(pool, { firstSeed, runs: count, keepGoing: true, isOver: () => false });
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  try {
    // Each worker compiles for itself: what it has run a dozen times is as fast as it gets.
    await Promise.all([runs(one, 12), runs(other, 12)]);
    await runs(two, 24);
    const ratios: { pooled: number; apart: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const alone = await timed(() => runs(one, 48));
      const pooled = await timed(() => runs(two, 48));
      ratios.push({ pooled: alone / pooled, apart: alone / (await timed(() => Promise.all([runs(one, 24), runs(other, 24, 25)]))) });
    }
    return { pooled: median(ratios.map((ratio) => ratio.pooled)), apart: median(ratios.map((ratio) => ratio.apart)) };
  } finally {
    for (const pool of [one, other, two]) await pool.close();
  }
}

/** A hunt's time over that of the same runs with nothing around them but their verdicts. */
async function overhead(plan: CampaignPlan, rounds: number): Promise<number> {
  const bare = (): void => seeds.forEach((seed) => run(scenarioOf(plan, { index: 0, seed }, protocols), { history: false }));
  const hunted = (): Promise<unknown> => hunt(serialExecutor(plan, { protocols }), { firstSeed: 1, runs: seeds.length, keepGoing: true, isOver: () => false });
  bare();
  await hunted();
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const alone = await cpuMs(bare);
    ratios.push((await cpuMs(hunted)) / alone);
  }
  return median(ratios);
}

/** A hunted seed's time, verdicts included, over what as many events take in a steady run with history, metrics, digest and invariants. */
async function huntedSeed(plan: CampaignPlan, rounds: number): Promise<number> {
  const steady = steadyScenario(10);
  const perEvent = async (work: () => number): Promise<number> => {
    let events = 0;
    const ms = await cpuMs(() => (events = work()));
    return ms / events;
  };
  const steadily = (): number => runOnce(steady, "digest").events;
  const hunted = (): number => seeds.reduce((sum, seed) => sum + runJob(plan, { index: seed, seed }, { protocols }).events, 0);
  await perEvent(steadily);
  await perEvent(hunted);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const base = await perEvent(steadily);
    ratios.push((await perEvent(hunted)) / base);
  }
  return median(ratios);
}

/** Told row by row as they come. */
export async function campaignRows(rounds: number, tell: (row: CampaignRow) => void): Promise<void> {
  const plan = stormPlan();
  tell({ what: "a campaign over its bare runs", value: await overhead(plan, rounds), goal: "under 1.10" });
  tell({ what: "a hunted seed over its events, steadily recorded", value: await huntedSeed(plan, rounds), goal: "at most 1.50" });
  const { pooled, apart } = await twoCores(plan, rounds);
  tell({ what: "two workers over one, by the clock", value: pooled, goal: "at least 1.80" });
  tell({ what: "two campaigns side by side over one, as a limit", value: apart, goal: "" });
}

/** How busy the machine is, without which the first row means nothing. */
export function busyness(): string {
  return `${availableParallelism()} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}`;
}

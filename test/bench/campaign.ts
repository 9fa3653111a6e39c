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

/** The same runs through one worker and through two, by the clock: the workers are up before it starts. */
async function twoCores(plan: CampaignPlan, rounds: number): Promise<number> {
  const pools = [1, 2].map((workers) => poolExecutor(plan, { worker: file(".dist/worker.js"), workers, memoryMiB: 1024, stallMs: 60_000 }));
  const timed = async (pool: (typeof pools)[number], count: number): Promise<number> => {
    const began = performance.now();
    await hunt(pool, { firstSeed: 1, runs: count, keepGoing: true, isOver: () => false });
    return performance.now() - began;
  };
  try {
    for (const pool of pools) await timed(pool, 4);
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const [one, two] = [await timed(pools[0]!, 24), await timed(pools[1]!, 24)];
      ratios.push(one / two);
    }
    return median(ratios);
  } finally {
    for (const pool of pools) await pool.close();
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
  tell({ what: "two workers over one, by the clock", value: await twoCores(plan, rounds), goal: "at least 1.80" });
}

/** How busy the machine is, without which the first row means nothing. */
export function busyness(): string {
  return `${availableParallelism()} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}`;
}

/**
 * `npm run bench -- shrink [first seeds] [mutants…]`: how small shrinking makes what a hunt finds of the five classic mistakes of
 * Raft, and how long it takes. Each is hunted for from each first seed, and what failed first is made smaller as `hunt` does.
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { protocols } from "../../protocols/index.ts";
import { serialExecutor } from "../../sim/campaign/executor.ts";
import { hunt } from "../../sim/campaign/hunt.ts";
import type { CampaignPlan } from "../../sim/campaign/job.ts";
import { scenarioOf } from "../../sim/campaign/run-job.ts";
import { readData } from "../../sim/campaign/shrink/data.ts";
import { attempter, isSameFailure, shrink } from "../../sim/campaign/shrink/shrink.ts";
import type { FoundFailure } from "../../sim/campaign/tally.ts";
import { planFor } from "./guided.ts";
import { median } from "./median.ts";

/** What most courses on Raft warn of. */
export const classics = ["vote-not-persisted", "commit-old-term", "no-up-to-date-check", "reply-before-persist", "local-reads"];

/** Runs of one hunt; a failure that no more of them show is left out, and said to be. */
const MOST_RUNS = 3000;
/** As `hunt` has it. */
const MOST_ATTEMPTS = 3000;

interface Row {
  readonly name: string;
  /** Runs of the hunt until it failed. */
  readonly hunted: number;
  readonly faults: number;
  readonly operations: number;
  readonly nodes: number;
  readonly attempts: number;
  /** Of the processor's time, which on a machine that does nothing else is the clock's. */
  readonly seconds: number;
  readonly isReproduced: boolean;
  readonly text: string;
}

/** Under a storm alone one of them shows once in thousands of runs: it is hunted for around the history that its paper tells. */
function planOf(mutant: string): CampaignPlan {
  const plan = planFor("raft", mutant);
  if (mutant !== "commit-old-term") return plan;
  const { faults, ...rest } = parse(readFileSync(new URL("../../scenarios/raft/figure-8.yaml", import.meta.url), "utf8")) as { readonly faults: readonly object[] };
  return { ...plan, text: JSON.stringify({ ...rest, faults: [...faults, { random: { intensity: "40%" } }] }), file: "raft/figure-8" };
}

async function firstFailure(plan: CampaignPlan, firstSeed: number): Promise<{ readonly failure: FoundFailure | undefined; readonly runs: number }> {
  const report = await hunt(serialExecutor(plan, { protocols }), { firstSeed, runs: MOST_RUNS, keepGoing: false, isOver: () => false });
  return { failure: report.failures[0], runs: report.runs };
}

async function shrunk(plan: CampaignPlan, failure: FoundFailure, hunted: number): Promise<Row> {
  const { source } = scenarioOf(plan, failure.job, protocols);
  const attempt = attempter(plan, { protocols });
  const began = process.cpuUsage();
  const { text, faults, operations, attempts } = await shrink(source, { attempt, protocols, target: failure, mostAttempts: MOST_ATTEMPTS });
  const { user, system } = process.cpuUsage(began);
  const seconds = (user + system) / 1e6;
  const { nodes } = readData(text);
  const again = attempt(text);
  const isReproduced = again.digest === attempt(text).digest && again.failures.some((one) => isSameFailure(one, failure));
  return { name: failure.name, hunted, faults, operations, nodes: Number(nodes), attempts, seconds, isReproduced, text };
}

const columns = (...cells: readonly (string | number)[]): string => cells.map((cell, index) => (index === 0 ? String(cell).padEnd(24) : index === 1 ? String(cell).padEnd(24) : String(cell).padStart(11))).join("");

/** `isTold`: the scenarios themselves are printed too. */
export async function printShrink(firstSeeds: readonly number[], only: readonly string[], isTold: boolean): Promise<void> {
  console.log("What shrinking leaves of the classic mistakes of Raft (goal: median at most 4 faults and 20 operations, in under 30 s)\n");
  console.log(columns("mutant", "failure", "first seed", "runs to it", "faults", "operations", "nodes", "attempts", "seconds", "again"));
  for (const mutant of only.length > 0 ? only : classics) {
    const rows: Row[] = [];
    for (const firstSeed of firstSeeds) {
      const plan = planOf(mutant);
      const { failure, runs } = await firstFailure(plan, firstSeed);
      if (failure === undefined) console.log(columns(mutant, `none in ${runs} runs`, firstSeed));
      else rows.push(await shrunk(plan, failure, runs));
      const row = failure === undefined ? undefined : rows.at(-1);
      if (row !== undefined) console.log(columns(mutant, row.name, firstSeed, row.hunted, row.faults, row.operations, row.nodes, row.attempts, row.seconds.toFixed(1), row.isReproduced ? "yes" : "NO"));
      if (row !== undefined && isTold) console.log(`\n${row.text}`);
    }
    if (rows.length > 0) console.log(columns("", "median", "", median(rows.map(({ hunted }) => hunted)), median(rows.map(({ faults }) => faults)), median(rows.map(({ operations }) => operations)), median(rows.map(({ nodes }) => nodes)), median(rows.map(({ attempts }) => attempts)), median(rows.map(({ seconds }) => seconds)).toFixed(1)));
  }
}

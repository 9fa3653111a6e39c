/** What runs in a worker: one job after the other, in a process of its own. */
import { writeSync } from "node:fs";
import type { CampaignPlan, Job, Outcome, PlannedModule } from "../job.ts";
import { runJob, type Means } from "../run-job.ts";
import { watchdog } from "./watchdog.ts";

/** What a worker is given with each job. */
export interface Task {
  readonly plan: CampaignPlan;
  readonly job: Job;
  /** A run whose protocol does not come back for so long is given up: milliseconds of wall time. */
  readonly stallMs: number;
}

/** Sent when a job is begun, so that it is known which one a worker has died of. */
export interface Begun {
  readonly begun: number;
}

/** A worker that ends itself says why on its standard error, after this. */
export const LAST_WORDS = "splitbrain worker: ";

/** A module's protocol under its name, beside the built-in ones. */
export type OpenModule = (module: PlannedModule) => Promise<Omit<Means, "guard">>;

/** The function that the pool calls in a worker. */
export function makeWorker(builtIn: Means, openModule: OpenModule): (task: Task) => Promise<Outcome> {
  // Ctrl-C reaches every process of a terminal, and it is the campaign that says what it means.
  process.on("SIGINT", () => undefined);
  process.once("disconnect", () => process.exit());
  // What a protocol prints would stand in the middle of a report, a thousand times over.
  process.stdout.write = process.stderr.write = () => true;
  const opened = new Map<string, Promise<Omit<Means, "guard">>>();
  const open = (module: PlannedModule): Promise<Omit<Means, "guard">> => {
    const means = opened.get(module.text) ?? openModule(module);
    opened.set(module.text, means);
    return means;
  };

  return async ({ plan, job, stallMs }) => {
    process.send?.({ begun: job.index } satisfies Begun);
    const means = plan.module === undefined ? builtIn : await open(plan.module);
    return runJob(plan, job, { ...means, guard: watchdog(stallMs, (whereabouts) => giveUp(stallMs, whereabouts)) });
  };
}

function giveUp(stallMs: number, whereabouts: string): never {
  writeSync(2, `${LAST_WORDS}the protocol did not come back within ${stallMs / 1000}s, ${whereabouts}\n`);
  process.exit(1);
}

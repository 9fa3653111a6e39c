import type { CampaignPlan, Job, Outcome } from "./job.ts";
import { runJob, type Means } from "./run-job.ts";

/** Whoever runs a campaign's jobs: this thread, workers, or other machines. */
export interface Executor {
  /** How many jobs it runs at a time. More may be handed in; they wait. */
  readonly width: number;
  /** The job's outcome; undefined where the executor was closed before it was there. */
  run(job: Job): Promise<Outcome | undefined>;
  /** Gives up what is under way. Nothing is left running when it resolves. */
  close(): Promise<void>;
}

/** Runs jobs here, one after the other. Between two of them others get their turn. */
export function serialExecutor(plan: CampaignPlan, means: Means, giveWay: () => Promise<void> = async () => {}): Executor {
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  return {
    width: 1,
    run(job) {
      const outcome = last.then(giveWay).then(() => (isClosed ? undefined : runJob(plan, job, means)));
      last = outcome;
      return outcome;
    },
    async close() {
      isClosed = true;
    },
  };
}

/** Whoever runs the jobs cannot go on, and nobody's program is wrong: one sentence, and what to do. */
export class ExecutorError extends Error {
  override readonly name = "ExecutorError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

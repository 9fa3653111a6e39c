/** Many runs of one scenario under different seeds, until one fails, or until all of them are done. */
import type { Executor } from "./executor.ts";
import type { Job, Outcome } from "./job.ts";
import { plainly, type Steering } from "./steering.ts";
import { Tally, type HuntReport } from "./tally.ts";

export interface HuntOptions {
  /** The first run's seed. */
  readonly firstSeed: number;
  /** How many runs there are to be; Infinity: until it is over. */
  readonly runs: number;
  /** False: the first failure ends it. */
  readonly keepGoing: boolean;
  /** Asked before each run: whether time is over, or somebody wants it to end. What is under way or known still counts. */
  readonly isOver: () => boolean;
  /** Where the search goes. Without it, the seeds follow each other. */
  readonly steering?: Steering | undefined;
  /** Outcomes of an earlier, interrupted campaign, by index: they are not run again. */
  readonly done?: ReadonlyMap<number, Outcome> | undefined;
  /** Told of each outcome as it comes, in any order: to write it down, and for progress. What it throws ends the hunt. */
  readonly onOutcome?: ((outcome: Outcome) => void) | undefined;
}

/** Runs the campaign. The executor is left open: what runs on beyond a first failure is for the caller to close. */
export async function hunt(executor: Executor, options: HuntOptions): Promise<HuntReport> {
  const campaign = new Campaign(executor, options);
  await campaign.run();
  return campaign.tally.report();
}

/**
 * A campaign under way. Jobs are planned in batches, are run in any order, and their outcomes are counted in the order of
 * the jobs: so it comes to the same however many workers there are, and wherever it was interrupted.
 */
class Campaign {
  readonly tally = new Tally();
  readonly #executor: Executor;
  readonly #options: HuntOptions;
  readonly #steering: Steering;
  /** Planned and not begun yet, in order. */
  readonly #waiting: Job[] = [];
  readonly #running = new Set<Promise<void>>();
  /** Planned, and not counted yet. */
  readonly #planned = new Map<number, Job>();
  readonly #outcomes = new Map<number, Outcome>();
  #learning: Outcome[] = [];
  #nextPlanned = 0;
  #nextCounted = 0;
  /** No run after this one counts any more. */
  #last = Infinity;
  /** The executor gives no more outcomes. */
  #isClosed = false;

  constructor(executor: Executor, options: HuntOptions) {
    this.#executor = executor;
    this.#options = options;
    this.#steering = options.steering ?? plainly(options.firstSeed);
  }

  async run(): Promise<void> {
    for (let batch = 0; batch < this.#steering.ahead; batch += 1) this.#planBatch();
    for (;;) {
      this.#count();
      if (this.#nextCounted > this.#last) return;
      this.#begin();
      if (this.#running.size > 0) await Promise.race(this.#running);
      else if (!this.#outcomes.has(this.#nextCounted)) return;
    }
  }

  /** Counts what has come, in order, and hands whole batches to the steering. */
  #count(): void {
    for (;;) {
      const outcome = this.#outcomes.get(this.#nextCounted);
      if (outcome === undefined || this.#nextCounted > this.#last) return;
      this.tally.add(outcome, this.#planned.get(outcome.index) as Job);
      this.#outcomes.delete(outcome.index);
      this.#planned.delete(outcome.index);
      this.#nextCounted += 1;
      this.#learning.push(outcome);
      if (this.#learning.length < this.#steering.batch) continue;
      this.#steering.learn(this.#learning);
      this.#learning = [];
      this.#planBatch();
    }
  }

  /** Gives the executor as much as it can do at a time. */
  #begin(): void {
    while (this.#running.size < this.#executor.width) {
      const [job] = this.#waiting;
      if (job === undefined || job.index > this.#last || this.#isClosed || this.#options.isOver()) return;
      this.#waiting.shift();
      const running: Promise<void> = this.#do(job).finally(() => this.#running.delete(running));
      // Whoever waits sees the error; one that comes when nobody waits any more must not end the program.
      running.catch(() => undefined);
      this.#running.add(running);
    }
  }

  async #do(job: Job): Promise<void> {
    const outcome = await this.#executor.run(job);
    if (outcome === undefined) {
      this.#isClosed = true;
      return;
    }
    this.#options.onOutcome?.(outcome);
    this.#take(outcome);
  }

  #take(outcome: Outcome): void {
    this.#outcomes.set(outcome.index, outcome);
    // Runs after the first failure are not counted, so that the report does not depend on how many were under way.
    if (!this.#options.keepGoing && isEnd(outcome)) this.#last = Math.min(this.#last, outcome.index);
  }

  /**
   * Plans one batch more: some at the start, and then one whenever a batch has been learnt from. So what a batch is planned
   * by is always the same, however far the runs have come.
   */
  #planBatch(): void {
    const count = Math.min(this.#steering.batch, this.#options.runs - this.#nextPlanned);
    if (count <= 0) return;
    const jobs = this.#steering.jobs(this.#nextPlanned, count);
    this.#nextPlanned += count;
    for (const job of jobs) {
      this.#planned.set(job.index, job);
      const known = this.#options.done?.get(job.index);
      if (known === undefined || known.seed !== job.seed) this.#waiting.push(job);
      else this.#take(known);
    }
  }
}

/** What a hunt that does not keep going ends with: a failure, or a mistake of the user's that no run will come round. */
export function isEnd(outcome: Outcome): boolean {
  return outcome.failures.length > 0 || outcome.diagnostics !== undefined;
}

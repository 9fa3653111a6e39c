/**
 * Search that goes by what runs have come by, as coverage-guided fuzzers do (Zalewski's AFL; Böhme et al., “Coverage-based
 * greybox fuzzing as Markov chain”, CCS 2016, for going where few have been): schedules of faults under which something rare
 * showed are run again with small changes, beside new ones.
 */
import { Stream } from "../kernel/stream.ts";
import { Dice } from "../scenario/random/dice.ts";
import type { Job, Outcome } from "./job.ts";
import { mutate } from "./mutate.ts";
import type { Schedule } from "./schedules.ts";
import { seedAt, type Steering } from "./steering.ts";

/** So many schedules are remembered, those under which the rarest showed. */
const MOST_KEPT = 64;
/** The share of jobs that go by what was learnt. The others are drawn anew, so that nothing is ever out of reach. */
const SHARE = 0.8;

/** Two batches are planned before anything is learnt, so a campaign of a hundred runs must have small ones. More workers than this wait now and then. */
const BATCH = 8;

/** A schedule that was run. */
interface Seed {
  readonly index: number;
  readonly job: Job;
  readonly covered: readonly string[];
  children: number;
  worth: number;
}

/**
 * Plans by what was learnt. `scheduleOf` must be a pure function of the job; undefined: the scenario has no schedule that
 * could be changed, and every job is drawn anew.
 */
export function guidedBy(firstSeed: number, scheduleOf: (job: Job) => Schedule | undefined): Steering {
  const search = new GuidedSearch(firstSeed, scheduleOf);
  return { batch: BATCH, ahead: 2, jobs: (first, count) => search.jobs(first, count), learn: (outcomes) => search.learn(outcomes) };
}

class GuidedSearch {
  readonly #firstSeed: number;
  readonly #scheduleOf: (job: Job) => Schedule | undefined;
  /** In how many runs each thing was come by. */
  readonly #hits = new Map<string, number>();
  readonly #planned = new Map<number, Job>();
  #kept: Seed[] = [];

  constructor(firstSeed: number, scheduleOf: (job: Job) => Schedule | undefined) {
    this.#firstSeed = firstSeed;
    this.#scheduleOf = scheduleOf;
  }

  jobs(first: number, count: number): Job[] {
    const dice = new Dice(new Stream(`${this.#firstSeed}/campaign/guided/${first}`));
    return Array.from({ length: count }, (_, at) => {
      const plain = { index: first + at, seed: seedAt(this.#firstSeed, first + at) };
      const job = this.#kept.length > 0 && dice.chance(SHARE) ? this.#changed(plain, dice) : plain;
      this.#planned.set(job.index, job);
      return job;
    });
  }

  learn(outcomes: readonly Outcome[]): void {
    for (const { covered } of outcomes) for (const what of covered) this.#hits.set(what, (this.#hits.get(what) ?? 0) + 1);
    for (const { index, kind, covered } of outcomes) {
      const job = this.#planned.get(index) as Job;
      this.#planned.delete(index);
      // What has failed is known already; what came to no verdict would take others down with it.
      if (kind === "pass") this.#kept.push({ index, job, covered, children: 0, worth: 0 });
    }
    for (const seed of this.#kept) seed.worth = this.#worthOf(seed);
    this.#kept = this.#kept.sort((a, b) => b.worth - a.worth || a.index - b.index).slice(0, MOST_KEPT);
  }

  /** The rarer what it came by the more, and the less the more often it was tried. */
  #worthOf({ covered, children }: Seed): number {
    let worth = 0;
    for (const what of covered) worth += 1 / (this.#hits.get(what) as number);
    return worth / (1 + children);
  }

  #changed(plain: Job, dice: Dice): Job {
    const [parent, other] = [this.#pick(dice), this.#pick(dice)];
    const schedule = this.#scheduleOf(parent.job);
    const others = this.#scheduleOf(other.job);
    if (schedule === undefined || others === undefined || schedule.drawn.length === 0) return plain;
    parent.children += 1;
    const drawn = mutate(schedule.drawn, others.drawn, dice);
    // The seed is a new one all the same: to keep the parent's, so that all goes as it went up to the first change, found less.
    return { ...plain, overrides: [{ path: "faults", value: JSON.stringify(schedule.with(drawn)) }] };
  }

  #pick(dice: Dice): Seed {
    return dice.weigh(this.#kept.map((item) => ({ item, weight: item.worth })));
  }
}

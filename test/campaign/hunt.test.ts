import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hunt, type HuntOptions } from "../../sim/campaign/hunt.ts";
import type { Job, Outcome } from "../../sim/campaign/job.ts";
import { seedAt, type Steering } from "../../sim/campaign/steering.ts";
import { Tally, type HuntReport } from "../../sim/campaign/tally.ts";
import { failed, passed, PuppetExecutor } from "./outcomes.ts";

const options = { firstSeed: 1, runs: 200, keepGoing: false, isOver: () => false } satisfies HuntOptions;

/** What a campaign comes to, said independently of how it is run: the outcomes up to the first that fails, added up. */
function expected(outcomes: readonly Outcome[], keepGoing: boolean): HuntReport {
  const tally = new Tally();
  for (const outcome of outcomes) {
    tally.add(outcome, { index: outcome.index, seed: outcome.seed });
    if (!keepGoing && outcome.failures.length > 0) break;
  }
  return tally.report();
}

const outcomesOf = (kinds: readonly string[]): Outcome[] => kinds.map((kind, index) => (kind === "" ? passed(index) : failed(index, kind)));

const campaigns = fc.record({
  kinds: fc.array(fc.oneof({ weight: 30, arbitrary: fc.constant("") }, { weight: 1, arbitrary: fc.constantFrom("a", "b", "c") }), { minLength: 1, maxLength: 150 }),
  width: fc.integer({ min: 1, max: 9 }),
  keepGoing: fc.boolean(),
  picks: fc.infiniteStream(fc.nat(1000)),
});

describe("a hunt", () => {
  it("comes to the same however many workers there are, and in whatever order outcomes come", async () => {
    await fc.assert(
      fc.asyncProperty(campaigns, async ({ kinds, width, keepGoing, picks }) => {
        const outcomes = outcomesOf(kinds);
        const executor = new PuppetExecutor(width, ({ index }) => outcomes[index], (count) => (picks.next().value as number) % count);
        const report = await hunt(executor, { ...options, runs: kinds.length, keepGoing });
        expect(report).toEqual(expected(outcomes, keepGoing));
      }),
      { numRuns: 60 },
    );
  });

  it("comes to the same wherever it was interrupted, once or many times", async () => {
    await fc.assert(
      fc.asyncProperty(campaigns, fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }), async ({ kinds, width, keepGoing, picks }, parts) => {
        const outcomes = outcomesOf(kinds);
        const done = new Map<number, Outcome>();
        const part = async (most: number): Promise<HuntReport> => {
          let left = most;
          const known = new Map(done);
          const executor = new PuppetExecutor(width, ({ index }) => outcomes[index], (count) => (picks.next().value as number) % count);
          return hunt(executor, { ...options, runs: kinds.length, keepGoing, done: known, isOver: () => left <= 0, onOutcome: (outcome) => ((left -= 1), void done.set(outcome.index, outcome)) });
        };
        for (const most of parts) await part(most);
        expect(await part(Infinity)).toEqual(expected(outcomes, keepGoing));
      }),
      { numRuns: 60 },
    );
  });

  it("runs no known outcome again", async () => {
    const executor = new PuppetExecutor(2, ({ index }) => passed(index));
    const done = new Map([0, 1, 2, 5].map((index) => [index, passed(index)]));
    const report = await hunt(executor, { ...options, runs: 8, done });
    expect([report.runs, executor.asked.map(({ index }) => index)]).toEqual([8, [3, 4, 6, 7]]);
  });

  it("reports the failure of the lowest index, also where a later run fails first", async () => {
    // Of the first four, the last comes first.
    const executor = new PuppetExecutor(4, ({ index }) => (index === 3 ? failed(3, "late") : index === 1 ? failed(1, "early") : passed(index)), (count) => count - 1);
    const { runs, failures } = await hunt(executor, options);
    expect([runs, failures.map(({ name, job }) => [name, job.index, job.seed])]).toEqual([2, [["early", 1, 2]]]);
  });

  it("begins no run after the first failure that it knows of", async () => {
    const executor = new PuppetExecutor(3, ({ index }) => (index === 1 ? failed(1, "a") : passed(index)), () => 0);
    await hunt(executor, options);
    expect(Math.max(...executor.asked.map(({ index }) => index))).toBeLessThan(6);
  });

  it("when time is over lets what is under way finish, and counts it", async () => {
    let begun = 0;
    const executor = new PuppetExecutor(3, ({ index }) => passed(index));
    const report = await hunt(executor, { ...options, runs: Infinity, isOver: () => begun++ >= 10 });
    expect([report.runs, executor.asked.length]).toEqual([10, 10]);
  });

  it("ends with what is whole where its executor is closed under it", async () => {
    const executor = new PuppetExecutor(4, ({ index }) => (index >= 6 ? undefined : passed(index)));
    const report = await hunt(executor, { ...options, runs: Infinity });
    expect(report.runs).toBe(6);
  });

  it("ends with the error of who writes outcomes down, and of who runs them", async () => {
    const full = new Error("no room");
    await expect(hunt(new PuppetExecutor(2, ({ index }) => passed(index)), { ...options, onOutcome: () => { throw full; } })).rejects.toBe(full);
    const broken = { width: 2, run: () => Promise.reject(full), close: async () => {} };
    await expect(hunt(broken, options)).rejects.toBe(full);
  });

  it("counts one failure a shape, with the first run and how many, and of a run what broke first", () => {
    const tally = new Tally();
    for (const outcome of [passed(0), failed(1, "a", "b"), failed(2, "b", "a"), failed(3, "a")]) tally.add(outcome, { index: outcome.index, seed: outcome.seed });
    const { failures, outcomes } = tally.report();
    expect(failures.map(({ name, job, runs, also }) => [name, job.seed, runs, also])).toEqual([["a", 2, 2, ["b"]], ["b", 3, 1, ["a"]]]);
    expect(outcomes).toEqual({ pass: 1, fail: 3, unknown: 0, endless: 0, died: 0, error: 0 });
  });

  it("adds up faults and what was come by over runs", () => {
    const { faults, covered, events, virtualNs } = expected(Array.from({ length: 10 }, (_, index) => passed(index)), true);
    // Indexes 0, 3, 6, 9 have one crash, 1, 4, 7 two, 2, 5, 8 three.
    expect([faults, covered, events, virtualNs]).toEqual([{ crash: { runs: 10, times: 19 } }, { "emit e0": 2, "emit e1": 2, "emit e2": 2, "emit e3": 2, "emit e4": 2 }, 1045, 10_000]);
  });

  it("tells runs without a verdict by why they have none, once a reason", () => {
    const tally = new Tally();
    const died = (index: number, message: string): Outcome => ({ ...passed(index), kind: "died", message });
    for (const outcome of [died(0, "at 3.2s"), died(1, "at 410ms"), died(2, "by exit")]) tally.add(outcome, { index: outcome.index, seed: outcome.seed });
    expect(tally.report().withoutVerdict.map(({ seed, runs, message }) => [seed, runs, message])).toEqual([[1, 2, "at 3.2s"], [3, 1, "by exit"]]);
  });
});

describe("steering", () => {
  /** Plans by all that it has learnt: where that differed between campaigns, their jobs would. */
  class Learner implements Steering {
    readonly batch = 4;
    readonly ahead = 2;
    readonly heard: number[] = [];
    #sum = 0;

    jobs(first: number, count: number): Job[] {
      return Array.from({ length: count }, (_, at) => ({ index: first + at, seed: (this.#sum * 31 + first + at) % 1009 }));
    }

    learn(outcomes: readonly Outcome[]): void {
      this.heard.push(...outcomes.map(({ index }) => index));
      for (const { seed } of outcomes) this.#sum = (this.#sum * 7 + seed) % 1009;
    }
  }

  const outcomeOf = ({ index, seed }: Job): Outcome => ({ ...passed(index), seed });

  it("hears whole batches in order, and so plans the same jobs with one worker as with many", async () => {
    const seedsWith = async (width: number, pick: (count: number) => number): Promise<number[]> => {
      const steering = new Learner();
      const executor = new PuppetExecutor(width, outcomeOf, pick);
      await hunt(executor, { ...options, runs: 42, steering });
      expect(steering.heard).toEqual(Array.from({ length: 40 }, (_, index) => index));
      return executor.asked.slice().sort((a, b) => a.index - b.index).map(({ seed }) => seed);
    };
    const alone = await seedsWith(1, () => 0);
    expect(new Set(alone).size).toBeGreaterThan(30);
    expect(await seedsWith(7, (count) => count - 1)).toEqual(alone);
    expect(await seedsWith(3, (count) => (count * 17) % count)).toEqual(alone);
  });

  it("plans a batch when the one that is two before it has been learnt from, never earlier or later", async () => {
    const steering = new Learner();
    const heardAt: number[] = [];
    const plan: Steering = {
      batch: 4,
      ahead: 2,
      jobs: (first, count) => (heardAt.push(steering.heard.length), steering.jobs(first, count)),
      learn: (outcomes) => steering.learn(outcomes),
    };
    await hunt(new PuppetExecutor(50, outcomeOf), { ...options, runs: 22, steering: plan });
    expect(heardAt).toEqual([0, 0, 4, 8, 12, 16]);
  });

  it("goes on from 0 after the largest seed there is", () => {
    const largest = Number.MAX_SAFE_INTEGER;
    expect([seedAt(1, 0), seedAt(1, 41), seedAt(largest, 0), seedAt(largest, 1), seedAt(largest - 1, 3)]).toEqual([1, 42, largest, 0, 1]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { protocols } from "../../protocols/index.ts";
import { guidedBy } from "../../sim/campaign/guided.ts";
import { hunt } from "../../sim/campaign/hunt.ts";
import type { CampaignPlan, Job, Outcome } from "../../sim/campaign/job.ts";
import { mutate } from "../../sim/campaign/mutate.ts";
import { runJob, scenarioOf } from "../../sim/campaign/run-job.ts";
import { schedulesOf, type Schedule } from "../../sim/campaign/schedules.ts";
import { Stream } from "../../sim/kernel/stream.ts";
import { Dice } from "../../sim/scenario/random/dice.ts";
import { parseDuration } from "../../sim/scenario/quantities.ts";
import type { DrawnFault } from "../../sim/scenario/random/schedule.ts";
import { passed, PuppetExecutor } from "./outcomes.ts";

const text = `version: 1
protocol: raft
nodes: 3
duration: 8s
workload: { clients: 1, rate: 20/s, from: 500ms }
faults: [{ at: 1s, for: 100ms, name: own, pause: n1 }, { random: { intensity: 50% } }, { at: 2s, for: 100ms, name: last, pause: n2 }]
`;
const plan: CampaignPlan = { text, file: "guided.yaml", overrides: [], mostEvents: 1_000_000 };

/** One fault a job, which tells whose it is. */
const scheduleOf = ({ seed, overrides }: Job): Schedule => {
  const drawn = overrides === undefined ? [{ at: "1s", for: "100ms", crash: `n${seed}` }, { at: "3s", for: "1s", pause: `n${seed}` }] : (JSON.parse(overrides[0]!.value) as DrawnFault[]);
  return { drawn, with: (others) => others };
};

/** What a run comes by depends on its job alone. */
const outcomeOf = ({ index, seed, overrides }: Job): Outcome => ({ ...passed(index), seed, digest: JSON.stringify(overrides ?? seed), covered: [`state ${seed % 7}`, `state ${(seed * 31) % 101}`] });

describe("a guided search", () => {
  const campaign = async (width: number, pick: (count: number) => number, done?: Map<number, Outcome>, isOver = (): boolean => false, onOutcome?: (outcome: Outcome) => void) => {
    const executor = new PuppetExecutor(width, outcomeOf, pick);
    const report = await hunt(executor, { firstSeed: 1, runs: 100, keepGoing: true, isOver, steering: guidedBy(1, scheduleOf), done, onOutcome });
    return { report, jobs: executor.asked.slice().sort((a, b) => a.index - b.index) };
  };

  it("plans the same jobs however many workers there are, and in whatever order outcomes come", async () => {
    const alone = await campaign(1, () => 0);
    expect(alone.jobs.filter(({ overrides }) => overrides !== undefined).length).toBeGreaterThan(20);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 9 }), fc.infiniteStream(fc.nat(1000)), async (width, picks) => {
        expect(await campaign(width, (count) => (picks.next().value as number) % count)).toEqual(alone);
      }),
      { numRuns: 10 },
    );
  });

  it("goes on after an interruption as if there had been none", async () => {
    const whole = await campaign(1, () => 0);
    for (const most of [5, 33, 70]) {
      const done = new Map<number, Outcome>();
      await campaign(4, () => 0, undefined, () => done.size >= most, (outcome) => void done.set(outcome.index, outcome));
      const rest = await campaign(4, (count) => count - 1, done);
      expect(rest.report).toEqual(whole.report);
      expect(rest.jobs).toEqual(whole.jobs.filter(({ index }) => !done.has(index)));
    }
  });

  it("begins as a plain one, and gives every run a seed of its own", async () => {
    const { jobs } = await campaign(1, () => 0);
    expect(jobs.slice(0, 16)).toEqual(Array.from({ length: 16 }, (_, index) => ({ index, seed: index + 1 })));
    expect(jobs.map(({ seed }) => seed)).toEqual(jobs.map(({ index }) => index + 1));
  });

  it("learns from no run that failed", async () => {
    const steering = guidedBy(1, scheduleOf);
    const jobs = steering.jobs(0, 16);
    steering.learn(jobs.map((job) => ({ ...outcomeOf(job), kind: "fail" })));
    expect(steering.jobs(16, 16).every(({ overrides }) => overrides === undefined)).toBe(true);
  });
});

describe("the schedule of a job", () => {
  const find = schedulesOf(plan, protocols);

  it("is what was drawn, and the file's own faults stay where they are", () => {
    const found = find({ index: 0, seed: 1 })!;
    const whole = scenarioOf(plan, { index: 0, seed: 1 }, protocols).random!.schedule;
    expect(found.drawn).toEqual(whole.slice(1, -1));
    expect(found.with([])).toEqual([whole[0], whole.at(-1)]);
  });

  it("of a job that brings its own is that", () => {
    const found = find({ index: 0, seed: 1 })!;
    const drawn = found.drawn.slice(0, 1);
    const job = { index: 9, seed: 3, overrides: [{ path: "faults", value: JSON.stringify(found.with(drawn)) }] };
    expect(find(job)!.drawn).toEqual(drawn);
  });

  it("is none without a random one, or with two of them", () => {
    const without = (faults: string) => schedulesOf({ ...plan, text: text.replace(/faults: .*/, `faults: ${faults}`) }, protocols)({ index: 0, seed: 1 });
    expect([without("[]"), without("[{ random: {} }, { random: { intensity: 10% } }]")]).toEqual([undefined, undefined]);
  });

  it("given back as a job's setting gives the digest that the seed gives by itself", () => {
    const job = { index: 0, seed: 1 };
    const { drawn, with: withOthers } = find(job)!;
    const again = runJob(plan, { ...job, overrides: [{ path: "faults", value: JSON.stringify(withOthers(drawn)) }] }, { protocols });
    expect(again.digest).toBe(runJob(plan, job, { protocols }).digest);
  });
});

describe("a changed schedule", () => {
  it("is right wherever what it was made of was, also when it is changed again and again", () => {
    const find = schedulesOf(plan, protocols);
    for (let seed = 1; seed <= 12; seed += 1) {
      const [mine, other] = [find({ index: seed, seed })!, find({ index: 100 + seed, seed: 100 + seed })!];
      const dice = new Dice(new Stream(`test/${seed}`));
      let drawn: readonly DrawnFault[] = mine.drawn;
      for (let time = 0; time < 4; time += 1) drawn = mutate(drawn, other.drawn, dice);
      const job = { index: 0, seed, overrides: [{ path: "faults", value: JSON.stringify(mine.with(drawn)) }] };
      expect(scenarioOf(plan, job, protocols).world.faults.length).toBe(drawn.length + 2);
    }
  });

  it("leaves what is to last to the end of the run", () => {
    const broken = { at: "4s", isolate: "n1" };
    const schedule = [{ at: "1s", for: "1s", crash: "n2" }, { at: "2s", for: "1s", pause: "n3" }, broken];
    for (let seed = 0; seed < 50; seed += 1) {
      const changed = mutate(schedule, [{ at: "5s", for: "100ms", restart: "n1" }], new Dice(new Stream(`lasting/${seed}`)));
      expect(changed).toContainEqual(broken);
      expect(changed.some((fault) => "restart" in fault)).toBe(false);
    }
  });

  it("lets what waits for an event wait for another, or be waited for at another time, and keeps it over within its window", () => {
    const waiting: DrawnFault[] = [{ when: "election.won", after: "5ms", between: ["1s", "4s"], for: "700ms", crash: "leader" }];
    const other: DrawnFault[] = [{ when: "entry.committed", nth: 3, between: ["2s", "5s"], for: "1s", pause: "n1" }, { at: "1s", for: "100ms", pause: "n2" }];
    const all = Array.from({ length: 200 }, (_, seed) => mutate(waiting, other, new Dice(new Stream(`waiting/${seed}`)))).flat();
    const crashes = all.filter((fault) => "crash" in fault);
    const variants = (of: (fault: DrawnFault) => unknown): number => new Set(crashes.map(of)).size;
    expect([variants(({ when }) => when), variants(({ nth = 1 }) => nth) > 2, variants(({ after }) => after) > 3, variants(({ between }) => between?.[0]) > 10]).toEqual([2, true, true, true]);
    for (const { when, between: [from, until] = ["0s", "0s"], for: lasts } of all) {
      if (when === undefined) continue;
      expect(2 * parseDuration(lasts as string)).toBeLessThanOrEqual(parseDuration(until) - parseDuration(from));
      expect([parseDuration(from) >= 1e9, parseDuration(until) <= 5e9]).toEqual([true, true]);
    }
  });
});

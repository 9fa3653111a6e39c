import { describe, expect, it } from "vitest";
import { protocols } from "../../protocols/index.ts";
import { serialExecutor, type Executor } from "../../sim/campaign/executor.ts";
import type { CampaignPlan, Job, Outcome } from "../../sim/campaign/job.ts";
import { runJob, scenarioOf } from "../../sim/campaign/run-job.ts";
import { cellsJson, sweepVerdict } from "../../sim/campaign/sweep/json.ts";
import { cellsOf } from "../../sim/campaign/sweep/matrix.ts";
import { numbersOf } from "../../sim/campaign/sweep/scale.ts";
import { sweep, type SweepPlan } from "../../sim/campaign/sweep/sweep.ts";
import { tableOf } from "../../sim/campaign/sweep/table.ts";
import { Stream } from "../../sim/kernel/stream.ts";
import { PuppetExecutor } from "./outcomes.ts";

const axes = [
  { path: "network.loss", values: [{ label: "0%", text: '"0%"' }, { label: "20%", text: '"20%"' }] },
  { path: "nodes", values: [{ label: "3", text: "3" }, { label: "5", text: "5" }, { label: "7", text: "7" }] },
];

describe("a matrix", () => {
  it("has a cell for each combination, the last axis fastest", () => {
    expect(cellsOf(axes).map(({ settings }) => Object.values(settings))).toEqual([["0%", "3"], ["0%", "5"], ["0%", "7"], ["20%", "3"], ["20%", "5"], ["20%", "7"]]);
    expect(cellsOf(axes)[4]?.overrides).toEqual([{ path: "network.loss", value: '"20%"' }, { path: "nodes", value: "5" }]);
    expect(cellsOf([])).toEqual([{ settings: {}, overrides: [] }]);
  });
});

/** Outcomes that are made up: a value by the cell and the seed. */
function made(value: (cell: number, seed: number) => number | null, plan: SweepPlan, broken?: (index: number) => Partial<Outcome>): (job: Job) => Outcome {
  return ({ index, seed }) => ({
    index, seed, kind: "pass", digest: `d${index}`, events: 10, virtualNs: 5, failures: [], faults: {}, covered: [], metrics: { "latency.p50Ns": value(index % plan.cells.length, seed) }, ...broken?.(index),
  });
}

const planOf = (cells: number, repeat: number): SweepPlan => ({ cells: cellsOf([{ path: "nodes", values: Array.from({ length: cells }, (_, at) => ({ label: `${at + 1}`, text: `${at + 1}` })) }]), repeat, firstSeed: 5, measure: ["latency.p50"] });

const toEnd = { isOver: () => false };

function executorOf(outcome: (job: Job) => Outcome, width = 3, seed = "order"): Executor {
  const stream = new Stream(seed);
  return new PuppetExecutor(width, outcome, (count) => stream.below(count));
}

describe("a sweep", () => {
  it("runs each cell under the same seeds, seed by seed", async () => {
    const plan = planOf(2, 3);
    const jobs: Job[] = [];
    await sweep(executorOf((job) => (jobs.push(job), made(() => 1, plan)(job)), 1), plan, toEnd);
    expect(jobs.map(({ index, seed, overrides }) => [index, seed, overrides?.[0]?.value])).toEqual([[0, 5, "1"], [1, 5, "2"], [2, 6, "1"], [3, 6, "2"], [4, 7, "1"], [5, 7, "2"]]);
  });

  it("says of each cell what its runs came to", async () => {
    const plan = planOf(2, 4);
    const { cells } = await sweep(executorOf(made((cell, seed) => (cell + 1) * seed * 100, plan)), plan, toEnd);
    expect(cells.map(({ settings, runs, kinds }) => [settings["nodes"], runs, kinds.pass])).toEqual([["1", 4, 4], ["2", 4, 4]]);
    // 500, 600, 700, 800; and twice that.
    expect(cells[0]?.metrics["latency.p50"]).toMatchObject({ measured: 4, missing: 0, mean: 650, min: 500, p50: 600, p95: 800, max: 800 });
    expect(cells[1]?.metrics["latency.p50"]).toMatchObject({ mean: 1300, difference: { pairs: 4, mean: 650, correlation: expect.closeTo(1, 12) } });
    expect(cells[0]?.metrics["latency.p50"]?.difference).toBeUndefined();
  });

  it("takes differences seed by seed, which is far sharper where the seeds' luck is the same in both", async () => {
    const plan = planOf(2, 60);
    const luck = new Map<number, number>();
    const stream = new Stream("luck");
    for (let seed = 5; seed < 65; seed += 1) luck.set(seed, stream.below(1_000_000));
    // The second cell is slower by 500, and hardly anything else differs.
    const value = (cell: number, seed: number): number => 1_000_000 + luck.get(seed)! + cell * (500 + (seed % 3));
    const { cells } = await sweep(executorOf(made(value, plan)), plan, toEnd);
    const [first, second] = cells.map(({ metrics }) => metrics["latency.p50"]!);
    const [low, high] = second!.difference!.ci95!;
    expect([low > 499, high < 503]).toEqual([true, true]);
    // Without the pairing the intervals of the two means say nothing at all of it.
    const width = first!.ci95![1] - first!.ci95![0];
    expect(width).toBeGreaterThan(100_000);
    expect(second!.difference!.correlation).toBeGreaterThan(0.999);
  });

  it("pairs only seeds that have a value in both cells, and says how many have none", async () => {
    const plan = planOf(2, 6);
    const { cells } = await sweep(executorOf(made((cell, seed) => (cell === 1 && seed < 8 ? null : 100 * cell + seed), plan)), plan, toEnd);
    expect(cells[1]?.metrics["latency.p50"]).toMatchObject({ measured: 3, missing: 3, difference: { pairs: 3, mean: 100 } });
    const none = await sweep(executorOf(made(() => null, plan)), plan, toEnd);
    expect(none.cells.map(({ metrics }) => metrics["latency.p50"])).toEqual([null, null]);
  });

  it("comes to the same with any number of workers, in any order, and carried on from anywhere", async () => {
    const plan = planOf(3, 20);
    const outcome = made((cell, seed) => (cell + 1) * ((seed * 7919) % 1000), plan);
    const whole = JSON.stringify(cellsJson((await sweep(executorOf(outcome, 1), plan, toEnd)).cells));
    for (const [width, seed] of [[2, "a"], [7, "b"], [60, "c"]] as const) {
      expect(JSON.stringify(cellsJson((await sweep(executorOf(outcome, width, seed), plan, toEnd)).cells))).toBe(whole);
    }
    const done = new Map<number, Outcome>();
    let left = 25;
    await sweep(executorOf(outcome, 4), plan, { isOver: () => left <= 0, onOutcome: (one) => ((left -= 1), void done.set(one.index, one)) });
    expect(done.size).toBeLessThan(60);
    let again = 0;
    const resumed = await sweep(executorOf(outcome, 4), plan, { ...toEnd, done, onOutcome: () => (again += 1) });
    expect([JSON.stringify(cellsJson(resumed.cells)), again]).toEqual([whole, 60 - done.size]);
  });

  it("reports what was done where it is interrupted, the cells alike but for the last seed", async () => {
    const plan = planOf(3, 100);
    let left = 50;
    const { cells } = await sweep(executorOf(made((_, seed) => seed, plan), 1), plan, { isOver: () => (left -= 1) < 0 });
    expect(cells.map(({ runs }) => runs)).toEqual([17, 17, 16]);
  });

  it("counts what did not pass, and fails of it", async () => {
    const plan = planOf(2, 5);
    const failure = { name: "linearizable", message: "no", shape: "linearizable", event: 3 };
    const broken = (index: number): Partial<Outcome> => (index === 3 ? { kind: "fail", failures: [failure] } : index === 6 ? { kind: "died", message: "gone", metrics: {} } : {});
    const report = await sweep(executorOf(made(() => 1, plan, broken)), plan, toEnd);
    expect([report.cells[1]?.kinds, report.cells[0]?.kinds]).toEqual([
      { pass: 4, fail: 1, unknown: 0, endless: 0, died: 0, error: 0 },
      { pass: 4, fail: 0, unknown: 0, endless: 0, died: 1, error: 0 },
    ]);
    expect([sweepVerdict(report), report.campaign.failures[0]?.job]).toEqual(["fail", { index: 3, seed: 6, overrides: [{ path: "nodes", value: "2" }] }]);
    const unknown = await sweep(executorOf(made(() => 1, plan, (index) => (index === 6 ? { kind: "endless" } : {}))), plan, toEnd);
    expect(sweepVerdict(unknown)).toBe("unknown");
  });
});

const text = `version: 1
protocol: raft
nodes: 3
duration: 5s
workload: { clients: 0 }
stop: election.won
`;
const campaign: CampaignPlan = { text, file: "-", overrides: [], mostEvents: 1e6, measure: ["election.timeNs"] };

describe("a sweep of Raft", () => {
  const plan: SweepPlan = {
    cells: cellsOf([{ path: "options.electionTimeout", values: ["150ms..300ms", "300ms..600ms"].map((label) => ({ label, text: JSON.stringify(label) })) }]),
    repeat: 40,
    firstSeed: 1,
    measure: ["election.time"],
  };

  it("has the election times that single runs have, cell by cell and seed by seed", async () => {
    const { cells } = await sweep(serialExecutor(campaign, { protocols }), plan, toEnd);
    const alone = plan.cells.map(({ overrides }) => Array.from({ length: plan.repeat }, (_, at) => runJob(campaign, { index: 0, seed: 1 + at, overrides }, { protocols: { ...protocols } }).metrics["election.timeNs"]));
    expect(cells.map(({ samples }) => samples.of("election.timeNs"))).toEqual(alone);
    // The shorter of three timeouts, which lies a quarter up its range, and a round trip: 187.5 ms and some, and twice that.
    const [short, long] = cells.map(({ metrics }) => metrics["election.time"]!);
    expect(short!.mean).toBeGreaterThan(187.5e6);
    expect(short!.mean).toBeLessThan(240e6);
    expect(long!.difference!.ci95![0]).toBeGreaterThan(150e6);
    expect(long!.difference!.ci95![1]).toBeLessThan(230e6);
  });

  it("reads a scenario once for all its seeds, unless it draws a random schedule", () => {
    const job = { index: 0, seed: 77, overrides: plan.cells[1]?.overrides };
    const fresh = runJob(campaign, job, { protocols: { ...protocols } });
    runJob(campaign, { ...job, seed: 3 }, { protocols });
    expect(runJob(campaign, job, { protocols })).toEqual(fresh);
    const random = { ...campaign, text: `${text}faults: [{ random: { kinds: [crash] } }]\n` };
    const drawn = [1, 2].map((seed) => JSON.stringify(scenarioOf(random, { index: 0, seed }, protocols).random?.schedule));
    expect(drawn[0]).not.toBe(drawn[1]);
    const digests = [1, 2].map((seed) => runJob(random, { index: 0, seed }, { protocols }).digest);
    expect(runJob(random, { index: 0, seed: 2 }, { protocols: { ...protocols } }).digest).toBe(digests[1]);
  });
});

describe("the table of a sweep", () => {
  it("has a line a run, with what was measured, and nothing where nothing was", async () => {
    const plan = { ...planOf(2, 2), cells: cellsOf([{ path: "faults", values: [{ label: "none", text: "[]" }, { label: '[{"at":"1s"},"x"]', text: "[]" }] }]) };
    const { cells } = await sweep(executorOf(made((cell, seed) => (seed === 6 && cell === 0 ? null : seed * 10), plan)), plan, toEnd);
    expect(tableOf(cells, ["latency.p50"])).toBe(
      ["cell,faults,seed,verdict,latency.p50Ns,digest", "1,none,5,pass,50,d0", "1,none,6,pass,,d2", '2,"[{""at"":""1s""},""x""]",5,pass,50,d1', '2,"[{""at"":""1s""},""x""]",6,pass,60,d3', ""].join("\n"),
    );
  });
});

describe("values on a scale", () => {
  it.each([
    [["1", "2.5", "10"], [1, 2.5, 10], "number"],
    [["10ms", "1s"], [10e6, 1e9], "duration"],
    [["0%", "5%"], [0, 0.05], "ratio"],
    [["100/s", "6000/m"], undefined, "number"],
    [["100/s", "200/s"], [100, 200], "number"],
    [["1KiB", "64KiB"], [1024, 65536], "bytes"],
    [["150ms..155ms", "150ms..300ms"], undefined, "number"],
    [["10ms", "fast"], undefined, "number"],
    [["5"], undefined, "number"],
  ])("%j are %j", (labels, numbers, unit) => expect(numbersOf(labels)).toEqual({ unit, ...(numbers !== undefined && { numbers }) }));
});

import { describe, expect, it } from "vitest";
import { protocols } from "../../protocols/index.ts";
import { serialExecutor } from "../../sim/campaign/executor.ts";
import { hunt } from "../../sim/campaign/hunt.ts";
import type { CampaignPlan, Outcome } from "../../sim/campaign/job.ts";
import { runJob, scenarioOf } from "../../sim/campaign/run-job.ts";
import { defineProtocol, type AnyProtocol, type Invariant } from "../../sim/protocol.ts";
import { run } from "../../sim/scenario/run.ts";

const text = `version: 1
name: Small
protocol: raft
nodes: 3
duration: 3s
network: { latency: 1ms..3ms }
workload: { clients: 1, rate: 50/s, operations: { read: 50, write: 50 }, from: 500ms }
faults: [{ random: {} }]
expect: { linearizable: true }
`;
const plan: CampaignPlan = { text, file: "small.yaml", overrides: [], mostEvents: 1_000_000 };

/** Never gets on: each timer sets the next one for the same instant. */
const spinning = defineProtocol<{ spins: number }, never, "spin">({
  name: "spinning",
  boot: () => ({ spins: 0 }),
  onStart: (_, ctx) => ctx.setTimer("spin", [0, 0]),
  onMessage: {},
  onTimer: { spin: (state, ctx) => (state.spins++, ctx.setTimer("spin", [0, 0])) },
  onRequest: {},
  inspect: ({ spins }) => ({ spins }),
}) as AnyProtocol;

const spinningText = "version: 1\nprotocol: spinning\nnodes: 1\nduration: 1s\n";

describe("a job", () => {
  it("has the outcome of its scenario's run under its seed", () => {
    const job = { index: 4, seed: 5 };
    const outcome = runJob(plan, job, { protocols });
    const { result } = run(scenarioOf(plan, job, protocols));
    expect([outcome.index, outcome.seed, outcome.kind, outcome.digest, outcome.events]).toEqual([4, 5, "pass", result.digest, result.events]);
    // Faults are counted by kind, but for those that found nobody.
    const struck = result.faults.filter(({ did }) => did).map(({ fault }) => fault);
    expect(Object.values(outcome.faults).reduce((sum, times) => sum + times, 0)).toBe(struck.length);
    expect(Object.keys(outcome.faults)).toEqual([...new Set(struck)].sort());
    expect(outcome.covered).toEqual(expect.arrayContaining(["emit election.started", "emit election.won", "emit entry.committed"]));
  });

  it("keeps of the metrics those that are measured", () => {
    expect(runJob(plan, { index: 0, seed: 1 }, { protocols }).metrics).toEqual({});
    const { metrics } = runJob({ ...plan, measure: ["operations.ok", "latency.p50Ns"] }, { index: 0, seed: 1 }, { protocols });
    expect(Object.keys(metrics).sort()).toEqual(["latency.p50Ns", "operations.ok"]);
  });

  it("may have settings of its own", () => {
    const alone = runJob(plan, { index: 0, seed: 1, overrides: [{ path: "nodes", value: "1" }, { path: "faults", value: "[]" }] }, { protocols });
    const other = runJob({ ...plan, overrides: [{ path: "nodes", value: "1" }, { path: "faults", value: "[]" }] }, { index: 0, seed: 1 }, { protocols });
    expect(alone.digest).toBe(other.digest);
    expect(alone.faults).toEqual({});
  });

  it("whose run does not end is endless after exactly as many steps as the plan allows", () => {
    const endless: CampaignPlan = { text: spinningText, file: "-", overrides: [], mostEvents: 345 };
    const outcome = runJob(endless, { index: 0, seed: 1 }, { protocols: { spinning } });
    // Each step is a timer; the node's start and the run's end are events besides.
    expect([outcome.kind, outcome.virtualNs, outcome.events]).toEqual(["endless", 0, 345 + 2]);
    expect(outcome.message).toBe("not over after 347 events, at 0s of virtual time");
  });

  it("whose run does not end fails where an invariant has broken in it", () => {
    const few: Invariant<{ readonly spins: number }, null> = {
      name: "few spins",
      summary: "There are fewer than 100 spins.",
      begin: () => null,
      onChange: (_, node, view) => (view.shown(node)?.spins === 100 ? { nodes: [node], message: "100 spins" } : undefined),
    };
    const outcomeAfter = (mostEvents: number): Outcome => runJob({ text: spinningText, file: "-", overrides: [], mostEvents }, { index: 0, seed: 1 }, { protocols: { spinning: { ...spinning, invariants: [few] } } });
    expect([outcomeAfter(99).kind, outcomeAfter(99).failures]).toEqual(["endless", []]);
    expect([outcomeAfter(101).kind, outcomeAfter(101).failures.map(({ name }) => name)]).toEqual(["fail", ["few spins"]]);
  });

  it("whose run the user's own module makes impossible says where and why", () => {
    const diagnostics = [{ file: "a.ts", line: 3, column: 5, message: "a protocol cannot call `Date.now`" }];
    const forbidden = { ...spinning, boot: () => ({ spins: Date.now() }) } as AnyProtocol;
    const outcome = runJob({ ...plan, text: spinningText }, { index: 0, seed: 1 }, { protocols: { spinning: forbidden }, locate: () => diagnostics });
    expect([outcome.kind, outcome.diagnostics]).toEqual(["error", diagnostics]);
  });

  it("of a plan that is wrong is an error, with the mistakes", () => {
    const outcome = runJob({ ...plan, text: "version: 1\nprotocol: raft\nnodes: 0\n" }, { index: 0, seed: 1 }, { protocols });
    expect([outcome.kind, (outcome.diagnostics ?? []).length > 0, outcome.digest]).toEqual(["error", true, ""]);
  });
});

describe("the serial executor", () => {
  it("hunts in one thread, and gives up when it is closed", async () => {
    const executor = serialExecutor(plan, { protocols });
    const report = await hunt(executor, { firstSeed: 1, runs: 3, keepGoing: true, isOver: () => false });
    expect([report.runs, report.outcomes.pass]).toEqual([3, 3]);
    await executor.close();
    expect(await executor.run({ index: 3, seed: 4 })).toBeUndefined();
  });
});

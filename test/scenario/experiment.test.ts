import { describe, expect, it } from "vitest";
import { protocolOf } from "../../sim/scenario/parse.ts";
import { run, Run } from "../../sim/scenario/run.ts";
import { bundledContext } from "./bundled.ts";
import { mistakes, scenarioOf } from "./support.ts";

const varied = `options: { preVote: true }
network: { loss: 5% }
experiment:
  repeat: 20
  vary:
    network.loss: [0%, 1%, 2%]
    options.electionTimeout: [150ms..155ms, 150ms..300ms]
  stop: election.won
  measure: [latency.p99, availability]
  plot: { cdf: latency.p99, by: network.loss, x: log }
  reference: some-figures
`;

describe("an experiment", () => {
  it("is read as its first cell, and says what varies", () => {
    const { world, experiment, stop } = scenarioOf(varied);
    expect([world.network.links.length, world.network.loss, world.options["electionTimeout"], world.options["preVote"]]).toEqual([0, 0, [150e6, 155e6], true]);
    expect(stop).toEqual({ event: "election.won", nth: 1, afterNs: 0 });
    expect(experiment).toMatchObject({
      repeat: 20,
      measure: ["latency.p99", "availability"],
      plots: [{ kind: "cdf", metric: "latency.p99", by: ["network.loss"], x: "log", y: "linear" }],
      reference: "some-figures",
    });
    expect(experiment?.axes).toEqual([
      { path: "network.loss", values: [{ label: "0%", text: '"0%"' }, { label: "1%", text: '"1%"' }, { label: "2%", text: '"2%"' }] },
      { path: "options.electionTimeout", values: [{ label: "150ms..155ms", text: '"150ms..155ms"' }, { label: "150ms..300ms", text: '"150ms..300ms"' }] },
    ]);
  });

  it("leaves a text that is the first cell's scenario and no experiment, which reads the same", () => {
    const { experiment, source, ...first } = scenarioOf(varied);
    expect(source).toBe(experiment?.text);
    expect(source).not.toContain("experiment");
    const again = scenarioOf(source.split("\n").slice(2).join("\n"));
    expect({ ...again, source: "" }).toEqual({ ...first, source: "" });
    expect(again.experiment).toBeUndefined();
  });

  it("reads a cell of its text by overrides", () => {
    const { experiment } = scenarioOf(varied);
    const rest = (experiment?.text as string).split("\n").slice(2).join("\n");
    const overrides = experiment?.axes.map(({ path, values }) => ({ path, value: values[1]?.text as string })) ?? [];
    const { world } = scenarioOf(rest, { overrides });
    expect([world.network.loss, world.options["electionTimeout"]]).toEqual([0.01, [150e6, 300e6]]);
  });

  it("takes names for values, and values that are maps and lists", () => {
    const { experiment, world } = scenarioOf("experiment: { vary: { faults: { calm: [], storm: [{ at: 1s, crash: n1 }] }, network: [{ latency: 1ms }, { latency: 80ms, loss: 1% }] } }");
    expect(world.faults).toEqual([]);
    expect(experiment?.axes.map(({ values }) => values.map(({ label }) => label))).toEqual([["calm", "storm"], ['{"latency":"1ms"}', '{"latency":"80ms","loss":"1%"}']]);
    expect(experiment?.axes[0]?.values[1]?.text).toBe('[{"at":"1s","crash":"n1"}]');
  });

  it("makes way for what the command line sets", () => {
    const { world } = scenarioOf(varied, { overrides: [{ path: "network.loss", value: "9%" }] });
    expect([world.network.loss, world.options["electionTimeout"]]).toEqual([0.09, [150e6, 155e6]]);
  });

  it("may vary the values of --set too, and the protocol", () => {
    const { experiment } = scenarioOf(varied, { overrides: [{ path: "experiment.vary.network.loss", value: "[3%, 4%]" }] });
    expect(experiment?.axes[0]?.values.map(({ label }) => label)).toEqual(["3%", "4%"]);
    expect(protocolOf("protocol: kv\nexperiment: { vary: { protocol: [./mine.ts, kv] } }")).toBe("./mine.ts");
  });

  it("draws its random schedule anew for each seed: its text has it undrawn", () => {
    const { experiment, source, random } = scenarioOf("faults: [{ random: { kinds: [crash] } }]\nexperiment: { repeat: 2 }");
    expect(random?.schedule.length).toBeGreaterThan(0);
    expect(source).not.toContain("random: {");
    expect(experiment?.text).toContain("random: { kinds: [ crash ] }");
  });

  it("keeps what the file has anchored in it for those who stand outside", () => {
    const { world, source } = scenarioOf("experiment: { vary: { nodes: [3] }, measure: &names [latency.p99], plot: { cdf: latency.p99 } }\nnetwork: { latency: 5ms }");
    expect(world.nodes).toEqual(["n1", "n2", "n3"]);
    expect(source).not.toContain("names");
  });
});

describe("mistakes in an experiment", () => {
  it("in any of the values are found at once, each where it stands in vary", () => {
    const text = `experiment:
  vary:
    options.electionTimeout: [150ms..155ms, 150ms..100ms, 150]
    network.loss: [0%, 130%]
`;
    expect(mistakes(text)).toEqual([
      expect.stringMatching(/^5:45 .*reversed/),
      expect.stringMatching(/^5:59 /),
      expect.stringMatching(/^6:24 `130%` is more than everything/),
    ]);
  });

  it("in a path are told at the path", () => {
    expect(mistakes("experiment: { vary: { options.electionTimeuot: [150ms..155ms] } }")).toEqual(["3:31 unknown option `electionTimeuot`, did you mean `electionTimeout`?"]);
    expect(mistakes("experiment: { vary: { duration.max: [5s] } }\nduration: 3s")).toEqual(["3:23 `duration` is a single value; it has no `max`"]);
  });

  it("that contradict the rest of the file in one value alone are found", () => {
    expect(mistakes("duration: 10s\nexpect: { converged: { within: 2s } }\nexperiment: { vary: { workload.until: [5s, 9s] } }")).toEqual([
      "4:22 `converged` needs 2s after the workload's end at 9s; the run ends at 10s",
    ]);
  });

  it.each([
    ["experiment: { vary: {} }", "3:21 nothing varies here"],
    ["experiment: { vary: [] }", "3:21 expected paths with their values, such as { network.loss: [0%, 1%] }, found an empty list"],
    ["experiment: { vary: { network.loss: 1% } }", "3:37 expected a list of values for `network.loss`, or a map of names to values, found `1%`"],
    ["experiment: { vary: { network.loss: [] } }", "3:37 there is no value for `network.loss`"],
    ["experiment: { vary: { network.loss: [1%, 1%] } }", "3:42 the value `1%` stands twice"],
    ["experiment: { vary: { seed: [1, 2] } }", "3:23 `seed` cannot vary: each cell is run under `repeat` seeds, which are the same for all"],
    ["experiment: { vary: { experiment.repeat: [1, 2] } }", "3:23 `experiment.repeat` cannot vary: an experiment cannot vary itself"],
    ["experiment: { repeat: 0 }", "3:23 `0` is too small: at least 1 is expected here"],
    ["experiment: { stop: election.one }", "3:21 unknown event `election.one`, did you mean `election.won`?"],
    ["experiment: { measure: [latencyy.p99] }", "3:25 unknown metric `latencyy.p99`, did you mean `latency.p99`?"],
    ["experiment: { measure: latency.append.p99 }", "3:24 the protocol does not serve the operation `append`"],
    ["experiment: { measure: [] }", "3:24 this list is empty"],
    ["experiment: { measure: cost.total }", "3:24 `cost.total` needs prices: this file has no `cost`"],
    ["experiment: { plot: { x: log } }", "3:21 one of the keys `cdf`, `line` or `heat` is missing"],
    ["experiment: { plot: { cdf: availability, by: nodes } }", "3:46 `nodes` does not vary here"],
    ["experiment: { vary: { nodes: [3, 5] }, plot: { heat: availability } }", "3:54 a heat map is over two settings, and this is over 1"],
    ["experiment: { plot: { line: availability } }", "3:29 a line is over a setting, and nothing varies here"],
    ["stop: violation\nexpect: { invariants: off }", "3:7 no invariant is evaluated here: `expect` says `invariants: off`"],
  ])("%s", (text, expected) => expect(mistakes(text)).toEqual([expected]));

  it("names how many combinations are too many", () => {
    const values = (count: number): string => `[${Array.from({ length: count }, (_, at) => `${at + 1}ms`).join(", ")}]`;
    expect(mistakes(`experiment: { vary: { network.latency: ${values(150)}, disk.sync: ${values(150)} } }`)).toEqual(["3:21 these are 22500 combinations; 10000 at most are run"]);
  });
});

/** A cluster that elects a leader, loses it at a second, and elects another. */
const losesItsLeader = `options: { electionTimeout: 150ms..300ms }
nodes: 3
duration: 10s
workload: { clients: 1, rate: 20/s }
faults: [{ at: 1s, crash: leader }]
`;

describe("stop", () => {
  const raft = (rest: string) => run(scenarioOf(losesItsLeader + rest, bundledContext, "raft")).result;

  it("ends a run at a protocol's event, at its time", () => {
    const whole = raft("");
    const stopped = raft("stop: election.won");
    expect(stopped.stopped).toBe("election.won");
    expect(stopped.virtualTimeNs).toBe(stopped.metrics["election.timeNs"]);
    expect(stopped.virtualTimeNs).toBeLessThan(1e9);
    expect([stopped.metrics["leader.changes"], whole.metrics["leader.changes"]]).toEqual([1, 2]);
    expect([whole.stopped, whole.virtualTimeNs]).toEqual([undefined, 10e9]);
  });

  it("ends it at the nth, and so much later", () => {
    const second = raft("stop: { event: election.won, nth: 2 }");
    expect(second.virtualTimeNs).toBe(1e9 + (second.metrics["election.timeNs"] as number));
    const later = raft("stop: { event: election.won, nth: 2, after: 250ms }");
    expect(later.virtualTimeNs).toBe(second.virtualTimeNs + 250e6);
    expect(later.events).toBeGreaterThan(second.events);
  });

  it("runs to the duration where the event does not come, or only later", () => {
    expect(raft("stop: { event: election.won, nth: 9 }")).toMatchObject({ virtualTimeNs: 10e9 });
    const { virtualTimeNs, stopped, interrupted } = raft("stop: { event: election.won, nth: 2, after: 1m }");
    expect([virtualTimeNs, stopped, interrupted]).toEqual([10e9, undefined, undefined]);
  });

  it.each(["", ", after: 30ms"])("does not depend on the pieces in which a run is run: { nth: 2%s }", (after) => {
    const stop = `stop: { event: election.won, nth: 2${after} }`;
    const slow = new Run(scenarioOf(losesItsLeader + stop, bundledContext, "raft"));
    while (slow.advance(3));
    expect(slow.finish().result).toEqual(raft(stop));
  });

  it("ends it at the first violation of an invariant", () => {
    const text = `options: { mutant: vote-not-persisted }
nodes: 3
duration: 60s
seed: 3
workload: { clients: 0 }
faults: [{ every: 100ms..300ms, crash: all, lose: disk, for: 20ms }]
expect: { invariants: false }
`;
    const whole = run(scenarioOf(text, bundledContext, "raft")).result;
    const stopped = run(scenarioOf(`${text}stop: violation`, bundledContext, "raft")).result;
    expect(whole.violations.length).toBeGreaterThan(0);
    expect([stopped.stopped, stopped.virtualTimeNs, stopped.violations.length > 0]).toEqual(["violation", whole.violations[0]?.atNs, true]);
  });

  it("leaves open whether replicas agree in time that they were not given", () => {
    const result = raft("stop: election.won\nexpect: { converged: { within: 1s } }");
    expect(result.expectations.find(({ name }) => name === "converged")).toMatchObject({ verdict: "unknown", detail: expect.stringMatching(/^The run was stopped at .*, before the nodes had had 1s to agree\.$/) });
    expect(result.metrics["convergence.timeNs"]).toBeNull();
  });

  it("is part of a trace's own scenario, so that it can be run again", () => {
    const first = scenarioOf(`${losesItsLeader}experiment: { vary: { nodes: [5, 3] }, stop: election.won }`, bundledContext, "raft");
    const again = scenarioOf(first.source.split("\n").slice(2).join("\n"), bundledContext, "raft");
    expect(run(again).result).toEqual(run(first).result);
    expect(again.world.nodes).toHaveLength(5);
  });
});

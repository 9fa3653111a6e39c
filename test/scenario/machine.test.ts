import { describe, expect, it } from "vitest";
import { ms, us } from "../../sim/kernel/time.ts";
import { protocols } from "../../protocols/index.ts";
import { run } from "../../sim/scenario/run.ts";
import { bundledContext } from "./bundled.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { mistakes, scenarioOf } from "./support.ts";

const cpu = (text: string): unknown => scenarioOf(text).world.cpu;
const faults = (text: string, before = ""): readonly { params: unknown }[] => scenarioOf(`${before}faults: [${text}]`).world.faults;

describe("cpu", () => {
  it("has one core and room for a thousand messages, unless it says otherwise", () => {
    expect(cpu("cpu: { perMessage: 5us }")).toEqual({ perMessage: { type: "constant", value: us(5) }, cores: 1, inbox: 1_000 });
  });
  it("takes a distribution, cores and an inbox", () => {
    expect(cpu("cpu: { perMessage: exponential(1ms), cores: 4, inbox: 0 }")).toEqual({ perMessage: { type: "exponential", mean: ms(1) }, cores: 4, inbox: 0 });
  });
  it("without it messages cost nothing, and nothing is shed", () => {
    expect(cpu("")).toEqual({ perMessage: { type: "constant", value: 0 }, cores: 1 });
  });
  it.each([
    ["cpu: {}", "3:6 the key `perMessage` is missing"],
    ["cpu: { cores: 2 }", "3:6 the key `perMessage` is missing"],
    ["cpu: 5us", "3:6 expected a map of keys and values, found `5us`"],
    ["cpu: { perMessage: 5 }", "3:20 a duration needs a unit: 20ms, 5s"],
    ["cpu: { perMessage: 5us, cores: 0 }", "3:32 `0` is too small: at least 1 is expected here"],
    ["cpu: { perMessage: 5us, cores: 1.5 }", "3:32 expected a whole number, found `1.5`"],
    ["cpu: { perMessage: 5us, inbox: -1 }", "3:32 `-1` is too small: at least 0 is expected here"],
    ["cpu: { perMesage: 5us }", "3:8 unknown key `perMesage`, did you mean `perMessage`?"],
  ])("%s is wrong", (text, ...expected) => {
    expect(mistakes(text)).toEqual(expected);
  });
});

describe("slowCpu", () => {
  it("takes nodes and a factor, which may be a fraction", () => {
    const [first] = faults("{ at: 1s, for: 1s, slowCpu: { nodes: leader, by: 2.5 } }", "cpu: { perMessage: 5us }\n");
    expect(first?.params).toEqual({ value: { nodes: { type: "leader" }, by: 2.5 } });
  });
  it.each([
    ["cpu: { perMessage: 5us }\n", "{ nodes: n1, by: 0 }", "4:46 `0` is too small: at least 0.001 is expected here"],
    ["cpu: { perMessage: 5us }\n", "{ nodes: n1, by: -2 }", "4:46 `-2` is too small: at least 0.001 is expected here"],
    ["cpu: { perMessage: 5us }\n", "{ nodes: n1, by: 10ms }", "4:46 expected a number, found `10ms`"],
    ["cpu: { perMessage: 5us }\n", "{ nodes: n1 }", "4:29 the key `by` is missing"],
    ["cpu: { perMessage: 5us }\n", "n1", "4:29 expected a map of keys and values, found `n1`"],
    ["", "{ nodes: n1, by: 10 }", "3:20 `slowCpu` slows nothing down: messages cost no time here"],
    ["cpu: { perMessage: 0us }\n", "{ nodes: n1, by: 10 }", "4:20 `slowCpu` slows nothing down: messages cost no time here"],
    // What is wrong with the service time itself is said once.
    ["cpu: { perMessage: 5 }\n", "{ nodes: n1, by: 10 }", "3:20 a duration needs a unit: 20ms, 5s"],
  ])("%s slowCpu: %s is wrong", (before, value, ...expected) => {
    expect(mistakes(`${before}faults: [{ at: 1s, slowCpu: ${value} }]`)).toEqual(expected);
  });
});

describe("a crash that lies in wait", () => {
  it("has `amid`, and where it counts effects `applied`", () => {
    const [first, second] = faults("{ at: 1s, crash: n1, amid: effects, applied: 2 }, { at: 1s, crash: n1, amid: sync, lose: torn }");
    expect(first?.params).toMatchObject({ lose: "unsynced", amid: "effects", applied: 2 });
    expect(second?.params).toMatchObject({ lose: "torn", amid: "sync" });
  });
  it.each([
    ["{ at: 1s, crash: n1, amid: messages }", "3:37 expected effects or sync, found `messages`"],
    ["{ at: 1s, crash: n1, applied: 2 }", "3:31 `applied` goes with `amid`, which is missing"],
    ["{ at: 1s, crash: n1, amid: sync, applied: 2 }", "3:43 `applied` counts effects: it goes with `amid: effects`"],
    ["{ at: 1s, crash: n1, amid: effects, applied: 0 }", "3:55 `0` is too small: at least 1 is expected here"],
    ["{ at: 1s, pause: n1, amid: effects }", "3:31 the key `amid` does not belong here: it goes with `crash`"],
  ])("%s is wrong", (text, ...expected) => {
    expect(mistakes(`faults: [${text}]`)).toEqual(expected);
  });

  const raft = (fault: string): string => `version: 1\nprotocol: raft\nnodes: 3\nduration: 2s\nworkload: { clients: 1, rate: 50/s }\nfaults: [${fault}]`;
  const did = (fault: string): unknown => run(parseScenario(raft(fault), { ...bundledContext, protocols: (name) => protocols[name] })).result.faults.map((one) => [one.did, one.nodes.length]);

  it("that strikes did something, and one that never finds its place did not", () => {
    expect(did("{ at: 1s, for: 100ms, crash: leader, amid: effects }")).toEqual([[true, 1]]);
    // No handler of a cluster of three has fifty effects.
    expect(did("{ at: 1s, for: 100ms, crash: leader, amid: effects, applied: 49 }")).toEqual([[false, 1]]);
  });
  it("leaves the time of convergence open, as one that waits for an event does", () => {
    const head = "duration: 5s\nexpect: { converged: { within: 1s } }\nworkload: { until: 3s }\n";
    expect(mistakes(`${head}faults: [{ at: 4s, for: 900ms, crash: n1, amid: sync }]`)).toEqual([]);
    expect(mistakes(`${head}faults: [{ at: 4s, for: 900ms, crash: n1 }]`).length).toBe(1);
  });
});

describe("skew", () => {
  it("may stop a clock", () => {
    expect(faults("{ at: 1s, for: 1s, skew: { nodes: n1, stopped: true } }")[0]?.params).toMatchObject({ value: { stopped: true } });
  });
  it.each([
    ["{ nodes: n1, stopped: true, by: 1s }", "3:39 `by` and `stopped` exclude each other"],
    ["{ nodes: n1 }", "3:26 one of the keys `by`, `drift` or `stopped` is missing"],
    ["{ nodes: n1, stopped: 1s }", "3:48 expected true or false, found `1s`"],
  ])("%s is wrong", (value, ...expected) => {
    expect(mistakes(`faults: [{ at: 1s, skew: ${value} }]`)).toEqual(expected);
  });
});

import { describe, expect, it } from "vitest";
import { protocols } from "../../protocols/index.ts";
import type { Outcome } from "../../sim/campaign/job.ts";
import { withoutResult } from "../../sim/campaign/run-job.ts";
import { faultsOf, readData, timeOf, type Fields, type ScenarioData } from "../../sim/campaign/shrink/data.ts";
import { fewerDisturbed } from "../../sim/campaign/shrink/gentle.ts";
import { observe, type Observation } from "../../sim/campaign/shrink/observe.ts";
import { Search } from "../../sim/campaign/shrink/search.ts";

const nodes = ["n1", "n2", "n3"];
const target = { name: "broken", message: "", shape: "broken", event: -1 };

/** A cut link, one way, in milliseconds. */
interface Cut {
  readonly link: string;
  readonly from: number;
  readonly until: number;
}

const listOf = (value: unknown, besides: readonly string[] = []): string[] => (value === "rest" ? nodes.filter((name) => !besides.includes(name)) : Array.isArray(value) ? (value as string[]) : [String(value)]);

function cutsOf(fault: Fields): Cut[] {
  const from = timeOf(fault["at"]) as number;
  const until = from + (timeOf(fault["for"]) ?? 10e9);
  const between = (a: readonly string[], b: readonly string[]): Cut[] => a.flatMap((one) => b.map((other) => ({ link: `${one}→${other}`, from, until })));
  if (fault["isolate"] !== undefined) {
    const [alone, others] = [listOf(fault["isolate"]), listOf("rest", listOf(fault["isolate"]))];
    return [...between(alone, others), ...between(others, alone)];
  }
  if (fault["partition"] !== undefined) {
    const [a, b] = fault["partition"] as [unknown, unknown];
    const [one, other] = [listOf(a), listOf(b, listOf(a))];
    return [...between(one, other), ...between(other, one)];
  }
  const { from: a, to: b } = fault["block"] as Fields;
  return between(listOf(a, listOf(b)), listOf(b, listOf(a)));
}

/** A cluster that sends a message a millisecond on every link, and breaks where what n1 says to n2 is lost at 1.5 s. */
const cuts = (data: ScenarioData): Cut[] => faultsOf(data).flatMap(cutsOf);
const breaks = (data: ScenarioData): boolean => cuts(data).some(({ link, from, until }) => link === "n1→n2" && from <= 1.5e9 && until > 1.5e9);
const lostIn = (data: ScenarioData): number => cuts(data).reduce((sum, { from, until }) => sum + (until - from) / 1e6, 0);

const attemptHere = (text: string): Outcome => ({ ...withoutResult({ index: 0, seed: 1 }, { kind: "pass" }), ...(breaks(readData(text)) && { kind: "fail", failures: [target] }) });
const lookHere = (data: ScenarioData): Observation | undefined => (breaks(data) ? { failedNs: 0, message: "", nodes, operations: [], faults: [], disturbed: lostIn(data) } : undefined);

async function gentled(fault: Fields): Promise<Fields> {
  const search = new Search({ nodes: 3, faults: [fault] }, { attempt: attemptHere, target, mostAttempts: 500, mostEvents: Infinity });
  await fewerDisturbed({ search, observe: lookHere, expectation: "invariants", seeds: 0 });
  return faultsOf(search.data)[0] as Fields;
}

describe("fewer messages lost or late", () => {
  it.each<[string, Fields]>([
    ["a partition", { at: "1s", for: "1s", partition: [["n1"], ["n2", "n3"]] }],
    ["a partition from the rest", { at: "1s", for: "1s", partition: [["n2"], "rest"] }],
    ["a node alone", { at: "1s", for: "1s", isolate: "n1" }],
    ["a block of everybody", { at: "1s", for: "1s", block: { from: ["n1", "n3"], to: ["n2", "n3"] } }],
  ])("of %s leave the one link, its one direction, and hardly more than the moment", async (_name, fault) => {
    const left = await gentled(fault);
    expect(left["block"]).toEqual({ from: "n1", to: "n2" });
    expect(cutsOf(left).map(({ link }) => link)).toEqual(["n1→n2"]);
    expect(timeOf(left["for"])).toBeLessThan(50e6);
  });

  it("leaves alone what must be as it is, and what is no cut", async () => {
    expect(await gentled({ at: "1s", block: { from: "n1", to: "n2" } })).toEqual({ at: "1s", block: { from: "n1", to: "n2" } });
  });

  it("of a real cluster is counted from what is lost, and from what is late", () => {
    const disturbed = (...faults: readonly object[]): number => {
      const text = JSON.stringify({ version: 1, protocol: "raft", nodes: 3, duration: "2s", network: { latency: "5ms" }, workload: { clients: 0 }, expect: { linearizable: false }, faults });
      return observe(text, { ...target, name: "linearizable" }, protocols)?.disturbed ?? Infinity;
    };
    expect(disturbed()).toBe(0);
    const [short, long, held] = [disturbed({ at: "1s", for: "100ms", isolate: "n2" }), disturbed({ at: "1s", for: "500ms", isolate: "n2" }), disturbed({ at: "1s", for: "100ms", clog: "n2" })];
    expect([short > 0, long > short, held > 0]).toEqual([true, true, true]);
  });
});

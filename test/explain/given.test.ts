import { expect, test } from "vitest";
import { differencesGiven, differingSettings } from "../../sim/explain/index.ts";
import type { TraceHeader } from "../../sim/trace/event.ts";

const header: TraceHeader = { version: 1, program: "0.1.0", protocol: "raft", seed: 1, scenario: "One", source: "", nodes: ["n1", "n2"], clients: ["c1"], durationNs: 5, kinds: [] };

test("what two runs were given differently is told by name, and what is the same is not", () => {
  const a = { header, footer: { result: { verdict: "pass" } } };
  const b = { header: { ...header, seed: 2, nodes: ["n1"], program: "0.2.0" }, footer: { result: { mutant: "double-vote" } } };
  expect(differencesGiven(a, b)).toEqual([
    { what: "program", a: "0.1.0", b: "0.2.0" },
    { what: "mutant", a: null, b: "double-vote" },
    { what: "seed", a: 1, b: 2 },
    { what: "nodes", a: ["n1", "n2"], b: ["n1"] },
  ]);
  expect(differencesGiven(a, a)).toEqual([]);
  expect(differencesGiven({ header, footer: { result: null } }, { header, footer: { result: "of another program" } })).toEqual([]);
});

test("settings of two scenarios that differ are told by their path, without what is told already", () => {
  const a = { version: 1, seed: 1, network: { latency: "1ms" }, faults: [{ at: "1s", crash: "n1" }], options: { preVote: true } };
  const b = { version: 1, seed: 2, network: { latency: "1ms", loss: "1%" }, faults: [{ at: "2s", crash: "n1" }], options: { preVote: true, mutant: "double-vote" } };
  expect(differingSettings(a, b)).toEqual([
    { field: "network.loss", a: undefined, b: "1%" },
    { field: "faults.0.at", a: "1s", b: "2s" },
  ]);
  expect(differingSettings({ protocol: "raft" }, { protocol: "raft", options: { mutant: "double-vote" } })).toEqual([]);
  expect(differingSettings(undefined, "no scenario")).toEqual([]);
});

import { describe, expect, it } from "vitest";
import type { RunResult } from "../../sim/scenario/result.ts";
import { faults as kinds } from "../../sim/world/faults/index.ts";
import { bundled, load, runFile } from "./running.ts";

const names = ["raft", "lww-register"].flatMap(bundled);

const results = new Map<string, RunResult>();

/** Of a scenario as it is bundled, run once. */
function resultOf(name: string): RunResult {
  const known = results.get(name) ?? runFile(`scenarios/${name}.yaml`);
  results.set(name, known);
  return known;
}

describe("the bundled scenarios", () => {
  it.each(names)("%s passes", (name) => {
    const { verdict, expectations } = resultOf(name);
    expect([verdict, expectations.filter((one) => one.verdict !== "pass")]).toEqual(["pass", []]);
  });

  it("show every kind of fault, each striking somebody", () => {
    const shown = new Set(names.flatMap((name) => resultOf(name).faults.filter(({ did }) => did).map(({ fault }) => fault)));
    expect(Object.keys(kinds).filter((kind) => !shown.has(kind))).toEqual([]);
  });

  it.each(names)("%s says what it shows, and its name is a sentence's worth", (name) => {
    const scenario = load(`scenarios/${name}.yaml`);
    expect(scenario.description.length).toBeGreaterThan(100);
    expect(scenario.name).not.toBe(name.split("/")[1]);
  });
});

describe("a scenario that tells what happens otherwise is right", () => {
  it.each([
    ["raft/crash-amid-effects", "reply-before-persist", "invariants"],
    ["raft/stopped-clock", "unconfirmed-reads", "linearizable"],
    ["lww-register/clog", "last-heard-wins", "invariants"],
  ])("%s fails with the mutant %s: %s", (name, mutant, expectation) => {
    const { expectations } = runFile(`scenarios/${name}.yaml`, { mutant });
    expect(expectations.find((one) => one.name === expectation)?.verdict).toBe("fail");
  });

  it("what dirty pages keep, clean ones lose: the two scenarios of a sync that is asked for again have the same faults but for that", () => {
    const [clean, dirty] = ["sync-error-ignored", "sync-error-dirty"].map((name) => load(`scenarios/raft/${name}.yaml`).world.faults.map(({ kind, start, lasts, params: { pages, ...params } }) => ({ kind, start, lasts, params })));
    expect(dirty).toEqual(clean);
  });

  it("Figure 8: an entry that was counted and called committed is missing in the leader of term 4", () => {
    const { violations } = runFile("scenarios/raft/figure-8.yaml", { mutant: "commit-old-term" });
    expect(violations[0]?.invariant).toBe("leader completeness");
    expect(violations[0]?.message).toMatch(/^n5 was elected in term 4 without entry \d+ of term 1, which had been committed in term 3$/);
  });

  it.each([1, 2, 3, 4, 5, 6])("Figure 8 happens under seed %i too", (seed) => {
    expect(runFile("scenarios/raft/figure-8.yaml", { seed, mutant: "commit-old-term" }).violations[0]?.nodes).toEqual(["n5"]);
  });
});

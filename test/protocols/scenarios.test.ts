import { describe, expect, it } from "vitest";
import { bundled, load, runFile } from "./running.ts";

const names = ["raft", "lww-register"].flatMap(bundled);

describe("the bundled scenarios", () => {
  it.each(names)("%s passes", (name) => {
    const { verdict, expectations } = runFile(`scenarios/${name}.yaml`);
    expect([verdict, expectations.filter((one) => one.verdict !== "pass")]).toEqual(["pass", []]);
  });

  it.each(names)("%s says what it shows, and its name is a sentence's worth", (name) => {
    const scenario = load(`scenarios/${name}.yaml`);
    expect(scenario.description.length).toBeGreaterThan(100);
    expect(scenario.name).not.toBe(name.split("/")[1]);
  });
});

describe("a scenario that tells what happens otherwise is right", () => {
  it("Figure 8: an entry that was counted and called committed is missing in the leader of term 4", () => {
    const { violations } = runFile("scenarios/raft/figure-8.yaml", { mutant: "commit-old-term" });
    expect(violations[0]?.invariant).toBe("leader completeness");
    expect(violations[0]?.message).toMatch(/^n5 was elected in term 4 without entry \d+ of term 1, which had been committed in term 3$/);
  });

  it.each([1, 2, 3, 4, 5, 6])("Figure 8 happens under seed %i too", (seed) => {
    expect(runFile("scenarios/raft/figure-8.yaml", { seed, mutant: "commit-old-term" }).violations[0]?.nodes).toEqual(["n5"]);
  });
});

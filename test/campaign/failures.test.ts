import { describe, expect, it } from "vitest";
import { failuresOf } from "../../sim/campaign/failures.ts";
import type { ExpectationResult, RunResult, ViolationResult } from "../../sim/scenario/result.ts";

const violation = (invariant: string, message: string, event: number): ViolationResult => ({ invariant, message, event, at: "1s", atNs: 1e9, nodes: [] });
const failing = (name: string, verdict: ExpectationResult["verdict"] = "fail"): ExpectationResult => ({ name, verdict, detail: `${name}: why` });
const result = (expectations: readonly ExpectationResult[], violations: readonly ViolationResult[] = []): RunResult => ({ expectations, violations }) as unknown as RunResult;

describe("the failures of a run", () => {
  it("are the invariants that broke, in the order in which they did, and then the other expectations", () => {
    const failures = failuresOf(result([failing("linearizable"), failing("invariants")], [violation("election safety", "x", 5), violation("log matching", "y", 9)]));
    expect(failures.map(({ name, event }) => [name, event])).toEqual([["election safety", 5], ["log matching", 9], ["linearizable", -1]]);
  });

  it("are none where everything held, or nothing could be decided", () => {
    expect(failuresOf(result([failing("linearizable", "pass"), failing("invariants", "unknown")]))).toEqual([]);
  });

  it("leave invariants out that the scenario wants to see broken, and have it that none broke", () => {
    expect(failuresOf(result([failing("invariants", "pass")], [violation("election safety", "x", 5)]))).toEqual([]);
    expect(failuresOf(result([failing("invariants")])).map(({ name }) => name)).toEqual(["invariants"]);
  });

  it.each([
    ["n1 and n2 both lead term 3", "n4 and n2 both lead term 17", true],
    ["eu-1, eu-2 and us-3 disagree", "us-1 and us-2 disagree", true],
    ["n1 applied entry 3 of term 2", "n1 lost entry 3 of term 2", false],
  ])("have the same shape where only names and numbers differ: %s / %s", (a, b, isSame) => {
    const shapeOf = (message: string): string | undefined => failuresOf(result([failing("invariants")], [violation("safety", message, 1)]))[0]?.shape;
    expect(shapeOf(a) === shapeOf(b)).toBe(isSame);
  });
});

import { describe, expect, test } from "vitest";
import type { Verdict, VerdictKind } from "../../sim/check/verdict.ts";
import { judge, verdictOf, type Facts } from "../../sim/scenario/expectations.ts";
import type { Expectation } from "../../sim/scenario/scenario.ts";

const kinds: readonly VerdictKind[] = ["pass", "fail", "unknown"];

function verdict(kind: VerdictKind): Verdict {
  const failure = kind === "fail" ? { failure: { key: "k1", operations: [3], event: 812, time: 7_000_000_000 } } : {};
  return { verdict: kind, consistency: "linearizable", model: "kv", algorithm: "wgl", operations: 10, explored: 20, detail: `It was a ${kind}`, ...failure };
}

function facts(some: Partial<Facts> = {}): Facts {
  return { violations: [], check: () => verdict("pass"), convergence: () => verdict("pass"), progress: () => verdict("pass"), metrics: {}, ...some };
}

function judgeOne(expectation: Expectation, some: Partial<Facts> = {}) {
  return judge([expectation], facts(some))[0];
}

describe("a property that is expected", () => {
  test("true takes the checker's verdict", () => {
    for (const kind of kinds) {
      expect(judgeOne({ type: "consistency", level: "linearizable", holds: true }, { check: () => verdict(kind) })).toMatchObject({ name: "linearizable", verdict: kind });
    }
  });

  test("false passes on fail, fails on pass, stays unknown", () => {
    const judged = kinds.map((kind) => judgeOne({ type: "consistency", level: "linearizable", holds: false }, { check: () => verdict(kind) })?.verdict);
    expect(judged).toEqual(["fail", "pass", "unknown"]);
  });

  test("a failure has one sentence, an event and a time", () => {
    const result = judgeOne({ type: "consistency", level: "linearizable", holds: true }, { check: () => verdict("fail") });
    expect(result).toEqual({ name: "linearizable", verdict: "fail", detail: "It was a fail.", event: 812, atNs: 7_000_000_000 });
  });

  test("a failure without an event in a trace has its time alone", () => {
    const failed = verdict("fail");
    const elsewhere = { ...failed, failure: { ...failed.failure!, event: -1 } };
    expect(judgeOne({ type: "converged", within: 1, holds: true }, { convergence: () => elsewhere })).toEqual({ name: "converged", verdict: "fail", detail: "It was a fail.", atNs: 7_000_000_000 });
  });

  test("the level and the time allowed are those of the scenario", () => {
    const asked: unknown[] = [];
    const expected: Expectation[] = [
      { type: "consistency", level: "monotonicReads", holds: true },
      { type: "converged", within: 2_000_000_000, holds: false },
    ];
    judge(expected, facts({ check: (level) => (asked.push(level), verdict("pass")), convergence: (within) => (asked.push(within), verdict("pass")) }));
    expect(asked).toEqual(["monotonicReads", 2_000_000_000]);
  });
});

describe("invariants", () => {
  const violations = [
    { invariant: "election safety", time: 7_301_992_000, nodes: ["n1", "n4"], message: "n1 and n4 both lead term 3", event: 81_234 },
    { invariant: "log matching", time: 8_000_000_000, nodes: ["n1"], message: "…", event: 90_000 },
  ];

  test("true fails with the first violation", () => {
    expect(judgeOne({ type: "invariants", holds: true }, { violations })).toEqual({
      name: "invariants",
      verdict: "fail",
      detail: "Election safety was violated at 7.301992s (the first of 2 violations): n1 and n4 both lead term 3.",
      event: 81_234,
      atNs: 7_301_992_000,
    });
    expect(judgeOne({ type: "invariants", holds: true })).toEqual({ name: "invariants", verdict: "pass", detail: "No invariant was violated." });
  });

  test("false says that one must break", () => {
    expect(judgeOne({ type: "invariants", holds: false }, { violations })).toMatchObject({ verdict: "pass", detail: expect.stringMatching(/^As expected, election safety was violated/) });
    expect(judgeOne({ type: "invariants", holds: false })).toMatchObject({ verdict: "fail" });
  });
});

describe("a metric", () => {
  const availability = { type: "metric", metric: "availability", comparison: ">=", value: 0.95, text: ">= 95%" } as const;
  const latency = { type: "metric", metric: "latency.p99", comparison: "<", value: 100_000_000, text: "< 100ms" } as const;

  test("is compared, and both figures are named", () => {
    expect(judgeOne(availability, { metrics: { availability: 0.987 } })).toEqual({ name: "availability", verdict: "pass", detail: "availability was 98.7% (>= 95%)." });
    expect(judgeOne(availability, { metrics: { availability: 0.9 } })).toEqual({ name: "availability", verdict: "fail", detail: "availability was 90%, and >= 95% was expected." });
  });

  test("that fails points to the event that shows it best", () => {
    const momentOf = (metric: string) => (metric === "latency.p99" ? { event: 99, timeNs: 5 } : undefined);
    expect(judgeOne(latency, { metrics: { "latency.p99": 132_400_000 }, momentOf })).toEqual({
      name: "latency.p99",
      verdict: "fail",
      detail: "latency.p99 was 132ms, and < 100ms was expected.",
      event: 99,
      atNs: 5,
    });
  });

  test("that is just beyond its limit is not rounded to it", () => {
    expect(judgeOne(latency, { metrics: { "latency.p99": 100_000_001 } })?.detail).toBe("latency.p99 was 100.000001ms, and < 100ms was expected.");
  });

  test("that was not measured is unknown", () => {
    expect(judgeOne(latency, { metrics: {} })?.verdict).toBe("unknown");
    expect(judgeOne(latency, { metrics: { "latency.p99": null } })?.verdict).toBe("unknown");
  });

  test("each comparison is exact at its limit", () => {
    const at = (comparison: (typeof latency | typeof availability)["comparison"] | "<=" | ">" | "==" | "!=", measured: number) =>
      judgeOne({ type: "metric", metric: "syncs", comparison, value: 3, text: `${comparison} 3` }, { metrics: { syncs: measured } })?.verdict;
    const table = (["<", "<=", ">", ">=", "==", "!="] as const).map((comparison) => [2, 3, 4].map((measured) => at(comparison, measured) === "pass"));
    expect(table).toEqual([
      [true, false, false],
      [true, true, false],
      [false, false, true],
      [false, true, true],
      [false, true, false],
      [true, false, true],
    ]);
  });
});

test("the run's verdict: fail beats unknown, unknown beats pass, and nothing expected is a pass", () => {
  const of = (...verdicts: VerdictKind[]) => verdictOf(verdicts.map((kind) => ({ name: "x", verdict: kind, detail: "" })));
  expect([of(), of("pass"), of("pass", "unknown"), of("unknown", "fail", "pass")]).toEqual(["pass", "pass", "unknown", "fail"]);
});

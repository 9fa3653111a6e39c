import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HistoryError, type HistoryEvent, judgeListAppend } from "../../../sim/check/index.ts";

type Steps = [string, string, unknown][];
/** One transaction: its steps, the type of its end, and its process. */
type Txn = readonly [steps: Steps, type?: "ok" | "fail" | "info"];

/** All concurrent where `concurrent`, else one after the other. */
function history(txns: readonly Txn[], concurrent: boolean): HistoryEvent[] {
  const line = (process: number, type: HistoryEvent["type"], value: unknown): HistoryEvent => ({ process, client: `c${process}`, type, f: "txn", key: "", value, time: 0 });
  const asked = (steps: Steps): Steps => steps.map(([f, k, v]) => [f, k, f === "r" ? null : v]);
  const begins = txns.map(([steps], p) => line(p, "invoke", asked(steps)));
  const ends = txns.map(([steps, type = "ok"], p) => line(p, type, type === "ok" ? steps : asked(steps)));
  return concurrent ? [...begins, ...ends] : begins.flatMap((begin, i) => [begin, ends[i]!]);
}

const judge = (txns: readonly Txn[], consistency = "serializable", concurrent = true) => judgeListAppend(history(txns, concurrent), consistency);

describe("list-append", () => {
  it.each<[string, Txn[]]>([
    ["G0", [[[["append", "x", 1], ["append", "y", 1]]], [[["append", "x", 2], ["append", "y", 2]]], [[["r", "x", [1, 2]], ["r", "y", [2, 1]]]]]],
    ["G1a", [[[["append", "x", 1]], "fail"], [[["r", "x", [1]]]]]],
    ["G1b", [[[["append", "x", 1], ["append", "x", 2]]], [[["r", "x", [1]]]], [[["r", "x", [1, 2]]]]]],
    ["G1c", [[[["append", "x", 1], ["r", "y", [1]]]], [[["append", "y", 1], ["r", "x", [1]]]]]],
    ["G-single", [[[["append", "x", 1], ["append", "y", 1]]], [[["r", "x", [1]], ["r", "y", []]]]]],
    ["G2-item", [[[["r", "x", []], ["append", "y", 1]]], [[["r", "y", []], ["append", "x", 1]]]]],
    ["incompatible-order", [[[["append", "x", 1]]], [[["append", "x", 2]]], [[["r", "x", [1, 2]]]], [[["r", "x", [2, 1]]]]]],
    ["internal", [[[["append", "x", 1], ["r", "x", []]]]]],
    ["garbage-read", [[[["r", "x", [9]]]]]],
  ])("names %s, which refutes serializable", (name, txns) => {
    const verdict = judge(txns);
    expect([verdict.verdict, verdict.anomalies?.includes(name)]).toEqual(["fail", true]);
  });

  it("a stale read is serializable and not strictly so", () => {
    const txns: Txn[] = [[[["append", "x", 1]]], [[["r", "x", []]]]];
    expect(judge(txns, "serializable", false).witness).toEqual([{ part: "", order: [1, 0] }]);
    expect(judge(txns, "strictSerializable", false).anomalies).toEqual(["G-single-realtime"]);
    expect(judge(txns, "strictSerializable", true).verdict).toBe("pass");
  });

  it("an append of unknown outcome happened where it is read, and need not where it is not", () => {
    expect(judge([[[["append", "x", 1]], "info"], [[["r", "x", [1]]]]]).witness).toEqual([{ part: "", order: [0, 1] }]);
    expect(judge([[[["append", "x", 1]], "info"], [[["r", "x", []]]]]).witness).toEqual([{ part: "", order: [1] }]);
  });

  it("refuses one value appended twice, at its line", () => {
    expect(() => judge([[[["append", "x", 1]]], [[["append", "x", 1]]]])).toThrow(HistoryError);
  });

  it("agrees with all orders of up to 4 transactions, in 2,000 histories", () => {
    const step = fc.tuple(fc.boolean(), fc.constantFrom("x", "y"), fc.subarray([0, 1, 2]));
    fc.assert(fc.property(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }), fc.boolean(), fc.boolean(), fc.nat(3), (drawn, concurrent, run, at) => {
      let next = 0;
      const plan: Steps[] = drawn.map((steps) => steps.map(([read, key, seen]) => (read ? ["r", key, seen] : ["append", key, next++])));
      const txns = run ? executed(plan, at) : plan;
      for (const level of ["serializable", "strictSerializable"]) {
        const free = concurrent || level === "serializable";
        const legal = (free ? orders(txns) : [txns]).some((order) => isLegal(order));
        expect(judge(txns.map((steps) => [steps] as const), level, concurrent).verdict).toBe(legal ? "pass" : "fail");
      }
    }), { numRuns: 2000, seed: 6 });
  });
});

/** As run one after the other, but transaction `at` reads nothing: half right, half wrong. */
function executed(plan: readonly Steps[], at: number): Steps[] {
  const state: { [key: string]: unknown[] } = { x: [], y: [] };
  return plan.map((steps, t) => steps.map(([f, key, value]): Steps[number] => {
    if (f === "r") return [f, key, t === at ? [] : [...state[key]!]];
    state[key]!.push(value);
    return [f, key, value];
  }));
}

function orders<T>(items: readonly T[]): T[][] {
  return items.length === 0 ? [[]] : items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

function isLegal(order: readonly Steps[]): boolean {
  const state: { [key: string]: unknown[] } = { x: [], y: [] };
  return order.flat().every(([f, key, value]) => (f === "r" ? JSON.stringify(value) === JSON.stringify(state[key]) : state[key]!.push(value) > 0));
}

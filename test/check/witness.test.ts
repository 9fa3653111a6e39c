import fc from "fast-check";
import { expect, test } from "vitest";
import { check, type Operation } from "../../sim/check/index.ts";
import { appendRules, registerRules, type Rules } from "./brute.ts";
import { appendHistory, operationsFrom, registerHistory } from "./histories.ts";
import { flawOf, inRealTime, inSession } from "./legal.ts";

/** The same operations, on two keys. */
function onTwoKeys(histories: fc.Arbitrary<Operation[]>): fc.Arbitrary<Operation[]> {
  return fc.tuple(histories, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 })).map(([operations, onY]) => operations.map((one, at) => ({ ...one, key: onY[at] ? "y" : "x" })));
}

/** How many passed, each with one legal order for every key. */
function witnessed<State>(histories: fc.Arbitrary<Operation[]>, model: string, initial: State, rules: Rules<State>): number {
  let passes = 0;
  fc.assert(
    fc.property(onTwoKeys(histories), (operations) => {
      const { verdict, witness } = check(operations, { model });
      expect(witness !== undefined).toBe(verdict === "pass");
      if (witness === undefined) return;
      passes += 1;
      expect(witness.map(({ part }) => part).sort()).toEqual([...new Set(operations.map(({ key }) => key))].sort());
      for (const { part, order } of witness) {
        expect(flawOf(operations.filter(({ key }) => key === part), order.map((position) => operations[position]!), initial, rules, inRealTime)).toBeUndefined();
      }
    }),
    { numRuns: 2000 },
  );
  return passes;
}

test("what passes by zones, or by search beside them, has a legal order of each key: 2,000 histories of unique values", () => {
  expect(witnessed(registerHistory(8, true), "kv", null, registerRules)).toBeGreaterThan(300);
});

test("what passes by search has a legal order of each key: 2,000 histories of few values, and 2,000 of appends", () => {
  expect(witnessed(registerHistory(8, false), "kv", null, registerRules)).toBeGreaterThan(300);
  expect(witnessed(appendHistory(7), "kv-append", "", appendRules)).toBeGreaterThan(300);
});

test("a false comparison with a value that never was stands where it was invoked", () => {
  const operations = operationsFrom([
    { f: "write", input: 1, output: null, outcome: "ok", from: 0, to: 1 },
    { f: "cas", input: [7, 8], output: null, outcome: "mismatch", from: 2, to: 3 },
    { f: "read", input: null, output: 1, outcome: "ok", from: 4, to: 5 },
  ]);
  expect(check(operations).witness).toEqual([{ part: "x", order: [0, 1, 2] }]);
});

test("what is sequential has one legal order of both keys together that keeps the sessions: 2,000 histories", () => {
  const rules: Rules<{ readonly [key: string]: unknown }> = (state, operation) => {
    const next = registerRules(state[operation.key] ?? null, operation);
    return next === undefined ? undefined : { state: { ...state, [operation.key]: next.state } };
  };
  const algorithms = new Set<string>();
  fc.assert(
    fc.property(onTwoKeys(fc.boolean().chain((unique) => registerHistory(7, unique))), (operations) => {
      const { witness, algorithm } = check(operations, { consistency: "sequential" });
      if (witness === undefined) return;
      algorithms.add(algorithm);
      expect(witness.map(({ part }) => part)).toEqual([""]);
      expect(flawOf(operations, witness[0]!.order.map((position) => operations[position]!), {}, rules, inSession)).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
  expect([...algorithms].sort()).toEqual(["it is linearizable", "saturation, then search over sessions", "search over sessions"]);
});

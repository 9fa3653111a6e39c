import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, models, type Operation } from "../../sim/check/index.ts";
import { withTheRest } from "../../sim/check/witness.ts";
import { bruteForce } from "./brute.ts";
import { flawOf, inRealTime } from "./legal.ts";
import { historyOf, objects, rulesOf, type Told, withUniqueValues } from "./objects.ts";

/** Objects with values that are added once, by model. */
const unambiguous: { readonly [model: string]: Told<any> } = {
  queue: withUniqueValues(objects.queue, "enqueue"),
  stack: withUniqueValues(objects.stack, "push"),
  "priority-queue": withUniqueValues(objects["priority-queue"], "insert"),
};

for (const [name, told] of Object.entries(unambiguous)) {
  describe(name, () => {
    const fast = models[name]!.fast!;

    test("1,500 histories of up to 7 operations, a few open, against every order there is; each pass with its order", () => {
      const seen = { pass: 0, fail: 0, undecided: 0 };
      fc.assert(
        fc.property(historyOf(told, { most: 7, least: 3, reach: 4, open: 14 }), (operations) => {
          const outcome = fast.judge(operations);
          seen[outcome.verdict] += 1;
          if (outcome.verdict === "undecided") return;
          expect(outcome.verdict).toBe(bruteForce(operations, told.initial, rulesOf(told)) ? "pass" : "fail");
          if (outcome.verdict === "pass") expect(flawOf(operations, withTheRest(outcome.order(), operations), told.initial, rulesOf(told), inRealTime)).toBeUndefined();
        }),
        { numRuns: 1500 },
      );
      expect(Math.min(seen.pass, seen.fail)).toBeGreaterThan(100);
      expect(seen.undecided).toBeLessThan(150);
    });

    test("a value that is added twice is not for it", () => {
      const add = told.unique![0]!;
      const twice = [1, 2].map((number): Operation => ({ ...template, index: number - 1, f: add, input: 5, invoked: 2 * number, returned: 2 * number + 1 }));
      expect(fast.judge(twice).verdict).toBe("undecided");
      expect(check(twice, { model: name })).toMatchObject({ verdict: "pass", algorithm: "search (Wing–Gong–Lowe)" });
    });
  });
}

const template: Operation = { index: 0, process: 0, client: "c1", f: "", key: "", input: null, output: null, outcome: "ok", invoked: 0, returned: 1, invokedAt: 0, returnedAt: 0, invokeEvent: -1, returnEvent: -1 };

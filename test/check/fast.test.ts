import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, models, type Operation } from "../../sim/check/index.ts";
import { withTheRest } from "../../sim/check/witness.ts";
import { bruteForce } from "./brute.ts";
import { flawOf, inRealTime } from "./legal.ts";
import { historyOf, rulesOf, unambiguous } from "./objects.ts";

for (const [name, told] of Object.entries(unambiguous)) {
  describe(name, () => {
    const model = models[name.split(":")[0]!]!;
    const fast = model.fast!;

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
      expect(Math.min(seen.pass, seen.fail)).toBeGreaterThan(50);
      expect(seen.undecided).toBeLessThan(500);
    });
  });
}

const template: Operation = { index: 0, process: 0, client: "c1", f: "", key: "", input: null, output: null, outcome: "ok", invoked: 0, returned: 1, invokedAt: 0, returnedAt: 0, invokeEvent: -1, returnEvent: -1 };

for (const [name, f, input] of [["queue", "enqueue", 5], ["stack", "push", 5], ["priority-queue", "insert", 5], ["log", "append", 5], ["set", "add", 5], ["kv-append", "append", "a"]] as const) {
  test(`${name}: a value that is added twice is left to the search`, () => {
    const twice = [1, 2].map((number): Operation => ({ ...template, index: number - 1, f, input, invoked: 2 * number, returned: 2 * number + 1 }));
    expect(models[name]!.fast!.judge(twice).verdict).toBe("undecided");
    expect(check(twice, { model: name })).toMatchObject({ verdict: "pass", algorithm: "search (Wing–Gong–Lowe)" });
  });
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, models } from "../../sim/check/index.ts";
import type { Operation } from "../../sim/check/history.ts";
import { Search } from "../../sim/check/search.ts";
import { appendRules, bruteForce, registerRules, type Rules } from "./brute.ts";
import { appendHistory, operationsFrom, registerHistory, type Placed } from "./histories.ts";

const word = (holds: boolean): string => (holds ? "pass" : "fail");

describe("generated histories against every order there is", () => {
  const agrees = <State>(model: string, initial: State, rules: Rules<State>) => (operations: Operation[]): void => {
    expect(check(operations, { model }).verdict).toBe(word(bruteForce(operations, initial, rules)));
  };

  test("a register whose values repeat: 2,000 histories, no disagreement", () => {
    fc.assert(fc.property(registerHistory(7, false), agrees("kv", null, registerRules)), { numRuns: 2000 });
  });

  test("a register whose written values are unique: 2,000 histories, no disagreement", () => {
    fc.assert(fc.property(registerHistory(7, true), agrees("kv", null, registerRules)), { numRuns: 2000 });
  });

  test("appended texts: 2,000 histories, no disagreement", () => {
    fc.assert(fc.property(appendHistory(7), agrees("kv-append", "", appendRules)), { numRuns: 2000 });
  });

  test("two keys are judged as one map would be: 500 histories, no disagreement", () => {
    const both = fc.tuple(registerHistory(6, false), fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }));
    const rules: Rules<{ readonly [key: string]: unknown }> = (state, operation) => {
      const next = registerRules(state[operation.key] ?? null, operation);
      return next === undefined ? undefined : { state: { ...state, [operation.key]: next.state } };
    };
    fc.assert(
      fc.property(both, ([operations, onY]) => {
        const keyed = operations.map((operation, position) => ({ ...operation, key: onY[position] ? "y" : "x" }));
        expect(check(keyed).verdict).toBe(word(bruteForce(keyed, {}, rules)));
      }),
      { numRuns: 500 },
    );
  });

  test("the search alone, and with the chains of unique values, says the same as zones where those decide", () => {
    fc.assert(
      fc.property(registerHistory(12, true), (operations) => {
        const outcome = models.kv!.fast!.judge(operations);
        const alone = new Search(operations, models.kv!).run(100_000);
        if (outcome.verdict !== "undecided") expect(alone).toBe(outcome.verdict);
        else if (outcome.chains !== undefined) expect(new Search(operations, models.kv!, outcome.chains).run(100_000)).toBe(alone);
      }),
      { numRuns: 2000 },
    );
  });

  test("the culprit ends the shortest beginning that has no legal order", () => {
    fc.assert(
      fc.property(fc.boolean().chain((unique) => registerHistory(7, unique)), (operations) => {
        const { verdict, failure } = check(operations);
        if (verdict === "pass") return;
        const culprit = operations[failure!.operations.at(-1)!]!;
        expect(bruteForce(beginning(operations, culprit.returned), null, registerRules)).toBe(false);
        expect(bruteForce(beginning(operations, culprit.returned - 1), null, registerRules)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

/** What had happened by a position: what had not returned by then is open. */
function beginning(operations: readonly Operation[], end: number): Operation[] {
  const begun = operations.filter(({ invoked }) => invoked <= end);
  return begun.map((operation) => (operation.returned <= end ? operation : { ...operation, outcome: "info" as const, returned: Infinity }));
}

const write = (client: string, value: unknown, from: number, to: number): Placed => ({ client, f: "write", input: value, output: null, outcome: "ok", from, to });
const read = (client: string, value: unknown, from: number, to: number): Placed => ({ client, f: "read", input: null, output: value, outcome: "ok", from, to });
const cas = (client: string, expected: unknown, value: unknown, from: number, to: number): Placed => ({ client, f: "cas", input: [expected, value], output: null, outcome: "ok", from, to });
const mismatch = (client: string, expected: unknown, value: unknown, from: number, to: number): Placed => ({ ...cas(client, expected, value, from, to), outcome: "mismatch" });
const open = (deed: Placed): Placed => ({ ...deed, outcome: "info" });

describe("histories known to be right", () => {
  const passes = (...deeds: Placed[]): void => expect(check(operationsFrom(deeds)).verdict).toBe("pass");

  test("nothing at all", () => expect(check([]).verdict).toBe("pass"));
  test("a read during a write may return the old value or the new", () => passes(write("c1", 1, 0, 9), read("c2", null, 1, 2), read("c3", 1, 3, 4)));
  test("a write that never returned may take effect much later", () => passes(open(write("c1", 1, 0, 0)), write("c2", 2, 1, 2), read("c3", 2, 3, 4), read("c3", 1, 5, 6)));
  test("a write that never returned may never take effect", () => passes(open(write("c1", 1, 0, 0)), read("c3", null, 3, 4)));
  test("a value that an open write displaced need not be found", () => passes(write("c1", 1, 0, 1), open(write("c2", 2, 2, 2)), mismatch("c3", 1, 3, 4, 5)));
  test("a value that an open cas displaced need not be found", () => passes(write("c1", 1, 0, 1), open(cas("c2", 1, 2, 2, 2)), mismatch("c3", 1, 3, 4, 5)));
});

describe("histories known to be wrong, each with its sentence and its operations", () => {
  const fails = (...deeds: Placed[]): readonly [string, readonly number[]] => {
    const { verdict, detail, failure } = check(operationsFrom(deeds));
    expect(verdict).toBe("fail");
    return [detail, failure!.operations];
  };

  test("a stale read", () => {
    expect(fails(write("c1", 17, 0, 1), write("c1", 21, 2, 3), read("c2", 17, 4, 5))).toEqual([
      "read of x by c2 returned 17 at 0.005s, after c1's write of 21 had completed at 0.003s and nobody wrote 17 since",
      [0, 1, 2],
    ]);
  });

  test("a read of the first value after a write", () => {
    expect(fails(write("c1", 1, 0, 1), read("c2", null, 2, 3))).toEqual([
      "read of x by c2 returned null at 0.003s, after c1's write of 1 had completed at 0.001s and nobody wrote null since",
      [0, 1],
    ]);
  });

  test("a value that nobody wrote, and one that is written only later", () => {
    expect(fails(read("c2", 7, 0, 1))).toEqual(["read of x by c2 returned 7 at 0.001s, which nobody had written", [0]]);
    expect(fails(read("c2", 7, 0, 1), write("c1", 7, 2, 3))).toEqual(["read of x by c2 returned 7 at 0.001s, which nobody had written", [0]]);
  });

  test("two clients that compare-and-set from the same value", () => {
    expect(fails(write("c1", 1, 0, 1), cas("c2", 1, 2, 2, 6), cas("c3", 1, 3, 3, 7))).toEqual([
      "cas of x from 1 to 3 by c3 succeeded at 0.005s, although another cas found 1 too, which was there only once: c2's cas from 1 to 2 had completed at 0.004s",
      [0, 1, 2],
    ]);
  });

  test("a value that comes back, though it was written once", () => {
    expect(fails(write("c1", 1, 0, 9), write("c2", 2, 0, 9), read("c3", 1, 1, 2), read("c3", 2, 3, 4), read("c3", 1, 5, 6))).toEqual([
      "read of x by c3 returned 1 at 0.007s, after c3's read had returned 2 at 0.005s, although 1 was there before that and was written only once: c3's read had returned 1 at 0.003s",
      [0, 2, 3, 4],
    ]);
  });

  test("two values, each there before the other", () => {
    expect(fails(write("c1", 1, 0, 20), write("c2", 2, 0, 20), read("c3", 1, 1, 2), read("c3", 2, 3, 9), read("c4", 2, 1, 4), read("c4", 1, 5, 10))[0]).toBe(
      "read of x by c4 returned 1 at 0.009s, after c4's read had returned 2 at 0.006s, but c3's read had returned 2 at 0.008s, after c3's read had returned 1 at 0.004s: each value was there before the other",
    );
  });

  test("a comparison that fails, though nothing has replaced the value", () => {
    expect(fails(write("c1", 1, 0, 1), mismatch("c2", 1, 2, 3, 4))).toEqual([
      "cas of x from 1 to 2 by c2 found another value than 1 at 0.003s, after c1's write of 1 had completed at 0.001s and nobody wrote another value since",
      [0, 1],
    ]);
    expect(fails(mismatch("c2", null, 2, 3, 4))).toEqual(["cas of x from null to 2 by c2 found another value than null at 0.001s, although nothing else had been written", [0]]);
  });

  test("a retried cas that was applied, and then answers that it was not", () => {
    expect(fails(write("c1", 1, 0, 1), mismatch("c2", 1, 2, 2, 5), read("c3", 2, 6, 7))[0]).toBe(
      "cas of x from 1 to 2 by c2 found another value than 1 at 0.003s, after c1's write of 1 had completed at 0.001s and nobody wrote another value since",
    );
  });

  test("what no simple sentence tells is told by its place", () => {
    // The open write of 2 can displace 1 once, and 1 is back afterwards: the second comparison has nothing to displace it.
    expect(fails(write("c1", 1, 0, 1), open(write("c2", 2, 2, 2)), mismatch("c3", 1, 5, 3, 4), write("c1", 1, 5, 6), mismatch("c3", 1, 6, 7, 8), read("c4", 1, 9, 10))[0]).toMatch(
      /^cas of x from 1 to 6 by c3 found another value than 1 at 0\.008s, /,
    );
  });

  test("a failure points to the event and the time of the culprit's completion", () => {
    const operations = operationsFrom([write("c1", 1, 0, 1), read("c2", null, 2, 3)]).map((operation) => ({ ...operation, invokeEvent: 100 + operation.invoked, returnEvent: 100 + operation.returned }));
    expect(check(operations).failure).toEqual({ key: "x", operations: [0, 1], event: 103, time: 3_000_000 });
  });
});

describe("budgets", () => {
  /** Overlapping writes of few values, and a read at the end that no order explains but that only exploring all shows. */
  const hard = operationsFrom([
    ...Array.from({ length: 8 }, (_, number) => write(`w${number}`, number, number, 50 + number)),
    ...Array.from({ length: 8 }, (_, number) => write(`v${number}`, number, number, 60 + number)),
    ...Array.from({ length: 8 }, (_, number) => mismatch(`m${number}`, number, 100 + number, 70 + number, 71 + number)),
    read("r", 3, 90, 91),
    mismatch("s", 3, 99, 92, 93),
  ]);

  test("a budget that ends is unknown, with what was explored and what is left", () => {
    const verdict = check(hard, { budget: 10 });
    expect(verdict).toMatchObject({ verdict: "unknown", explored: 10, detail: "the budget ended after 10 configurations, with 1 key undecided: x" });
  });

  test("with enough of it the same history fails", () => expect(check(hard).verdict).toBe("fail"));

  test("a key that fails is found beside one that eats the budget", () => {
    const easy = operationsFrom([write("c1", 1, 0, 1), cas("c2", 1, 1, 2, 3), write("c3", 1, 4, 5), read("c2", null, 6, 7)]).map((operation) => ({ ...operation, key: "easy", index: hard.length + operation.index }));
    expect(check([...hard, ...easy], { budget: 5000 })).toMatchObject({ verdict: "fail", failure: { key: "easy" } });
  });
});

test("the verdict names the algorithm that decided", () => {
  const algorithm = (...deeds: Placed[]): string => check(operationsFrom(deeds)).algorithm;
  expect(algorithm(write("c1", 1, 0, 1), read("c1", 1, 2, 3))).toBe("zones (Gibbons–Korach)");
  expect(algorithm(write("c1", 1, 0, 1), write("c1", 1, 2, 3))).toBe("search (Wing–Gong–Lowe)");
  expect(algorithm(write("c1", 1, 0, 1), write("c1", 1, 2, 3), { ...write("c1", 1, 4, 5), key: "y" })).toBe("zones (Gibbons–Korach); search (Wing–Gong–Lowe) on 1 key");
});

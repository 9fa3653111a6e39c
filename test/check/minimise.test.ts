import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, modelOf, type Operation, operationsOf, readHistory } from "../../sim/check/index.ts";
import { minimise } from "../../sim/check/minimise.ts";
import { verify } from "../../sim/check/verify.ts";
import { read } from "../house/source.ts";
import { appendRules, bruteForce, registerRules, type Rules } from "./brute.ts";
import { appendHistory, operationsFrom, type Placed, registerHistory } from "./histories.ts";
import { historyOf, objects, rulesOf } from "./objects.ts";

interface Subject {
  readonly model: string;
  readonly histories: fc.Arbitrary<Operation[]>;
  readonly initial: unknown;
  readonly rules: Rules<any>;
}

const subjects: readonly Subject[] = [
  { model: "kv", histories: fc.boolean().chain((unique) => registerHistory(7, unique)), initial: null, rules: registerRules },
  { model: "kv-append", histories: appendHistory(7), initial: "", rules: appendRules },
  ...(["set", "queue", "stack", "priority-queue", "counter", "mutex"] as const).map((model) => ({ model, histories: historyOf(objects[model], { most: 7 }), initial: objects[model].initial as unknown, rules: rulesOf(objects[model]) })),
];

/** What leaves together with an operation, tried out: the history without it and all that must go with it. */
function without(operations: readonly Operation[], model: string, gone: Operation): Operation[] {
  // An attempt that "fails" exactly where it lacks the operation: what minimise leaves is then the least closure removed.
  const { operations: kept } = minimise(operations, modelOf(model), (some) => ({ fails: !some.includes(gone) && operations.length - some.length <= closure(operations, model, gone), explored: 0 }), 10_000);
  return [...kept];
}

function closure(operations: readonly Operation[], model: string, gone: Operation): number {
  let least = Infinity;
  minimise(operations, modelOf(model), (some) => {
    if (!some.includes(gone)) least = Math.min(least, operations.length - some.length);
    return { fails: false, explored: 0 };
  }, 10_000);
  return least;
}

for (const { model, histories, initial, rules } of subjects) {
  const isLegal = (operations: readonly Operation[]): boolean => bruteForce(operations, initial, rules);

  describe(`minimising ${model}`, () => {
    test("what remains of a legal history is legal: 400 histories, each operation left out with those that are tied to it", () => {
      fc.assert(
        fc.property(histories, (operations) => {
          if (!isLegal(operations)) return;
          for (const operation of operations) expect(isLegal(without(operations, model, operation))).toBe(true);
        }),
        { numRuns: 400 },
      );
    });

    test("a fail is told by operations that fail by themselves, of which none can be left out, in 400 histories", () => {
      fc.assert(
        fc.property(histories, (operations) => {
          const verdict = check(operations, { model, minimal: true });
          expect(verdict.verdict).toBe(isLegal(operations) ? "pass" : "fail");
          if (verdict.verdict === "pass") return;
          const { operations: positions, isMinimal } = verdict.failure!;
          expect(isMinimal).toBe(true);
          const end = operations[positions.at(-1)!]!.returned;
          const few = positions.map((position) => operations[position]!).map((one): Operation => (one.returned <= end ? one : { ...one, outcome: "info", output: null, returned: Infinity }));
          expect(isLegal(few)).toBe(false);
          for (const operation of few) {
            const rest = without(few, model, operation);
            if (rest.length < few.length) expect(isLegal(rest)).toBe(true);
          }
          expect(verify(verdict, operations, modelOf(model)).outcome).toBe("verified");
        }),
        { numRuns: 400 },
      );
    });
  });
}

const deed = (client: string, f: string, value: unknown, from: number, to: number): Placed => ({ client, f, input: f === "read" ? null : value, output: f === "read" ? value : null, outcome: "ok", from, to });

test("a stale read among a hundred others is told by two writes and the read", () => {
  const noise = Array.from({ length: 50 }, (_, at) => [deed("c1", "write", 100 + at, 4 * at, 4 * at + 1), deed("c2", "read", 100 + at, 4 * at + 2, 4 * at + 3)]).flat();
  const operations = operationsFrom([...noise, deed("c1", "write", 1, 300, 301), deed("c1", "write", 2, 302, 303), deed("c2", "read", 1, 304, 305)]);
  const { detail, failure } = check(operations, { minimal: true });
  expect(failure!.operations.map((position) => [operations[position]!.f, operations[position]!.input ?? operations[position]!.output])).toEqual([["write", 1], ["write", 2], ["read", 1]]);
  expect(detail).toBe("read of x by c2 returned 1 at 0.205s, after c1's write of 2 had completed at 0.203s and nobody wrote 1 since");
});

test("the operations of a wrong run of a real store are few: no more than a dozen of hundreds", () => {
  for (const name of ["c01-bad", "c10-bad"]) {
    const { history, lines } = readHistory(read(`test/check/porcupine/kv/${name}.txt`));
    const operations = operationsOf(history, lines);
    const verdict = check(operations, { model: "kv-append", minimal: true });
    expect(verdict.verdict).toBe("fail");
    expect(verdict.failure!.operations.length).toBeLessThanOrEqual(12);
    expect(verify(verdict, operations, modelOf("kv-append"))).toMatchObject({ outcome: "verified" });
  }
});

describe("other levels", () => {
  const levels = "sequential kAtomic(2) boundedStaleness(2.5ms) causal causalConvergence causalMemory pram readYourWrites monotonicReads monotonicWrites writesFollowReads".split(" ");
  // Real time is what these are not about, and where beginnings of a history do not tell: the operations are judged as they are.
  for (const consistency of levels.filter((level) => !level.startsWith("kAtomic"))) {
    test(`${consistency}: the operations that are left fail by themselves, and no longer without any of them, in 500 histories`, () => {
      let failed = 0;
      fc.assert(
        fc.property(registerHistory(8, true, 3), (operations) => {
          const verdict = check(operations, { consistency, minimal: true });
          if (verdict.verdict !== "fail") return;
          failed += 1;
          const few = verdict.failure!.operations.map((position) => operations[position]!).sort((a, b) => a.invoked - b.invoked);
          expect(check(few, { consistency }).verdict).toBe("fail");
          for (const operation of few) {
            const rest = without(few, "kv", operation);
            if (rest.length < few.length && rest.length > 0) expect(check(rest, { consistency }).verdict).toBe("pass");
          }
        }),
        { numRuns: 500 },
      );
      expect(failed).toBeGreaterThan(20);
    });
  }

  for (const consistency of ["sequential", "kAtomic(2)", "boundedStaleness(2.5ms)"]) {
    test(`${consistency}: every refutation of 500 histories is verified by trying its orders`, () => {
      fc.assert(
        fc.property(registerHistory(8, true, 3), (operations) => {
          const verdict = check(operations, { consistency, minimal: true });
          if (verdict.verdict === "fail") expect(verify(verdict, operations, modelOf("kv"))).toMatchObject({ outcome: "verified" });
        }),
        { numRuns: 500 },
      );
    });
  }
});

describe("the verifier finds a verdict out that is wrong", () => {
  const operations = operationsFrom([deed("c1", "write", 1, 0, 1), deed("c1", "write", 2, 2, 3), deed("c2", "read", 1, 1.5, 5), deed("c3", "read", 2, 6, 7)]);
  const pass = { ...check(operations), verdict: "pass" as const };
  const witness = (...order: number[]) => verify({ ...pass, witness: [{ part: "x", order }] }, operations, modelOf("kv"));

  test("the right order is verified", () => expect(witness(0, 1, 2, 3)).toEqual({ outcome: "verified", why: "4 operations went one after the other as the witness puts them" }));
  test("one that is not legal is wrong", () => expect(witness(0, 2, 1, 3)).toEqual({ outcome: "wrong", why: "operation 1 cannot have gone as it went where the witness puts it" }));
  test("one that turns real time round is wrong", () => expect(witness(2, 3, 0, 1)).toEqual({ outcome: "wrong", why: "operation 0 had ended before one began that the witness puts before it" }));
  test("one that leaves something out is wrong", () => expect(witness(0, 1, 2)).toEqual({ outcome: "wrong", why: "the witness leaves out operation 3" }));
  test("one that takes something twice is wrong", () => expect(witness(0, 1, 1, 2, 3)).toEqual({ outcome: "wrong", why: "the witness names an operation that is not there, or one twice" }));
  test("a refutation that has a legal order is wrong", () => {
    const failure = { key: "x", operations: [0, 2, 3], event: -1, time: 0, isMinimal: true };
    expect(verify({ ...pass, verdict: "fail", failure }, operations, modelOf("kv"))).toEqual({ outcome: "wrong", why: "the operations that should refute it have a legal order" });
  });
  test("it is short enough to be read in one go", () => expect(read("sim/check/verify.ts").split("\n").length).toBeLessThan(150));
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, type HistoryEvent, isolationLevels, type Reason, type Verdict, verifyTransactions } from "../../../sim/check/index.ts";
import { type TransactionModel, transactionsOf } from "../../../sim/check/transactions/transaction.ts";
import { read } from "../../house/source.ts";
import { histories, sessions } from "../isolation/histories.ts";
import { made } from "./generated.ts";

const models: readonly TransactionModel[] = ["list-append", "rw-register"];
const levels = Object.keys(isolationLevels);
const smallHistories = (model: TransactionModel): fc.Arbitrary<HistoryEvent[]> => fc.oneof(histories(model, 7), made(model).map(({ history }) => history));

const judged = (history: readonly HistoryEvent[], model: TransactionModel, consistency: string): Verdict => check(history, { model, consistency, minimal: true });
const verification = (history: readonly HistoryEvent[], verdict: Verdict) => verifyTransactions(verdict, transactionsOf(history, undefined, verdict.model as TransactionModel));

describe.each(models)("verdicts on %s", (model) => {
  test.each(levels)("%s: each of 150 histories' is verified, and hardly any left open", (consistency) => {
    const counts = { pass: 0, fail: 0, unknown: 0, open: 0 };
    fc.assert(
      fc.property(smallHistories(model), (history) => {
        const verdict = judged(history, model, consistency);
        const { outcome, why } = verification(history, verdict);
        if (outcome === "wrong") throw new Error(`${verdict.detail}: ${why}`);
        counts[verdict.verdict] += 1;
        if (outcome === "open") counts.open += 1;
      }),
      { numRuns: 150, seed: 7 },
    );
    expect(Math.min(counts.pass, counts.fail)).toBeGreaterThan(5);
    expect(counts.open).toBeLessThanOrEqual(3);
  });

  test("what fails has no order: whichever is given as a witness is found out, in 300 histories at all levels", () => {
    let found = 0;
    fc.assert(
      fc.property(smallHistories(model), fc.constantFrom(...levels), fc.infiniteStream(fc.nat()), (history, consistency, chance) => {
        const verdict = judged(history, model, consistency);
        if (verdict.verdict !== "fail") return;
        const happened = [...transactionsOf(history, undefined, model).entries()].filter(([, { outcome }]) => outcome !== "aborted").map(([t]) => t);
        const shuffled = happened.map((t) => [chance.next().value, t] as const).sort(([a], [b]) => a - b).map(([, t]) => t);
        for (const order of [happened, shuffled]) expect(verification(history, { ...verdict, verdict: "pass", witness: [{ part: "", order }] }).outcome).toBe("wrong");
        found += 1;
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(found).toBeGreaterThan(30);
  });

  test("what passes has no circle: whichever is given as a refutation is not verified, in 300 histories at all levels", () => {
    const step = fc.record({ to: fc.nat(6), kind: fc.constantFrom("session", "wr", "ww", "rw", "inferred", "apart", "realtime"), key: fc.constantFrom("x", "y") });
    let found = 0;
    fc.assert(
      fc.property(smallHistories(model), fc.constantFrom(...levels), fc.array(fc.array(step, { minLength: 2, maxLength: 3 }), { minLength: 20, maxLength: 20 }), (history, consistency, drafts) => {
        const verdict = judged(history, model, consistency);
        if (verdict.verdict !== "pass") return;
        for (const draft of drafts) {
          const cycle = draft.map(({ to, kind, key }, i): Reason => ({ from: draft.at(i - 1)!.to, to, kind, key, why: "" }));
          expect(verification(history, { ...verdict, verdict: "fail", failure: { key: "", operations: [], cycle, event: -1, time: 0 } }).outcome).not.toBe("verified");
          found += 1;
        }
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(found).toBeGreaterThan(1000);
  });

  test("what passes has none of the anomalies: whichever is named is not there, in 300 histories at all levels", () => {
    const names = ["garbage-read", "duplicate-elements", "incompatible-order", "cyclic-versions", "future-read", "G1a", "G1b", "internal", "dirty-update", "lost-update"];
    fc.assert(
      fc.property(smallHistories(model), fc.constantFrom(...levels), fc.nat(6), fc.nat(6), fc.constantFrom("x", "y"), (history, consistency, a, b, key) => {
        const verdict = judged(history, model, consistency);
        const { length } = transactionsOf(history, undefined, model);
        if (verdict.verdict !== "pass" || Math.max(a, b) >= length) return;
        const failure = { key, operations: [a, b], event: -1, time: 0 };
        for (const name of names) expect(`${name} ${verification(history, { ...verdict, verdict: "fail", detail: `${name}: `, failure }).outcome}`).not.toBe(`${name} verified`);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

describe("what is wrong with a witness or a circle is said", () => {
  const history = sessions("[x1] [x2]", "[x=1 y3]");
  const pass = judged(history, "rw-register", "serializable");
  const witness = (...order: number[]) => verification(history, { ...pass, witness: [{ part: "", order }] });
  const cycle = (...steps: (readonly [number, number, string])[]) => verification(history, { ...pass, verdict: "fail", failure: { key: "x", operations: [], cycle: steps.map(([from, to, kind]) => ({ from, to, kind, key: "x", why: "" })), event: -1, time: 0 } });

  test("the right order is verified", () => expect(witness(0, 1, 2)).toEqual({ outcome: "verified", why: "3 transactions went one after the other as the witness puts them" }));
  test("a read of what is not there", () => expect(witness(1, 0, 2)).toEqual({ outcome: "wrong", why: "T1 cannot have read what it did where the witness puts it" }));
  test("a session turned round", () => expect(witness(2, 0, 1)).toEqual({ outcome: "wrong", why: "T0 had returned before one began that the witness puts before it" }));
  test("one is missing", () => expect(witness(0, 1)).toEqual({ outcome: "wrong", why: "the witness leaves out T2" }));
  test("one is there twice", () => expect(witness(0, 1, 1, 2)).toEqual({ outcome: "wrong", why: "the witness names a transaction that did not happen, or one twice" }));
  test("a circle that is none", () => expect(cycle([0, 1, "wr"], [2, 0, "rw"])).toEqual({ outcome: "wrong", why: "the circle is not closed: T1 is followed by T2" }));
  test("a step that is not there", () => expect(cycle([0, 1, "wr"], [1, 0, "wr"])).toEqual({ outcome: "wrong", why: "that T1 must stand before T0 (wr) is not in the history" }));
  test("a step that need not be so", () => expect(cycle([0, 1, "wr"], [1, 2, "rw"], [2, 0, "inferred"])).toEqual({ outcome: "wrong", why: "the transactions have an order that explains what they read" }));
  test("each of its files is short enough to be read in one go", () => {
    for (const name of ["verify", "contradictions"]) expect(read(`sim/check/transactions/${name}.ts`).split("\n").length).toBeLessThan(150);
  });
});

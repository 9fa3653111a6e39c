import fc from "fast-check";
import { expect, test } from "vitest";
import { check, type HistoryEvent, judgeListAppend } from "../../../sim/check/index.ts";
import { judgeIsolation } from "../../../sim/check/isolation/judge.ts";
import { type Transaction, transactionsOf } from "../../../sim/check/transactions/transaction.ts";
import { histories, historyFrom, sessions } from "./histories.ts";

test("1,000 histories of lists are strictly serializable, or not, by the dependency graph as by what reads force", () => {
  fc.assert(
    fc.property(histories("list-append", 8), (history) => {
      const consistency = "strictSerializable";
      const forced = judgeIsolation(transactionsOf(history, undefined, "list-append"), { model: "list-append", consistency, budget: 100_000 });
      return forced.verdict === judgeListAppend(history, consistency).verdict;
    }),
    { numRuns: 1000 },
  );
});

/** Whether each read of a serial run finds what was there. */
function replays(transactions: readonly Transaction[], order: readonly number[]): boolean {
  const state = new Map<string, unknown>();
  return order.every((t) => transactions[t]!.steps.every(([f, key, value]) => {
    if (f === "w") state.set(key, value);
    return f === "w" || transactions[t]!.outcome !== "ok" || (state.get(key) ?? null) === value;
  }));
}

test("the witness of a serializable history replays, with every committed transaction in it: 1,000 histories", () => {
  fc.assert(
    fc.property(histories("rw-register", 9), (history) => {
      const transactions = transactionsOf(history, undefined, "rw-register");
      const { verdict, witness } = check(history, { model: "rw-register", consistency: "serializable" });
      if (verdict !== "pass") return true;
      const order = witness![0]!.order;
      return replays(transactions, order) && transactions.every(({ outcome }, t) => outcome !== "ok" || order.includes(t));
    }),
    { numRuns: 1000 },
  );
});

test("a fail comes with a circle whose steps say why", () => {
  const { detail, failure } = check(sessions("[x1 y1]", "[x=1 y=0]"), { model: "rw-register", consistency: "readAtomic" });
  expect(detail).toBe("a circle: T0 before T1 (T1 saw T0's write of x), T1 before T0 (T1 read y as it was at first, without T0's write)");
  expect(failure?.cycle?.map(({ from, to, kind, key }) => [from, to, kind, key])).toEqual([[0, 1, "wr", "x"], [1, 0, "rw", "y"]]);
  expect(failure?.operations).toEqual([0, 1]);
});

test("a value that two transactions wrote leaves a pass open, but not a fail", () => {
  const twice = check(sessions("[x1]", "[x1]", "[x=1]"), { model: "rw-register" });
  expect([twice.verdict, twice.detail]).toEqual(["unknown", "1 read returned what several transactions wrote; the others can be explained, and this level is decided only where each value that is read is written once"]);
  expect(check(sessions("[x1]", "[x1]", "[x=1 z=9]"), { model: "rw-register" }).verdict).toBe("fail");
  expect(check(sessions("[x1]", "[x1]"), { model: "rw-register" }).verdict).toBe("pass");
});

test("a transaction of unknown end happened where it was read, and need not where it was not", () => {
  const read = (value: number | null): HistoryEvent[] => historyFrom([{ client: "c1", steps: [["w", "x", 1]], outcome: "info", from: 0, to: 1 }, { client: "c2", steps: [["r", "x", value]], from: 2, to: 3 }]);
  expect([check(read(1), { model: "rw-register" }).witness, check(read(null), { model: "rw-register" }).witness]).toEqual([[{ part: "", order: [0, 1] }], [{ part: "", order: [1] }]]);
});

test("a search that its budget ends says unknown, with what was explored", () => {
  const writers = Array.from({ length: 6 }, (_, i) => `[a${i + 1}] [b${i + 1}] [c${i + 1}]`);
  const { verdict, explored } = judgeIsolation(transactionsOf(sessions(...writers)), { model: "rw-register", consistency: "serializable", budget: 1 });
  expect([verdict, explored]).toEqual(["unknown", 1]);
});

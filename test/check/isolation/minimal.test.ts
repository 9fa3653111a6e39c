import { expect, test } from "vitest";
import { check, verifyTransactions } from "../../../sim/check/index.ts";
import { judgeIsolation } from "../../../sim/check/isolation/judge.ts";
import { transactionsOf } from "../../../sim/check/transactions/transaction.ts";
import { sessions } from "./histories.ts";

/**
 * Of two writers of x one comes first, with all who read it, and so of two writers of y. Each of the four choices runs in a
 * circle, and none of them is forced: only trying them out shows that there is no order.
 */
const puzzle = ["[x1 a1]", "[x2 b1]", "[y1 c1]", "[y2 d1]", "[y=1 a=1 b=1]", "[y=2 a=1 b=1]", "[x=1 c=1 d=1]", "[x=2 c=1 d=1]"];
const noise = ["[p1] [p2]", "[p=2 q1]", "[q=1 r1]", "[s1 p=1]"];

test.each(["serializable", "snapshotIsolation", "prefixConsistent"])("%s: a fail that only trying shows is told by the transactions that it takes, and verified by their orders", (consistency) => {
  const history = sessions(...noise, ...puzzle);
  const transactions = transactionsOf(history);
  const asked = { model: "rw-register", consistency } as const;
  const plain = check(history, asked);
  expect(plain.verdict).toBe("fail");
  expect(plain.failure!.cycle).toBeUndefined();

  const verdict = check(history, { ...asked, minimal: true });
  const { operations, isMinimal } = verdict.failure!;
  expect(isMinimal).toBe(true);
  expect(operations.map((t) => transactions[t]!.client).sort()).toEqual(["c10", "c11", "c12", "c5", "c6", "c7", "c8", "c9"]);
  expect(verdict.detail).toBe(`no order of ${operations.map((t) => `T${t}`).join(", ")} explains what they read, and without any of them one does`);
  expect(verifyTransactions(verdict, transactions)).toEqual({ outcome: "verified", why: "none of the orders of 8 transactions explains what they read" });

  const judge = (kept: readonly number[]): string => judgeIsolation(transactions.map((one, t) => (kept.includes(t) ? one : { ...one, outcome: "aborted", steps: [] })), { ...asked, budget: 100_000 }).verdict;
  expect(judge(operations)).toBe("fail");
  // A writer leaves with those who read it: without their writer these would be wrong for another reason.
  for (const reader of operations.filter((t) => transactions[t]!.steps.some(([f]) => f === "r"))) expect(judge(operations.filter((t) => t !== reader))).toBe("pass");
});

test("too few are found out: without one of them the others have an order", () => {
  const history = sessions(...puzzle);
  const verdict = check(history, { model: "rw-register", consistency: "serializable", minimal: true });
  const fewer = verdict.failure!.operations.filter((t) => t !== 7);
  expect(verifyTransactions({ ...verdict, failure: { ...verdict.failure!, operations: fewer } }, transactionsOf(history))).toEqual({ outcome: "wrong", why: "the transactions have an order that explains what they read" });
});

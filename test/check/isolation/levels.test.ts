import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readingsOf } from "../../../sim/check/isolation/read-mapping.ts";
import { judgeReadings } from "../../../sim/check/isolation/judge.ts";
import { type TransactionModel, transactionsOf } from "../../../sim/check/transactions/transaction.ts";
import { heldByDefinition, levelNames } from "./definitions.ts";
import { histories } from "./histories.ts";

/** `npm run nightly` asks for 100,000. */
const RUNS = Number(process.env["SPLITBRAIN_PAIR_RUNS"] ?? 2000);
const timeout = 60_000 + 30 * RUNS;

describe.each<TransactionModel>(["rw-register", "list-append"])("levels of isolation over %s", (model) => {
  test(`${RUNS} histories of up to 5 transactions get the verdict of the definition, all orders of commits tried`, { timeout }, () => {
    const counts: { [level: string]: { pass: number; fail: number } } = Object.fromEntries(levelNames.map((name) => [name, { pass: 0, fail: 0 }]));
    fc.assert(
      fc.property(histories(model, 5), (history) => {
        const transactions = transactionsOf(history, undefined, model);
        const readings = readingsOf(transactions, model);
        const held = heldByDefinition(transactions);
        const wrong = levelNames.filter((level) => (judgeReadings(readings, model, level, 100_000).verdict === "pass") !== held.has(level));
        if (wrong.length > 0) expect(wrong).toEqual([]);
        for (const level of levelNames) counts[level]![held.has(level) ? "pass" : "fail"] += 1;
      }),
      { numRuns: RUNS },
    );
    if (process.env["COUNTS"] !== undefined) console.log(model, counts);
    for (const level of levelNames) expect(Math.min(counts[level]!.pass, counts[level]!.fail), level).toBeGreaterThan(RUNS / 40);
  });
});

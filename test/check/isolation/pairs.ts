/**
 * Every pair of judges of transactions, and of levels of sessions, that can judge the same history. Where one of them tries every
 * order, it is asked for all levels at once. This file is also built into copies of the checkers with a mistake in them.
 */
import fc from "fast-check";
import { check, type HistoryEvent } from "../../../sim/check/index.ts";
import { judgeReadings } from "../../../sim/check/isolation/judge.ts";
import { readingsOf } from "../../../sim/check/isolation/read-mapping.ts";
import { judgeByGraph } from "../../../sim/check/transactions/judge.ts";
import { type TransactionModel, transactionsOf } from "../../../sim/check/transactions/transaction.ts";
import { type Compared, type Disagreement, firstWrong } from "../pairs.ts";
import { definitions, happened, mixed, scattered } from "../session-definitions.ts";
import { heldByDefinition, levelNames } from "./definitions.ts";
import { histories } from "./histories.ts";

export interface JudgedPair {
  readonly name: string;
  run(runs: number, options?: { readonly seed?: number; readonly endOnFailure?: boolean }): Disagreement;
}

const BUDGET = 100_000;
const MODELS: readonly TransactionModel[] = ["rw-register", "list-append"];
const BY_GRAPH = ["snapshotIsolation", "serializable", "strictSerializable"];

/** What is said is that of a level in the middle, so that both verdicts come up. */
function byDefinition(history: readonly HistoryEvent[], model: TransactionModel): Compared {
  const transactions = transactionsOf(history, undefined, model);
  const readings = readingsOf(transactions, model);
  const held = heldByDefinition(transactions);
  const wrong = levelNames.filter((level) => (judgeReadings(readings, model, level, BUDGET).verdict === "pass") !== held.has(level));
  const verdict = held.has("prefixConsistent") ? "pass" : "fail";
  return wrong.length === 0 ? { verdict } : { verdict, disagreement: `${wrong.join(", ")}: not as defined` };
}

function byGraph(history: readonly HistoryEvent[], model: TransactionModel, consistency: string): Compared {
  const { verdict } = judgeByGraph(history, model, consistency, { sessions: true });
  if (verdict === "unknown") return { verdict: "undecided" };
  const other = judgeReadings(readingsOf(transactionsOf(history, undefined, model), model), model, consistency, BUDGET).verdict;
  return other === verdict ? { verdict } : { verdict, disagreement: `the graph says ${verdict}, the search ${other}` };
}

const ofTransactions = MODELS.flatMap((model): JudgedPair[] => [
  { name: `${model}: levels of isolation and every order`, run: (runs, options) => firstWrong(histories(model, 5), (history) => byDefinition(history, model), runs, options) },
  ...BY_GRAPH.map((level): JudgedPair => ({
    name: `${model}: dependency graph and search, ${level}`,
    run: (runs, options) => firstWrong(histories(model, 6), (history) => byGraph(history, model, level), runs, options),
  })),
]);

const ofSession = fc.oneof(mixed(6), scattered(7), scattered(7));
const ofSessions = Object.entries(definitions).map(([level, definition]): JudgedPair => ({
  name: `${level} and its definition`,
  run: (runs, options) =>
    firstWrong(ofSession, (operations): Compared => {
      const certain = happened(operations);
      const verdict = certain !== undefined && definition(certain) ? "pass" : "fail";
      const said = check(operations, { consistency: level }).verdict;
      return said === verdict ? { verdict } : { verdict, disagreement: `${level} is said to ${said}, by its definition it does ${verdict}` };
    }, runs, options),
}));

export const judgedPairs: readonly JudgedPair[] = [...ofTransactions, ...ofSessions];

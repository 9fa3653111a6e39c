/** Models of transactions, and how a history of them is judged. */
import { CheckError } from "./check-error.ts";
import { type HistoryEvent, type Operation, operationsOf } from "./history.ts";
import { judgeIsolation } from "./isolation/judge.ts";
import { minimalOfTransactions } from "./isolation/minimal.ts";
import { isolationLevels, NATURAL, WITHOUT_TIME } from "./isolation/levels.ts";
import { CONSTANT_TOTAL, judgeBank } from "./transactions/bank.ts";
import { judgeByGraph } from "./transactions/judge.ts";
import type { VersionOrders } from "./transactions/list-append.ts";
import { asOperation, type TransactionModel, transactionsOf } from "./transactions/transaction.ts";
import type { Verdict } from "./verdict.ts";

export const transactionModels: { readonly [name: string]: { readonly summary: string } } = {
  "list-append": { summary: "transactions that read lists and append to them; each value is appended once to a key" },
  "rw-register": { summary: "transactions that read and write registers; levels are decided where each value that is read was written once to its key" },
  bank: { summary: "transfers between accounts, and reads of all of them, which must find one sum" },
};

/** Whether a level is one of transactions, of a model of transactions. */
export function isTransactional(name: string): boolean {
  return Object.hasOwn(transactionModels, name) || Object.hasOwn(isolationLevels, name) || name === CONSTANT_TOTAL;
}

/** A configuration of transactions costs more than one of operations. */
const CONFIGURATIONS = 500_000;

export interface TransactionalOptions {
  readonly model: string;
  /** The natural level unless said otherwise. */
  readonly consistency?: string | undefined;
  readonly budget?: number | undefined;
  readonly lines?: readonly number[] | undefined;
  readonly hasRealTime?: boolean | undefined;
  readonly versions?: VersionOrders | undefined;
  /** Whether a verdict is to show itself, also where that takes another look: a fail by few transactions, a pass by an order. */
  readonly minimal?: boolean | undefined;
}

/** Below these the two mean different things: the graph's levels are Adya's, the others are Biswas and Enea's. */
const BY_GRAPH = new Set(["snapshotIsolation", "serializable", "strictSerializable"]);

/** The level that is asked of a model of transactions. Throws a {@link CheckError} for one that it does not have. */
export function transactionalLevel({ model, consistency, hasRealTime = true }: Pick<TransactionalOptions, "model" | "consistency" | "hasRealTime">): string {
  const natural = model === "bank" ? CONSTANT_TOTAL : hasRealTime ? NATURAL : WITHOUT_TIME;
  const level = consistency ?? natural;
  const known = model === "bank" ? [CONSTANT_TOTAL] : Object.keys(isolationLevels);
  if (!known.includes(level)) throw new CheckError(`the model ${model} is judged by ${known.join(", ")}, not by ${level}`);
  if (level === NATURAL && !hasRealTime) throw new CheckError(`${level} asks about real time, and the history has none: its events are ordered by session alone; ask for ${WITHOUT_TIME}`);
  return level;
}

/** Throws a {@link CheckError} for a level that does not fit, and a `HistoryError` for a malformed history. */
export function checkTransactions(history: readonly HistoryEvent[], options: TransactionalOptions): Verdict {
  const { model, budget = CONFIGURATIONS, lines, versions } = options;
  const consistency = transactionalLevel(options);
  if (model === "bank") return judgeBank(history, lines);
  // The dependency graph is linear, and names what is wrong; what it cannot decide is searched for.
  const byGraph = BY_GRAPH.has(consistency) ? judgeByGraph(history, model as TransactionModel, consistency, { lines, versions, sessions: true }) : undefined;
  const isShown = byGraph !== undefined && (byGraph.verdict === "fail" || byGraph.witness !== undefined || options.minimal !== true);
  if (byGraph !== undefined && byGraph.verdict !== "unknown" && isShown) return byGraph;
  const transactions = transactionsOf(history, lines, model as TransactionModel);
  const asked = { model: model as TransactionModel, consistency, budget, lines };
  const verdict = judgeIsolation(transactions, asked);
  // The graph may know that snapshots explain it without knowing in which order they were taken.
  if (byGraph?.verdict === "pass") return verdict.verdict === "pass" ? { ...byGraph, witness: verdict.witness } : byGraph;
  return options.minimal === true ? minimalOfTransactions(verdict, transactions, asked) : verdict;
}

/** What the positions of a verdict refer to: of a model of transactions these, one each, else the operations. */
export function judgedOf(history: readonly HistoryEvent[], model: string | undefined, lines?: readonly number[]): Operation[] {
  if (model !== "list-append" && model !== "rw-register") return operationsOf(history, lines);
  return transactionsOf(history, lines, model).map((transaction, index) => asOperation(history, transaction, index));
}

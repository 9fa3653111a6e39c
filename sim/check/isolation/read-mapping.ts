/** Who read from whom, by the model of the values. */
import { listReads } from "./list-reads.ts";
import { Draft, type Readings } from "./readings.ts";
import { registerReads } from "./register-reads.ts";
import type { Transaction, TransactionModel } from "../transactions/transaction.ts";

/** Throws a `HistoryError` where one value is appended to a list twice. */
export function readingsOf(transactions: readonly Transaction[], model: TransactionModel, lines?: readonly number[]): Readings {
  const draft = new Draft(transactions);
  if (model === "list-append") listReads(draft, lines);
  else registerReads(draft);
  return draft.finish();
}

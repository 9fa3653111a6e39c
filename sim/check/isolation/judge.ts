/** Verdicts on transactions over registers and lists, by levels of isolation. */
import { CheckError } from "../check-error.ts";
import type { Transaction, TransactionModel } from "../transactions/transaction.ts";
import type { Verdict } from "../verdict.ts";
import { count } from "../words.ts";
import { involvedIn, reasonsOf } from "./explain.ts";
import { type Found, isolationLevels } from "./levels.ts";
import { readingsOf } from "./read-mapping.ts";
import type { Readings } from "./readings.ts";

export interface IsolationOptions {
  readonly model: TransactionModel;
  readonly consistency: string;
  /** In configurations. */
  readonly budget: number;
  readonly lines?: readonly number[] | undefined;
}

/** Throws a `CheckError` for a level that is none of transactions, and a `HistoryError` where one value is appended twice. */
export function judgeIsolation(transactions: readonly Transaction[], { model, consistency, budget, lines }: IsolationOptions): Verdict {
  return judgeReadings(readingsOf(transactions, model, lines), model, consistency, budget);
}

/** Of readings that serve for several levels. */
export function judgeReadings(readings: Readings, model: TransactionModel, consistency: string, budget: number): Verdict {
  const level = Object.hasOwn(isolationLevels, consistency) ? isolationLevels[consistency] : undefined;
  if (level === undefined) throw new CheckError(`transactions are judged by ${Object.keys(isolationLevels).join(", ")}, not by ${consistency}`);
  const { transactions, faults } = readings;
  const base = { consistency, model, operations: transactions.length };
  const [fault] = faults;
  if (fault !== undefined) {
    const anomalies = [...new Set(faults.map(({ name }) => name))];
    return { ...base, verdict: "fail", algorithm: "scan of reads", explored: transactions.length, detail: `${fault.name}: ${fault.detail}`, anomalies, failure: failureOf(transactions, fault.transactions, fault.key) };
  }
  return { ...base, ...verdictOf(level.judge(readings, budget), readings) };
}

type Decided = Pick<Verdict, "verdict" | "algorithm" | "explored" | "detail" | "witness" | "failure">;

function verdictOf({ outcome, algorithm, explored, order = [], cycle, stuck = [] }: Found, readings: Readings): Decided {
  const { transactions, ambiguous } = readings;
  const how = { algorithm, explored };
  if (outcome === "pass" && ambiguous > 0) {
    return { ...how, verdict: "unknown", detail: `${count(ambiguous, "read")} returned what several transactions wrote; the others can be explained, and this level is decided only where each value that is read is written once` };
  }
  if (outcome === "pass") return { ...how, verdict: "pass", detail: `${count(order.length, "transaction")} have a legal order of commits`, witness: [{ part: "", order }] };
  if (outcome === "unknown") return { ...how, verdict: "unknown", detail: explored === 0 ? "the history has too many sessions for its length" : `the budget ended after ${count(explored, "configuration")}` };
  if (cycle === undefined) {
    const detail = `no order of ${count(transactions.length, "transaction")} explains all reads: none of ${stuck.map((t) => `T${t}`).join(", ")} can come next where the search got furthest`;
    return { ...how, verdict: "fail", detail, failure: failureOf(transactions, stuck, "") };
  }
  const reasons = reasonsOf(cycle, readings);
  const told = reasons.slice(0, MOST_TOLD).map(({ from, to, why }) => `T${from} before T${to} (${why})`);
  const more = reasons.length > MOST_TOLD ? `, and ${reasons.length - MOST_TOLD} more` : "";
  const failure = { ...failureOf(transactions, involvedIn(cycle, transactions), reasons.find(({ key }) => key !== "")?.key ?? ""), cycle: reasons };
  return { ...how, verdict: "fail", detail: `a circle: ${told.join(", ")}${more}`, failure };
}

const MOST_TOLD = 6;

function failureOf(transactions: readonly Transaction[], involved: readonly number[], key: string): NonNullable<Verdict["failure"]> {
  const last = transactions[involved.at(-1) ?? -1];
  return { key, operations: involved, event: last?.event ?? -1, time: last?.time ?? 0 };
}

/**
 * Jepsen's bank: accounts between which money is moved, so that whoever reads all of them finds the same sum. A history of
 * single operations, without a key: `transfer`, whose value is `{"from": account, "to": account, "amount": number}`, and
 * `read`, which is invoked with null and returns every account's balance, `{"a": 10, "b": 90}`. The sum is what the first
 * operation `init` put in (`{"a": 50, "b": 50}`), where the history has one, else what the first read found.
 *
 * It is asked whether each completed read of all accounts finds that sum. Balances below zero are no matter. It is necessary
 * for snapshots, and not sufficient: two wrong reads may have the right sum.
 */
import { type HistoryEvent, type HistoryProblem, HistoryError, type Operation, operationsOf } from "../history.ts";
import type { Verdict } from "../verdict.ts";
import { count, shown, who, Words } from "../words.ts";

export const CONSTANT_TOTAL = "constantTotal";

type Balances = { readonly [account: string]: number };

/** Throws a {@link HistoryError} with every mistake and its place. */
export function judgeBank(history: readonly HistoryEvent[], lines?: readonly number[]): Verdict {
  const operations = operationsOf(history, lines);
  const problems = operations.flatMap((operation): HistoryProblem[] => {
    const message = misfit(operation);
    return message === undefined ? [] : [{ line: lines?.[operation.invoked] ?? operation.invoked + 1, column: 1, message }];
  });
  if (problems.length > 0) throw new HistoryError(problems);

  const base = { consistency: CONSTANT_TOTAL, model: "bank", algorithm: "sum of each read", operations: operations.length, explored: operations.length };
  const reads = operations.filter(({ f, outcome }) => f === "read" && outcome === "ok").sort((a, b) => a.returned - b.returned);
  const init = operations.find(({ f }) => f === "init");
  const first = init ?? reads[0];
  if (first === undefined || reads.length === 0) return { ...base, verdict: "pass", detail: "nobody has read the accounts" };
  const opening = (first.f === "init" ? first.input : first.output) as Balances;
  const wrong = reads.find(({ output }) => missing(opening, output as Balances) !== undefined || sum(output as Balances) !== sum(opening));
  if (wrong === undefined) return { ...base, verdict: "pass", detail: `${count(reads.length, "read")} of all accounts found ${sum(opening)} in total` };
  const lost = missing(opening, wrong.output as Balances);
  const found = lost === undefined ? `found ${sum(wrong.output as Balances)} in total` : `did not find the account ${shown(lost)}`;
  const detail = `read by ${who(wrong)} ${found} ${new Words(operations).ended(wrong)}, although there was ${sum(opening)} ${first === init ? "at first" : `in the read by ${who(first)}`}`;
  const failure = { key: "", operations: first === wrong ? [wrong.index] : [first.index, wrong.index], event: wrong.returnEvent, time: Number.isFinite(wrong.returnedAt) ? wrong.returnedAt : 0 };
  return { ...base, verdict: "fail", detail, failure };
}

function sum(balances: Balances): number {
  return Object.values(balances).reduce((total, balance) => total + balance, 0);
}

/** An account that is not there. */
function missing(all: Balances, balances: Balances): string | undefined {
  return Object.keys(all).find((account) => !Object.hasOwn(balances, account));
}

function misfit({ f, input, output, outcome }: Operation): string | undefined {
  if (f === "transfer") return isTransfer(input) ? undefined : "transfer takes { from, to, amount }, the amount a whole number";
  if (f === "init") return isBalances(input) ? undefined : "init takes the balance of each account, as whole numbers";
  if (f !== "read") return `the model bank has no ${f}; it has init, transfer, read`;
  return outcome !== "ok" || isBalances(output) ? undefined : "a read of the bank returns the balance of each account, as whole numbers";
}

function isBalances(value: unknown): value is Balances {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(Number.isSafeInteger);
}

function isTransfer(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { from, to, amount } = value as { readonly [field: string]: unknown };
  const isAccount = (account: unknown): boolean => typeof account === "string" || typeof account === "number";
  return isAccount(from) && isAccount(to) && Number.isSafeInteger(amount);
}

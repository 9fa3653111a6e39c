/** A fail that no circle tells, told by few transactions: without any of them, and those that read what it wrote, the others have an order. */
import type { Transaction } from "../transactions/transaction.ts";
import type { Verdict } from "../verdict.ts";
import { type IsolationOptions, judgeIsolation } from "./judge.ts";

/** What all attempts together may cost, in transactions and configurations; and so many transactions are worth it. */
const MOST = 2_000_000;
const MOST_TRANSACTIONS = 400;

export function minimalOfTransactions(verdict: Verdict, transactions: readonly Transaction[], options: IsolationOptions): Verdict {
  const { failure } = verdict;
  if (verdict.verdict !== "fail" || failure === undefined || failure.cycle !== undefined || transactions.length > MOST_TRANSACTIONS) return verdict;
  const { kept, again, isMinimal } = minimise(verdict, transactions, options);
  // A single fault, a value out of nowhere, tells itself.
  if (again.failure === undefined || again.anomalies !== undefined) return verdict;
  const last = transactions[kept.at(-1)!]!;
  const place = { operations: kept, isMinimal, event: last.event, time: last.time };
  const names = kept.map((t) => `T${t}`).join(", ");
  const detail = again.failure.cycle === undefined ? `no order of ${names} explains what they read${isMinimal ? ", and without any of them one does" : ""}` : again.detail;
  return { ...verdict, detail, failure: { ...again.failure, ...place } };
}

interface Minimised {
  /** As they returned. */
  readonly kept: readonly number[];
  /** The verdict on these alone. */
  readonly again: Verdict;
  readonly isMinimal: boolean;
}

/** What fails without some transactions and all who read what these wrote must have failed before: an order of all is one of the rest. */
function minimise(whole: Verdict, transactions: readonly Transaction[], options: IsolationOptions): Minimised {
  const readers = readersOf(transactions);
  let kept = new Set(transactions.keys());
  let again = whole;
  let left = MOST;
  const leaveOut = (some: readonly number[]): boolean => {
    const gone = new Set<number>();
    for (let todo = some.filter((t) => kept.has(t)), t = todo.pop(); t !== undefined; t = todo.pop()) {
      if (gone.has(t)) continue;
      gone.add(t);
      todo.push(...readers[t]!);
    }
    const rest = new Set([...kept].filter((t) => !gone.has(t)));
    if (rest.size === kept.size) return false;
    const verdict = judgeIsolation(transactions.map((one, t) => (rest.has(t) ? one : { ...one, outcome: "aborted", steps: [] })), options);
    left -= transactions.length + verdict.explored;
    if (verdict.verdict !== "fail") return false;
    [kept, again] = [rest, verdict];
    return true;
  };
  for (let size = Math.ceil(transactions.length / 2), isSmaller = true; left > 0; size = Math.max(1, Math.floor(size / 2))) {
    isSmaller = false;
    for (let at = 0; at < transactions.length && left > 0; at += size) if (leaveOut([...transactions.keys()].slice(at, at + size))) isSmaller = true;
    if (size === 1 && !isSmaller) break;
  }
  const moment = (t: number): number => Math.min(transactions[t]!.returned, Number.MAX_SAFE_INTEGER);
  return { kept: [...kept].sort((a, b) => moment(a) - moment(b)), again, isMinimal: left > 0 };
}

/** By transaction: who read what it wrote, or may have. */
function readersOf(transactions: readonly Transaction[]): readonly number[][] {
  const seenBy = new Map<string, number[]>();
  transactions.forEach(({ outcome, steps }, t) => {
    if (outcome !== "ok") return;
    for (const [f, key, value] of steps) if (f === "r") for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) push(seenBy, JSON.stringify([key, one]), t);
  });
  return transactions.map(({ steps }) => steps.flatMap(([f, key, value]) => (f === "r" ? [] : (seenBy.get(JSON.stringify([key, value])) ?? []))));
}

function push(lists: Map<string, number[]>, name: string, t: number): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [t]);
  else list.push(t);
}

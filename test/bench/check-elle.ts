/**
 * Transactions judged by their dependency graph: a history of a store that is strictly serializable, with many clients,
 * made up event by event, in a process of its own whose peak memory is told.
 */
import { execFileSync } from "node:child_process";
import { judgeByGraph } from "../../sim/check/transactions/judge.ts";
import type { TransactionModel } from "../../sim/check/transactions/transaction.ts";
import { storeHistory } from "../check/transactions/store.ts";

export interface ElleRow {
  readonly model: TransactionModel;
  readonly consistency: string;
  readonly transactions: number;
  readonly verdict: string;
  /** Of making up the history alone, and of judging it, which makes it up on the way. */
  readonly madeSeconds: number;
  readonly judgedSeconds: number;
  /** What the process was given of that: others may be busy, too. */
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

/** Prints one row as JSON: this process does nothing else. */
export function printElleRow(model: TransactionModel, consistency: string, transactions: number): void {
  const options = { seed: 1, transactions, clients: 20, keys: 20, writesPerKey: 32, steps: 4, model, abort: 0.01, info: 0.001 };
  let begun = performance.now();
  let events = 0;
  for (const _ of storeHistory(options)) events++;
  const madeSeconds = (performance.now() - begun) / 1000;
  const cpuBefore = process.cpuUsage();
  begun = performance.now();
  const { verdict } = judgeByGraph(storeHistory(options), model, consistency);
  const judgedSeconds = (performance.now() - begun) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  if (events < transactions) throw new Error("transactions are missing");
  console.log(JSON.stringify({ model, consistency, transactions, verdict, madeSeconds, judgedSeconds, cpuSeconds, peakMiB: process.resourceUsage().maxRSS / 1024 } satisfies ElleRow));
}

/** `program`: this bench, bundled. */
export function elleRows(program: string, transactions = 1_000_000): ElleRow[] {
  const rows: readonly [TransactionModel, string][] = [["list-append", "serializable"], ["list-append", "strictSerializable"], ["rw-register", "strictSerializable"]];
  return rows.map(([model, consistency]) => JSON.parse(execFileSync(process.execPath, [program, "--elle", model, consistency, String(transactions)], { encoding: "utf8" })) as ElleRow);
}

/** Short notations for transactions, and the verdicts on them. */
import type { HistoryEvent, Verdict } from "../../../sim/check/index.ts";
import { anomaliesOf, type GraphOptions, judgeByGraph } from "../../../sim/check/transactions/judge.ts";
import type { TransactionModel } from "../../../sim/check/transactions/transaction.ts";

export type Step = [f: string, key: string, value: unknown];

export interface Txn {
  readonly steps: Step[];
  readonly type?: "ok" | "fail" | "info";
  readonly client?: string;
}

/** `ax1ry12`: append 1 to x, read 1 and 2 from y (as in Elle's tests). `wx1ry_`: write 1 to x, read nothing from y. */
export function steps(text: string): Step[] {
  return [...text.matchAll(/([arw])([a-z])([\d_]*)/g)].map(([, f, key, digits]): Step => {
    const numbers = [...digits!].filter((digit) => digit !== "_").map(Number);
    if (f === "a") return ["append", key!, numbers[0]];
    if (f === "w") return ["w", key!, numbers[0]];
    return ["r", key!, numbers];
  });
}

/** In registers a read has one value. */
export function registerSteps(text: string): Step[] {
  return steps(text).map(([f, key, value]): Step => (f === "r" ? [f, key, (value as number[])[0] ?? null] : [f, key, value]));
}

/** `fail: ax1` and `info: ax1` did not return; `c1: ax1` is of a session of that name, else each has one of its own. */
export function txn(text: string, model: TransactionModel): Txn {
  const [, label, body] = /^(?:(\w+): )?(.*)$/.exec(text) as unknown as [string, string | undefined, string];
  const made = { steps: model === "list-append" ? steps(body) : registerSteps(body) };
  if (label === "fail" || label === "info") return { ...made, type: label };
  return label === undefined ? made : { ...made, client: label };
}

/** All at the same time where `concurrent`, else one after the other. */
export function historyOf(txns: readonly Txn[], concurrent: boolean): HistoryEvent[] {
  const line = (process: number, type: HistoryEvent["type"], value: unknown): HistoryEvent => ({ process, client: txns[process]!.client ?? `p${process}`, type, f: "txn", key: "", value, time: 0 });
  const asked = (made: Step[]): Step[] => made.map(([f, k, v]) => [f, k, f === "r" ? null : v]);
  const begins = txns.map(({ steps: made }, p) => line(p, "invoke", asked(made)));
  const ends = txns.map(({ steps: made, type = "ok" }, p) => line(p, type, type === "ok" ? made : asked(made)));
  return concurrent ? [...begins, ...ends] : begins.flatMap((begin, i) => [begin, ends[i]!]);
}

export interface Question extends GraphOptions {
  readonly model?: TransactionModel;
  readonly concurrent?: boolean;
}

export function judge(texts: readonly string[], consistency: string, { model = "list-append", concurrent = true, ...options }: Question = {}): Verdict {
  return judgeByGraph(historyOf(texts.map((text) => txn(text, model)), concurrent), model, consistency, options);
}

/** The names of all anomalies at a level, from the worst on. */
export function names(texts: readonly string[], consistency = "serializable", { model = "list-append", concurrent = true, ...options }: Question = {}): string[] {
  return [...new Set(anomaliesOf(historyOf(texts.map((text) => txn(text, model)), concurrent), model, consistency, options).map(({ name }) => name))];
}

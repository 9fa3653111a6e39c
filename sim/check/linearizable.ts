/**
 * Linearizability (Herlihy and Wing, TOPLAS 12(3), 1990): is there, for each independent part of a history, one legal
 * order of its operations in which each takes effect between its invocation and its return?
 */
import { culpritOf } from "./culprit.ts";
import { CONFIGURATIONS, type Decision, decide, partsOf } from "./decide.ts";
import type { Operation } from "./history.ts";
import type { Model } from "./models/model.ts";
import type { LegalOrder, Verdict } from "./verdict.ts";
import { Words, count } from "./words.ts";

const SEARCH = "search (Wing–Gong–Lowe)";

/** The verdict on a history. `budget`: in configurations, all parts together. */
export function linearizable(operations: readonly Operation[], model: Model, budget = CONFIGURATIONS): Verdict {
  const parts = partsOf(operations, model);
  const decision = decide(parts, model, budget);
  const { explored, failed, undecided } = decision;
  const base = { consistency: "linearizable", model: model.name, algorithm: algorithmOf(decision, model), operations: operations.length, explored };
  const words = new Words(operations);

  const name = failed[0];
  if (name !== undefined) {
    const refutation = culpritOf(parts.get(name)!, model, budget, words);
    const { culprit } = refutation;
    const failure = { key: culprit.key, operations: refutation.operations.map(({ index }) => index), event: culprit.returnEvent, time: words.timed ? culprit.returnedAt : 0 };
    return { ...base, verdict: "fail", detail: refutation.detail, failure };
  }
  if (undecided.length > 0) {
    const keys = undecided.length > 3 ? `${undecided.slice(0, 3).join(", ")}, …` : undecided.join(", ");
    return { ...base, verdict: "unknown", detail: `the budget ended after ${count(explored, "configuration")}, with ${count(undecided.length, "key")} undecided: ${keys}` };
  }
  return { ...base, verdict: "pass", detail: `${count(operations.length, "operation")} on ${count(parts.size, "key")} have a legal order`, witness: witnessOf(decision) };
}

function witnessOf({ orders }: Decision): LegalOrder[] {
  return [...orders].map(([part, order]) => ({ part, order: order().map(({ index }) => index) }));
}

function algorithmOf({ byFastWay, bySearch }: Decision, { fast }: Model): string {
  if (fast === undefined || (byFastWay === 0 && bySearch > 0)) return SEARCH;
  return bySearch === 0 ? fast.name : `${fast.name}; ${SEARCH} on ${count(bySearch, "key")}`;
}

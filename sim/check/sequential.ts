/**
 * Sequential consistency (Lamport, IEEE Transactions on Computers C-28(9), 1979): one legal order of all operations that
 * keeps the order of each session. Unlike linearizability it is asked of all keys together: two that are sequentially
 * consistent each by itself may have no common order. It is hard even where values are unique (Gibbons and Korach, 1997).
 */
import { decide, partsOf } from "./decide.ts";
import type { Operation } from "./history.ts";
import { IMPOSSIBLE as NEVER, Machine } from "./machine.ts";
import type { Model } from "./models/model.ts";
import { explain, type Judgement, orderVerdict } from "./order/explain.ts";
import { Extension, IMPOSSIBLE, registerRules, type Rules } from "./order/extension.ts";
import { causalEdges } from "./causal.ts";
import { saturate } from "./order/saturate.ts";
import { SessionOrder } from "./order/sessions.ts";
import { NOTHING, type Sources, sourcesOf } from "./order/sources.ts";
import type { LegalOrder, Verdict } from "./verdict.ts";
import { inOnePass } from "./witness.ts";
import { count } from "./words.ts";

/** What is linearizable is sequentially consistent: it is tried first, because most histories are, and it is cheap. */
const SHARE_OF_LINEARIZABLE = 10;

export function sequential(operations: readonly Operation[], model: Model, budget: number): Verdict {
  const base = { consistency: "sequential", model: model.name, operations: operations.length };
  const decision = decide(partsOf(operations, model), model, Math.ceil(budget / SHARE_OF_LINEARIZABLE));
  if (decision.failed.length === 0 && decision.undecided.length === 0) {
    return { ...base, verdict: "pass", algorithm: "it is linearizable", explored: decision.explored, detail: `${count(operations.length, "operation")} have a legal order that even keeps real time`, witness: witnessOf(inOnePass([...decision.orders.values()].map((order) => order()))) };
  }
  const left = budget - decision.explored;
  if (hasUniqueValues(operations, model)) {
    return orderVerdict({ consistency: "sequential", algorithm: "saturation, then search over sessions", operations, model }, (sources) => ofRegisters(sources, left));
  }
  return bySearch(operations, model, left);
}

function hasUniqueValues(operations: readonly Operation[], model: Model): boolean {
  if (model.access === undefined || operations.some(({ outcome }) => outcome === "mismatch")) return false;
  return !("twice" in sourcesOf(operations, model));
}

/** All reads are to be explained by one order: what must come before what often refutes it without a search. */
function ofRegisters(sources: Sources, budget: number): Judgement {
  const { order, source } = sources;
  const reads = Array.from({ length: order.size }, (_, number) => number).filter((number) => source[number] !== NOTHING);
  const saturated = saturate(sources, causalEdges(sources), reads);
  if ("contradiction" in saturated) {
    const { contradiction } = saturated;
    if (contradiction.kind === "overwritten") return { verdict: "fail", ...explain.overwritten(sources, contradiction.read, contradiction.write) };
    return { verdict: "fail", ...explain.contradiction(sources, contradiction, "everybody") };
  }
  const members = Array.from({ length: order.size }, (_, number) => number);
  const found = new Extension(order, saturated.edges, members, registerRules(sources, new Set(reads))).run(budget);
  if (found.outcome === "pass") return { verdict: "pass", explored: found.explored, witness: witnessOf(found.trail.map((number) => order.operations[number]!)) };
  return { verdict: found.outcome, explored: found.explored, detail: "no order of all operations keeps the order of every session and explains what the clients saw", involved: [order.operations.at(-1)!] };
}

/** One order of all keys together. */
function witnessOf(order: readonly Operation[]): LegalOrder[] {
  return [{ part: "", order: order.map(({ index }) => index) }];
}

/** For any model: the parts' states side by side. */
function bySearch(operations: readonly Operation[], model: Model, budget: number): Verdict {
  const parts = [...partsOf(operations, model)];
  const machines = parts.map(([, part]) => new Machine(part, model.specify(part)));
  const place = new Map<Operation, { readonly part: number; readonly act: number }>();
  parts.forEach(([, part], number) => part.forEach((operation, position) => place.set(operation, { part: number, act: machines[number]!.actOf[position]! })));
  const order = new SessionOrder(operations.filter((operation) => place.get(operation)!.act !== -1));
  const of = order.operations.map((operation) => place.get(operation)!);
  const rules: Rules = {
    parts: machines.length,
    initial: (part) => machines[part]!.initial,
    partOf: (number) => of[number]!.part,
    step(state, number) {
      const next = machines[of[number]!.part]!.step(state, of[number]!.act);
      return next === NEVER ? IMPOSSIBLE : next;
    },
    isPure: (number) => machines[of[number]!.part]!.pure[of[number]!.act] === 1,
    isRequired: (number) => order.operations[number]!.outcome !== "info",
  };
  const found = new Extension(order, undefined, order.operations.map((_, number) => number), rules).run(budget);
  // What returned and constrains nothing is not in the order found.
  const isWhole = operations.every((operation) => operation.outcome === "info" || place.get(operation)!.act !== -1);
  const base = { consistency: "sequential", model: model.name, algorithm: "search over sessions", operations: operations.length, explored: found.explored };
  if (found.outcome === "pass") return { ...base, verdict: "pass", detail: `${count(operations.length, "operation")} have a legal order that keeps the order of sessions`, ...(isWhole && { witness: witnessOf(found.trail.map((number) => order.operations[number]!)) }) };
  if (found.outcome === "unknown") return { ...base, verdict: "unknown", detail: `the budget ended after ${count(found.explored, "configuration")}` };
  const last = order.operations.at(-1)!;
  const failure = { key: last.key, operations: [last.index], event: last.returnEvent, time: Number.isFinite(last.returnedAt) ? last.returnedAt : 0 };
  return { ...base, verdict: "fail", detail: "no order of all operations keeps the order of every session and explains what the clients saw", failure };
}

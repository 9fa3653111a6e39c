/**
 * Replays what a verdict says of a history, independently of whoever found it: a witness step by step, and a refutation by
 * trying every order of its few operations. It shares the models with the checkers, and nothing else, and is short enough to
 * be read in one go.
 */
import type { Operation } from "./history.ts";
import type { Access, Model } from "./models/model.ts";
import type { LegalOrder, Verdict } from "./verdict.ts";
import { isCausal, verifyCausal } from "./verify-causal.ts";

/** `open`: there is nothing to replay, or too much. `why` is a clause. */
export interface Verification {
  readonly outcome: "verified" | "wrong" | "open";
  readonly why: string;
}

/** A must come before B where both are of one group and A's end lies before B's start. */
interface Span {
  readonly group: string;
  readonly start: number;
  readonly end: number;
}

/** One part's rules: the state after an operation, undefined where it cannot have gone as it went. */
interface Rules {
  readonly initial: unknown;
  step(state: unknown, operation: Operation): unknown;
  matters(operation: Operation): boolean;
}

/** Steps tried before a refutation counts as too large to be tried out. */
const MOST_STEPS = 3_000_000;

/** `operations`: the list that the verdict's positions refer to. */
export function verify(verdict: Verdict, operations: readonly Operation[], model: Model): Verification {
  const { consistency, witness, failure } = verdict;
  const isObject = /^(linearizable|sequential|kAtomic\(.*|boundedStaleness\(.*)$/.test(consistency);
  if (isCausal(consistency) && verdict.verdict === "pass" && witness !== undefined) return verifyCausal(verdict, operations, model);
  if (!isObject) return open(`${consistency} is not about one order of operations`);
  const at = new Map(operations.map((operation) => [operation.index, operation]));
  const pick = (positions: readonly number[]): Operation[] => positions.map((position) => at.get(position)!);
  if (verdict.verdict === "pass") return witness === undefined ? open(`${verdict.algorithm} gives no witness`) : replay(witness, pick, operations, model, consistency);
  if (verdict.verdict === "unknown" || failure?.isMinimal === undefined) return open("there is nothing to replay");
  return refute(cut(pick(failure.operations), consistency), model, consistency);
}

function replay(witness: readonly LegalOrder[], pick: (positions: readonly number[]) => Operation[], operations: readonly Operation[], model: Model, consistency: string): Verification {
  const [rules, spans] = [rulesOf(operations, model, consistency), spansOf(operations, model, consistency)];
  const done = new Set<Operation>();
  const states = new Map<Rules, unknown>();
  for (const { order } of witness) {
    const latest = new Map<string, number>();
    for (const operation of pick(order)) {
      const span = spans.get(operation);
      if (span === undefined || done.has(operation)) return wrong("the witness names an operation that is not there, or one twice");
      done.add(operation);
      if (span.end < (latest.get(span.group) ?? -Infinity)) return wrong(`operation ${operation.index} had ended before one began that the witness puts before it`);
      latest.set(span.group, Math.max(span.start, latest.get(span.group) ?? -Infinity));
      const own = rules(operation);
      const next = own.step(states.has(own) ? states.get(own) : own.initial, operation);
      if (next === undefined) return wrong(`operation ${operation.index} cannot have gone as it went where the witness puts it`);
      states.set(own, next);
    }
  }
  const missing = operations.find((operation) => operation.outcome !== "info" && !done.has(operation) && rules(operation).matters(operation));
  if (missing !== undefined) return wrong(`the witness leaves out operation ${missing.index}`);
  return { outcome: "verified", why: `${done.size} operations went one after the other as the witness puts them` };
}

/** Tries every order; from where the same is left and the same is there, it goes as it went before. */
function refute(few: readonly Operation[], model: Model, consistency: string): Verification {
  const [rules, spans] = [rulesOf(few, model, consistency), spansOf(few, model, consistency)];
  const left = new Set(few);
  const failed = new Set<string>();
  let steps = 0;
  const isNext = (operation: Operation): boolean => {
    const { group, start } = spans.get(operation)!;
    return [...left].every((other) => spans.get(other)!.group !== group || spans.get(other)!.end >= start);
  };
  const search = (states: ReadonlyMap<Rules, unknown>): boolean => {
    if (++steps > MOST_STEPS) return false;
    if ([...left].every(({ outcome }) => outcome === "info")) return true;
    const place = JSON.stringify([[...left].map(({ index }) => index).sort((a, b) => a - b), [...states.values()].map((state) => [String(state), state])]);
    if (failed.has(place)) return false;
    failed.add(place);
    return [...left].filter(isNext).some((operation) => {
      const own = rules(operation);
      const next = own.step(states.has(own) ? states.get(own) : own.initial, operation);
      if (next === undefined) return false;
      left.delete(operation);
      const isFound = search(new Map([...states, [own, next]]));
      left.add(operation);
      return isFound;
    });
  };
  if (search(new Map())) return wrong("the operations that should refute it have a legal order");
  if (steps > MOST_STEPS) return open(`the orders of ${few.length} operations are too many to be tried`);
  return { outcome: "verified", why: `none of the orders of these ${few.length} operations is legal` };
}

/** What had not returned by the return of the last is open, where the beginnings of a history keep what the whole keeps. */
function cut(operations: readonly Operation[], consistency: string): readonly Operation[] {
  const end = /^(linearizable|kAtomic)/.test(consistency) ? (operations.at(-1)?.returned ?? Infinity) : Infinity;
  return operations.map((operation) => (operation.returned <= end ? operation : { ...operation, outcome: "info", output: null, returned: Infinity }));
}

function spansOf(operations: readonly Operation[], model: Model, consistency: string): Map<Operation, Span> {
  const [, number, unit] = /^boundedStaleness\((\d+(?:\.\d+)?)(ns|us|ms|s|m|h)\)$/.exec(consistency) ?? [];
  const plain = new Map(operations.map((operation) => [operation, { group: consistency === "sequential" ? operation.client : "", start: operation.invoked, end: operation.returned }]));
  if (number === undefined || unit === undefined) return plain;
  const boundNs = Math.round(Number(number) * { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 }[unit]!);
  const begun = (operation: Operation): number => operation.invokedAt - (["read", "mismatch"].includes(model.access?.(operation)?.type ?? "") ? boundNs : 0);
  const ends = operations.flatMap((one) => [{ one, isStart: true, at: begun(one), position: one.invoked }, { one, isStart: false, at: one.returned === Infinity ? Infinity : one.returnedAt, position: one.returned }]);
  ends.sort((a, b) => (a.at === b.at ? a.position - b.position : a.at - b.at));
  const rank = new Map(ends.map(({ one, isStart, position }, place) => [`${one.index} ${isStart}`, position === Infinity ? Infinity : place]));
  return new Map(operations.map((one) => [one, { group: "", start: rank.get(`${one.index} true`)!, end: rank.get(`${one.index} false`)! }]));
}

/** The rules of the part of each operation. */
function rulesOf(operations: readonly Operation[], model: Model, consistency: string): (operation: Operation) => Rules {
  const parts = new Map<string, Operation[]>();
  for (const operation of operations) parts.set(model.part(operation), [...(parts.get(model.part(operation)) ?? []), operation]);
  const k = Number(/^kAtomic\((\d+)\)$/.exec(consistency)?.[1] ?? 1);
  const rules = new Map([...parts].map(([name, part]) => [name, k === 1 ? exactly(model.specify(part)) : atMost(k, model)]));
  return (operation) => rules.get(model.part(operation))!;
}

function exactly(specification: ReturnType<Model["specify"]>): Rules {
  const step = (state: unknown, act: unknown): unknown => (act === undefined ? state : specification.step(state, act));
  return { initial: specification.initial, step: (state, operation) => step(state, specification.act(operation)), matters: (operation) => specification.act(operation) !== undefined };
}

/** A register whose reads may be up to k values old: a state is the last k of them. */
function atMost(k: number, model: Model): Rules {
  const step = (values: readonly unknown[], does: Access | undefined): readonly unknown[] | undefined => {
    if (does === undefined) return values;
    if (does.type === "read") return values.includes(does.value) ? values : undefined;
    if (does.type === "mismatch") return values[0] === does.expected ? undefined : values;
    return does.type === "cas" && values[0] !== does.expected ? undefined : [does.value, ...values].slice(0, k);
  };
  return { initial: [model.initial], step: (values, operation) => step(values as readonly unknown[], model.access?.(operation)), matters: (operation) => model.access?.(operation) !== undefined };
}

const open = (why: string): Verification => ({ outcome: "open", why });
const wrong = (why: string): Verification => ({ outcome: "wrong", why });

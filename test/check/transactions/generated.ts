/** Small histories of transactions, half of them mutated to be wrong, and what the definitions say when everything is tried out. */
import fc from "fast-check";
import type { HistoryEvent } from "../../../sim/check/index.ts";
import type { TransactionModel } from "../../../sim/check/transactions/transaction.ts";
import type { Step } from "./notation.ts";

export interface Placed {
  readonly steps: Step[];
  readonly client: string;
  readonly outcome: "ok" | "fail" | "info";
  readonly from: number;
  readonly to: number;
}

export interface Made {
  readonly history: HistoryEvent[];
  /** In the order of invocations, as checkers number them. */
  readonly txns: readonly Placed[];
  /** By key, as they were installed where it was not mutated. */
  readonly versions: Map<string, unknown[]>;
  readonly mutated: boolean;
}

interface Draft {
  readonly plan: readonly (readonly [read: boolean, key: string])[];
  readonly client: string;
  readonly fate: number;
  readonly gap: number;
  readonly length: number;
  readonly atEnd: boolean;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  plan: fc.array(fc.tuple(fc.boolean(), fc.constantFrom("x", "y")), { minLength: 1, maxLength: 3 }),
  client: fc.constantFrom("a", "b", "c"),
  fate: fc.nat(19),
  gap: fc.nat(3),
  length: fc.integer({ min: 1, max: 7 }),
  atEnd: fc.boolean(),
});

/** Each takes effect where it begins or where it ends; sessions do one thing at a time. Then perhaps a read is changed. */
export function made(model: TransactionModel, most = 4): fc.Arbitrary<Made> {
  const mutation = fc.record({ txn: fc.nat(), step: fc.nat(), to: fc.nat() });
  return fc.tuple(fc.array(draft, { minLength: 2, maxLength: most }), fc.boolean(), fc.array(mutation, { minLength: 1, maxLength: 2 })).map(([drafts, mutated, mutations]) => {
    const free = new Map<string, number>();
    let clock = 0;
    const placed = drafts.map((one) => {
      const from = Math.max((clock += one.gap), (free.get(one.client) ?? -1) + 1);
      free.set(one.client, from + one.length);
      return { ...one, from, to: from + one.length };
    });
    const { results, versions } = executed(placed, model);
    if (mutated) for (const one of mutations) mutate(results, versions, model, one);
    const txns = placed.map((one, i): Placed => ({ steps: results[i]!, client: one.client, outcome: outcomeOf(one.fate), from: one.from, to: one.to })).sort((a, b) => a.from - b.from);
    return { history: historyOf(txns), txns, versions, mutated };
  });
}

function outcomeOf(fate: number): Placed["outcome"] {
  return fate === 0 ? "fail" : fate <= 2 ? "info" : "ok";
}

function executed(placed: readonly (Draft & { from: number; to: number })[], model: TransactionModel): { results: Step[][]; versions: Map<string, unknown[]> } {
  const versions = new Map<string, unknown[]>([["x", []], ["y", []]]);
  const results: Step[][] = placed.map(() => []);
  let next = 1;
  const values = placed.map(({ plan }) => plan.map(() => next++));
  const order = [...placed.keys()].sort((a, b) => effect(placed[a]!) - effect(placed[b]!));
  for (const t of order) {
    const happens = placed[t]!.fate > 1;
    const state = new Map([...versions].map(([key, list]) => [key, [...list]]));
    results[t] = placed[t]!.plan.map(([read, key], i): Step => {
      const list = state.get(key)!;
      if (read) return ["r", key, model === "list-append" ? [...list] : (list.at(-1) ?? null)];
      list.push(values[t]![i]!);
      return [model === "list-append" ? "append" : "w", key, values[t]![i]!];
    });
    if (happens) for (const [key, list] of state) versions.set(key, list);
  }
  return { results, versions };
}

const effect = ({ atEnd, from, to }: Draft & { from: number; to: number }): number => (atEnd ? to - 0.25 : from + 0.25);

/** A read returns another version that there was, or is. */
function mutate(results: Step[][], versions: ReadonlyMap<string, unknown[]>, model: TransactionModel, { txn, step, to }: { txn: number; step: number; to: number }): void {
  const reads = results.flatMap((steps, t) => steps.flatMap(([f], i) => (f === "r" ? [[t, i] as const] : [])));
  if (reads.length === 0) return;
  const [t, i] = reads[(txn + step) % reads.length]!;
  const [, key] = results[t]![i]!;
  const list = versions.get(key)!;
  const length = to % (list.length + 1);
  results[t]![i] = ["r", key, model === "list-append" ? list.slice(0, length) : (list[length - 1] ?? null)];
}

function historyOf(txns: readonly Placed[]): HistoryEvent[] {
  const asked = (steps: Step[]): Step[] => steps.map(([f, k, v]) => [f, k, f === "r" ? null : v]);
  const event = (process: number, type: HistoryEvent["type"], value: unknown): HistoryEvent => ({ process, client: txns[process]!.client, type, f: "txn", key: "", value, time: 0 });
  // What begins when something else ends begins before it.
  const events = txns.flatMap(({ steps, outcome, from, to }, p) => [
    { at: from, order: 0, event: event(p, "invoke", asked(steps)) },
    { at: to, order: 1, event: event(p, outcome, outcome === "ok" ? steps : asked(steps)) },
  ]);
  return events.sort((a, b) => a.at - b.at || a.order - b.order).map((one) => one.event);
}

export function permutations<T>(items: readonly T[]): T[][] {
  return items.length === 0 ? [[]] : items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

/** Which transactions may have happened: all that returned, and any of those whose end is not known. */
function* happenings(txns: readonly Placed[]): Generator<number[]> {
  const open = [...txns.keys()].filter((t) => txns[t]!.outcome === "info");
  const sure = [...txns.keys()].filter((t) => txns[t]!.outcome === "ok");
  for (let some = 0; some < 2 ** open.length; some++) yield [...sure, ...open.filter((_, i) => (some >> i) & 1)];
}

type State = Map<string, unknown[]>;

function runs(txn: Placed, state: State): boolean {
  return txn.steps.every(([f, key, value]) => {
    const list = state.get(key) ?? [];
    if (f !== "r") return state.set(key, [...list, value]).size > 0;
    if (txn.outcome !== "ok") return true;
    return Array.isArray(value) ? JSON.stringify(value) === JSON.stringify(list) : value === (list.at(-1) ?? null);
  });
}

export const inRealTime = (a: Placed, b: Placed): boolean => a.outcome === "ok" && a.to < b.from;
export const inSession = (a: Placed, b: Placed): boolean => a.client === b.client && inRealTime(a, b);

/** Some order, one after the other, that keeps the relation and explains every read; with `versions`, and installs them so. */
export function isSerializable(txns: readonly Placed[], before: (a: Placed, b: Placed) => boolean, versions?: ReadonlyMap<string, readonly unknown[]>): boolean {
  for (const some of happenings(txns)) {
    for (const order of permutations(some)) {
      if (order.some((b, i) => order.slice(i + 1).some((a) => before(txns[a]!, txns[b]!)))) continue;
      const state: State = new Map();
      if (!order.every((t) => runs(txns[t]!, state))) continue;
      if (versions === undefined || [...versions].every(([key, list]) => JSON.stringify(state.get(key) ?? []) === JSON.stringify(list))) return true;
    }
  }
  return false;
}

/** Whether a witness is one: all that returned are in it, it keeps the relation, and explains every read. */
export function isWitness(txns: readonly Placed[], order: readonly number[], before: (a: Placed, b: Placed) => boolean): boolean {
  const state: State = new Map();
  const isWhole = txns.every(({ outcome }, t) => outcome !== "ok" || order.includes(t)) && new Set(order).size === order.length && order.every((t) => txns[t]!.outcome !== "fail");
  return isWhole && order.every((b, i) => !order.slice(i + 1).some((a) => before(txns[a]!, txns[b]!))) && order.every((t) => runs(txns[t]!, state));
}

/** Some order of beginnings and ends: each reads what had ended when it began, and of two that wrote one key one ended before the other began. */
export function isSnapshot(txns: readonly Placed[], before: (a: Placed, b: Placed) => boolean = () => false): boolean {
  for (const some of happenings(txns)) if (snapshots(txns, some, before)) return true;
  return false;
}

function snapshots(txns: readonly Placed[], some: readonly number[], before: (a: Placed, b: Placed) => boolean): boolean {
  const writes = (t: number): Set<string> => new Set(txns[t]!.steps.filter(([f]) => f !== "r").map(([, key]) => key));
  const search = (state: State, open: ReadonlyMap<number, State>, ended: ReadonlySet<number>, lost: ReadonlySet<number>): boolean => {
    if (ended.size === some.length) return true;
    for (const t of some) {
      if (ended.has(t)) continue;
      const snapshot = open.get(t);
      if (snapshot === undefined) {
        if (some.some((other) => !ended.has(other) && other !== t && before(txns[other]!, txns[t]!))) continue;
        const own = new Map(state);
        if (!runs(txns[t]!, own)) continue;
        if (search(state, new Map([...open, [t, own]]), ended, lost)) return true;
      } else if (!lost.has(t)) {
        const keys = writes(t);
        const next = new Map([...state, ...[...keys].map((key) => [key, snapshot.get(key)!] as const)]);
        const losers = [...open.keys()].filter((other) => other !== t && [...writes(other)].some((key) => keys.has(key)));
        const still = new Map(open);
        still.delete(t);
        if (search(next, still, new Set([...ended, t]), new Set([...lost, ...losers]))) return true;
      }
    }
    return false;
  };
  return search(new Map(), new Map(), new Set(), new Set());
}

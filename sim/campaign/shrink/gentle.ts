/**
 * On the schedule itself: fewer messages that are lost or late. How many there are says how much of a cut it takes, which
 * direction of it, and how long, where the kinds of faults alone would say that two nodes were apart.
 */
import { faultsOf, timeOf, timeText, withFaults, type Fields, type ScenarioData } from "./data.ts";
import { kindOf } from "./kinds.ts";
import type { Pass } from "./pass.ts";

const MS = 1_000_000;

/** Every fault in turn, in every way in which it may disturb less, until none of them helps any more. */
export const fewerDisturbed: Pass = async ({ search, observe }) => {
  let disturbed = observe(search.data)?.disturbed ?? 0;
  for (let position = 0; position < faultsOf(search.data).length && !search.isOver; position += 1) {
    for (let isLess = disturbed > 0; isLess && !search.isOver; ) {
      isLess = false;
      for (const milder of milderOf(faultsOf(search.data)[position] as Fields, namesOf(search.data))) {
        const candidate = withFaults(search.data, faultsOf(search.data).map((fault, at) => (at === position ? milder : fault)));
        const left = observe(candidate)?.disturbed ?? Infinity;
        if (left >= disturbed || !(await search.accepts(candidate))) continue;
        [disturbed, isLess] = [left, true];
        break;
      }
    }
  }
};

function namesOf({ nodes }: ScenarioData): readonly string[] {
  return typeof nodes === "number" ? Array.from({ length: nodes }, (_, index) => `n${index + 1}`) : [];
}

/** The same fault with less to it: one direction, fewer links, a later beginning, an earlier end. */
function milderOf(fault: Fields, nodes: readonly string[]): Fields[] {
  return [...oneWay(fault, nodes), ...shorter(fault)];
}

const isList = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((item) => typeof item === "string");

/** `n1`, `[n1, n2]` or `rest` as names; undefined of anything else. */
function membersOf(value: unknown, nodes: readonly string[], others: unknown): readonly string[] | undefined {
  if (value === "rest") {
    const besides = membersOf(others, nodes, undefined);
    return besides && nodes.filter((name) => !besides.includes(name));
  }
  if (isList(value)) return value;
  return typeof value === "string" && nodes.includes(value) ? [value] : undefined;
}

function oneWay(fault: Fields, nodes: readonly string[]): Fields[] {
  const kind = kindOf(fault);
  const blocked = (from: unknown, to: unknown): Fields => Object.fromEntries(Object.entries(fault).map(([key, value]) => (key === kind ? ["block", { from: single(from), to: single(to) }] : [key, value])));
  if (kind === "isolate") return [blocked(fault[kind], "rest"), blocked("rest", fault[kind])];
  if (kind === "partition" && Array.isArray(fault[kind]) && fault[kind].length === 2) {
    const [a, b] = fault[kind] as unknown[];
    return [blocked(a, b), blocked(b, a)];
  }
  if (kind !== "block") return [];
  const { from, to } = fault[kind] as Fields;
  const [senders, receivers] = [membersOf(from, nodes, to), membersOf(to, nodes, from)];
  const fewer = (names: readonly string[]): unknown[] => (names.length < 2 ? [] : names.map((name) => oneOrAll(names.filter((other) => other !== name))));
  return [...fewer(senders ?? []).map((some) => blocked(some, to === "rest" ? oneOrAll(receivers ?? []) : to)), ...fewer(receivers ?? []).map((some) => blocked(from === "rest" ? oneOrAll(senders ?? []) : from, some))];
}

const single = (value: unknown): unknown => (isList(value) ? oneOrAll(value) : value);
const oneOrAll = (names: readonly string[]): unknown => (names.length === 1 ? names[0] : names);

/** Halves and quarters of the time, off its beginning and off its end. */
function shorter(fault: Fields): Fields[] {
  const [at, lasts] = [timeOf(fault["at"]), timeOf(fault["for"])];
  if (at === undefined || lasts === undefined) return [];
  const steps = [2, 4].map((parts) => Math.floor(lasts / parts / MS) * MS).filter((step) => step >= 10 * MS);
  return steps.flatMap((step) => [
    { ...fault, for: timeText(lasts - step) },
    { ...fault, at: timeText(at + step), for: timeText(lasts - step) },
  ]);
}

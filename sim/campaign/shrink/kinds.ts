/** Faults that say plainly whom they strike, when, and how. */
import { faults as definitions } from "../../world/faults/index.ts";
import { faultsOf, timeOf, timeText, without, withFaults, type Fields, type ScenarioData } from "./data.ts";
import type { ObservedFault } from "./observe.ts";
import type { Pass } from "./pass.ts";

const times = ["at", "every", "between", "when", "nth", "after", "for", "name"];

export const kindOf = (fault: Fields): string => Object.keys(fault).find((key) => Object.hasOwn(definitions, key)) ?? "";

function replaced(data: ScenarioData, position: number, ...faults: readonly Fields[]): ScenarioData {
  return withFaults(data, faultsOf(data).flatMap((fault, at) => (at === position ? faults : [fault])));
}

/** Of a series the one time that matters, if it is one; of what waits for an event, the time at which it struck. */
export const singleStrikes: Pass = async ({ search, observe }) => {
  if (!faultsOf(search.data).some(hasManyTimes)) return;
  const seen = observe(search.data);
  if (seen === undefined) return;
  for (let position = faultsOf(search.data).length - 1; position >= 0; position -= 1) {
    const fault = faultsOf(search.data)[position] as Fields;
    const strikes = !hasManyTimes(fault) ? [] : (seen.faults[position] ?? []).slice(-MOST_STRIKES).reverse();
    await search.acceptsOne(strikes.map((one) => replaced(search.data, position, asItStruck(fault, one, seen.nodes))));
  }
};

const hasManyTimes = ({ every, when }: Fields): boolean => every !== undefined || when !== undefined;

/** The last of a series, which most often are those that matter. */
const MOST_STRIKES = 8;

/** Times and nodes as the run drew and found them, in the place of ranges, series, moments and selectors. */
export const explicitFaults: Pass = async ({ search, observe }) => {
  const seen = observe(search.data);
  if (seen === undefined) return;
  const struck = (position: number): readonly ObservedFault[] => seen.faults[position] ?? [];
  const explicit = faultsOf(search.data).map((fault, position) => struck(position).map((one) => asItStruck(fault, one, seen.nodes)));
  if (await search.accepts(withFaults(search.data, explicit.flat()))) return;
  for (let position = explicit.length - 1; position >= 0; position -= 1) await search.accepts(replaced(search.data, position, ...(explicit[position] as Fields[])));
};

function asItStruck(fault: Fields, { fromNs, untilNs, nodes, groups }: ObservedFault, all: readonly string[]): Fields {
  const kind = kindOf(fault);
  const isTimed = timeOf(fault["at"]) !== undefined;
  const lasts = fault["for"] === undefined || timeOf(fault["for"]) !== undefined || untilNs === undefined ? {} : { for: timeText(untilNs - fromNs) };
  const whom = { [kind]: explicitly(fault[kind], nodes, groups, all) };
  if (isTimed) return { ...fault, ...lasts, ...whom };
  // What waited for an event struck after it, and what has a time comes before everything else of that time.
  return { at: timeText(fault["when"] === undefined ? fromNs : fromNs + 1), ...without(fault, "at", "every", "between", "when", "nth", "after"), ...lasts, ...whom };
}

/** The selectors of a value as names. What selects by names alone stays as it is. */
function explicitly(value: unknown, nodes: readonly string[], groups: ObservedFault["groups"], all: readonly string[]): unknown {
  if (!selects(value, all) || nodes.length === 0) return value;
  const names = (of: readonly string[] | undefined): unknown => (of === undefined ? undefined : of.length === 1 ? of[0] : of);
  if (typeof value === "string") return names(nodes);
  if (Array.isArray(value)) {
    const isOfNodes = groups === undefined;
    return isOfNodes ? names(nodes) : value.map((group, at) => (group === "rest" ? "rest" : Array.isArray(group) ? groups[at] : names(groups[at])));
  }
  const fields = value as Fields;
  if (Array.isArray(fields["link"])) return { ...fields, link: [names(groups?.[0]), names(groups?.[1])] };
  if (fields["from"] !== undefined) return { ...fields, from: names(groups?.[0]), to: fields["to"] === "rest" ? "rest" : names(groups?.[1]) };
  return fields["nodes"] === undefined ? value : { ...fields, nodes: names(nodes) };
}

/** Whether somebody in it is not named. `all` and `rest` say plainly who they are. */
function selects(value: unknown, all: readonly string[]): boolean {
  if (typeof value === "string") return value !== "all" && value !== "rest" && !all.includes(value) && !/^c\d+$/.test(value);
  if (Array.isArray(value)) return value.some((item) => selects(item, all));
  if (typeof value !== "object" || value === null) return false;
  return ["nodes", "link", "from", "to"].some((key) => key in value && selects((value as Fields)[key], all));
}

/** What still waits for an event waits for its first occurrence, at any time, and strikes at once. */
export const plainerWaits: Pass = async ({ search }) => {
  for (let position = 0; position < faultsOf(search.data).length; position += 1) {
    for (const key of ["between", "nth", "after"]) {
      const fault = faultsOf(search.data)[position] as Fields;
      if (fault["when"] !== undefined && fault[key] !== undefined) await search.accepts(replaced(search.data, position, without(fault, key)));
    }
  }
};

/** From the plainest on: a fault is not replaced by one that stands after it. */
const plainness = ["crash", "isolate", "pause", "partition", "restart", "block", "flaky", "slow", "bridge", "ring"];

/** Another kind that says less, with what stood beside it left out. */
export const plainerKinds: Pass = async ({ search, seeds }) => {
  for (let position = 0; position < faultsOf(search.data).length; position += 1) {
    for (const candidate of plainer(faultsOf(search.data)[position] as Fields)) {
      if (await search.accepts(replaced(search.data, position, candidate), Math.min(seeds, 1))) break;
    }
  }
};

/** Nobody is struck without need. */
export const fewerVictims: Pass = async ({ search }) => {
  for (let position = 0; position < faultsOf(search.data).length; position += 1) {
    for (let isLess = true; isLess; ) {
      const fault = faultsOf(search.data)[position] as Fields;
      const kind = kindOf(fault);
      const fewer = lists(fault[kind], search.data["nodes"]).map((value) => replaced(search.data, position, { ...fault, [kind]: value }));
      isLess = await search.acceptsOne(fewer);
    }
  }
};

/** The value with each of its names left out, where it is a list of them, or `all`. */
function lists(value: unknown, nodes: unknown): unknown[] {
  const names = value === "all" && typeof nodes === "number" ? Array.from({ length: nodes }, (_, index) => `n${index + 1}`) : value;
  if (Array.isArray(names)) {
    if (names.length < 2 || names.some((name) => typeof name !== "string" || name === "rest")) return [];
    return names.map((name) => oneOrList(names.filter((other) => other !== name)));
  }
  const of = (value as Fields | null)?.["nodes"];
  return of === undefined ? [] : lists(of, nodes).map((fewer) => ({ ...(value as Fields), nodes: fewer }));
}

/** One name is no list. */
export const plainerLists: Pass = async ({ search }) => {
  const single = (value: unknown): unknown => {
    if (Array.isArray(value)) return oneOrList(value.map(single));
    const isSides = typeof value === "object" && value !== null;
    return isSides ? Object.fromEntries(Object.entries(value).map(([key, side]) => [key, key === "link" ? side : single(side)])) : value;
  };
  const plain = faultsOf(search.data).map((fault) => Object.fromEntries(Object.entries(fault).map(([key, value]) => [key, key === kindOf(fault) ? single(value) : value])));
  await search.accepts(withFaults(search.data, plain));
};

function plainer(fault: Fields): Fields[] {
  const kind = kindOf(fault);
  const rank = plainness.indexOf(kind);
  const common = Object.fromEntries(Object.entries(fault).filter(([key]) => times.includes(key) && key !== "name"));
  const victims = victimsOf(fault[kind]);
  const others = victims === undefined ? [] : plainness.slice(0, rank < 0 ? 3 : Math.min(rank, 3)).map((other) => ({ ...common, [other]: victims }));
  const bare = { ...common, [kind]: fault[kind] };
  const beside = Object.keys(fault).filter((key) => key !== kind && !times.includes(key));
  const isNamed = fault["name"] !== undefined;
  return [...(beside.length > 0 || isNamed ? [bare] : []), ...others, ...beside.map((key) => without(fault, key))];
}

/** Whom a plainer kind would strike in its place. */
function victimsOf(value: unknown): unknown {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.every((item) => typeof item === "string" && item !== "rest") ? value : Array.isArray(value[0]) ? oneOrList(value[0] as unknown[]) : value[0];
  const { nodes, link, from, to } = (value ?? {}) as Fields;
  return nodes ?? (Array.isArray(link) ? link[0] : from === "rest" ? to : from);
}

const oneOrList = (list: readonly unknown[]): unknown => (list.length === 1 ? list[0] : list);

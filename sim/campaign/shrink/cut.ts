/** Less of everything: an earlier end, fewer faults, fewer operations, fewer clients. */
import { faultsOf, renamed, scriptOf, timeOf, timeText, without, withFaults, withScript, type Fields, type ScenarioData } from "./data.ts";
import type { Bench, Pass } from "./pass.ts";
import type { Search } from "./search.ts";

const MS = 1_000_000;

/** Nothing is kept that has nothing to do with how it fails. */
export const onlyWhatFails: Pass = async ({ search, observe, expectation }) => {
  const expect = (search.data["expect"] ?? {}) as Fields;
  const isOff = expectation !== "invariants" && expect["invariants"] === "off";
  const kept = { ...(isOff && { invariants: "off" }), [expectation]: expect[expectation] ?? true };
  const only = { ...without(search.data, "cost", "experiment", "alerts", "sometimes"), expect: kept };
  const failedNs = observe(search.data)?.failedNs ?? Infinity;
  const end = roundUp(failedNs, 100 * MS);
  if (end < (timeOf(search.data["duration"]) ?? 0) && (await search.accepts(until(only, end)))) return;
  if (await search.accepts(only)) return;
  await search.accepts(without(search.data, "cost", "experiment", "alerts", "sometimes"));
};

/** The run ends soon after it has failed. */
export const earlierEnd: Pass = async ({ search, observe }) => {
  const failedNs = observe(search.data)?.failedNs;
  const endNs = timeOf(search.data["duration"]) ?? Infinity;
  if (failedNs === undefined) return;
  // What is judged at the end has no moment of its own: a shorter run may do as well.
  if (failedNs >= endNs) return shorterRun(search, endNs);
  for (const unit of [100 * MS, 10 * MS, MS]) {
    const end = roundUp(failedNs, unit);
    if (end === endNs || (await search.accepts(until(search.data, end)))) return;
  }
};

async function shorterRun(search: Search, endNs: number): Promise<void> {
  for (let end = endNs; end > 100 * MS; ) {
    const half = roundUp(end / 2 - 1, 100 * MS);
    if (half >= end || !(await search.accepts(until(search.data, half)))) return;
    end = half;
  }
}

const roundUp = (time: number, unit: number): number => (Math.floor(time / unit) + 1) * unit;

/** What would begin later is left out. */
function until(data: ScenarioData, end: number): ScenarioData {
  const faults = faultsOf(data).filter(({ at, between }) => (timeOf(at) ?? timeOf((between as Window | undefined)?.[0]) ?? 0) < end).map((fault) => windowUntil(fault, end));
  const { workload } = data;
  const script = scriptOf(data)?.filter(({ at }) => (timeOf(at) ?? 0) < end);
  const cut = withFaults({ ...data, duration: timeText(end) }, faults);
  if (workload === undefined) return cut;
  return { ...cut, workload: { ...without(workload, "until"), ...(script !== undefined && { script }) } };
}

type Window = readonly [from: unknown, until: unknown];

/** No window reaches beyond the run. */
function windowUntil(fault: Fields, end: number): Fields {
  const window = fault["between"] as Window | undefined;
  if (!Array.isArray(window) || (timeOf(window[1]) ?? 0) <= end) return fault;
  return { ...fault, between: [window[0], timeText(end)] };
}

export const fewerFaults: Pass = ({ search, seeds }) => search.reduce(faultsOf, withFaults, seeds);

/** Fewer operations a second: what is drawn is drawn anew, but all runs that follow take less time. */
export const lighterLoad: Pass = async ({ search, seeds }) => {
  // Where nobody asks anything, a run takes so little that many seeds may be tried.
  if (search.data.workload?.["clients"] !== 0 && (await search.accepts({ ...search.data, workload: { clients: 0 } }, 4 * seeds))) return;
  for (const share of [30, 10, 3, 2]) {
    const workload = search.data.workload ?? {};
    const rate = /^([\d.]+)\/s$/.exec(String(workload["rate"] ?? "100/s"))?.[1];
    if (rate === undefined || workload["think"] !== undefined || workload.script !== undefined) return;
    const lighter = Math.round(Number(rate) / share);
    if (lighter >= 1) await search.accepts({ ...search.data, workload: { ...workload, rate: `${lighter}/s` } }, share * seeds > 20 ? 3 * seeds : seeds);
  }
};

/** The operations one by one, so that single ones can be taken out. */
export const asScript: Pass = async ({ search, observe }) => {
  if (scriptOf(search.data) !== undefined) return;
  const seen = observe(search.data);
  if (seen === undefined) return;
  const script = seen.operations.map(({ atNs, client, f, key, to }) => ({ at: timeText(atNs), client, [f]: key, ...(to !== "" && { to }) }));
  const workload = without(search.data.workload ?? {}, "rate", "think", "bursts", "arrivals", "keys", "operations", "from", "until");
  await search.accepts({ ...search.data, workload: { ...workload, script } });
};

export const fewerOperations: Pass = async ({ search, seeds }) => {
  if (scriptOf(search.data) === undefined) return;
  await search.reduce((data) => scriptOf(data) ?? [], withScript, seeds);
};

/**
 * The last few alone. Each operation shifts what all later ones draw, so that where none can be taken out by itself, many
 * together may be, under another seed: what matters most often stands at the end.
 */
export const lastOperations: Pass = async ({ search, seeds }) => {
  for (const count of [1, 2, 3, 4, 6, 8]) {
    const script = scriptOf(search.data) ?? [];
    if (count * 2 > script.length) return;
    if (await search.accepts(withScript(search.data, script.slice(-count)), 4 * seeds)) return;
  }
};

/** The clients that ask something, and as few of them as possible. */
export const fewerClients: Pass = async ({ search }) => {
  const script = scriptOf(search.data);
  // Faults and zones may name clients too: then they stay as they are.
  if (script === undefined || search.data.workload?.["at"] !== undefined || namesClients(faultsOf(search.data))) return;
  const used = [...new Set(script.map(({ client }) => String(client)))].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const clientsAs = (clientOf: (position: number) => number): ScenarioData => {
    if (used.length === 0) return { ...search.data, workload: { clients: 0 } };
    const moved = script.map((operation) => ({ ...operation, client: `c${clientOf(used.indexOf(String(operation["client"]))) + 1}` }));
    const clients = Math.max(...used.map((_, position) => clientOf(position))) + 1;
    return { ...search.data, workload: { ...without(search.data.workload ?? {}, "clients", "script"), clients, script: moved } };
  };
  for (let most = 1; most < used.length; most += 1) if (await search.accepts(clientsAs((position) => position % most))) return;
  await search.accepts(clientsAs((position) => position));
};

const namesClients = (faults: readonly Fields[]): boolean => /"c\d+"/.test(JSON.stringify(faults));

/** One key for all operations, the first node that comes, and operations that do less. */
export const plainerOperations: Pass = async ({ search }) => {
  const count = scriptOf(search.data)?.length ?? 0;
  if (count === 0) return;
  const edits: ((operation: Fields) => Fields)[] = [(operation) => without(operation, "to"), onFirstKey, (operation) => as(operation, "cas", "write"), (operation) => as(operation, "write", "read")];
  for (const edit of edits) {
    if (await search.accepts(edited(search.data, edit))) continue;
    if (count > 60) continue;
    for (let at = 0; at < count; at += 1) await search.accepts(edited(search.data, (operation, position) => (position === at ? edit(operation) : operation)));
  }
};

function edited(data: ScenarioData, edit: (operation: Fields, position: number) => Fields): ScenarioData {
  return withScript(data, (scriptOf(data) ?? []).map(edit));
}

const onFirstKey = (operation: Fields): Fields => renamed(operation, (name) => (/^k\d+$/.test(name) ? "k1" : name)) as Fields;

/** The same at the same place in the line, so that it reads the same. */
function as(operation: Fields, f: string, other: string): Fields {
  return Object.fromEntries(Object.entries(operation).map(([key, value]) => [key === f ? other : key, value]));
}

/** Fewer nodes, all of them named anew. */
export const fewerNodes: Pass = async ({ search, seeds }: Bench) => {
  for (;;) {
    const { nodes } = search.data;
    if (typeof nodes !== "number" || nodes <= 1) return;
    const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const text = JSON.stringify([faultsOf(search.data), scriptOf(search.data)]);
    const mentions = (name: string): number => text.split(`"${name}"`).length;
    const dispensable = names.slice().sort((a, b) => mentions(a) - mentions(b));
    const sizes = [nodes - 2, nodes - 1].filter((size) => size >= 1);
    const candidates = sizes.flatMap((size) => choices(dispensable, nodes - size).slice(0, 10).map((gone) => withoutNodes(search.data, names, gone)));
    if (!(await search.acceptsOne(candidates, seeds))) return;
  }
};

/** One or two of them: those that stand first are chosen first. */
function choices(names: readonly string[], count: number): string[][] {
  if (count === 1) return names.map((name) => [name]);
  return names.flatMap((first, position) => names.slice(position + 1).map((second) => [first, second]));
}

function withoutNodes(data: ScenarioData, names: readonly string[], gone: readonly string[]): ScenarioData {
  const left = names.filter((name) => !gone.includes(name));
  const nameOf = (name: string): string | undefined => (gone.includes(name) ? undefined : left.includes(name) ? `n${left.indexOf(name) + 1}` : name);
  const faults = faultsOf(data).map((fault) => renamed(fault, nameOf)).filter((fault) => fault !== undefined) as Fields[];
  const script = scriptOf(data)?.map((operation) => (gone.includes(String(operation["to"])) ? without(operation, "to") : (renamed(operation, nameOf) as Fields)));
  const smaller = withFaults({ ...data, nodes: left.length }, faults);
  return script === undefined ? smaller : withScript(smaller, script);
}

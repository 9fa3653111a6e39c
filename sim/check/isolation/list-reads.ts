/**
 * The reads of transactions over lists: a list shows whose appends were seen, its last element whose version was read, and
 * the longest list of a key in which order its versions came. Appends that nobody saw came after all that was seen.
 */
import { type HistoryProblem, HistoryError } from "../history.ts";
import { shown } from "../words.ts";
import { type Draft, INITIAL } from "./readings.ts";

interface List {
  /** By value: who appended it; and by transaction the last that it appended. */
  readonly writers: Map<unknown, number>;
  readonly last: Map<number, unknown>;
  longest: readonly unknown[];
  longestBy: number;
}

export function listReads(draft: Draft, lines?: readonly number[]): void {
  const lists = listsOf(draft, lines);
  draft.transactions.forEach(({ outcome, steps }, t) => {
    const own = new Map<string, unknown[]>();
    if (outcome === "ok") {
      for (const [f, key, value] of steps) {
        if (f === "r") readList(draft, lists.get(key)!, { t, key, list: (value ?? []) as readonly unknown[], own: own.get(key) ?? [] });
        else own.set(key, [...(own.get(key) ?? []), value]);
      }
    }
    draft.next();
  });
  for (const [key, list] of lists) addVersions(draft, key, list);
}

function listsOf({ transactions }: Draft, lines: readonly number[] | undefined): Map<string, List> {
  const lists = new Map<string, List>();
  const problems: HistoryProblem[] = [];
  transactions.forEach(({ outcome, steps, invoked }, t) => {
    const own = new Map<string, number>();
    for (const [f, key, value] of steps) {
      let list = lists.get(key);
      if (list === undefined) lists.set(key, (list = { writers: new Map(), last: new Map(), longest: [], longestBy: -1 }));
      if (f !== "r") {
        if (list.writers.has(value)) problems.push({ line: lines?.[invoked] ?? invoked + 1, column: 1, message: `${JSON.stringify(value)} is appended to ${key} twice` });
        list.writers.set(value, t);
        list.last.set(t, value);
        own.set(key, (own.get(key) ?? 0) + 1);
      } else if (outcome === "ok" && Array.isArray(value)) {
        // What a transaction sees of its own appends is not a version yet: others may come before it commits.
        const length = value.length - (own.get(key) ?? 0);
        if (length > list.longest.length) Object.assign(list, { longest: value.slice(0, length), longestBy: t });
      }
    }
  });
  if (problems.length > 0) throw new HistoryError(problems);
  return lists;
}

interface Read {
  readonly t: number;
  readonly key: string;
  readonly list: readonly unknown[];
  /** What the transaction had appended itself before. */
  readonly own: readonly unknown[];
}

function readList(draft: Draft, { writers, last, longest, longestBy }: List, { t, key, list, own }: Read): void {
  const length = list.length - own.length;
  if (length < 0 || own.some((value, i) => list[length + i] !== value)) {
    return draft.fault("internal", key, [t], `read ${shown(list)} from ${key} after it had appended ${shown(own)} itself`);
  }
  const seen: number[] = [];
  for (let i = 0; i < length; i++) {
    const value = list[i];
    const writer = writers.get(value);
    if (value !== longest[i]) return draft.fault("incompatible-order", key, [longestBy, t], `read ${key} in another order than T${longestBy}`);
    if (writer === undefined) return draft.fault("garbage-read", key, [t], `read ${shown(value)} from ${key}, which nobody appended`);
    if (writer === t) return draft.fault("future-read", key, [t], `read ${shown(value)} from ${key} before it appended it itself`);
    if (draft.transactions[writer]!.outcome === "aborted") return draft.fault("G1a", key, [writer, t], `read ${shown(value)} from ${key}, which T${writer} appended and aborted`);
    if (seen.at(-1) !== writer) seen.push(writer);
  }
  const source = seen.at(-1) ?? INITIAL;
  if (source !== INITIAL && last.get(source) !== list[length - 1]) return draft.fault("G1b", key, [source, t], `read ${shown(list[length - 1])} from ${key}, to which T${source} appended more`);
  draft.read(draft.keyOf(key), source, seen);
}

function addVersions(draft: Draft, key: string, { writers, longest, longestBy }: List): void {
  if (new Set(longest).size < longest.length) return draft.fault("duplicate-elements", key, [longestBy], `read one append to ${key} twice`);
  const order = longest.map((value) => writers.get(value)).filter((writer) => writer !== undefined);
  for (let i = 1; i < order.length; i++) draft.version(order[i - 1]!, order[i]!, draft.keyOf(key));
  const end = order.at(-1);
  const read = new Set(longest);
  if (end !== undefined) for (const [value, writer] of writers) if (!read.has(value) && draft.happened[writer] === 1) draft.version(end, writer, draft.keyOf(key));
}

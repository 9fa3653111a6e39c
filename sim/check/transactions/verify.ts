/**
 * Replays what a verdict on transactions says, independently of whoever found it: a witness step by step, or against the axiom
 * of its level (Biswas and Enea, OOPSLA 2019, figure 2), and a refutation by its steps, each found again in what was read and
 * written; where one does not show by itself, by trying every order. It is short enough to be read in one go.
 */
import type { Reason, Verdict } from "../verdict.ts";
import type { Verification } from "../verify.ts";
import { contradictions } from "./contradictions.ts";
import { Facts, INITIAL, type State } from "./facts.ts";
import type { Transaction } from "./transaction.ts";

/** Places of a search for an order, and transactions of whom everything is asked. */
const MOST_PLACES = 100_000;
const MOST_TRIED = 64;
const MOST_KNOWN = 2_000;

/** `transactions`: the list that the verdict's positions refer to. */
export function verifyTransactions(verdict: Verdict, transactions: readonly Transaction[]): Verification {
  const { failure, witness, algorithm } = verdict;
  const facts = new Facts(transactions, verdict.model === "list-append", verdict.consistency);
  if (verdict.verdict === "pass") return witness?.[0] === undefined ? open(`${algorithm} gives no witness`) : replay(facts, witness[0].order);
  if (verdict.verdict === "unknown" || failure === undefined) return open("there is nothing to replay");
  if (algorithm.endsWith("given")) return open("the order of versions was given, which is not in the history");
  if (failure.cycle !== undefined) return circle(facts, failure.cycle);
  const name = /^([\w-]+): /.exec(verdict.detail)?.[1] ?? "";
  const check = contradictions[name];
  if (check === undefined) return tryOrders(failure.isMinimal === true ? facts.only(failure.operations) : facts);
  if (check(facts, failure.key, failure.operations)) return { outcome: "verified", why: `${name} is there` };
  return name === "cyclic-versions" ? tryOrders(facts) : wrong(`${name} is not there`);
}

function replay(facts: Facts, order: readonly number[]): Verification {
  const { transactions, level } = facts;
  const rank = new Map(order.map((t, i) => [t, i]));
  if (rank.size < order.length || order.some((t) => (transactions[t]?.outcome ?? "aborted") === "aborted")) return wrong("the witness names a transaction that did not happen, or one twice");
  const missing = transactions.findIndex(({ outcome }, t) => outcome === "ok" && !rank.has(t));
  if (missing !== -1) return wrong(`the witness leaves out T${missing}`);
  const latest = new Map<string, number>();
  for (const t of order) {
    const { client, invoked, returned } = transactions[t]!;
    for (const group of level === "strictSerializable" ? ["", `of ${client}`] : [`of ${client}`]) {
      if (returned < (latest.get(group) ?? -1)) return wrong(`T${t} had returned before one began that the witness puts before it`);
      latest.set(group, Math.max(invoked, latest.get(group) ?? -1));
    }
    if (facts.contradictsItself(t)) return wrong(`T${t} did not read what it had written itself`);
  }
  if (!facts.isSerial && order.length > MOST_KNOWN) return open(`${order.length} transactions are too many to ask who knew of whom`);
  const misplaced = facts.isSerial ? misfit(facts, order) : order.find((t) => !obeys(facts, t, order, rank));
  if (misplaced !== undefined) return wrong(`T${misplaced} cannot have read what it did where the witness puts it`);
  return { outcome: "verified", why: facts.isSerial ? `${order.length} transactions went one after the other as the witness puts them` : `${order.length} transactions commit as the witness puts them, as ${level} asks` };
}

/** The first that does not read what is there. */
function misfit(facts: Facts, order: readonly number[]): number | undefined {
  const state: State = new Map();
  return order.find((t) => {
    if (!facts.reads(t, state)) return true;
    facts.write(t, state);
    return false;
  });
}

/** The axiom: whoever wrote what it read, and is visible to it, commits before the one whose write it read. */
function obeys(facts: Facts, t: number, order: readonly number[], rank: ReadonlyMap<number, number>): boolean {
  const at = rank.get(t)!;
  return facts.views[t]!.every(({ key, seen, source }, i) => {
    const isRead = seen.every((value) => (rank.get(facts.writer(key, value)) ?? Infinity) < at);
    if (!isRead || source === t || (source !== INITIAL && facts.values(source, key).at(-1) !== seen.at(-1))) return false;
    // A list is what was appended up to its version, in the order of commits.
    const base = rank.get(source) ?? -1;
    if (facts.isList && JSON.stringify(order.slice(0, base + 1).flatMap((other) => facts.values(other, key))) !== JSON.stringify(seen)) return false;
    return facts.writers(key).every((other) => (rank.get(other) ?? -1) <= base || other === t || !facts.isVisible(other, t, i, rank));
  });
}

function circle(facts: Facts, cycle: readonly Reason[]): Verification {
  let isShown = true;
  for (const [i, { from, to, kind, key }] of cycle.entries()) {
    const next = cycle[(i + 1) % cycle.length]!;
    if (to !== next.from) return wrong(`the circle is not closed: T${to} is followed by T${next.from}`);
    if (next.kind === "rw" && facts.opens.has(kind)) return wrong(`T${to} read before it wrote: what must come before its end need not come before its beginning`);
    const held = holds(facts, from, to, kind, key);
    if (held === "no") return wrong(`that T${from} must stand before T${to} (${kind}) is not in the history`);
    if (held === "perhaps") isShown = false;
  }
  return isShown ? { outcome: "verified", why: `each of the ${cycle.length} steps of the circle is in the history` } : tryOrders(facts);
}

/** `perhaps`: where it may follow from what others force. */
function holds(facts: Facts, from: number, to: number, kind: string, key: string): "yes" | "no" | "perhaps" {
  const { transactions } = facts;
  const surely = (is: boolean): "yes" | "no" => (is ? "yes" : "no");
  if (transactions[from] === undefined || transactions[to] === undefined || from === to) return "no";
  if (kind === "session") return surely(facts.inSession(from, to));
  if (kind === "realtime") return surely(facts.level === "strictSerializable" && transactions[from].returned < transactions[to].invoked);
  if (kind === "wr") return surely(facts.views[to]!.some((view) => view.key === key && view.whole.some((value) => facts.writer(key, value) === from)));
  if (!facts.happened(to) || facts.values(to, key).length === 0) return "no";
  if (kind === "rw") return missed(facts, from, to, key);
  if (facts.values(from, key).length === 0) return "no";
  if (kind === "apart") return "perhaps";
  if (kind !== "ww" && kind !== "inferred") return "no";
  if (kind === "ww" && facts.isList) return surely(facts.isListed(key, from, to));
  return transactions.length <= MOST_KNOWN && facts.isOlder(key, from, to) ? "yes" : "perhaps";
}

/** It read a version that is older than the other's. Where nothing is known of order, the other must have been visible to it. */
function missed(facts: Facts, from: number, to: number, key: string): "yes" | "no" | "perhaps" {
  const views = facts.views[from]!.filter((view) => view.key === key && view.source !== to && !view.seen.some((value) => facts.writer(key, value) === to));
  if (views.length === 0) return "no";
  if (facts.isWeak) return facts.views[from]!.some((view, i) => views.includes(view) && view.source === INITIAL && facts.isVisible(to, from, i)) ? "yes" : "no";
  if (facts.isList || views.some(({ source }) => source === INITIAL)) return "yes";
  return facts.transactions.length <= MOST_KNOWN && views.some(({ source }) => facts.isOlder(key, source, to)) ? "yes" : "perhaps";
}

/** Every order is tried: of transactions, or of their beginnings and ends where a snapshot may be older than a commit. */
function tryOrders(facts: Facts): Verification {
  const { transactions, isSerial, level } = facts;
  const all = [...transactions.keys()].filter((t) => facts.happened(t));
  if (facts.isWeak) return open("what the steps of the circle follow from is not in the refutation");
  if (all.length > MOST_TRIED) return open(`the orders of ${all.length} transactions are too many to be tried`);
  if (all.some((t) => facts.contradictsItself(t))) return { outcome: "verified", why: "a transaction did not read what it had written itself" };
  const isBefore = (a: number, b: number): boolean => facts.inSession(a, b) || (level === "strictSerializable" && transactions[a]!.returned < transactions[b]!.invoked);
  const after = new Map(all.map((t) => [t, all.filter((other) => isBefore(other, t))]));
  const visited = new Set<string>();
  const search = (done: ReadonlySet<number>, begun: ReadonlySet<number>, state: State): boolean => {
    if (all.every((t) => done.has(t))) return true;
    const place = JSON.stringify([[...done].sort(), [...begun].sort(), [...state].sort()]);
    if (visited.has(place) || visited.size > MOST_PLACES) return false;
    visited.add(place);
    return all.some((t) => {
      if (done.has(t) || (!begun.has(t) && (!after.get(t)!.every((other) => done.has(other)) || !facts.reads(t, state)))) return false;
      if (!begun.has(t) && level === "snapshotIsolation" && [...begun].some((other) => facts.isContended(t, other))) return false;
      if (!isSerial && !begun.has(t) && search(done, new Set([...begun, t]), state)) return true;
      const next: State = new Map(state);
      facts.write(t, next);
      return search(new Set([...done, t]), new Set([...begun].filter((other) => other !== t)), next);
    });
  };
  if (search(new Set(), new Set(), new Map())) return wrong("the transactions have an order that explains what they read");
  return visited.size > MOST_PLACES ? open(`the orders of ${all.length} transactions are too many to be tried`) : { outcome: "verified", why: `none of the orders of ${all.length} transactions explains what they read` };
}

const open = (why: string): Verification => ({ outcome: "open", why });
const wrong = (why: string): Verification => ({ outcome: "wrong", why });

/**
 * Anomalies of transactions by name, from the worst on, and the levels that they refute (Adya, “Weak consistency”, 1999,
 * chapters 3 and 4; Cerone and Gotsman, “Analysing snapshot isolation”, 2016; Kingsbury and Alvaro, “Elle”, 2020).
 * Without predicates each anti-dependency is about an item: G-single and G-nonadjacent are Elle's G-single-item and
 * G-nonadjacent-item, and G2 is G2-item.
 */
import type { Reason } from "../verdict.ts";

/** What was found, with the transactions that show it, the one that cannot be explained last. */
export interface Anomaly {
  readonly name: string;
  readonly key: string;
  readonly transactions: readonly number[];
  /** A sentence. */
  readonly detail: string;
  readonly cycle?: readonly Reason[];
}

/** What is wrong without any cycle: values out of nowhere, and versions without an order. */
const impossible = ["garbage-read", "duplicate-elements", "incompatible-order", "cyclic-versions", "future-read"];
const dirty = ["G1a", "dirty-update", "G1b"];
/** Adya's classes of cycles, from the simplest on. */
export const cycleClasses = ["G0", "G1c", "G-single", "G-nonadjacent", "G2-item"] as const;
export type CycleClass = (typeof cycleClasses)[number];
const variants = ["", "-process", "-realtime"];

/** All names, from the worst to those that the fewest levels forbid. */
export const anomalyNames: readonly string[] = [...impossible, "G0", ...dirty, "G1c", "internal", ...cycleClasses.slice(2), "lost-update", ...["-process", "-realtime"].flatMap((variant) => cycleClasses.map((name) => name + variant))];

const weak = ["G0", ...impossible, ...dirty, "G1c"];
const atomic = [...weak, "internal"];
const snapshot = [...atomic, "G-single", "G-nonadjacent", "lost-update"];
const serial = [...snapshot, "G2-item"];

/** By level: what must not be found. What is missing may be forbidden too where `exact` does not say otherwise. */
const forbidden: { readonly [level: string]: readonly string[] } = {
  readCommitted: weak,
  readAtomic: atomic,
  transactionalCausal: atomic,
  prefixConsistent: atomic,
  snapshotIsolation: snapshot,
  serializable: serial,
  strictSerializable: [...serial, ...variants.flatMap((variant) => cycleClasses.map((name) => name + variant))],
};

export const graphLevels: readonly string[] = Object.keys(forbidden);

/** The names of the anomalies that refute a level; with `sessions`, where the level keeps the order of each session too. */
export function forbids(level: string, sessions = false): ReadonlySet<string> {
  const names = forbidden[level] ?? [];
  const ofSessions = sessions ? names.filter((name) => (cycleClasses as readonly string[]).includes(name)).map((name) => `${name}-process`) : [];
  return new Set([...names, ...ofSessions]);
}

/** Keeps a few findings of each name: a history that is wrong is often wrong throughout. */
export class Findings {
  readonly #byName = new Map<string, Anomaly[]>();

  add(anomaly: Anomaly): void {
    const same = this.#byName.get(anomaly.name);
    if (same === undefined) this.#byName.set(anomaly.name, [anomaly]);
    else if (same.length < 10) same.push(anomaly);
  }

  /** `what` follows the name of the last transaction. */
  found(name: string, key: string, transactions: readonly number[], what: string): void {
    this.add({ name, key, transactions, detail: `T${transactions.at(-1)!} ${what}` });
  }

  /** From the worst on. */
  all(): Anomaly[] {
    return anomalyNames.flatMap((name) => this.#byName.get(name) ?? []);
  }
}

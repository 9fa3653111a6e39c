/**
 * The levels of isolation of transactions, each asking for an order of commits that keeps sessions and reads (Biswas and
 * Enea, “On the complexity of checking transactional consistency”, OOPSLA 2019, whose axioms they are). So even the weakest
 * knows sessions, and `serializable` is what others call strong session serializability: it implies all below it.
 */
import type { CommitOrder, Edge } from "./commit-order.ts";
import { forceOrder } from "./forced-order.ts";
import { FrontierSearch } from "./frontier-search.ts";
import { Halves, type HalvesOptions } from "./halves.ts";
import { readAtomic } from "./read-atomic.ts";
import { readCommitted } from "./read-committed.ts";
import type { Readings } from "./readings.ts";
import { transactionalCausal } from "./transactional-causal.ts";

export interface Found {
  readonly outcome: "pass" | "fail" | "unknown";
  readonly algorithm: string;
  readonly explored: number;
  /** Of a pass: the transactions that happened, as they commit. */
  readonly order?: readonly number[];
  /** Of a fail: what must stand before each other; or else, where a search ended, who could not come next. */
  readonly cycle?: readonly Edge[];
  readonly stuck?: readonly number[];
}

export interface IsolationLevel {
  readonly summary: string;
  /** `budget` is in configurations. */
  judge(readings: Readings, budget: number): Found;
}

export const isolationLevels: { readonly [name: string]: IsolationLevel } = {
  strictSerializable: { summary: "one legal order of all transactions, each between its invocation and its return", judge: bySearch({ split: false, realTime: true }, false) },
  serializable: { summary: "one legal order of all transactions, which keeps the order of each session", judge: bySearch({ split: false }, false) },
  snapshotIsolation: { summary: "each transaction reads one moment's state, and none that write a key in common overlap", judge: bySearch({ split: true }, true) },
  prefixConsistent: { summary: "each transaction reads one moment's state: a prefix of one order of commits", judge: bySearch({ split: true }, false) },
  transactionalCausal: { summary: "who knows of a transaction, also through others, sees nothing older than what it wrote", judge: byAxiom(transactionalCausal) },
  readAtomic: { summary: "who sees a transaction sees all of it, and what its own session did before", judge: byAxiom(readAtomic) },
  readCommitted: { summary: "only what committed is read, and what was seen is not gone back behind within a transaction", judge: byAxiom(readCommitted) },
};

/** The natural level of transactions, and the one where nothing is known of real time. */
export const NATURAL = "strictSerializable";
export const WITHOUT_TIME = "serializable";

function byAxiom(constrain: (readings: Readings) => CommitOrder): IsolationLevel["judge"] {
  return (readings) => {
    const algorithm = "order of commits from reads (AWDIT)";
    const order = constrain(readings);
    const sorted = order.sort();
    const explored = readings.transactions.length;
    if (sorted === undefined) return { outcome: "fail", algorithm, explored, cycle: order.cycle()! };
    return { outcome: "pass", algorithm, explored, order: [...sorted].filter((t) => readings.happened[t] === 1) };
  };
}

/** Numbers in a table of clocks: beyond it, a history has too many sessions for its length. */
const TABLE = 2 ** 27;

function bySearch(options: HalvesOptions, apart: boolean): IsolationLevel["judge"] {
  return (readings, budget) => {
    const halves = new Halves(readings, options);
    const algorithm = "what reads force (Biswas and Enea)";
    if (halves.nodes * halves.count > TABLE) return { outcome: "unknown", algorithm: "none: too many sessions for the memory", explored: 0, stuck: [] };
    const forced = forceOrder(halves, apart);
    if (forced === undefined) return { outcome: "fail", algorithm, explored: halves.nodes, cycle: halves.ofTransactions(halves.order.cycle()!) };
    const { outcome, explored, order, stuck } = new FrontierSearch(halves, forced, apart).run(budget);
    const searched = explored > 1 ? `${algorithm}, then search over sessions` : algorithm;
    return { outcome, algorithm: searched, explored: Math.max(explored, 1), order, stuck };
  };
}

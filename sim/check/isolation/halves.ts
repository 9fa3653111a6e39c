/**
 * What is put in order by the levels of snapshots. A transaction that reads a snapshot and commits later has two halves:
 * prefix consistency is serializability of halves, and snapshot isolation that of halves where transactions that write a
 * key in common do not overlap (Biswas and Enea, OOPSLA 2019, section 4). For serializability itself it has one.
 */
import type { Chained } from "./clocks.ts";
import { CommitOrder, type Edge, REALTIME, SESSION, WITHIN, WR, WW } from "./commit-order.ts";
import { IntList } from "./rows.ts";
import type { Readings } from "./readings.ts";

export interface HalvesOptions {
  readonly split: boolean;
  readonly realTime?: boolean;
}

export class Halves implements Chained {
  readonly readings: Readings;
  readonly nodes: number;
  readonly split: boolean;
  readonly count: number;
  readonly chainOf: Int32Array;
  readonly placeOf: Int32Array;
  /** By transaction: the node that reads, and the one that writes; the same where it has one. -1 where it did not happen. */
  readonly begins: Int32Array;
  readonly ends: Int32Array;
  /** By node: its transaction; -1 for a moment of real time. */
  readonly transactionOf: Int32Array;
  readonly order: CommitOrder;

  constructor(readings: Readings, { split, realTime = false }: HalvesOptions) {
    const { transactions, chains, writes, reads } = readings;
    this.readings = readings;
    this.split = split;
    const isSplit = (t: number): boolean => split && writes.start[t] !== writes.start[t + 1] && reads.start[t] !== reads.start[t + 1];
    const [chainOf, placeOf, transactionOf] = [new IntList(), new IntList(), new IntList()];
    this.begins = new Int32Array(transactions.length).fill(-1);
    this.ends = new Int32Array(transactions.length).fill(-1);
    const { start, items } = chains.members;
    for (let chain = 0; chain < chains.count; chain++) {
      let place = 0;
      for (let i = start[chain]!; i < start[chain + 1]!; i++) {
        const t = items[i]!;
        this.begins[t] = transactionOf.length;
        for (let half = isSplit(t) ? 2 : 1; half > 0; half--) {
          this.ends[t] = transactionOf.length;
          chainOf.push(chain);
          placeOf.push(place++);
          transactionOf.push(t);
        }
      }
    }
    const returns = realTime ? returnsOf(readings) : [];
    returns.forEach((_, place) => {
      chainOf.push(chains.count);
      placeOf.push(place);
      transactionOf.push(-1);
    });
    this.nodes = transactionOf.length;
    this.count = chains.count + (realTime ? 1 : 0);
    this.chainOf = chainOf.toArray();
    this.placeOf = placeOf.toArray();
    this.transactionOf = transactionOf.toArray();
    this.order = new CommitOrder(this.nodes);
    this.#connect(returns);
  }

  /** The places of the halves that read, or that write, by transaction. */
  places(halves: Int32Array): Int32Array {
    return halves.map((node) => (node === -1 ? -1 : this.placeOf[node]!));
  }

  #connect(returns: readonly number[]): void {
    const { begins, ends, order } = this;
    const { transactions, chains, seen, seenBy, reads, versions } = this.readings;
    for (let node = 1; node < this.nodes; node++) {
      if (this.chainOf[node] !== this.chainOf[node - 1]) continue;
      const isWithin = this.transactionOf[node] === this.transactionOf[node - 1];
      order.add(node - 1, node, isWithin ? WITHIN : SESSION);
    }
    chains.crossFrom.forEach((from, i) => order.add(ends[from]!, begins[chains.crossTo[i]!]!, SESSION));
    for (let t = 0; t < transactions.length; t++) {
      for (let i = seen.start[t]!; i < seen.start[t + 1]!; i++) order.add(ends[seen.items[i]!]!, begins[t]!, WR, reads.items[seenBy[i]!]!);
    }
    versions.from.forEach((from, i) => order.add(ends[from]!, ends[versions.to[i]!]!, WW, versions.key[i]!));
    const first = this.nodes - returns.length;
    let passed = 0;
    if (returns.length === 0) return;
    transactions.forEach(({ invoked }, t) => {
      if (begins[t] === -1) return;
      for (; passed < returns.length && transactions[returns[passed]!]!.returned < invoked; passed++) order.add(ends[returns[passed]!]!, first + passed, REALTIME);
      if (passed > 0) order.add(first + passed - 1, begins[t]!, REALTIME);
    });
  }

  /** A cycle of halves as one of transactions: what lies within one is left out, and ways through time are one step. */
  ofTransactions(cycle: readonly Edge[]): Edge[] {
    const steps: Edge[] = [];
    const from = cycle.findIndex((edge) => this.transactionOf[edge.from] !== -1);
    let begun: number | undefined;
    for (const edge of [...cycle.slice(from), ...cycle.slice(0, from)]) {
      const to = this.transactionOf[edge.to]!;
      begun ??= this.transactionOf[edge.from]!;
      if (to === -1) continue;
      const isTime = this.transactionOf[edge.from] === -1;
      if (begun !== to) steps.push({ ...edge, from: begun, to, kind: isTime ? REALTIME : edge.kind });
      begun = undefined;
    }
    return steps;
  }
}

/** Those that returned, in that order. */
function returnsOf({ transactions, happened }: Readings): number[] {
  const returned = [...transactions.keys()].filter((t) => happened[t] === 1 && transactions[t]!.returned !== Infinity);
  return returned.sort((a, b) => transactions[a]!.returned - transactions[b]!.returned);
}

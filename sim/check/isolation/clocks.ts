/**
 * How many of each chain come before each node of an order: its past, because chains are ordered (the vector clocks of
 * Fidge and Mattern). Of many chains, some at a time.
 */
import type { CommitOrder } from "./commit-order.ts";

export interface Chained {
  readonly count: number;
  /** By node; negative for one in no chain. */
  readonly chainOf: Int32Array;
  readonly placeOf: Int32Array;
}

export class Clocks {
  readonly first: number;
  readonly width: number;
  /** By node, then by chain from `first` on. */
  readonly counts: Int32Array;

  /** `sorted`: the nodes so that all edges lead forward. */
  constructor(order: CommitOrder, sorted: Int32Array, chains: Chained, first = 0, width = chains.count) {
    this.first = first;
    this.width = width;
    this.counts = new Int32Array(order.nodes * width);
    const { start, items, from } = order.into();
    const { counts } = this;
    for (const node of sorted) {
      const own = node * width;
      for (let i = start[node]!; i < start[node + 1]!; i++) {
        const earlier = from[items[i]!]!;
        const chain = chains.chainOf[earlier]! - first;
        const isHere = chain >= 0 && chain < width;
        if (isHere && counts[own + chain]! > chains.placeOf[earlier]!) continue; // What is known of comes with its past.
        const other = earlier * width;
        for (let c = 0; c < width; c++) if (counts[other + c]! > counts[own + c]!) counts[own + c] = counts[other + c]!;
        if (isHere) counts[own + chain] = chains.placeOf[earlier]! + 1;
      }
    }
  }

  /** How many of a chain come before a node. */
  countOf(node: number, chain: number): number {
    return this.counts[node * this.width + chain - this.first]!;
  }
}

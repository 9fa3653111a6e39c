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
    const { start, items, to } = order.out();
    const { counts } = this;
    for (const node of sorted) {
      const own = node * width;
      const chain = chains.chainOf[node]! - first;
      const isHere = chain >= 0 && chain < width;
      for (let i = start[node]!; i < start[node + 1]!; i++) {
        const next = to[items[i]!]! * width;
        for (let c = 0; c < width; c++) if (counts[own + c]! > counts[next + c]!) counts[next + c] = counts[own + c]!;
        if (isHere && counts[next + chain]! <= chains.placeOf[node]!) counts[next + chain] = chains.placeOf[node]! + 1;
      }
    }
  }

  /** How many of a chain come before a node. */
  countOf(node: number, chain: number): number {
    return this.counts[node * this.width + chain - this.first]!;
  }
}

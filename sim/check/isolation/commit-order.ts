/** What must be committed before what, and why: a graph that has an order of commits, or a cycle that shows there is none. */
import { groupBy, type Rows } from "./rows.ts";

/** Why one stands before another. */
export const SESSION = 0;
/** Its write was read. */
export const WR = 1;
/** Its version is known to be older. */
export const WW = 2;
/** Its version must be older, because a third one that comes after it read the other's. */
export const INFERRED = 3;
/** It did not see the other's write. */
export const RW = 4;
export const REALTIME = 5;
/** It must be over, because both wrote one key and their times may not overlap. */
export const APART = 6;
/** Both are halves of one transaction, or help to tell real time. */
export const WITHIN = 7;

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
  /** -1 where it is about none. */
  readonly key: number;
  /** The transaction that shows it; -1 where it needs none. */
  readonly through: number;
}

/** Beyond so many nodes of cycles, the shortest through these is short enough; and so many edges are followed at most. */
const MOST_STARTS = 200;
const MOST_FOLLOWED = 20_000_000;

export class CommitOrder {
  readonly nodes: number;
  /** How many edges there are. */
  edges = 0;
  #from: Int32Array;
  #to: Int32Array;
  #kind: Int32Array;
  #key: Int32Array;
  #through: Int32Array;
  #out: (Rows & { readonly to: Int32Array }) | undefined;
  #into: (Rows & { readonly from: Int32Array }) | undefined;

  constructor(nodes: number) {
    this.nodes = nodes;
    const room = 4 * nodes + 64;
    this.#from = new Int32Array(room);
    this.#to = new Int32Array(room);
    this.#kind = new Int32Array(room);
    this.#key = new Int32Array(room);
    this.#through = new Int32Array(room);
  }

  add(from: number, to: number, kind: number, key = -1, through = -1): void {
    if (from === to) return;
    if (this.edges === this.#from.length) this.#grow();
    this.#out = this.#into = undefined;
    this.#from[this.edges] = from;
    this.#to[this.edges] = to;
    this.#kind[this.edges] = kind;
    this.#key[this.edges] = key;
    this.#through[this.edges++] = through;
  }

  #grow(): void {
    const larger = (list: Int32Array): Int32Array => {
      const grown = new Int32Array(2 * list.length);
      grown.set(list);
      return grown;
    };
    this.#from = larger(this.#from);
    this.#to = larger(this.#to);
    this.#kind = larger(this.#kind);
    this.#key = larger(this.#key);
    this.#through = larger(this.#through);
  }

  edge(index: number): Edge {
    return { from: this.#from[index]!, to: this.#to[index]!, kind: this.#kind[index]!, key: this.#key[index]!, through: this.#through[index]! };
  }

  /** The edges by where they begin, and where each leads. */
  out(): Rows & { readonly to: Int32Array } {
    const to = this.#to.subarray(0, this.edges);
    return (this.#out ??= { ...groupBy(this.#from.subarray(0, this.edges), this.nodes), to });
  }

  /** The edges by where they lead, and where each begins. */
  into(): Rows & { readonly from: Int32Array } {
    const from = this.#from.subarray(0, this.edges);
    return (this.#into ??= { ...groupBy(this.#to.subarray(0, this.edges), this.nodes), from });
  }

  /** The nodes so that all edges lead forward; undefined where they run in a circle. */
  sort(): Int32Array | undefined {
    const { sorted, end } = this.#peel(true);
    return end === this.nodes ? sorted : undefined;
  }

  /** A short cycle; undefined where there is none. */
  cycle(): Edge[] | undefined {
    const isLeft = new Uint8Array(this.nodes).fill(1);
    for (const forward of [true, false]) {
      const { sorted, end } = this.#peel(forward);
      for (let i = 0; i < end; i++) isLeft[sorted[i]!] = 0;
    }
    const search = new Ways(this, isLeft);
    let best: Edge[] | undefined;
    for (let start = 0, tried = 0; start < this.nodes && tried < MOST_STARTS && search.followed < MOST_FOLLOWED; start++) {
      if (isLeft[start] === 0) continue;
      tried++;
      best = search.back(start, best?.length ?? Infinity) ?? best;
    }
    return best;
  }

  /** Takes away what nothing (left) leads to, or what leads to nothing. */
  #peel(forward: boolean): { sorted: Int32Array; end: number } {
    const { start, items, to } = forward ? this.out() : { ...this.into(), to: this.into().from };
    const left = new Int32Array(this.nodes);
    for (const node of to) left[node]! += 1;
    const sorted = new Int32Array(this.nodes);
    let end = 0;
    for (let node = 0; node < this.nodes; node++) if (left[node] === 0) sorted[end++] = node;
    for (let at = 0; at < end; at++) {
      const node = sorted[at]!;
      for (let i = start[node]!; i < start[node + 1]!; i++) {
        const next = to[items[i]!]!;
        if (--left[next]! === 0) sorted[end++] = next;
      }
    }
    return { sorted, end };
  }
}

/** Breadth-first searches among the nodes that are left, which share their memory. */
class Ways {
  followed = 0;
  readonly #order: CommitOrder;
  readonly #isLeft: Uint8Array;
  readonly #by: Int32Array;
  readonly #stamp: Int32Array;
  #search = 0;

  constructor(order: CommitOrder, isLeft: Uint8Array) {
    this.#order = order;
    this.#isLeft = isLeft;
    this.#by = new Int32Array(order.nodes);
    this.#stamp = new Int32Array(order.nodes);
  }

  /** The shortest way from a node back to it, if it has fewer steps than `most`. */
  back(start: number, most: number): Edge[] | undefined {
    const { start: from, items, to } = this.#order.out();
    this.#search += 1;
    let front = [start];
    for (let steps = 1; front.length > 0 && steps < most; steps++) {
      const next: number[] = [];
      for (const node of front) {
        for (let i = from[node]!; i < from[node + 1]!; i++) {
          const other = to[items[i]!]!;
          this.followed += 1;
          if (this.#isLeft[other] === 0 || this.#stamp[other] === this.#search) continue;
          this.#stamp[other] = this.#search;
          this.#by[other] = items[i]!;
          if (other === start) return this.#trace(start);
          next.push(other);
        }
      }
      front = next;
    }
    return undefined;
  }

  #trace(start: number): Edge[] {
    const edges = [this.#order.edge(this.#by[start]!)];
    while (edges[0]!.from !== start) edges.unshift(this.#order.edge(this.#by[edges[0]!.from]!));
    return edges;
  }
}

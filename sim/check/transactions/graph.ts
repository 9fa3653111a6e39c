/**
 * A graph of dependencies on typed arrays: components (Tarjan 1972, without recursion) and shortest paths (breadth first).
 * Nodes from `transactions` on stand for no transaction: they bundle edges (every earlier return before every later
 * invocation, every reader of a last version before every later writer) and do not count as steps.
 */
import { Ints } from "./ints.ts";

export const WW = 1;
export const WR = 2;
export const RW = 4;
/** In one session, one after the other. */
export const SESSION = 8;
/** One returned before the other was invoked. */
export const TIME = 16;
/** To a node that bundles the edges out of it, which have their own kind. */
export const PASS = 32;
export const DEPENDENCIES = WW | WR | PASS;

/** `note`: the version that it is about, -1 where there is none. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
  readonly note: number;
}

export interface Components {
  /** By node, numbered in reverse topological order. */
  readonly of: Int32Array;
  readonly count: number;
}

export class Graph {
  readonly transactions: number;
  #nodes: number;
  readonly #from = new Ints();
  readonly #to = new Ints();
  readonly #kind = new Ints();
  readonly #note = new Ints();
  #start = new Int32Array(0);
  #out = new Int32Array(0);

  constructor(transactions: number) {
    this.transactions = transactions;
    this.#nodes = transactions;
  }

  get nodes(): number {
    return this.#nodes;
  }

  get edges(): number {
    return this.#from.length;
  }

  /** A node that bundles edges. */
  bundle(): number {
    return this.#nodes++;
  }

  add(from: number, to: number, kind: number, note = -1): void {
    if (from === to) return;
    this.#from.push(from);
    this.#to.push(to);
    this.#kind.push(kind);
    this.#note.push(note);
  }

  /** Sorts the edges by where they begin; call it after the last `add`. */
  seal(): void {
    this.#start = new Int32Array(this.nodes + 1);
    const from = this.#from.data;
    for (let e = 0; e < this.edges; e++) this.#start[from[e]! + 1]!++;
    for (let n = 0; n < this.nodes; n++) this.#start[n + 1]! += this.#start[n]!;
    const next = this.#start.slice();
    this.#out = new Int32Array(this.edges);
    for (let e = 0; e < this.edges; e++) this.#out[next[from[e]!]!++] = e;
  }

  edge(e: number): Edge {
    return { from: this.#from.data[e]!, to: this.#to.data[e]!, kind: this.#kind.data[e]!, note: this.#note.data[e]! };
  }

  from(e: number): number {
    return this.#from.data[e]!;
  }

  to(e: number): number {
    return this.#to.data[e]!;
  }

  kind(e: number): number {
    return this.#kind.data[e]!;
  }

  /** The edges out of a node are `outAt(i)` for `i` from `begin(node)` up to `begin(node + 1)`. */
  begin(node: number): number {
    return this.#start[node]!;
  }

  outAt(i: number): number {
    return this.#out[i]!;
  }

  /** Components over edges of the kinds in `mask`. */
  components(mask: number): Components {
    const [of, low, at] = [new Int32Array(this.nodes).fill(-1), new Int32Array(this.nodes), this.#start.slice()];
    const [stack, path, seen] = [new Int32Array(this.nodes), new Int32Array(this.nodes), new Int32Array(this.nodes)];
    const [start, out, toNode, kind] = [this.#start, this.#out, this.#to.data, this.#kind.data];
    let [count, clock, top] = [0, 0, 0];
    for (let root = 0; root < this.nodes; root++) {
      if (seen[root] !== 0) continue;
      let depth = 0;
      path[0] = stack[top++] = root;
      seen[root] = low[root] = ++clock;
      while (depth >= 0) {
        const node = path[depth]!;
        if (at[node]! < start[node + 1]!) {
          const edge = out[at[node]!++]!;
          const to = toNode[edge]!;
          if ((kind[edge]! & mask) === 0 || of[to] !== -1) continue;
          if (seen[to] !== 0) low[node] = Math.min(low[node]!, seen[to]!);
          else {
            seen[to] = low[to] = ++clock;
            path[++depth] = stack[top++] = to;
          }
          continue;
        }
        if (low[node] === seen[node]) {
          do of[stack[--top]!] = count;
          while (stack[top] !== node);
          count++;
        }
        if (--depth >= 0) low[path[depth]!] = Math.min(low[path[depth]!]!, low[node]!);
      }
    }
    return { of, count };
  }
}

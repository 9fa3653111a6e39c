/** A graph of dependencies on typed arrays: components (Tarjan 1972, without recursion) and a short cycle. */
export const WW = 1;
export const WR = 2;
export const RW = 4;
export const TIME = 8;

export class Graph {
  readonly nodes: number;
  #from = new Int32Array(1024);
  #to = new Int32Array(1024);
  #kind = new Uint8Array(1024);
  #edges = 0;
  #start = new Int32Array(0);
  #out = new Int32Array(0);

  constructor(nodes: number) {
    this.nodes = nodes;
  }

  add(from: number, to: number, kind: number): void {
    if (from === to) return;
    if (this.#edges === this.#from.length) this.#grow();
    this.#from[this.#edges] = from;
    this.#to[this.#edges] = to;
    this.#kind[this.#edges++] = kind;
  }

  #grow(): void {
    const [from, to, kind] = [this.#from, this.#to, this.#kind];
    (this.#from = new Int32Array(from.length * 2)).set(from);
    (this.#to = new Int32Array(to.length * 2)).set(to);
    (this.#kind = new Uint8Array(kind.length * 2)).set(kind);
  }

  /** Sorts the edges by where they begin; call it once, after the last `add`. */
  seal(): void {
    this.#start = new Int32Array(this.nodes + 1);
    for (let e = 0; e < this.#edges; e++) this.#start[this.#from[e]! + 1]!++;
    for (let n = 0; n < this.nodes; n++) this.#start[n + 1]! += this.#start[n]!;
    const next = this.#start.slice();
    this.#out = new Int32Array(this.#edges);
    for (let e = 0; e < this.#edges; e++) this.#out[next[this.#from[e]!]!++] = e;
  }

  /** Component by node, numbered in reverse topological order, over edges of the kinds in `mask`. */
  components(mask: number): { readonly of: Int32Array; readonly count: number } {
    const [of, low, at] = [new Int32Array(this.nodes).fill(-1), new Int32Array(this.nodes), this.#start.slice()];
    const [stack, path] = [new Int32Array(this.nodes), new Int32Array(this.nodes)];
    const seen = new Int32Array(this.nodes);
    let [count, clock, top] = [0, 0, 0];
    for (let root = 0; root < this.nodes; root++) {
      if (seen[root] !== 0) continue;
      let depth = 0;
      path[0] = stack[top++] = root;
      seen[root] = low[root] = ++clock;
      while (depth >= 0) {
        const node = path[depth]!;
        if (at[node]! < this.#start[node + 1]!) {
          const edge = this.#out[at[node]!++]!;
          const to = this.#to[edge]!;
          if ((this.#kind[edge]! & mask) === 0 || of[to] !== -1) continue;
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

  /** The edges of a shortest cycle through the first node that is on one, over the kinds in `mask`. */
  cycle(mask: number): { readonly from: number; readonly to: number; readonly kind: number }[] | undefined {
    const { of, count } = this.components(mask);
    if (count === this.nodes) return undefined;
    const size = new Int32Array(count);
    for (const component of of) size[component]!++;
    const first = of.findIndex((component) => size[component]! > 1);
    const [by, queue] = [new Int32Array(this.nodes).fill(-1), [first]];
    for (let head = 0; by[first] === -1; head++) {
      const node = queue[head]!;
      for (let i = this.#start[node]!; i < this.#start[node + 1]!; i++) {
        const edge = this.#out[i]!;
        const to = this.#to[edge]!;
        if ((this.#kind[edge]! & mask) === 0 || of[to] !== of[first] || by[to] !== -1) continue;
        by[to] = edge;
        queue.push(to);
      }
    }
    const cycle = [];
    let node = first;
    do {
      const edge = by[node]!;
      cycle.unshift({ from: this.#from[edge]!, to: node, kind: this.#kind[edge]! });
      node = this.#from[edge]!;
    } while (node !== first);
    return cycle;
  }
}

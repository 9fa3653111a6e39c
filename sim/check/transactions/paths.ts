/** Shortest paths in a graph of dependencies, breadth first; nodes that bundle edges are no steps. */
import { type Edge, type Graph, PASS, RW } from "./graph.ts";

export interface PathQuestion {
  readonly from: number;
  readonly to: number;
  readonly mask: number;
  /** The kind of the edge by which `from` was come to. */
  readonly after: number;
  /** Whether one rw may follow another; else the path does not end with rw where it leads back to one either. */
  readonly adjacent: boolean;
  readonly avoid?: number;
}

export class Paths {
  /** How many edges may still be looked at. */
  left: number;
  readonly #graph: Graph;
  readonly #part: Int32Array;
  /** By node and whether it was come to by rw: in which search it was last seen, and by which edge. */
  readonly #seen: Int32Array;
  readonly #by: Int32Array;
  #search = 0;

  /** Paths stay within one part. */
  constructor(graph: Graph, part: Int32Array, budget: number) {
    this.#graph = graph;
    this.#part = part;
    this.left = budget;
    this.#seen = new Int32Array(graph.nodes * 2);
    this.#by = new Int32Array(graph.nodes * 2);
  }

  /** The numbers of its edges; undefined where there is none, or the budget ends. */
  find(question: PathQuestion): number[] | undefined {
    const { from, to, after, adjacent } = question;
    const start = from * 2 + (after === RW ? 1 : 0);
    const isEnd = (state: number): boolean => state >> 1 === to && (adjacent || after !== RW || (state & 1) === 0);
    if (isEnd(start)) return [];
    this.#search++;
    this.#seen[start] = this.#search;
    let level = [start];
    while (level.length > 0) {
      const next: number[] = [];
      // Bundles are put at the end of their own level, which so grows while it is gone through.
      for (let at = 0; at < level.length; at++) {
        const end = this.#step(level[at]!, question, level, next, isEnd);
        if (end !== undefined) return this.#edgesTo(end, start);
        if (this.left <= 0) return undefined;
      }
      level = next;
    }
    return undefined;
  }

  #step(state: number, { mask, adjacent, avoid }: PathQuestion, level: number[], next: number[], isEnd: (state: number) => boolean): number | undefined {
    const graph = this.#graph;
    const node = state >> 1;
    const end = graph.begin(node + 1);
    this.left -= end - graph.begin(node) + 1;
    for (let i = graph.begin(node); i < end; i++) {
      const edge = graph.outAt(i);
      const [kind, to] = [graph.kind(edge), graph.to(edge)];
      if ((kind & mask) === 0 || to === avoid || this.#part[to] !== this.#part[node]) continue;
      if (kind === RW && !adjacent && (state & 1) === 1) continue;
      const arrived = to * 2 + (kind === RW || (kind === PASS && (state & 1) === 1) ? 1 : 0);
      if (this.#seen[arrived] === this.#search) continue;
      this.#seen[arrived] = this.#search;
      // Two ways to come to a node have one predecessor state each, which is kept in the lowest bit.
      this.#by[arrived] = edge * 2 + (state & 1);
      if (isEnd(arrived)) return arrived;
      (to < graph.transactions ? next : level).push(arrived);
    }
    return undefined;
  }

  #edgesTo(end: number, start: number): number[] {
    const edges: number[] = [];
    for (let state = end; state !== start || edges.length === 0; ) {
      const edge = this.#by[state]! >> 1;
      edges.push(edge);
      state = this.#graph.from(edge) * 2 + (this.#by[state]! & 1);
    }
    return edges.reverse();
  }

  /** A closed walk as edges between transactions: what leads through a bundle becomes one. */
  joined(closed: readonly number[]): Edge[] {
    const graph = this.#graph;
    const edges = closed.map((e) => graph.edge(e));
    const first = edges.findIndex(({ from }) => from < graph.transactions);
    const joined: Edge[] = [];
    let begun: Edge | undefined;
    for (const edge of [...edges.slice(first), ...edges.slice(0, first)]) {
      const { from } = begun ?? edge;
      const named = begun === undefined || begun.kind === PASS ? edge : begun;
      begun = { ...named, from, to: edge.to };
      if (edge.to >= graph.transactions) continue;
      joined.push(begun);
      begun = undefined;
    }
    return joined;
  }
}

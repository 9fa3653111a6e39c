/**
 * Adya's classes of cycles, a short cycle of each (Adya 1999, sections 4.2 to 4.5; Elle, section 6). A class is looked for only
 * within components over its kinds of edges, by breadth first from the edge that it must have:
 * G0: writes that overwrite each other. G1c: and at least one read of what was written. G-single: exactly one read that
 * missed a write (rw). G-nonadjacent: several, no two in a row. G2-item: two in a row. With edges of sessions they are
 * called `-process`, with real time `-realtime`.
 *
 * G0, G1c and whether there is any cycle of the last three are exact; which of the three is a matter of search, whose budget
 * counts edges. A weaker class is not looked for under the name of a variant where it is there without.
 */
import { type CycleClass, cycleClasses } from "./anomalies.ts";
import { type Components, DEPENDENCIES, type Edge, Graph, PASS, RW, SESSION, TIME, WR, WW } from "./graph.ts";
import { Paths } from "./paths.ts";

/** Edges looked at for each class of each variant. */
const BUDGET = 20_000_000;
const ALL = DEPENDENCIES | RW;
/** Kinds of edges beside the dependencies, by variant. */
export const VARIANTS: readonly number[] = [0, SESSION, SESSION | TIME];

export interface Cycle {
  readonly name: string;
  /** Between transactions, the first leading on to the second; the last leads back to the first. */
  readonly edges: readonly Edge[];
}

/** A cycle of each class and variant that is there, where the graph has edges of it. */
export function findCycles(graph: Graph): Cycle[] {
  const found = new Map<string, Cycle>();
  const classes = new Set<CycleClass>();
  if (graph.components(ALL | SESSION | TIME).count === graph.nodes) return [];
  for (const extra of VARIANTS) {
    const search = new CycleSearch(graph, extra);
    if (!search.hasCycle) continue;
    for (const name of cycleClasses) {
      if (classes.has(name)) continue;
      const edges = search.find(name);
      const cycle = edges === undefined ? undefined : nameOf(edges);
      if (cycle !== undefined && !found.has(cycle.name)) found.set(cycle.name, cycle);
    }
    if (found.size === 0) {
      const cycle = nameOf(search.any());
      found.set(cycle.name, cycle);
    }
    for (const { name } of found.values()) classes.add(name.replace(/-(process|realtime)$/, "") as CycleClass);
  }
  return [...found.values()];
}

/** Whether a cycle without two rw in a row is there, over dependencies and `extra`: what snapshot isolation forbids. */
export function hasNonadjacent(graph: Graph, extra = 0): boolean {
  const search = new CycleSearch(graph, extra);
  return search.hasCycle && (search.hasDependencyCycle || search.lonely().length > 0);
}

function nameOf(edges: readonly Edge[]): Cycle {
  const kinds = edges.reduce((all, { kind }) => all | kind, 0);
  return { name: classOf(edges) + ((kinds & TIME) !== 0 ? "-realtime" : (kinds & SESSION) !== 0 ? "-process" : ""), edges };
}

export function classOf(edges: readonly { readonly kind: number }[]): CycleClass {
  const missed = edges.filter(({ kind }) => kind === RW).length;
  if (missed === 0) return edges.some(({ kind }) => kind === WR) ? "G1c" : "G0";
  if (missed === 1) return "G-single";
  return edges.some(({ kind }, i) => kind === RW && edges[(i + 1) % edges.length]!.kind === RW) ? "G2-item" : "G-nonadjacent";
}

class CycleSearch {
  readonly #graph: Graph;
  readonly #extra: number;
  readonly #all: Components;
  readonly #paths: Paths;
  #apart: { readonly graph: Graph; readonly parts: Components } | undefined;

  constructor(graph: Graph, extra: number) {
    this.#graph = graph;
    this.#extra = extra;
    this.#all = graph.components(ALL | extra);
    this.#paths = new Paths(graph, this.#all.of, BUDGET);
  }

  get hasCycle(): boolean {
    return this.#all.count < this.#graph.nodes;
  }

  get hasDependencyCycle(): boolean {
    return this.#graph.components(DEPENDENCIES | this.#extra).count < this.#graph.nodes;
  }

  find(name: CycleClass): Edge[] | undefined {
    this.#paths.left = BUDGET;
    if (name === "G0") return this.#closed(WW, WW | this.#extra);
    if (name === "G1c") return this.#closed(WR, WW | WR | this.#extra);
    if (name === "G-single") return this.#shortest(this.lonely(), (e) => this.#back(e, DEPENDENCIES | this.#extra));
    if (name === "G2-item") return this.#inARow();
    return this.#shortest(this.lonely(), (e) => this.#simple(this.#back(e, ALL | this.#extra)), "G-nonadjacent");
  }

  /** A cycle whatever it is called: one is there, and the budget has ended before its class was found. */
  any(): Edge[] {
    this.#paths.left = Infinity;
    const mask = ALL | this.#extra;
    const rw = this.#edgesWithin(this.#all.of, RW)[0]!;
    const edge = this.#graph.edge(rw);
    return this.#paths.joined([rw, ...this.#paths.find({ from: edge.to, to: edge.from, mask, after: RW, adjacent: true })!]);
  }

  /** A short cycle over `mask` with an edge of the kind `must`. */
  #closed(must: number, mask: number): Edge[] | undefined {
    const { of, count } = this.#graph.components(mask);
    if (count === this.#graph.nodes) return undefined;
    return this.#shortest(this.#edgesWithin(of, must), (e) => this.#back(e, mask));
  }

  #edgesWithin(of: Int32Array, kind: number): number[] {
    const found: number[] = [];
    const graph = this.#graph;
    for (let e = 0; e < graph.edges; e++) if (graph.kind(e) === kind && of[graph.from(e)] === of[graph.to(e)]) found.push(e);
    return found;
  }

  /** The rw edges that close a walk without two of them in a row. */
  lonely(): number[] {
    const graph = this.#graph;
    const { parts } = (this.#apart ??= this.#splitByArrival());
    return this.#edgesWithin(this.#all.of, RW).filter((e) => parts.of[graph.from(e) * 2] === parts.of[graph.to(e) * 2 + 1]);
  }

  /** A graph of nodes by how they were come to, by rw (odd) or otherwise (even); rw leads on from the even ones only. */
  #splitByArrival(): { graph: Graph; parts: Components } {
    const [graph, { of }] = [this.#graph, this.#all];
    const split = new Graph(graph.nodes * 2);
    for (let e = 0; e < graph.edges; e++) {
      const [from, to, kind] = [graph.from(e), graph.to(e), graph.kind(e)];
      if ((kind & (ALL | this.#extra)) === 0 || of[from] !== of[to]) continue;
      split.add(from * 2, to * 2 + (kind === RW ? 1 : 0), kind);
      if (kind === PASS) split.add(from * 2 + 1, to * 2 + 1, kind);
      else if (kind !== RW) split.add(from * 2 + 1, to * 2, kind);
    }
    split.seal();
    return { graph: split, parts: split.components(ALL | this.#extra) };
  }

  /** The edge, and from its end back to its begin. */
  #back(e: number, mask: number): Edge[] | undefined {
    const edge = this.#graph.edge(e);
    const path = this.#paths.find({ from: edge.to, to: edge.from, mask, after: edge.kind, adjacent: false });
    return path === undefined ? undefined : this.#paths.joined([e, ...path]);
  }

  /** Two rw in a row, and back past the middle. */
  #inARow(): Edge[] | undefined {
    const graph = this.#graph;
    const { of } = this.#all;
    let best: Edge[] | undefined;
    for (const first of this.#edgesWithin(of, RW)) {
      const middle = graph.to(first);
      for (const second of this.#missedBy(middle)) {
        const end = graph.to(second.at(-1)!);
        if (of[end] !== of[middle] || end === middle) continue;
        const path = this.#paths.find({ from: end, to: graph.from(first), mask: ALL | this.#extra, after: RW, adjacent: true, avoid: middle });
        const cycle = path === undefined ? undefined : this.#paths.joined([first, ...second, ...path]);
        if (cycle !== undefined && isSimple(cycle) && (best === undefined || cycle.length < best.length)) best = cycle;
        if (best?.length === 2 || this.#paths.left <= 0) return best;
      }
    }
    return best;
  }

  /** The rw edges out of a node, also by way of a bundle. */
  *#missedBy(node: number): Generator<readonly number[]> {
    const graph = this.#graph;
    for (let i = graph.begin(node); i < graph.begin(node + 1); i++) {
      const edge = graph.outAt(i);
      if (graph.kind(edge) === RW) yield [edge];
      if (graph.kind(edge) !== PASS) continue;
      for (let j = graph.begin(graph.to(edge)); j < graph.begin(graph.to(edge) + 1); j++) yield [edge, graph.outAt(j)];
    }
  }

  /** Of the wanted class, or where none is found of another. */
  #shortest(candidates: readonly number[], cycleOf: (edge: number) => Edge[] | undefined, wanted?: CycleClass): Edge[] | undefined {
    let [best, other]: (Edge[] | undefined)[] = [];
    for (const candidate of candidates) {
      if (this.#paths.left <= 0) break;
      const cycle = cycleOf(candidate);
      if (cycle === undefined) continue;
      if (wanted !== undefined && classOf(cycle) !== wanted) {
        other = cycle;
        continue;
      }
      if (best === undefined || cycle.length < best.length) best = cycle;
      if (best.length === 2) break;
    }
    return best ?? other;
  }

  /** A closed walk without two rw in a row that passes a node twice has a part of which the same holds. */
  #simple(walk: Edge[] | undefined): Edge[] | undefined {
    if (walk === undefined) return undefined;
    const seen = new Map<number, number>();
    for (let i = 0; i < walk.length; i++) {
      const before = seen.get(walk[i]!.from);
      if (before === undefined) {
        seen.set(walk[i]!.from, i);
        continue;
      }
      const parts = [walk.slice(before, i), [...walk.slice(i), ...walk.slice(0, before)]];
      return this.#simple(parts.find((part) => classOf(part) !== "G2-item" && !(part[0]!.kind === RW && part.at(-1)!.kind === RW)));
    }
    return walk;
  }
}

function isSimple(cycle: readonly Edge[]): boolean {
  return new Set(cycle.map(({ from }) => from)).size === cycle.length;
}

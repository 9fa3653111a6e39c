/** An order of transactions that a graph allows, and whether registers so run return what was read. */
import { DEPENDENCIES, type Graph, RW, SESSION, TIME } from "./graph.ts";
import type { Registers } from "./rw-register.ts";
import { OK, type Table } from "./table.ts";
import { INITIAL } from "./version-inference.ts";

/** Of a graph without cycles: what returned first stands first where nothing else is said. */
export function orderByReturn(graph: Graph, table: Table, happened: Uint8Array): number[] {
  const incoming = new Int32Array(graph.nodes);
  for (let e = 0; e < graph.edges; e++) incoming[graph.to(e)]!++;
  const ready = new Heap((node) => (node < table.size ? table.returned(node) : -1));
  for (let node = 0; node < graph.nodes; node++) if (incoming[node] === 0) ready.push(node);
  const order: number[] = [];
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    if (node < table.size && happened[node] === 1) order.push(node);
    for (let i = graph.begin(node); i < graph.begin(node + 1); i++) {
      const to = graph.to(graph.outAt(i));
      if (--incoming[to]! === 0) ready.push(to);
    }
  }
  return order;
}

/** Of a graph without cycles, from its components: in reverse topological order. */
export function orderByComponents(of: Int32Array, happened: Uint8Array): number[] {
  const order: number[] = [];
  for (let t = 0; t < happened.length; t++) if (happened[t] === 1) order.push(t);
  return order.sort((a, b) => of[b]! - of[a]!);
}

export const EVERY_KIND = DEPENDENCIES | RW | SESSION | TIME;

/** Whether each read returns the last write before it. */
export function isLegal({ table }: Registers, order: readonly number[]): boolean {
  const state = new Int32Array(table.keys.length).fill(INITIAL);
  return order.every((t) => {
    for (let step = table.begin(t); step < table.end(t); step++) {
      if (table.isWrite(step)) state[table.key(step)] = table.value(step);
      else if (table.outcome(t) === OK && state[table.key(step)] !== table.value(step)) return false;
    }
    return true;
  });
}

/** The least first. */
class Heap {
  readonly #items: number[] = [];
  readonly #rank: (item: number) => number;

  constructor(rank: (item: number) => number) {
    this.#rank = rank;
  }

  push(item: number): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#rank(items[parent]!) <= this.#rank(item)) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  pop(): number | undefined {
    const items = this.#items;
    const least = items[0];
    const item = items.pop();
    if (least === undefined || items.length === 0) return least;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      if (child + 1 < items.length && this.#rank(items[child + 1]!) < this.#rank(items[child]!)) child++;
      if (this.#rank(item!) <= this.#rank(items[child]!)) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = item!;
    return least;
  }
}

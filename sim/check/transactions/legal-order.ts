/** An order of transactions that a graph allows, and whether registers so run return what was read. */
import { DEPENDENCIES, type Graph, RW, SESSION, TIME } from "./graph.ts";
import type { Registers } from "./rw-register.ts";
import { OK } from "./table.ts";
import { INITIAL } from "./version-inference.ts";

/**
 * Runs registers in an order that a graph without cycles allows: of what can run now, what must have run first, by the returns of
 * all that follows. A transaction
 * can run where it reads what is there and overwrites nothing that somebody is still to read. Undefined where it comes to
 * a stand, which does not say that there is no order.
 */
export function tryOrder(registers: Registers, graph: Graph, of: Int32Array): number[] | undefined {
  return new TrialRun(registers, graph, of).order();
}

/** By node: when it, or the first of what must follow it, returned. */
function deadlinesOf({ table }: Registers, graph: Graph, of: Int32Array): Float64Array {
  const deadlines = new Float64Array(graph.nodes).fill(Infinity);
  const byComponent = new Int32Array(graph.nodes);
  for (let node = 0; node < graph.nodes; node++) byComponent[of[node]!] = node;
  for (const node of byComponent) {
    let deadline = node < table.size ? table.returned(node) : Infinity;
    for (let i = graph.begin(node); i < graph.begin(node + 1); i++) deadline = Math.min(deadline, deadlines[graph.to(graph.outAt(i))]!);
    deadlines[node] = deadline;
  }
  return deadlines;
}

class TrialRun {
  readonly #registers: Registers;
  readonly #graph: Graph;
  readonly #incoming: Int32Array;
  /** By key its version; by version, and in the end by key for initial states, who is still to read it. */
  readonly #state: Int32Array;
  readonly #readers: Int32Array;
  /** By key, those who wait for it to change or to be read. */
  readonly #waiting = new Map<number, number[]>();
  readonly #ready: Heap;
  readonly #order: number[] = [];

  constructor(registers: Registers, graph: Graph, of: Int32Array) {
    const { table, values, happened } = registers;
    this.#registers = registers;
    this.#graph = graph;
    this.#incoming = new Int32Array(graph.nodes);
    for (let e = 0; e < graph.edges; e++) this.#incoming[graph.to(e)]!++;
    this.#state = new Int32Array(table.keys.length).fill(INITIAL);
    this.#readers = new Int32Array(values.size + table.keys.length);
    for (let t = 0; t < table.size; t++) if (happened[t] === 1) this.#eachRead(t, (key, id) => this.#readers[this.#slot(key, id)]!++);
    const deadlines = deadlinesOf(registers, graph, of);
    this.#ready = new Heap((node) => deadlines[node]!);
    for (let node = 0; node < graph.nodes; node++) if (this.#incoming[node] === 0) this.#ready.push(node);
  }

  order(): number[] | undefined {
    const { table, happened } = this.#registers;
    for (let node = this.#ready.pop(); node !== undefined; node = this.#ready.pop()) {
      const counts = node < table.size && happened[node] === 1;
      const obstacle = counts ? this.#obstacle(node) : -1;
      if (obstacle !== -1) {
        const others = this.#waiting.get(obstacle);
        if (others === undefined) this.#waiting.set(obstacle, [node]);
        else others.push(node);
        continue;
      }
      if (counts) this.#run(node);
      for (let i = this.#graph.begin(node); i < this.#graph.begin(node + 1); i++) {
        const to = this.#graph.to(this.#graph.outAt(i));
        if (--this.#incoming[to]! === 0) this.#ready.push(to);
      }
    }
    return this.#waiting.size === 0 ? this.#order : undefined;
  }

  /** The key because of which a transaction cannot run now, -1 where it can. */
  #obstacle(t: number): number {
    const { table } = this.#registers;
    let obstacle = -1;
    this.#eachRead(t, (key, id) => {
      if (this.#state[key] !== id) obstacle = key;
    });
    for (let step = table.begin(t); step < table.end(t) && obstacle === -1; step++) {
      if (!table.isWrite(step)) continue;
      const key = table.key(step);
      let own = 0;
      this.#eachRead(t, (other) => (own += other === key ? 1 : 0));
      if (this.#readers[this.#slot(key, this.#state[key]!)]! > own) obstacle = key;
    }
    return obstacle;
  }

  #run(t: number): void {
    const { table } = this.#registers;
    this.#order.push(t);
    this.#eachRead(t, (key, id) => {
      if (--this.#readers[this.#slot(key, id)]! <= 1) this.#wake(key);
    });
    for (let step = table.begin(t); step < table.end(t); step++) {
      if (!table.isWrite(step)) continue;
      this.#state[table.key(step)] = table.value(step);
      this.#wake(table.key(step));
    }
  }

  #wake(key: number): void {
    for (const node of this.#waiting.get(key) ?? []) this.#ready.push(node);
    this.#waiting.delete(key);
  }

  /** What it read that others wrote. */
  #eachRead(t: number, visit: (key: number, id: number) => void): void {
    const { table } = this.#registers;
    if (table.outcome(t) !== OK) return;
    for (let step = table.begin(t); step < table.end(t); step++) if (!table.isWrite(step) && this.#registers.isFirst(t, step)) visit(table.key(step), table.value(step));
  }

  #slot(key: number, id: number): number {
    return id === INITIAL ? this.#registers.values.size + key : id;
  }
}

/** Of a graph without cycles, from its components: in reverse topological order. */
export function orderByComponents(of: Int32Array, happened: Uint8Array): number[] {
  const order: number[] = [];
  for (let t = 0; t < happened.length; t++) if (happened[t] === 1) order.push(t);
  return order.sort((a, b) => of[b]! - of[a]!);
}

export const EVERY_KIND = DEPENDENCIES | RW | SESSION | TIME;

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

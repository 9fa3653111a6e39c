/** Which version of a register comes before which, as far as a history tells: by key a graph without circles. */
import { Graph, WW } from "./graph.ts";
import { Ints } from "./ints.ts";
import type { VersionOrders } from "./list-append.ts";
import type { KeyAssumptions, Registers } from "./rw-register.ts";
import { OK } from "./table.ts";
import { NOBODY } from "./values.ts";

/** Of a read that returned nothing. */
export const INITIAL = -1;
/** In one session, or anywhere: ended before the other began. */
type IsBefore = (earlier: number, later: number) => boolean;

/** By version, those known to come next; others are known to follow by way of them. */
export class KeyOrder {
  readonly #graph: Graph;
  readonly #versions: number;

  constructor(graph: Graph, versions: number) {
    this.#graph = graph;
    this.#versions = versions;
  }

  *after(version: number): Generator<number> {
    for (let i = this.#graph.begin(version); i < this.#graph.begin(version + 1); i++) yield this.#graph.to(this.#graph.outAt(i));
  }

  afterInitial(key: number): Generator<number> {
    return this.after(this.#versions + key);
  }
}

export class VersionInference {
  /** Whether the order of all versions is known. */
  isComplete = false;
  readonly #registers: Registers;
  readonly #assumptions: KeyAssumptions;
  readonly #from = new Ints();
  readonly #to = new Ints();

  constructor(registers: Registers, assumptions: KeyAssumptions) {
    this.#registers = registers;
    this.#assumptions = assumptions;
  }

  /** As given, each key's versions in a row; versions that are not in them come after the initial state. */
  given(orders: VersionOrders): KeyOrder {
    const { table, values, happened } = this.#registers;
    const isPlaced = new Uint8Array(values.size);
    for (const [name, list] of orders) {
      const key = table.keyNumber(name);
      let before = INITIAL;
      for (const value of key === -1 ? [] : list) {
        const id = values.id(key, value);
        if (values.writer(id) === NOBODY || happened[values.writer(id)] === 0 || !values.isFinal(id)) continue;
        this.#add(key, before, id);
        isPlaced[id] = 1;
        before = id;
      }
    }
    this.isComplete = true;
    for (let id = 0; id < values.size; id++) {
      const writer = values.writer(id);
      if (writer === NOBODY || happened[writer] === 0 || !values.isFinal(id) || isPlaced[id] === 1) continue;
      this.isComplete = false;
      this.#add(values.key(id), INITIAL, id);
    }
    return this.#seal();
  }

  infer(): KeyOrder {
    const { table, values } = this.#registers;
    for (let id = 0; id < values.size; id++) if (values.isFinal(id) || values.writer(id) === NOBODY) this.#add(values.key(id), INITIAL, id);
    const byKey = this.#accesses();
    for (const list of byKey) for (const { first, last, key } of list) if (first !== last) this.#add(key, first, last);
    const { sequentialKeys, linearizableKeys } = this.#assumptions;
    const isBefore: IsBefore = (a, b) => table.returned(a) < table.invoked(b);
    if (linearizableKeys === true) for (const list of byKey) this.#follow(list, isBefore);
    if (sequentialKeys === true) {
      for (const list of byKey) {
        const sessions = new Map<number, Access[]>();
        for (const access of list) {
          const client = table.client(access.transaction);
          sessions.set(client, [...(sessions.get(client) ?? []), access]);
        }
        for (const session of sessions.values()) this.#follow(session, isBefore);
      }
    }
    if (this.#assumptions.atomicReads === true) this.#followAtomic();
    return this.#seal();
  }

  /** Where a transaction reads y from another that wrote x, too, and x from a third: the third wrote x later. */
  #followAtomic(): void {
    const { table, values } = this.#registers;
    for (let t = 0; t < table.size; t++) {
      if (table.outcome(t) !== OK) continue;
      const reads: number[] = [];
      for (let step = table.begin(t); step < table.end(t); step++) if (!table.isWrite(step) && this.#registers.isFirst(t, step)) reads.push(step);
      for (const step of reads) {
        const writer = table.value(step) === INITIAL ? NOBODY : values.writer(table.value(step));
        if (writer === NOBODY || writer === t) continue;
        for (const other of reads) {
          const own = table.key(other) === table.key(step) ? INITIAL : this.#finalOf(writer, table.key(other));
          if (own !== INITIAL && own !== table.value(other)) this.#add(table.key(other), own, table.value(other));
        }
      }
    }
  }

  /** What a transaction left in a key, INITIAL where it wrote nothing to it. */
  #finalOf(transaction: number, key: number): number {
    const { table, values } = this.#registers;
    for (let step = table.begin(transaction); step < table.end(transaction); step++) {
      if (table.isWrite(step) && table.key(step) === key && values.isFinal(table.value(step))) return table.value(step);
    }
    return INITIAL;
  }

  /** By key: what each transaction that happened saw of it first and left there, in the order of invocations. */
  #accesses(): Access[][] {
    const { table, happened, values } = this.#registers;
    const byKey: Access[][] = table.keys.map(() => []);
    for (let t = 0; t < table.size; t++) {
      if (happened[t] === 0) continue;
      for (let step = table.begin(t); step < table.end(t); step++) {
        const key = table.key(step);
        const list = byKey[key]!;
        const known = list.at(-1);
        const access = known?.transaction === t ? known : undefined;
        const counts = table.isWrite(step) ? values.isFinal(table.value(step)) : this.#registers.isFirst(t, step);
        if (!counts) continue;
        if (access === undefined) list.push({ key, transaction: t, first: table.value(step), last: table.value(step) });
        else if (table.isWrite(step)) access.last = table.value(step);
      }
    }
    return byKey;
  }

  /** What one left there comes before, or is, what those saw or left who came after it. */
  #follow(accesses: readonly Access[], isBefore: IsBefore): void {
    const { table } = this.#registers;
    let recent: Access[] = [];
    for (const access of accesses) {
      const ended = recent.filter(({ transaction }) => isBefore(transaction, access.transaction));
      const latest = ended.reduce((from, { transaction }) => Math.max(from, table.invoked(transaction)), -1);
      recent = recent.filter(({ transaction }) => table.returned(transaction) > latest);
      for (const { key, last, transaction } of ended) {
        if (table.returned(transaction) <= latest) continue;
        if (last !== access.first) this.#add(key, last, access.first);
      }
      if (table.outcome(access.transaction) === OK) recent.push(access);
    }
  }

  /** `to` may be the initial state, which then is on a circle. */
  #add(key: number, from: number, to: number): void {
    const initial = this.#registers.values.size + key;
    this.#from.push(from === INITIAL ? initial : from);
    this.#to.push(to === INITIAL ? initial : to);
  }

  /** Circles are reported, and what is on them is not ordered. */
  #seal(): KeyOrder {
    const { values, table, findings } = this.#registers;
    const all = this.#graph(() => true);
    const { of, count } = all.components(WW);
    if (count === all.nodes) return this.#reduced(of);
    const members = new Map<number, number[]>();
    for (let version = 0; version < all.nodes; version++) members.set(of[version]!, [...(members.get(of[version]!) ?? []), version]);
    for (const circle of members.values()) {
      if (circle.length === 1) continue;
      const key = circle[0]! < values.size ? values.key(circle[0]!) : circle[0]! - values.size;
      const texts = circle.map((version) => (version < values.size ? values.text(version) : "the initial state"));
      const writers = circle.flatMap((version) => (version < values.size && values.writer(version) !== NOBODY ? [values.writer(version)] : []));
      findings.add({ name: "cyclic-versions", key: table.keys[key]!, transactions: writers, detail: `each of ${texts.join(", ")} of ${table.keys[key]!} would have to come before the others` });
    }
    return this.#reduced(of);
  }

  /** Without circles, and without edges from the initial state to what follows a version that somebody wrote. */
  #reduced(of: Int32Array): KeyOrder {
    const { values, happened } = this.#registers;
    const follows = new Uint8Array(of.length);
    for (let e = 0; e < this.#from.length; e++) {
      const [from, to] = [this.#from.at(e), this.#to.at(e)];
      if (of[from] !== of[to] && from < values.size && values.writer(from) !== NOBODY && happened[values.writer(from)] === 1) follows[to] = 1;
    }
    const graph = this.#graph((from, to) => of[from] !== of[to] && (from < values.size || follows[to] === 0));
    const order = new KeyOrder(graph, values.size);
    if (!this.isComplete) this.isComplete = this.#isTotal(order, graph.components(WW).of);
    return order;
  }

  /** Whether each key's versions follow each other one by one, from the initial state on. */
  #isTotal(order: KeyOrder, of: Int32Array): boolean {
    const { values, happened } = this.#registers;
    const versions: number[] = [];
    for (let id = 0; id < values.size; id++) if (values.isFinal(id) && happened[values.writer(id)] === 1) versions.push(id);
    versions.sort((a, b) => values.key(a) - values.key(b) || of[b]! - of[a]!);
    return versions.every((version, i) => {
      const before = versions[i - 1];
      const isFirst = before === undefined || values.key(before) !== values.key(version);
      for (const next of order.after(isFirst ? values.size + values.key(version) : before)) if (next === version) return true;
      return false;
    });
  }

  #graph(keeps: (from: number, to: number) => boolean): Graph {
    const { values, table } = this.#registers;
    const graph = new Graph(values.size + table.keys.length);
    for (let e = 0; e < this.#from.length; e++) if (keeps(this.#from.at(e), this.#to.at(e))) graph.add(this.#from.at(e), this.#to.at(e), WW);
    graph.seal();
    return graph;
  }
}

interface Access {
  readonly key: number;
  readonly transaction: number;
  readonly first: number;
  last: number;
}

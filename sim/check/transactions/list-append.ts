/**
 * Lists that are only appended to: a read shows every version before it, so the reads give the version order
 * (Kingsbury and Alvaro, "Elle", VLDB 2020, section 4). Appends that nobody read come after all that was read, in any
 * order. Where the version orders are given, they count, and the reads must agree with them.
 */
import type { HistoryEvent } from "../history.ts";
import { type Anomaly, Findings } from "./anomalies.ts";
import { agree, type Branch, listText, newBranch } from "./branch.ts";
import { type Edge, type Graph, PASS, RW, WR, WW } from "./graph.ts";
import { Ints } from "./ints.ts";
import { judgeReads } from "./list-reads.ts";
import { OK, Table } from "./table.ts";
import { NOBODY, Values } from "./values.ts";

/** By key: its values, in the order in which they were installed. */
export type VersionOrders = ReadonlyMap<string, readonly unknown[]>;

/** So many versions that nobody read get one node before them all, rather than an edge from each reader to each. */
const MANY = 32;

export class Lists {
  readonly model = "list-append";
  readonly table: Table;
  readonly values = new Values();
  readonly findings = new Findings();
  /** Which transactions happened, as far as their end or a read of them tells. */
  readonly happened: Uint8Array;
  /** By key. */
  readonly #branches: Branch[][] = [];
  /** By step: which branch it read, where that is not the first. */
  readonly #branchOf = new Map<number, number>();
  /** By key: the longest branch. */
  readonly #longest: Branch[] = [];
  /** The installed versions of all keys, key by key; by key where they begin; by version its place among its key's, from 1. */
  readonly #order = new Ints();
  readonly #begin = new Ints();
  readonly #place: Int32Array;
  /** By key: who appended what nobody read. */
  readonly #unread = new Map<number, number[]>();

  /** Throws a {@link HistoryError} for a malformed history, and where two appends to a key are of one value. */
  constructor(history: Iterable<HistoryEvent>, lines?: readonly number[], given?: VersionOrders) {
    this.table = new Table(history, this, lines);
    this.values.mustBeUnique(this.table, "appended to", lines);
    this.happened = Values.certain(this.table);
    for (let key = 0; key < this.table.keys.length; key++) this.#settle(key, given?.get(this.table.keys[key]!));
    this.#place = new Int32Array(this.values.size);
    for (let key = 0; key < this.table.keys.length; key++) this.#install(key);
    this.#findUnread();
    judgeReads(this);
  }

  write(transaction: number, key: number, value: unknown): number {
    return this.values.wrote(transaction, key, value);
  }

  /** Its length; which branch it is of is kept aside. */
  read(transaction: number, key: number, value: unknown, step: number): number {
    const list = (value ?? []) as readonly unknown[];
    while (this.#branches.length <= key) this.#branches.push([newBranch()]);
    const branches = this.#branches[key]!;
    let at = branches.findIndex(({ values }) => agree(values, list));
    if (at === -1) at = branches.push(newBranch()) - 1;
    const branch = branches[at]!;
    if (list.length > branch.values.length) {
      for (let i = branch.values.length; i < list.length; i++) branch.values.push(list[i]);
      branch.by = transaction;
    } else if (branch.by === NOBODY) branch.by = transaction;
    if (at > 0) this.#branchOf.set(step, at);
    return list.length;
  }

  get anomalies(): Anomaly[] {
    return this.findings.all();
  }

  /** What a step read, without what is beyond its length. */
  branch(step: number): Branch {
    return this.#branches[this.table.key(step)]![this.#branchOf.get(step) ?? 0]!;
  }

  /** The branch that tells the order of a key. */
  longest(key: number): Branch {
    return this.#longest[key]!;
  }

  /** How many installed versions the first `length` of a branch show: the place of the last of them. */
  placeIn({ ids }: Branch, length: number): number {
    for (let i = length - 1; i >= 0; i--) {
      const place = this.#place[ids[i]!]!;
      if (place > 0) return place;
    }
    return 0;
  }

  #settle(key: number, given: readonly unknown[] | undefined): void {
    while (this.#branches.length <= key) this.#branches.push([newBranch()]);
    const branches = this.#branches[key]!;
    let longest = branches.reduce((a, b) => (b.values.length > a.values.length ? b : a));
    if (given !== undefined) longest = newBranch([...given]);
    this.#longest.push(longest);
    for (const branch of new Set([...branches, longest])) {
      branch.ids = Int32Array.from(branch.values, (value) => this.values.id(key, value));
      for (const id of branch.ids) {
        const writer = this.values.writer(id);
        if (writer !== NOBODY && !this.values.isAborted(id, this.table)) this.happened[writer] = 1;
      }
    }
  }

  #install(key: number): void {
    this.#begin.push(this.#order.length);
    let place = 0;
    for (const id of this.#longest[key]!.ids) {
      const writer = this.values.writer(id);
      if (this.#place[id] !== 0 || writer === NOBODY || this.happened[writer] === 0) continue;
      this.#place[id] = ++place;
      this.#order.push(id);
    }
  }

  #findUnread(): void {
    for (let id = 0; id < this.values.size; id++) {
      const writer = this.values.writer(id);
      if (this.#place[id] !== 0 || writer === NOBODY || this.happened[writer] === 0) continue;
      const others = this.#unread.get(this.values.key(id));
      if (others === undefined) this.#unread.set(this.values.key(id), [id]);
      else others.push(id);
    }
  }

  /** Where several transactions appended what nobody read, their order is not known. */
  get ambiguous(): boolean {
    for (const ids of this.#unread.values()) if (ids.some((id) => this.values.writer(id) !== this.values.writer(ids[0]!))) return true;
    return false;
  }

  /** The dependencies between transactions that happened; `rank` orders the appends that nobody read by their writers. */
  connect(graph: Graph, rank?: (transaction: number) => number): void {
    const { table, values } = this;
    const bundles = new Map<number, number>();
    for (let key = 0; key < table.keys.length; key++) this.#connectWrites(graph, key, bundles, rank);
    for (let t = 0; t < table.size; t++) {
      if (table.outcome(t) !== OK) continue;
      for (let step = table.begin(t); step < table.end(t); step++) {
        if (table.isWrite(step)) continue;
        const key = table.key(step);
        const branch = this.branch(step);
        const length = this.lengthBefore(t, step);
        const from = length === 0 ? NOBODY : branch.ids[length - 1]!;
        const writer = from === NOBODY ? NOBODY : values.writer(from);
        if (writer !== NOBODY && this.happened[writer] === 1) graph.add(writer, t, WR, from);
        this.#connectMissed(graph, t, key, this.placeIn(branch, length), bundles.get(key));
      }
    }
  }

  #connectWrites(graph: Graph, key: number, bundles: Map<number, number>, rank: ((transaction: number) => number) | undefined): void {
    const { values } = this;
    const [begin, end] = [this.#begin.at(key), this.#endOf(key)];
    for (let i = begin + 1; i < end; i++) graph.add(values.writer(this.#order.at(i - 1)), values.writer(this.#order.at(i)), WW, this.#order.at(i));
    const unread = this.#unread.get(key) ?? [];
    if (end > begin) for (const id of unread) graph.add(values.writer(this.#order.at(end - 1)), values.writer(id), WW, id);
    if (rank !== undefined) {
      unread.sort((a, b) => rank(values.writer(a)) - rank(values.writer(b)));
      for (let i = 1; i < unread.length; i++) graph.add(values.writer(unread[i - 1]!), values.writer(unread[i]!), WW, unread[i]);
    }
    if (unread.length <= MANY) return;
    const bundle = graph.bundle();
    bundles.set(key, bundle);
    for (const id of unread) graph.add(bundle, values.writer(id), RW, id);
  }

  /** From a reader to whoever wrote what comes next. */
  #connectMissed(graph: Graph, reader: number, key: number, place: number, bundle: number | undefined): void {
    const { values } = this;
    const next = this.#begin.at(key) + place;
    if (next < this.#endOf(key)) return graph.add(reader, values.writer(this.#order.at(next)), RW, this.#order.at(next));
    const unread = this.#unread.get(key) ?? [];
    const isAmong = bundle === undefined || unread.some((id) => values.writer(id) === reader);
    if (!isAmong) return graph.add(reader, bundle, PASS);
    for (const id of unread) graph.add(reader, values.writer(id), RW, id);
  }

  #endOf(key: number): number {
    return key + 1 < this.#begin.length ? this.#begin.at(key + 1) : this.#order.length;
  }

  /** The length of a read without what the reader itself appended, which stands at the end. */
  lengthBefore(t: number, step: number): number {
    const { ids } = this.branch(step);
    let length = this.table.value(step);
    while (length > 0 && this.values.writer(ids[length - 1]!) === t) length--;
    return length;
  }

  why({ from, to, kind, note }: Edge): string {
    const { table, values } = this;
    const key = values.key(note);
    const name = table.keys[key]!;
    if (kind === WW) return `T${from} appended ${this.#lastOf(from, key, note)} to ${name} before T${to} appended ${values.text(note)}`;
    if (kind === WR) return `T${from} appended ${values.text(note)} to ${name}, which T${to} read`;
    const place = this.#place[note]! === 0 ? this.#endOf(key) - this.#begin.at(key) : this.#place[note]! - 1;
    for (let step = table.begin(from); step < table.end(from); step++) {
      if (table.isWrite(step) || table.key(step) !== key) continue;
      const length = this.lengthBefore(from, step);
      if (this.placeIn(this.branch(step), length) === place) return `T${from} read ${listText(this.branch(step).values, length)} of ${name}, to which T${to} appended ${values.text(note)}`;
    }
    return `T${from} did not see that T${to} appended ${values.text(note)} to ${name}`;
  }

  /** What a transaction appended to a key last before a version. */
  #lastOf(transaction: number, key: number, note: number): string {
    const { table, values } = this;
    const last = this.#place[note] === 0 ? this.#endOf(key) : this.#begin.at(key) + this.#place[note]! - 1;
    for (let i = last - 1; i >= this.#begin.at(key); i--) if (values.writer(this.#order.at(i)) === transaction) return values.text(this.#order.at(i));
    for (let step = table.begin(transaction); step < table.end(transaction); step++) if (table.isWrite(step) && table.key(step) === key) return values.text(table.value(step));
    return "something";
  }

  keyOf(note: number): string {
    return this.table.keys[this.values.key(note)]!;
  }
}

/**
 * Registers whose written values are unique; of others nothing is told. A read says who wrote what it read; which version came before which is known in
 * part (Elle, section 5): the initial state before all others; what a transaction read before what it writes; and, where that
 * is assumed or follows from the level, what a session or real time puts in order for each key. Where the version orders are
 * given, they count instead.
 */
import type { HistoryEvent } from "../history.ts";
import { type Anomaly, Findings } from "./anomalies.ts";
import { type Edge, type Graph, RW, WR, WW } from "./graph.ts";
import type { VersionOrders } from "./list-append.ts";
import { judgeRegisterReads } from "./register-reads.ts";
import { OK, Table } from "./table.ts";
import { NOBODY, Values } from "./values.ts";
import { INITIAL, type KeyOrder, VersionInference } from "./version-inference.ts";

/** What may be assumed of the order of versions beyond what was read and written. */
export interface KeyAssumptions {
  /** Each session by itself sees each key go forward. */
  readonly sequentialKeys?: boolean | undefined;
  /** Each key by itself is linearizable. */
  readonly linearizableKeys?: boolean | undefined;
  /** Who reads one write of a transaction sees all of its writes: another version that it reads came later. */
  readonly atomicReads?: boolean | undefined;
}

export class Registers {
  readonly model = "rw-register";
  readonly table: Table;
  readonly values = new Values();
  readonly findings = new Findings();
  readonly happened: Uint8Array;
  /** By version, and in the end by key for the initial states: the versions known to come next. */
  order: KeyOrder;
  /** Whether the order of all versions of all keys is known. */
  isComplete = false;

  /** Throws a {@link HistoryError} for a malformed history. */
  constructor(history: Iterable<HistoryEvent>, lines?: readonly number[], given?: VersionOrders, assumptions: KeyAssumptions = {}) {
    this.table = new Table(history, this, lines);
    this.happened = Values.certain(this.table);
    this.#findHappened(given);
    if (this.values.areUnique) judgeRegisterReads(this);
    const inference = new VersionInference(this, assumptions);
    this.order = given === undefined ? inference.infer() : inference.given(given);
    this.isComplete = inference.isComplete;
  }

  /** Once more, by other assumptions. */
  infer(assumptions: KeyAssumptions): void {
    const inference = new VersionInference(this, assumptions);
    this.order = inference.infer();
    this.isComplete = inference.isComplete;
  }

  write(transaction: number, key: number, value: unknown): number {
    return this.values.wrote(transaction, key, value);
  }

  read(_transaction: number, key: number, value: unknown): number {
    return value === null || value === undefined ? INITIAL : this.values.id(key, value);
  }

  get anomalies(): Anomaly[] {
    return this.findings.all();
  }

  #findHappened(given: VersionOrders | undefined): void {
    const { table, values } = this;
    const see = (id: number): void => {
      if (id !== INITIAL && values.writer(id) !== NOBODY && !values.isAborted(id, table)) this.happened[values.writer(id)] = 1;
    };
    for (let t = 0; t < table.size; t++) {
      if (table.outcome(t) !== OK) continue;
      for (let step = table.begin(t); step < table.end(t); step++) if (!table.isWrite(step)) see(table.value(step));
    }
    for (const [name, list] of given ?? []) {
      const key = table.keyNumber(name);
      if (key !== -1) for (const value of list) see(values.id(key, value));
    }
  }

  /** Whether a step is the first of its transaction on its key. */
  isFirst(t: number, step: number): boolean {
    for (let before = this.table.begin(t); before < step; before++) if (this.table.key(before) === this.table.key(step)) return false;
    return true;
  }

  /** The dependencies between transactions that happened, as far as the order of versions is known. */
  connect(graph: Graph): void {
    const { table, values, happened, order } = this;
    for (let id = 0; id < values.size; id++) {
      const writer = values.writer(id);
      if (writer === NOBODY || happened[writer] === 0) continue;
      for (const next of order.after(id)) if (this.#hasWriter(next)) graph.add(writer, values.writer(next), WW, next);
    }
    for (let t = 0; t < table.size; t++) {
      if (table.outcome(t) !== OK) continue;
      for (let step = table.begin(t); step < table.end(t); step++) {
        if (table.isWrite(step) || !this.isFirst(t, step)) continue;
        const id = table.value(step);
        if (id !== INITIAL && this.#hasWriter(id)) graph.add(values.writer(id), t, WR, id);
        for (const next of id === INITIAL ? order.afterInitial(table.key(step)) : order.after(id)) if (this.#hasWriter(next)) graph.add(t, values.writer(next), RW, next);
      }
    }
  }

  #hasWriter(id: number): boolean {
    const writer = this.values.writer(id);
    return writer !== NOBODY && this.happened[writer] === 1;
  }

  why({ from, to, kind, note }: Edge): string {
    const { table, values } = this;
    const name = table.keys[values.key(note)]!;
    if (kind === WR) return `T${from} wrote ${values.text(note)} to ${name}, which T${to} read`;
    for (let step = table.begin(from); step < table.end(from); step++) {
      if (table.key(step) !== values.key(note) || table.isWrite(step) !== (kind === WW)) continue;
      const text = table.value(step) === INITIAL ? "nothing" : values.text(table.value(step));
      if (kind === RW) return `T${from} read ${text} from ${name}, to which T${to} wrote ${values.text(note)} later`;
      if (values.isFinal(table.value(step))) return `T${from} wrote ${text} to ${name}, before T${to} wrote ${values.text(note)}`;
    }
    return `T${from} came before T${to} on ${name}`;
  }

  keyOf(note: number): string {
    return this.table.keys[this.values.key(note)]!;
  }
}

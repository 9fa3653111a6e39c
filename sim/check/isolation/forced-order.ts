/**
 * What must come before what in any legal order, added until nothing is new: before a search, which it often spares
 * (“saturation” in Biswas and Enea's dbcop). Reads fix it: if w comes before a read of v's write, it comes before v; and if
 * v comes before w, the read comes before w. Of each chain of sessions the last one before is enough.
 */
import { Clocks } from "./clocks.ts";
import { APART, type CommitOrder, INFERRED, RW } from "./commit-order.ts";
import type { Halves } from "./halves.ts";
import { KeyWriters } from "./key-writers.ts";
import { groupBy, type Rows } from "./rows.ts";
import { INITIAL, type Readings } from "./readings.ts";
import { slotOf } from "./written.ts";

/** Beyond so many rounds the search begins with what is known. */
const MOST_ROUNDS = 200;

export interface Forced {
  readonly sorted: Int32Array;
  readonly clocks: Clocks;
  /** Whether nothing more can be forced. */
  readonly isComplete: boolean;
}

/** Adds to the order of the halves; undefined where it then has a cycle. `apart`: who write a key in common do not overlap. */
export function forceOrder(halves: Halves, apart: boolean): Forced | undefined {
  const force = new Force(halves, apart);
  force.initialReads();
  for (let round = 0; ; round++) {
    const sorted = halves.order.sort();
    if (sorted === undefined) return undefined;
    const clocks = new Clocks(halves.order, sorted, halves);
    if (round === MOST_ROUNDS) return { sorted, clocks, isComplete: false };
    if (!force.round(clocks)) return { sorted, clocks, isComplete: true };
  }
}

class Force {
  readonly #halves: Halves;
  readonly #readings: Readings;
  readonly #order: CommitOrder;
  readonly #apart: boolean;
  readonly #byEnd: KeyWriters;
  readonly #byBegin: KeyWriters;
  readonly #lastReaders: Rows;

  constructor(halves: Halves, apart: boolean) {
    this.#halves = halves;
    this.#readings = halves.readings;
    this.#order = halves.order;
    this.#apart = apart;
    this.#byEnd = new KeyWriters(halves.readings, halves.places(halves.ends));
    this.#byBegin = new KeyWriters(halves.readings, halves.places(halves.begins));
    this.#lastReaders = lastReaders(halves.readings);
  }

  /** Who read what was there at first comes before everybody who wrote it. */
  initialReads(): void {
    const { reads, sources, transactions } = this.#readings;
    for (let t = 0; t < transactions.length; t++) {
      for (let read = reads.start[t]!; read < reads.start[t + 1]!; read++) {
        if (sources[read] !== INITIAL) continue;
        const key = reads.items[read]!;
        for (let row = this.#byEnd.rowsFrom[key]!; row < this.#byEnd.rowsFrom[key + 1]!; row++) {
          const writer = this.#byEnd.first(row, 0);
          this.#order.add(this.#halves.begins[t]!, this.#halves.ends[writer]!, RW, key);
        }
      }
    }
  }

  /** Whether anything was new. */
  round(clocks: Clocks): boolean {
    const before = this.#order.edges;
    for (let t = 0; t < this.#readings.transactions.length; t++) {
      if (this.#halves.begins[t] === -1) continue;
      this.#olderThanRead(clocks, t);
      this.#readBefore(clocks, t);
      if (this.#apart) this.#overBefore(clocks, t);
    }
    return this.#order.edges > before;
  }

  #isBefore(clocks: Clocks, first: number, second: number): boolean {
    return first === second || clocks.countOf(second, this.#halves.chainOf[first]!) > this.#halves.placeOf[first]!;
  }

  #olderThanRead(clocks: Clocks, t: number): void {
    const { reads, sources } = this.#readings;
    const { begins, ends } = this.#halves;
    for (let read = reads.start[t]!; read < reads.start[t + 1]!; read++) {
      const [key, source] = [reads.items[read]!, sources[read]!];
      if (source === INITIAL) continue;
      for (let row = this.#byEnd.rowsFrom[key]!; row < this.#byEnd.rowsFrom[key + 1]!; row++) {
        const writer = this.#byEnd.last(row, clocks.countOf(begins[t]!, this.#byEnd.chainOf[row]!));
        if (writer === -1 || writer === source || this.#isBefore(clocks, ends[writer]!, ends[source]!)) continue;
        this.#order.add(ends[writer]!, ends[source]!, INFERRED, key, t);
      }
    }
  }

  #readBefore(clocks: Clocks, t: number): void {
    const { writes } = this.#readings;
    const { begins, ends } = this.#halves;
    for (let i = writes.start[t]!; i < writes.start[t + 1]!; i++) {
      const key = writes.items[i]!;
      for (let row = this.#byEnd.rowsFrom[key]!; row < this.#byEnd.rowsFrom[key + 1]!; row++) {
        const older = this.#byEnd.last(row, clocks.countOf(ends[t]!, this.#byEnd.chainOf[row]!));
        if (older === -1 || older === t) continue;
        const slot = slotOf(writes, older, key);
        for (let at = this.#lastReaders.start[slot]!; at < this.#lastReaders.start[slot + 1]!; at++) {
          const reader = this.#lastReaders.items[at]!;
          if (reader !== t && !this.#isBefore(clocks, begins[reader]!, ends[t]!)) this.#order.add(begins[reader]!, ends[t]!, RW, key, older);
        }
      }
    }
  }

  #overBefore(clocks: Clocks, t: number): void {
    const { writes } = this.#readings;
    const { begins, ends } = this.#halves;
    for (let i = writes.start[t]!; i < writes.start[t + 1]!; i++) {
      const key = writes.items[i]!;
      for (let row = this.#byBegin.rowsFrom[key]!; row < this.#byBegin.rowsFrom[key + 1]!; row++) {
        const chain = this.#byBegin.chainOf[row]!;
        if (chain === this.#halves.chainOf[ends[t]!]) continue;
        const other = this.#byBegin.last(row, clocks.countOf(ends[t]!, chain));
        if (other !== -1 && !this.#isBefore(clocks, ends[other]!, begins[t]!)) this.#order.add(ends[other]!, begins[t]!, APART, key);
      }
    }
  }
}

/** By write, as it stands in the rows of writes: the last of each chain that read it. */
function lastReaders({ writes, reads, sources, chains }: Readings): Rows {
  const slots = new Int32Array(sources.length);
  const readerOf = new Int32Array(sources.length);
  let count = 0;
  for (const t of chains.members.items) {
    for (let read = reads.start[t]!; read < reads.start[t + 1]!; read++) {
      if (sources[read] === INITIAL) continue;
      slots[count] = slotOf(writes, sources[read]!, reads.items[read]!);
      readerOf[count++] = t;
    }
  }
  const bySlot = groupBy(slots.subarray(0, count), writes.items.length);
  const start = new Int32Array(bySlot.start.length);
  const items = new Int32Array(count);
  let end = 0;
  for (let slot = 0; slot < writes.items.length; slot++) {
    for (let i = bySlot.start[slot]!; i < bySlot.start[slot + 1]!; i++) {
      const reader = readerOf[bySlot.items[i]!]!;
      const follows = end > start[slot]! && chains.chainOf[items[end - 1]!] === chains.chainOf[reader];
      items[follows ? end - 1 : end++] = reader;
    }
    start[slot + 1] = end;
  }
  return { start, items: items.subarray(0, end) };
}

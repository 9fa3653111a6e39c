/**
 * Read atomic, by its axiom (Biswas and Enea, OOPSLA 2019, figure 2): whose writes a transaction has seen, or who came
 * before it in its session, comes before everybody whose write of one of its keys the transaction read. In n^1.5 steps, as
 * in Møldrup and Pavlogiannis, “AWDIT” (PLDI 2025).
 */
import { addVersions, causalOrder } from "./base-order.ts";
import { type CommitOrder, INFERRED, RW } from "./commit-order.ts";
import { KeyWriters } from "./key-writers.ts";
import { INITIAL, type Readings } from "./readings.ts";
import { doesWrite } from "./written.ts";

const NOTHING = -1;

export function readAtomic(readings: Readings): CommitOrder {
  const order = causalOrder(readings);
  addVersions(order, readings);
  const scan = new Scan(readings, order);
  for (let t = 0; t < readings.transactions.length; t++) scan.judge(t);
  return order;
}

class Scan {
  readonly #readings: Readings;
  readonly #order: CommitOrder;
  readonly #writers: KeyWriters;
  /** By key: whose write the current transaction read first. */
  readonly #sourceOf: Int32Array;
  /** By transaction: the last that has seen it. */
  readonly #seenFrom: Int32Array;

  constructor(readings: Readings, order: CommitOrder) {
    this.#readings = readings;
    this.#order = order;
    this.#writers = new KeyWriters(readings);
    this.#sourceOf = new Int32Array(readings.keys.length).fill(NOTHING);
    this.#seenFrom = new Int32Array(readings.transactions.length).fill(NOTHING);
  }

  judge(t: number): void {
    const { reads, seen, sources } = this.#readings;
    const keys: number[] = [];
    for (let read = reads.start[t]!; read < reads.start[t + 1]!; read++) {
      const key = reads.items[read]!;
      const first = this.#sourceOf[key]!;
      if (first === NOTHING) {
        this.#sourceOf[key] = sources[read]!;
        keys.push(key);
        continue;
      }
      // A read that cannot be repeated: each of the two should come before the other.
      if (first >= 0) this.#precedes(first, key, sources[read]!, t);
      if (sources[read]! >= 0) this.#precedes(sources[read]!, key, first, t);
    }
    for (let i = seen.start[t]!; i < seen.start[t + 1]!; i++) {
      const writer = seen.items[i]!;
      if (this.#seenFrom[writer] !== t) this.#sees(t, writer, keys);
      this.#seenFrom[writer] = t;
    }
    for (const key of keys) this.#followsSession(t, key);
    for (const key of keys) this.#sourceOf[key] = NOTHING;
  }

  #sees(t: number, writer: number, read: readonly number[]): void {
    const { writes } = this.#readings;
    const [from, to] = [writes.start[writer]!, writes.start[writer + 1]!];
    if (read.length < to - from) {
      for (const key of read) if (doesWrite(writes, writer, key)) this.#precedes(writer, key, this.#sourceOf[key]!, t);
      return;
    }
    for (let i = from; i < to; i++) {
      const key = writes.items[i]!;
      if (this.#sourceOf[key] !== NOTHING) this.#precedes(writer, key, this.#sourceOf[key]!, t);
    }
  }

  /** Of what its session wrote to the key before, the last of each chain: the others come before that one. */
  #followsSession(t: number, key: number): void {
    const { chains, transactions } = this.#readings;
    const own = chains.chainOf[t]!;
    const { start, items } = chains.ofSession;
    const session = chains.sessionOf[own]!;
    for (let i = start[session]!; i < start[session + 1]!; i++) {
      const row = this.#writers.rowOf(key, items[i]!);
      if (row === -1) continue;
      const count = items[i] === own ? chains.placeOf[t]! : returnedBefore(this.#readings, items[i]!, transactions[t]!.invoked);
      const writer = this.#writers.last(row, count);
      if (writer !== -1) this.#precedes(writer, key, this.#sourceOf[key]!, t);
    }
  }

  #precedes(writer: number, key: number, source: number, t: number): void {
    if (writer === source) return;
    if (source === INITIAL) this.#order.add(t, writer, RW, key);
    else this.#order.add(writer, source, INFERRED, key, t);
  }
}

/** How many of a chain had returned before a position in the history. */
function returnedBefore({ chains: { members }, transactions }: Readings, chain: number, position: number): number {
  let low = members.start[chain]!;
  let high = members.start[chain + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (transactions[members.items[middle]!]!.returned < position) low = middle + 1;
    else high = middle;
  }
  return low - members.start[chain]!;
}

/**
 * Read committed, by its axiom (Biswas and Enea, OOPSLA 2019, figure 2): whose writes a transaction has seen by a read come
 * before whose writes it sees by a later read, where both wrote the key that is read later. Judged as in Møldrup and
 * Pavlogiannis, “AWDIT” (PLDI 2025): each transaction that was seen is held against the keys that it wrote, or against
 * those that were read after it, whichever are fewer, which takes n^1.5 steps for a history of size n.
 */
import { addVersions, causalOrder } from "./base-order.ts";
import { type CommitOrder, INFERRED, RW } from "./commit-order.ts";
import { INITIAL, type Readings } from "./readings.ts";
import { doesWrite } from "./written.ts";

export function readCommitted(readings: Readings): CommitOrder {
  const order = causalOrder(readings);
  addVersions(order, readings);
  const scan = new Backwards(readings, order);
  for (let t = 0; t < readings.transactions.length; t++) scan.judge(t);
  return order;
}

/** The reads of a transaction from the last to the first, knowing of each key which read of it comes next. */
class Backwards {
  readonly #readings: Readings;
  readonly #order: CommitOrder;
  /** By key: the next read of it; meaningful where it lies in the transaction. */
  readonly #next: Int32Array;
  /** By transaction: the first of the current one's sights of it. */
  readonly #firstSight: Int32Array;

  constructor(readings: Readings, order: CommitOrder) {
    this.#readings = readings;
    this.#order = order;
    this.#next = new Int32Array(readings.keys.length).fill(-1);
    this.#firstSight = new Int32Array(readings.transactions.length).fill(-1);
  }

  judge(t: number): void {
    const { reads, seen, seenBy } = this.#readings;
    const [first, end] = [reads.start[t]!, reads.start[t + 1]!];
    if (end - first < 2) return;
    for (let i = seen.start[t + 1]! - 1; i >= seen.start[t]!; i--) this.#firstSight[seen.items[i]!] = i;
    const later: number[] = [];
    let sight = seen.start[t + 1]! - 1;
    for (let read = end - 1; read >= first; read--) {
      for (; sight >= seen.start[t]! && seenBy[sight] === read; sight--) {
        if (this.#firstSight[seen.items[sight]!] === sight) this.#sees(t, seen.items[sight]!, later);
      }
      const key = reads.items[read]!;
      const next = this.#next[key]!;
      if (next > read && next < end) this.#precedes(this.#readings.sources[read]!, next, t);
      else later.push(key);
      this.#next[key] = read;
    }
    for (const key of later) this.#next[key] = -1;
  }

  #sees(t: number, writer: number, later: readonly number[]): void {
    const { writes } = this.#readings;
    const [from, to] = [writes.start[writer]!, writes.start[writer + 1]!];
    if (later.length < to - from) {
      for (const key of later) if (doesWrite(writes, writer, key)) this.#precedes(writer, this.#next[key]!, t);
      return;
    }
    for (let i = from; i < to; i++) {
      const next = this.#next[writes.items[i]!]!;
      if (next !== -1) this.#precedes(writer, next, t);
    }
  }

  #precedes(writer: number, read: number, t: number): void {
    const source = this.#readings.sources[read]!;
    const key = this.#readings.reads.items[read]!;
    if (writer === source || writer === INITIAL) return;
    if (source === INITIAL) this.#order.add(t, writer, RW, key);
    else this.#order.add(writer, source, INFERRED, key, t);
  }
}

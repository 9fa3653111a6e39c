/**
 * Transactional causal consistency, by its axiom (Biswas and Enea, OOPSLA 2019, figure 2): whatever a transaction may know
 * of, through sessions and reads, comes before everybody whose write of one of its keys the transaction read. With vector
 * clocks over k chains of sessions it takes n·k steps, as in Møldrup and Pavlogiannis, “AWDIT” (PLDI 2025).
 */
import { addVersions, causalOrder } from "./base-order.ts";
import { Clocks } from "./clocks.ts";
import { type CommitOrder, INFERRED, RW } from "./commit-order.ts";
import { KeyWriters } from "./key-writers.ts";
import { INITIAL, type Readings } from "./readings.ts";

/** Numbers in a table of clocks: with more chains than fit, they are taken some at a time. */
const TABLE = 2 ** 24;

/** No writer is at such a place: the first count that comes is looked up. */
const NOT_ASKED = -1;

export function transactionalCausal(readings: Readings): CommitOrder {
  const { chains, transactions } = readings;
  const causal = causalOrder(readings);
  const sorted = causal.sort();
  if (sorted === undefined) return causal;
  const scan = new Scan(readings);
  const width = Math.max(1, Math.min(chains.count, Math.floor(TABLE / Math.max(1, transactions.length))));
  const isWhole = width >= chains.count; // Then the clocks are done before anything is added.
  const order = isWhole ? causal : causalOrder(readings);
  for (let first = 0; first < chains.count; first += width) {
    const clocks = new Clocks(causal, sorted, chains, first, Math.min(width, chains.count - first));
    for (let chain = 0; chain < chains.count; chain++) scan.judge(chain, clocks, order);
  }
  addVersions(order, readings);
  return order;
}

/** Holds the reads of transactions against what these know. */
class Scan {
  readonly #readings: Readings;
  readonly #writers: KeyWriters;
  /** By row, for the chain that is gone through: the places of the last writer that is known, and of the next one. */
  readonly #around: Int32Array;

  constructor(readings: Readings) {
    this.#readings = readings;
    this.#writers = new KeyWriters(readings);
    this.#around = new Int32Array(2 * this.#writers.rowsFrom.at(-1)!).fill(NOT_ASKED);
  }

  /** What the transactions of a chain know, each what the one before it knew. */
  judge(chain: number, clocks: Clocks, order: CommitOrder): void {
    const { start, items } = this.#readings.chains.members;
    for (let i = start[chain]!; i < start[chain + 1]!; i++) this.#judge(items[i]!, clocks, order);
    for (let i = start[chain]!; i < start[chain + 1]!; i++) this.#forget(items[i]!);
  }

  /** Of each chain the last writer that is known is enough: the others come before it. */
  #judge(t: number, { first, width, counts }: Clocks, order: CommitOrder): void {
    const { reads, sources } = this.#readings;
    const { rowsFrom, chainOf } = this.#writers;
    const around = this.#around;
    for (let read = reads.start[t]!; read < reads.start[t + 1]!; read++) {
      const [key, source] = [reads.items[read]!, sources[read]!];
      const end = rowsFrom[key + 1]!;
      for (let row = rowsFrom[key]!; row < end; row++) {
        const chain = chainOf[row]! - first;
        if (chain < 0 || chain >= width) continue;
        const count = counts[t * width + chain]!;
        if (around[2 * row + 1]! < count) this.#writers.around(row, count, around);
        const last = around[2 * row]!;
        const known = source === INITIAL ? 0 : counts[source * width + chain]!;
        if (last >= known) this.#follows(order, t, key, source, this.#writers.at(row, last));
      }
    }
  }

  #follows(order: CommitOrder, t: number, key: number, source: number, writer: number): void {
    if (source === INITIAL) order.add(t, writer, RW, key);
    else if (writer !== source) order.add(writer, source, INFERRED, key, t);
  }

  #forget(t: number): void {
    const { reads } = this.#readings;
    const { rowsFrom } = this.#writers;
    for (let read = reads.start[t]!; read < reads.start[t + 1]!; read++) {
      const key = reads.items[read]!;
      this.#around.fill(NOT_ASKED, 2 * rowsFrom[key]!, 2 * rowsFrom[key + 1]!);
    }
  }
}

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

export function transactionalCausal(readings: Readings): CommitOrder {
  const { chains, transactions } = readings;
  const causal = causalOrder(readings);
  const sorted = causal.sort();
  if (sorted === undefined) return causal;
  const writers = new KeyWriters(readings);
  const width = Math.max(1, Math.min(chains.count, Math.floor(TABLE / Math.max(1, transactions.length))));
  const isWhole = width >= chains.count; // Then the clocks are done before anything is added.
  const order = isWhole ? causal : causalOrder(readings);
  for (let first = 0; first < chains.count; first += width) {
    const clocks = new Clocks(causal, sorted, chains, first, Math.min(width, chains.count - first));
    for (let t = 0; t < transactions.length; t++) addKnown(readings, writers, clocks, order, t);
  }
  addVersions(order, readings);
  return order;
}

/** Of each chain the last writer that is known is enough: the others come before it. */
function addKnown({ reads, sources, chains }: Readings, writers: KeyWriters, clocks: Clocks, order: CommitOrder, t: number): void {
  const end = clocks.first + clocks.width;
  for (let read = reads.start[t]!; read < reads.start[t + 1]!; read++) {
    const [key, source] = [reads.items[read]!, sources[read]!];
    for (let row = writers.rowsFrom[key]!; row < writers.rowsFrom[key + 1]!; row++) {
      const chain = writers.chainOf[row]!;
      if (chain < clocks.first || chain >= end) continue;
      const count = clocks.countOf(t, chain);
      const writer = count === 0 ? -1 : writers.last(row, count);
      if (writer === -1 || writer === source) continue;
      if (source === INITIAL) order.add(t, writer, RW, key);
      else if (clocks.countOf(source, chain) <= chains.placeOf[writer]!) order.add(writer, source, INFERRED, key, t);
    }
  }
}

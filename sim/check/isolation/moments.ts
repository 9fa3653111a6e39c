/**
 * When each half of a transaction probably took place, in positions of the history, so that a search tries the likely first:
 * a commit when its transaction returned, and a snapshot as late as it can be, right before something that was read was
 * overwritten. A guess, on which no verdict depends.
 */
import type { Halves } from "./halves.ts";
import { INITIAL } from "./readings.ts";

/** By node. */
export function momentsOf({ readings, begins, ends, nodes }: Halves): Float64Array {
  const { transactions, writes, reads, sources, keys } = readings;
  const moments = new Float64Array(nodes);
  const commits = Float64Array.from(transactions, ({ invoked, returned }) => (returned === Infinity ? invoked : returned));
  const writers: number[][] = keys.map(() => []);
  const order = [...transactions.keys()].filter((t) => ends[t] !== -1).sort((a, b) => commits[a]! - commits[b]!);
  /** By write, as it stands in the rows of writes: its place among its key's writers. */
  const place = new Int32Array(writes.items.length);
  for (const t of order) {
    for (let i = writes.start[t]!; i < writes.start[t + 1]!; i++) place[i] = writers[writes.items[i]!]!.push(t) - 1;
  }
  const overwritten = (t: number, key: number, source: number): number => {
    const list = writers[key]!;
    let next = 0;
    if (source !== INITIAL) {
      let at = writes.start[source]!;
      while (writes.items[at] !== key) at++;
      next = place[at]! + 1;
    }
    const writer = list[next] === t ? list[next + 1] : list[next];
    return writer === undefined ? Infinity : commits[writer]!;
  };
  for (const t of order) {
    moments[ends[t]!] = commits[t]!;
    if (begins[t] === ends[t]) continue;
    let moment = commits[t]!;
    for (let read = reads.start[t]!; read < reads.start[t + 1]!; read++) moment = Math.min(moment, overwritten(t, reads.items[read]!, sources[read]!));
    moments[begins[t]!] = moment - 0.5;
  }
  return moments;
}

/** What every level asks of an order of commits: the order of sessions, each write before its reads, and known versions. */
import { CommitOrder, SESSION, WR, WW } from "./commit-order.ts";
import type { Readings } from "./readings.ts";

/** Sessions and reads alone: what a transaction may know of comes before it by these. */
export function causalOrder({ transactions, chains, reads, seen, seenBy }: Readings): CommitOrder {
  const order = new CommitOrder(transactions.length);
  const { members, crossFrom, crossTo } = chains;
  for (let chain = 0; chain < chains.count; chain++) {
    for (let i = members.start[chain]! + 1; i < members.start[chain + 1]!; i++) order.add(members.items[i - 1]!, members.items[i]!, SESSION);
  }
  crossFrom.forEach((from, i) => order.add(from, crossTo[i]!, SESSION));
  for (let t = 0; t < transactions.length; t++) {
    for (let i = seen.start[t]!; i < seen.start[t + 1]!; i++) {
      if (i === seen.start[t] || seen.items[i] !== seen.items[i - 1]) order.add(seen.items[i]!, t, WR, reads.items[seenBy[i]!]!);
    }
  }
  return order;
}

export function addVersions(order: CommitOrder, { versions: { from, to, key } }: Readings): void {
  for (let i = 0; i < from.length; i++) order.add(from[i]!, to[i]!, WW, key[i]!);
}

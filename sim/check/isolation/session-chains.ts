/**
 * The order of sessions among transactions: in a session A comes before B if A returned before B was invoked. It is kept as
 * chains, in which each comes before the next, and as edges between the chains of one session: a session has several where
 * it had transactions open together, or one that never returned.
 */
import { groupBy, IntList, type Rows } from "./rows.ts";
import type { Transaction } from "../transactions/transaction.ts";

export const NO_CHAIN = -1;

export interface SessionChains {
  readonly count: number;
  /** By transaction: its chain ({@link NO_CHAIN} where it did not happen), and how many of the chain come before it. */
  readonly chainOf: Int32Array;
  readonly placeOf: Int32Array;
  /** By chain: its transactions, in order. */
  readonly members: Rows;
  /** By chain: its session, and by session its chains. */
  readonly sessionOf: Int32Array;
  readonly ofSession: Rows;
  /** What comes right before in another chain of the session. */
  readonly crossFrom: Int32Array;
  readonly crossTo: Int32Array;
}

export function sessionChains(transactions: readonly Transaction[], happened: Uint8Array): SessionChains {
  const chainOf = new Int32Array(transactions.length).fill(NO_CHAIN);
  const placeOf = new Int32Array(transactions.length);
  const chains: number[][] = [];
  const sessionOf = new IntList();
  const sessions = new Map<string, { readonly number: number; readonly chains: number[] }>();
  const [crossFrom, crossTo] = [new IntList(), new IntList()];
  const told = new Map<number, Map<number, number>>(); // By chain: the last of each other chain that it is known to follow.
  transactions.forEach(({ client, invoked }, t) => {
    if (happened[t] === 0) return;
    let session = sessions.get(client);
    if (session === undefined) sessions.set(client, (session = { number: sessions.size, chains: [] }));
    let chain = session.chains.find((own) => transactions[chains[own]!.at(-1)!]!.returned < invoked);
    if (chain === undefined) {
      chain = chains.push([]) - 1;
      session.chains.push(chain);
      sessionOf.push(session.number);
    }
    for (const other of session.chains) {
      const last = other === chain ? undefined : chains[other]!.findLast((one) => transactions[one]!.returned < invoked);
      if (last === undefined || told.get(chain)?.get(other) === last) continue;
      if (!told.has(chain)) told.set(chain, new Map());
      told.get(chain)!.set(other, last);
      crossFrom.push(last);
      crossTo.push(t);
    }
    chainOf[t] = chain;
    placeOf[t] = chains[chain]!.push(t) - 1;
  });
  const start = new Int32Array(chains.length + 1);
  chains.forEach((members, chain) => (start[chain + 1] = start[chain]! + members.length));
  const ofChain = sessionOf.toArray();
  const ofSession = groupBy(ofChain, sessions.size);
  const members = { start, items: Int32Array.from(chains.flat()) };
  return { count: chains.length, chainOf, placeOf, members, sessionOf: ofChain, ofSession, crossFrom: crossFrom.toArray(), crossTo: crossTo.toArray() };
}

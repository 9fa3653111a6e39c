/**
 * What the transactions of a history that happened wrote, and what they saw of each other: the relation from each write to
 * its reads, which unique values give away, and the order of sessions. All levels are judged by it.
 */
import { IntList, type Rows } from "./rows.ts";
import { type SessionChains, sessionChains } from "./session-chains.ts";
import type { Transaction } from "../transactions/transaction.ts";

/** In place of a writer: what was there before the first write. */
export const INITIAL = -2;

/** What no level allows. */
export interface Fault {
  readonly name: string;
  readonly key: string;
  /** The one that shows it last. */
  readonly transactions: readonly number[];
  readonly detail: string;
}

/** Transactions are numbered by their positions; those that did not happen have no reads and no writes. */
export interface Readings {
  readonly transactions: readonly Transaction[];
  /** Which committed, or were read though nobody knows how they ended. An open one that nobody read need not have happened. */
  readonly happened: Uint8Array;
  /** By number of a key. */
  readonly keys: readonly string[];
  /** By transaction: the keys that it wrote, once each, ascending. */
  readonly writes: Rows;
  /** By transaction: the keys that it read before it wrote them itself, in its own order; and, beside, whose writes. */
  readonly reads: Rows;
  readonly sources: Int32Array;
  /** By transaction: of whom it saw a write, and, beside, by which of the reads. A list shows more writers than its last. */
  readonly seen: Rows;
  readonly seenBy: Int32Array;
  /** Of keys whose order of versions is known: a writer, the next one, and the key. */
  readonly versions: { readonly from: Int32Array; readonly to: Int32Array; readonly key: Int32Array };
  readonly chains: SessionChains;
  /** What no level allows, and needs no order to show. */
  readonly faults: readonly Fault[];
  /** Reads of values that several transactions wrote, which are left out: a pass is not certain then. */
  readonly ambiguous: number;
}

/** Readings while they are being collected: first all reads, transaction by transaction, then the writes. */
export class Draft {
  readonly transactions: readonly Transaction[];
  readonly happened: Uint8Array;
  readonly faults: Fault[] = [];
  ambiguous = 0;
  readonly #keys = new Map<string, number>();
  readonly #reads = new IntList();
  readonly #sources = new IntList();
  readonly #seen = new IntList();
  readonly #seenBy = new IntList();
  readonly #readStart: Int32Array;
  readonly #seenStart: Int32Array;
  readonly #versions = { from: new IntList(), to: new IntList(), key: new IntList() };
  #current = 0;

  constructor(transactions: readonly Transaction[]) {
    this.transactions = transactions;
    this.happened = Uint8Array.from(transactions, ({ outcome }) => (outcome === "ok" ? 1 : 0));
    this.#readStart = new Int32Array(transactions.length + 1);
    this.#seenStart = new Int32Array(transactions.length + 1);
  }

  /** A read of the current transaction. `seen`: all whose writes it showed, where they are more than the source. */
  read(key: string, source: number, seen?: readonly number[]): void {
    for (const who of seen ?? [source]) {
      if (who === INITIAL) continue;
      this.happened[who] = 1;
      this.#seen.push(who);
      this.#seenBy.push(this.#reads.length);
    }
    this.#reads.push(this.keyOf(key));
    this.#sources.push(source);
  }

  /** Ends the current transaction's reads. */
  next(): void {
    this.#current += 1;
    this.#readStart[this.#current] = this.#reads.length;
    this.#seenStart[this.#current] = this.#seen.length;
  }

  version(from: number, to: number, key: string): void {
    if (from === to) return;
    this.#versions.from.push(from);
    this.#versions.to.push(to);
    this.#versions.key.push(this.keyOf(key));
  }

  fault(name: string, key: string, transactions: readonly number[], what: string): void {
    this.faults.push({ name, key, transactions, detail: `T${transactions.at(-1)!} ${what}` });
  }

  keyOf(name: string): number {
    let key = this.#keys.get(name);
    if (key === undefined) this.#keys.set(name, (key = this.#keys.size));
    return key;
  }

  finish(): Readings {
    const { transactions, happened, faults, ambiguous } = this;
    const writes = this.#writes();
    const versions = { from: this.#versions.from.toArray(), to: this.#versions.to.toArray(), key: this.#versions.key.toArray() };
    return {
      transactions,
      happened,
      keys: [...this.#keys.keys()],
      writes,
      reads: { start: this.#readStart, items: this.#reads.toArray() },
      sources: this.#sources.toArray(),
      seen: { start: this.#seenStart, items: this.#seen.toArray() },
      seenBy: this.#seenBy.toArray(),
      versions,
      chains: sessionChains(transactions, happened),
      faults,
      ambiguous,
    };
  }

  #writes(): Rows {
    const start = new Int32Array(this.transactions.length + 1);
    const items = new IntList();
    this.transactions.forEach(({ steps }, t) => {
      const own = this.happened[t] === 0 ? [] : steps.filter(([f]) => f !== "r").map(([, key]) => this.keyOf(key));
      own.sort((a, b) => a - b).forEach((key, i) => key !== own[i - 1] && items.push(key));
      start[t + 1] = items.length;
    });
    return { start, items: items.toArray() };
  }
}

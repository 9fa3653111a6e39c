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
  /** By transaction: the numbers of its steps' keys. */
  readonly stepKeys: Rows;
  /** Beside: 1 where it writes; and how many do. */
  readonly stepWrites: Uint8Array;
  readonly writeSteps: number;
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
    this.happened = new Uint8Array(transactions.length);
    for (let t = 0; t < transactions.length; t++) if (transactions[t]!.outcome === "ok") this.happened[t] = 1;
    const stepStart = new Int32Array(transactions.length + 1);
    for (let t = 0; t < transactions.length; t++) stepStart[t + 1] = stepStart[t]! + transactions[t]!.steps.length;
    this.stepKeys = { start: stepStart, items: new Int32Array(stepStart.at(-1)!) };
    this.stepWrites = new Uint8Array(this.stepKeys.items.length);
    this.writeSteps = this.#number();
    this.#readStart = new Int32Array(transactions.length + 1);
    this.#seenStart = new Int32Array(transactions.length + 1);
  }

  /** A read of the current transaction. `seen`: all whose writes it showed, where they are more than the source. */
  read(key: number, source: number, seen?: readonly number[]): void {
    if (seen === undefined) this.#sees(source);
    else for (const who of seen) this.#sees(who);
    this.#reads.push(key);
    this.#sources.push(source);
  }

  #sees(who: number): void {
    if (who === INITIAL) return;
    this.happened[who] = 1;
    this.#seen.push(who);
    this.#seenBy.push(this.#reads.length);
  }

  /** Ends the current transaction's reads. */
  next(): void {
    this.#current += 1;
    this.#readStart[this.#current] = this.#reads.length;
    this.#seenStart[this.#current] = this.#seen.length;
  }

  version(from: number, to: number, key: number): void {
    if (from === to) return;
    this.#versions.from.push(from);
    this.#versions.to.push(to);
    this.#versions.key.push(key);
  }

  fault(name: string, key: string, transactions: readonly number[], what: string): void {
    this.faults.push({ name, key, transactions, detail: `T${transactions.at(-1)!} ${what}` });
  }

  /** How many different keys there are. */
  get keys(): number {
    return this.#keys.size;
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

  #number(): number {
    let [at, writes] = [0, 0];
    for (const { steps } of this.transactions) {
      for (let i = 0; i < steps.length; i++, at++) {
        const step = steps[i]!;
        this.stepKeys.items[at] = this.keyOf(step[1]);
        if (step[0] !== "r") writes += this.stepWrites[at] = 1;
      }
    }
    return writes;
  }

  #writes(): Rows {
    const { transactions, happened, stepKeys, stepWrites } = this;
    const start = new Int32Array(transactions.length + 1);
    const items = new Int32Array(this.writeSteps);
    let end = 0;
    for (let t = 0; t < transactions.length; t++) {
      const first = end;
      const last = happened[t] === 1 ? stepKeys.start[t + 1]! : 0;
      for (let i = stepKeys.start[t]!; i < last; i++) if (stepWrites[i] === 1) items[end++] = stepKeys.items[i]!;
      start[t + 1] = end = sortedOnce(items, first, end);
    }
    return { start, items: items.subarray(0, end) };
  }
}

/** Beyond so many, putting each in its place takes longer than to sort. */
const FEW = 16;

/** Sorts a part of a list, and leaves each item once; returns where the part ends then. */
function sortedOnce(items: Int32Array, first: number, end: number): number {
  if (end - first > FEW) items.subarray(first, end).sort();
  for (let i = first + 1; i < end && end - first <= FEW; i++) {
    const item = items[i]!;
    let at = i;
    for (; at > first && items[at - 1]! > item; at--) items[at] = items[at - 1]!;
    items[at] = item;
  }
  let kept = first;
  for (let i = first; i < end; i++) if (i === first || items[i] !== items[kept - 1]) items[kept++] = items[i]!;
  return kept;
}

/**
 * Lists that are only appended to: a read shows every version before it, so the reads give the version order
 * (Kingsbury and Alvaro, "Elle", VLDB 2020, section 4). Appends that nobody read come after all that was read, in any order.
 */
import { HistoryError, type HistoryProblem } from "../history.ts";
import { type Graph, RW, WR, WW } from "./graph.ts";
import type { Transaction } from "./transaction.ts";

/** What is wrong without any cycle. */
export interface Anomaly {
  readonly name: string;
  readonly key: string;
  readonly transactions: readonly number[];
  readonly detail: string;
}

interface Key {
  readonly writer: Map<unknown, number>;
  /** By transaction: the last that it appended. */
  readonly last: Map<number, unknown>;
  longest: readonly unknown[];
  longestBy: number;
}

export class Lists {
  readonly anomalies: Anomaly[] = [];
  /** Which transactions happened, as far as their end or a read of them tells. */
  readonly happened: Uint8Array;
  readonly #transactions: readonly Transaction[];
  readonly #keys = new Map<string, Key>();

  /** Throws a {@link HistoryError} where two appends to a key are of one value, which nothing could tell apart. */
  constructor(transactions: readonly Transaction[], lines?: readonly number[]) {
    this.#transactions = transactions;
    this.happened = Uint8Array.from(transactions, ({ outcome }) => (outcome === "ok" ? 1 : 0));
    const problems: HistoryProblem[] = [];
    transactions.forEach(({ steps, invoked }, t) => {
      for (const [f, key, value] of steps) {
        const list = this.#key(key);
        if (f === "r") continue;
        if (list.writer.has(value)) {
          problems.push({ line: lines?.[invoked] ?? invoked + 1, column: 1, message: `${JSON.stringify(value)} is appended to ${key} twice` });
        }
        list.writer.set(value, t);
        list.last.set(t, value);
      }
    });
    if (problems.length > 0) throw new HistoryError(problems);
    this.#eachRead((t, key, list) => {
      if (list.length > this.#key(key).longest.length) Object.assign(this.#key(key), { longest: list, longestBy: t });
    });
    for (const [name, key] of this.#keys) this.#judgeLongest(name, key);
    this.#eachRead((t, key, list, own) => this.#judgeRead(t, key, list, own));
  }

  /** The dependencies between transactions that happened. */
  connect(graph: Graph): void {
    for (const key of this.#keys.values()) {
      const writers = key.longest.map((value) => key.writer.get(value) ?? -1).filter((t) => t !== -1);
      for (let i = 1; i < writers.length; i++) graph.add(writers[i - 1]!, writers[i]!, WW);
    }
    const unread = new Map<string, number[]>();
    for (const [name, { longest, writer }] of this.#keys) {
      const read = new Set(longest);
      unread.set(name, [...writer].filter(([value, t]) => !read.has(value) && this.happened[t] === 1).map(([, t]) => t));
      const end = writer.get(longest.at(-1));
      if (end !== undefined) for (const t of unread.get(name)!) graph.add(end, t, WW);
    }
    this.#eachRead((t, name, list, own) => {
      const key = this.#key(name);
      const length = list.length - own;
      const from = length === 0 ? undefined : key.writer.get(list[length - 1]);
      if (from !== undefined) graph.add(from, t, WR);
      if (length < key.longest.length) {
        const next = key.writer.get(key.longest[length]);
        if (next !== undefined) graph.add(t, next, RW);
      } else for (const next of unread.get(name)!) graph.add(t, next, RW);
    });
  }

  #key(name: string): Key {
    let key = this.#keys.get(name);
    if (key === undefined) this.#keys.set(name, (key = { writer: new Map(), last: new Map(), longest: [], longestBy: -1 }));
    return key;
  }

  /** `own`: how many at the list's end the reader itself had appended before. */
  #eachRead(visit: (t: number, key: string, list: readonly unknown[], own: number) => void): void {
    this.#transactions.forEach(({ outcome, steps }, t) => {
      if (outcome !== "ok") return;
      steps.forEach(([f, key, value], at) => {
        if (f !== "r") return;
        let own = 0;
        for (let i = 0; i < at; i++) if (steps[i]![0] === "append" && steps[i]![1] === key) own++;
        const list = (value ?? []) as readonly unknown[];
        visit(t, key, list, Math.min(own, list.length));
      });
    });
  }

  #judgeLongest(name: string, key: Key): void {
    if (new Set(key.longest).size < key.longest.length) this.#found("duplicate-elements", name, [key.longestBy], "read one append twice");
    const rank = new Map([...key.writer.keys()].map((value, i) => [value, i]));
    key.longest.forEach((value, i) => {
      const writer = key.writer.get(value);
      const before = key.longest[i - 1];
      if (i > 0 && writer !== undefined && key.writer.get(before) === writer && rank.get(before)! > rank.get(value)!) {
        this.#found("incompatible-order", name, [writer, key.longestBy], `read T${writer}'s appends to ${name} in another order than it made them`);
      }
      const what = `read ${JSON.stringify(value)} from ${name}`;
      if (writer === undefined) this.#found("garbage-read", name, [key.longestBy], `${what}, which nobody appended`);
      else if (this.#transactions[writer]!.outcome === "aborted") this.#found("G1a", name, [writer, key.longestBy], `${what}, which T${writer} appended and aborted`);
      else this.happened[writer] = 1;
    });
  }

  #judgeRead(t: number, name: string, list: readonly unknown[], own: number): void {
    const key = this.#key(name);
    for (let i = 0; i < list.length; i++) {
      if (list[i] === key.longest[i]) continue;
      this.#found("incompatible-order", name, [key.longestBy, t], `read ${name} in another order than T${key.longestBy}`);
      break;
    }
    for (let i = 0; i < list.length - own; i++) {
      if (key.writer.get(list[i]) !== t) continue;
      this.#found("future-read", name, [t], `read ${JSON.stringify(list[i])} from ${name} before it appended it`);
      break;
    }
    const steps = this.#transactions[t]!.steps.filter((step) => step[1] === name);
    this.#judgeInternal(t, name, steps);
    const seen = list[list.length - own - 1];
    const writer = key.writer.get(seen);
    if (list.length > own && writer !== undefined && writer !== t && key.last.get(writer) !== seen) {
      this.#found("G1b", name, [writer, t], `read ${JSON.stringify(seen)} from ${name}, to which T${writer} appended more`);
    }
  }

  /** A transaction's reads agree with what it read and appended itself before. */
  #judgeInternal(t: number, name: string, steps: readonly Step[]): void {
    let known: readonly unknown[] | undefined;
    let since: unknown[] = [];
    for (const [f, , value] of steps) {
      if (f === "append") {
        since.push(value);
        continue;
      }
      const list = (value ?? []) as readonly unknown[];
      const start = list.length - since.length;
      const fits = start >= 0 && since.every((own, i) => own === list[start + i]);
      if (!fits || (known !== undefined && start !== known.length)) {
        this.#found("internal", name, [t], `read ${name} otherwise than it had read and appended itself`);
        return;
      }
      known = list;
      since = [];
    }
  }

  #found(name: string, key: string, transactions: readonly number[], what: string): void {
    this.anomalies.push({ name, key, transactions, detail: `T${transactions.at(-1)!} ${what}` });
  }
}

type Step = Transaction["steps"][number];

/** What the steps of transactions say by themselves, for the verifier: who wrote what, who saw whom, who may know of whom. */
import type { Transaction } from "./transaction.ts";

/** In place of a writer: what was there at first; and where several may have written it. */
export const INITIAL = -1;
export const UNKNOWN = -2;

/** By key: all that was appended, or the last that was written. */
export type State = Map<string, readonly unknown[]>;

/** A read of what others wrote: a list without what the transaction had appended itself, or one value, or none. */
interface View {
  readonly key: string;
  readonly seen: readonly unknown[];
  /** The list as it was read. */
  readonly whole: readonly unknown[];
  readonly source: number;
}

const SERIAL = new Set(["serializable", "strictSerializable"]);
const WEAK = new Set(["readCommitted", "readAtomic", "transactionalCausal"]);
/** Steps that end where a transaction commits, so that nothing follows from when it took its snapshot. */
const OPENS: { readonly [level: string]: readonly string[] } = { snapshotIsolation: ["rw"], prefixConsistent: ["rw", "ww", "inferred"] };

export class Facts {
  readonly transactions: readonly Transaction[];
  readonly isList: boolean;
  readonly level: string;
  readonly isSerial: boolean;
  readonly isWeak: boolean;
  readonly opens: ReadonlySet<string>;
  /** By transaction. */
  readonly views: readonly (readonly View[])[];
  readonly #writers = new Map<string, Set<number>>();
  readonly #writer = new Map<string, number>();
  readonly #sessions = new Map<string, number[]>();
  readonly #seen = new Set<number>();
  readonly #past = new Map<number, ReadonlySet<number>>();

  constructor(transactions: readonly Transaction[], isList: boolean, level: string) {
    [this.transactions, this.isList, this.level] = [transactions, isList, level];
    [this.isSerial, this.isWeak, this.opens] = [SERIAL.has(level), WEAK.has(level), new Set(OPENS[level] ?? [])];
    transactions.forEach(({ client, steps }, t) => {
      this.#sessions.set(client, [...(this.#sessions.get(client) ?? []), t]);
      for (const [f, key, value] of steps) {
        if (f === "r") continue;
        this.#writers.set(key, (this.#writers.get(key) ?? new Set<number>()).add(t));
        const name = JSON.stringify([key, value]);
        this.#writer.set(name, (this.#writer.get(name) ?? t) === t ? t : UNKNOWN);
      }
    });
    this.views = transactions.map((_, t) => this.#viewsOf(t));
    for (const { key, seen } of this.views.flat()) for (const value of seen) this.#seen.add(this.writer(key, value));
  }

  /** The same, where the others never were. */
  only(some: readonly number[]): Facts {
    const kept = new Set(some);
    return new Facts(this.transactions.map((one, t) => (kept.has(t) ? one : { ...one, outcome: "aborted", steps: [] })), this.isList, this.level);
  }

  #viewsOf(t: number): View[] {
    const { outcome, steps } = this.transactions[t]!;
    const own = new Map<string, number>();
    const views: View[] = [];
    for (const [f, key, value] of outcome === "ok" ? steps : []) {
      if (f !== "r") own.set(key, (own.get(key) ?? 0) + 1);
      else if (this.isList || !own.has(key)) {
        const whole = this.isList ? ((value ?? []) as readonly unknown[]) : value === null ? [] : [value];
        const seen = whole.slice(0, Math.max(0, whole.length - (own.get(key) ?? 0)));
        views.push({ key, seen, whole, source: seen.length === 0 ? INITIAL : this.writer(key, seen.at(-1)) });
      }
    }
    return views;
  }

  writer(key: string, value: unknown): number {
    return this.#writer.get(JSON.stringify([key, value])) ?? UNKNOWN;
  }

  writers(key: string): readonly number[] {
    return [...(this.#writers.get(key) ?? [])];
  }

  /** What it wrote to a key, in order. */
  values(t: number, key: string): readonly unknown[] {
    return (this.transactions[t]?.steps ?? []).filter(([f, name]) => f !== "r" && name === key).map(([, , value]) => value);
  }

  happened(t: number): boolean {
    const { outcome } = this.transactions[t]!;
    return outcome === "ok" || (outcome === "info" && this.#seen.has(t));
  }

  inSession(a: number, b: number): boolean {
    return this.transactions[a]!.client === this.transactions[b]!.client && this.transactions[a]!.returned < this.transactions[b]!.invoked;
  }

  isContended(a: number, b: number): boolean {
    return this.transactions[a]!.steps.some(([f, key]) => f !== "r" && this.#writers.get(key)!.has(b));
  }

  /** It read otherwise than it had written. */
  contradictsItself(t: number): boolean {
    const { outcome, steps } = this.transactions[t]!;
    return outcome === "ok" && steps.some(([f, key, value], at) => {
      const own = steps.slice(0, at).filter(([g, name]) => g !== "r" && name === key).map(([, , one]) => one);
      if (f !== "r" || own.length === 0) return false;
      return this.isList ? JSON.stringify(((value ?? []) as unknown[]).slice(-own.length)) !== JSON.stringify(own) : value !== own.at(-1);
    });
  }

  reads(t: number, state: State): boolean {
    return this.views[t]!.every(({ key, seen }) => JSON.stringify(state.get(key) ?? []) === JSON.stringify(seen));
  }

  write(t: number, state: State): void {
    for (const [f, key, value] of this.transactions[t]!.steps) if (f !== "r") state.set(key, this.isList ? [...(state.get(key) ?? []), value] : [value]);
  }

  /** A list shows an append of the one, and not, or only later, one of the other. Under snapshots nobody appends between others' steps. */
  isListed(key: string, a: number, b: number): boolean {
    const [first, second] = [this.values(a, key), this.values(b, key)];
    return this.views.flat().some((view) => {
      const list = this.isWeak || view.key !== key ? view.seen : view.whole;
      const isLater = (value: unknown, place: number): boolean => place !== -1 && (!list.includes(value) || list.indexOf(value) > place);
      return view.key === key && first.some((value) => second.some((other) => isLater(other, list.indexOf(value))));
    });
  }

  /** Whether a level lets a transaction know of another at its view `at`; by an order of commits where it is asked of one. */
  isVisible(other: number, t: number, at: number, rank?: ReadonlyMap<number, number>): boolean {
    if (this.level === "readCommitted") return this.views[t]!.slice(0, at).some((view) => view.seen.some((value) => this.writer(view.key, value) === other));
    if (this.level === "readAtomic") return this.#direct(t).includes(other);
    if (this.level === "transactionalCausal" || rank === undefined) return this.#known(t).has(other);
    const place = rank.get(other)!;
    const isBy = (through: number): boolean => place <= (rank.get(through) ?? -1);
    if (this.#direct(t).some(isBy)) return true;
    return this.level === "snapshotIsolation" && [...rank.keys()].some((one) => rank.get(one)! < rank.get(t)! && isBy(one) && this.isContended(t, one));
  }

  /** Whether a version of a key must be older than another's, by what somebody read who knew of it, or by whoever knew of it and wrote. */
  isOlder(key: string, a: number, b: number): boolean {
    if (a === INITIAL || a === b) return a !== b;
    if (!this.writers(key).includes(a)) return false;
    if (!this.isWeak && b !== INITIAL && this.#known(b).has(a)) return true;
    return this.views.some((views, t) => views.some((view, at) => view.key === key && view.source === b && t !== a && this.isVisible(a, t, at)));
  }

  /** Who came before it in its session, or wrote what it saw. */
  #direct(t: number): number[] {
    const session = this.#sessions.get(this.transactions[t]!.client)!.filter((other) => this.inSession(other, t));
    return [...session, ...this.views[t]!.flatMap(({ key, seen }) => seen.map((value) => this.writer(key, value)))].filter((other) => other >= 0 && other !== t && this.happened(other));
  }

  /** Of whom it may know through others, and at the strictest level by time. */
  #known(t: number): ReadonlySet<number> {
    const done = this.#past.get(t);
    if (done !== undefined) return done;
    const known = new Set<number>();
    const todo = [t];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const { invoked } = this.transactions[next]!;
      const byTime = this.level === "strictSerializable" ? [...this.transactions.keys()].filter((other) => this.transactions[other]!.returned < invoked && this.happened(other)) : [];
      for (const other of [...this.#direct(next), ...byTime]) {
        if (known.has(other)) continue;
        known.add(other);
        todo.push(other);
      }
    }
    this.#past.set(t, known);
    return known;
  }
}

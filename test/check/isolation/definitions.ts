/**
 * The levels by the words of their definitions (Biswas and Enea, OOPSLA 2019, figure 2): all orders of commits that
 * keep sessions and reads are tried, and every axiom for all of its transactions. For a handful of transactions, and written without a look at the checkers.
 */
import type { Transaction } from "../../../sim/check/transactions/transaction.ts";

export const levelNames = ["strictSerializable", "serializable", "snapshotIsolation", "prefixConsistent", "transactionalCausal", "readAtomic", "readCommitted"] as const;
export type LevelName = (typeof levelNames)[number];

/** A read of what others wrote: `value` without what the transaction had appended itself. */
interface Outside {
  readonly key: string;
  readonly value: unknown;
}

const isReg = (t: Transaction): boolean => t.steps.some(([f]) => f === "w");
const writesOf = (t: Transaction, key: string): unknown[] => t.steps.filter(([f, k]) => f !== "r" && k === key).map(([, , value]) => value);
const doesWrite = (t: Transaction, key: string): boolean => writesOf(t, key).length > 0;
const inSession = (a: Transaction, b: Transaction): boolean => a.client === b.client && a.returned < b.invoked;

/** Undefined where a read disagrees with what its own transaction wrote before. */
function outsideReads(t: Transaction, isList: boolean): Outside[] | undefined {
  const found: Outside[] = [];
  if (t.outcome !== "ok") return [];
  for (const [at, [f, key, value]] of t.steps.entries()) {
    if (f !== "r") continue;
    const own = t.steps.slice(0, at).filter(([g, k]) => g !== "r" && k === key).map(([, , v]) => v);
    if (!isList) {
      if (own.length === 0) found.push({ key, value });
      else if (own.at(-1) !== value) return undefined;
      continue;
    }
    const list = (value ?? []) as unknown[];
    if (list.length < own.length || JSON.stringify(list.slice(list.length - own.length)) !== JSON.stringify(own)) return undefined;
    found.push({ key, value: list.slice(0, list.length - own.length) });
  }
  return found;
}

export function heldByDefinition(transactions: readonly Transaction[]): ReadonlySet<LevelName> {
  const none: ReadonlySet<LevelName> = new Set();
  const isList = !transactions.some(isReg);
  const outside = new Map<Transaction, Outside[]>();
  for (const t of transactions) {
    const reads = outsideReads(t, isList);
    if (reads === undefined) return none;
    outside.set(t, reads);
  }
  const values = ({ value }: Outside): unknown[] => (isList ? (value as unknown[]) : value === null ? [] : [value]);
  const writer = (key: string, value: unknown): Transaction | undefined => transactions.find((t) => writesOf(t, key).includes(value));
  const happened = transactions.filter((t) => t.outcome === "ok" || transactions.some((other) => outside.get(other)!.some((read) => values(read).some((value) => writer(read.key, value) === t))));
  for (const t of transactions) {
    for (const read of outside.get(t)!) {
      const writers = values(read).map((value) => writer(read.key, value));
      if (writers.some((one) => one === undefined || one.outcome === "aborted" || one === t)) return none;
      const last = writers.at(-1);
      if (last !== undefined && writesOf(last, read.key).at(-1) !== values(read).at(-1)) return none;
    }
  }
  const n = happened.length;
  const numbers = happened.map((_, i) => i);
  const sights = happened.map((t) => outside.get(t)!.map((read) => values(read).map((value) => happened.indexOf(writer(read.key, value)!))));
  const seen = sights.map((all) => numbers.map((t) => all.flat().includes(t)));
  const session = happened.map((b) => happened.map((a) => inSession(a, b)));
  const direct = numbers.map((b) => numbers.map((a) => seen[b]![a]! || session[b]![a]!));
  const knows = closure(direct);
  const share = happened.map((b) => happened.map((a) => a.steps.some(([f, key]) => f !== "r" && doesWrite(b, key))));
  const reads = happened.map((t, number) => outside.get(t)!.map(({ key, value }, at) => ({
    key,
    value: JSON.stringify(value),
    source: sights[number]![at]!.at(-1) ?? -1,
    before: new Set(sights[number]!.slice(0, at).flat()),
    writers: numbers.filter((other) => other !== number && doesWrite(happened[other]!, key)),
  })));

  /** `rank`: by transaction, where it stands. */
  const fits = (order: readonly number[], rank: readonly number[], level: LevelName): boolean => {
    const upTo = (a: number, b: number): boolean => rank[a]! <= rank[b]!;
    const visible: { readonly [L in LevelName]: (t2: number, t3: number, earlier: ReadonlySet<number>) => boolean } = {
      readCommitted: (t2, _, earlier) => earlier.has(t2),
      readAtomic: (t2, t3) => direct[t3]![t2]!,
      transactionalCausal: (t2, t3) => knows[t3]![t2]!,
      prefixConsistent: (t2, t3) => numbers.some((t4) => upTo(t2, t4) && direct[t3]![t4]!),
      snapshotIsolation: (t2, t3) => numbers.some((t4) => upTo(t2, t4) && (direct[t3]![t4]! || (t4 !== t3 && upTo(t4, t3) && share[t3]![t4]!))),
      serializable: upTo,
      strictSerializable: upTo,
    };
    return numbers.every((t3) =>
      reads[t3]!.every(({ key, value, source, before, writers }) => {
        // A list is what was appended up to its version, in the order of commits.
        if (isList && JSON.stringify(source === -1 ? [] : order.slice(0, rank[source]! + 1).flatMap((t) => writesOf(happened[t]!, key))) !== value) return false;
        return writers.every((t2) => t2 === source || (source !== -1 && upTo(t2, source)) || !visible[level](t2, t3, before));
      }),
    );
  };
  const orders = permutations(numbers)
    .filter((order) => order.every((a, i) => order.slice(i + 1).every((b) => !direct[a]![b]!)))
    .map((order) => ({ order, rank: numbers.map((t) => order.indexOf(t)) }));
  const keepsTime = (order: readonly number[]): boolean => order.every((a, i) => order.slice(i + 1).every((b) => happened[b]!.returned > happened[a]!.invoked));
  return new Set(levelNames.filter((level) => n === 0 || orders.some(({ order, rank }) => (level !== "strictSerializable" || keepsTime(order)) && fits(order, rank, level))));
}

/** By second and first: whether the one comes before the other, through whatever lies between. */
function closure(direct: readonly (readonly boolean[])[]): readonly (readonly boolean[])[] {
  const after = direct.map((row) => [...row]);
  after.forEach((_, k) => after.forEach((_, i) => after.forEach((_, j) => (after[i]![j] ||= after[i]![k]! && after[k]![j]!))));
  return after;
}

function permutations<T>(items: readonly T[]): T[][] {
  return items.length === 0 ? [[]] : items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

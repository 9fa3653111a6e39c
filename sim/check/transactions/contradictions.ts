/** What is wrong with reads without any order, found again for the verifier: each by its name, in the steps of those that show it. */
import { type Facts, INITIAL, UNKNOWN } from "./facts.ts";

/** `transactions`: those that a verdict names, whoever shows it last. */
type Contradiction = (facts: Facts, key: string, transactions: readonly number[]) => boolean;

const viewsOf = (facts: Facts, t: number, key: string) => facts.views[t]!.filter((view) => view.key === key);
const startAlike = (a: readonly unknown[], b: readonly unknown[]): boolean => a.every((value, i) => i >= b.length || value === b[i]);
const isAborted = (facts: Facts, t: number): boolean => facts.transactions[t]?.outcome === "aborted";

/** By the last of those named. */
function byLast(shows: (facts: Facts, key: string, t: number) => boolean): Contradiction {
  return (facts, key, transactions) => transactions.length > 0 && shows(facts, key, transactions.at(-1)!);
}

export const contradictions: { readonly [name: string]: Contradiction } = {
  "garbage-read": byLast((facts, key, t) => viewsOf(facts, t, key).some(({ whole }) => whole.some((value) => facts.writer(key, value) === UNKNOWN && !facts.writers(key).some((other) => facts.values(other, key).includes(value))))),
  "duplicate-elements": byLast((facts, key, t) => viewsOf(facts, t, key).some(({ whole }) => new Set(whole).size < whole.length)),
  "future-read": byLast((facts, key, t) => facts.transactions[t]!.steps.some(([f, name, read], at, steps) => f === "r" && name === key && steps.slice(at).some(([g, other, value]) => g !== "r" && other === key && (read === value || (Array.isArray(read) && read.includes(value)))))),
  G1a: byLast((facts, key, t) => viewsOf(facts, t, key).some(({ seen }) => seen.some((value) => isAborted(facts, facts.writer(key, value))))),
  G1b: byLast((facts, key, t) => viewsOf(facts, t, key).some(({ seen, source }) => source >= 0 && source !== t && facts.values(source, key).at(-1) !== seen.at(-1))),
  internal: byLast((facts, key, t) => facts.contradictsItself(t) || (facts.level !== "readCommitted" && new Set(viewsOf(facts, t, key).map(({ seen }) => JSON.stringify(seen))).size > 1)),
  "dirty-update": (facts, key, [aborted, writer]) => {
    if (aborted === undefined || writer === undefined || !isAborted(facts, aborted)) return false;
    const [bad, good] = [facts.values(aborted, key), facts.values(writer, key)];
    if (!facts.isList) return viewsOf(facts, writer, key).some(({ source }) => source === aborted) && good.length > 0;
    return facts.views.flat().some(({ key: name, whole }) => name === key && bad.some((value) => whole.includes(value) && good.some((other) => whole.indexOf(other) > whole.indexOf(value))));
  },
  "incompatible-order": (facts, key, [one, other]) => {
    const last = other ?? one;
    if (one === undefined || last === undefined || !facts.isList) return false;
    const lists = [one, last].map((t) => viewsOf(facts, t, key).map(({ seen, whole }) => (facts.isWeak || facts.level === "prefixConsistent" ? seen : whole)));
    const own = facts.values(one, key);
    const isTurned = (list: readonly unknown[]): boolean => own.some((value, i) => list.includes(value) && own.slice(0, i).some((before) => list.indexOf(before) > list.indexOf(value)));
    return lists[0]!.some((a) => lists[1]!.some((b) => !startAlike(a, b))) || lists[1]!.some(isTurned);
  },
  "lost-update": (facts, key, [one, other]) => {
    if (one === undefined || other === undefined || one === other) return false;
    const sources = [one, other].map((t) => viewsOf(facts, t, key).map(({ seen }) => JSON.stringify(seen)));
    return !facts.isWeak && facts.level !== "prefixConsistent" && [one, other].every((t) => facts.values(t, key).length > 0) && sources[0]!.some((seen) => sources[1]!.includes(seen));
  },
  "cyclic-versions": (facts, key, transactions) => {
    const versions = [INITIAL, ...facts.writers(key)];
    const goesRound = (start: number): boolean => {
      const seen = new Set<number>();
      for (let todo = [start], at = todo.pop(); at !== undefined; at = todo.pop()) {
        for (const next of versions) {
          if (seen.has(next) || !facts.isOlder(key, at, next)) continue;
          if (next === start) return true;
          seen.add(next);
          todo.push(next);
        }
      }
      return false;
    };
    return transactions.length > 0 && goesRound(transactions.at(-1)!);
  },
};

/** A fail told by its smallest part: the same verdict, about operations of which none can be left out. */
import { beginning } from "./culprit.ts";
import type { Operation } from "./history.ts";
import { type Attempt, minimise } from "./minimise.ts";
import type { Model } from "./models/model.ts";
import type { Verdict } from "./verdict.ts";

type Judge = (operations: readonly Operation[], budget: number) => Verdict;

/** An attempt may take some times what the whole took, and at least so many configurations. */
const TIMES = 4;
const LEAST = 20_000;

/** Levels under which a beginning of a history that keeps them keeps them, so that what came later can be cut off. */
const PREFIX_CLOSED = /^(linearizable|kAtomic\()/;

/** The verdict, if it is a fail, with the operations of a 1-minimal part of the history, and a sentence about them. */
export function minimal(verdict: Verdict, operations: readonly Operation[], model: Model, judge: Judge): Verdict {
  if (verdict.verdict !== "fail" || verdict.failure === undefined) return verdict;
  const budget = TIMES * verdict.explored + LEAST;
  const attempt = (some: readonly Operation[]): Attempt => {
    const { verdict: kind, explored } = judge(some, budget);
    return { fails: kind === "fail", explored };
  };
  const start = startOf(verdict, operations, model, attempt);
  // A checker may know a reason that it does not find again in a part: then the whole is all there is.
  if (!attempt(start).fails) return verdict;
  const { operations: few, isMinimal } = minimise(start, model, attempt);
  const again = judge(few, budget);
  if (again.verdict !== "fail" || again.failure === undefined) return verdict;
  const culprit = PREFIX_CLOSED.test(verdict.consistency) ? lastReturned(few) : again.failure.operations.at(-1);
  const others = few.map(({ index }) => index).filter((index) => index !== culprit);
  const positions = culprit === undefined ? others : [...others, culprit];
  return { ...verdict, detail: again.detail, failure: { ...again.failure, operations: positions, isMinimal } };
}

/** Whose end ends the part: without it there would be an order. */
function lastReturned(operations: readonly Operation[]): number | undefined {
  const returned = operations.filter(({ outcome }) => outcome !== "info");
  return returned.reduce<Operation | undefined>((last, operation) => (last === undefined || operation.returned > last.returned ? operation : last), undefined)?.index;
}

/**
 * Where beginnings tell, the shortest that fails. The checker's culprit may come earlier than its end: it may have looked at
 * what operations were still to return.
 */
function startOf({ consistency, failure }: Verdict, operations: readonly Operation[], model: Model, attempt: (some: readonly Operation[]) => Attempt): readonly Operation[] {
  const culprit = operations.find(({ index }) => index === failure?.operations.at(-1));
  if (culprit === undefined || !PREFIX_CLOSED.test(consistency)) return operations;
  const name = model.part(culprit);
  const part = operations.filter((operation) => model.part(operation) === name);
  const ends = part.filter(({ outcome, returned }) => outcome !== "info" && returned >= culprit.returned).sort((a, b) => a.returned - b.returned);
  if (ends.length === 0) return part;
  let [low, high] = attempt(beginning(part, culprit)).fails ? [0, 0] : [1, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (attempt(beginning(part, ends[middle]!)).fails) high = middle;
    else low = middle + 1;
  }
  return beginning(part, ends[Math.min(low, ends.length - 1)]!);
}

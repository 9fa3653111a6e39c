/**
 * Priority queues whose values are inserted once, in time n log n (after Lee and Mathur, “Efficient decrease-and-conquer
 * linearizability monitoring”, OOPSLA 2025, arXiv 2410.04581): one value after another, the least first.
 *
 * A value hinders only greater ones: what saw it as the least, or took it out, did so at an instant at which no lesser one was there.
 * When those were certainly there is known by then. So the first and the last such instant of each of its operations are known, and when
 * it is certainly there itself: from the first of the last instants to the last of the first. If that is no time, it comes and goes in an
 * instant, and hinders nobody. Instants are counted in halves, so that there is one between any two ends of operations.
 */
import type { Operation } from "../history.ts";
import { Gaps } from "./gaps.ts";
import { type Contents, contentsOf, type Held } from "./held.ts";
import { Ranks } from "./ranks.ts";
import { FAIL, type FastWay, UNDECIDED } from "./way.ts";

export const priorityQueueWay: FastWay = {
  name: "decrease and conquer (Lee–Mathur)",
  judge(part) {
    const contents = contentsOf(part, { add: "insert", remove: "deleteMin", look: "peek" });
    if (contents === "ambiguous") return UNDECIDED;
    if (contents === "impossible") return FAIL;
    const steps = stepsOf(contents);
    if (steps !== undefined) return { verdict: "pass", order: () => inOrder(steps) };
    return contents.isOpen ? UNDECIDED : FAIL;
  },
};

interface Step {
  readonly operation: Operation;
  readonly at: number;
  /** At one instant, first come those that look and go, the least value first; then those that come and stay, the greatest first. */
  readonly stays: boolean;
  /** The value's place among all, the least first. */
  readonly place: number;
}

/** Undefined where there is no instant for one of the operations. */
function stepsOf({ held, empties }: Contents): readonly Step[] | undefined {
  const ranks = new Ranks([...held.flatMap(({ add, remove, looks }) => [add, ...looks, ...(remove === undefined ? [] : [remove])]), ...empties]);
  const gaps = new Gaps(2 * ranks.end + 3);
  const steps: Step[] = [];
  const rising = [...held].sort((a, b) => (a.value as number) - (b.value as number));
  for (const [place, value] of rising.entries()) {
    const own = placed(value, place, ranks, gaps);
    if (own === undefined) return undefined;
    steps.push(...own);
  }
  for (const operation of empties) {
    const at = gaps.from(2 * ranks.of(operation.invoked));
    if (at > 2 * ranks.of(operation.returned)) return undefined;
    steps.push({ operation, at, stays: false, place: rising.length });
  }
  return steps;
}

interface Window {
  readonly operation: Operation;
  readonly first: number;
  readonly last: number;
}

/** The steps of a value, whose time is no gap any more; undefined where there is no instant for one of them. */
function placed(held: Held, place: number, ranks: Ranks, gaps: Gaps): Step[] | undefined {
  const windows = windowsOf(held, ranks, gaps);
  if (windows.some(({ first, last }) => first > last)) return undefined;
  const added = 2 * ranks.of(held.add.returned);
  const from = windows.reduce((least, { last }) => Math.min(least, last), added);
  const to = held.remove === undefined ? 2 * ranks.end + 2 : windows.at(-1)!.first;
  if (to <= from) return [held.add, ...windows.map(({ operation }) => operation)].map((operation) => ({ operation, at: to, stays: false, place }));

  gaps.close(from + 1, to);
  const steps: Step[] = [{ operation: held.add, at: from, stays: true, place }];
  for (const { operation, first, last } of windows) {
    const at = operation === held.remove ? to : first >= from ? first : Math.min(last, to);
    steps.push({ operation, at, stays: at === from, place });
  }
  return steps;
}

/** Of the looks and then of the removal: the first and the last instant at which nothing less is certainly there. */
function windowsOf({ add, remove, looks }: Held, ranks: Ranks, gaps: Gaps): Window[] {
  const added = 2 * ranks.of(add.invoked);
  const removed = remove === undefined ? Infinity : 2 * ranks.of(remove.returned);
  let latest = added;
  const windows = [...looks].sort((a, b) => a.invoked - b.invoked).map((operation): Window => {
    const invoked = Math.max(added, 2 * ranks.of(operation.invoked));
    latest = Math.max(latest, invoked);
    return { operation, first: gaps.from(invoked), last: gaps.until(Math.min(removed, 2 * ranks.of(operation.returned))) };
  });
  if (remove !== undefined) windows.push({ operation: remove, first: gaps.from(Math.max(latest, 2 * ranks.of(remove.invoked))), last: gaps.until(removed) });
  return windows;
}

function inOrder(steps: readonly Step[]): readonly Operation[] {
  const rank = ({ stays, place }: Step): number => (stays ? -place - 1 : place) + (stays ? 2 * steps.length + 2 : 0);
  const numbered = steps.map((step, number) => ({ step, number, rank: rank(step) }));
  return numbered.sort((a, b) => a.step.at - b.step.at || a.rank - b.rank || a.number - b.number).map(({ step }) => step.operation);
}

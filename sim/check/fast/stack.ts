/**
 * Stacks whose values are pushed once, in time n log² n (after Lee and Mathur, “Efficient decrease-and-conquer
 * linearizability monitoring”, OOPSLA 2025, arXiv 2410.04581).
 *
 * A value is certainly there from the first return of its operations to the last invocation. Where the latter comes first, all of
 * them fit in one instant, and so does the value, whatever else is on the stack. The certain times of the others join to
 * stretches without a gap. Throughout a stretch the stack is not empty, so that one value lies at the bottom: it is pushed before
 * anything of the stretch happens, and popped after all of it; and what saw it on top did so where nothing else is certainly there.
 * Any value that can be the bottom may be: whatever is legal for the others is legal on top of it. Without it
 * they fall into shorter stretches. What found the stack empty happened in a gap between stretches.
 */
import type { Operation } from "../history.ts";
import { type Contents, contentsOf, gapFor, type Held, joined, spanOf } from "./held.ts";
import { Ranks } from "./ranks.ts";
import { Pile, type Standing } from "./pile.ts";
import { FAIL, type FastWay, UNDECIDED } from "./way.ts";

export const stackWay: FastWay = {
  name: "decrease and conquer (Lee–Mathur)",
  judge(part) {
    const contents = contentsOf(part, { add: "push", remove: "pop", look: "peek" });
    if (contents === "ambiguous") return UNDECIDED;
    if (contents === "impossible") return FAIL;
    const solution = solve(contents);
    if (solution !== undefined) return { verdict: "pass", order: () => inOrder(solution) };
    return contents.isOpen ? UNDECIDED : FAIL;
  },
};

interface Solution {
  readonly ranks: Ranks;
  readonly standing: readonly Standing[];
  readonly pile: Pile;
  /** Values that come and go in an instant. */
  readonly instants: readonly { readonly held: Held; readonly at: number }[];
  readonly empties: readonly { readonly operation: Operation; readonly at: number }[];
}

function solve({ held, empties }: Contents): Solution | undefined {
  const ranks = new Ranks([...held.flatMap(operationsOf), ...empties]);
  const spans = held.map((value) => spanAmong(value, ranks));
  const standing = spans.filter(({ first, last }) => first < last).sort((a, b) => a.first - b.first);
  const stretches = joined(standing.map(({ first, last }) => [first, last] as const));
  const found: { operation: Operation; at: number }[] = [];
  for (const operation of empties) {
    const at = gapFor({ invoked: ranks.of(operation.invoked), returned: ranks.of(operation.returned) }, stretches);
    if (at === undefined) return undefined;
    found.push({ operation, at });
  }
  const pile = new Pile(standing, ranks);
  if (!pile.build()) return undefined;
  const instants = spans.filter(({ first, last }) => first >= last).map(({ held: value, last }) => ({ held: value, at: last }));
  return { ranks, standing, pile, instants, empties: found };
}

function operationsOf({ add, remove, looks }: Held): Operation[] {
  return [add, ...looks, ...(remove === undefined ? [] : [remove])];
}

/** What stays to the end is popped at the end of time. */
function spanAmong(held: Held, ranks: Ranks): Standing {
  const { firstReturn, lastInvoked } = spanOf(held);
  const last = lastInvoked === Infinity ? ranks.end : ranks.of(lastInvoked);
  return { held, first: ranks.of(firstReturn), last, pushInvoked: ranks.of(held.add.invoked), popReturned: ranks.of(held.remove?.returned ?? Infinity) };
}

/** The kinds of a step, in their order at one instant and depth. */
const PUSH = 0;
const LOOK = 1;
const POP = 2;

interface Step {
  readonly operation: Operation;
  readonly at: number;
  readonly depth: number;
  readonly kind: number;
}

/** At one instant either some are pushed, the lower first, or some are popped, the upper first: ends of operations are distinct. */
function inOrder({ ranks, standing, pile, instants, empties }: Solution): readonly Operation[] {
  const steps: Step[] = empties.map(({ operation, at }) => ({ operation, at, depth: -1, kind: LOOK }));
  standing.forEach(({ held }, number) => {
    const { from, to, depth, looks } = pile.places[number]!;
    steps.push({ operation: held.add, at: from, depth, kind: PUSH });
    for (const { operation, at } of looks) steps.push({ operation, at, depth, kind: LOOK });
    if (held.remove !== undefined) steps.push({ operation: held.remove, at: to, depth, kind: POP });
  });
  steps.sort((a, b) => a.at - b.at || (ranks.isReturn(a.at) ? a.depth - b.depth : b.depth - a.depth) || a.kind - b.kind);

  const passing = [...instants].sort((a, b) => a.at - b.at);
  const order: Operation[] = [];
  let next = 0;
  const pass = (until: number): void => {
    for (; next < passing.length && passing[next]!.at <= until; next++) order.push(...operationsOf(passing[next]!.held));
  };
  for (const step of steps) {
    pass(step.at);
    order.push(step.operation);
  }
  pass(Infinity);
  return order;
}

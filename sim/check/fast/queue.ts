/**
 * Queues whose values are enqueued once, in time n log n (after Lee and Mathur, “Efficient decrease-and-conquer
 * linearizability monitoring”, OOPSLA 2025, arXiv 2410.04581): one value after another is found that may have been first
 * of those left.
 *
 * Values are enqueued in the order in which they become the head. So one must come before another if its enqueue returned before
 * the other's was invoked, or if one of the operations that saw it as the head returned before one that saw the other was
 * invoked (or could be, after the enqueue). If these relations have no circle, any order that keeps them is legal. What found
 * the queue empty happened at an instant at which no value was certainly there, as a value that came and went.
 */
import type { Operation } from "../history.ts";
import { type Contents, contentsOf, gapFor, type Held, joined, spanOf } from "./held.ts";
import { FAIL, type FastWay, UNDECIDED } from "./way.ts";

export const queueWay: FastWay = {
  name: "decrease and conquer (Lee–Mathur)",
  judge(part) {
    const contents = contentsOf(part, { add: "enqueue", remove: "dequeue", look: "peek" });
    if (contents === "ambiguous") return UNDECIDED;
    if (contents === "impossible") return FAIL;
    const order = orderOf(contents);
    if (order !== undefined) return { verdict: "pass", order: () => merged(order) };
    return contents.isOpen ? UNDECIDED : FAIL;
  },
};

/** A value on its way through the queue, or what found the queue empty, which is there at one instant. */
interface Passage {
  readonly enqueue: Operation | undefined;
  /** What saw it as the head, in order; or what found the queue empty. */
  readonly atHead: readonly Operation[];
  readonly invoked: number;
  readonly returned: number;
  readonly firstReturn: number;
  readonly lastInvoked: number;
}

function passageOf(held: Held): Passage {
  const { add, remove, looks } = held;
  const atHead = [...looks].sort((a, b) => a.invoked - b.invoked);
  if (remove !== undefined) atHead.push(remove);
  const firstReturn = atHead.reduce((first, { returned }) => Math.min(first, returned), Infinity);
  return { enqueue: add, atHead, invoked: add.invoked, returned: add.returned, firstReturn, lastInvoked: spanOf(held).lastInvoked };
}

function orderOf({ held, empties }: Contents): readonly Passage[] | undefined {
  const spans = held.map(spanOf).filter(({ firstReturn, lastInvoked }) => firstReturn < lastInvoked);
  const there = joined(spans.map(({ firstReturn, lastInvoked }) => [firstReturn, lastInvoked] as const));
  const passages = held.map(passageOf);
  for (const empty of empties) {
    const at = gapFor(empty, there);
    if (at === undefined) return undefined;
    passages.push({ enqueue: undefined, atHead: [empty], invoked: at, returned: at, firstReturn: at, lastInvoked: at });
  }
  return sorted(passages);
}

/** In an order that keeps both relations; undefined where they have a circle. */
function sorted(passages: readonly Passage[]): readonly Passage[] | undefined {
  const all = passages.length;
  const byInvocation = new Remaining(passages.map(({ invoked }) => invoked));
  const byLastInvoked = new Remaining(passages.map(({ lastInvoked }) => lastInvoked));
  const byReturn = new Remaining(passages.map(({ returned }) => returned));
  const byFirstReturn = new Remaining(passages.map(({ firstReturn }) => firstReturn));
  /** Past the end of a list stands `all`, with nothing to wait for. */
  const returned = (number: number): number => passages[number]?.returned ?? Infinity;
  const firstReturn = (number: number): number => passages[number]?.firstReturn ?? Infinity;
  const mayEnqueue = new Uint8Array(all);
  const mayLead = new Uint8Array(all);
  const ready: number[] = [];
  const order: Passage[] = [];
  while (order.length < all) {
    const first = byFirstReturn.first;
    for (let next = byInvocation.first; next !== all && passages[next]!.invoked <= returned(byReturn.first); next = byInvocation.first) {
      byInvocation.remove(next);
      mayEnqueue[next] = 1;
      if (mayLead[next] === 1) ready.push(next);
    }
    for (let next = byLastInvoked.first; next !== all && passages[next]!.lastInvoked <= firstReturn(first); next = byLastInvoked.first) {
      byLastInvoked.remove(next);
      mayLead[next] = 1;
      if (mayEnqueue[next] === 1) ready.push(next);
    }
    // What stands in the way of all others may itself be the first.
    const isFirst = mayEnqueue[first] === 1 && mayLead[first] === 0 && passages[first]!.lastInvoked <= firstReturn(byFirstReturn.second);
    const chosen = isFirst ? first : ready.pop();
    if (chosen === undefined) return undefined;
    if (isFirst) byLastInvoked.remove(first);
    byReturn.remove(chosen);
    byFirstReturn.remove(chosen);
    order.push(passages[chosen]!);
  }
  return order;
}

/** Numbers from 0 that are left, in the order of their keys. Past the end stands their count. */
class Remaining {
  readonly #next: Int32Array;
  readonly #previous: Int32Array;

  constructor(keys: readonly number[]) {
    const count = keys.length;
    const order = keys.map((_, number) => number).sort((a, b) => (keys[a] === keys[b] ? 0 : keys[a]! - keys[b]!));
    this.#next = new Int32Array(count + 1);
    this.#previous = new Int32Array(count + 1);
    let last = count;
    for (const number of [...order, count]) {
      this.#next[last] = number;
      this.#previous[number] = last;
      last = number;
    }
  }

  get first(): number {
    return this.#next[this.#next.length - 1]!;
  }

  get second(): number {
    return this.#next[this.first]!;
  }

  remove(number: number): void {
    this.#next[this.#previous[number]!] = this.#next[number]!;
    this.#previous[this.#next[number]!] = this.#previous[number]!;
  }
}

interface Step {
  readonly operation: Operation;
  readonly at: number;
  /** The place of its passage. */
  readonly place: number;
}

/** The operations of passages in their order, each as early as what must come before it allows. */
function merged(order: readonly Passage[]): readonly Operation[] {
  const enqueues: Step[] = [];
  const heads: Step[] = [];
  let enqueued = -Infinity;
  let led = -Infinity;
  order.forEach(({ enqueue, atHead, invoked }, place) => {
    if (enqueue !== undefined) enqueues.push({ operation: enqueue, at: (enqueued = Math.max(enqueued, enqueue.invoked)), place });
    led = Math.max(led, enqueued, enqueue === undefined ? invoked : -Infinity);
    for (const operation of atHead) heads.push({ operation, at: (led = Math.max(led, operation.invoked)), place });
    // What follows an empty queue is enqueued after it.
    if (enqueue === undefined) enqueued = led;
  });
  const steps: Operation[] = [];
  let next = 0;
  for (const head of heads) {
    for (let enqueue = enqueues[next]; enqueue !== undefined && (enqueue.place <= head.place || enqueue.at < head.at); enqueue = enqueues[++next]) steps.push(enqueue.operation);
    steps.push(head.operation);
  }
  return [...steps, ...enqueues.slice(next).map(({ operation }) => operation)];
}

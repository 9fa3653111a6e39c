/** Which value lies on which, of those that are certainly on a stack for some time. See stack.ts for why it may be so. */
import type { Operation } from "../history.ts";
import { Cover } from "./cover.ts";
import type { Held } from "./held.ts";
import type { Ranks } from "./ranks.ts";

/** Times are ranks. */
export interface Standing {
  readonly held: Held;
  /** It is certainly there between these two. */
  readonly first: number;
  readonly last: number;
  readonly pushInvoked: number;
  readonly popReturned: number;
}

/** Where a value was put: it is pushed at `from` and popped at `to`, and what saw it on top did so at these instants. */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  readonly looks: readonly { readonly operation: Operation; readonly at: number }[];
}

/** A stretch without a gap: values by number from `low` up to, not including, `high`, but for those that were placed. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  readonly low: number;
  readonly high: number;
  readonly queues: Queues;
}

/** The values of a stretch by what keeps them from its bottom: another was over before they were pushed, or begun after they were popped. */
interface Queues {
  readonly byPush: readonly number[];
  readonly byPop: readonly number[];
  nextPush: number;
  nextPop: number;
  readonly ready: number[];
}

export class Pile {
  /** By number. */
  readonly places: (Place | undefined)[];
  readonly #values: readonly Standing[];
  readonly #ranks: Ranks;
  readonly #cover: Cover;
  /** By number: in whose queues it is, and how many of the two have let it go. */
  readonly #queuesOf: (Queues | undefined)[] = [];
  readonly #free: Uint8Array;

  /** `values`: in the order of their firsts. */
  constructor(values: readonly Standing[], ranks: Ranks) {
    this.#values = values;
    this.#ranks = ranks;
    this.places = values.map(() => undefined);
    this.#free = new Uint8Array(values.length);
    this.#cover = new Cover(ranks.end + 1);
    for (const { first, last } of values) this.#cover.add(first, last, 1);
  }

  /** Finds a place for each; false where there is none for one. */
  build(): boolean {
    const { end } = this.#ranks;
    const all = { from: 0, to: end, depth: 0, low: 0, high: this.#values.length, queues: this.#queues(0, this.#values.length) };
    const todo = this.#split(all, this.#cover.takeGaps(0, end));
    for (let stretch = todo.pop(); stretch !== undefined; stretch = todo.pop()) {
      if (!this.#putBottom(stretch)) return false;
      const { from, to } = stretch;
      todo.push(...this.#split({ ...stretch, depth: stretch.depth + 1 }, this.#cover.takeGaps(from, to)));
    }
    return true;
  }

  /** Puts a value at the bottom; false where none can be there. */
  #putBottom(stretch: Stretch): boolean {
    const { from, to, depth, queues } = stretch;
    this.#release(stretch);
    const waiting: number[] = [];
    let looks: Place["looks"] | undefined;
    for (let bottom = queues.ready.pop(); bottom !== undefined && looks === undefined; bottom = looks === undefined ? queues.ready.pop() : undefined) {
      if (this.#queuesOf[bottom] !== queues) continue;
      const { first, last } = this.#values[bottom]!;
      this.#cover.add(first, last, -1);
      looks = this.#looksAt(this.#values[bottom]!, stretch);
      if (looks === undefined) {
        this.#cover.add(first, last, 1);
        waiting.push(bottom);
      } else {
        this.places[bottom] = { from, to, depth, looks };
        this.#queuesOf[bottom] = undefined;
      }
    }
    // What can be the bottom of none so far may be that of what remains.
    queues.ready.push(...waiting);
    return looks !== undefined;
  }

  /** Those that nothing keeps from the bottom any more become ready. */
  #release({ from, to, queues }: Stretch): void {
    const { byPush, byPop } = queues;
    while (queues.nextPush < byPush.length && this.#values[byPush[queues.nextPush]!]!.pushInvoked < from) this.#letGo(byPush[queues.nextPush++]!, queues);
    while (queues.nextPop < byPop.length && this.#values[byPop[queues.nextPop]!]!.popReturned > to) this.#letGo(byPop[queues.nextPop++]!, queues);
  }

  #letGo(number: number, queues: Queues): void {
    if (this.#queuesOf[number] === queues && ++this.#free[number]! === 2) queues.ready.push(number);
  }

  /** When each look at a bottom was; undefined where something else is certainly there throughout one of them. */
  #looksAt({ held }: Standing, { from, to }: Stretch): Place["looks"] | undefined {
    const looks: { operation: Operation; at: number }[] = [];
    for (const operation of held.looks) {
      const invoked = this.#ranks.of(operation.invoked);
      const returned = this.#ranks.of(operation.returned);
      const gap = invoked < from ? from : this.#cover.firstGap(invoked, Math.min(returned, to));
      const at = gap !== -1 ? Math.max(gap, invoked) : returned > to ? to : undefined;
      if (at === undefined) return undefined;
      looks.push({ operation, at });
    }
    return looks;
  }

  /** What gaps leave of a stretch. The largest keeps its queues, so that making those of the others costs little in all. */
  #split({ from, to, depth, low, high, queues }: Stretch, gaps: readonly number[]): Stretch[] {
    const runs: Omit<Stretch, "queues" | "depth">[] = [];
    let begin = from;
    let number = low;
    for (const gap of [...gaps, to]) {
      const next = this.#firstFrom(gap, number, high);
      if (begin < gap) runs.push({ from: begin, to: gap, low: number, high: next });
      begin = gap + 1;
      number = next;
    }
    const largest = runs.reduce((most, run) => Math.max(most, run.high - run.low), 0);
    const keeper = runs.findIndex((run) => run.high - run.low === largest);
    return runs.map((run, place) => ({ ...run, depth, queues: place === keeper ? queues : this.#queues(run.low, run.high) }));
  }

  /** The first number from `low` on of a value that is there from an instant on or later; `high` where there is none. */
  #firstFrom(instant: number, low: number, high: number): number {
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#values[middle]!.first < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Of the values of a range that have no place yet. */
  #queues(low: number, high: number): Queues {
    const values = this.#values;
    const numbers = Array.from({ length: high - low }, (_, place) => low + place).filter((number) => this.places[number] === undefined);
    const byPush = [...numbers].sort((a, b) => values[a]!.pushInvoked - values[b]!.pushInvoked);
    const byPop = [...numbers].sort((a, b) => values[b]!.popReturned - values[a]!.popReturned);
    const queues: Queues = { byPush, byPop, nextPush: 0, nextPop: 0, ready: [] };
    for (const number of numbers) {
      this.#queuesOf[number] = queues;
      this.#free[number] = 0;
    }
    return queues;
  }
}

/**
 * Is there an order of all members that keeps a partial one and is legal? A search over how far each chain has come, with
 * the memory of what was visited: for k chains of n operations it visits at most n^k places (Gibbons and Korach, 1997).
 */
import type { SessionOrder } from "./sessions.ts";
import type { EdgesTo } from "./past.ts";
import { INITIAL, NOTHING, type Sources } from "./sources.ts";

export const IMPOSSIBLE = -9;

/** What the operations do to the parts of a state, which are numbers. */
export interface Rules {
  readonly parts: number;
  initial(part: number): number;
  partOf(number: number): number;
  /** {@link IMPOSSIBLE} where it cannot come now. */
  step(state: number, number: number): number;
  /** Leaves every state as it is, so that it comes as soon as it can. */
  isPure(number: number): boolean;
  /** False for what never returned, and need not have happened. */
  isRequired(number: number): boolean;
  /** Told of each step, with `by` 1, and of its undoing, with -1. */
  count?(number: number, by: 1 | -1): void;
}

export interface Found {
  readonly outcome: "pass" | "fail" | "unknown";
  readonly explored: number;
  /** Of a pass. */
  readonly trail: readonly number[];
}

interface Frame {
  readonly moves: readonly number[];
  next: number;
  /** How long the trail was. */
  readonly length: number;
}

export class Extension {
  explored = 0;
  readonly #order: SessionOrder;
  readonly #rules: Rules;
  readonly #following: readonly (readonly number[])[];
  /** By number: how many of those before it are not done. */
  readonly #left: Int32Array;
  readonly #ready = new Set<number>();
  readonly #counts: Int32Array;
  readonly #optional: Set<number> = new Set();
  readonly #state: Int32Array;
  readonly #trail: number[] = [];
  /** By place in the trail: the part's state before. */
  readonly #before: number[] = [];
  readonly #visited = new Set<string>();
  #required = 0;

  constructor(order: SessionOrder, edges: EdgesTo | undefined, members: readonly number[], rules: Rules) {
    this.#order = order;
    this.#rules = rules;
    const isMember = new Uint8Array(order.size);
    for (const number of members) isMember[number] = 1;
    const following: number[][] = Array.from({ length: order.size }, () => []);
    this.#left = new Int32Array(order.size);
    for (const number of members) {
      const earlier = membersBefore(order, number, isMember);
      for (const other of [...earlier, ...(edges?.to(number) ?? []).filter((other) => isMember[other] === 1)]) {
        following[other]!.push(number);
        this.#left[number]! += 1;
      }
      if (this.#left[number] === 0) this.#ready.add(number);
      if (rules.isRequired(number)) this.#required += 1;
    }
    this.#following = following;
    this.#counts = new Int32Array(order.chains);
    this.#state = Int32Array.from({ length: rules.parts }, (_, part) => rules.initial(part));
  }

  run(budget: number): Found {
    const frames: Frame[] = [];
    const enter = (): "complete" | "dropped" | "frame" => {
      this.#doPure();
      if (this.#required === 0) return "complete";
      const key = this.#key();
      if (this.#visited.has(key)) return "dropped";
      this.#visited.add(key);
      this.explored += 1;
      frames.push({ moves: this.#moves(), next: 0, length: this.#trail.length });
      return "frame";
    };
    if (enter() === "complete") return this.#found("pass");
    while (frames.length > 0) {
      if (this.explored >= budget) return this.#found("unknown");
      const frame = frames.at(-1)!;
      this.#undoTo(frame.length);
      const move = frame.moves[frame.next++];
      if (move === undefined) {
        frames.pop();
        continue;
      }
      this.#do(move);
      if (enter() === "complete") return this.#found("pass");
    }
    return this.#found("fail");
  }

  #found(outcome: Found["outcome"]): Found {
    return { outcome, explored: this.explored, trail: outcome === "pass" ? [...this.#trail] : [] };
  }

  #key(): string {
    const optional = this.#optional.size === 0 ? "" : [...this.#optional].sort((a, b) => a - b).join(",");
    return `${this.#counts.join(",")};${this.#state.join(",")};${optional}`;
  }

  /** In the order of invocations, in which it probably went. */
  #moves(): number[] {
    return [...this.#ready].filter((number) => this.#next(number) !== IMPOSSIBLE && this.#mayHappen(number)).sort((a, b) => a - b);
  }

  #next(number: number): number {
    return this.#rules.step(this.#state[this.#rules.partOf(number)]!, number);
  }

  /** What need not happen, and would change nothing, does not. */
  #mayHappen(number: number): boolean {
    return this.#rules.isRequired(number) || this.#next(number) !== this.#state[this.#rules.partOf(number)]!;
  }

  #doPure(): void {
    for (let isNew = true; isNew; ) {
      isNew = false;
      for (const number of this.#ready) {
        if (!this.#rules.isPure(number) || this.#next(number) === IMPOSSIBLE) continue;
        this.#do(number);
        isNew = true;
      }
    }
  }

  #do(number: number): void {
    const part = this.#rules.partOf(number);
    this.#before.push(this.#state[part]!);
    this.#state[part] = this.#next(number);
    this.#trail.push(number);
    this.#ready.delete(number);
    for (const other of this.#following[number]!) if (--this.#left[other]! === 0) this.#ready.add(other);
    this.#count(number, 1);
  }

  #undoTo(length: number): void {
    while (this.#trail.length > length) {
      const number = this.#trail.pop()!;
      this.#count(number, -1);
      for (const other of this.#following[number]!) if (this.#left[other]!++ === 0) this.#ready.delete(other);
      this.#ready.add(number);
      this.#state[this.#rules.partOf(number)] = this.#before.pop()!;
    }
  }

  #count(number: number, by: 1 | -1): void {
    this.#rules.count?.(number, by);
    if (this.#rules.isRequired(number)) {
      this.#required -= by;
      this.#counts[this.#order.chainOf[number]!]! += by;
    } else if (by === 1) this.#optional.add(number);
    else this.#optional.delete(number);
  }
}

/** What comes right before it among the members: through those that are none. */
function membersBefore(order: SessionOrder, number: number, isMember: Uint8Array): number[] {
  const found = new Set<number>();
  const todo = [...order.before[number]!];
  for (let other = todo.pop(); other !== undefined; other = todo.pop()) {
    if (isMember[other] === 1) found.add(other);
    else todo.push(...order.before[other]!);
  }
  return [...found];
}

/** Registers with unique values: a state is the number of the write whose value is there. */
export function registerRules({ order, partOf, source, writes }: Sources, explained: ReadonlySet<number>): Rules {
  /** By write, and by part for the first value: how many are still to read it. A value that is gone does not come again. */
  const readers = new Int32Array(order.size);
  const parts = Math.max(0, ...partOf) + 1;
  const initialReaders = new Int32Array(parts);
  const reads = (number: number): boolean => source[number] !== NOTHING && explained.has(number);
  for (const number of explained) {
    if (source[number] === INITIAL) initialReaders[partOf[number]!]! += 1;
    else if (source[number] !== NOTHING) readers[source[number]!]! += 1;
  }
  const waiting = (state: number, number: number): number => (state === INITIAL ? initialReaders[partOf[number]!]! : readers[state]!) - (reads(number) ? 1 : 0);
  return {
    parts,
    initial: () => INITIAL,
    partOf: (number) => partOf[number]!,
    step(state, number) {
      if (reads(number) && source[number] !== state) return IMPOSSIBLE;
      if (writes[number] === 0) return state;
      return waiting(state, number) > 0 ? IMPOSSIBLE : number;
    },
    isPure: (number) => writes[number] === 0,
    isRequired: () => true,
    count(number, by) {
      if (!reads(number)) return;
      if (source[number] === INITIAL) initialReaders[partOf[number]!]! -= by;
      else readers[source[number]!]! -= by;
    },
  };
}

/** Whether the members have an order in which those that are to be explained read what they did. */
export function searchView(sources: Sources, edges: EdgesTo, members: readonly number[], explained: ReadonlySet<number>, budget: number): Found {
  return new Extension(sources.order, edges, members, registerRules(sources, explained)).run(budget);
}

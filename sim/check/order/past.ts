import type { SessionOrder } from "./sessions.ts";

/**
 * What lies in the past of each operation, under the order of sessions and edges added to it. Because chains are ordered,
 * the past is how many of each chain are in it (the vector clocks of Fidge and Mattern).
 */
export class Past {
  readonly #order: SessionOrder;
  readonly #counts: Int32Array;

  private constructor(order: SessionOrder, counts: Int32Array) {
    this.#order = order;
    this.#counts = counts;
  }

  /** Undefined where the edges run in a circle. */
  static of(order: SessionOrder, edges: EdgesTo): Past | undefined {
    const { size, chains, chainOf, placeOf, before } = order;
    const sorted = inLine(order, edges);
    if (sorted === undefined) return undefined;
    const counts = new Int32Array(size * chains);
    const join = (number: number, other: number): void => {
      if (counts[number * chains + chainOf[other]!]! > placeOf[other]!) return; // What is known of comes with its past.
      for (let chain = 0; chain < chains; chain++) {
        const count = counts[other * chains + chain]!;
        if (count > counts[number * chains + chain]!) counts[number * chains + chain] = count;
      }
    };
    for (const number of sorted) {
      for (const other of before[number]!) join(number, other);
      for (const other of edges.to(number)) join(number, other);
      counts[number * chains + chainOf[number]!] = placeOf[number]! + 1;
    }
    return new Past(order, counts);
  }

  /** Whether one comes before the other; nothing comes before itself. */
  isBefore(first: number, second: number): boolean {
    const { chains, chainOf, placeOf } = this.#order;
    return first !== second && this.#counts[second * chains + chainOf[first]!]! > placeOf[first]!;
  }

  /** How many of a chain come before an operation, itself left out. */
  countOf(number: number, chain: number): number {
    const { chains, chainOf, placeOf } = this.#order;
    return chainOf[number] === chain ? placeOf[number]! : this.#counts[number * chains + chain]!;
  }
}

/** Edges by where they lead. */
export class EdgesTo {
  readonly #to: number[][];

  constructor(size: number, of?: EdgesTo) {
    this.#to = Array.from({ length: size }, (_, number) => (of === undefined ? [] : [...of.to(number)]));
  }

  add(from: number, to: number): void {
    this.#to[to]!.push(from);
  }

  to(number: number): readonly number[] {
    return this.#to[number]!;
  }
}

/** The operations so that all edges lead forward; undefined where they run in a circle. */
export function inLine({ size, before }: SessionOrder, edges: EdgesTo): Int32Array | undefined {
  const left = new Int32Array(size);
  const start = new Int32Array(size + 2); // Of what follows each; moved on by one while it is filled in.
  for (let number = 0; number < size; number++) {
    const [own, added] = [before[number]!, edges.to(number)];
    left[number] = own.length + added.length;
    for (const other of own) start[other + 2]! += 1;
    for (const other of added) start[other + 2]! += 1;
  }
  for (let number = 0; number < size; number++) start[number + 2]! += start[number + 1]!;
  const following = new Int32Array(start[size + 1]!);
  for (let number = 0; number < size; number++) {
    for (const other of before[number]!) following[start[other + 1]!++] = number;
    for (const other of edges.to(number)) following[start[other + 1]!++] = number;
  }
  const sorted = new Int32Array(size);
  let end = 0;
  for (let number = 0; number < size; number++) if (left[number] === 0) sorted[end++] = number;
  for (let at = 0; at < end; at++) {
    const number = sorted[at]!;
    for (let i = start[number]!; i < start[number + 1]!; i++) if (--left[following[i]!]! === 0) sorted[end++] = following[i]!;
  }
  return end === size ? sorted : undefined;
}

/** A shortest circle through the order of sessions and edges, each before the next; empty where there is none. */
export function circleIn(order: SessionOrder, edges: EdgesTo): number[] {
  const following: number[][] = Array.from({ length: order.size }, () => []);
  for (let number = 0; number < order.size; number++) {
    for (const other of [...order.before[number]!, ...edges.to(number)]) following[other]!.push(number);
  }
  let best: number[] = [];
  for (let start = 0, tried = 0; start < order.size && tried < MOST_STARTS; start++) {
    if (edges.to(start).length === 0) continue; // A circle is not of the order of sessions alone.
    tried++;
    const found = wayBack(start, following, best.length === 0 ? order.size + 1 : best.length);
    if (found !== undefined) best = found;
  }
  return best;
}

/** Beyond so many, the shortest that was found is short enough. */
const MOST_STARTS = 500;

/** The shortest way from a start back to it, if it has fewer steps than `most`. */
function wayBack(start: number, following: readonly (readonly number[])[], most: number): number[] | undefined {
  const cameFrom = new Map<number, number>();
  let front = [start];
  for (let steps = 1; front.length > 0 && steps < most; steps++) {
    const next: number[] = [];
    for (const number of front) {
      for (const other of following[number]!) {
        if (other === start) return pathTo(number, start, cameFrom);
        if (cameFrom.has(other)) continue;
        cameFrom.set(other, number);
        next.push(other);
      }
    }
    front = next;
  }
  return undefined;
}

function pathTo(end: number, start: number, cameFrom: ReadonlyMap<number, number>): number[] {
  const path = [end];
  for (let at = end; at !== start; path.unshift(at)) at = cameFrom.get(at)!;
  return path;
}

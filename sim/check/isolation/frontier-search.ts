/**
 * Is there a legal order of all halves of transactions? A search over how far each session has come, with the memory of
 * what was visited: what may come next depends on that alone, so that k sessions of n transactions have at most n^k places
 * (Biswas and Enea, OOPSLA 2019, section 5). Nobody may write a key while somebody has still to read what is there.
 */
import type { Forced } from "./forced-order.ts";
import type { Halves } from "./halves.ts";
import { momentsOf } from "./moments.ts";
import { INITIAL, type Readings } from "./readings.ts";
import { slotOf } from "./written.ts";

export interface Searched {
  readonly outcome: "pass" | "fail" | "unknown";
  readonly explored: number;
  /** Of a pass: the transactions as they commit. */
  readonly order: readonly number[];
  /** Else: those that could come next where the search got furthest, but may not. */
  readonly stuck: readonly number[];
}

interface Frame {
  readonly moves: readonly number[];
  next: number;
  /** How long the trail was. */
  readonly length: number;
}

export class FrontierSearch {
  explored = 0;
  readonly #halves: Halves;
  readonly #readings: Readings;
  readonly #apart: boolean;
  /** By node: when it probably took place, by the events of the history; what came first is tried first. */
  readonly #moment: Float64Array;
  /** By node: how many of those right before it are not done. */
  readonly #left: Int32Array;
  readonly #ready = new Set<number>();
  readonly #counts: Int32Array;
  readonly #visited = new Set<string>();
  readonly #trail: number[] = [];
  /** Beside: by write of each in the trail, the writer that it replaced. */
  readonly #replaced: number[] = [];
  /** By key: who wrote what is there, who reads it still, and how many transactions that write it are under way. */
  readonly #writer: Int32Array;
  readonly #waiting: Int32Array;
  readonly #initialWaiting: Int32Array;
  readonly #open: Int32Array;
  /** By key: whether the order of its writers is known, so that the next one is put off for no other. */
  readonly #isSettled: Uint8Array;
  #furthest = -1;
  #stuck: readonly number[] = [];

  constructor(halves: Halves, { sorted, isComplete, clocks }: Forced, apart: boolean) {
    const { readings } = halves;
    this.#halves = halves;
    this.#readings = readings;
    this.#apart = apart;
    this.#moment = momentsOf(halves);
    this.#left = new Int32Array(halves.nodes);
    for (const node of halves.order.out().to) this.#left[node]! += 1;
    for (let node = 0; node < halves.nodes; node++) if (this.#left[node] === 0) this.#ready.add(node);
    this.#counts = new Int32Array(halves.count);
    this.#writer = new Int32Array(readings.keys.length).fill(INITIAL);
    this.#open = new Int32Array(readings.keys.length);
    this.#initialWaiting = new Int32Array(readings.keys.length);
    this.#waiting = new Int32Array(readings.writes.items.length);
    for (let t = 0; t < readings.transactions.length; t++) this.#countReads(t, 1);
    const isBefore = (first: number, second: number): boolean => clocks.countOf(second, halves.chainOf[first]!) > halves.placeOf[first]!;
    this.#isSettled = isComplete ? settledKeys(halves, sorted, isBefore) : new Uint8Array(readings.keys.length);
  }

  run(budget: number): Searched {
    const frames: Frame[] = [];
    if (this.#enter(frames)) return this.#result("pass");
    while (frames.length > 0) {
      if (this.explored >= budget) return this.#result("unknown");
      const frame = frames.at(-1)!;
      this.#undoTo(frame.length);
      const move = frame.moves[frame.next++];
      if (move === undefined) {
        frames.pop();
        continue;
      }
      this.#do(move);
      if (this.#enter(frames)) return this.#result("pass");
    }
    return this.#result("fail");
  }

  /** True where all is done. */
  #enter(frames: Frame[]): boolean {
    this.#doForced();
    if (this.#trail.length === this.#halves.nodes) return true;
    const key = this.#key();
    if (this.#visited.has(key)) return false;
    this.#visited.add(key);
    this.explored += 1;
    const ready = [...this.#ready];
    if (this.#trail.length > this.#furthest) {
      this.#furthest = this.#trail.length;
      this.#stuck = ready.map((node) => this.#halves.transactionOf[node]!).filter((t) => t !== -1);
    }
    const moves = ready.filter((node) => this.#mayCome(node)).sort((a, b) => this.#moment[a]! - this.#moment[b]!);
    frames.push({ moves, next: 0, length: this.#trail.length });
    return false;
  }

  #result(outcome: Searched["outcome"]): Searched {
    const { transactionOf, ends } = this.#halves;
    const order = outcome === "pass" ? this.#trail.filter((node) => transactionOf[node] !== -1 && ends[transactionOf[node]!] === node) : [];
    return { outcome, explored: this.explored, order: order.map((node) => transactionOf[node]!), stuck: outcome === "pass" ? [] : [...new Set(this.#stuck)] };
  }

  /** How far each session has come: each count takes two characters. */
  #key(): string {
    let key = "";
    for (const count of this.#counts) key += String.fromCharCode(count & 0xffff, count >>> 16);
    return key;
  }

  /** What can come now and is never better put off. */
  #doForced(): void {
    for (let isNew = true; isNew; ) {
      isNew = false;
      for (const node of this.#ready) {
        if (!this.#isForced(node) || !this.#mayCome(node)) continue;
        this.#do(node);
        isNew = true;
      }
    }
  }

  #isForced(node: number): boolean {
    const t = this.#halves.transactionOf[node]!;
    if (t === -1) return true;
    const { start, items } = this.#readings.writes;
    if (!this.#apart && this.#halves.ends[t] !== node) return true; // A snapshot is taken as soon as it can be.
    for (let i = start[t]!; i < start[t + 1]!; i++) if (this.#isSettled[items[i]!] === 0) return false;
    return true;
  }

  #mayCome(node: number): boolean {
    const t = this.#halves.transactionOf[node]!;
    if (t === -1) return true;
    const begins = this.#halves.begins[t] === node;
    if (begins && !this.#readsRight(t)) return false;
    const { start, items } = this.#readings.writes;
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      const key = items[i]!;
      if (this.#apart && begins && this.#open[key]! > 0) return false;
      if (this.#halves.ends[t] !== node) continue;
      const own = begins && this.#reads(t, key) ? 1 : 0;
      if (this.#readersOf(key) > own) return false;
    }
    return true;
  }

  #readsRight(t: number): boolean {
    const { reads, sources } = this.#readings;
    for (let read = reads.start[t]!; read < reads.start[t + 1]!; read++) if (this.#writer[reads.items[read]!] !== sources[read]) return false;
    return true;
  }

  #reads(t: number, key: number): boolean {
    const { reads } = this.#readings;
    for (let read = reads.start[t]!; read < reads.start[t + 1]!; read++) if (reads.items[read] === key) return true;
    return false;
  }

  /** How many have still to read what is there. */
  #readersOf(key: number): number {
    const writer = this.#writer[key]!;
    return writer === INITIAL ? this.#initialWaiting[key]! : this.#waiting[slotOf(this.#readings.writes, writer, key)]!;
  }

  /** Each key of a transaction's reads counts once. */
  #countReads(t: number, by: 1 | -1): void {
    const { reads, sources, writes } = this.#readings;
    const first = reads.start[t]!;
    for (let read = first; read < reads.start[t + 1]!; read++) {
      const key = reads.items[read]!;
      if (read > first && reads.items.indexOf(key, first) < read) continue;
      if (sources[read] === INITIAL) this.#initialWaiting[key]! += by;
      else this.#waiting[slotOf(writes, sources[read]!, key)]! += by;
    }
  }

  #do(node: number): void {
    const t = this.#halves.transactionOf[node]!;
    if (t !== -1) {
      if (this.#halves.begins[t] === node) this.#countReads(t, -1);
      this.#countWrites(t, node, 1);
    }
    this.#trail.push(node);
    this.#ready.delete(node);
    this.#counts[this.#halves.chainOf[node]!]! += 1;
    const { start, items, to } = this.#halves.order.out();
    for (let i = start[node]!; i < start[node + 1]!; i++) if (--this.#left[to[items[i]!]!]! === 0) this.#ready.add(to[items[i]!]!);
  }

  #undoTo(length: number): void {
    const { start, items, to } = this.#halves.order.out();
    while (this.#trail.length > length) {
      const node = this.#trail.pop()!;
      for (let i = start[node]!; i < start[node + 1]!; i++) if (this.#left[to[items[i]!]!]!++ === 0) this.#ready.delete(to[items[i]!]!);
      this.#counts[this.#halves.chainOf[node]!]! -= 1;
      this.#ready.add(node);
      const t = this.#halves.transactionOf[node]!;
      if (t === -1) continue;
      this.#countWrites(t, node, -1);
      if (this.#halves.begins[t] === node) this.#countReads(t, 1);
    }
  }

  #countWrites(t: number, node: number, by: 1 | -1): void {
    const { start, items } = this.#readings.writes;
    const isWhole = this.#halves.begins[t] === this.#halves.ends[t];
    const isEnd = this.#halves.ends[t] === node;
    for (let i = start[t]!; i < start[t + 1]!; i++) {
      // Undone in the other direction, because what was replaced is a stack.
      const key = items[by === 1 ? i : start[t]! + start[t + 1]! - 1 - i]!;
      if (!isWhole) this.#open[key]! += isEnd ? -by : by;
      if (!isEnd) continue;
      if (by === 1) {
        this.#replaced.push(this.#writer[key]!);
        this.#writer[key] = t;
      } else this.#writer[key] = this.#replaced.pop()!;
    }
  }
}

/** The keys all of whose writers are ordered. */
function settledKeys({ readings, ends, nodes }: Halves, sorted: Int32Array, isBefore: (first: number, second: number) => boolean): Uint8Array {
  const rank = new Int32Array(nodes);
  sorted.forEach((node, at) => (rank[node] = at));
  const writers: number[][] = readings.keys.map(() => []);
  const { start, items } = readings.writes;
  for (let t = 0; t < readings.transactions.length; t++) for (let i = start[t]!; i < start[t + 1]!; i++) writers[items[i]!]!.push(ends[t]!);
  return Uint8Array.from(writers, (ordered) => {
    ordered.sort((a, b) => rank[a]! - rank[b]!);
    return ordered.every((node, i) => i === 0 || isBefore(ordered[i - 1]!, node)) ? 1 : 0;
  });
}

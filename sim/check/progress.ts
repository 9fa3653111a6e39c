/** How far a search has come on its present path: what is done, as a list to go on from and as bits to compare. */
import { Chains } from "./chains.ts";
import type { LineUp } from "./line-up.ts";
import { Needs } from "./needs.ts";
import type { Done, Used } from "./visited.ts";
import type { Chain } from "./zones.ts";

/** What undoing does not find out by itself. */
export interface Marks {
  /** How many operations are done. */
  length: number;
  from: number;
  doneMax: number;
  openMax: number;
}

export class Progress {
  readonly needs: Needs;
  readonly chains: Chains | undefined;
  /** The first required operation, by the time it returned, that is not done; their number where all are. */
  from = 0;
  /** By act: how many of its open operations are used. Those invoked first are used first. */
  readonly openUsed: Int32Array;

  readonly #lineUp: LineUp;
  readonly #trail: number[] = [];
  /** The required operations not done yet, in the order of their invocation, as a ring through `required`. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #zobrist: Int32Array;
  #doneMax = -1;
  #openMax = -1;
  #hash = 0;
  /** The configuration as it is handed to those visited: one object each, over and over. */
  readonly #done: { -readonly [Field in keyof Done]: Done[Field] };
  readonly #used: { -readonly [Field in keyof Used]: Used[Field] };

  constructor(lineUp: LineUp, chains: readonly Chain[] | undefined) {
    this.#lineUp = lineUp;
    const { operations, required, machine } = lineUp;
    this.needs = new Needs(lineUp);
    this.chains = chains === undefined ? undefined : new Chains(chains, operations);
    this.openUsed = new Int32Array(machine.acts);
    [this.#next, this.#previous] = ringOf(lineUp);
    this.#zobrist = zobrist(operations.length);
    this.#done = { hash: 0, state: 0, before: 0, from: 0, words: new Int32Array((required >>> 5) + 1), end: 0 };
    this.#used = { hash: 0, words: new Int32Array(((operations.length - required) >>> 5) + 1), end: 0 };
  }

  /** The numbers of what is done, in order. */
  get trail(): readonly number[] {
    return this.#trail;
  }

  /** The first required operation not done, by its invocation; the number of required ones where all are. */
  get firstInvoked(): number {
    return this.#next[this.#lineUp.required]!;
  }

  /** The next after `number` that is not done, by its invocation; the number of required ones at the end. */
  after(number: number): number {
    return this.#next[number]!;
  }

  /** What has been done, and what was used for it, in a state; good until the next call. */
  configuration(state: number, before: number): readonly [Done, Used] {
    const done = this.#done;
    done.hash = this.#hash ^ Math.imul(state + 1, 0x85ebca6b) ^ Math.imul(before + 2, 0xc2b2ae35);
    done.state = state;
    done.before = before;
    done.from = this.from;
    done.end = (this.#doneMax + 32) >>> 5;
    this.#used.end = (this.#openMax + 32) >>> 5;
    return [done, this.#used];
  }

  /** Writes down how far things have come. */
  mark(marks: Marks): void {
    marks.length = this.#trail.length;
    marks.from = this.from;
    marks.doneMax = this.#doneMax;
    marks.openMax = this.#openMax;
  }

  do(number: number): void {
    this.#trail.push(number);
    this.needs.done(number);
    this.chains?.done(number);
    if (number < this.#lineUp.required) this.#doRequired(number);
    else this.#switchOpen(number, 1);
  }

  /** Goes back to where the marks were made. */
  undoTo({ length, from, doneMax, openMax }: Marks): void {
    while (this.#trail.length > length) this.#undo(this.#trail.pop()!);
    this.from = from;
    this.#doneMax = doneMax;
    this.#openMax = openMax;
  }

  #doRequired(number: number): void {
    const next = this.#next[number]!;
    const previous = this.#previous[number]!;
    this.#next[previous] = next;
    this.#previous[next] = previous;
    this.#switchDone(number);
    if (number > this.#doneMax) this.#doneMax = number;
    const words = this.#done.words;
    while (this.from < this.#lineUp.required && (words[this.from >>> 5]! & (1 << (this.from & 31))) !== 0) this.from++;
  }

  #undo(number: number): void {
    this.needs.undone(number);
    this.chains?.undone(number);
    if (number >= this.#lineUp.required) return this.#switchOpen(number, -1);
    this.#next[this.#previous[number]!] = number;
    this.#previous[this.#next[number]!] = number;
    this.#switchDone(number);
  }

  #switchDone(number: number): void {
    this.#done.words[number >>> 5]! ^= 1 << (number & 31);
    this.#hash ^= this.#zobrist[number]!;
  }

  #switchOpen(number: number, by: 1 | -1): void {
    const open = number - this.#lineUp.required;
    this.#used.words[open >>> 5]! ^= 1 << (open & 31);
    this.#used.hash ^= this.#zobrist[number]!;
    this.openUsed[this.#lineUp.acts[number]!]! += by;
    if (open > this.#openMax) this.#openMax = open;
  }
}

/** The links forward and back. */
function ringOf({ required, invoked }: LineUp): [Int32Array, Int32Array] {
  const order = Array.from({ length: required }, (_, number) => number).sort((a, b) => invoked[a]! - invoked[b]!);
  const next = new Int32Array(required + 1);
  const previous = new Int32Array(required + 1);
  let last = required;
  for (const number of [...order, required]) {
    next[last] = number;
    previous[number] = last;
    last = number;
  }
  return [next, previous];
}

/** A fixed number for each operation, so that a set is told by the sum (exclusive or) of its members' numbers. */
function zobrist(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, position) => {
    let mixed = Math.imul(position + 1, 0x9e3779b1);
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  });
}

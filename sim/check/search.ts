/**
 * Is there a legal order of one part's operations that keeps their order in real time? The search of Wing and Gong
 * (1993) with the memory of Lowe (2017), on numbers and typed arrays, resumable, and pruned where that changes no verdict:
 *
 * - What is pure in every state and can happen now happens now, without branching.
 * - Of operations that cannot be told apart, the one that returned first goes first: in any order that takes another
 *   one first the two may change places.
 * - An open operation (one that never returned) need not happen. It is taken only if it changes the state, and only if
 *   what follows it would go differently without it.
 * - A configuration is dropped when one was visited that had done the same with fewer open operations.
 * - Where values are unique, chains of operations are done without a break, in an order that real time allows.
 * - A state is hopeless from which an operation still to come can never happen, see the needs of a specification.
 */
import { Chains } from "./chains.ts";
import type { Operation } from "./history.ts";
import { IMPOSSIBLE, Machine } from "./machine.ts";
import type { Model } from "./models/model.ts";
import { type Done, type Used, Visited } from "./visited.ts";
import type { Chain } from "./zones.ts";

export type SearchOutcome = "pass" | "fail" | "more";

const NO_STATE = -1;

/** A configuration on the path from the start. Its moves are in a list that all configurations of the path share. */
interface Frame {
  state: number;
  /** The state before an open operation that led here and whose use has not shown yet; else {@link NO_STATE}. */
  before: number;
  from: number;
  doneMax: number;
  openMax: number;
  /** How long the trail was before the move that led here. */
  trail: number;
  nextMove: number;
  firstMove: number;
}

export class Search {
  /** Configurations explored. */
  explored = 0;

  readonly #machine: Machine;
  /** Positions in the part by number: the required operations by the time they returned, then the open ones. */
  readonly #positions: readonly number[];
  readonly #required: number;
  readonly #acts: Int32Array;
  readonly #invoked: Int32Array;
  readonly #returned: Int32Array;
  /** The required operations not done yet, in the order of their invocation, as a linked list around `#required`. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** The acts of open operations that have no need, and those that have one, by need. */
  readonly #openFree: readonly number[];
  readonly #openNeeding: readonly (readonly number[])[];
  /** By act: its open operations in the order of invocation, and how many are used. */
  readonly #openOf: readonly (readonly number[])[];
  readonly #openUsed: Int32Array;

  readonly #done: Int32Array;
  readonly #open: Int32Array;
  readonly #zobrist: Int32Array;
  #hash = 0;
  #openHash = 0;
  /** The configuration, as it is handed to those visited; one object each, over and over. */
  readonly #doneNow: { -readonly [Field in keyof Done]: Done[Field] };
  readonly #usedNow: { -readonly [Field in keyof Used]: Used[Field] };
  #state: number;
  #from = 0;
  #doneMax = -1;
  #openMax = -1;

  /** By need: how many operations still to come have it, and how many operations still to come give it. */
  readonly #wanted: Int32Array;
  readonly #supply: Int32Array;
  /** The needs that are wanted and that nothing gives any more, as bits. */
  readonly #pressing: Int32Array;
  #pressingCount = 0;
  readonly #chains: Chains | undefined;

  readonly #visited = new Visited();
  readonly #trail: number[] = [];
  readonly #moves: number[] = [];
  readonly #frames: Frame[] = [];
  #depth = 0;
  /** By act and by state, when it was last seen: stamps spare clearing. */
  #stamp = 0;
  readonly #actStamp: Int32Array;
  readonly #firstOfAct: Int32Array;
  readonly #candidates: number[] = [];

  /** `chains`: of a part whose values are unique. */
  constructor(part: readonly Operation[], model: Model, chains?: readonly Chain[]) {
    const machine = new Machine(part, model.specify(part));
    this.#machine = machine;
    const kept = part.map((_, position) => position).filter((position) => machine.actOf[position] !== -1);
    const required = kept.filter((position) => part[position]!.outcome !== "info").sort((a, b) => part[a]!.returned - part[b]!.returned);
    const open = kept.filter((position) => part[position]!.outcome === "info" && machine.pure[machine.actOf[position]!] === 0);
    open.sort((a, b) => part[a]!.invoked - part[b]!.invoked);
    this.#positions = [...required, ...open];
    this.#required = required.length;
    this.#acts = Int32Array.from(this.#positions, (position) => machine.actOf[position]!);
    this.#invoked = Int32Array.from(this.#positions, (position) => part[position]!.invoked);
    this.#returned = Int32Array.from(required, (position) => part[position]!.returned);
    [this.#next, this.#previous] = this.#link();

    const openOf: number[][] = Array.from({ length: machine.acts }, () => []);
    for (let number = this.#required; number < this.#positions.length; number++) openOf[this.#acts[number]!]!.push(number);
    this.#openOf = openOf;
    const openActs = [...new Set(this.#acts.subarray(this.#required))];
    this.#openFree = openActs.filter((act) => machine.needOf[act] === -1);
    const openNeeding: number[][] = Array.from({ length: machine.needs }, () => []);
    for (const act of openActs) openNeeding[machine.needOf[act]!]?.push(act);
    this.#openNeeding = openNeeding;
    this.#openUsed = new Int32Array(machine.acts);

    this.#done = new Int32Array((required.length >>> 5) + 1);
    this.#open = new Int32Array((open.length >>> 5) + 1);
    this.#zobrist = zobrist(this.#positions.length);
    this.#doneNow = { hash: 0, state: 0, before: 0, from: 0, words: this.#done, end: 0 };
    this.#usedNow = { hash: 0, words: this.#open, end: 0 };
    this.#state = machine.initial;
    this.#wanted = new Int32Array(machine.needs);
    this.#supply = new Int32Array(machine.needs);
    this.#pressing = new Int32Array((machine.needs + 31) >>> 5);
    this.#countNeeds();
    if (chains !== undefined) {
      const numbers = new Map(this.#positions.map((position, number) => [part[position]!, number]));
      this.#chains = new Chains(chains, this.#positions.length, (operation) => numbers.get(operation)!);
    }
    this.#actStamp = new Int32Array(machine.acts);
    this.#firstOfAct = new Int32Array(machine.acts);
  }

  /** Memory held, in bytes, roughly. */
  get bytes(): number {
    return this.#visited.bytes + this.#machine.bytes;
  }

  /** After a pass: a legal order, as positions in the part; what constrains nothing is left out. */
  get order(): readonly number[] {
    return this.#trail.map((number) => this.#positions[number]!);
  }

  /** Goes on for at most `configurations` more. */
  run(configurations: number): SearchOutcome {
    const end = this.explored + configurations;
    if (this.#depth === 0) {
      const entered = this.#enter(NO_STATE, 0);
      if (entered !== "frame") return entered === "complete" ? "pass" : "fail";
    }
    while (this.explored < end) {
      const frame = this.#frames[this.#depth - 1]!;
      if (frame.nextMove === this.#moves.length) {
        this.#leave();
        if (this.#depth === 0) return "fail";
        continue;
      }
      const mark = this.#trail.length;
      const number = this.#moves[frame.nextMove++]!;
      const isOpen = number >= this.#required;
      this.#state = this.#machine.step(frame.state, this.#acts[number]!);
      this.#do(number);
      const entered = this.#enter(isOpen ? frame.state : NO_STATE, mark);
      if (entered === "complete") return "pass";
      if (entered === "dropped") this.#undoTo(mark, frame);
    }
    return "more";
  }

  /** What is pure happens; then the configuration is complete, or dropped, or a frame of its own. */
  #enter(cameFrom: number, trail: number): "complete" | "dropped" | "frame" {
    // What a pure operation shows is a use of the open operation before it.
    const before = this.#doPure() ? NO_STATE : cameFrom;
    if (this.#from === this.#required) return "complete";
    if (this.#hopeless()) return "dropped";
    if (!this.#visit(before)) return "dropped";
    this.explored++;
    this.#push(before, trail);
    return "frame";
  }

  /** False where a visited configuration covers this one. */
  #visit(before: number): boolean {
    const done = this.#doneNow;
    done.hash = this.#hash ^ Math.imul(this.#state + 1, 0x85ebca6b) ^ Math.imul(before + 2, 0xc2b2ae35);
    done.state = this.#state;
    done.before = before;
    done.from = this.#from;
    done.end = (this.#doneMax + 32) >>> 5;
    this.#usedNow.hash = this.#openHash;
    this.#usedNow.end = (this.#openMax + 32) >>> 5;
    return this.#visited.add(done, this.#usedNow);
  }

  #push(before: number, trail: number): void {
    const frame = (this.#frames[this.#depth] ??= { state: 0, before: 0, from: 0, doneMax: 0, openMax: 0, trail: 0, nextMove: 0, firstMove: 0 });
    this.#depth++;
    frame.state = this.#state;
    frame.before = before;
    frame.from = this.#from;
    frame.doneMax = this.#doneMax;
    frame.openMax = this.#openMax;
    frame.trail = trail;
    frame.firstMove = frame.nextMove = this.#moves.length;
    this.#findMoves(before);
  }

  #leave(): void {
    this.#depth--;
    const frame = this.#frames[this.#depth]!;
    this.#moves.length = frame.firstMove;
    const parent = this.#frames[this.#depth - 1];
    if (parent !== undefined) this.#undoTo(frame.trail, parent);
  }

  /** Single pass: what was passed over stays impossible, because the state does not change. */
  #doPure(): boolean {
    const machine = this.#machine;
    let happened = false;
    let number = this.#next[this.#required]!;
    while (number !== this.#required && this.#from < this.#required && this.#invoked[number]! < this.#returned[this.#from]!) {
      const following = this.#next[number]!;
      const act = this.#acts[number]!;
      if (machine.pure[act] === 1 && machine.step(this.#state, act) !== IMPOSSIBLE) {
        this.#do(number);
        happened = true;
      }
      number = following;
    }
    return happened;
  }

  /** An operation still to come can never happen. */
  #hopeless(): boolean {
    if (this.#pressingCount === 0) return false;
    const reached = this.#machine.reached(this.#state).bits;
    for (let word = 0; word < reached.length; word++) if ((this.#pressing[word]! & ~reached[word]!) !== 0) return true;
    return false;
  }

  /** What may come next: operations that were invoked before the first of those not done returned. */
  #findMoves(before: number): void {
    this.#stamp++;
    this.#findRequired();
    const moves = this.#moves;
    const first = moves.length;
    for (const act of this.#candidates) if (this.#machine.pure[act] === 0 && this.#goes(act, this.#firstOfAct[act]!, before)) moves.push(this.#firstOfAct[act]!);
    const requiredEnd = moves.length;
    // After an open operation, one that leads to the same state from everywhere would go the same without it.
    if (before === NO_STATE) for (const act of this.#openFree) this.#findOpen(act, before);
    else for (const act of this.#openFree) if (this.#machine.constant[act] === 0) this.#findOpen(act, before);
    for (const need of this.#machine.reached(this.#state).list) for (const act of this.#openNeeding[need]!) this.#findOpen(act, before);
    if (moves.length > requiredEnd && moves.length - first > 1) this.#dropStronger(first, requiredEnd);
  }

  /** The acts of required operations that may come next, those first whose operation returned first. */
  #findRequired(): void {
    const limit = this.#returned[this.#from]!;
    const candidates = this.#candidates;
    candidates.length = 0;
    for (let number = this.#next[this.#required]!; number !== this.#required && this.#invoked[number]! < limit; number = this.#next[number]!) {
      const act = this.#acts[number]!;
      if (this.#actStamp[act] !== this.#stamp) {
        this.#actStamp[act] = this.#stamp;
        this.#firstOfAct[act] = number;
        candidates.push(act);
      } else if (number < this.#firstOfAct[act]!) {
        this.#firstOfAct[act] = number;
      }
    }
    candidates.sort((a, b) => this.#firstOfAct[a]! - this.#firstOfAct[b]!);
  }

  /** An open operation may come next if it changes the state, and something else may follow than without it. */
  #findOpen(act: number, before: number): void {
    if (!this.#isOpen(act)) return;
    const number = this.#openOf[act]![this.#openUsed[act]!]!;
    if (!this.#goes(act, number, before)) return;
    const next = this.#machine.step(this.#state, act);
    if (next !== this.#state && this.#matters(next)) this.#moves.push(number);
  }

  /** Some open operation with this act may come next, and no required one, which would go first. */
  #isOpen(act: number): boolean {
    const open = this.#openOf[act]!;
    const used = this.#openUsed[act]!;
    return used < open.length && this.#invoked[open[used]!]! < this.#returned[this.#from]! && this.#actStamp[act] !== this.#stamp;
  }

  /** Whether anything goes otherwise from the next state than from this one. */
  #matters(next: number): boolean {
    const machine = this.#machine;
    for (const act of this.#candidates) {
      const after = machine.step(next, act);
      if (after !== IMPOSSIBLE && after !== machine.step(this.#state, act)) return true;
    }
    for (const need of machine.reached(next).list) if (this.#openNeeding[need]!.some((act) => this.#isOpen(act))) return true;
    return this.#openFree.some((act) => machine.constant[act] === 0 && this.#isOpen(act));
  }

  /** Possible here; and where an open operation led here, not with the same result without it. */
  #goes(act: number, number: number, before: number): boolean {
    if (this.#chains?.allows(number) === false) return false;
    const next = this.#machine.step(this.#state, act);
    return next !== IMPOSSIBLE && (before === NO_STATE || this.#machine.step(before, act) !== next);
  }

  /** Of two moves to the same state, an open one that could later do all that the other could is kept for later. */
  #dropStronger(first: number, requiredEnd: number): void {
    const moves = this.#moves;
    const machine = this.#machine;
    // By next state: the moves that lead there, as a chain of positions in the list of moves.
    const last = new Map<number, number>();
    const chain = new Map<number, number>();
    for (let at = first; at < moves.length; at++) {
      const next = machine.step(this.#state, this.#acts[moves[at]!]!);
      const other = last.get(next);
      if (other !== undefined) chain.set(at, other);
      last.set(next, at);
    }
    if (chain.size === 0) return;

    const stays = (strong: number): boolean => {
      const act = this.#acts[strong]!;
      for (let at = last.get(machine.step(this.#state, act)); at !== undefined; at = chain.get(at)) {
        const weak = this.#acts[moves[at]!]!;
        if (weak !== act && machine.yields(weak, act)) return false;
      }
      return true;
    };
    const kept = moves.slice(requiredEnd).filter(stays);
    moves.length = requiredEnd;
    for (const number of kept) moves.push(number);
  }

  #do(number: number): void {
    this.#trail.push(number);
    const act = this.#acts[number]!;
    if (number < this.#required) this.#doRequired(number, act);
    else this.#useOpen(number - this.#required, act);
    this.#chains?.done(number);
    for (const need of this.#machine.givesTo[act]!) {
      this.#supply[need]!--;
      this.#press(need);
    }
  }

  #doRequired(number: number, act: number): void {
    const next = this.#next[number]!;
    const previous = this.#previous[number]!;
    this.#next[previous] = next;
    this.#previous[next] = previous;
    this.#done[number >>> 5]! |= 1 << (number & 31);
    this.#hash ^= this.#zobrist[number]!;
    if (number > this.#doneMax) this.#doneMax = number;
    while (this.#from < this.#required && (this.#done[this.#from >>> 5]! & (1 << (this.#from & 31))) !== 0) this.#from++;
    const need = this.#machine.needOf[act]!;
    if (need !== -1) {
      this.#wanted[need]!--;
      this.#press(need);
    }
  }

  #useOpen(open: number, act: number): void {
    this.#open[open >>> 5]! |= 1 << (open & 31);
    this.#openUsed[act]!++;
    this.#openHash ^= this.#zobrist[this.#required + open]!;
    if (open > this.#openMax) this.#openMax = open;
  }

  #undoTo(mark: number, frame: Frame): void {
    while (this.#trail.length > mark) this.#undo(this.#trail.pop()!);
    this.#state = frame.state;
    this.#from = frame.from;
    this.#doneMax = frame.doneMax;
    this.#openMax = frame.openMax;
  }

  #undo(number: number): void {
    const act = this.#acts[number]!;
    this.#chains?.undone(number);
    if (number < this.#required) {
      this.#next[this.#previous[number]!] = number;
      this.#previous[this.#next[number]!] = number;
      this.#done[number >>> 5]! &= ~(1 << (number & 31));
      this.#hash ^= this.#zobrist[number]!;
      const need = this.#machine.needOf[act]!;
      if (need !== -1) {
        this.#wanted[need]!++;
        this.#press(need);
      }
    } else {
      const open = number - this.#required;
      this.#open[open >>> 5]! &= ~(1 << (open & 31));
      this.#openUsed[act]!--;
      this.#openHash ^= this.#zobrist[number]!;
    }
    for (const need of this.#machine.givesTo[act]!) {
      this.#supply[need]!++;
      this.#press(need);
    }
  }

  #press(need: number): void {
    const bit = 1 << (need & 31);
    const word = need >>> 5;
    const was = (this.#pressing[word]! & bit) !== 0;
    const is = this.#wanted[need]! > 0 && this.#supply[need] === 0;
    if (was === is) return;
    this.#pressing[word]! ^= bit;
    this.#pressingCount += is ? 1 : -1;
  }

  #countNeeds(): void {
    for (let number = 0; number < this.#acts.length; number++) {
      const act = this.#acts[number]!;
      const need = this.#machine.needOf[act]!;
      if (need !== -1 && number < this.#required) this.#wanted[need]!++;
      for (const given of this.#machine.givesTo[act]!) this.#supply[given]!++;
    }
    for (let need = 0; need < this.#machine.needs; need++) this.#press(need);
  }

  #link(): [Int32Array, Int32Array] {
    const order = Array.from({ length: this.#required }, (_, number) => number).sort((a, b) => this.#invoked[a]! - this.#invoked[b]!);
    const next = new Int32Array(this.#required + 1);
    const previous = new Int32Array(this.#required + 1);
    let last = this.#required;
    for (const number of [...order, this.#required]) {
      next[last] = number;
      previous[number] = last;
      last = number;
    }
    return [next, previous];
  }
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

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
import type { Operation } from "./history.ts";
import { LineUp } from "./line-up.ts";
import { IMPOSSIBLE, type Machine } from "./machine.ts";
import type { Model } from "./models/model.ts";
import { type Marks, Progress } from "./progress.ts";
import { Visited } from "./visited.ts";
import type { Chain } from "./zones.ts";

export type SearchOutcome = "pass" | "fail" | "more";

const NO_STATE = -1;

/** A configuration on the path from the start. Its moves are in a list that all configurations of the path share. */
interface Frame extends Marks {
  state: number;
  /** The state before an open operation that led here and whose use has not shown yet; else {@link NO_STATE}. */
  before: number;
  firstMove: number;
  nextMove: number;
}

export class Search {
  /** Configurations explored. */
  explored = 0;

  readonly #lineUp: LineUp;
  readonly #machine: Machine;
  readonly #progress: Progress;
  readonly #visited = new Visited();
  #state: number;
  readonly #moves: number[] = [];
  readonly #frames: Frame[] = [];
  #depth = 0;
  /** The acts of required operations that may come next. Stamps say when an act was last one, and spare clearing. */
  readonly #candidates: number[] = [];
  readonly #firstOfAct: Int32Array;
  readonly #stampOfAct: Int32Array;
  #stamp = 0;

  /** `chains`: of a part whose values are unique. */
  constructor(part: readonly Operation[], model: Model, chains?: readonly Chain[]) {
    this.#lineUp = new LineUp(part, model);
    this.#machine = this.#lineUp.machine;
    this.#progress = new Progress(this.#lineUp, chains);
    this.#state = this.#machine.initial;
    this.#firstOfAct = new Int32Array(this.#machine.acts);
    this.#stampOfAct = new Int32Array(this.#machine.acts);
  }

  /** Memory held, in bytes, roughly. */
  get bytes(): number {
    return this.#visited.bytes + this.#machine.bytes;
  }

  /** After a pass: a legal order. Open operations that need not have happened are left out, and what constrains nothing. */
  get order(): readonly Operation[] {
    return this.#progress.trail.map((number) => this.#lineUp.operations[number]!);
  }

  /** Goes on for at most `configurations` more. */
  run(configurations: number): SearchOutcome {
    const end = this.explored + configurations;
    if (this.#depth === 0) {
      const entered = this.#enter(NO_STATE);
      if (entered !== "frame") return entered === "complete" ? "pass" : "fail";
    }
    while (this.explored < end) {
      const frame = this.#frames[this.#depth - 1]!;
      if (frame.nextMove === this.#moves.length) {
        if (!this.#leave()) return "fail";
        continue;
      }
      const number = this.#moves[frame.nextMove++]!;
      this.#state = this.#machine.step(frame.state, this.#lineUp.acts[number]!);
      this.#progress.do(number);
      const entered = this.#enter(number < this.#lineUp.required ? NO_STATE : frame.state);
      if (entered === "complete") return "pass";
      if (entered === "dropped") this.#backTo(frame);
    }
    return "more";
  }

  /** What is pure happens; then the configuration is complete, or dropped, or a frame of its own. */
  #enter(cameFrom: number): "complete" | "dropped" | "frame" {
    // What a pure operation shows is a use of the open operation before it.
    const before = this.#doPure() ? NO_STATE : cameFrom;
    if (this.#progress.from === this.#lineUp.required) return "complete";
    if (this.#progress.needs.hopeless(this.#state)) return "dropped";
    const [done, used] = this.#progress.configuration(this.#state, before);
    if (!this.#visited.add(done, used)) return "dropped";
    this.explored++;
    this.#push(before);
    return "frame";
  }

  #push(before: number): void {
    const frame = (this.#frames[this.#depth] ??= { state: 0, before: 0, length: 0, from: 0, doneMax: 0, openMax: 0, nextMove: 0, firstMove: 0 });
    this.#depth++;
    frame.state = this.#state;
    frame.before = before;
    this.#progress.mark(frame);
    frame.firstMove = frame.nextMove = this.#moves.length;
    this.#findMoves(before);
  }

  /** Back to the configuration before; false at the start. */
  #leave(): boolean {
    const frame = this.#frames[--this.#depth]!;
    this.#moves.length = frame.firstMove;
    if (this.#depth === 0) return false;
    this.#backTo(this.#frames[this.#depth - 1]!);
    return true;
  }

  #backTo(frame: Frame): void {
    this.#progress.undoTo(frame);
    this.#state = frame.state;
  }

  /** A single pass: what was passed over stays impossible, because the state does not change. */
  #doPure(): boolean {
    const { acts, invoked, returned, required } = this.#lineUp;
    const progress = this.#progress;
    let happened = false;
    for (let number = progress.firstInvoked; number !== required && invoked[number]! < returned[progress.from]!; ) {
      const following = progress.after(number);
      const act = acts[number]!;
      if (this.#machine.pure[act] === 1 && this.#machine.step(this.#state, act) !== IMPOSSIBLE) {
        progress.do(number);
        happened = true;
      }
      number = following;
    }
    return happened;
  }

  /** What may come next: operations that were invoked before the first of those not done returned. */
  #findMoves(before: number): void {
    const { openFree, openNeeding } = this.#lineUp;
    const machine = this.#machine;
    const moves = this.#moves;
    const first = moves.length;
    this.#findCandidates();
    for (const act of this.#candidates) if (machine.pure[act] === 0 && this.#goes(act, this.#firstOfAct[act]!, before)) moves.push(this.#firstOfAct[act]!);
    const requiredEnd = moves.length;
    if (this.#lineUp.operations.length === this.#lineUp.required) return;
    for (const act of openFree) {
      // After an open operation, one that leads to the same state from everywhere would go the same without it.
      if (before === NO_STATE || machine.constant[act] === 0) this.#findOpen(act, before);
    }
    for (const need of machine.reached(this.#state).list) for (const act of openNeeding[need]!) this.#findOpen(act, before);
    if (moves.length > requiredEnd && moves.length - first > 1) this.#dropStronger(first, requiredEnd);
  }

  /** The acts of required operations that may come next, those first whose operation returned first. */
  #findCandidates(): void {
    const { acts, invoked, returned, required } = this.#lineUp;
    const firstOfAct = this.#firstOfAct;
    const limit = returned[this.#progress.from]!;
    this.#stamp++;
    this.#candidates.length = 0;
    for (let number = this.#progress.firstInvoked; number !== required && invoked[number]! < limit; number = this.#progress.after(number)) {
      const act = acts[number]!;
      if (this.#stampOfAct[act] !== this.#stamp) {
        this.#stampOfAct[act] = this.#stamp;
        firstOfAct[act] = number;
        this.#candidates.push(act);
      } else if (number < firstOfAct[act]!) {
        firstOfAct[act] = number;
      }
    }
    this.#candidates.sort((a, b) => firstOfAct[a]! - firstOfAct[b]!);
  }

  /** An open operation may come next if it changes the state, and something else may follow than without it. */
  #findOpen(act: number, before: number): void {
    if (!this.#isOpen(act)) return;
    const number = this.#lineUp.openOf[act]![this.#progress.openUsed[act]!]!;
    if (!this.#goes(act, number, before)) return;
    const next = this.#machine.step(this.#state, act);
    if (next !== this.#state && this.#matters(next)) this.#moves.push(number);
  }

  /** Some open operation with this act may come next, and no required one, which would go first. */
  #isOpen(act: number): boolean {
    const open = this.#lineUp.openOf[act]!;
    const used = this.#progress.openUsed[act]!;
    return used < open.length && this.#lineUp.invoked[open[used]!]! < this.#lineUp.returned[this.#progress.from]! && this.#stampOfAct[act] !== this.#stamp;
  }

  /** Whether anything goes otherwise from the next state than from this one. */
  #matters(next: number): boolean {
    const { openFree, openNeeding } = this.#lineUp;
    const machine = this.#machine;
    for (const act of this.#candidates) {
      const after = machine.step(next, act);
      if (after !== IMPOSSIBLE && after !== machine.step(this.#state, act)) return true;
    }
    for (const need of machine.reached(next).list) for (const act of openNeeding[need]!) if (this.#isOpen(act)) return true;
    for (const act of openFree) if (machine.constant[act] === 0 && this.#isOpen(act)) return true;
    return false;
  }

  /** Possible here; and where an open operation led here, not with the same result without it. */
  #goes(act: number, number: number, before: number): boolean {
    if (this.#progress.chains?.allows(number) === false) return false;
    const next = this.#machine.step(this.#state, act);
    return next !== IMPOSSIBLE && (before === NO_STATE || this.#machine.step(before, act) !== next);
  }

  /** Of two moves to the same state, an open one that could later do all that the other could is kept for later. */
  #dropStronger(first: number, requiredEnd: number): void {
    const { acts } = this.#lineUp;
    const moves = this.#moves;
    const machine = this.#machine;
    // By next state: the moves that lead there, as a chain of positions in the list of moves.
    const last = new Map<number, number>();
    const chain = new Map<number, number>();
    for (let at = first; at < moves.length; at++) {
      const next = machine.step(this.#state, acts[moves[at]!]!);
      const other = last.get(next);
      if (other !== undefined) chain.set(at, other);
      last.set(next, at);
    }
    if (chain.size === 0) return;

    const stays = (strong: number): boolean => {
      const act = acts[strong]!;
      for (let at = last.get(machine.step(this.#state, act)); at !== undefined; at = chain.get(at)) {
        const weak = acts[moves[at]!]!;
        if (weak !== act && machine.yields(weak, act)) return false;
      }
      return true;
    };
    const kept = moves.slice(requiredEnd).filter(stays);
    moves.length = requiredEnd;
    for (const number of kept) moves.push(number);
  }
}

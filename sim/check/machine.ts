/** A specification compiled for one part: states and acts are numbers, transitions are memoised, needs are bits. */
import type { Operation } from "./history.ts";
import type { Specification } from "./models/model.ts";

/** What {@link Machine.step} answers where an act cannot happen. */
export const IMPOSSIBLE = -1;

/** Needs, as bits and as a list. */
export interface Reached {
  readonly bits: Int32Array;
  readonly list: readonly number[];
}

export class Machine {
  /** By position in the part: the number of the operation's act, -1 where it may be left out. */
  readonly actOf: Int32Array;
  readonly acts: number;
  /** By act. */
  readonly pure: Uint8Array;
  readonly constant: Uint8Array;
  /** By act: the number of its need, -1 where it has none. */
  readonly needOf: Int32Array;
  /** By act: the needs that it gives. */
  readonly givesTo: readonly Int32Array[];
  readonly needs: number;
  readonly initial: number;
  /** What the tables hold, roughly. */
  bytes = 0;

  readonly #specification: Specification<unknown, unknown>;
  readonly #acts: unknown[] = [];
  readonly #needs = new Map<string, number>();
  readonly #states: unknown[] = [];
  readonly #stateOf = new Map<string, number>();
  readonly #reached: (Reached | undefined)[] = [];
  /** The cache of transitions: state, act and next state in a row. A later transition takes an earlier one's place. */
  readonly #cache: Int32Array;
  readonly #mask: number;

  constructor(part: readonly Operation[], specification: Specification<unknown, unknown>) {
    this.#specification = specification;
    this.actOf = this.#numberActs(part);
    this.acts = this.#acts.length;
    this.pure = Uint8Array.from(this.#acts, (act) => (specification.pure(act) ? 1 : 0));
    this.constant = Uint8Array.from(this.#acts, (act) => (specification.constant?.(act) ? 1 : 0));
    this.needOf = this.#numberNeeds();
    this.needs = this.#needs.size;
    this.givesTo = this.#acts.map((act) => this.#needsGivenBy(act));
    this.initial = this.#number(specification.initial);
    const size = 1 << Math.min(18, 32 - Math.clz32(this.acts * 32 + 1023));
    this.#mask = size - 1;
    this.#cache = new Int32Array(3 * size).fill(-1);
    this.bytes = 12 * size;
  }

  /** The state after an act, {@link IMPOSSIBLE} where it cannot happen. */
  step(state: number, act: number): number {
    const cache = this.#cache;
    const mixed = Math.imul(state, 0x9e3779b1) ^ Math.imul(act, 0x85ebca6b);
    const slot = 3 * ((mixed ^ (mixed >>> 15)) & this.#mask);
    if (cache[slot] === state && cache[slot + 1] === act) return cache[slot + 2]!;
    const after = this.#specification.step(this.#states[state], this.#acts[act]);
    const next = after === undefined ? IMPOSSIBLE : this.#number(after);
    cache[slot] = state;
    cache[slot + 1] = act;
    return (cache[slot + 2] = next);
  }

  /** The needs that are reached from a state. */
  reached(state: number): Reached {
    return (this.#reached[state] ??= this.#reachedFrom(state));
  }

  /** Whether `strong` does what `weak` does wherever that changes anything. */
  yields(weak: number, strong: number): boolean {
    return this.#specification.yields?.(this.#acts[weak], this.#acts[strong]) ?? false;
  }

  #numberActs(part: readonly Operation[]): Int32Array {
    const numbers = new Map<string, number>();
    return Int32Array.from(part, (operation) => {
      const act = this.#specification.act(operation);
      if (act === undefined) return -1;
      const text = this.#specification.actText(act);
      let number = numbers.get(text);
      if (number === undefined) {
        number = this.#acts.push(act) - 1;
        numbers.set(text, number);
      }
      return number;
    });
  }

  #numberNeeds(): Int32Array {
    return Int32Array.from(this.#acts, (act) => {
      const need = this.#specification.need?.(act);
      if (need === undefined) return -1;
      let number = this.#needs.get(need);
      if (number === undefined) this.#needs.set(need, (number = this.#needs.size));
      return number;
    });
  }

  #needsGivenBy(act: unknown): Int32Array {
    const given = this.#specification.gives?.(act, this.#needs) ?? [];
    return Int32Array.from(given.flatMap((need) => this.#needs.get(need) ?? []));
  }

  #number(state: unknown): number {
    const text = this.#specification.stateText(state);
    let number = this.#stateOf.get(text);
    if (number === undefined) {
      number = this.#states.push(state) - 1;
      this.#stateOf.set(text, number);
      this.bytes += 2 * text.length + 64;
    }
    return number;
  }

  #reachedFrom(state: number): Reached {
    const bits = new Int32Array((this.needs + 31) >>> 5);
    const needs = this.#specification.reaches?.(this.#states[state], this.#needs) ?? [...this.#needs.keys()];
    const list = needs.flatMap((need) => this.#needs.get(need) ?? []);
    for (const number of list) bits[number >>> 5]! |= 1 << (number & 31);
    this.bytes += 4 * bits.length + 8 * list.length;
    return { bits, list };
  }
}

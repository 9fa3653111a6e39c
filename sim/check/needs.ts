/** The needs of what is still to come in a search, and what is still to come that gives them. */
import type { LineUp } from "./line-up.ts";

export class Needs {
  readonly #lineUp: LineUp;
  /** By need: how many required operations still to come have it, and how many operations still to come give it. */
  readonly #wanted: Int32Array;
  readonly #supply: Int32Array;
  /** The needs that are wanted and that nothing gives any more, as bits. */
  readonly #pressing: Int32Array;
  #pressingCount = 0;

  constructor(lineUp: LineUp) {
    this.#lineUp = lineUp;
    const { machine } = lineUp;
    this.#wanted = new Int32Array(machine.needs);
    this.#supply = new Int32Array(machine.needs);
    this.#pressing = new Int32Array((machine.needs + 31) >>> 5);
    for (let number = 0; number < lineUp.acts.length; number++) this.undone(number);
    for (let need = 0; need < machine.needs; need++) this.#weigh(need);
  }

  done(number: number): void {
    this.#count(number, -1);
  }

  undone(number: number): void {
    this.#count(number, 1);
  }

  /** An operation still to come can never happen from this state on. */
  hopeless(state: number): boolean {
    if (this.#pressingCount === 0) return false;
    const reached = this.#lineUp.machine.reached(state).bits;
    for (let word = 0; word < reached.length; word++) if ((this.#pressing[word]! & ~reached[word]!) !== 0) return true;
    return false;
  }

  #count(number: number, by: 1 | -1): void {
    const { acts, machine, required } = this.#lineUp;
    const act = acts[number]!;
    const need = machine.needOf[act]!;
    if (need !== -1 && number < required) {
      this.#wanted[need]! += by;
      this.#weigh(need);
    }
    for (const given of machine.givesTo[act]!) {
      this.#supply[given]! += by;
      this.#weigh(given);
    }
  }

  #weigh(need: number): void {
    const bit = 1 << (need & 31);
    const word = need >>> 5;
    const was = (this.#pressing[word]! & bit) !== 0;
    const is = this.#wanted[need]! > 0 && this.#supply[need] === 0;
    if (was === is) return;
    this.#pressing[word]! ^= bit;
    this.#pressingCount += is ? 1 : -1;
  }
}

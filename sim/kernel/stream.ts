/**
 * Random streams: each source of chance draws from its own, named for what it decides, so that adding one leaves the
 * draws of all others as they were. The generator is Baagøe's Alea, as seedrandom ships it.
 */
import alea from "seedrandom/lib/alea.js";
import type { Alea, AleaState } from "seedrandom/lib/alea.js";

export type StreamState = AleaState;

/**
 * Alea mixes the last letters of its seed poorly: the first draws of `1/node/n1` to `1/node/n5` lie close together in
 * four of a hundred seeds, where independent ones do in one, and every first election would see too many split votes.
 * Draws later than the first few show nothing of it.
 */
const WARM_UP = 8;

/** One stream. Each method takes a fixed number of draws from the generator: next() one, all others two. */
export class Stream {
  readonly #generator: Alea;

  /** A stream that begins from a seed, or goes on from the state of another. */
  constructor(from: string | StreamState) {
    this.#generator = typeof from === "string" ? alea(from, { state: true }) : alea("", { state: from });
    if (typeof from === "string") for (let draw = 0; draw < WARM_UP; draw += 1) this.#generator();
  }

  /** From 0 up to, and without, 1: a multiple of 2^-32. */
  next(): number {
    return this.#generator();
  }

  /** From 0 up to, and without, 1: a multiple of 2^-53. */
  double(): number {
    return this.#generator.double();
  }

  /** A whole number from 0 up to, and without, n. RangeError unless n is a whole number from 1 to 2^53. */
  below(n: number): number {
    if (!(n >= 1 && n <= 2 ** 53 && Math.floor(n) === n)) throw new RangeError(`cannot draw a whole number below ${n}`);
    // (1 - 2^-53) × n rounds to a number below n for every n up to 2^53. A number's chance is off by at most 2^-53,
    // which is a share of n × 2^-53 of it.
    return Math.floor(this.#generator.double() * n);
  }

  /** A whole number from min to max, both included. RangeError unless they are safe integers in order, less than 2^53 apart. */
  between(min: number, max: number): number {
    if (!(Number.isSafeInteger(min) && Number.isSafeInteger(max) && min <= max && max - min < 2 ** 53)) {
      throw new RangeError(`cannot draw a whole number from ${min} to ${max}`);
    }
    return min + this.below(max - min + 1);
  }

  /** What the stream would go on from. */
  state(): StreamState {
    return this.#generator.state();
  }
}

/** The streams of one seed, by name. */
export class Streams {
  readonly seed: number;
  readonly #streams = new Map<string, Stream>();
  /** What streams that are in use elsewhere had come to when this was copied, until they are asked for here. */
  #copied: ReadonlyMap<string, StreamState> = new Map();

  constructor(seed: number) {
    this.seed = seed;
  }

  /** The stream of a name: the same object each time. It begins from the seed and the name alone, whenever it is first asked for. */
  get(name: string): Stream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = new Stream(this.#copied.get(name) ?? `${this.seed}/${name}`);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** Streams that go on as these would, and their own way. A stream is built when it is asked for: a copy costs little. */
  copy(): Streams {
    const copy = new Streams(this.seed);
    const states = new Map(this.#copied);
    for (const [name, stream] of this.#streams) states.set(name, stream.state());
    copy.#copied = states;
    return copy;
  }
}

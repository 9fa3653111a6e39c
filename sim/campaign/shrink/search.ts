import type { Failure, Outcome } from "../job.ts";
import type { ScenarioData } from "./data.ts";
import { fewest } from "./fewest.ts";

export type Attempt = (text: string) => Promise<Outcome> | Outcome;

/** A longer list is not tried item by item, but in so many parts. */
const MOST_SINGLE = 100;
const MOST_PARTS = 24;

/** The same invariant, or the same expectation. Of a handler that throws, also the same error. */
export function isSameFailure(one: Failure, other: Failure): boolean {
  return one.name === other.name && (one.name !== "handlers return" || one.shape === other.shape);
}

export interface SearchOptions {
  readonly attempt: Attempt;
  readonly target: Failure;
  readonly mostAttempts: number;
  /** Of all attempts together. */
  readonly mostEvents: number;
  readonly onAttempt?: ((attempts: number, isSmaller: boolean) => void) | undefined;
}

/** The smallest scenario so far that fails the same way, and what has been tried. */
export class Search {
  data: ScenarioData;
  outcome: Outcome | undefined;
  attempts = 0;
  /** The share of the events that may be spent so far. */
  share = 1;
  #events = 0;
  readonly #options: SearchOptions;
  /** Texts that do not fail the same way. */
  readonly #refuted = new Set<string>();

  constructor(data: ScenarioData, options: SearchOptions) {
    this.data = data;
    this.#options = options;
  }

  get isOver(): boolean {
    return this.attempts >= this.#options.mostAttempts || this.#events >= this.#options.mostEvents * this.share;
  }

  /**
   * Whether this fails the same way: then it is the smallest so far. `seeds`: so many others are tried too, for what is left
   * out changes what the rest draws, and the failure may only have moved.
   */
  async accepts(candidate: ScenarioData, seeds = 0): Promise<boolean> {
    if (await this.#tries(candidate)) return true;
    for (let seed = 1; seed <= seeds; seed += 1) if (await this.#tries({ ...candidate, seed })) return true;
    return false;
  }

  /** The first of them that fails the same way. */
  async acceptsOne(candidates: Iterable<ScenarioData>, seeds = 0): Promise<boolean> {
    for (const candidate of candidates) if (await this.accepts(candidate, seeds)) return true;
    return false;
  }

  /** Takes items out of a list in the data, as many as possible. `seeds`: other seeds that are tried where a large part is taken out. */
  async reduce<Item>(listOf: (data: ScenarioData) => readonly Item[], withList: (data: ScenarioData, rest: readonly Item[]) => ScenarioData, seeds = 0): Promise<void> {
    const { length } = listOf(this.data);
    const passes = async (rest: readonly Item[]): Promise<boolean> => {
      const isLarge = listOf(this.data).length - rest.length > length / 6;
      return this.accepts(withList(this.data, rest), isLarge ? seeds : 0);
    };
    await fewest(listOf(this.data), passes, length > MOST_SINGLE ? MOST_PARTS : Infinity);
  }

  async #tries(candidate: ScenarioData): Promise<boolean> {
    // JSON is YAML too, and takes far less time to write.
    const text = JSON.stringify(candidate);
    if (text === JSON.stringify(this.data)) return false; // Nothing changed.
    if (this.isOver || this.#refuted.has(text)) return false;
    this.attempts += 1;
    const outcome = await this.#options.attempt(text);
    this.#events += outcome.events;
    const isSame = outcome.kind === "fail" && outcome.failures.some((failure) => isSameFailure(failure, this.#options.target));
    this.#options.onAttempt?.(this.attempts, isSame);
    if (!isSame) {
      this.#refuted.add(text);
      return false;
    }
    this.data = candidate;
    this.outcome = outcome;
    return true;
  }
}

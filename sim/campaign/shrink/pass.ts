import type { ScenarioData } from "./data.ts";
import type { Observation } from "./observe.ts";
import type { Search } from "./search.ts";

/** What a pass works with. */
export interface Bench {
  readonly search: Search;
  /** A close look at the smallest run so far; undefined where it does not fail. */
  readonly observe: (data: ScenarioData) => Observation | undefined;
  /** What must still fail: an expectation's name, or `invariants`. */
  readonly expectation: string;
  /** How many other seeds are tried for what is drawn anew anyway. */
  readonly seeds: number;
}

/** One way of making a scenario smaller or plainer. */
export type Pass = (bench: Bench) => Promise<void>;

/** A fast way to decide the parts of a model, where it has one. */
import type { Operation } from "../history.ts";
import type { Chain } from "../zones.ts";

export type FastOutcome =
  | { readonly verdict: "fail" }
  /** The order is a legal one. What constrains nothing is not in it, and of what never returned nothing that need not have happened. */
  | { readonly verdict: "pass"; order(): readonly Operation[] }
  /** Not for this part. Where values are unique, the chains help the search that follows. */
  | { readonly verdict: "undecided"; readonly chains?: readonly Chain[] };

export interface FastWay {
  /** As verdicts name it. */
  readonly name: string;
  judge(part: readonly Operation[]): FastOutcome;
}

export const FAIL: FastOutcome = { verdict: "fail" };
export const UNDECIDED: FastOutcome = { verdict: "undecided" };

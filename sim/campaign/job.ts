/** What a campaign is made of, as plain data that goes to workers and files: its plan, its jobs, and their outcomes. */
import type { VerdictKind } from "../check/verdict.ts";
import type { Diagnostic } from "../scenario/diagnostics.ts";
import type { Override } from "../scenario/overrides.ts";

/** What all runs of a campaign share. */
export interface CampaignPlan {
  /** The scenario's text as every run of it is parsed: with its random schedule, if the campaign adds one. */
  readonly text: string;
  /** As the user named it, for messages; `-` for standard input. */
  readonly file: string;
  readonly mutant?: string | undefined;
  readonly overrides: readonly Override[];
  /** A run that takes more events has not ended: that is its outcome. */
  readonly mostEvents: number;
  /** Configurations that each consistency check may explore; undefined: the checker's own default. */
  readonly budget?: number | undefined;
  /** The metrics that outcomes carry, by the names that they have in results. None unless said otherwise. */
  readonly measure?: readonly string[] | undefined;
  /** Where the scenario's protocol is a module of the user's own. */
  readonly module?: PlannedModule | undefined;
}

/** A protocol module as one text, so that a worker needs neither its files nor what bundles them. */
export interface PlannedModule {
  /** As the scenario names it: `./my-protocol.ts`. */
  readonly name: string;
  readonly path: string;
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
  /** The source map, as JSON. */
  readonly map: string;
}

/** One run of a campaign. */
export interface Job {
  /** Its place in the campaign, from 0: outcomes are merged in this order, whoever made them and when. */
  readonly index: number;
  readonly seed: number;
  /** Settings for this run alone: a cell of an experiment, or where the search is steered to. */
  readonly overrides?: readonly Override[] | undefined;
}

/**
 * How a run of a campaign ended: as its verdict says, or without one. `endless`: it took more events than the plan
 * allows; `died`: its worker ended, ran out of memory or came to a stop; `error`: the run could not be done.
 */
export type OutcomeKind = VerdictKind | "endless" | "died" | "error";

/**
 * What a campaign keeps of one run. The same job has the same outcome on every machine, but for `died`, which depends on
 * the memory and the time that a worker has.
 */
export interface Outcome {
  readonly index: number;
  readonly seed: number;
  readonly kind: OutcomeKind;
  readonly digest: string;
  readonly events: number;
  readonly virtualNs: number;
  /** Why it failed, the first that showed first; empty unless it did. */
  readonly failures: readonly Failure[];
  /** How often each kind of fault struck somebody. */
  readonly faults: { readonly [kind: string]: number };
  /** What the run came by: states, moments, and whatever else is counted as covered. */
  readonly covered: readonly string[];
  readonly metrics: { readonly [name: string]: number | null };
  /** Of `endless`, `died` and `error`: what is known. */
  readonly message?: string | undefined;
  /** Of an `error` that is the user's, such as a protocol that reads the machine's clock: where, and what to do. */
  readonly diagnostics?: readonly Diagnostic[] | undefined;
}

/** One way in which a run failed. */
export interface Failure {
  /** The invariant's or the expectation's name. */
  readonly name: string;
  readonly message: string;
  /** What tells kinds of failures apart: the name, and what of the message does not depend on the run. */
  readonly shape: string;
  /** The event that it points to; -1 where there is none. */
  readonly event: number;
}

/** What a campaign would have found: the same runs of each of the protocol's mutants, and what caught each of them. */
import type { AnyProtocol, Mutant } from "../protocol.ts";
import type { Override } from "../scenario/overrides.ts";
import type { Expectation } from "../scenario/scenario.ts";
import { rulesOf } from "./rules.ts";
import type { FoundFailure, HuntReport } from "./tally.ts";

/** Who caught it: an invariant over what the nodes show, a checker of what the clients saw, or another expectation of the scenario. */
export type Catcher = "invariant" | "checker" | "expectation";

export interface AuditedMutant {
  /** `raft/local-reads`. */
  readonly name: string;
  readonly summary: string;
  /** Null where it was not tried: without the options that it needs, there is nothing to find. */
  readonly caught: boolean | null;
  /** What failed first, with the seed of that run. */
  readonly by?: { readonly kind: Catcher; readonly name: string; readonly seed: number; readonly message: string } | undefined;
  /** Whatever else was found, by name. */
  readonly also: readonly string[];
  /** Until it was caught, that run included; all of them where it was not. */
  readonly runs: number;
  readonly events: number;
  readonly withoutVerdict: number;
  /** Options that it was run under, or would have to be run under, beside the scenario's. */
  readonly needs?: NonNullable<Mutant["needs"]> | undefined;
  /** Whether any run came to what it changes; undefined where nobody can tell. */
  readonly reached?: boolean | undefined;
  readonly wallTimeMs: number;
}

/** The options that a mutant needs and that are not as it needs them. */
export function unmetNeeds({ needs = {} }: Mutant, options: { readonly [name: string]: unknown }): { [option: string]: string | number | boolean } {
  return Object.fromEntries(Object.entries(needs).filter(([name, value]) => options[name] !== value));
}

export function asOverrides(needs: NonNullable<Mutant["needs"]>): Override[] {
  return Object.entries(needs).map(([name, value]) => ({ path: `options.${name}`, value: String(value) }));
}

/** What a campaign of a mutant's came to. `expect`: what its scenario expects. */
export function audited(name: string, mutant: Mutant, expect: readonly Expectation[], { failures, runs, events, outcomes, covered }: HuntReport, wallTimeMs: number): AuditedMutant {
  const [first, ...others] = failures;
  const reached = isReached(mutant, covered);
  return {
    name,
    summary: mutant.summary,
    caught: first !== undefined,
    ...(first !== undefined && { by: { kind: catcherOf(first, expect), name: first.name, seed: first.job.seed, message: first.message } }),
    also: [...new Set([...(first?.also ?? []), ...others.map((other) => other.name)])].filter((other) => other !== first?.name),
    runs,
    events,
    withoutVerdict: runs - outcomes.pass - outcomes.fail,
    ...(mutant.needs !== undefined && { needs: mutant.needs }),
    ...(reached !== undefined && { reached }),
    wallTimeMs: Math.round(wallTimeMs),
  };
}

/** A mutant that the campaign's own options leave nothing of. */
export function notTried(name: string, { summary }: Mutant, needs: NonNullable<Mutant["needs"]>): AuditedMutant {
  return { name, summary, caught: null, also: [], runs: 0, events: 0, withoutVerdict: 0, needs, wallTimeMs: 0 };
}

function catcherOf({ name }: FoundFailure, expect: readonly Expectation[]): Catcher {
  const asked = expect.find((one) => name === (one.type === "consistency" ? one.level : one.type === "metric" ? one.metric : one.type));
  return asked === undefined || asked.type === "invariants" ? "invariant" : asked.type === "consistency" ? "checker" : "expectation";
}

/** Whether what it replaces was ever called. Of what is asked of the disk alone, nothing is known. */
function isReached({ rules, onMessage, onTimer, onRequest }: Mutant, covered: HuntReport["covered"]): boolean | undefined {
  const replaced = rulesOf({ rules, onMessage, onTimer, onRequest } as unknown as AnyProtocol);
  return replaced.length === 0 ? undefined : replaced.some((rule) => covered[rule] !== undefined);
}

/** What two runs were given differently: the program, the protocol, its mutant, the seed, the cluster, the scenario's settings. */
import { differingParts, type FieldDifference } from "../trace/compare.ts";
import type { TraceFooter, TraceHeader } from "../trace/event.ts";

/** What is looked at of a run. */
export interface GivenRun {
  readonly header: TraceHeader;
  readonly footer: Pick<TraceFooter, "result">;
}

export interface GivenDifference {
  readonly what: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** All that a trace says beforehand, but for the scenario's settings, of which {@link differingSettings} tells. */
export function differencesGiven(a: GivenRun, b: GivenRun): GivenDifference[] {
  const [ofA, ofB] = [givenTo(a), givenTo(b)];
  const differs = (what: string): boolean => JSON.stringify(ofA[what]) !== JSON.stringify(ofB[what]);
  return Object.keys(ofA).filter(differs).map((what) => ({ what, a: ofA[what], b: ofB[what] }));
}

function givenTo({ header, footer }: GivenRun): { readonly [what: string]: unknown } {
  const { program, protocol, seed, scenario, nodes, clients, durationNs } = header;
  return { program, protocol, mutant: mutantOf(footer.result), seed, scenario, nodes, clients, durationNs };
}

/** The mutant that a run's result names; null for the protocol as it is. */
export function mutantOf(result: unknown): string | null {
  const { mutant } = (typeof result === "object" && result !== null ? result : {}) as { readonly mutant?: unknown };
  return typeof mutant === "string" ? mutant : null;
}

/** Told by {@link differencesGiven} already. */
const told = /^(version|protocol|seed|name|duration|nodes(\..*)?|options\.mutant)$/;

/** The settings in which two scenarios differ, each by its path: from their files, read as plain data. */
export function differingSettings(a: unknown, b: unknown): FieldDifference[] {
  return differingParts(recordOf(a), recordOf(b)).filter((one) => !told.test(one.field) && !isOnlyMutant(one));
}

/** One side has no `options` but for the mutant. */
function isOnlyMutant({ field, a, b }: FieldDifference): boolean {
  const only = recordOf(a ?? b);
  return field === "options" && (a === undefined || b === undefined) && Object.keys(only).join() === "mutant";
}

function recordOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null ? (value as { readonly [key: string]: unknown }) : {};
}

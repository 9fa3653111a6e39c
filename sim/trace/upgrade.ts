/**
 * How a trace of an older version is read: for each version that was ever released, one step that turns what it says
 * into the next one's words. The fields need none of it: a trace's header describes its own.
 */
import { type Annotation, TRACE_VERSION, type TraceEvent, type TraceHeader } from "./event.ts";
import type { PlainTraceState } from "./state.ts";

/** One step, from a version to the next. What is left out is the same in both. */
export interface Upgrade {
  header?(header: TraceHeader): TraceHeader;
  /** Changes the event in place. */
  event?(event: TraceEvent): void;
  annotation?(annotation: Annotation): Annotation;
  /** Of a keyframe. */
  state?(state: PlainTraceState): PlainTraceState;
}

/** By the version that it starts from. */
export type UpgradeTable = { readonly [version: number]: Upgrade };

/** Version 1 is the first: there is nothing to upgrade yet. */
export const upgrades: UpgradeTable = {};

/** The steps from a version to this program's, in order; undefined where one is missing, as no such version was released. */
export function upgradesFrom(version: number, table: UpgradeTable = upgrades): readonly Upgrade[] | undefined {
  const steps: Upgrade[] = [];
  for (let from = version; from < TRACE_VERSION; from += 1) {
    const step = table[from];
    if (step === undefined) return undefined;
    steps.push(step);
  }
  return steps;
}

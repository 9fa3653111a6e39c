/** A sweep as `sweep --json` prints it (version 1; fields are only ever added). */
import type { VerdictKind } from "../../check/verdict.ts";
import type { Comparison, Reference } from "./reference.ts";
import type { Summary } from "./summary.ts";
import { unitOf, type SweepReport, type SweptCell } from "./sweep.ts";

export interface SweepJson {
  readonly version: 1;
  readonly scenario: string;
  readonly protocol: string;
  readonly mutant?: string | undefined;
  /** The first of the seeds under which every cell was run. */
  readonly seed: number;
  readonly runs: number;
  readonly events: number;
  readonly verdict: VerdictKind;
  readonly interrupted?: boolean | undefined;
  readonly outcomes: SweptCell["kinds"];
  readonly cells: readonly SweptCellJson[];
  readonly failures: readonly { readonly name: string; readonly message: string; readonly runs: number; readonly seed: number; readonly settings: SweptCell["settings"] }[];
  readonly reference?: ReferenceJson | undefined;
  readonly wallTimeMs: number;
  readonly files: { readonly table?: string; readonly page?: string; readonly result?: string };
}

export interface SweptCellJson {
  readonly settings: { readonly [path: string]: string };
  readonly runs: number;
  readonly verdicts: SweptCell["kinds"];
  /** By the metric's name; null where no run had a value. Names of durations in nanoseconds end in `Ns`. */
  readonly metrics: { readonly [metric: string]: { readonly [figure: string]: unknown } | null };
}

export interface ReferenceJson {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly notes: readonly string[];
  readonly cells: readonly object[];
}

export const cellsJson = (cells: readonly SweptCell[]): SweptCellJson[] =>
  cells.map(({ settings, runs, kinds, metrics }) => ({
    settings,
    runs,
    verdicts: kinds,
    metrics: Object.fromEntries(Object.entries(metrics).map(([metric, summary]) => [metric, summary && summaryJson(summary, unitOf(metric) === "duration")])),
  }));

const COUNTS = new Set(["measured", "missing", "pairs", "correlation"]);

/** Durations are whole nanoseconds under names that end in `Ns`. */
function summaryJson(summary: Summary, isDuration: boolean): { [figure: string]: unknown } {
  const json: { [figure: string]: unknown } = {};
  for (const [figure, value] of Object.entries(summary) as [string, unknown][]) {
    if (value === undefined) continue;
    if (figure === "difference") json[figure] = summaryJson(value as Summary, isDuration);
    else if (COUNTS.has(figure) || !isDuration) json[figure] = value;
    else json[`${figure}Ns`] = rounded(value);
  }
  return json;
}

function rounded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rounded);
  return typeof value === "number" ? Math.round(value) : value;
}

export function referenceJson({ name, title, source, notes, metric }: Reference, comparisons: readonly Comparison[]): ReferenceJson {
  const isDuration = unitOf(metric) === "duration";
  const [reference, measured] = isDuration ? ["referenceNs", "measuredNs"] : ["reference", "measured"];
  const cells = comparisons.map(({ settings, metric: of, trials, runs, distance, criticalDistance, quantiles }) => ({
    settings,
    metric: of,
    trials,
    runs,
    distance,
    criticalDistance,
    quantiles: quantiles.map((one) => ({ quantile: one.quantile, [reference as string]: rounded(one.reference), [measured as string]: rounded(one.measured), ratio: one.measured === null ? null : one.measured / one.reference })),
  }));
  return { name, title, source, notes, cells };
}

/** Fail beats what could not be decided, and that beats pass. */
export function sweepVerdict({ campaign: { outcomes, runs } }: SweepReport): VerdictKind {
  if (outcomes.fail > 0) return "fail";
  return outcomes.pass === runs && runs > 0 ? "pass" : "unknown";
}

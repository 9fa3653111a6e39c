/** What the page of a sweep is made from, as the command line writes it into the page. */

export type Unit = "count" | "ratio" | "duration" | "bytes" | "money" | "number";

export interface SweepPage {
  readonly title: string;
  readonly description: string;
  /** `raft · 5 cells, each under 1,000 seeds from 1`, and the like. */
  readonly facts: readonly string[];
  readonly verdict: "pass" | "fail" | "unknown";
  /** What came of how many runs, in words. */
  readonly outcomes: string;
  readonly failures: readonly string[];
  readonly axes: readonly AxisData[];
  readonly cells: readonly CellData[];
  readonly metrics: { readonly [metric: string]: { readonly unit: Unit; readonly summary: string } };
  readonly plots: readonly PlotData[];
  readonly reference?: ReferenceData | undefined;
  /** What makes this page again. */
  readonly command: string;
  readonly program: string;
}

/** A setting that varies. */
export interface AxisData {
  readonly path: string;
  readonly values: readonly string[];
  /** The values as numbers, where all of them are quantities of one kind. */
  readonly numbers?: readonly number[] | undefined;
  readonly unit: Unit;
}

export interface CellData {
  /** For each axis which of its values, by position. */
  readonly at: readonly number[];
  readonly runs: number;
  readonly passed: number;
  readonly figures: { readonly [metric: string]: Figures | null };
}

export interface Figures {
  readonly measured: number;
  readonly missing: number;
  readonly mean: number;
  readonly ci95: readonly [number, number] | null;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly difference?: { readonly mean: number; readonly ci95: readonly [number, number] | null; readonly pairs: number; readonly correlation: number | null } | undefined;
  /** The distribution over the runs; thinned out where there are very many. */
  readonly curve: Steps;
  /** The run with the greatest value. */
  readonly extreme: { readonly value: number; readonly seed: number; readonly command: string };
}

/** The share of all runs that is at most a value, at each value where it rises. */
export interface Steps {
  readonly values: readonly number[];
  readonly shares: readonly number[];
}

export interface PlotData {
  readonly kind: "cdf" | "line" | "heat";
  readonly metric: string;
  /** Positions of axes. */
  readonly by: readonly number[];
  readonly x: "linear" | "log";
  readonly y: "linear" | "log";
}

export interface ReferenceData {
  readonly title: string;
  readonly source: string;
  readonly notes: readonly string[];
  readonly metric: string;
  /** By the position of the cell. */
  readonly cells: readonly {
    readonly cell: number;
    readonly curve: Steps;
    /** True where the curve is a line of single quantiles, between which nothing is known. */
    readonly isSparse: boolean;
    readonly trials: number | null;
    readonly distance: number;
    readonly criticalDistance: number | null;
    readonly quantiles: readonly { readonly quantile: number; readonly reference: number; readonly measured: number | null }[];
  }[];
}

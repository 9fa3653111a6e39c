/**
 * Published figures, as a table: lines `# name: value` say what they are, then comes a line with the names of the curves,
 * which are the values of the setting that `by` names, and then a line a trial (the order of a column means nothing), or,
 * where the first column is called `quantile`, a line a quantile.
 */
import type { Diagnostic } from "../../scenario/diagnostics.ts";
import { InputError } from "../../scenario/diagnostics.ts";
import { criticalDistance, distance, staircaseOf, type Staircase } from "../statistics/distance.ts";
import { percentile, sorted } from "../statistics/sample.ts";
import { resultName, type SweptCell } from "./sweep.ts";

export interface Reference {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly notes: readonly string[];
  readonly metric: string;
  /** The path whose values tell the curves apart; "" where there is one curve. */
  readonly by: string;
  readonly curves: readonly Curve[];
}

export interface Curve {
  /** The setting's value, as the experiment calls it. */
  readonly label: string;
  /** In the metric's unit: durations in nanoseconds. */
  readonly steps: Staircase;
  /** How many trials there were; null where that is not known. */
  readonly trials: number | null;
  /** False: the steps are quantiles, and between them nothing is known. */
  readonly isWhole: boolean;
}

/** A cell beside its published curve. */
export interface Comparison {
  readonly settings: SweptCell["settings"];
  readonly metric: string;
  readonly trials: number | null;
  readonly runs: number;
  /** The largest difference of the shares of all that are at most a value; of quantiles, the largest at one of them. */
  readonly distance: number;
  /** Two samples of these sizes from one distribution are farther apart in 5 % of all cases; null where a size is not known. */
  readonly criticalDistance: number | null;
  readonly quantiles: readonly { readonly quantile: number; readonly reference: number; readonly measured: number | null }[];
}

const SCALES: { readonly [unit: string]: number } = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, "": 1, "%": 0.01 };
const QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/** Throws an InputError with what is wrong. */
export function readReference(name: string, file: string, text: string): Reference {
  const lines = text.split(/\r?\n/);
  const facts = new Map<string, string[]>();
  for (const line of lines) {
    const [, key, value] = /^#\s*(\w+):\s*(.*)$/.exec(line) ?? [];
    if (key !== undefined) facts.set(key, [...(facts.get(key) ?? []), value as string]);
  }
  const fact = (key: string): string => facts.get(key)?.[0] ?? "";
  const rows = lines.map((line, at) => ({ line, number: at + 1 })).filter(({ line }) => line.trim() !== "" && !line.startsWith("#"));
  const fail = (number: number, message: string): never => {
    throw new InputError([{ file, line: number, column: 1, message, excerpt: lines[number - 1] ?? "" } satisfies Diagnostic]);
  };
  if (fact("metric") === "") fail(1, "a table of published figures names its metric: # metric: election.time");
  const scale = SCALES[fact("unit")] ?? fail(1, `${fact("unit")} is not a unit: ns, us, ms, s or %`);
  const [heading, ...body] = rows;
  if (heading === undefined || body.length === 0) return fail(lines.length, "there are no figures here");
  const labels = heading.line.split(",").map((label) => label.trim());
  const columns = columnsOf(body, labels.length, fail);
  const trials = fact("trials") === "" ? null : Number(fact("trials"));
  const curves = labels[0] === "quantile" ? quantileCurves(labels, columns, scale, trials) : labels.map((label, at) => sampleCurve(label, columns[at] as number[], scale));
  return { name, title: fact("title"), source: fact("source"), notes: facts.get("note") ?? [], metric: fact("metric"), by: fact("by"), curves };
}

/** Each column's numbers; cells may be empty. */
function columnsOf(rows: readonly { line: string; number: number }[], width: number, fail: (number: number, message: string) => never): number[][] {
  const columns: number[][] = Array.from({ length: width }, () => []);
  for (const { line, number } of rows) {
    const cells = line.split(",");
    if (cells.length !== width) fail(number, `this line has ${cells.length} cells, and the heading ${width}`);
    cells.forEach((cell, at) => {
      if (cell.trim() === "") return;
      const value = /^-?[\d.]+(e-?\d+)?%?$/i.test(cell.trim()) ? Number(cell.replace("%", "")) : NaN;
      if (Number.isNaN(value)) fail(number, `expected a number, found \`${cell.trim()}\``);
      (columns[at] as number[]).push(cell.trim().endsWith("%") ? value / 100 : value);
    });
  }
  return columns;
}

function sampleCurve(label: string, values: readonly number[], scale: number): Curve {
  return { label, steps: staircaseOf(sorted(values.map((value) => value * scale))), trials: values.length, isWhole: true };
}

function quantileCurves(labels: readonly string[], columns: readonly number[][], scale: number, trials: number | null): Curve[] {
  const shares = Float64Array.from(columns[0] as number[]);
  return labels.slice(1).map((label, at) => ({ label, trials, isWhole: false, steps: { values: Float64Array.from(columns[at + 1] as number[], (value) => value * scale), shares } }));
}

/** Every cell that has a published curve, beside it. */
export function compareWith(reference: Reference, cells: readonly SweptCell[]): Comparison[] {
  return cells.flatMap((cell) => {
    const curve = curveOf(reference, cell.settings);
    const values = cell.samples.of(resultName(reference.metric)).filter((value) => !Number.isNaN(value));
    return curve === undefined || values.length === 0 ? [] : [compareOne(reference.metric, curve, cell, sorted(values))];
  });
}

export function curveOf({ by, curves }: Reference, settings: SweptCell["settings"]): Curve | undefined {
  return by === "" ? curves[0] : curves.find(({ label }) => label === settings[by]);
}

function compareOne(metric: string, { steps, trials, isWhole }: Curve, { settings, runs }: SweptCell, inOrder: Float64Array): Comparison {
  const measured = staircaseOf(inOrder, runs);
  const far = isWhole ? distance(steps, measured) : Math.max(...Array.from(steps.values, (value, at) => Math.abs(shareAt(measured, value) - (steps.shares[at] as number))));
  const quantiles = isWhole
    ? QUANTILES.map((quantile) => ({ quantile, reference: percentile(steps.values, Math.round(quantile * 1000)) }))
    : Array.from(steps.shares, (quantile, at) => ({ quantile, reference: steps.values[at] as number }));
  const isReached = (quantile: number): boolean => quantile * runs <= inOrder.length;
  return {
    settings,
    metric,
    trials,
    runs,
    distance: far,
    criticalDistance: trials === null ? null : criticalDistance(trials, runs),
    // Among all runs, those without a value included: they would have come later than all others.
    quantiles: quantiles.map(({ quantile, reference }) => ({ quantile, reference, measured: isReached(quantile) ? (inOrder[Math.max(1, Math.ceil(quantile * runs)) - 1] as number) : null })),
  };
}

/** The share of all that is at most a value. */
function shareAt({ values, shares }: Staircase, value: number): number {
  let share = 0;
  for (let at = 0; at < values.length && (values[at] as number) <= value; at += 1) share = shares[at] as number;
  return share;
}

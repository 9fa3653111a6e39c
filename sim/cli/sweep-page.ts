/** The page of a sweep: one file with everything in it, that opens without a network and without a server. */
import { readFileSync } from "node:fs";
import type { Comparison } from "../campaign/sweep/reference.ts";
import { curveOf, type Reference } from "../campaign/sweep/reference.ts";
import { numbersOf } from "../campaign/sweep/scale.ts";
import { resultName, unitOf, type SweptCell } from "../campaign/sweep/sweep.ts";
import { sweepVerdict } from "../campaign/sweep/json.ts";
import { formatCount } from "../explain/index.ts";
import { metricInfo } from "../metrics/index.ts";
import type { Axis, Plot } from "../scenario/scenario.ts";
import { VERSION } from "../version.ts";
import type { AxisData, CellData, Figures, PlotData, ReferenceData, Steps, SweepPage } from "../../viz/sweep/data.ts";
import type { Args } from "./command.ts";
import { packagePath } from "./package.ts";
import type { SweepCampaign } from "./sweep-campaign.ts";
import type { PlannedSweep } from "./sweep-plan.ts";

/** How the user called the program. */
export interface SweepCall {
  readonly program: string;
  readonly scenario: string;
  readonly args: Args;
}

export function pageOf(planned: PlannedSweep, campaign: SweepCampaign, comparisons: readonly Comparison[], call: SweepCall): string {
  const template = readFileSync(packagePath(".dist", "sweep.html"), "utf8");
  const data = JSON.stringify(dataOf(planned, campaign, comparisons, call)).replaceAll("<", "\\u003c");
  return template.replace("/*data*/", () => data);
}

function dataOf(planned: PlannedSweep, { report }: SweepCampaign, comparisons: readonly Comparison[], call: SweepCall): SweepPage {
  const { scenario, sweep, experiment, reference } = planned;
  const { cells, campaign } = report;
  const measured = sweep.measure.filter((metric) => cells.some(({ metrics }) => metrics[metric] != null));
  const { runs, events, failures, outcomes } = campaign;
  const mutant = scenario.mutant === undefined ? "" : ` with the mutant ${scenario.mutant}`;
  return {
    title: scenario.name,
    description: scenario.description.replace(/\s+/g, " ").trim(),
    facts: [`${scenario.protocolName}${mutant}`, `${formatCount(cells.length)} ${cells.length === 1 ? "cell" : "cells"} × ${formatCount(sweep.repeat)} seeds from ${sweep.firstSeed}`, `${formatCount(runs)} runs, ${formatCount(events)} events`],
    verdict: sweepVerdict(report),
    outcomes: outcomes.pass === runs ? `all ${formatCount(runs)} runs passed` : `${formatCount(outcomes.pass)} of ${formatCount(runs)} runs passed`,
    failures: failures.map(({ name, message, runs: times, job }) => `${name}: ${message} (${formatCount(times)} runs, first with seed ${job.seed})`),
    axes: experiment.axes.map(axisData),
    cells: cells.map((cell, at) => cellData(cell, at, planned, measured, call)),
    metrics: Object.fromEntries(measured.map((metric) => [metric, { unit: unitOf(metric), summary: metricInfo(metric)?.summary ?? "" }])),
    plots: plotsFor(planned, measured),
    reference: reference && referenceData(reference, comparisons, cells),
    command: `${call.program} sweep ${quoted(call.scenario)} --runs ${sweep.repeat} --seed ${sweep.firstSeed}${givenText(call.args)}`,
    program: VERSION,
  };
}

function axisData({ path, values }: Axis): AxisData {
  const labels = values.map(({ label }) => label);
  const { numbers, unit } = numbersOf(labels);
  return { path, values: labels, unit, ...(numbers !== undefined && { numbers }) };
}

function cellData(cell: SweptCell, index: number, planned: PlannedSweep, measured: readonly string[], call: SweepCall): CellData {
  const { axes } = planned.experiment;
  const figures = measured.map((metric): [string, Figures | null] => [metric, figuresOf(cell, metric, index, planned, call)]);
  return { at: axes.map(({ path, values }) => values.findIndex(({ label }) => label === cell.settings[path])), runs: cell.runs, passed: cell.kinds.pass, figures: Object.fromEntries(figures) };
}

function figuresOf(cell: SweptCell, metric: string, index: number, { sweep }: PlannedSweep, { program, scenario, args }: SweepCall): Figures | null {
  const summary = cell.metrics[metric];
  if (summary == null) return null;
  const values = cell.samples.of(resultName(metric));
  const most = values.indexOf(summary.max);
  const seed = cell.samples.outcomes[most]?.seed ?? sweep.firstSeed;
  const settings = (sweep.cells[index]?.overrides ?? []).map(({ path, value }) => ` --set ${quoted(`${path}=${plain(value)}`)}`).join("");
  const { measured, missing, mean, ci95, p50, p95, p99, max, difference } = summary;
  const inOrder = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const command = `${program} run ${quoted(scenario)} --seed ${seed}${settings}${givenText(args)}`;
  return { measured, missing, mean, ci95, p50, p95, p99, max, difference, curve: stepsOf(inOrder, cell.runs), extreme: { value: max, seed, command } };
}

/** More steps than a screen has columns cannot be seen. */
const MOST_STEPS = 1000;

/** Evenly over the ranks, the last included. */
function stepsOf(inOrder: readonly number[], total: number): Steps {
  const count = Math.min(MOST_STEPS, inOrder.length);
  const ranks = Array.from({ length: count }, (_, at) => Math.ceil(((at + 1) / count) * inOrder.length));
  return { values: ranks.map((rank) => inOrder[rank - 1] as number), shares: ranks.map((rank) => rank / total) };
}

/** As the experiment asks; where it asks for none, what suits the number of settings that vary. */
function plotsFor({ experiment: { plots, axes } }: PlannedSweep, measured: readonly string[]): PlotData[] {
  const asked = plots.filter(({ metric }) => measured.includes(metric));
  const usual = (): Plot[] => measured.map((metric) => ({ kind: usualKind(axes), metric, by: axes.map(({ path }) => path), x: "linear", y: "linear" }));
  return (plots.length > 0 ? asked : usual()).map(({ by, ...plot }) => ({ ...plot, by: by.map((path) => axes.findIndex((axis) => axis.path === path)) }));
}

function usualKind(axes: readonly Axis[]): Plot["kind"] {
  if (axes.length === 2) return "heat";
  const isLine = axes.length > 2 || (axes.length === 1 && numbersOf(axes[0]?.values.map(({ label }) => label) ?? []).numbers !== undefined);
  return isLine ? "line" : "cdf";
}

function referenceData(reference: Reference, comparisons: readonly Comparison[], cells: readonly SweptCell[]): ReferenceData {
  const { title, source, notes, metric } = reference;
  const shown = comparisons.flatMap(({ settings, distance, criticalDistance, quantiles, trials }) => {
    const curve = curveOf(reference, settings);
    const cell = cells.findIndex((one) => one.settings === settings);
    if (curve === undefined || cell < 0) return [];
    return [{ cell, curve: { values: [...curve.steps.values], shares: [...curve.steps.shares] }, isSparse: !curve.isWhole, trials, distance, criticalDistance, quantiles }];
  });
  return { title, source, notes, metric, cells: shown };
}

/** What was given besides, as it would be typed. */
function givenText(args: Args): string {
  const mutant = args.text("mutant");
  const settings = args.texts("set").map((text) => ` --set ${quoted(text)}`).join("");
  return `${mutant === undefined ? "" : ` --mutant ${quoted(mutant)}`}${settings}`;
}

/** A JSON text as YAML has it without quotes, where it needs none. */
const plain = (value: string): string => (/^"[\w.%/()\s-]*"$/.test(value) && !/^"[-\d.]*"$|^"(true|false|null)"$/.test(value) ? value.slice(1, -1) : value);

/** For a shell. */
const quoted = (text: string): string => (/^[\w./=%,:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

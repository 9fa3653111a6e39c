/** A sweep's report for the terminal: a table for each metric, what failed, and how it compares with what was published. */
import type { OutcomeKind } from "../campaign/job.ts";
import type { SweepJson } from "../campaign/sweep/json.ts";
import type { Comparison } from "../campaign/sweep/reference.ts";
import type { Difference, Summary } from "../campaign/sweep/summary.ts";
import { unitOf, type SweptCell } from "../campaign/sweep/sweep.ts";
import { formatCount, formatDuration, formatMetric, NOTHING } from "../explain/index.ts";
import type { MetricUnit } from "../metrics/index.ts";
import type { SweepCampaign } from "./sweep-campaign.ts";
import type { PlannedSweep } from "./sweep-plan.ts";
import { alignRows, wrap, type Paint } from "./terminal.ts";

export interface SweepReportInput {
  readonly planned: PlannedSweep;
  readonly campaign: SweepCampaign;
  readonly comparisons: readonly Comparison[];
  readonly json: SweepJson;
}

interface Style {
  readonly paint: Paint;
  readonly columns: number;
  readonly isQuiet: boolean;
}

const NS_PER_MS = 1_000_000;

export function formatSweep(input: SweepReportInput, style: Style): string {
  const tables = input.planned.sweep.measure.map((metric) => table(metric, input.campaign.report.cells, style));
  if (style.isQuiet) return summaryLine(input.json);
  const sections = [header(input, style), ...tables, outcomes(input, style), published(input, style), ending(input, style)];
  return sections.filter((section) => section !== "").join("\n\n");
}

function header({ planned: { scenario, sweep }, campaign: { report, elapsedMs } }: SweepReportInput, { paint, columns }: Style): string {
  const { runs, events } = report.campaign;
  const mutant = scenario.mutant === undefined ? "" : ` with the mutant ${scenario.mutant}`;
  const cells = sweep.cells.length === 1 ? "one cell" : `${formatCount(sweep.cells.length)} cells, each`;
  const facts = [
    `${scenario.protocolName}${mutant} · ${cells} under ${formatCount(sweep.repeat)} seeds from ${sweep.firstSeed}`,
    `${formatCount(runs)} runs · ${formatCount(events)} events in ${formatDuration(elapsedMs * NS_PER_MS)}`,
  ];
  const about = scenario.description === "" ? [] : [wrap(scenario.description.replace(/\s+/g, " ").trim(), columns)];
  return [paint.bold(scenario.name), ...about, ...facts.map((line) => paint.dim(line))].join("\n");
}

/** Longer settings would push the figures out of sight. */
const WIDEST_SETTING = 28;

function settingsOf(settings: SweptCell["settings"]): string[] {
  return Object.values(settings).map((label) => (label.length > WIDEST_SETTING ? `${label.slice(0, WIDEST_SETTING - 1)}…` : label));
}

/** The figures of one metric, a line a cell; nothing where no run had a value. */
function table(metric: string, cells: readonly SweptCell[], { paint }: Style): string {
  if (cells.every(({ metrics }) => metrics[metric] === null)) return "";
  const unit = unitOf(metric);
  const hasDifferences = cells.length > 1;
  const isMissing = cells.some(({ metrics }) => (metrics[metric]?.missing ?? 1) > 0);
  const paths = Object.keys(cells[0]?.settings ?? {});
  const titles = [...paths, "mean", "95 % interval", "p50", "p95", "p99", ...(isMissing ? ["without"] : []), ...(hasDifferences ? ["from the first"] : [])];
  const rows = cells.map(({ settings, metrics, runs }) => {
    const summary = metrics[metric] ?? null;
    const figures = summary === null ? titles.slice(paths.length, paths.length + 5).map(() => NOTHING) : figuresOf(summary, unit);
    return [...settingsOf(settings), ...figures, ...(isMissing ? [formatCount(summary?.missing ?? runs)] : []), ...(hasDifferences ? [differenceText(summary?.difference, unit)] : [])];
  });
  const [heading, ...lines] = alignRows([titles, ...rows]);
  return [paint.bold(paint.cyan(metric)), `  ${paint.dim(heading as string)}`, ...lines.map((line) => `  ${line}`)].join("\n");
}

function figuresOf({ mean, ci95, p50, p95, p99 }: Summary, unit: MetricUnit): string[] {
  return [figure(mean, unit), intervalText(ci95, unit), figure(p50, unit), figure(p95, unit), figure(p99, unit)];
}

/** A mean of counts is no count. */
const figure = (value: number, unit: MetricUnit): string => formatMetric(value, unit === "count" && !Number.isInteger(value) ? "number" : unit);

function intervalText(interval: readonly [number, number] | null, unit: MetricUnit): string {
  return interval === null ? NOTHING : `${figure(interval[0], unit)}..${figure(interval[1], unit)}`;
}

/** `-1.19s (-1.26s..-1.12s)`, seed by seed. */
function differenceText(difference: Difference | undefined, unit: MetricUnit): string {
  if (difference === undefined) return NOTHING;
  const { mean, ci95 } = difference;
  return `${mean > 0 ? "+" : ""}${figure(mean, unit)} (${intervalText(ci95, unit)})`;
}

const kindWords: { readonly [Kind in OutcomeKind]: string } = {
  pass: "passed",
  fail: "failed",
  unknown: "were not decided",
  endless: "were not over within their budget of events",
  died: "took their worker down",
  error: "could not be done",
};

/** What did not pass. */
function outcomes({ campaign: { report } }: SweepReportInput, { paint, columns }: Style): string {
  const { campaign, cells } = report;
  const lines = campaign.failures.map(({ name, message, runs, job }) => {
    const settings = settingsOf(cells[job.index % cells.length]?.settings ?? {}).join(", ");
    const where = `${formatCount(runs)} of ${formatCount(campaign.runs)} runs, first with seed ${job.seed}${settings === "" ? "" : ` and ${settings}`}`;
    return `  ${paint.red("✗")} ${wrap(`${name}: ${message} (${where})`, columns - 4, "    ")}`;
  });
  for (const { kind, message, runs, seed } of campaign.withoutVerdict) {
    lines.push(`  ${paint.yellow("?")} ${wrap(`${formatCount(runs)} of ${formatCount(campaign.runs)} runs ${kindWords[kind]}${message === "" ? "" : `: ${message}`} (first with seed ${seed})`, columns - 4, "    ")}`);
  }
  return lines.length === 0 ? "" : [paint.bold(paint.cyan("What did not pass")), ...lines].join("\n");
}

const SHOWN_QUANTILES = [0.5, 0.95, 0.99];

/** Every cell beside its published curve. */
function published({ planned: { reference }, comparisons }: SweepReportInput, { paint, columns }: Style): string {
  if (reference === undefined) return "";
  const heading = paint.bold(paint.cyan("Beside what was published"));
  const about = wrap(`${reference.title}. ${reference.source}.`, columns - 2, "  ");
  if (comparisons.length === 0) return [heading, `  ${about}`, "  It has no curve for any of these cells."].join("\n");
  const unit = unitOf(reference.metric);
  const paths = Object.keys(comparisons[0]?.settings ?? {});
  const rows = comparisons.map(({ settings, quantiles, distance, criticalDistance, trials }) => {
    const shown = SHOWN_QUANTILES.map((share) => quantiles.find(({ quantile }) => quantile === share));
    const texts = shown.map((one) => (one === undefined ? NOTHING : ratioText(one.measured, one.reference, unit)));
    const critical = criticalDistance === null ? "" : ` (${criticalDistance.toFixed(3)})`;
    return [...settingsOf(settings), ...texts, `${distance.toFixed(3)}${critical}`, trials === null ? NOTHING : formatCount(trials)];
  });
  const [titles, ...lines] = alignRows([[...paths, "p50", "p95", "p99", "distance", "trials"], ...rows]);
  const legend = wrap("Each figure is ours, and how far it lies from the published one. The distance is Kolmogorov and Smirnov's; in brackets the one that two samples of the same distribution exceed in 5 % of all cases.", columns - 2, "  ");
  return [heading, `  ${about}`, `  ${paint.dim(titles as string)}`, ...lines.map((line) => `  ${line}`), `  ${paint.dim(legend)}`].join("\n");
}

/** `273ms -4.9%`. */
function ratioText(measured: number | null, reference: number, unit: MetricUnit): string {
  if (measured === null) return `${NOTHING} of ${figure(reference, unit)}`;
  const percent = (measured / reference - 1) * 100;
  return `${figure(measured, unit)} ${percent > 0 ? "+" : ""}${percent.toFixed(1)}%`;
}

/** One line for scripts. Its keys stay, and stay in this order; new ones come at its end. */
function summaryLine({ verdict, cells, runs, outcomes, events, seed, interrupted }: SweepJson): string {
  const missing = runs - outcomes.pass - outcomes.fail;
  return `sweep: verdict=${verdict} cells=${cells.length} runs=${runs} failed-runs=${outcomes.fail} without-verdict=${missing} events=${events} first-seed=${seed} ended=${interrupted === true ? "interrupted" : "runs"}`;
}

function verdictLine({ json, campaign: { report, isInterrupted } }: SweepReportInput, { paint }: Style): string {
  const { runs, outcomes: kinds } = report.campaign;
  const colour = { pass: paint.green, fail: paint.red, unknown: paint.yellow }[json.verdict];
  const word = isInterrupted ? `INTERRUPTED, ${json.verdict}` : json.verdict.toUpperCase();
  const what = (Object.keys(kindWords) as OutcomeKind[]).filter((kind) => kinds[kind] > 0).map((kind) => `${formatCount(kinds[kind])} ${kindWords[kind]}`);
  return paint.bold(colour(`${word}: of ${formatCount(runs)} runs ${what.join(", ") || "none was done"}`));
}

function ending(input: SweepReportInput, style: Style): string {
  const { files } = input.json;
  const rows = [["  table", files.table ?? ""], ["  result", files.result ?? ""], ["  page", style.paint.bold(files.page ?? "")]];
  return `${[verdictLine(input, style), ...alignRows(rows)].join("\n")}\n\n${summaryLine(input.json)}`;
}

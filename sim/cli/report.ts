/** A run's report for the terminal: what was run, what went wrong when, what the clients saw, and what was expected of it. */
import type { VerdictKind } from "../check/verdict.ts";
import { describeLeftOut, formatCount, formatDuration, formatTime, type Moment, type MomentKind } from "../explain/index.ts";
import type { RunResult } from "../scenario/result.ts";
import type { Experiment, RandomSchedule, Scenario } from "../scenario/scenario.ts";
import { billLines, faultCostLines } from "./report-costs.ts";
import { clientRows, clusterRows } from "./report-figures.ts";
import { alignRows, width, wrap, type Paint } from "./terminal.ts";

export interface ReportInput {
  readonly scenario: Scenario;
  readonly result: RunResult;
  readonly moments: readonly Moment[];
  readonly leftOut: Readonly<Record<MomentKind, number>>;
}

export interface ReportStyle {
  readonly paint: Paint;
  readonly columns: number;
  /** How this program is called here: `splitbrain`, or `npx splitbrain`. */
  readonly program: string;
}

/** The whole report, in sections with a blank line between them. */
export function formatReport(input: ReportInput, style: ReportStyle): string {
  const sections = [header(input, style), timeline(input, style), clients(input, style), metrics(input, style), faultCosts(input, style), bill(input, style), expectations(input, style), violations(input, style), verdict(input, style)];
  return sections.filter((section) => section !== "").join("\n\n");
}

/** One line, for `--quiet` and for scripts that read along; with what failed below it. */
export function formatVerdictLine({ result }: { readonly result: RunResult }, paint: Paint): string {
  const mutant = result.mutant === undefined ? "" : ` (${result.mutant})`;
  const lines = [`${paintVerdict(result.verdict, paint, result.verdict)}  ${result.scenario}${mutant}  seed ${result.seed}  digest ${result.digest}`];
  for (const one of result.expectations) if (one.verdict !== "pass") lines.push(`  ${mark(one.verdict, paint)} ${one.name}: ${one.detail}`);
  return lines.join("\n");
}

function header({ scenario, result }: ReportInput, { paint, columns, program }: ReportStyle): string {
  const { world } = scenario;
  const mutant = result.mutant === undefined ? "" : ` with the mutant ${result.mutant}`;
  const speed = result.wallTimeMs > 0 ? ` (${formatCount(Math.round((result.events / result.wallTimeMs) * 1000))} events/s)` : "";
  const facts = [
    `${result.protocol}${mutant} · ${countOf(world.nodes.length, "node")} · ${countOf(world.workload.clients, "client")} · seed ${result.seed}`,
    `${formatDuration(result.virtualTimeNs)} of virtual time${result.stopped === undefined ? "" : `, to ${result.stopped}`} · ${formatCount(result.events)} events in ${(result.wallTimeMs / 1000).toFixed(2)} s${speed}`,
  ];
  if (scenario.random !== undefined) facts.push(...wrap(drawnText(scenario.random), columns).split("\n"));
  if (scenario.experiment !== undefined) facts.push(...wrap(cellText(scenario.experiment, program), columns).split("\n"));
  const about = scenario.description === "" ? [] : [wrap(scenario.description.replace(/\s+/g, " ").trim(), columns)];
  return [paint.bold(result.scenario), ...about, ...facts.map((line) => paint.dim(line))].join("\n");
}

/** Which of an experiment's cells it is. */
function cellText({ axes }: Experiment, program: string): string {
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  const settings = axes.map(({ path, values }) => `${path} ${values[0]?.label ?? ""}`).join(", ");
  const which = count === 1 ? "one run of an experiment" : `the first of an experiment's ${formatCount(count)} cells (${settings})`;
  return `${which}; \`${program} sweep\` runs it all`;
}

/** `13 faults drawn: 4 ring, 3 pause, …` */
function drawnText({ kinds }: RandomSchedule): string {
  const total = kinds.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return "no faults drawn";
  return `${countOf(total, "fault")} drawn: ${kinds.map(({ kind, count }) => `${count} ${kind}`).join(", ")}`;
}

function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function heading(text: string, { paint }: ReportStyle): string {
  return paint.bold(paint.cyan(text));
}

const momentPaint: { readonly [Kind in MomentKind]: "red" | "yellow" | undefined } = { violation: "red", fault: "yellow", outage: "red", leader: undefined, node: undefined };

function timeline({ moments, leftOut }: ReportInput, style: ReportStyle): string {
  if (moments.length === 0) return "";
  const { paint, columns } = style;
  const times = moments.map((moment) => formatMoment(moment.timeNs));
  const widest = Math.max(...times.map(width));
  const lines = moments.map((moment, index) => {
    const time = (times[index] as string).padStart(widest);
    const text = wrap(moment.text, columns - widest - 4, " ".repeat(widest + 4));
    const colour = momentPaint[moment.kind];
    return `  ${paint.dim(time)}  ${colour === undefined ? text : paint[colour](text)}`;
  });
  const rest = describeLeftOut(leftOut);
  if (rest !== "") lines.push(`  ${" ".repeat(widest)}  ${paint.dim(rest)}`);
  return [heading("What happened", style), ...lines].join("\n");
}

/** A moment to the millisecond, so that the column is one to compare by eye. */
function formatMoment(ns: number): string {
  return `${(Math.floor(ns / 1_000_000) / 1000).toFixed(3)}s`;
}

function clients({ result }: ReportInput, style: ReportStyle): string {
  return [heading("What the clients saw", style), ...alignRows(clientRows(result))].join("\n");
}

function metrics({ result }: ReportInput, style: ReportStyle): string {
  return [heading("What it took", style), ...alignRows(clusterRows(result))].join("\n");
}

function faultCosts({ result }: ReportInput, style: ReportStyle): string {
  const lines = faultCostLines(result, style);
  return lines.length === 0 ? "" : [heading("What the faults cost", style), ...lines].join("\n");
}

function bill({ result }: ReportInput, style: ReportStyle): string {
  const lines = billLines(result, style);
  return lines.length === 0 ? "" : [heading("What it cost", style), ...lines].join("\n");
}

const marks: { readonly [Kind in VerdictKind]: string } = { pass: "✓", fail: "✗", unknown: "?" };
const verdictColours: { readonly [Kind in VerdictKind]: "green" | "red" | "yellow" } = { pass: "green", fail: "red", unknown: "yellow" };

function paintVerdict(kind: VerdictKind, paint: Paint, text: string): string {
  return paint[verdictColours[kind]](text);
}

function mark(kind: VerdictKind, paint: Paint): string {
  return paintVerdict(kind, paint, marks[kind]);
}

function expectations({ result }: ReportInput, style: ReportStyle): string {
  if (result.expectations.length === 0) return "";
  const widest = Math.max(...result.expectations.map((one) => one.name.length));
  const lines = result.expectations.map((one) => {
    const detail = wrap(one.detail, style.columns - widest - 6, " ".repeat(widest + 6));
    return `  ${mark(one.verdict, style.paint)} ${one.name.padEnd(widest)}  ${detail}`;
  });
  return [heading("What was expected", style), ...lines].join("\n");
}

const MOST_VIOLATIONS = 8;

function violations({ result }: ReportInput, style: ReportStyle): string {
  if (result.violations.length === 0) return "";
  const { paint, columns } = style;
  const lines = result.violations.slice(0, MOST_VIOLATIONS).map(({ at, invariant, nodes, message }) => {
    const who = nodes.length === 0 ? "" : ` on ${nodes.join(", ")}`;
    return `  ${paint.red(`${invariant}${who} at ${at}`)}\n    ${wrap(message, columns - 4, "    ")}`;
  });
  const more = result.violations.length - MOST_VIOLATIONS;
  if (more > 0) lines.push(paint.dim(`  … and ${more} more, all in the replay and in --json`));
  return [heading("Violated invariants", style), ...lines].join("\n");
}

function verdict({ result }: ReportInput, { paint, program }: ReportStyle): string {
  const lines = [paint.bold(paintVerdict(result.verdict, paint, verdictSentence(result)))];
  const rows = [["digest", result.digest]];
  if (result.files.trace !== undefined) rows.push(["trace", result.files.trace]);
  if (result.files.history !== undefined) rows.push(["history", result.files.history]);
  if (result.files.schedule !== undefined) rows.push(["faults", result.files.schedule]);
  if (result.files.trace !== undefined) rows.push(["replay", paint.bold(`${program} view ${result.files.trace}`)]);
  return [...lines, ...alignRows(rows.map(([name, value]) => [`  ${name as string}`, value as string]))].join("\n");
}

function verdictSentence(result: RunResult): string {
  if (result.interrupted === true) return `INTERRUPTED at ${formatTime(result.virtualTimeNs)}: judged by what was done until then, ${result.verdict}`;
  if (result.expectations.length === 0) return "PASS: nothing was expected, and nothing went wrong";
  const count = (kind: VerdictKind): number => result.expectations.filter((one) => one.verdict === kind).length;
  const total = result.expectations.length;
  if (result.verdict === "pass") return total === 1 ? "PASS: the expectation held" : `PASS: all ${total} expectations held`;
  if (result.verdict === "unknown") return `UNKNOWN: ${count("unknown")} of ${total} expectations could not be decided within the budget`;
  return `FAIL: ${count("fail")} of ${total} expectations did not hold`;
}

/** The table of known mistakes: what caught each of them, and when. For people, and for services that run it. */
import type { AuditedMutant } from "../campaign/audit.ts";
import { formatCount, formatDuration } from "../explain/index.ts";
import { command, tableCell } from "./hunt-github.ts";
import { testSuites, type TestCase } from "./hunt-junit.ts";
import type { MutantsResult } from "./mutants-result.ts";
import type { ReportStyle } from "./report.ts";
import { alignRows, wrap } from "./terminal.ts";

const NS_PER_MS = 1_000_000;

export function formatMutants(result: MutantsResult, style: ReportStyle): string {
  const { scenarios, firstSeed, most, mutants, caught, missed, interrupted } = result;
  const limit = most === null ? "" : `, ${formatCount(most)} runs at most`;
  const head = [style.paint.bold("Known mistakes"), style.paint.dim(`${scenarios.join(", ")} · each from seed ${firstSeed} on${limit}`)].join("\n");
  const { green, red, yellow, bold } = style.paint;
  const tried = caught + missed.length;
  const verdict = missed.length > 0 ? red(`MISSED: ${formatCount(missed.length)} of ${formatCount(tried)} mutants`) : `${interrupted === true ? yellow("INTERRUPTED: ") : ""}${green(`CAUGHT: ${tried === 1 ? "the one mutant" : `all ${formatCount(tried)} mutants`}`)}`;
  return [head, mutantTable(mutants, style), holes(mutants, style), bold(verdict), mutantsLine(result)].filter((section) => section !== "").join("\n\n");
}

/** One line for scripts. Its keys stay, and stay in this order; new ones come at its end. */
export function mutantsLine({ verdict, caught, missed, runs, events, firstSeed, interrupted }: MutantsResult): string {
  return `mutants: verdict=${verdict} caught=${caught} missed=${missed.length} runs=${runs} events=${events} first-seed=${firstSeed} ended=${interrupted === true ? "interrupted" : "all"}`;
}

/** A line a mutant. */
export function mutantTable(mutants: readonly AuditedMutant[], { paint }: ReportStyle): string {
  const rows = mutants.filter(({ caught }) => caught !== null).map((mutant) => row(mutant, paint));
  return alignRows([["  mutant", "caught by", "", "seed", "runs", "events", "time"].map((cell) => paint.dim(cell)), ...rows]).join("\n");
}

function row({ name, by, runs, events, wallTimeMs }: AuditedMutant, { green, red }: ReportStyle["paint"]): string[] {
  const cost = [formatCount(runs), formatCount(events), formatDuration(Math.round(wallTimeMs / 100) * 100 * NS_PER_MS)];
  return by === undefined ? [`${red("✗")} ${name}`, "", red("nothing"), "", ...cost] : [`${green("✓")} ${name}`, by.kind, by.name, String(by.seed), ...cost];
}

/** Of each that nothing caught, what is known of why. */
export function holes(mutants: readonly AuditedMutant[], { paint, columns }: ReportStyle): string {
  const missed = mutants.filter(({ caught }) => caught === false);
  const left = mutants.filter(({ caught }) => caught === null);
  const lines = [
    ...missed.flatMap(({ name, summary, reached, runs, withoutVerdict }) => [
      `  ${paint.red(name)}`,
      `    ${wrap(summary, columns - 4, "    ")}`,
      `    ${wrap(`${why(reached, runs)}${withoutVerdict > 0 ? ` Of these runs ${formatCount(withoutVerdict)} came to no verdict.` : ""}`, columns - 4, "    ")}`,
    ]),
    ...left.map(({ name, needs = {} }) => `  ${name}  not tried: it changes nothing without ${needsText(needs)}`),
  ];
  if (lines.length === 0) return "";
  return [paint.bold(paint.cyan(missed.length > 0 ? "What nothing caught" : "What was not tried")), ...lines].join("\n");
}

function why(reached: boolean | undefined, runs: number): string {
  const count = `${formatCount(runs)} ${runs === 1 ? "run" : "runs"}`;
  if (reached === false) return `In ${count} nobody came to what it changes: the options, the workload or the faults leave it out.`;
  return `${reached === true ? "What it changes was come to, and nothing" : "Nothing"} that is asked noticed it in ${count}: more of them, other faults or another expectation may.`;
}

function needsText(needs: NonNullable<AuditedMutant["needs"]>): string {
  return Object.entries(needs).map(([name, value]) => `${name}: ${value}`).join(", ");
}

export function mutantsJunit({ mutants, scenarios, wallTimeMs, ...rest }: MutantsResult): string {
  const cases = mutants.map((mutant): TestCase => {
    const failure = mutant.caught === false ? { type: "missed", message: `nothing caught it in ${mutant.runs} runs: ${mutant.summary}` } : undefined;
    return { className: "splitbrain.mutants", name: mutant.name, seconds: mutant.wallTimeMs / 1000, failure, isSkipped: mutant.caught === null };
  });
  const properties: [string, string | number][] = [["verdict", rest.verdict], ["firstSeed", rest.firstSeed], ["runs", rest.runs], ["events", rest.events], ["caught", rest.caught]];
  return testSuites("splitbrain mutants", scenarios.join(", "), cases, properties, wallTimeMs / 1000);
}

export function mutantsGithub(result: MutantsResult): string {
  const missed = result.mutants.filter(({ caught }) => caught === false);
  const errors = missed.map(({ name, summary, runs }) => command("error", undefined, `${name} is not caught`, `nothing caught it in ${runs} runs: ${summary}`));
  return [...errors, command("notice", undefined, "splitbrain hunt --mutant all", sentence(result))].join("\n");
}

function sentence({ scenarios, caught, missed, runs, events }: MutantsResult): string {
  return `${scenarios.join(", ")}: ${formatCount(caught)} of ${formatCount(caught + missed.length)} known mistakes caught, in ${formatCount(runs)} runs with ${formatCount(events)} events`;
}

export function mutantsMarkdown(result: MutantsResult): string {
  const rows = result.mutants.map(({ name, by, caught, runs, events }) => {
    const what = caught === null ? "not tried" : by === undefined ? "**nothing**" : `${by.kind} ${by.name}`;
    return `| ${tableCell(name)} | ${tableCell(what)} | ${by?.seed ?? ""} | ${runs} | ${events} |`;
  });
  return ["### splitbrain hunt --mutant all", "", sentence(result), "", "| mutant | caught by | seed | runs | events |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

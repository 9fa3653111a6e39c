/** A hunt's report for the terminal: what was run, under what trouble, what failed, and what it means where nothing did. */
import { formatCount, formatDuration, formatRatio } from "../explain/index.ts";
import type { ReportStyle } from "./report.ts";
import { missingSentence } from "./hunt-missing.ts";
import type { HuntFailure, HuntResult } from "./hunt-result.ts";
import { holes, mutantTable } from "./mutants-report.ts";
import { alignRows, wrap } from "./terminal.ts";

export function formatHunt(result: HuntResult, style: ReportStyle): string {
  const sections = [
    header(result, style), troubles(result, style), moments(result, style), rarities(result, style), unreached(result, style), failures(result, style), withoutVerdict(result, style),
    missing(result, style), auditSection(result, style), conclusion(result, style), summaryLine(result),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

/** One line for scripts. Its keys stay, and stay in this order; new ones come at its end. */
export function summaryLine({ verdict, ended, runs, events, failures, outcomes, firstSeed, shard, missing: parts }: HuntResult): string {
  const missing = runs - outcomes.pass - outcomes.fail;
  return `hunt: verdict=${verdict} runs=${runs} failures=${failures.length} failed-runs=${outcomes.fail} without-verdict=${missing} events=${events} first-seed=${firstSeed} ended=${ended}${shard === undefined ? "" : ` shard=${shard}`}${parts === undefined ? "" : ` missing-shards=${parts.length}`}`;
}

function header(result: HuntResult, { paint, columns }: ReportStyle): string {
  const { scenario, protocol, mutant, firstSeed, runs, events, virtualTimeNs, wallTimeMs, leftOut, shard } = result;
  const seconds = wallTimeMs / 1000;
  const facts = [
    `${protocol}${mutant === undefined ? "" : ` with the mutant ${mutant}`} · ${countOf(runs, "run")}, from seed ${firstSeed} on${shard === undefined ? "" : `, as the part ${shard} of a campaign`}`,
    `${countOf(events, "event")} in ${formatDuration(virtualTimeNs)} of virtual time`,
    `took ${seconds.toFixed(1)} s (${formatCount(Math.round(events / Math.max(seconds, 0.001)))} events/s)`,
  ];
  if (leftOut.length > 0) facts.push(...wrap(`not asked under random faults, where it was said of the scenario's own: ${leftOut.join(", ")}`, columns).split("\n"));
  return [paint.bold(scenario), ...facts.map((line) => paint.dim(line))].join("\n");
}

function troubles(result: HuntResult, style: ReportStyle): string {
  const { faults, runs } = result;
  const kinds = Object.entries(faults).sort(([, a], [, b]) => b.times - a.times);
  if (kinds.length === 0) return runs === 0 ? "" : heading("No fault struck anybody", style);
  const rows = kinds.map(([kind, { runs: struck, times }]) => [`  ${kind}`, countOf(times, "time"), `in ${formatCount(struck)} of ${countOf(runs, "run")}`, phasesOf(kind, result)]);
  return [heading("What went wrong", style), ...alignRows(rows)].join("\n");
}

/** In how many of the protocol's phases it was met: after none, or after which of its moments. */
function phasesOf(kind: string, { phases, moments: seen, momentsNeverSeen }: HuntResult): string {
  const all = ["start", ...new Set([...Object.keys(seen), ...momentsNeverSeen])];
  const missing = all.filter((phase) => phases[`${kind} @ ${phase}`] === undefined);
  if (all.length === 1) return "";
  return missing.length === 0 ? "in every phase" : `not ${missing.map((phase) => (phase === "start" ? "at the start" : `after ${phase}`)).join(", ")}`;
}

function moments({ moments: seen, momentsNeverSeen, runs }: HuntResult, style: ReportStyle): string {
  const entries = Object.entries(seen);
  if (entries.length === 0 || runs === 0) return "";
  const everywhere = entries.filter(([, count]) => count === runs).map(([event]) => event);
  const rows = entries.filter(([, count]) => count < runs).sort(([, a], [, b]) => b - a).map(([event, count]) => [`  ${event}`, `in ${formatCount(count)} of ${countOf(runs, "run")}`]);
  const list = (text: string, events: readonly string[]): string[] => (events.length === 0 ? [] : [`  ${wrap(`${text}: ${events.join(", ")}`, style.columns - 2, "    ")}`]);
  return [heading("What the protocol came by", style), ...list("in every run", everywhere), ...alignRows(rows), ...list("in none", momentsNeverSeen)].join("\n");
}

/** What was to be reached, and how often it was. */
function rarities({ reached, neverReached, runs }: HuntResult, style: ReportStyle): string {
  const entries = Object.entries(reached).sort(([, a], [, b]) => b - a);
  if (runs === 0 || entries.length + neverReached.length === 0) return "";
  const rows = entries.map(([name, count]) => [`  ${name}`, `in ${formatCount(count)} of ${countOf(runs, "run")}`]);
  const never = neverReached.length === 0 ? [] : [`  ${wrap(`${style.paint.yellow("never reached")}: ${neverReached.join(", ")}`, style.columns - 2, "    ")}`];
  return [heading("Good and rare things", style), ...alignRows(rows), ...never].join("\n");
}

/** What the campaign says nothing about. */
function unreached({ rulesNeverReached, runs }: HuntResult, style: ReportStyle): string {
  if (runs === 0 || rulesNeverReached.length === 0) return "";
  return [heading("Rules that no run reached", style), `  ${wrap(rulesNeverReached.join(", "), style.columns - 2, "  ")}`].join("\n");
}

/** The mutants that these runs catch. */
function auditSection({ audit }: HuntResult, style: ReportStyle): string {
  if (audit === undefined) return "";
  const tried = audit.filter(({ caught }) => caught !== null);
  const caught = tried.filter((mutant) => mutant.caught === true).length;
  const title = `What the same runs catch: ${formatCount(caught)} of ${countOf(tried.length, "known mistake")}`;
  return [[heading(title, style), mutantTable(audit, style)].join("\n"), holes(audit, style)].filter((part) => part !== "").join("\n\n");
}

function failures(result: HuntResult, style: ReportStyle): string {
  if (result.failures.length === 0) return "";
  const blocks = result.failures.map((failure) => failureLines(failure, result, style).join("\n"));
  return [heading(blocks.length === 1 ? "Failure" : "Failures, the first of each kind", style), blocks.join("\n\n")].join("\n");
}

function failureLines({ seed, name, message, also, runs, scenario, faults, operations, trace, reproduced }: HuntFailure, result: HuntResult, { paint, columns, program }: ReportStyle): string[] {
  const often = result.ended === "failure" ? `the first in ${countOf(result.runs, "run")}` : `in ${formatCount(runs)} of ${countOf(result.runs, "run")}`;
  const lines = [`  ${paint.red(`✗ ${paint.bold(name)}`)}  seed ${seed}, ${often}`, `    ${wrap(message, columns - 4, "    ")}`];
  if (also.length > 0) lines.push(`    ${wrap(`then ${also.join(", ")}`, columns - 4, "    ")}`);
  if (!reproduced) lines.push(`    ${wrap(paint.yellow("Done again by itself, this run did not fail in this way: something of the protocol outlives a run, such as a variable of its module."), columns - 4, "    ")}`);
  const rows = [
    ["    scenario", `${scenario} (${countOf(faults, "fault")}, ${countOf(operations, "operation")})`],
    ["    run it", `${program} run ${scenario}`],
    ["    replay", paint.bold(`${program} view ${trace}`)],
  ];
  return [...lines, ...alignRows(rows)];
}

const reasons: { readonly [kind: string]: string } = { unknown: "no verdict within the budget", endless: "a run that does not end", died: "a worker that died", error: "a run that could not be done" };

function withoutVerdict({ withoutVerdict: missing }: HuntResult, style: ReportStyle): string {
  if (missing.length === 0) return "";
  const lines = missing.flatMap(({ kind, message, seed, runs }) => [
    `  ${style.paint.yellow(`? ${reasons[kind] ?? kind}`)}  seed ${seed}${runs === 1 ? "" : `, and in ${countOf(runs - 1, "run")} more`}`,
    ...(message === "" ? [] : [`    ${wrap(message, style.columns - 4, "    ")}`]),
  ]);
  return [heading("Runs without a verdict", style), ...lines].join("\n");
}

function missing({ missing: parts = [] }: HuntResult, style: ReportStyle): string {
  if (parts.length === 0) return "";
  const lines = parts.flatMap((part) => [`  ${style.paint.yellow("?")} ${wrap(missingSentence(part), style.columns - 4, "    ")}`, `    ${part.command}`]);
  return [heading("What is not there of the campaign", style), ...lines].join("\n");
}

function conclusion(result: HuntResult, { paint, columns }: ReportStyle): string {
  const { verdict, ended, runs, outcomes, failureRate, failures: found, files } = result;
  const lines = [verdictSentence(result)];
  if (failureRate !== undefined && failureRate.atMost < 1) {
    lines.push(`If more than ${formatRatio(failureRate.atMost)} of such runs failed, ${countOf(outcomes.pass, "run")} without a failure would be seen less than once in 20 times (rule of three, at 95% confidence).`);
  }
  if (ended === "interrupted" || (ended === "time" && found.length === 0)) lines.push(`--resume carries it on from ${files.journal}.`);
  const colour = verdict === "pass" ? paint.green : verdict === "fail" ? paint.red : paint.yellow;
  const [first, ...others] = lines as [string, ...string[]];
  return runs < 0 ? "" : [paint.bold(colour(first)), ...others.map((line) => wrap(line, columns))].join("\n");
}

function verdictSentence({ verdict, ended, runs, failures: found, outcomes }: HuntResult): string {
  const cut = ended === "interrupted" ? "INTERRUPTED: " : ended === "incomplete" ? "INCOMPLETE: " : "";
  if (verdict === "fail") return `${cut}FAIL: ${found.length === 1 ? "a failure" : `${formatCount(found.length)} distinct failures`} in ${countOf(runs, "run")}`;
  if (runs === 0) return `${cut}UNKNOWN: there was no time for a single run`;
  if (ended === "incomplete" && outcomes.pass === runs) return `${cut}UNKNOWN: no failure in ${countOf(runs, "run")}, and others are missing`;
  if (verdict === "pass") return `${cut}PASS: no failure in ${countOf(runs, "run")}`;
  return `${cut}UNKNOWN: no failure, and ${formatCount(runs - outcomes.pass)} of ${countOf(runs, "run")} without a verdict`;
}

function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function heading(text: string, { paint }: ReportStyle): string {
  return paint.bold(paint.cyan(text));
}

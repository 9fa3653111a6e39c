/** Judges what a scenario expects by what its run left. */
import { worst, type Verdict, type VerdictKind } from "../check/verdict.ts";
import { formatMetric, formatTime } from "../explain/units.ts";
import { metricInfo, type MetricMoment, type MetricValues } from "../metrics/index.ts";
import type { Violation } from "../trace/event.ts";
import type { ExpectationResult } from "./result.ts";
import type { Expectation } from "./scenario.ts";

/** What a run left, as far as expectations ask. Checkers are asked only for what is expected. */
export interface Facts {
  readonly violations: readonly Violation[];
  /** The verdict on the history at a level of consistency, by the protocol's model. */
  check(level: string): Verdict;
  /** Whether the replicas agreed in time. */
  convergence(withinNs: number): Verdict;
  /** Whether the clients got on in time after the last fault. */
  progress(withinNs: number): Verdict;
  readonly metrics: MetricValues;
  /** The event that shows best why a metric is as it is. */
  momentOf?(metric: string): MetricMoment | undefined;
}

type MetricExpectation = Extract<Expectation, { readonly type: "metric" }>;

/** One result for each expectation, in their order, under the name by which the scenario calls it. */
export function judge(expect: readonly Expectation[], facts: Facts): ExpectationResult[] {
  return expect.map((expectation) => judgeOne(expectation, facts));
}

/** The run's verdict: fail beats unknown, unknown beats pass. */
export function verdictOf(results: readonly ExpectationResult[]): VerdictKind {
  return worst(results.map((result) => result.verdict));
}

function judgeOne(expectation: Expectation, facts: Facts): ExpectationResult {
  switch (expectation.type) {
    case "invariants":
      return judgeInvariants(expectation.holds, facts.violations);
    case "consistency":
      return judgeVerdict(expectation.level, expectation.holds, facts.check(expectation.level));
    case "converged":
      return judgeVerdict("converged", expectation.holds, facts.convergence(expectation.within));
    case "progress":
      return judgeVerdict("progress", expectation.holds, facts.progress(expectation.within));
    case "metric":
      return judgeMetric(expectation, facts);
  }
}

/** `holds: false` says that one must break. */
function judgeInvariants(holds: boolean, violations: readonly Violation[]): ExpectationResult {
  const name = "invariants";
  const [first] = violations;
  if (first === undefined) {
    if (holds) return { name, verdict: "pass", detail: "No invariant was violated." };
    return { name, verdict: "fail", detail: "No invariant was violated, and one was expected to be." };
  }
  const more = violations.length === 1 ? "" : ` (the first of ${violations.length} violations)`;
  const what = `${first.invariant} was violated at ${formatTime(first.time)}${more}: ${sentence(first.message)}`;
  const moment = { event: first.event, atNs: first.time };
  return holds ? { name, verdict: "fail", detail: capital(what), ...moment } : { name, verdict: "pass", detail: `As expected, ${what}`, ...moment };
}

/** A verdict and what was expected of it: an expectation `false` passes on fail and fails on pass. */
function judgeVerdict(name: string, holds: boolean, verdict: Verdict): ExpectationResult {
  const { failure } = verdict;
  const moment = failure === undefined ? {} : { ...(failure.event >= 0 && { event: failure.event }), atNs: failure.time };
  if (holds || verdict.verdict === "unknown") return { name, verdict: verdict.verdict, detail: capital(sentence(verdict.detail)), ...moment };
  if (verdict.verdict === "fail") return { name, verdict: "pass", detail: `As expected, it does not hold: ${sentence(verdict.detail)}`, ...moment };
  return { name, verdict: "fail", detail: `It was expected not to hold, and it does: ${sentence(verdict.detail)}` };
}

function judgeMetric(expectation: MetricExpectation, facts: Facts): ExpectationResult {
  const name = expectation.metric;
  const value = facts.metrics[name] ?? null;
  if (value === null) return { name, verdict: "unknown", detail: `Nothing was measured that ${name} could be computed from.` };

  const wanted = expectation.text;
  const was = `${name} was ${formatCompared(name, value, expectation.value)}`;
  if (compare(value, expectation.comparison, expectation.value)) return { name, verdict: "pass", detail: `${was} (${wanted}).` };
  const moment = facts.momentOf?.(name);
  const result: ExpectationResult = { name, verdict: "fail", detail: `${was}, and ${wanted} was expected.` };
  return moment === undefined ? result : { ...result, event: moment.event, atNs: moment.timeNs };
}

export function compare(value: number, comparison: MetricExpectation["comparison"], limit: number): boolean {
  switch (comparison) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "==":
      return value === limit;
    case "!=":
      return value !== limit;
  }
}

/** Rounded for people, unless that would make it look like the limit that it is not. */
function formatCompared(name: string, value: number, limit: number): string {
  const unit = metricInfo(name)?.unit ?? "number";
  const text = formatMetric(value, unit);
  if (value === limit || text !== formatMetric(limit, unit)) return text;
  if (unit === "duration") return formatTime(value);
  return unit === "ratio" ? `${value * 100}%` : String(value);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A node's or client's name at the beginning of a sentence stays as it is. */
function capital(text: string): string {
  return /^[a-z][\d-]/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

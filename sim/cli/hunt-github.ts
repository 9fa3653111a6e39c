/** A hunt's result as workflow commands, which GitHub shows as annotations, and as Markdown for the page of a run. */
import { formatCount, formatDuration, formatRatio } from "../explain/index.ts";
import { missingSentence } from "./hunt-missing.ts";
import type { HuntResult } from "./hunt-result.ts";

/** A line a failure, and one of what it all comes to. */
export function formatGithub(result: HuntResult): string {
  const errors = result.failures.map(({ name, seed, message, scenario }) => command("error", scenario, `${name} (seed ${seed})`, `${message}\nsplitbrain run ${scenario}`));
  const warnings = result.withoutVerdict.map(({ kind, seed, runs, message }) => command("warning", undefined, `${kind} (seed ${seed}, ${runs} in all)`, message === "" ? kind : message));
  const missing = (result.missing ?? []).map((part) => command("warning", undefined, `shard ${part.shard} is missing`, `${missingSentence(part)}\n${part.command}`));
  return [...errors, ...warnings, ...missing, command("notice", undefined, "splitbrain hunt", sentence(result))].join("\n");
}

/** A workflow command. What its text and its properties may not hold stands there by its code. */
export function command(level: string, file: string | undefined, title: string, message: string): string {
  const escape = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (text: string): string => escape(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  const properties = [...(file === undefined ? [] : [`file=${property(file)}`]), `title=${property(title)}`];
  return `::${level} ${properties.join(",")}::${escape(message)}`;
}

function sentence({ scenario, verdict, runs, events, virtualTimeNs, failures, failureRate }: HuntResult): string {
  const found = failures.length === 0 ? "no failure" : failures.length === 1 ? "a failure" : `${formatCount(failures.length)} distinct failures`;
  const bound = failureRate === undefined || failureRate.atMost === 1 ? "" : `; at most ${formatRatio(failureRate.atMost)} of such runs fail, at 95% confidence`;
  return `${scenario}: ${verdict}, ${found} in ${formatCount(runs)} runs with ${formatCount(events)} events in ${formatDuration(virtualTimeNs)} of virtual time${bound}`;
}

/** A text in a cell of a table. */
export function tableCell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|");
}

export function githubSummary(result: HuntResult): string {
  const head = `### splitbrain hunt\n\n${sentence(result)}`;
  if (result.failures.length === 0) return head;
  const rows = result.failures.map(({ name, seed, message, scenario, runs }) => `| ${tableCell(name)} | ${seed} | ${runs} | ${tableCell(message)} | \`${tableCell(scenario)}\` |`);
  return [head, "", "| failure | first seed | runs | message | scenario |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

/** Where a hunt's result goes: to a person, a script, or a service that runs it. */
import { appendFileSync } from "node:fs";
import type { HuntSettings } from "./hunt-options.ts";
import { formatGithub, githubSummary } from "./hunt-github.ts";
import { formatJunit } from "./hunt-junit.ts";
import { formatHunt, summaryLine } from "./hunt-report.ts";
import type { HuntResult } from "./hunt-result.ts";
import { programName } from "./program.ts";
import type { Terminal } from "./terminal.ts";

export function report(result: HuntResult, { reporter, quiet }: Pick<HuntSettings, "reporter" | "quiet">, terminal: Terminal): void {
  const { paint, columns } = terminal;
  switch (reporter) {
    case "json":
      return terminal.print(JSON.stringify(result, null, 2));
    case "junit":
      terminal.print(formatJunit(result));
      return quiet ? undefined : terminal.say(summaryLine(result));
    case "github":
      terminal.print(formatGithub(result));
      writeStepSummary(githubSummary(result));
      return terminal.print(summaryLine(result));
    case "text":
      return terminal.print(quiet ? summaryLine(result) : formatHunt(result, { paint, columns, program: programName() }));
  }
}

/** GitHub shows what is written to this file on the page of the workflow's run. */
export function writeStepSummary(markdown: string): void {
  const path = process.env["GITHUB_STEP_SUMMARY"];
  if (path !== undefined && path !== "") appendFileSync(path, `${markdown}\n`);
}

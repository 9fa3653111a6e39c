/** `hunt --mutant all`: every mutant of a scenario's protocol, or of every protocol, hunted to its first failure. */
import { protocols } from "../../protocols/index.ts";
import type { AuditedMutant } from "../campaign/audit.ts";
import { ExecutorError } from "../campaign/executor.ts";
import { JournalError } from "../campaign/journal.ts";
import type { Args } from "./command.ts";
import { UsageError } from "./exit.ts";
import { auditMutants, mutantsOf } from "./hunt-mutants.ts";
import type { HuntSettings } from "./hunt-options.ts";
import { planHunt, type PlannedHunt } from "./hunt-plan.ts";
import { targetOf } from "./hunt-scenario.ts";
import { writeStepSummary } from "./hunt-reporters.ts";
import { formatMutants, mutantsGithub, mutantsJunit, mutantsLine, mutantsMarkdown } from "./mutants-report.ts";
import { mutantsExitCode, mutantsResult, type MutantsResult } from "./mutants-result.ts";
import { prepareFolder } from "./output.ts";
import { programName } from "./program.ts";
import { bundledScenarios } from "./scenario-source.ts";
import type { Terminal } from "./terminal.ts";

/** Throws before anything is written where the input is wrong. */
export async function huntMutants(scenario: string | undefined, args: Args, settings: HuntSettings, terminal: Terminal): Promise<number> {
  const names = scenario === undefined ? usualScenarios() : [scenario];
  const plans: PlannedHunt[] = [];
  for (const name of names) plans.push(await planHunt(name, { ...targetOf(args, settings), mutant: undefined }));
  const [first] = plans as [PlannedHunt];
  if (plans.every((plan) => mutantsOf(plan).length === 0)) throw new UsageError(`${first.scenario.protocolName} has no mutants`, "A protocol lists its known mistakes as `mutants`.");
  const removeFolder = prepareFolder(settings.folder);
  try {
    const rows: AuditedMutant[] = [];
    let isInterrupted = false;
    for (const plan of plans) {
      if (isInterrupted) break;
      const audit = await auditMutants(plan, settings, "as needed", terminal);
      rows.push(...audit.mutants);
      isInterrupted = audit.isInterrupted;
    }
    const result = mutantsResult(plans.map((plan) => plan.scenario.name), first.firstSeed, settings.runs, rows, isInterrupted);
    report(result, settings, terminal);
    return mutantsExitCode(result);
  } catch (error) {
    removeFolder();
    if (error instanceof JournalError || error instanceof ExecutorError) throw new UsageError(error.message, error.hint);
    throw error;
  }
}

/** Of each protocol that has mutants, the bundled storm. */
function usualScenarios(): string[] {
  const bundled = bundledScenarios();
  return Object.entries(protocols).flatMap(([name, { mutants = {} }]) => {
    const usual = `${name}/random-faults`;
    return Object.keys(mutants).length > 0 && bundled.includes(usual) ? [usual] : [];
  });
}

function report(result: MutantsResult, { reporter, quiet }: Pick<HuntSettings, "reporter" | "quiet">, terminal: Terminal): void {
  const { paint, columns } = terminal;
  switch (reporter) {
    case "json":
      return terminal.print(JSON.stringify(result, null, 2));
    case "junit":
      terminal.print(mutantsJunit(result));
      return quiet ? undefined : terminal.say(mutantsLine(result));
    case "github":
      terminal.print(mutantsGithub(result));
      writeStepSummary(mutantsMarkdown(result));
      return terminal.print(mutantsLine(result));
    case "text":
      return terminal.print(quiet ? mutantsLine(result) : formatMutants(result, { paint, columns, program: programName() }));
  }
}

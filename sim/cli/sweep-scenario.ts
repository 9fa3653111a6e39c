/** One sweep for the command line: planned, run, and its files written. */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JournalError } from "../campaign/journal.ts";
import { cellsJson, referenceJson, sweepVerdict, type SweepJson } from "../campaign/sweep/json.ts";
import { compareWith, type Comparison } from "../campaign/sweep/reference.ts";
import { tableOf } from "../campaign/sweep/table.ts";
import { InputError } from "../scenario/diagnostics.ts";
import type { Args } from "./command.ts";
import { huntSettings, type HuntSettings } from "./hunt-options.ts";
import { exitCodeOf, exitCodes, UsageError } from "./exit.ts";
import { prepareFolder, systemReason } from "./output.ts";
import { programName } from "./program.ts";
import { parseOverride } from "./run-scenario.ts";
import { runSweep, type SweepCampaign } from "./sweep-campaign.ts";
import { pageOf } from "./sweep-page.ts";
import { planSweep, type PlannedSweep } from "./sweep-plan.ts";
import { formatSweep } from "./sweep-report.ts";
import type { Terminal } from "./terminal.ts";

/** Throws before anything is written where the input is wrong. */
export async function sweepScenario(name: string, args: Args, terminal: Terminal): Promise<SweepJson> {
  const settings = huntSettings(args);
  const planned = await planSweep(name, {
    runs: args.whole("runs", 1, 10_000_000),
    seed: args.whole("seed", 0, Number.MAX_SAFE_INTEGER),
    mutant: args.text("mutant"),
    overrides: args.texts("set").map((text) => parseOverride(text)),
    budget: settings.budget,
    mostEvents: settings.mostEvents,
  });
  const removeFolder = prepareFolder(settings.folder);
  try {
    const campaign = await runSweep(planned, { ...settings, quiet: settings.quiet || args.flag("json") }, terminal);
    const wrong = campaign.report.campaign.withoutVerdict.find(({ diagnostics }) => diagnostics !== undefined);
    // What a protocol must not do, such as to read the machine's clock, is told as `run` tells it.
    if (wrong?.diagnostics !== undefined) throw new InputError(wrong.diagnostics.map((one) => ({ ...one, message: `${one.message} (with seed ${wrong.seed})` })));
    return report(name, planned, campaign, settings, args, terminal);
  } catch (error) {
    removeFolder();
    throw error instanceof JournalError ? new UsageError(error.message, error.hint) : error;
  }
}

export function sweepExitCode({ verdict, interrupted, outcomes }: SweepJson): number {
  if (interrupted === true) return exitCodes.interrupted;
  return verdict !== "fail" && outcomes.error > 0 ? exitCodes.internal : exitCodeOf(verdict);
}

function report(name: string, planned: PlannedSweep, campaign: SweepCampaign, settings: HuntSettings, args: Args, terminal: Terminal): SweepJson {
  const comparisons = planned.reference === undefined ? [] : compareWith(planned.reference, campaign.report.cells);
  const base = join(settings.folder, `${planned.slug}-seed${planned.sweep.firstSeed}.sweep`);
  const files = { table: `${base}.csv`, page: `${base}.html`, result: `${base}.json` };
  const json = jsonOf(planned, campaign, comparisons, files);
  const command = { program: programName(), scenario: name, args };
  write(files.table, tableOf(campaign.report.cells, planned.sweep.measure));
  write(files.page, pageOf(planned, campaign, comparisons, command));
  const text = JSON.stringify(json, null, 2);
  write(files.result, `${text}\n`);
  const style = { paint: terminal.paint, columns: terminal.columns, isQuiet: args.flag("quiet") };
  terminal.print(args.flag("json") ? text : formatSweep({ planned, campaign, comparisons, json }, style));
  return json;
}

function jsonOf({ scenario, sweep, reference }: PlannedSweep, { report: swept, isInterrupted, elapsedMs }: SweepCampaign, comparisons: readonly Comparison[], files: SweepJson["files"]): SweepJson {
  const { campaign, cells } = swept;
  return {
    version: 1,
    scenario: scenario.name,
    protocol: scenario.protocolName,
    ...(scenario.mutant !== undefined && { mutant: scenario.mutant }),
    seed: sweep.firstSeed,
    runs: campaign.runs,
    events: campaign.events,
    verdict: sweepVerdict(swept),
    ...(isInterrupted && { interrupted: true }),
    outcomes: campaign.outcomes,
    cells: cellsJson(cells),
    failures: campaign.failures.map(({ name, message, runs, job }) => ({ name, message, runs, seed: job.seed, settings: cells[job.index % cells.length]?.settings ?? {} })),
    ...(reference !== undefined && { reference: referenceJson(reference, comparisons) }),
    wallTimeMs: Math.round(elapsedMs),
    files,
  };
}

/** Beside its place first: what was there before stays until this is whole. */
function write(path: string, text: string): void {
  try {
    writeFileSync(`${path}.part`, text);
    renameSync(`${path}.part`, path);
  } catch (error) {
    rmSync(`${path}.part`, { force: true });
    throw new UsageError(`cannot write ${path}: ${systemReason(error)}`, "The sweep's journal is kept: with room on the disk, --resume reports it again.");
  }
}

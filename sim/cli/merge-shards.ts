/** `splitbrain merge` from its words to the campaign's report and exit code. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { JournalError } from "../campaign/journal.ts";
import { mergeShards, type FoundShard, type MergedShards } from "../campaign/merge.ts";
import { JournalFile, readJournalFile } from "../campaign/workers/journal-file.ts";
import type { Args } from "./command.ts";
import { UsageError } from "./exit.ts";
import type { HuntCampaign } from "./hunt-campaign.ts";
import { missingPart } from "./hunt-missing.ts";
import { reporterOf } from "./hunt-options.ts";
import { report } from "./hunt-reporters.ts";
import { huntExitCode, huntResult } from "./hunt-result.ts";
import { refuseWrongInput, writeFailures } from "./hunt-scenario.ts";
import { planForFiles, planOfShards } from "./merge-plan.ts";
import { DEFAULT_FOLDER, prepareFolder, systemReason } from "./output.ts";
import type { Terminal } from "./terminal.ts";

const SHARD = /\.shard\d+of\d+\.hunt\.jsonl$/;

/** Throws before anything is written where the journals are not those of one campaign's shards. */
export async function mergeJournals(args: Args, terminal: Terminal): Promise<number> {
  const settings = { reporter: reporterOf(args), quiet: args.flag("quiet"), folder: args.text("out") ?? DEFAULT_FOLDER };
  try {
    const merged = mergeShards(findShards(args.texts("journals"), settings.quiet ? undefined : terminal));
    const planned = await planOfShards(merged);
    const removeFolder = prepareFolder(settings.folder);
    try {
      const path = join(settings.folder, `${merged.campaign.slug}-seed${merged.header.firstSeed}.hunt.jsonl`);
      const campaign: HuntCampaign = { ...merged, missing: merged.missing.map((one) => missingPart(one, merged.campaign)), journal: path };
      refuseWrongInput(campaign);
      writeJournal(path, merged);
      const writing = merged.report.failures.length === 0 ? planned : await planForFiles(planned, settings.folder);
      const { failures, isInterrupted } = await writeFailures(campaign, writing, { ...settings, mostEvents: planned.plan.mostEvents }, terminal);
      const result = huntResult(planned, isInterrupted ? { ...campaign, ended: "interrupted" } : campaign, failures);
      report(result, settings, terminal);
      return huntExitCode(result);
    } catch (error) {
      removeFolder();
      throw error;
    }
  } catch (error) {
    throw error instanceof JournalError ? new UsageError(error.message, error.hint) : error;
  }
}

/** The journals that are named, and those of shards in folders that are named, whatever else lies there. */
function findShards(paths: readonly string[], terminal: Terminal | undefined): FoundShard[] {
  const names = [...new Set(paths.flatMap(journalsAt))].sort();
  return names.flatMap((name) => {
    const journal = readJournalFile(name);
    if (journal === undefined) terminal?.say(`${name} was ended before its first line was written: it counts for nothing`);
    if (journal?.isTorn === true) terminal?.say(`${name}: its last line was never finished, and does not count`);
    if (journal !== undefined && journal.damaged.length > 0) terminal?.say(`${name}: damaged, and not counted: line ${journal.damaged.slice(0, 10).join(", ")}${journal.damaged.length > 10 ? " and others" : ""}`);
    return journal === undefined ? [] : [{ name, journal }];
  });
}

function journalsAt(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`there is no journal ${path}`, "`splitbrain hunt --shard 1/4` writes one a shard, under .splitbrain/ unless --out says otherwise.");
  if (!stat.isDirectory()) return [path];
  const found = readNames(path).filter((name) => SHARD.test(name)).map((name) => join(path, name));
  if (found.length === 0) throw new UsageError(`there is no journal of a shard in ${path}`, "Their names end in .shard1of4.hunt.jsonl and the like.");
  return found;
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch (error) {
    throw new UsageError(`${folder} cannot be read: ${systemReason(error)}`);
  }
}

/** The journal that one machine would have written: `hunt --resume` carries it on. */
function writeJournal(path: string, { header, outcomes, ended, elapsedMs }: MergedShards): void {
  const { shard: _, ...whole } = header;
  const journal = JournalFile.begin(path, whole);
  try {
    for (const outcome of outcomes) journal.write({ outcome, atMs: elapsedMs });
    if (ended !== "incomplete") journal.write({ end: true, by: ended });
  } finally {
    journal.close();
  }
}

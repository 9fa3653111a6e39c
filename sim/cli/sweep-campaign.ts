/** A sweep's campaign: its journal, its workers, its progress, and its end. */
import { join } from "node:path";
import { journalHeader } from "../campaign/journal.ts";
import type { Outcome } from "../campaign/job.ts";
import { sweep, type SweepReport } from "../campaign/sweep/sweep.ts";
import { poolExecutor } from "../campaign/workers/pool.ts";
import { VERSION } from "../version.ts";
import { exitCodes } from "./exit.ts";
import { checkSame, openJournal } from "./hunt-campaign.ts";
import type { HuntSettings } from "./hunt-options.ts";
import { HuntProgress } from "./hunt-progress.ts";
import { onInterrupt } from "./interrupt.ts";
import { packagePath } from "./package.ts";
import type { PlannedSweep } from "./sweep-plan.ts";
import type { Terminal } from "./terminal.ts";

export interface SweepCampaign {
  readonly report: SweepReport;
  readonly isInterrupted: boolean;
  /** Wall time, of earlier parts of the same campaign as well. */
  readonly elapsedMs: number;
}

/** Throws a JournalError where its journal cannot be written, or is not the one to carry on. */
export async function runSweep({ plan, sweep: matrix, slug }: PlannedSweep, settings: HuntSettings, terminal: Terminal): Promise<SweepCampaign> {
  const { cells, firstSeed, repeat } = matrix;
  // How many seeds there are to be is not in it: more may be added, and the runs before them stay what they were.
  const header = journalHeader(VERSION, plan, firstSeed, `matrix ${JSON.stringify(cells)}`);
  const { path, journal, found } = openJournal(join(settings.folder, `${slug}-seed${firstSeed}.sweep.jsonl`), header, settings, terminal);
  const runs = cells.length * repeat;
  const executor = poolExecutor(plan, { worker: packagePath(".dist/worker.js"), workers: Math.min(settings.workers, runs), memoryMiB: settings.memoryMiB, stallMs: settings.stallMs });
  const before = found?.elapsedMs ?? 0;
  const begun = performance.now();
  const elapsedMs = (): number => before + performance.now() - begun;
  const progress = new HuntProgress({ runs, timeMs: Infinity, elapsedMs: before }, found?.outcomes.values() ?? [], settings.quiet ? undefined : terminal);
  let isInterrupted = false;
  const release = onInterrupt(() => {
    if (isInterrupted) process.exit(exitCodes.interrupted);
    isInterrupted = true;
    void executor.close();
  });
  const onOutcome = (outcome: Outcome): void => {
    journal.write({ outcome, atMs: Math.round(elapsedMs()) });
    progress.add(outcome);
  };
  try {
    if (found !== undefined) await checkSame(found, executor, path, (index) => cells[index % cells.length]?.overrides);
    const report = await sweep(executor, matrix, { isOver: () => isInterrupted, done: found?.outcomes, onOutcome });
    if (!isInterrupted) journal.write({ end: true });
    return { report, isInterrupted, elapsedMs: elapsedMs() };
  } finally {
    progress.clear();
    release();
    await executor.close();
    journal.close();
  }
}

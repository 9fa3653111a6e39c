/** A hunt from the command line's words to its report and exit code. */
import { ExecutorError } from "../campaign/executor.ts";
import { JournalError } from "../campaign/journal.ts";
import { InputError } from "../scenario/diagnostics.ts";
import type { Args } from "./command.ts";
import { exitCodes, UsageError } from "./exit.ts";
import { runCampaign, type HuntCampaign } from "./hunt-campaign.ts";
import { writeFailure, type FailureSettings, type WrittenFailure } from "./hunt-failures.ts";
import type { HuntSettings } from "./hunt-options.ts";
import { auditMutants } from "./hunt-mutants.ts";
import { planHunt, type HuntTarget, type PlannedHunt } from "./hunt-plan.ts";
import { report } from "./hunt-reporters.ts";
import { huntExitCode, huntResult, type HuntResult } from "./hunt-result.ts";
import { shrinker } from "./hunt-shrink.ts";
import { onInterrupt } from "./interrupt.ts";
import { prepareFolder } from "./output.ts";
import { parseOverride } from "./run-scenario.ts";
import type { Terminal } from "./terminal.ts";

/** Throws before anything is written where the input is wrong. */
export async function huntScenario(name: string, args: Args, settings: HuntSettings, terminal: Terminal): Promise<number> {
  const planned = await planHunt(name, targetOf(args, settings));
  const removeFolder = prepareFolder(settings.folder);
  try {
    const campaign = await runCampaign(planned, settings, terminal);
    refuseWrongInput(campaign);
    const { failures, isInterrupted } = await writeFailures(campaign, planned, settings, terminal);
    const own = huntResult(planned, isInterrupted ? { ...campaign, ended: "interrupted" } : campaign, failures, settings.shard);
    const result = settings.audit ? await withAudit(own, planned, settings, terminal) : own;
    report(result, settings, terminal);
    return huntExitCode(result);
  } catch (error) {
    removeFolder();
    if (error instanceof JournalError || error instanceof ExecutorError) throw new UsageError(error.message, error.hint);
    throw error;
  }
}

/** What the command line asks for beside the scenario's name. */
export function targetOf(args: Args, { budget, mostEvents }: HuntSettings): HuntTarget {
  return { seed: args.whole("seed", 0, Number.MAX_SAFE_INTEGER), mutant: args.text("mutant"), overrides: args.texts("set").map((text) => parseOverride(text)), budget, mostEvents };
}

/** The same runs of every mutant, where the protocol itself passed them: of a campaign that failed, that is not asked. */
async function withAudit(result: HuntResult, planned: PlannedHunt, settings: HuntSettings, terminal: Terminal): Promise<HuntResult> {
  if (result.failures.length > 0 || result.ended === "interrupted" || result.runs === 0) return result;
  const { mutants, isInterrupted } = await auditMutants(planned, { ...settings, runs: result.runs, timeMs: Infinity }, "as they are", terminal);
  return { ...result, audit: mutants, ...(isInterrupted && { ended: "interrupted", interrupted: true }) };
}

/** What a protocol must not do, such as to read the machine's clock, is no failure of a run: it is told as `run` tells it. */
export function refuseWrongInput({ report: { failures, withoutVerdict } }: HuntCampaign): void {
  const wrong = withoutVerdict.find(({ diagnostics }) => diagnostics !== undefined);
  if (wrong?.diagnostics === undefined || failures.length > 0) return;
  throw new InputError(wrong.diagnostics.map((one) => ({ ...one, message: `${one.message} (with seed ${wrong.seed})` })));
}

/** Ctrl-C ends the search for a smaller scenario, and what there is then is written; a second one does not wait for that. */
export async function writeFailures({ report: { failures }, ended }: HuntCampaign, planned: PlannedHunt, settings: FailureSettings, terminal: Terminal): Promise<{ readonly failures: WrittenFailure[]; readonly isInterrupted: boolean }> {
  let isInterrupted = ended === "interrupted";
  const release = onInterrupt(() => {
    if (isInterrupted) process.exit(exitCodes.interrupted);
    isInterrupted = true;
  });
  const shrink = shrinker(planned, settings.quiet ? undefined : terminal, () => isInterrupted);
  const written: WrittenFailure[] = [];
  try {
    for (const failure of failures) written.push(await writeFailure(failure, planned, settings, shrink));
  } finally {
    terminal.progress("");
    release();
  }
  return { failures: written, isInterrupted };
}

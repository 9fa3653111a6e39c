/** What a hunt leaves of each failure: a scenario that fails the same way, its trace, and its history. */
import { join } from "node:path";
import { failuresOf } from "../campaign/failures.ts";
import { scenarioOf } from "../campaign/run-job.ts";
import { isSameFailure } from "../campaign/shrink/shrink.ts";
import type { FoundFailure } from "../campaign/tally.ts";
import { Run, type RunOutcome } from "../scenario/run.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { HuntSettings } from "./hunt-options.ts";
import type { PlannedHunt } from "./hunt-plan.ts";
import { loadSource } from "./load-scenario.ts";
import { RunFiles, writeWhole } from "./output.ts";
import { explicitText } from "./run-scenario.ts";

/** A failure with what was written of it. */
export interface WrittenFailure extends FoundFailure {
  /** The scenario's file: `splitbrain run` on it fails the same way. */
  readonly scenario: string;
  readonly trace: string;
  readonly history: string;
  /** How many faults the scenario has, and how many operations its clients invoke. */
  readonly faults: number;
  readonly operations: number;
  /** False where the run, done again by itself, did not fail in this way: then it depends on more than its seed. */
  readonly isReproduced: boolean;
}

/** A failing scenario with its faults written out, made smaller as far as it fails the same way. Returns its text. */
export type Shrink = (scenario: Scenario, failure: FoundFailure) => Promise<string>;

/** Of a hunt's settings, what its failures are written by. */
export type FailureSettings = Pick<HuntSettings, "folder" | "mostEvents" | "quiet">;

/** Throws a UsageError where a file cannot be written. */
export async function writeFailure(failure: FoundFailure, planned: PlannedHunt, settings: FailureSettings, shrink: Shrink): Promise<WrittenFailure> {
  const { folder } = settings;
  const found = scenarioOf(planned.plan, failure.job, planned.registry);
  const small = await shrink(found, failure);
  const name = `${planned.slug}-seed${failure.job.seed}.failure`;
  const path = join(folder, `${name}.yaml`);
  const text = `# Found by \`splitbrain hunt\` with seed ${failure.job.seed}.\n${explicitText({ ...found, source: small }, planned.loaded.folder, folder)}`;
  writeWhole(path, text, "the failure's scenario");

  // From here on it is what `run` does with that file, so that what is shown is what others will see.
  const { scenario } = await loadSource({ text, file: path, folder, slug: name }, { seed: undefined, mutant: undefined, overrides: [] });
  const files = new RunFiles(folder, name);
  try {
    const { result, history } = await runTo(scenario, settings.mostEvents, files.write);
    files.finish(history);
    const again = failuresOf(result).find((one) => isSameFailure(one, failure));
    const isReproduced = again !== undefined;
    const operations = result.metrics["operations.invoked"] ?? 0;
    const message = again?.message ?? failure.message;
    return { ...failure, message, scenario: path, trace: files.trace, history: files.history, faults: scenario.world.faults.length, operations, isReproduced };
  } catch (error) {
    files.abort();
    throw error;
  }
}

/** In the middle of a run others get their turn, and a run that does not end is cut off. */
const SLICE = 20_000;

async function runTo(scenario: Scenario, mostSteps: number, write: (bytes: Uint8Array) => void): Promise<RunOutcome> {
  const run = new Run(scenario, { write });
  for (let left = mostSteps; left > 0 && run.advance(Math.min(left, SLICE)); left -= SLICE) await new Promise((resolve) => setImmediate(resolve));
  return run.finish();
}

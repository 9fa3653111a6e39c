/** One run of a scenario for `run` and `view`: found, read, run in slices with progress, and its files written. */
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Moment, MomentKind } from "../explain/index.ts";
import { Story } from "../explain/index.ts";
import { ScenarioDocument } from "../scenario/document.ts";
import type { Override } from "../scenario/overrides.ts";
import type { RunResult } from "../scenario/result.ts";
import { Run } from "../scenario/run.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { isForbidden } from "../world/forbidden.ts";
import type { Args } from "./command.ts";
import { exitCodes, UsageError } from "./exit.ts";
import { onInterrupt } from "./interrupt.ts";
import { loadScenario, type LoadedScenario } from "./load-scenario.ts";
import { LogPrinter } from "./log-printer.ts";
import { isModuleName } from "./module-name.ts";
import { DEFAULT_FOLDER, prepareFolder, RunFiles } from "./output.ts";
import { Progress } from "./progress.ts";
import { slugOf } from "./scenario-source.ts";
import type { Terminal } from "./terminal.ts";

export interface ScenarioRun {
  readonly scenario: Scenario;
  readonly result: RunResult;
  readonly moments: readonly Moment[];
  readonly leftOut: Readonly<Record<MomentKind, number>>;
}

/** Steps of the queue between two looks at the clock and at Ctrl-C. */
const SLICE = 20_000;

/** Runs the scenario that is named on the command line. Throws before anything is written where the input is wrong. */
export async function runScenario(name: string, args: Args, terminal: Terminal): Promise<ScenarioRun> {
  const loaded = await loadScenario(name, {
    seed: args.whole("seed", 0, Number.MAX_SAFE_INTEGER),
    mutant: args.text("mutant"),
    overrides: args.texts("set").map((text) => parseOverride(text)),
  });
  const folder = args.text("out") ?? DEFAULT_FOLDER;
  const removeFolder = prepareFolder(folder);
  try {
    return await runToFiles(loaded, folder, args, terminal);
  } catch (error) {
    removeFolder();
    if (isForbidden(error) && loaded.module !== undefined) throw loaded.module.locate(error);
    throw error;
  }
}

async function runToFiles(loaded: LoadedScenario, folder: string, args: Args, terminal: Terminal): Promise<ScenarioRun> {
  const files = new RunFiles(folder, fileName(loaded));
  try {
    return await runWith(files, loaded, scheduleFile(loaded, folder), args, terminal);
  } catch (error) {
    files.abort();
    throw error;
  }
}

async function runWith(files: RunFiles, { scenario }: LoadedScenario, schedule: string | undefined, args: Args, terminal: Terminal): Promise<ScenarioRun> {
  const names = { nodes: scenario.world.nodes, clients: Array.from({ length: scenario.world.workload.clients }, (_, index) => `c${index + 1}`) };
  const story = new Story({ names });
  const logs = new LogPrinter(args.text("log-level"), names.nodes, terminal);
  const begun = performance.now();
  const run = new Run(scenario, { write: files.write, sinks: [story, logs] });
  await advance(run, new Progress(run, args.flag("quiet") || args.flag("json") ? undefined : terminal));
  const { result, history } = run.finish();
  files.finish(history, schedule);
  const wallTimeMs = Math.round((performance.now() - begun) * 10) / 10;
  const { moments, leftOut } = story.tell();
  const written = { trace: files.trace, history: files.history, ...(schedule !== undefined && { schedule: files.schedule }) };
  return { scenario, result: { ...result, wallTimeMs, files: written }, moments, leftOut };
}

/** The scenario with its random schedule drawn, as a file in that folder; undefined where it asks for none. */
function scheduleFile({ scenario, folder: from }: LoadedScenario, folder: string): string | undefined {
  return scenario.random === undefined ? undefined : explicitText(scenario, from, folder);
}

/** A scenario's text as a file in a folder: a module of the user's own, named from another, is named from there. */
export function explicitText({ source, file, protocolName }: Pick<Scenario, "source" | "file" | "protocolName">, from: string, folder: string): string {
  if (!isModuleName(protocolName)) return source;
  const document = new ScenarioDocument(source, file);
  document.yaml.set("protocol", relativeModule(resolve(from, protocolName), folder));
  return document.yaml.toString({ lineWidth: 0 });
}

/** A module's name from another folder, with the dot that tells it from a protocol that is built in. */
function relativeModule(path: string, folder: string): string {
  const name = relative(resolve(folder), path).split(sep).join("/");
  return name.startsWith(".") || isAbsolute(name) ? name : `./${name}`;
}

/** Runs on until the end or Ctrl-C, which ends the run cleanly; a second Ctrl-C does not wait for that. */
export async function advance(run: Run, progress: Progress): Promise<void> {
  let isAsked = false;
  const release = onInterrupt(() => {
    if (isAsked) process.exit(exitCodes.interrupted);
    isAsked = true;
    run.interrupt();
  });
  try {
    while (run.advance(SLICE)) {
      progress.show();
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    progress.clear();
    release();
  }
}

/** `path=value`; a value may hold further equals signs. */
export function parseOverride(text: string, option = "--set"): Override {
  const at = text.indexOf("=");
  if (at > 0) return { path: text.slice(0, at), value: text.slice(at + 1) };
  throw new UsageError(`${option} takes path=value, not '${text}'`, `For example: ${option} network.loss=1%`);
}

/** What tells the files of this run from those of others: the scenario, the mutant, the seed. */
export function fileName({ scenario, slug }: Pick<LoadedScenario, "scenario" | "slug">): string {
  const mutant = scenario.mutant === undefined ? "" : `-${slugOf(scenario.mutant)}`;
  return `${slug ?? slugOf(scenario.name)}${mutant}-seed${scenario.world.seed}`;
}

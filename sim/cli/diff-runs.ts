/** The two traces that `splitbrain diff` compares: opened where they are there, and written where a scenario is to be run. */
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Words } from "../explain/index.ts";
import { Run } from "../scenario/run.ts";
import type { TraceHeader } from "../trace/event.ts";
import { openTraceFile, TraceFile, type OpenTraceFile } from "../trace/file.node.ts";
import { isForbidden } from "../world/forbidden.ts";
import { protocols } from "../../protocols/index.ts";
import type { Args } from "./command.ts";
import type { ScenarioSide, Side, Sides } from "./diff-sides.ts";
import { loadScenario, loadSource, type LoadedScenario } from "./load-scenario.ts";
import { DEFAULT_FOLDER, prepareFolder } from "./output.ts";
import { Progress } from "./progress.ts";
import { advance, fileName } from "./run-scenario.ts";
import { readScenario, type ScenarioSource } from "./scenario-source.ts";
import type { Terminal } from "./terminal.ts";
import { checkTrace } from "./trace-file.ts";

/** A side that can be read. */
export interface OpenSide {
  /** As the user named it: a trace's path, or a scenario. */
  readonly name: string;
  /** The trace's path, by which the replay is opened. */
  readonly path: string;
  readonly trace: OpenTraceFile["trace"];
  readonly words: Words;
}

export interface OpenSides {
  readonly a: OpenSide;
  readonly b: OpenSide;
  /** Closes both, and removes what was written for them where it is not to be kept. */
  close(removes: boolean): void;
}

interface Given {
  readonly name: string;
  /** A trace that is there. */
  readonly path?: string;
  /** Otherwise what is to be run. */
  readonly loaded?: LoadedScenario;
}

/** Throws an error for the user before anything is run where a side is not there or is wrong. */
export async function openSides(sides: Sides, args: Args, terminal: Terminal): Promise<OpenSides | "interrupted"> {
  const [a, b] = await findSides(sides);
  const written: string[] = [];
  const folder = args.text("out") ?? DEFAULT_FOLDER;
  const needsFolder = a.loaded !== undefined || b.loaded !== undefined;
  const removeFolder = needsFolder ? prepareFolder(folder) : () => {};
  const remove = (): void => {
    for (const path of written) rmSync(path, { force: true });
    removeFolder();
  };
  try {
    const paths = [a.path, b.path];
    for (const [index, side] of [a, b].entries()) {
      if (side.loaded === undefined) continue;
      const path = freeName(folder, index === 0 ? "a" : "b", side.loaded, paths);
      if (!(await runTo(path, side.loaded, args, terminal))) return remove(), "interrupted";
      written.push(path);
      paths[index] = path;
    }
    return openBoth([a, paths[0] as string], [b, paths[1] as string], remove);
  } catch (error) {
    remove();
    throw error;
  }
}

function openBoth([a, pathOfA]: readonly [Given, string], [b, pathOfB]: readonly [Given, string], remove: () => void): OpenSides {
  const [fileA, fileB] = [openTraceFile(pathOfA), openTraceFile(pathOfB)];
  const [wordsA, wordsB] = [wordsOf(a, fileA), wordsOf(b, fileB)];
  // A trace does not bring its protocol along; where that is a module, the other side may have it.
  const isSame = fileA.trace.header.protocol === fileB.trace.header.protocol;
  const borrowed = isSame ? (wordsA ?? wordsB) : undefined;
  return {
    a: { name: a.name, path: pathOfA, trace: fileA.trace, words: wordsA ?? borrowed ?? {} },
    b: { name: b.name, path: pathOfB, trace: fileB.trace, words: wordsB ?? borrowed ?? {} },
    close(removes) {
      for (const file of [fileA, fileB]) file.close();
      if (removes) remove();
    },
  };
}

/** How the protocol's messages read; undefined where it is a module that is not at hand. */
function wordsOf({ loaded }: Given, { trace }: OpenTraceFile): Words | undefined {
  if (loaded !== undefined) return loaded.scenario.protocol.words ?? {};
  const { protocol } = trace.header;
  return Object.hasOwn(protocols, protocol) ? (protocols[protocol]?.words ?? {}) : undefined;
}

/** Reads both sides, and what is wrong with them is told before anything is run. */
async function findSides({ a, b }: Sides): Promise<[Given, Given]> {
  const headerA = a.type === "trace" ? headerOf(a.path) : undefined;
  const headerB = b.type === "trace" ? headerOf(b.path) : undefined;
  const first = await find(a, headerB);
  // The very same on both sides is loaded once: a module that remembers its last run is found out so.
  const isSame = a.type === "scenario" && JSON.stringify(a) === JSON.stringify(b);
  return [first, isSame ? first : await find(b, headerA, a)];
}

function headerOf(path: string): TraceHeader {
  checkTrace(path);
  const file = openTraceFile(path);
  file.close();
  return file.trace.header;
}

let standardInput: ScenarioSource | undefined;

/** `other`: the header of the trace on the other side, where that is one. */
async function find(side: Side, other: TraceHeader | undefined, across?: Side): Promise<Given> {
  if (side.type === "trace") return { name: side.path, path: side.path };
  const options = { seed: side.seed ?? other?.seed, mutant: side.mutant, overrides: side.overrides };
  if (side.type === "scenario") {
    // Standard input can be read once; both sides may be made of it.
    if (side.name === "-") standardInput ??= readScenario("-");
    const loaded = side.name === "-" ? await loadSource(standardInput as ScenarioSource, options) : await loadScenario(side.name, options);
    return { name: nameOf(side, loaded), loaded };
  }
  const trace = across as Extract<Side, { type: "trace" }>;
  const { source, scenario } = other as TraceHeader;
  const again = await loadSource({ text: source, file: `the scenario in ${trace.path}`, folder: process.cwd(), slug: undefined }, options);
  return { name: `${trace.path}, run again`, loaded: { ...again, scenario: { ...again.scenario, name: scenario } } };
}

function nameOf({ name }: ScenarioSide, { scenario }: LoadedScenario): string {
  const mutant = scenario.mutant === undefined ? "" : ` with ${scenario.mutant}`;
  return `${name === "-" ? "standard input" : name}${mutant}, seed ${scenario.world.seed}`;
}

/** A name that says what it is, and that neither side has already. */
function freeName(folder: string, side: "a" | "b", loaded: LoadedScenario, taken: readonly (string | undefined)[]): string {
  const path = join(folder, `diff-${side}-${fileName(loaded)}.trace`);
  const isTaken = taken.some((other) => other !== undefined && resolve(other) === resolve(path));
  return isTaken ? join(folder, `diff-${side}-again-${fileName(loaded)}.trace`) : path;
}

/** Runs a scenario into a trace; false where it was interrupted, and nothing is left of it. */
async function runTo(path: string, { scenario, module }: LoadedScenario, args: Args, terminal: Terminal): Promise<boolean> {
  const file = new TraceFile(path);
  try {
    const run = new Run(scenario, { write: file.write });
    await advance(run, new Progress(run, args.flag("quiet") || args.flag("json") ? undefined : terminal));
    const isInterrupted = run.finish().result.interrupted === true;
    if (isInterrupted) file.abort();
    else file.finish();
    return !isInterrupted;
  } catch (error) {
    file.abort();
    if (isForbidden(error) && module !== undefined) throw module.locate(error);
    throw error;
  }
}

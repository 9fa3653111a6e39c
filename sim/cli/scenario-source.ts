/** Finding a scenario's text: a path, the bare name of a bundled one, or `-` for standard input. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { closest } from "../scenario/diagnostics.ts";
import { UsageError } from "./exit.ts";
import { packagePath } from "./package.ts";

export interface ScenarioSource {
  readonly text: string;
  /** As messages name it; `-` for standard input. */
  readonly file: string;
  /** Where what it names (a module, a table of latencies) is looked for. */
  readonly folder: string;
  /** For the names of files that a run leaves; undefined for standard input, where the scenario's name must do. */
  readonly slug: string | undefined;
}

/** The names of the bundled scenarios: `raft/leader-isolated`. */
export function bundledScenarios(): string[] {
  const root = packagePath("scenarios");
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yaml"))
    .map((path) => path.slice(0, -".yaml".length).split(sep).join("/"))
    .sort();
}

/** Reads a scenario. Throws a UsageError where there is none. */
export function readScenario(name: string): ScenarioSource {
  if (name === "-") return { text: readFileSync(0, "utf8"), file: "-", folder: process.cwd(), slug: undefined };
  const bundled = bundledScenarios();
  const bare = name.replace(/\.ya?ml$/, "");
  const stat = statSync(name, { throwIfNoEntry: false });
  if (stat?.isFile() || stat?.isFIFO()) return readFile(name, name, slugOf(basename(bare)));
  if (bundled.includes(bare)) {
    const path = packagePath("scenarios", `${bare}.yaml`);
    return readFile(path, displayPath(path), slugOf(bare));
  }
  if (stat?.isDirectory()) throw new UsageError(`${name} is a folder, not a scenario${suggest(bare, bundled)}`);
  throw new UsageError(`there is no scenario '${name}', neither as a file nor among the bundled ones${suggest(bare, bundled)}`, "`splitbrain list scenarios` shows those that are here.");
}

function readFile(path: string, file: string, slug: string): ScenarioSource {
  try {
    return { text: readFileSync(path, "utf8"), file, folder: dirname(resolve(path)), slug };
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** A file that the scenario names; undefined where there is none. */
export function readBeside(source: ScenarioSource, name: string): string | undefined {
  try {
    return readFileSync(resolve(source.folder, name), "utf8");
  } catch {
    return undefined;
  }
}

/** `, did you mean …?`: the nearest whole name, else the one whose last part is nearest. */
function suggest(name: string, bundled: readonly string[]): string {
  const lastPart = (scenario: string): string => scenario.slice(scenario.lastIndexOf("/") + 1);
  const part = closest(lastPart(name), bundled.map(lastPart));
  const found = closest(name, bundled) ?? bundled.find((scenario) => lastPart(scenario) === part);
  return found === undefined ? "" : `, did you mean \`${found}\`?`;
}

/** A path as a person would write it: relative where it lies below the current folder. */
export function displayPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short !== "" && !short.startsWith("..") ? short : path;
}

/** A text as a part of a file's name. */
export function slugOf(text: string): string {
  const slug = text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  return slug === "" ? "scenario" : slug;
}

/** From a scenario's text to a {@link Scenario}, or to every mistake in it at once. */
import type { Node } from "yaml";
import { isMap, isScalar } from "yaml";
import type { AnyProtocol } from "../protocol.ts";
import { withMutant } from "../protocol.ts";
import type { WorldConfig } from "../world/config.ts";
import { checkCost, pricesOf } from "./cost.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { closest, InputError } from "./diagnostics.ts";
import { ScenarioDocument } from "./document.ts";
import { checkExpect, expectations } from "./expect.ts";
import { checkFaults, faultConfigs } from "./faults.ts";
import { checkExperiment, stopOf, takeExperiment } from "./experiment/experiment.ts";
import { applyCell, cellsToCheck, variedPaths, type Cell, type VariedPath } from "./experiment/vary.ts";
import type { ScenarioFile } from "./file.ts";
import { scenarioShape } from "./format/index.ts";
import type { Override } from "./overrides.ts";
import { applyOption, applyOverrides } from "./overrides.ts";
import { checkNetwork, knownZones, networkConfig, placesOf } from "./network.ts";
import { drawRandom } from "./random.ts";
import { checkRandom } from "./random/check.ts";
import { Reader } from "./reader.ts";
import { readers } from "./readers.ts";
import type { Scenario } from "./scenario.ts";
import { checkSelected } from "./selectors.ts";
import { checkProgress, checkSettled } from "./settling.ts";
import { checkSometimes, sometimesOf } from "./sometimes.ts";
import type { Spot } from "./spot.ts";
import { embedTables, type Files } from "./tables.ts";
import { checkWorkload, clientsOf, workloadConfig } from "./workload.ts";

export interface ParseContext {
  /** As the user named it; `-` for standard input. */
  readonly file: string;
  readonly protocols: (name: string) => AnyProtocol | undefined;
  /** The built-in ones, for messages. */
  readonly protocolNames: readonly string[];
  /** `--set path=value` */
  readonly overrides?: readonly Override[] | undefined;
  /** `--seed` */
  readonly seed?: number | undefined;
  /** `--mutant`; with or without the protocol's name before it. */
  readonly mutant?: string | undefined;
  /** The tables of recorded values that the scenario names. */
  readonly files?: Files | undefined;
}

/** Throws an InputError with every mistake at once. */
export function parseScenario(text: string, context: ParseContext): Scenario {
  const { file, protocol, reader, paths } = readText(text, context);
  // Of an experiment, every value is read in its place.
  const others = cellsToCheck(paths).slice(1).flatMap((cell) => readText(text, context, cell).reader.diagnostics);
  const diagnostics = withoutTwins([...reader.diagnostics, ...others]);
  if (diagnostics.length > 0 || protocol === undefined) throw new InputError(inOrder(diagnostics, context.file));

  const experiment = takeExperiment(file, reader);
  const drawn = drawRandom(file, protocol, reader);
  if (drawn === undefined) return { ...scenario(file, protocol, reader, context), ...(experiment !== undefined && { experiment }) };
  // From here on the file is the one that has the drawn faults in it; overrides are in it as well.
  const explicit = parseScenario(drawn.text, { ...context, overrides: undefined, seed: undefined, mutant: undefined });
  return { ...explicit, random: drawn.random, ...(experiment !== undefined && { experiment }) };
}

/** A text that has been read, with every mistake noted. */
interface ReadText {
  readonly file: ScenarioFile;
  readonly protocol: AnyProtocol | undefined;
  readonly reader: Reader;
  readonly paths: readonly VariedPath[];
}

/** Reads a text with a cell's values in their places; the first cell's unless said otherwise. */
function readText(text: string, context: ParseContext, cell?: Cell): ReadText {
  const document = new ScenarioDocument(text, context.file);
  const reader = new Reader(document, readers);
  reader.diagnostics.push(...override(document, context), ...embedTables(document, context.files));
  const paths = variedPaths(document);
  reader.diagnostics.push(...applyCell(document, paths, cell ?? paths.map(() => 0), context.overrides ?? []));

  const root = reader.root();
  if (!isMap(root.node)) throw new InputError([notAScenario(root)]);
  const protocolName = protocolNameOf(root.node);
  const protocol = protocolName === undefined ? undefined : context.protocols(protocolName);
  const names = protocol === undefined ? context.protocolNames : [...context.protocolNames, protocolName as string];
  const file = reader.read(scenarioShape(protocol, names), root) as ScenarioFile;
  checkWhole(file, protocol, reader);
  return { file, protocol, reader, paths };
}

/** A mistake outside of what varies is found with each value. */
function withoutTwins(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ file, line, column, message }) => {
    const key = `${file}:${line}:${column} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The value of the `protocol` key alone, so that a module can be loaded first. Undefined where it is not there, or the text is no YAML. */
export function protocolOf(text: string, overrides: readonly Override[] = []): string | undefined {
  try {
    const document = new ScenarioDocument(text, "-");
    applyOverrides(document, overrides);
    const paths = variedPaths(document);
    applyCell(document, paths, paths.map(() => 0), overrides);
    return protocolNameOf(document.root);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

function override(document: ScenarioDocument, context: ParseContext): Diagnostic[] {
  const mistakes = applyOverrides(document, context.overrides ?? []);
  if (context.seed !== undefined) applyOption(document, "seed", "--seed", context.seed);
  if (context.mutant !== undefined) {
    const prefix = `${protocolNameOf(document.root)}/`;
    const name = context.mutant.startsWith(prefix) ? context.mutant.slice(prefix.length) : context.mutant;
    applyOption(document, "options.mutant", "--mutant", name);
  }
  return mistakes;
}

function notAScenario(root: Spot): Diagnostic {
  const isEmpty = root.node === null || (isScalar(root.node) && root.node.value === null);
  const message = isEmpty ? "this file is empty" : "a scenario is a map of keys and values";
  const range = root.node?.range;
  return root.source.diagnostic(range?.[0] ?? 0, range?.[1] ?? 1, message, "a scenario begins with version: 1 and names its protocol: raft");
}

/** Also under a misspelt key, so that one slip does not hide the options' mistakes. */
function protocolNameOf(root: Node | null): string | undefined {
  if (!isMap(root)) return undefined;
  const named = (name: string): unknown => root.items.find(({ key }) => isScalar(key) && key.value === name)?.value;
  const misspelt = root.items.find(({ key }) => isScalar(key) && closest(String(key.value), ["protocol"]) !== undefined)?.value;
  const value = named("protocol") ?? misspelt;
  return isScalar(value) && typeof value.value === "string" ? value.value : undefined;
}

/** Notes what no part of the file can know by itself. */
function checkWhole(file: ScenarioFile, protocol: AnyProtocol | undefined, reader: Reader): void {
  checkFaults(file, reader);
  checkCost(file, reader);
  const clients = protocol === undefined ? undefined : clientsOf(file, protocol, reader);
  checkSelected(reader, { nodes: file.nodes, clients, zones: knownZones(file, reader) });
  checkNetwork(file, clients, reader);
  if (protocol === undefined) return;
  checkWorkload(file, protocol, reader);
  checkExpect(file, protocol, reader);
  checkSettled(file, protocol, reader);
  checkProgress(file, protocol, reader);
  checkRandom(file, protocol, reader);
  checkSometimes(file, reader);
  checkExperiment(file, reader);
}

/** As the text runs: the file first, then what the command line put in. */
function inOrder(diagnostics: readonly Diagnostic[], file: string): Diagnostic[] {
  const rank = (one: Diagnostic): number => (one.file === file ? 0 : 1);
  return diagnostics.slice().sort((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}

function scenario(file: ScenarioFile, protocol: AnyProtocol, reader: Reader, context: ParseContext): Scenario {
  const { mutant, ...options } = (file.options ?? {}) as { readonly mutant?: string; readonly [name: string]: unknown };
  const places = placesOf(file, clientsOf(file, protocol, reader) as number, reader);
  const network = networkConfig(file, places);
  const world: WorldConfig = {
    seed: file.seed as number,
    duration: file.duration as number,
    nodes: file.nodes as readonly string[],
    zones: places.zones.some((zone) => zone !== "") ? places.zones : [],
    options,
    network,
    clocks: file.clocks as WorldConfig["clocks"],
    disk: file.disk as WorldConfig["disk"],
    cpu: (file.cpu as WorldConfig["cpu"] | undefined) ?? { perMessage: { type: "constant", value: 0 }, cores: 1 },
    workload: workloadConfig(file, protocol, reader, network),
    faults: faultConfigs(file, reader),
  };
  return {
    name: file.name ?? baseName(context.file),
    description: file.description as string,
    protocol: mutant === undefined ? protocol : withMutant(protocol, mutant),
    protocolName: file.protocol as string,
    mutant,
    world,
    prices: pricesOf(file, reader),
    expect: expectations(file, reader),
    invariants: file.expect?.["invariants"] === "off" ? "off" : "on",
    ...(file.sometimes !== undefined && { sometimes: sometimesOf(file) }),
    stop: stopOf(file),
    source: reader.document.text,
    file: context.file,
  };
}

/** `scenarios/raft/leader-isolated.yaml` is called `leader-isolated`. */
function baseName(file: string): string {
  if (file === "-") return "standard input";
  return (file.split(/[/\\]/).pop() as string).replace(/\.[^.]+$/, "");
}

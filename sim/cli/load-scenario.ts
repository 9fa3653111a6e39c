/** From a scenario's name on the command line to a checked scenario, with the protocol module that it may name. */
import { isMap, isScalar } from "yaml";
import { protocols } from "../../protocols/index.ts";
import type { AnyProtocol } from "../protocol.ts";
import { InputError, type Diagnostic } from "../scenario/diagnostics.ts";
import { ScenarioDocument } from "../scenario/document.ts";
import { applyOverrides, type Override } from "../scenario/overrides.ts";
import { parseScenario, protocolOf, type ParseContext } from "../scenario/parse.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { ModuleReference, ProtocolModule } from "./module.node.ts";
import { isModuleName } from "./module-name.ts";
import { readBeside, readScenario, type ScenarioSource } from "./scenario-source.ts";

export interface LoadOptions {
  readonly seed: number | undefined;
  readonly mutant: string | undefined;
  readonly overrides: readonly Override[];
}

export interface LoadedScenario {
  readonly scenario: Scenario;
  /** Where the protocol is a module of the user's own. */
  readonly module: ProtocolModule | undefined;
  readonly slug: string | undefined;
  /** Where what the scenario names is looked for. */
  readonly folder: string;
}

/** Throws an InputError with every mistake, the module's among them, or a UsageError where there is no such scenario. */
export async function loadScenario(name: string, options: LoadOptions): Promise<LoadedScenario> {
  return loadSource(readScenario(name), options);
}

/** The same from a text that has been read already. */
export async function loadSource(source: ScenarioSource, { seed, mutant, overrides }: LoadOptions): Promise<LoadedScenario> {
  const builtIn = (protocol: string): AnyProtocol | undefined => (Object.hasOwn(protocols, protocol) ? protocols[protocol] : undefined);
  const context: ParseContext = { file: source.file, protocols: builtIn, protocolNames: Object.keys(protocols), overrides, seed, mutant, files: (name) => readBeside(source, name) };
  const reference = moduleReference(source, overrides);
  if (reference === undefined) return { scenario: parseScenario(source.text, context), module: undefined, slug: source.slug, folder: source.folder };
  const module = await loadModule(reference, source, context);
  const scenario = parseScenario(source.text, { ...context, protocols: (protocol) => (protocol === reference.name ? module.protocol : builtIn(protocol)) });
  return { scenario, module, slug: source.slug, folder: source.folder };
}

async function loadModule(reference: ModuleReference, source: ScenarioSource, context: ParseContext): Promise<ProtocolModule> {
  const { loadProtocolModule } = await import("./module.node.ts");
  try {
    return await loadProtocolModule(reference);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError([...error.diagnostics, ...otherMistakes(reference, source, context)]);
  }
}

/** What else is wrong in the scenario: all mistakes are told in one go, but that the protocol is unknown is no news. */
function otherMistakes({ complain }: ModuleReference, source: ScenarioSource, context: ParseContext): readonly Diagnostic[] {
  const { line, column } = complain("");
  try {
    parseScenario(source.text, context);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.filter((one) => one.line !== line || one.column !== column);
  }
}

/** The module that the scenario names, after overrides; undefined where it names none, or nothing that can be read. */
function moduleReference(source: ScenarioSource, overrides: readonly Override[]): ModuleReference | undefined {
  const name = protocolOf(source.text, overrides);
  if (name === undefined || !isModuleName(name)) return undefined;
  const document = new ScenarioDocument(source.text, source.file);
  applyOverrides(document, overrides);
  const values = isMap(document.root) ? document.root.items.map(({ value }) => document.resolve(value)) : [];
  const value = values.find((node) => isScalar(node) && node.value === name);
  const [from, to] = value?.range ?? [0, 0];
  const text = document.originOf(value) ?? document.source;
  return { name, folder: source.folder, complain: (message, hint) => text.diagnostic(from, to, message, hint) };
}

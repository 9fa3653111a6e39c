/** A model of the user's own, in a module: what `check --model ./my-model.ts` names. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { defineModel, type Model, type ModelDefinition } from "../check/index.ts";
import { didYouMean, InputError } from "../scenario/diagnostics.ts";
import { UsageError } from "./exit.ts";
import { moduleExtensions } from "./module-name.ts";
import { type Bundle, bundleModule, describeError, diagnosticAt, type Exports, frameOf, loadBundle } from "./module.node.ts";

export interface ModelModule {
  readonly model: Model;
  /** What the model threw while it judged, and where in the module: as a mistake of the user's. */
  locate(error: unknown): InputError;
}

/** Bundles, loads and checks it. Throws a UsageError where there is no such file, and an InputError that says where and why it cannot be used. */
export async function loadModelModule(name: string): Promise<ModelModule> {
  const path = resolve(name);
  if (!existsSync(path)) throw new UsageError(`there is no model module ${name}${didYouMean(name, othersBeside(path, name))}`);
  const { bundle, exports } = await loadBundle(await bundleModule(path, "model"), "model");
  return { model: modelOf(exports, bundle), locate: (error) => new InputError([diagnosticAt(frameOf(error, bundle), bundle, `the model throws: ${describeError(error)}`)]) };
}

function othersBeside(path: string, name: string): string[] {
  const folder = dirname(path);
  const prefix = name.slice(0, Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
  const others = existsSync(folder) ? readdirSync(folder).filter((other) => moduleExtensions.includes(extname(other))) : [];
  return others.map((other) => prefix + other);
}

/** The default export, or the only one that looks like a model; made by `defineModel`, or what that takes. */
function modelOf(exports: Exports, bundle: Bundle): Model {
  const complain = (message: string, hint?: string): never => {
    throw new InputError([diagnosticAt(undefined, bundle, message, hint)]);
  };
  const names = Object.hasOwn(exports, "default") ? ["default"] : Object.keys(exports).filter((name) => isModel(exports[name]) || isDefinition(exports[name]));
  const found = exports[names[0] ?? ""];
  if (names.length > 1) return complain(`the module exports several models: ${names.join(", ")}`, "Make one of them the default export.");
  if (isModel(found)) return found;
  if (found === undefined) return complain("the module exports no model", "Export one: export default defineModel({ name, initial, next(state, operation) { return [ … ] } })");
  try {
    return defineModel(found as ModelDefinition);
  } catch (error) {
    return complain((error as Error).message, "A model is { name, initial, next(state, operation) { return [ … ] } }.");
  }
}

function isModel(value: unknown): value is Model {
  return typeof value === "object" && value !== null && "specify" in value && "misfit" in value;
}

function isDefinition(value: unknown): boolean {
  return typeof value === "object" && value !== null && "next" in value && "initial" in value;
}

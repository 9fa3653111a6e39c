/**
 * A protocol module of the user's own: bundled in memory by esbuild, because not every supported Node.js reads TypeScript,
 * with `splitbrain` resolved to the running copy, so that there is one `Log` and one `defineProtocol`.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin, SourceMap } from "node:module";
import { basename, dirname, extname, resolve } from "node:path";
import { compileFunction } from "node:vm";
import type { BuildFailure, BuildResult, Message, Plugin } from "esbuild";
import type { PlannedModule } from "../campaign/job.ts";
import type { AnyProtocol } from "../protocol.ts";
import { didYouMean, InputError, type Diagnostic } from "../scenario/diagnostics.ts";
import { withoutMachine } from "../scenario/guard.ts";
import { isForbidden, type ForbiddenError } from "../world/forbidden.ts";
import { moduleExtensions } from "./module-name.ts";
import { missingParts } from "./protocol-parts.ts";
import { displayPath } from "./scenario-source.ts";

/** Where the scenario names the module, for a mistake that is the scenario's. */
export interface ModuleReference {
  /** As the scenario says it: `./my-protocol.ts`. */
  readonly name: string;
  /** The scenario's folder. */
  readonly folder: string;
  /** A diagnostic at that place. */
  readonly complain: (message: string, hint?: string) => Diagnostic;
}

export interface ProtocolModule {
  readonly protocol: AnyProtocol;
  /** As one text, for those who load it elsewhere. */
  readonly bundled: PlannedModule;
  /** What was called that a protocol must not call, and where in the module: as a mistake of the user's. */
  locate(error: ForbiddenError): InputError;
}

/** Bundles, loads and checks a module. Throws an InputError that says where and why it cannot be used. */
export async function loadProtocolModule(reference: ModuleReference): Promise<ProtocolModule> {
  const path = resolve(reference.folder, reference.name);
  if (!existsSync(path)) throw new InputError([missingFile(path, reference)]);
  return openProtocolModule({ name: reference.name, ...(await bundleModule(path)) });
}

/** Loads and checks what has been bundled already, here or elsewhere. Throws an InputError. */
export async function openProtocolModule(bundled: PlannedModule): Promise<ProtocolModule> {
  const { bundle, exports: loaded } = await loadBundle(bundled, "protocol");
  return { protocol: protocolOf(loaded, bundle), bundled, locate: (error) => new InputError([forbidden(error, bundle)]) };
}

/** Runs what has been bundled, with the running copy as its `splitbrain`. Throws an InputError. */
export async function loadBundle(bundled: Omit<PlannedModule, "name">, kind: ModuleKind): Promise<{ readonly bundle: Bundle; readonly exports: Exports }> {
  const bundle: Bundle = { ...bundled, map: new SourceMap(JSON.parse(bundled.map)) };
  const library: unknown = await import("../library.ts");
  return { bundle, exports: evaluate(bundle, library, kind) };
}

function missingFile(path: string, { name, complain }: ModuleReference): Diagnostic {
  const folder = dirname(path);
  const others = existsSync(folder) ? readdirSync(folder).filter((other) => moduleExtensions.includes(extname(other))) : [];
  const prefix = name.slice(0, name.length - basename(name).length);
  return complain(`there is no protocol module \`${name}\`${didYouMean(name, others.map((other) => prefix + other))}`, `Looked for ${displayPath(path)}.`);
}

/** What a module of the user's own may be, as messages name it. */
export type ModuleKind = "protocol" | "model";

/** A module and what it imports, as one text, with the way back to its lines. */
export interface Bundle {
  readonly path: string;
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
  readonly map: SourceMap;
}

export async function bundleModule(path: string, kind: ModuleKind = "protocol"): Promise<Omit<PlannedModule, "name">> {
  const esbuild = await import("esbuild");
  let result: BuildResult<{ write: false }>;
  try {
    result = await esbuild.build({
      entryPoints: [path],
      outfile: "module.js",
      bundle: true,
      write: false,
      format: "cjs",
      platform: "neutral",
      mainFields: ["module", "main"],
      target: "node20.19",
      sourcemap: "external",
      absWorkingDir: dirname(path),
      logLevel: "silent",
      plugins: [resolvePlugin(kind)],
    });
  } catch (error) {
    const errors = (error as BuildFailure).errors;
    if (errors === undefined) throw error;
    throw new InputError(errors.map((message) => fromEsbuild(message, path)));
  }
  const text = (end: string): string => result.outputFiles.find((file) => file.path.endsWith(end))?.text ?? "";
  return { path, file: displayPath(path), text: text(".js"), map: text(".map") };
}

const resolvePlugin = (kind: ModuleKind): Plugin => ({
  name: "splitbrain",
  setup(build) {
    build.onResolve({ filter: /^splitbrain$/ }, ({ path }) => ({ path, external: true }));
    build.onResolve({ filter: /.*/ }, ({ path }) => {
      if (!isBuiltin(path)) return undefined;
      const instead = kind === "protocol" ? "what it may ask for is in its context" : "what it knows is the state and the operation";
      return { errors: [{ text: `a ${kind} cannot import \`${path}\`: it sees no files, no network, no clock and no process; ${instead}` }] };
    });
  },
});

function fromEsbuild(message: Message, path: string): Diagnostic {
  const { location, text } = message;
  if (location === null) return { file: displayPath(path), line: 1, column: 1, message: text };
  const file = displayPath(resolve(dirname(path), location.file));
  // esbuild counts columns in bytes; a line's beginning in UTF-16 units is what editors count.
  const column = Buffer.from(location.lineText).subarray(0, location.column).toString().length + 1;
  const hint = location.suggestion === "" ? {} : { hint: location.suggestion };
  return { file, line: location.line, column, message: text, excerpt: location.lineText, length: Math.max(1, location.length), ...hint };
}

/** Marks the frames of a bundle in a stack. */
const BUNDLE_NAME = "splitbrain-module.js";

/**
 * Runs the bundle as one function, at once and out of the machine's reach, so that a clock read at load is met too.
 * Nothing is written to disk for it.
 */
function evaluate(bundle: Bundle, library: unknown, kind: ModuleKind): Exports {
  const module: { exports: Exports } = { exports: {} };
  try {
    const load = compileFunction(bundle.text, ["module", "exports", "require"], { filename: BUNDLE_NAME });
    withoutMachine(() => load(module, module.exports, () => library));
    return module.exports;
  } catch (error) {
    if (isForbidden(error)) throw new InputError([forbidden(error, bundle, kind)]);
    throw new InputError([diagnosticAt(frameOf(error, bundle), bundle, `the module throws while it is loaded: ${describeError(error)}`)]);
  }
}

export type Exports = { readonly [name: string]: unknown };

export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function forbidden(error: ForbiddenError, bundle: Bundle, kind: ModuleKind = "protocol"): Diagnostic {
  return diagnosticAt(frameOf(error, bundle), bundle, `a ${kind} cannot call \`${error.what}\``, error.cure);
}

const frameOfBundle = new RegExp(`${BUNDLE_NAME.replace(".", "\\.")}:(\\d+):(\\d+)`);

export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** The innermost frame of an error's stack that lies in the bundle, in terms of the user's own files. */
export function frameOf(error: unknown, bundle: Bundle): Place | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const frame = frameOfBundle.exec(stack);
  if (frame === null) return undefined;
  const entry = bundle.map.findEntry(Number(frame[1]) - 1, Number(frame[2]) - 1);
  if (!("originalSource" in entry)) return undefined;
  return { path: resolve(dirname(bundle.path), entry.originalSource), line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

export function diagnosticAt(place: Place | undefined, bundle: Bundle, message: string, hint?: string): Diagnostic {
  const { path, line, column } = place ?? { path: bundle.path, line: 1, column: 1 };
  const excerpt = sourceOf(path, bundle)?.split(/\r?\n/)[line - 1];
  const length = /^[\w$.]+/.exec(excerpt?.slice(column - 1) ?? "")?.[0].length ?? 1;
  return { file: displayName(path, bundle), line, column, message, length, ...(excerpt === undefined ? {} : { excerpt }), ...(hint === undefined ? {} : { hint }) };
}

/** What a file of the bundle says: as the bundle has it, because on another machine there may be no such file. */
function sourceOf(path: string, bundle: Bundle): string | undefined {
  const { sources, sourcesContent } = bundle.map.payload as { readonly sources: readonly string[]; readonly sourcesContent?: readonly (string | null)[] };
  const at = sources.findIndex((source) => resolve(dirname(bundle.path), source) === path);
  return sourcesContent?.[at] ?? (existsSync(path) ? readFileSync(path, "utf8") : undefined);
}

/** A file of the bundle as whoever made it names it. */
function displayName(path: string, bundle: Bundle): string {
  return path === bundle.path ? bundle.file : displayPath(path);
}

/** The default export, or the only export that looks like a protocol; and whether all of its parts are there. */
function protocolOf(loaded: Exports, bundle: Bundle): AnyProtocol {
  if (looksLikeProtocol(loaded)) return checkParts(loaded, bundle); // module.exports = defineProtocol(…)
  const complain = (message: string, hint?: string): never => {
    throw new InputError([diagnosticAt(exportPlace(bundle), bundle, message, hint)]);
  };
  const names = Object.keys(loaded);
  const candidates = names.includes("default") ? ["default"] : names.filter((name) => looksLikeProtocol(loaded[name]));
  const name = candidates[0];
  if (name === undefined) return complain("the module exports no protocol", "Export one: export default defineProtocol({ name, boot, onMessage, onRequest, … })");
  if (candidates.length > 1) return complain(`the module exports several protocols: ${candidates.join(", ")}`, "Make one of them the default export.");
  return checkParts(loaded[name], bundle);
}

function checkParts(value: unknown, bundle: Bundle): AnyProtocol {
  const missing = missingParts(value);
  if (missing.length > 0) throw new InputError(missing.map((part) => diagnosticAt(exportPlace(bundle), bundle, part.message, part.hint)));
  return value as AnyProtocol;
}

function looksLikeProtocol(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("onMessage" in value || "onRequest" in value) && "name" in value;
}

/** Where the module exports: the place for what is wrong with the protocol as a whole. */
function exportPlace(bundle: Bundle): Place {
  const lines = (sourceOf(bundle.path, bundle) ?? "").split(/\r?\n/);
  const find = (pattern: RegExp): number => lines.findIndex((line) => pattern.test(line));
  const found = [find(/^\s*export default\b/), find(/\bdefineProtocol\s*[(<]/), find(/^\s*export\b/)].find((index) => index >= 0) ?? 0;
  return { path: bundle.path, line: found + 1, column: (/\S/.exec(lines[found] ?? "")?.index ?? 0) + 1 };
}

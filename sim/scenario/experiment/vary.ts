/**
 * What an experiment varies. The first value of each path takes its place in the document before anything is read, so that
 * every value is checked as if the file had said it there, and a mistake in it points to where it stands in `vary`.
 */
import type { Node, Scalar } from "yaml";
import { isMap, isScalar, isSeq } from "yaml";
import { closest, type Diagnostic } from "../diagnostics.ts";
import type { ScenarioDocument, Source } from "../document.ts";
import type { Override } from "../overrides.ts";
import { applyVaried } from "../overrides.ts";

/** A setting and the values that it takes. */
export interface VariedPath {
  /** `options.electionTimeout`. */
  readonly path: string;
  readonly key: Scalar;
  readonly source: Source;
  readonly choices: readonly Choice[];
}

interface Choice {
  /** What tables and plots call it: as the file has it, or the name that it has there. */
  readonly label: string;
  /** As YAML in one line, for a cell's overrides. */
  readonly text: string;
  readonly node: Node;
  readonly source: Source;
}

/** What the file varies, as far as it can be made out: what cannot be is reported when it is read. */
export function variedPaths(document: ScenarioDocument): VariedPath[] {
  const experiment = childOf(document, document.root, document.source, "experiment");
  const vary = experiment && childOf(document, experiment.node, experiment.source, "vary");
  if (vary === undefined || !isMap(vary.node)) return [];
  const { source } = vary;
  return vary.node.items.flatMap(({ key, value }): VariedPath[] => {
    const from = document.originOf(key) ?? source;
    const choices = choicesIn(document, value, document.originOf(value) ?? from);
    if (!isScalar(key) || choices.length === 0) return [];
    return [{ path: String(key.value), key, source: from, choices }];
  });
}

interface Found {
  readonly node: Node;
  readonly source: Source;
}

/** Also under a misspelt key, so that one slip is one mistake. */
function childOf(document: ScenarioDocument, node: Node | null, source: Source, name: string): Found | undefined {
  if (!isMap(node)) return undefined;
  const keyed = (is: (key: string) => boolean): unknown => node.items.find(({ key }) => isScalar(key) && is(String(key.value)))?.value;
  const value = keyed((key) => key === name) ?? keyed((key) => closest(key, [name]) !== undefined);
  const child = document.resolve(value);
  return child === null ? undefined : { node: child, source: document.originOf(value) ?? source };
}

/** `[1ms, 5ms]`, or `{ near: 1ms, far: 5ms }`. */
function choicesIn(document: ScenarioDocument, value: unknown, source: Source): Choice[] {
  const node = document.resolve(value);
  const entries = isSeq(node) ? node.items.map((item) => ({ key: undefined, value: item })) : isMap(node) ? node.items : [];
  return entries.flatMap(({ key, value: item }) => {
    const chosen = document.resolve(item);
    if (chosen === null) return [];
    const text = JSON.stringify(chosen.toJS(document.yaml));
    return [{ label: isScalar(key) ? String(key.value) : labelOf(chosen, text), text, node: chosen, source: document.originOf(item) ?? source }];
  });
}

function labelOf(node: Node, text: string): string {
  if (!isScalar(node)) return text;
  // A table of recorded values goes by its file's name, though the values have taken its place.
  return node.source ?? String(node.value);
}

/** One value for each path: which, by its position. */
export type Cell = readonly number[];

/** The first cell, and each that differs from it in one path: every value is in one of them. */
export function cellsToCheck(paths: readonly VariedPath[]): Cell[] {
  const first = paths.map(() => 0);
  const others = paths.flatMap(({ choices }, at) => choices.slice(1).map((_, index) => first.with(at, index + 1)));
  return [first, ...others];
}

/** Puts a cell's values where they belong, but for paths that the command line sets. Returns what was wrong with the paths. */
export function applyCell(document: ScenarioDocument, paths: readonly VariedPath[], cell: Cell, overrides: readonly Override[]): Diagnostic[] {
  return paths.flatMap(({ path, key, source, choices }, at) => {
    if (overrides.some((override) => override.path === path)) return [];
    const { node, source: from } = choices[cell[at] as number] as Choice;
    const value = node.clone() as Node & { anchor?: string };
    delete value.anchor;
    return applyVaried(document, path, { value, from }, { key, source });
  });
}

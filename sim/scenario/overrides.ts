/** `--set path=value`: values put into the document before it is looked at, as if the file had said so. */
import type { Node, Range } from "yaml";
import { isAlias, isMap, isScalar, isSeq, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { Diagnostic } from "./diagnostics.ts";
import { InputError } from "./diagnostics.ts";
import type { ScenarioDocument } from "./document.ts";
import { parse, Source } from "./document.ts";

export interface Override {
  /** `network.loss`, `faults.0.for`. */
  readonly path: string;
  readonly value: string;
}

type Collection = YAMLMap<Node, Node | null> | YAMLSeq<Node | null>;

/** Puts values in, in order. Returns what was wrong with their paths and their YAML. */
export function applyOverrides(document: ScenarioDocument, overrides: readonly Override[]): Diagnostic[] {
  const mistakes: Diagnostic[] = [];
  for (const { path, value } of overrides) {
    const source = new Source(`--set ${path}=${value}`, `${path}=${value}`, path.length + 1);
    try {
      put(document, path, valueOf(source, value), source);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      mistakes.push(...error.diagnostics);
    }
  }
  return mistakes;
}

/** Comparisons need no quotes here: a shell has taken them away. */
function valueOf(source: Source, value: string): Node {
  const { length } = source.text;
  if (/^\s*([<>]|[=!]=)/.test(value)) return scalarAt(value.trim(), source, source.offset, length);
  return (parse(source).contents as Node | null) ?? scalarAt(null, source, length, length);
}

/** Puts a value of the command line in, under the option's own name. */
export function applyOption(document: ScenarioDocument, path: string, option: string, value: string | number): void {
  const source = new Source(`${option} ${value}`, String(value));
  put(document, path, scalarAt(value, source, 0, source.text.length), source);
}

/** Puts a value in that an experiment varies: it and its path come from there. Returns what was wrong with the path. */
export function applyVaried(document: ScenarioDocument, path: string, { value, from }: { readonly value: Node; readonly from: Source }, { key, source }: { readonly key: Scalar; readonly source: Source }): Diagnostic[] {
  const isQuoted = key.type === "QUOTE_DOUBLE" || key.type === "QUOTE_SINGLE";
  const shift = source.offset + (key.range?.[0] ?? 0) + (isQuoted ? 1 : 0);
  try {
    put(document, path, value, source, shift);
    document.setOrigin(value, from);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [...error.diagnostics];
  }
}

/** `shift`: where in the source's text the path begins. */
function put(document: ScenarioDocument, path: string, value: Node, source: Source, shift = 0): void {
  document.setOrigin(value, source);
  const root = document.root;
  // Where the file is no map at all, that is the mistake to report.
  if (!isMap(root)) return;

  const segments = path.split(".");
  let within: Collection = root as Collection;
  let at = 0;
  while (at < segments.length) {
    const name = nameAt(within, segments, at);
    const start = shift + segments.slice(0, at).join(".").length + (at === 0 ? 0 : 1);
    const key = { name, from: start, to: start + name.length };
    at += name.split(".").length;
    if (at === segments.length) setChild(document, within, key, value, source);
    else within = enter(document, within, key, segments[at] as string, source);
  }
}

/** A key in a path, and where it stands there. */
interface PathKey {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Keys may hold dots (`expect.latency.p99`): the longest that is there is meant, else in `expect` all of the rest. */
function nameAt(within: Collection, segments: readonly string[], at: number): string {
  if (isMap(within)) {
    for (let end = segments.length; end > at; end -= 1) {
      const name = segments.slice(at, end).join(".");
      if (within.has(name)) return name;
    }
  }
  const isMetric = at === 1 && segments[0] === "expect" && segments[1] !== "converged";
  return isMetric ? segments.slice(at).join(".") : (segments[at] as string);
}

function indexIn(list: YAMLSeq<Node | null>, key: PathKey, source: Source): number {
  const index = /^\d+$/.test(key.name) ? Number(key.name) : -1;
  if (index >= 0 && index <= list.items.length) return index;
  const last = list.items.length - 1;
  const message = index < 0 ? `\`${key.name}\` is not a position in a list` : `there is no item ${index} here`;
  throw mistake(source, key, message, last < 0 ? "the list is empty" : `positions go from 0 to ${last}`);
}

function setChild(document: ScenarioDocument, within: Collection, key: PathKey, value: Node, source: Source): void {
  if (isSeq(within)) {
    (within as YAMLSeq<Node | null>).items[indexIn(within as YAMLSeq<Node | null>, key, source)] = value;
    return;
  }
  const existing = pairOf(within, key.name);
  if (existing === undefined) addPair(document, within, key, value, source);
  else existing.value = value;
}

/** The collection under a key, made where there is none yet. */
function enter(document: ScenarioDocument, within: Collection, key: PathKey, next: string, source: Source): Collection {
  const child = childOf(within, key, source);
  if (isMap(child) || isSeq(child)) return child as Collection;
  if (isAlias(child)) {
    // What an alias stands for is used elsewhere too: only here it is changed.
    const copy = document.resolve(child)?.clone() as Collection | undefined;
    if (isMap(copy) || isSeq(copy)) {
      delete copy.anchor;
      setExisting(within, key, copy);
      return copy;
    }
  }
  const isEmpty = child === undefined || child === null || (isScalar(child) && child.value === null);
  if (!isEmpty) throw mistake(source, key, `\`${key.name}\` is a single value; it has no \`${next}\``);

  const made: Collection = next === "0" ? new YAMLSeq<Node | null>() : new YAMLMap<Node, Node | null>();
  made.range = rangeOf(source, key.from, key.to);
  setChild(document, within, key, made, source);
  document.setOrigin(made, source);
  return made;
}

function childOf(within: Collection, key: PathKey, source: Source): Node | null | undefined {
  if (!isSeq(within)) return pairOf(within, key.name)?.value;
  return (within as YAMLSeq<Node | null>).items[indexIn(within as YAMLSeq<Node | null>, key, source)];
}

function setExisting(within: Collection, key: PathKey, value: Node): void {
  if (isSeq(within)) (within as YAMLSeq<Node | null>).items[Number(key.name)] = value;
  else (pairOf(within, key.name) as Pair<Node, Node | null>).value = value;
}

function pairOf(map: Collection, name: string): Pair<Node, Node | null> | undefined {
  return (map as YAMLMap<Node, Node | null>).items.find(({ key }) => isScalar(key) && key.value === name);
}

function addPair(document: ScenarioDocument, map: Collection, key: PathKey, value: Node, source: Source): void {
  const scalar = scalarAt(key.name, source, key.from, key.to);
  document.setOrigin(scalar, source);
  (map as YAMLMap<Node, Node | null>).items.push(new Pair<Node, Node | null>(scalar, value));
}

function scalarAt(value: string | number | null, source: Source, from: number, to: number): Scalar {
  const scalar = new Scalar(value);
  scalar.range = rangeOf(source, from, to);
  return scalar;
}

/** Ranges of nodes count from where the source's YAML begins. */
const rangeOf = (source: Source, from: number, to: number): Range => [from - source.offset, to - source.offset, to - source.offset];

function mistake(source: Source, key: PathKey, message: string, hint?: string): InputError {
  return new InputError([source.diagnostic(key.from - source.offset, key.to - source.offset, message, hint)]);
}

/** Readers of maps: known keys, required ones, those that exclude each other; and the items of `faults`. */
import { isMap, isScalar, Scalar } from "yaml";
import { closest, didYouMean, oneOf } from "./diagnostics.ts";
import { numbered } from "./leaves.ts";
import { quote } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import type { FieldsShape, FileShape, ShapeOf } from "./shape.ts";
import type { Spot } from "./spot.ts";
import { extent, found } from "./spot.ts";
import { notSupported, unsupportedKeys } from "./unsupported.ts";

type Held = { [name: string]: unknown };

/** A key of a map with its value. */
interface Entry {
  readonly name: string;
  readonly key: Spot;
  readonly value: Spot;
  /** YAML ended the value at a comma; its pieces stand as keys after it. */
  readonly isCut: boolean;
}

export function readFields(shape: FieldsShape, spot: Spot, reader: Reader): Held | undefined {
  const entries = entriesOf(spot, reader);
  return entries === undefined ? undefined : readEntries(shape, spot, reader, entries);
}

function readEntries(shape: FieldsShape, spot: Spot, reader: Reader, entries: readonly Entry[]): Held {
  const held: Held = {};
  const present = new Set(entries.map(({ name }) => name));
  for (const entry of entries) {
    const name = shapeFor(shape, entry.name) === undefined ? unknownKey(shape, spot, reader, entry, present) : entry.name;
    if (name === undefined) continue;
    present.add(name);
    const value = name === entry.name ? entry.value : reader.below(spot, entry.value.node, name);
    reader.noteKey(value.path, entry.key);
    held[name] = entry.isCut ? undefined : reader.read(shapeFor(shape, name) as FileShape, value);
  }
  checkCompany(shape, spot, reader, present);
  addDefaults(shape, held, present);
  return held;
}

function shapeFor(shape: FieldsShape, name: string): FileShape | undefined {
  return Object.hasOwn(shape.fields, name) ? shape.fields[name] : shape.others?.shapeOf(name);
}

/** The entries of a map, without those that repeat a key. Undefined, and noted, where there is no map. */
export function entriesOf(spot: Spot, reader: Reader, example?: string): Entry[] | undefined {
  if (!isMap(spot.node)) {
    const hint = example === undefined ? undefined : `for example { ${example} }`;
    return reader.report(spot, `expected a map of keys and values, found ${found(spot)}`, hint);
  }
  const entries: Entry[] = [];
  const pairs = spot.node.items as readonly { key: unknown; value: unknown }[];
  for (let at = 0; at < pairs.length; at += 1) {
    const { key, value } = pairs[at] as (typeof pairs)[number];
    const keySpot = reader.below(spot, key, "");
    if (!isScalar(keySpot.node) || keySpot.node.value === null) {
      reader.report(keySpot, `expected a key, found ${found(keySpot)}`);
      continue;
    }
    const name = String(keySpot.node.value);
    const cut = spot.node.flow === true ? cutAtComma(pairs, at) : 0;
    const entry = { name, key: keySpot, value: reader.below(spot, value ?? placeholder(keySpot), name), isCut: cut > 0 };
    if (cut > 0) reportCut(reader, entry, pairs[at + cut]?.key as Scalar);
    at += cut;
    const first = entries.find((other) => other.name === name);
    if (first === undefined) entries.push(entry);
    else reader.report(keySpot, `the key ${quote(name)} stands twice`);
  }
  return entries;
}

/** Stands for a value that is not there, where its key is. */
function placeholder(key: Spot): Scalar {
  const scalar = new Scalar(null);
  scalar.range = (key.node as Scalar).range ?? null;
  return scalar;
}

/**
 * How many entries after this one are pieces of its value: YAML ends a plain value at a comma inside braces, so
 * `{ latency: uniform(1ms, 5ms) }` has a key `5ms)` without a value.
 */
function cutAtComma(pairs: readonly { key: unknown; value: unknown }[], at: number): number {
  let depth = openParentheses((pairs[at] as { value: unknown }).value);
  for (let pieces = 1; depth > 0 && at + pieces < pairs.length; pieces += 1) {
    const { key, value } = pairs[at + pieces] as { key: unknown; value: unknown };
    const isPiece = value === null || (isScalar(value) && value.value === null);
    if (!isPiece) return 0;
    depth += openParentheses(key);
    if (depth <= 0) return pieces;
  }
  return 0;
}

/** Opening parentheses less closing ones, of text that is not in quotes. */
function openParentheses(node: unknown): number {
  if (!isScalar(node) || node.type !== "PLAIN") return 0;
  const text = String(node.source ?? node.value);
  return text.split("(").length - text.split(")").length;
}

function reportCut(reader: Reader, { value }: Entry, last: Scalar): void {
  const [from] = extent(value.node);
  const to = last.range?.[1] ?? from + 1;
  const { source } = value;
  const whole = source.text.slice(from + source.offset, to + source.offset).replace(/\s+/g, " ");
  const cure = `write ${whole.replace(/\s*,\s*/g, " ")} or "${whole}"`;
  reader.diagnostics.push(
    source.diagnostic(from, to, "YAML ends a value at a comma inside braces: separate the arguments by spaces, or put quotes around it", cure),
  );
}

/** Reports a key that is not known. Returns the key that was meant, where its value may be read as that key's. */
function unknownKey(
  shape: FieldsShape,
  spot: Spot,
  reader: Reader,
  { name, key }: Entry,
  present: ReadonlySet<string>,
): string | undefined {
  const plainName = name.split("(")[0] as string; // Levels may have an argument: kAtomic(2).
  if (Object.hasOwn(unsupportedKeys[spot.where] ?? {}, plainName)) {
    const isAtTop = spot.where === "" || spot.where === "faults";
    return reader.report(key, notSupported(quote(isAtTop ? name : `${spot.where}.${name}`)));
  }
  const noun = shape.noun ?? "key";
  const owner = shape.elsewhere !== undefined && Object.hasOwn(shape.elsewhere, name) ? shape.elsewhere[name] : undefined;
  if (owner !== undefined) return reader.report(key, `the ${noun} ${quote(name)} does not belong here: ${owner}`);

  const names = Object.keys(shape.fields);
  const meant = closest(name, names);
  const listed = names.length === 0 ? "nothing is expected here" : names.length <= 24 ? `expected ${oneOf(names)}` : undefined;
  reader.report(key, `unknown ${noun} ${quote(name)}${didYouMean(name, names)}`, listed);
  return meant !== undefined && !present.has(meant) ? meant : undefined;
}

function checkCompany(shape: FieldsShape, spot: Spot, reader: Reader, present: ReadonlySet<string>): void {
  for (const name of shape.required ?? []) {
    if (!present.has(name)) reader.report(spot, `the key \`${name}\` is missing`);
  }
  for (const group of shape.oneOf ?? []) {
    const [first, second] = group.filter((name) => present.has(name));
    if (first === undefined) reader.report(spot, `one of the keys ${oneOf(group.map(quote))} is missing`);
    if (second !== undefined) {
      const key = reader.keyAt(spot.path === "" ? second : `${spot.path}.${second}`) ?? spot;
      reader.report(key, `\`${first}\` and \`${second}\` exclude each other`);
    }
  }
}

/** Fills in what the file leaves out. A map is filled in where it could be empty. */
function addDefaults(shape: FieldsShape, held: Held, present: ReadonlySet<string>): void {
  for (const [name, field] of Object.entries(shape.fields)) {
    if (present.has(name)) continue;
    const value = defaultOf(field);
    if (value !== undefined) held[name] = value;
  }
}

function defaultOf(shape: FileShape): unknown {
  if (shape.type === "either") return defaultOf(shape.map);
  if (shape.type === "nodes") return numbered(shape.default);
  if (shape.type === "fields") {
    if ((shape.required ?? []).length > 0 || (shape.oneOf ?? []).length > 0) return undefined;
    const held: Held = {};
    addDefaults(shape, held, new Set());
    return held;
  }
  return "default" in shape ? shape.default : undefined;
}

/** One item of `faults`, as it is held: the kind, its value and what stands beside it under `params`, and the rest. */
export interface FaultItem {
  readonly kind: string;
  readonly params: { readonly value: unknown; readonly [beside: string]: unknown };
  readonly common: { readonly [name: string]: unknown };
}

export function readFault(shape: ShapeOf<"fault">, spot: Spot, reader: Reader): FaultItem | undefined {
  const entries = entriesOf(spot, reader, "at: 5s, crash: leader");
  if (entries === undefined) return undefined;
  const kindEntry = kindOf(shape, spot, reader, entries);
  if (kindEntry === undefined) return undefined;
  const kind = kindEntry.name;

  const definition = shape.kinds[kind] as (typeof shape.kinds)[string];
  const beside = definition.beside ?? {};
  const { company } = definition;
  const common = company === undefined ? shape.common : Object.fromEntries(Object.entries(shape.common).filter(([name]) => company.includes(name)));
  const fields: FieldsShape = {
    type: "fields",
    fields: { ...common, [kind]: definition.params as FileShape, ...(beside as FieldsShape["fields"]) },
    ...(company === undefined && { oneOf: [["at", "every", "when"]] }),
    elsewhere: companyOf(shape, kind),
  };
  const held = readEntries(fields, spot, reader, entries.map((entry) => (entry.key === kindEntry.key ? kindEntry : entry)));
  const params: Held = { value: held[kind] };
  const times: Held = {};
  for (const name in held) {
    if (Object.hasOwn(beside, name)) params[name] = held[name];
    else if (name !== kind) times[name] = held[name];
  }
  return { kind, params: params as FaultItem["params"], common: times };
}

/** Keys that go with other kinds of faults, or are other kinds, with the reason why they are wrong beside this one. */
function companyOf(shape: ShapeOf<"fault">, kind: string): { [name: string]: string } {
  const reasons: { [name: string]: string } = {};
  for (const [other, { beside }] of Object.entries(shape.kinds)) {
    if (other === kind) continue;
    for (const name in beside) reasons[name] = `it goes with \`${other}\``;
    reasons[other] = `one item is one fault, and this one is \`${kind}\``;
  }
  const company = shape.kinds[kind]?.company ?? Object.keys(shape.common);
  for (const name in shape.common) if (!company.includes(name)) reasons[name] = `\`${kind}\` has times of its own`;
  return reasons;
}

/** The entry of an item that says what kind of fault it is, under the right name. Undefined, and noted, where none is served. */
function kindOf(shape: ShapeOf<"fault">, spot: Spot, reader: Reader, entries: readonly Entry[]): Entry | undefined {
  const kinds = Object.keys(shape.kinds);
  const served = entries.find(({ name }) => kinds.includes(name));
  if (served !== undefined) return served;

  const known = [...kinds, ...Object.keys(shape.common)];
  const expected = `expected one of ${oneOf(kinds)}`;
  const strangers = entries.filter(({ name }) => !Object.hasOwn(shape.common, name));
  const unsupported = strangers.find(({ name }) => Object.hasOwn(unsupportedKeys["faults"] ?? {}, name));
  if (unsupported === undefined) {
    for (const stranger of strangers) {
      const meant = closest(stranger.name, known) ?? "";
      if (!kinds.includes(meant)) continue;
      reader.report(stranger.key, `unknown fault ${quote(stranger.name)}, did you mean \`${meant}\`?`, expected);
      return { ...stranger, name: meant, value: reader.below(spot, stranger.value.node, meant) };
    }
  }

  readCommon(shape, spot, reader, entries);
  if (unsupported !== undefined) return reader.report(unsupported.key, notSupported(`the fault ${quote(unsupported.name)}`));
  for (const { key, name } of strangers) reader.report(key, `unknown fault ${quote(name)}${didYouMean(name, known)}`, expected);
  return strangers.length > 0 ? undefined : reader.report(spot, "this item does not say what goes wrong", expected);
}

/** What every fault has is checked even where the fault itself is not known. */
function readCommon(shape: ShapeOf<"fault">, spot: Spot, reader: Reader, entries: readonly Entry[]): void {
  const common = entries.filter(({ name }) => Object.hasOwn(shape.common, name));
  readEntries({ type: "fields", fields: shape.common, oneOf: [["at", "every", "when"]] }, spot, reader, common);
}

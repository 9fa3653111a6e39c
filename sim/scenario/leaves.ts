/** One small reader for each shape that is no map: from a scalar's text, or a short list of them, to the value held. */
import { isMap, isScalar, isSeq } from "yaml";
import type { MetricUnit } from "../metrics/metric.ts";
import { didYouMean, oneOf } from "./diagnostics.ts";
import { parseDistribution, sizes } from "./distributions.ts";
import { readEnds } from "./ends.ts";
import { parseKeyDistribution } from "./keys.ts";
import type { Piece } from "./quantities.ts";
import * as quantities from "./quantities.ts";
import { failAt, formatDuration, piece, QuantityError, quote, trimmed } from "./quantities.ts";
import { readRates } from "./rates.ts";
import type { Reader, Readers } from "./reader.ts";
import { isSelectorWord, readGroups, readLink, readSelector } from "./selectors.ts";
import type { FileShape, ShapeOf } from "./shape.ts";
import type { Spot } from "./spot.ts";
import { found, textOf } from "./spot.ts";
import { readNodesByZone } from "./zones.ts";

type Leaf = Exclude<FileShape["type"], "fields" | "fault" | "either" | "list" | "oneOrMany" | "metric" | "vary" | "anything">;
type Leaves = Pick<Readers, Leaf>;

/** Reads a scalar's text; `parse` throws a QuantityError where it is wrong. */
function fromText<Held>(spot: Spot, reader: Reader, expected: string, parse: (text: Piece) => Held): Held | undefined {
  const text = textOf(spot);
  if (text === undefined) return reader.report(spot, `expected ${expected}, found ${found(spot)}`);
  try {
    return parse(trimmed(piece(text), 0, text.length));
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    return reader.reportPart(spot, error);
  }
}

function readBoolean(_shape: ShapeOf<"boolean">, spot: Spot, reader: Reader): boolean | undefined {
  if (isScalar(spot.node) && typeof spot.node.value === "boolean") return spot.node.value;
  return reader.report(spot, `expected true or false, found ${found(spot)}`);
}

function readSwitch(shape: ShapeOf<"switch">, spot: Spot, reader: Reader): boolean | string | undefined {
  const value: unknown = isScalar(spot.node) ? spot.node.value : undefined;
  if (typeof value === "boolean") return value;
  if (typeof value === "string" && shape.words.includes(value)) return value;
  return reader.report(spot, `expected ${oneOf(["true", "false", ...shape.words])}, found ${found(spot)}`);
}

function readNumber(shape: ShapeOf<"integer"> & ShapeOf<"number">, spot: Spot, reader: Reader): number | undefined {
  const value: unknown = isScalar(spot.node) ? spot.node.value : undefined;
  const isWhole = shape.type === "integer";
  const expected = isWhole ? "a whole number" : "a number";
  const isRight = typeof value === "number" && (isWhole ? Number.isInteger(value) : Number.isFinite(value));
  if (!isRight) return reader.report(spot, `expected ${expected}, found ${found(spot)}`);
  const { min = -Infinity, max = isWhole ? Number.MAX_SAFE_INTEGER : Infinity } = shape;
  if (value < min) return reader.report(spot, `${found(spot)} is too small: at least ${min} is expected here`);
  if (value > max) return reader.report(spot, `${found(spot)} is too large: at most ${max} is expected here`);
  return value;
}

function readVersion(_shape: ShapeOf<"version">, spot: Spot, reader: Reader): number | undefined {
  const value: unknown = isScalar(spot.node) ? spot.node.value : undefined;
  if (value === 1) return 1;
  if (typeof value === "number" && value > 1) return reader.report(spot, `this file is of version ${value} of the format; this program reads version 1`);
  return reader.report(spot, `expected the version of the format, 1, found ${found(spot)}`);
}

function checkDuration(shape: { readonly min?: number; readonly max?: number }, value: number, text: Piece): void {
  if (shape.min === 1 && value < 1) failAt(text, "this must be more than 0");
  const { min = -Infinity, max = Infinity } = shape;
  if (value < min) failAt(text, `${quote(text.text)} is too short: at least ${formatDuration(min)} is expected here`);
  if (value > max) failAt(text, `${quote(text.text)} is too long: at most ${formatDuration(max)} is expected here`);
}

function readDuration(shape: ShapeOf<"duration">, spot: Spot, reader: Reader): number | undefined {
  return fromText(spot, reader, "a duration such as 20ms or 5s", (text) => {
    const value = quantities.parseDuration(text, shape);
    checkDuration(shape, value, text);
    return value;
  });
}

function readDurationRange(shape: ShapeOf<"durationRange">, spot: Spot, reader: Reader): [number, number] | undefined {
  return fromText(spot, reader, "a duration or a range such as 150ms..300ms", (text) => {
    const range = quantities.parseDurationRange(text, shape);
    for (const value of range) checkDuration(shape, value, text);
    return range;
  });
}

/** `[10s, 18s]` */
function readWindow(_shape: ShapeOf<"window">, spot: Spot, reader: Reader): [number, number] | undefined {
  const items = isSeq(spot.node) ? spot.node.items : [];
  if (items.length !== 2) return reader.report(spot, `expected two times such as [10s, 18s], found ${found(spot)}`);
  const [from, until] = items.map((item, position) => readDuration({ type: "duration" }, reader.below(spot, item, position), reader));
  if (from === undefined || until === undefined) return undefined;
  if (from > until) return reader.report(spot, "the window is reversed", "write the earlier time first");
  if (from === until) return reader.report(spot, "the window is empty");
  return [from, until];
}

function readChoice(shape: ShapeOf<"choice">, spot: Spot, reader: Reader): string | undefined {
  const text = textOf(spot);
  if (text !== undefined && shape.of.includes(text)) return text;
  const meant = text === undefined ? "" : didYouMean(text, shape.of);
  return reader.report(spot, `expected ${oneOf(shape.of)}, found ${found(spot)}${meant}`);
}

function readText(_shape: ShapeOf<"text">, spot: Spot, reader: Reader): string | undefined {
  if (isScalar(spot.node) && typeof spot.node.value === "string") return spot.node.value;
  const cure = textOf(spot) === undefined ? undefined : `put quotes around it: "${textOf(spot)}"`;
  return reader.report(spot, `expected text, found ${found(spot)}`, cure);
}

function readProtocol(shape: ShapeOf<"protocol">, spot: Spot, reader: Reader): string | undefined {
  const name = readText({ type: "text" }, spot, reader);
  if (name === undefined || shape.names.includes(name)) return name;
  const isModule = /[/\\]|\.[cm]?[jt]s$/.test(name);
  if (isModule) return reader.report(spot, `the protocol's module ${quote(name)} could not be loaded`);
  const cure = `built in: ${shape.names.join(", ")}; a module of one's own is written as a path, ./my-protocol.ts`;
  return reader.report(spot, `unknown protocol ${quote(name)}${didYouMean(name, shape.names)}`, cure);
}

function readMutant(shape: ShapeOf<"mutant">, spot: Spot, reader: Reader): string | undefined {
  const name = readText({ type: "text" }, spot, reader);
  if (name === undefined || shape.of.includes(name)) return name;
  const cure = shape.of.length === 0 ? "this protocol has no mutants" : `mutants: ${shape.of.join(", ")}`;
  return reader.report(spot, `unknown mutant ${quote(name)}${didYouMean(name, shape.of)}`, cure);
}

function readEvent(shape: ShapeOf<"event">, spot: Spot, reader: Reader): string | undefined {
  const name = readText({ type: "text" }, spot, reader);
  if (name === undefined || shape.of === undefined || shape.of.includes(name)) return name;
  const { noun = "event" } = shape;
  const cure = shape.of.length === 0 ? `this protocol declares no ${noun}s` : `${noun}s: ${shape.of.join(", ")}`;
  return reader.report(spot, `unknown ${noun} ${quote(name)}${didYouMean(name, shape.of)}`, cure);
}

/** `{ read: 50, write: 50 }` */
function readWeights(shape: ShapeOf<"weights">, spot: Spot, reader: Reader): { f: string; weight: number }[] | undefined {
  if (!isMap(spot.node)) return reader.report(spot, `expected weights such as { read: 50, write: 50 }, found ${found(spot)}`);
  const weights: { f: string; weight: number }[] = [];
  for (const { key, value } of spot.node.items) {
    const f = isScalar(key) ? String(key.value) : "";
    const keySpot = reader.below(spot, key, f);
    const at = reader.below(spot, value ?? key, f);
    const number = readNumber({ type: "number", max: 1e9 }, at, reader);
    if (number !== undefined && number < 0) reader.report(at, "a weight must not be negative");
    if (weights.some((other) => other.f === f)) {
      reader.report(keySpot, `the operation ${quote(f)} stands twice`);
    } else if (shape.of !== undefined && !shape.of.includes(f)) {
      const meant = didYouMean(f, shape.of);
      reader.report(keySpot, `the protocol does not serve the operation ${quote(f)}${meant}`, `it serves ${oneOf(shape.of, "and")}`);
    }
    weights.push({ f, weight: number ?? 1 });
  }
  if (weights.length === 0) return reader.report(spot, "no operation is given");
  // A weight of 0 is a way to switch an operation off.
  const some = weights.filter(({ weight }) => weight !== 0);
  return some.length === 0 ? reader.report(spot, "all weights are 0: some operation must happen") : some;
}

export interface Comparison {
  readonly comparison: "<" | "<=" | ">" | ">=" | "==" | "!=";
  /** In the metric's unit. */
  readonly value: number;
  readonly text: string;
}

const unitExamples: { readonly [unit in MetricUnit]: string } = { count: ">= 100", number: "<= 12.5", ratio: ">= 95%", duration: "< 100ms", bytes: "< 64KiB", money: "< 2.50" };

const unitParsers: { readonly [unit in MetricUnit]: (text: Piece) => number } = {
  count: quantities.parseNumber,
  number: quantities.parseNumber,
  money: quantities.parseNumber,
  // A share as results print it, 0.95, cannot be mistaken for a percentage.
  ratio: (text) => (/^0?\.\d+$|^1(\.0*)?$/.test(text.text) ? Number(text.text) : quantities.parseRatio(text)),
  duration: (text) => quantities.parseDuration(text),
  bytes: (text) => (/^\d+(\.\d+)?$/.test(text.text) ? Number(text.text) : quantities.parseSize(text)),
};

function readComparison(shape: ShapeOf<"comparison">, spot: Spot, reader: Reader): Comparison | undefined {
  const example = unitExamples[shape.unit];
  return fromText(spot, reader, `a comparison such as "${example}"`, (text) => {
    const match = /^(<=|>=|==|!=|<|>)/.exec(text.text);
    if (match === null) failAt(text, `expected a comparison such as "${example}", found ${quote(text.text)}`);
    const comparison = (match as RegExpExecArray)[0] as Comparison["comparison"];
    return { comparison, value: unitParsers[shape.unit](trimmed(text, comparison.length, text.text.length)), text: text.text };
  });
}

/** `5`, `[alice, bob]`, or `{ eu: 3, us: 2 }`. */
function readNodes(shape: ShapeOf<"nodes">, spot: Spot, reader: Reader): string[] | undefined {
  if (isMap(spot.node)) return readNodesByZone(shape, spot, reader);
  if (!isSeq(spot.node)) {
    const count = readNumber({ type: "integer", min: 1, max: shape.max }, spot, reader);
    return count === undefined ? undefined : numbered(count);
  }
  if (spot.node.items.length === 0) return reader.report(spot, "a cluster needs a node");
  const names: string[] = [];
  for (const [position, item] of spot.node.items.entries()) {
    const at = reader.below(spot, item, position);
    const name = readText({ type: "text" }, at, reader);
    if (name === undefined) continue;
    const problem = nameProblem(name, names);
    if (problem !== undefined) reader.report(at, problem);
    names.push(name);
  }
  return names;
}

/** `n1`, `n2`, … */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, position) => `n${position + 1}`);
}

function nameProblem(name: string, before: readonly string[]): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) return `${quote(name)} is no name for a node: it takes a letter, then letters, digits, - and _`;
  if (/^c\d+$/.test(name)) return `${quote(name)} is a client's name; a node needs another`;
  if (isSelectorWord(name)) return `${quote(name)} already means something to faults; a node needs another name`;
  return before.includes(name) ? `there are two nodes ${quote(name)}` : undefined;
}

export const leaves: Leaves = {
  boolean: readBoolean,
  switch: readSwitch,
  integer: (shape, spot, reader) => readNumber(shape as ShapeOf<"integer"> & ShapeOf<"number">, spot, reader),
  number: (shape, spot, reader) => readNumber(shape as ShapeOf<"integer"> & ShapeOf<"number">, spot, reader),
  version: readVersion,
  ratio: (_shape, spot, reader) => fromText(spot, reader, "a share such as 1%", quantities.parseRatio),
  rate: (_shape, spot, reader) => fromText(spot, reader, "a rate such as 200/s", (text) => quantities.parseRate(text)),
  rates: readRates,
  rateRamp: (_shape, spot, reader) => fromText(spot, reader, "a rate such as 200/s, or a ramp such as 100/s..1000/s", quantities.parseRateRamp),
  duration: readDuration,
  durationRange: readDurationRange,
  window: readWindow,
  drift: (_shape, spot, reader) => fromText(spot, reader, "a drift such as 50ppm", quantities.parseDrift),
  driftRange: (_shape, spot, reader) => fromText(spot, reader, "a drift or a range such as -50ppm..50ppm", quantities.parseDriftRange),
  distribution: (_shape, spot, reader) => fromText(spot, reader, "a duration or a distribution such as lognormal(1ms 8ms)", (text) => parseDistribution(text)),
  sizeDistribution: (_shape, spot, reader) => fromText(spot, reader, "a size or a distribution such as lognormal(100B 4KiB)", (text) => parseDistribution(text, sizes)),
  choice: readChoice,
  text: readText,
  protocol: readProtocol,
  mutant: readMutant,
  event: readEvent,
  keyDistribution: (_shape, spot, reader) => fromText(spot, reader, "a distribution of keys", parseKeyDistribution),
  weights: readWeights,
  comparison: readComparison,
  nodes: readNodes,
  bandwidth: (_shape, spot, reader) => fromText(spot, reader, "a bandwidth such as 1Gbps or 10MiB/s", quantities.parseBandwidth),
  size: (_shape, spot, reader) => fromText(spot, reader, "a size such as 64KiB", quantities.parseSize),
  ends: readEnds,
  selector: readSelector,
  groups: readGroups,
  link: readLink,
};

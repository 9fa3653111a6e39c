/** The JSON Schema of the scenario file, from the same description as its validator, for editors. Draft-07, which they all read. */
import { metrics } from "../metrics/index.ts";
import type { AnyProtocol } from "../protocol.ts";
import { distributionNames, formatDistribution } from "./distributions.ts";
import { OPERATION_METRIC } from "./format/expect.ts";
import { optionsShape, scenarioShape } from "./format/index.ts";
import { ZONE_PATTERN } from "./format/network.ts";
import { formatDriftRange, formatDuration, formatDurationRange, formatRatio } from "./quantities.ts";
import { rateStage } from "./rates.ts";
import { selectorWords } from "./selectors.ts";
import type { FieldsShape, FileShape, ShapeOf } from "./shape.ts";

type Schema = { readonly [key: string]: unknown };

/** Accepts what `parseScenario` accepts, but for what one part of a file must know of another. */
export function scenarioJsonSchema(protocols: readonly AnyProtocol[]): Schema {
  const names = protocols.map(({ name }) => name);
  const whole = schemaOf(scenarioShape(undefined, names));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Splitbrain scenario",
    description: "A cluster, a workload, what goes wrong, and what must hold.",
    ...whole,
    allOf: protocols.map((protocol) => ({
      if: { required: ["protocol"], properties: { protocol: { const: protocol.name } } },
      then: {
        properties: {
          options: schemaOf(optionsShape(protocol)),
          workload: { type: "object", properties: { operations: weights(Object.keys(protocol.onRequest)) } },
        },
      },
    })),
  };
}

const NUMBER = "\\d+(\\.\\d+)?";
const TIME = `(${NUMBER}(ns|us|µs|μs|ms|s|m|h)|0+(\\.0+)?)`;
const SIGNED_TIME = `[+-]?${TIME}`;
const DRIFT = `[+-]?(${NUMBER}(ppm|ppb)|0+(\\.0+)?)`;
const SIZE_UNIT = "(B|kB|KB|MB|GB|KiB|MiB|GiB)";
const SHARE = `(${NUMBER}%|0+(\\.0+)?)`;
const RATE = `${NUMBER}/(ms|s|m|h)`;
const SIZE = `(${NUMBER}(B|kB|KB|MB|GB|KiB|MiB|GiB)|0+(\\.0+)?)`;

/** Zero needs no unit, and is a number to YAML. */
const quantity = (pattern: string): Schema => ({ anyOf: [{ type: "string", pattern: `^\\s*${pattern}\\s*$` }, { const: 0 }] });
const rangeOf = (pattern: string): string => `${pattern}(\\s*\\.\\.\\s*${pattern})?`;

const distributionOf = (pattern: string): string => `(${rangeOf(pattern)}|(${distributionNames.join("|")})\\s*\\(.+\\))`;
const rate: Schema = { type: "string", pattern: `^\\s*${RATE}\\s*$` };

const name = { type: "string", pattern: "^[A-Za-z][A-Za-z0-9_-]*$" };
const zone = { type: "string", pattern: "^zone\\s*\\(\\s*[A-Za-z][A-Za-z0-9_-]*\\s*\\)$" };
const oneSelector = { anyOf: [{ enum: selectorWords }, { type: "string", pattern: "^random\\(\\s*[1-9]\\d*\\s*\\)$" }, zone, name] };
const selector = { anyOf: [oneSelector, { type: "array", items: oneSelector, minItems: 1 }] };

const oneEnd = { anyOf: [zone, name] };
const count = (max: number): Schema => ({ type: "integer", minimum: 1, maximum: max });
const byZone = (pattern: string, of: Schema): Schema => ({ type: "object", minProperties: 1, patternProperties: { [pattern]: of }, additionalProperties: false });
const PART_PATTERN = "^[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*$";

type Converters = { readonly [Type in FileShape["type"]]: (shape: ShapeOf<Type>) => Schema };

const converters: Converters = {
  boolean: () => ({ type: "boolean" }),
  switch: ({ words }) => ({ anyOf: [{ type: "boolean" }, { enum: words }] }),
  integer: (shape) => bounds("integer", shape),
  number: (shape) => bounds("number", shape),
  version: () => ({ const: 1 }),
  ratio: () => quantity(SHARE),
  rate: () => rate,
  rates: () => ({ anyOf: [rate, { type: "array", items: schemaOf(rateStage), minItems: 1 }] }),
  rateRamp: () => ({ type: "string", pattern: `^\\s*${rangeOf(RATE)}\\s*$` }),
  duration: ({ signed }) => quantity(signed === true ? SIGNED_TIME : TIME),
  durationRange: ({ signed }) => quantity(rangeOf(signed === true ? SIGNED_TIME : TIME)),
  window: () => ({ type: "array", items: quantity(TIME), minItems: 2, maxItems: 2 }),
  drift: () => quantity(DRIFT),
  driftRange: () => quantity(rangeOf(DRIFT)),
  distribution: () => quantity(distributionOf(TIME)),
  sizeDistribution: () => quantity(distributionOf(SIZE)),
  choice: ({ of }) => ({ enum: of }),
  text: () => ({ type: "string" }),
  protocol: ({ names }) => ({ anyOf: [{ enum: names }, { type: "string", pattern: "[/\\\\]|\\.[cm]?[jt]s$" }] }),
  mutant: ({ of }) => ({ enum: of }),
  event: ({ of }) => (of === undefined ? { type: "string" } : { enum: of }),
  keyDistribution: () => ({ type: "string", pattern: `^\\s*((uniform|sequential)(\\s*\\(\\s*\\))?|zipf\\s*\\(\\s*${NUMBER}\\s*\\)|hotspot\\s*\\(\\s*${SHARE}[\\s,]+${SHARE}\\s*\\))\\s*$` }),
  weights: ({ of }) => weights(of),
  comparison: ({ unit }) => ({ type: "string", pattern: `^\\s*(<=|>=|==|!=|<|>)\\s*${comparands[unit]}\\s*$` }),
  bandwidth: () => ({ type: "string", pattern: `^\\s*${NUMBER}([kKMGT]?bps|${SIZE_UNIT}/s)\\s*$` }),
  size: () => quantity(`(${NUMBER}${SIZE_UNIT}|0+(\\.0+)?)`),
  ends: () => ({ anyOf: [oneEnd, { type: "array", items: oneEnd, minItems: 1 }] }),
  nodes: ({ max }) => ({ anyOf: [count(max), { type: "array", items: name, minItems: 1, uniqueItems: true }, byZone(ZONE_PATTERN, { anyOf: [count(max), byZone(PART_PATTERN, count(max))] })] }),
  selector: () => selector,
  groups: ({ count }) => ({ type: "array", items: selector, minItems: count ?? 1, ...(count === undefined ? {} : { maxItems: count }) }),
  link: () => ({ type: "array", items: selector, minItems: 2, maxItems: 2 }),
  either: ({ scalar, map }) => ({ anyOf: [schemaOf(scalar), schemaOf(map)] }),
  list: ({ of }) => ({ type: "array", items: schemaOf(of) }),
  oneOrMany: ({ of }) => ({ anyOf: [schemaOf(of), { type: "array", items: schemaOf(of), minItems: 1 }] }),
  metric: () => ({ anyOf: [{ enum: Object.keys(metrics) }, { type: "string", pattern: OPERATION_METRIC }] }),
  vary: () => ({ type: "object", minProperties: 1, additionalProperties: { anyOf: [{ type: "array", minItems: 1 }, { type: "object", minProperties: 1 }] } }),
  anything: () => ({}),
  fields,
  fault,
};

const comparands = {
  count: NUMBER,
  number: "[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?",
  money: "[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?",
  ratio: `(${SHARE}|0?\\.\\d+|1(\\.0*)?)`,
  duration: TIME,
  bytes: `${NUMBER}${SIZE_UNIT}?`,
} as const;

function schemaOf(shape: FileShape): Schema {
  const convert = converters[shape.type] as (shape: FileShape) => Schema;
  const usual = defaultText(shape);
  return {
    ...(shape.summary === undefined ? {} : { description: shape.summary }),
    ...(usual === undefined ? {} : { default: usual }),
    ...convert(shape),
  };
}

/** A default as one would write it in the file. */
export function defaultText(shape: FileShape): unknown {
  if (!("default" in shape) || shape.default === undefined) return undefined;
  switch (shape.type) {
    case "ratio":
      return formatRatio(shape.default);
    case "duration":
      return formatDuration(shape.default);
    case "durationRange":
      return formatDurationRange(shape.default);
    case "drift":
      return formatDriftRange([shape.default, shape.default]);
    case "driftRange":
      return formatDriftRange(shape.default);
    case "distribution":
      return formatDistribution(shape.default);
    default:
      return shape.default;
  }
}

function bounds(type: "integer" | "number", { min, max }: { readonly min?: number; readonly max?: number }): Schema {
  return { type, ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) };
}

function weights(served: readonly string[] | undefined): Schema {
  const weight = { type: "number", minimum: 0 };
  if (served === undefined) return { type: "object", minProperties: 1, additionalProperties: weight };
  return { type: "object", minProperties: 1, properties: Object.fromEntries(served.map((f) => [f, weight])), additionalProperties: false };
}

function fields(shape: FieldsShape): Schema {
  return {
    type: "object",
    properties: properties(shape.fields),
    ...(shape.others === undefined ? {} : { patternProperties: patternsOf(shape.others) }),
    additionalProperties: false,
    ...(shape.required === undefined ? {} : { required: shape.required }),
    ...(shape.oneOf === undefined ? {} : { allOf: shape.oneOf.map((group) => ({ oneOf: group.map((key) => ({ required: [key] })) })) }),
  };
}

function patternsOf({ pattern, shape, more = {} }: NonNullable<FieldsShape["others"]>): Schema {
  return properties({ [pattern]: shape, ...more });
}

function properties(shapes: { readonly [name: string]: FileShape }): Schema {
  return Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, schemaOf(shape)]));
}

/** One time each, but for the kinds that have times of their own, beside which some keys are wrong. */
function timesOf(kinds: ShapeOf<"fault">["kinds"], common: readonly string[]): Schema[] {
  const one = { oneOf: ["at", "every", "when"].map((time) => ({ required: [time] })) };
  const own = Object.entries(kinds).filter(([, { company }]) => company !== undefined);
  const wrong = own.map(([kind, { company = [] }]) => ({
    if: { required: [kind] },
    then: { not: { anyOf: common.filter((key) => !company.includes(key)).map((key) => ({ required: [key] })) } },
  }));
  return [{ if: { anyOf: own.map(([kind]) => ({ required: [kind] })) }, else: one }, ...wrong];
}

/** One of the kinds, one of the times, and beside them what goes with those. */
function fault({ common, kinds }: ShapeOf<"fault">): Schema {
  const names = Object.keys(kinds);
  const beside: { [name: string]: { schema: Schema; of: string[] } } = {};
  for (const [kind, definition] of Object.entries(kinds)) {
    for (const [key, shape] of Object.entries(definition.beside ?? {})) {
      const known = (beside[key] ??= { schema: schemaOf(shape as FileShape), of: [] });
      known.of.push(kind);
    }
  }
  const params = Object.fromEntries(names.map((kind) => [kind, { description: kinds[kind]?.summary, ...schemaOf(kinds[kind]?.params as FileShape) }]));
  const needs = (of: readonly string[]): Schema => ({ anyOf: of.map((kind) => ({ required: [kind] })) });
  return {
    type: "object",
    properties: { ...properties(common), ...params, ...Object.fromEntries(Object.entries(beside).map(([key, { schema }]) => [key, schema])) },
    additionalProperties: false,
    allOf: [...timesOf(kinds, Object.keys(common)), { oneOf: names.map((kind) => ({ required: [kind] })) }],
    dependencies: {
      between: needs(["every", "when", ...names.filter((kind) => kinds[kind]?.company?.includes("between"))]),
      nth: ["when"],
      after: ["when"],
      ...Object.fromEntries(Object.entries(beside).map(([key, { of }]) => [key, needs(of)])),
    },
  };
}

/** Distributions of durations, or of sizes, from text and back: `lognormal(1ms 8ms)`, `mix(90% … 10% …)`. */
import type { Distribution } from "../kernel/distribution.ts";
import { didYouMean } from "./diagnostics.ts";
import type { Piece } from "./quantities.ts";
import { asPiece, failAt, formatDuration, formatRatio, formatSize, piece, quote, trimmed } from "./quantities.ts";
import { parseDuration, parseDurationRange, parseNumber, parseRatio, parseSize, parseSizeRange } from "./quantities.ts";

/** `name(argument argument)`: arguments are separated by spaces or commas, and may be calls themselves. */
export interface Call {
  readonly name: Piece;
  readonly arguments: readonly Piece[];
}

/** The text as a call, or undefined where it is none. Throws a QuantityError on unbalanced parentheses. */
export function parseCall(part: Piece): Call | undefined {
  const open = part.text.indexOf("(");
  if (open < 0) return undefined;
  const name = piece(part.text.slice(0, open).trimEnd(), part.at);
  const close = closing(part, open);
  const after = trimmed(part, close + 1, part.text.length);
  if (after.text !== "") failAt(after, `${quote(after.text)} follows the closing parenthesis`);
  return { name, arguments: splitArguments(piece(part.text.slice(open + 1, close), part.at + open + 1)) };
}

/** Where the parenthesis that opens at `open` is closed. */
function closing(part: Piece, open: number): number {
  let depth = 0;
  for (let at = open; at < part.text.length; at += 1) {
    if (part.text[at] === "(") depth += 1;
    if (part.text[at] === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return failAt(part, `${quote(part.text)} has no closing parenthesis`);
}

function splitArguments(part: Piece): Piece[] {
  const found: Piece[] = [];
  let depth = 0;
  let start = -1;
  const end = (at: number): void => {
    if (start >= 0) found.push(piece(part.text.slice(start, at), part.at + start));
    start = -1;
  };
  for (let at = 0; at < part.text.length; at += 1) {
    const character = part.text[at] as string;
    if (depth === 0 && /[\s,]/.test(character)) end(at);
    else if (start < 0) start = at;
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
  }
  end(part.text.length);
  return found;
}

/** What a distribution is of. */
export interface Measure {
  readonly noun: string;
  readonly parse: (part: Piece) => number;
  readonly parseRange: (part: Piece) => [number, number];
  readonly format: (value: number) => string;
  /** Values such as `1ms`, small before large. */
  readonly examples: readonly [string, string];
}

export const durations: Measure = { noun: "a duration", parse: (part) => parseDuration(part), parseRange: (part) => parseDurationRange(part), format: formatDuration, examples: ["1ms", "8ms"] };
export const sizes: Measure = { noun: "a size", parse: parseSize, parseRange: parseSizeRange, format: formatSize, examples: ["100B", "4KiB"] };

type Reader = (args: readonly Piece[], whole: Piece, measure: Measure) => Distribution;

/** Each distribution: its parameters in words, and what they must satisfy. */
const distributions: { readonly [name: string]: { readonly takes: readonly string[]; readonly example: (small: string, large: string) => string; readonly read: Reader } } = {
  constant: { takes: ["the value"], example: (small) => `constant(${small})`, read: readConstant },
  uniform: { takes: ["the least", "the most"], example: (small, large) => `uniform(${small} ${large})`, read: readUniform },
  normal: { takes: ["the mean", "the standard deviation"], example: (small, large) => `normal(${large} ${small})`, read: readNormal },
  exponential: { takes: ["the mean"], example: (_, large) => `exponential(${large})`, read: readExponential },
  lognormal: { takes: ["the median", "the 99th percentile"], example: (small, large) => `lognormal(${small} ${large})`, read: readLognormal },
  pareto: { takes: ["the scale", "the shape"], example: (small) => `pareto(${small} 1.1)`, read: readPareto },
};

/** The names of what a distribution may be, for messages and the schema. */
export const distributionNames: readonly string[] = [...Object.keys(distributions), "empirical", "mix"];

/**
 * A distribution, a bare value (`constant`) or a range (`uniform`). Nothing in it is negative. Throws a QuantityError.
 */
export function parseDistribution(text: string | Piece, measure = durations): Distribution {
  const part = asPiece(text);
  const call = parseCall(part);
  if (call === undefined) return parseBare(part, measure);
  const { name, arguments: args } = call;
  if (name.text === "mix") return readMix(args, part, measure);
  if (name.text === "empirical") return readEmpirical(args, part, measure);
  if (!Object.hasOwn(distributions, name.text)) {
    const meant = didYouMean(name.text, distributionNames);
    failAt(name, `unknown distribution ${quote(name.text)}${meant}`, `distributions: ${distributionNames.join(", ")}`);
  }
  const { takes, example, read } = distributions[name.text] as (typeof distributions)[string];
  if (args.length !== takes.length) {
    const given = args.length === 1 ? "1 argument" : `${args.length} arguments`;
    failAt(part, `${name.text} takes ${takes.join(" and ")}, found ${given}`, `for example ${example(...measure.examples)}`);
  }
  return read(args, part, measure);
}

function parseBare(part: Piece, { noun, parseRange, examples: [small, large] }: Measure): Distribution {
  if (/^[A-Za-z]/.test(part.text)) {
    const isName = distributionNames.includes(part.text);
    const problem = isName ? `the distribution \`${part.text}\` lacks its arguments` : `expected ${noun} or a distribution, found ${quote(part.text)}`;
    failAt(part, `${problem}${isName ? "" : didYouMean(part.text, distributionNames)}`, `for example ${large}, ${small}..${large}, lognormal(${small} ${large})`);
  }
  const [min, max] = parseRange(part);
  return part.text.includes("..") ? { type: "uniform", min, max } : { type: "constant", value: min };
}

function positive(part: Piece, what: string, { parse }: Measure): number {
  const value = parse(part);
  if (value === 0) failAt(part, `${what} must be more than 0`);
  return value;
}

function readConstant([value]: readonly Piece[], _: Piece, { parse }: Measure): Distribution {
  return { type: "constant", value: parse(value as Piece) };
}

function readNormal([mean, sd]: readonly Piece[], _: Piece, { parse }: Measure): Distribution {
  return { type: "normal", mean: parse(mean as Piece), sd: parse(sd as Piece) };
}

function readExponential([mean]: readonly Piece[], _: Piece, measure: Measure): Distribution {
  return { type: "exponential", mean: positive(mean as Piece, "the mean", measure) };
}

function readUniform([least, most]: readonly Piece[], whole: Piece, { parse }: Measure): Distribution {
  const min = parse(least as Piece);
  const max = parse(most as Piece);
  if (min > max) failAt(whole, `the range of ${quote(whole.text)} is reversed`, "write the smaller end first");
  return { type: "uniform", min, max };
}

function readLognormal([first, second]: readonly Piece[], _: Piece, measure: Measure): Distribution {
  const median = positive(first as Piece, "the median", measure);
  const p99 = measure.parse(second as Piece);
  if (p99 <= median) {
    failAt(second as Piece, `the 99th percentile, ${measure.format(p99)}, must be more than the median, ${measure.format(median)}`);
  }
  return { type: "lognormal", median, p99 };
}

function readPareto([first, second]: readonly Piece[], _: Piece, measure: Measure): Distribution {
  const scale = positive(first as Piece, "the scale", measure);
  const shape = parseNumber(second as Piece);
  if (shape <= 0) failAt(second as Piece, "the shape must be more than 0");
  return { type: "pareto", scale, shape };
}

/** Recorded values. Those of a file stand here when it comes to this, see `tables.ts`; a file's name is one that was not found there. */
function readEmpirical(args: readonly Piece[], whole: Piece, { parse, noun, examples: [small, large] }: Measure): Distribution {
  if (args.length === 0) failAt(whole, "empirical takes recorded values, or a file of them", `for example empirical(rtt.csv), empirical(${small} ${small} ${large})`);
  for (const part of args) if (!/^[-+\d]/.test(part.text)) failAt(part, `expected ${noun} or a file such as rtt.csv, found ${quote(part.text)}`);
  return { type: "empirical", values: args.map(parse) };
}

/** `90% a 10% b`: pairs of a weight and a distribution, the weights being everything together. */
function readMix(args: readonly Piece[], whole: Piece, measure: Measure): Distribution {
  if (args.length === 0 || args.length % 2 !== 0) {
    failAt(whole, "mix takes pairs of a share and a distribution", "for example mix(90% lognormal(1ms 5ms) 10% pareto(3ms 1.1))");
  }
  const parts: { weight: number; of: Distribution }[] = [];
  for (let pair = 0; pair < args.length; pair += 2) {
    parts.push({ weight: parseRatio(args[pair] as Piece), of: parseDistribution(args[pair + 1] as Piece, measure) });
  }
  // Shares are decimals, so that 70% + 20% + 10% may miss 1 by a rounding of binary fractions.
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  if (Math.abs(total - 1) > 1e-9) failAt(whole, `the shares of a mix must add up to 100%, found ${formatRatio(Number(total.toFixed(9)))}`);
  return { type: "mix", parts };
}

export function formatDistribution(distribution: Distribution, { format }: Pick<Measure, "format"> = durations): string {
  switch (distribution.type) {
    case "constant":
      return format(distribution.value);
    case "uniform":
      return `uniform(${format(distribution.min)} ${format(distribution.max)})`;
    case "normal":
      return `normal(${format(distribution.mean)} ${format(distribution.sd)})`;
    case "exponential":
      return `exponential(${format(distribution.mean)})`;
    case "lognormal":
      return `lognormal(${format(distribution.median)} ${format(distribution.p99)})`;
    case "pareto":
      return `pareto(${format(distribution.scale)} ${distribution.shape})`;
    case "empirical":
      return `empirical(${distribution.values.map(format).join(" ")})`;
    case "mix":
      return `mix(${distribution.parts.map(({ weight, of }) => `${formatRatio(weight)} ${formatDistribution(of, { format })}`).join(" ")})`;
  }
}

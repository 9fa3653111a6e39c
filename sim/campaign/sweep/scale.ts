/** Values of a setting as numbers, so that they can stand on a scale. */
import type { MetricUnit } from "../../metrics/index.ts";
import { parseDuration, parseRate, parseRatio, parseSize, QuantityError } from "../../scenario/quantities.ts";

const parsers: readonly (readonly [unit: MetricUnit, parse: (text: string) => number])[] = [
  ["number", (text) => (/^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text) ? Number(text) : NaN)],
  ["duration", (text) => parseDuration(text, { signed: true })],
  ["ratio", parseRatio],
  ["number", (text) => parseRate(text, { orZero: true })],
  ["bytes", parseSize],
];

/** All of them, where all are quantities of one kind and no two are equal; durations in nanoseconds. */
export function numbersOf(labels: readonly string[]): { readonly numbers?: readonly number[]; readonly unit: MetricUnit } {
  if (labels.length < 2) return { unit: "number" };
  for (const [unit, parse] of parsers) {
    const numbers = labels.map((label) => numberOf(label, parse));
    if (numbers.every((value) => !Number.isNaN(value)) && new Set(numbers).size === labels.length) return { numbers, unit };
  }
  return { unit: "number" };
}

function numberOf(label: string, parse: (text: string) => number): number {
  try {
    return parse(label);
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    return NaN;
  }
}

/** How keys are chosen, from text: `zipf(0.99)`, `hotspot(10% 90%)`. */
import type { KeyDistribution } from "../world/config.ts";
import { didYouMean } from "./diagnostics.ts";
import { parseCall } from "./distributions.ts";
import type { Piece } from "./quantities.ts";
import { failAt, parseNumber, parseRatio, quote } from "./quantities.ts";

const names = ["uniform", "zipf", "hotspot", "sequential"];

/** Throws a QuantityError. */
export function parseKeyDistribution(text: Piece): KeyDistribution {
  const call = parseCall(text);
  const name = call?.name ?? text;
  const args = call?.arguments ?? [];
  switch (name.text) {
    case "uniform":
    case "sequential":
      if (args.length > 0) failAt(text, `${name.text} takes no arguments`);
      return { type: name.text };
    case "zipf":
      return readZipf(args, text);
    case "hotspot":
      return readHotspot(args, text);
    default:
      return failAt(name, `unknown distribution of keys ${quote(name.text)}${didYouMean(name.text, names)}`, "expected uniform, zipf(0.99), hotspot(10% 90%) or sequential");
  }
}

function readZipf([argument, second]: readonly Piece[], whole: Piece): KeyDistribution {
  if (argument === undefined || second !== undefined) return failAt(whole, "zipf takes its exponent: zipf(0.99)");
  const exponent = parseNumber(argument);
  if (exponent <= 0 || exponent > 10) failAt(argument, "the exponent of zipf lies between 0 and 10");
  return { type: "zipf", exponent };
}

function readHotspot([first, second, third]: readonly Piece[], whole: Piece): KeyDistribution {
  if (first === undefined || second === undefined || third !== undefined) {
    return failAt(whole, "hotspot takes a share of the keys and their share of the operations: hotspot(10% 90%)");
  }
  const keys = parseRatio(first);
  if (keys === 0) failAt(first, "a hotspot has some keys: more than 0%");
  return { type: "hotspot", keys, operations: parseRatio(second) };
}

/** The generated scenarios over which every way of running must give the same digest. */
import fc from "fast-check";
import { scenarioTexts } from "./scenarios.ts";

/** The same at every call. */
export function sampleTexts(count: number, seed = 20261): string[] {
  return fc.sample(scenarioTexts, { numRuns: count, seed });
}

/** A number from 0 to below a limit that a text decides: a slice, a place to stop. The same text gives the same. */
export function numberFor(text: string, limit: number): number {
  let mixed = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x01000193);
  return (mixed >>> 0) % limit;
}

/** Digests that differ from those expected, each with its scenario: what a test prints where it fails. */
export function differing(texts: readonly string[], expected: readonly string[], found: readonly string[]): string[] {
  return texts.flatMap((text, index) => (found[index] === expected[index] ? [] : [`${found[index]} and not ${expected[index]}: ${text}`]));
}

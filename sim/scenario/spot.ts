/** A node of a document, and what stands there. */
import type { Node, Range } from "yaml";
import { isMap, isScalar, isSeq } from "yaml";
import type { Source } from "./document.ts";
import { quote } from "./quantities.ts";

export interface Spot {
  /** Aliases resolved; null where there is nothing. */
  readonly node: Node | null;
  readonly source: Source;
  /** From the root: `faults.0.crash`. */
  readonly path: string;
  /** The part of the format that it belongs to: `faults.crash`, the path without positions in lists. */
  readonly where: string;
}

/** What the text of a scalar is, whatever YAML takes it for; undefined where it is no scalar or nothing. */
export function textOf(spot: Spot): string | undefined {
  const { node } = spot;
  if (!isScalar(node) || node.value === null) return undefined;
  if (typeof node.value === "string") return node.value;
  return node.source ?? String(node.value);
}

/** Where the text of a scalar begins, or undefined where it is not in the source letter by letter. */
export function textStart(spot: Spot): number | undefined {
  const range = isScalar(spot.node) ? spot.node.range : undefined;
  const text = textOf(spot);
  if (range === undefined || range === null || text === undefined || text === "") return undefined;
  for (const start of [range[0], range[0] + 1]) {
    const from = start + spot.source.offset;
    if (spot.source.text.slice(from, from + text.length) === text) return start;
  }
  return undefined;
}

/** What to underline: a block is too long for it, its first key stands for it. */
export function extent(node: Node | null): [number, number] {
  const range = node?.range as Range | null | undefined;
  if (range === null || range === undefined) return [0, 1];
  if (isMap(node) && node.flow !== true) {
    const key = node.items[0]?.key as Node | undefined;
    return key?.range ? [key.range[0], key.range[1]] : [range[0], range[0] + 1];
  }
  if (isSeq(node) && node.flow !== true) return [range[0], range[0] + 1];
  return [range[0], range[1]];
}

/** What stands there, in words. */
export function found(spot: Spot): string {
  const { node } = spot;
  if (isMap(node)) return "a map";
  if (isSeq(node)) return node.items.length === 0 ? "an empty list" : "a list";
  const text = textOf(spot);
  if (text === undefined) return "nothing";
  // What looks like a number or a boolean and is none was put in quotes.
  const isQuoted = isScalar(node) && typeof node.value === "string" && /^[\d.]*$|^(true|false|null)$/.test(text);
  return isQuoted ? `the text "${text.slice(0, 60)}"` : quote(text);
}

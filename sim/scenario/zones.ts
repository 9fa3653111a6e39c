/**
 * Zones and regions: `nodes: { eu: { a: 2, b: 1 }, us: 2 }` has the zones eu-a, eu-b and us. A zone lies in every region
 * with whose name its own begins, up to a hyphen: eu-a in eu.
 */
import { isMap, isScalar } from "yaml";
import { didYouMean } from "./diagnostics.ts";
import { quote } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import type { ShapeOf } from "./shape.ts";
import type { Spot } from "./spot.ts";

const ZONE = /^[A-Za-z][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*$/;
/** What follows a region's name and a hyphen. */
const PART = /^[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*$/;

/** One zone, with how many nodes stand in it. */
interface Zone {
  readonly name: string;
  readonly count: number;
  readonly spot: Spot;
}

/** `{ eu: 3, us: 2 }`: the names of the nodes; their zones are noted with the reader. */
export function readNodesByZone(shape: ShapeOf<"nodes">, spot: Spot, reader: Reader): string[] | undefined {
  const before = reader.diagnostics.length;
  const zones = readZones(spot, reader, shape.max, "");
  if (zones.length === 0 && reader.diagnostics.length === before) return reader.report(spot, "a cluster needs a node");
  const total = zones.reduce((sum, { count }) => sum + count, 0);
  if (total > shape.max) return reader.report(spot, `these are ${total} nodes: at most ${shape.max} are expected here`);

  const names: string[] = [];
  for (const { name, count, spot: at } of zones) {
    if (zones.find((zone) => zone.name === name)?.spot !== at) reader.report(at, `the zone ${quote(name)} stands twice`);
    for (let number = 1; number <= count; number += 1) {
      names.push(`${name}-${number}`);
      reader.zones.push(name);
    }
  }
  const isRight = reader.diagnostics.length === before;
  const twice = names.find((name, position) => names.indexOf(name) !== position);
  if (isRight && twice !== undefined) return reader.report(spot, `two zones have a node ${quote(twice)}: one of them needs another name`);
  return isRight ? names : undefined;
}

function readZones(spot: Spot, reader: Reader, max: number, region: string): Zone[] {
  if (!isMap(spot.node)) return [];
  return spot.node.items.flatMap(({ key, value }) => {
    const part = isScalar(key) && key.value !== null ? String(key.value) : "";
    const at = reader.below(spot, value ?? key, part);
    const keySpot = reader.below(spot, key, part);
    reader.noteKey(at.path, keySpot);
    if (!(region === "" ? ZONE : PART).test(part)) {
      reader.report(keySpot, `${quote(part)} is no name for a zone: it takes letters and digits, and begins with a letter`);
      return [];
    }
    const name = region === "" ? part : `${region}-${part}`;
    if (isMap(at.node) && region === "") return readZones(at, reader, max, name);
    const count = reader.read({ type: "integer", min: 1, max }, at) as number | undefined;
    return count === undefined ? [] : [{ name, count, spot: keySpot }];
  });
}

/** These zones and the regions that they lie in. */
export function withRegions(zones: readonly string[]): string[] {
  const known = new Set<string>();
  for (const zone of zones) {
    const parts = zone.split("-");
    for (let length = 1; length <= parts.length && zone !== ""; length += 1) known.add(parts.slice(0, length).join("-"));
  }
  return [...known];
}

/** What `eu-us` may mean: the two sides, or twice the same where it is the name of one. Names may have hyphens themselves. */
export function sidesOf(key: string, known: readonly string[]): [a: string, b: string][] {
  const parts = key.split("-");
  const readings: [string, string][] = known.includes(key) ? [[key, key]] : [];
  for (let at = 1; at < parts.length; at += 1) {
    const [a, b] = [parts.slice(0, at).join("-"), parts.slice(at).join("-")];
    if (known.includes(a) && known.includes(b)) readings.push([a, b]);
  }
  return readings;
}

/** A zone's name in a selector, or where clients stand. */
export function checkZone(reader: Reader, spot: Spot, name: string, known: readonly string[], hint?: string): void {
  if (known.includes(name)) return;
  const cure = known.length === 0 ? "nodes stand in zones by `nodes: { eu: 3, us: 2 }`" : `zones: ${known.join(", ")}`;
  reader.report(spot, `there is no zone ${quote(name)}${didYouMean(name, known)}`, hint ?? cure);
}

/** The keys of `network.zones`. */
export function checkZonePairs(reader: Reader, keys: readonly string[], known: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const key of keys) {
    const spot = reader.keyAt(`network.zones.${key}`) ?? reader.root();
    const [sides, other] = sidesOf(key, known);
    if (sides === undefined) reportUnknown(reader, spot, key, known);
    else if (other !== undefined) {
      const readings = sidesOf(key, known).map(([a, b]) => (a === b ? `within ${a}` : `between ${a} and ${b}`));
      reader.report(spot, `${quote(key)} may mean ${readings.join(" or ")}: one of these zones needs another name`);
    } else {
      const pair = sides.slice().sort().join(" ");
      const first = seen.get(pair);
      if (first !== undefined) reader.report(spot, `${quote(key)} and ${quote(first)} are the same: a latency between zones holds both ways`);
      seen.set(pair, first ?? key);
    }
  }
}

/** More pairs are too many to compare a misspelt one with. */
const MOST_PAIRED = 30;

function reportUnknown(reader: Reader, spot: Spot, key: string, known: readonly string[]): void {
  const paired = known.length > MOST_PAIRED ? [] : known.flatMap((a) => known.filter((b) => a !== b).map((b) => `${a}-${b}`));
  const what = key.includes("-") ? `${quote(key)} is no zone and no two zones` : `there is no zone ${quote(key)}`;
  const [one = "eu", two = "us"] = known;
  const hint = `zones: ${known.join(", ")}; \`${one}\` is within one, \`${one}-${two}\` between two`;
  reader.report(spot, `${what}${didYouMean(key, [...known, ...paired])}`, hint);
}

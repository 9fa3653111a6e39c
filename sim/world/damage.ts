/**
 * How what is stored changes by itself. What is stored is made of units, each written at once: an entry of a file, or
 * of what `persist()` saved a scalar, an entry of a log or array, or the value of a key. Within a unit one scalar is
 * struck; everything is chosen by size, as a sector that goes bad does.
 */
import type { Stream } from "../kernel/stream.ts";
import { Log } from "../protocol.ts";
import { sizeOf } from "../trace/value.ts";

/** The way to a unit: a position in a file; a field of what was saved, and a position or key in it. */
export type Place = readonly (string | number)[];

export interface Unit {
  readonly place: Place;
  readonly value: unknown;
}

/** One scalar of a unit has changed. */
export interface Strike {
  /** The unit as it is now. */
  readonly value: unknown;
  /** The way to the scalar within the unit. */
  readonly within: Place;
  readonly was: unknown;
  readonly is: unknown;
}

/** The units of what was saved as a record of fields. */
export function unitsOf(saved: { readonly [field: string]: unknown }): Unit[] {
  return Object.keys(saved).flatMap((field) => {
    const value = saved[field];
    if (value instanceof Log || Array.isArray(value)) return unitsOfList(value, [field]);
    if (!isRecord(value)) return [{ place: [field], value }];
    return Object.keys(value).map((key) => ({ place: [field, key], value: value[key] }));
  });
}

/** The units of a list of entries. */
export function unitsOfList(list: Iterable<unknown>, before: Place): Unit[] {
  return Array.from(list, (value, position) => ({ place: [...before, position], value }));
}

/** One of the units, by their sizes in bytes. */
export function chooseUnit<One extends Unit>(units: readonly One[], stream: Stream): One | undefined {
  const sizes = units.map(({ value }) => sizeOf(value ?? null));
  return pickBySize(units, sizes, stream);
}

/** The unit with one of its scalars changed. */
export function strike(value: unknown, stream: Stream): Strike {
  const keys = keysOf(value);
  if (keys.length === 0) {
    const is = changed(value, stream);
    return { value: is, within: [], was: value, is };
  }
  const items = value as { readonly [key: string]: unknown };
  const key = pickBySize(keys, keys.map((name) => sizeOf(items[name] ?? null)), stream) as string | number;
  const inside = strike(items[key], stream);
  const copy = (Array.isArray(value) ? value.slice() : { ...items }) as { [key: string]: unknown };
  copy[key] = inside.value;
  return { ...inside, value: Object.freeze(copy), within: [key, ...inside.within] };
}

/** The value at a place; undefined where there is none. */
export function valueAt(from: unknown, place: Place): unknown {
  let value = from;
  for (const key of place) {
    if (value instanceof Log) value = value.at(key as number);
    else if (typeof value === "object" && value !== null) value = (value as { readonly [key: string]: unknown })[key];
    else return undefined;
  }
  return value;
}

/** The same with another value at the place. */
export function withValueAt(from: unknown, place: Place, value: unknown): unknown {
  const [key, ...rest] = place;
  if (key === undefined) return value;
  if (from instanceof Log) return replaced(from, key as number, withValueAt(from.at(key as number), rest, value));
  const copy = (Array.isArray(from) ? from.slice() : { ...(from as object) }) as { [key: string]: unknown };
  copy[key] = withValueAt(copy[key], rest, value);
  return copy;
}

/** A log with another entry in place of one. */
export function replaced<Entry>(log: Log<Entry>, position: number, entry: Entry): Log<Entry> {
  return Log.of([...log.slice(0, position), entry, ...log.slice(position + 1)]);
}

/** Keys of what has parts; none where it is a scalar, or empty. */
function keysOf(value: unknown): readonly (string | number)[] {
  if (Array.isArray(value)) return value.map((_, position) => position);
  return isRecord(value) ? Object.keys(value).filter((key) => value[key] !== undefined) : [];
}

function pickBySize<One>(items: readonly One[], sizes: readonly number[], stream: Stream): One | undefined {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0) return undefined;
  let at = stream.below(total);
  for (const [index, size] of sizes.entries()) {
    if (at < size) return items[index];
    at -= size;
  }
  return undefined;
}

const LOW_BITS = 2 ** 31;

/** Another scalar of the same type: one bit of a number, one letter of a text. What is empty becomes something. */
function changed(scalar: unknown, stream: Stream): unknown {
  switch (typeof scalar) {
    case "number":
      return changedNumber(scalar, stream);
    case "string":
      return changedText(scalar, stream);
    case "boolean":
      stream.double();
      return !scalar;
    default:
      stream.double();
      return Array.isArray(scalar) || isRecord(scalar) ? null : false;
  }
}

/** A bit of the bytes that the number needs is flipped: it stays a whole number if it was one. */
function changedNumber(number: number, stream: Stream): number {
  const size = Math.abs(number);
  const isWhole = Number.isSafeInteger(number);
  const low = isWhole ? size % LOW_BITS : 0;
  const bytes = size < 2 ** 8 ? 1 : size < 2 ** 16 ? 2 : 3;
  const flipped = size - low + (low ^ (1 << stream.below(8 * bytes)));
  if (!isWhole) return Number.isFinite(number) ? number * 2 : 0;
  return number < 0 && flipped !== 0 ? -flipped : flipped;
}

function changedText(text: string, stream: Stream): string {
  const at = stream.below(Math.max(1, text.length));
  if (text === "") return "?";
  // The lowest bits leave a letter a letter, a digit a digit or a mark, and half of a pair half of a pair.
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Log);
}

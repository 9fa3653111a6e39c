/**
 * The canonical encoding of plain data: what a trace stores, what the digest is taken over, and how many bytes a
 * message has. The first byte says what follows, and holds small things itself:
 *
 *     00–7f  the integers 0 to 127              c0 null   c1 false   c2 true
 *     80–9f  a text of 0 to 31 bytes of UTF-8   c3 an integer ≥ 0, varint     c4 an integer < 0, as varint of -1 - n
 *     a0–af  a record of 0 to 15 fields         c5 a double, eight bytes, little-endian
 *     b0–bf  an array of 0 to 15 elements       c6 a text   c7 an array   c8 a record: length as varint first
 *     e0–ff  the integers -32 to -1
 *
 * A record's fields stand in the record's own order, each a name and a value; a field that is undefined is left out. A
 * name is a number in a dictionary; the number after the last one known introduces a new name, whose text follows.
 * Integers beyond 2^53, fractions, -0, NaN and the infinities are doubles. Undefined elsewhere counts as null, as in JSON.
 */
import { type ByteReader, type ByteWriter, MalformedError, utf8Length } from "./bytes.ts";

export { ByteReader, ByteWriter, concatBytes, MalformedError, utf8Length } from "./bytes.ts";

const TEXT = 0x80;
const RECORD = 0xa0;
const ARRAY = 0xb0;
const NULL = 0xc0;
const FALSE = 0xc1;
const TRUE = 0xc2;
const POSITIVE = 0xc3;
const NEGATIVE = 0xc4;
const DOUBLE = 0xc5;
const LONG_TEXT = 0xc6;
const LONG_ARRAY = 0xc7;
const LONG_RECORD = 0xc8;
const SMALL_NEGATIVE = 0xe0;

const SHORT_TEXT = 32;
const SHORT_LIST = 16;
/** Data that nests deeper is taken for a circle, and refused. */
const DEEPEST = 200;

/** Numbers for texts that come again, from 0 in the order of their first appearance. */
export class Names {
  #ids = new Map<string, number>();
  #texts: string[] = [];
  /** By a text's number, the number of the one that followed it last: records of one kind have the same names in turn. */
  #followers: number[] = [];
  #last = 0;
  /** How many bytes more than one each the texts have taken that were written so far. */
  surplus = 0;

  /** Writes a text's number, and the text itself where it is new. */
  write(text: string, out: ByteWriter): void {
    let id = this.#followers[this.#last];
    if (id === undefined || this.#texts[id] !== text) {
      id = this.#ids.get(text);
      if (id === undefined) return this.#introduce(text, out);
      this.#followers[this.#last] = id;
    }
    this.#last = id;
    if (id < 128) return out.byte(id);
    this.surplus += varintSize(id) - 1;
    out.varint(id);
  }

  #introduce(text: string, out: ByteWriter): void {
    const id = this.#texts.length;
    const begin = out.length;
    out.varint(id);
    out.string(text);
    this.surplus += out.length - begin - 1;
    this.#ids.set(text, id);
    this.#texts.push(text);
    this.#followers.push(id);
    if (this.#last < id) this.#followers[this.#last] = id;
    this.#last = id;
  }

  get size(): number {
    return this.#texts.length;
  }

  /** Forgets all but the first `size` texts. */
  cut(size = 0): void {
    if (size === 0) this.#ids.clear();
    for (let id = this.#texts.length - 1; id >= size && size > 0; id -= 1) this.#ids.delete(this.#texts[id] as string);
    this.#texts.length = size;
    this.#followers = this.#texts.map((_, id) => id);
    this.#last = 0;
  }

  copy(): Names {
    const copy = new Names();
    copy.#ids = new Map(this.#ids);
    copy.#texts = this.#texts.slice();
    copy.#followers = this.#followers.slice();
    copy.#last = this.#last;
    copy.surplus = this.surplus;
    return copy;
  }
}

/** The reading side of {@link Names}. */
export class NameReader {
  #texts: string[] = [];

  read(from: ByteReader): string {
    const id = from.varint();
    const known = this.#texts[id];
    if (known !== undefined) return known;
    if (id !== this.#texts.length) throw new MalformedError(`name ${id} has not been introduced`);
    const text = from.string();
    this.#texts.push(text);
    return text;
  }
}

/** Writes a value. Throws a TypeError that names the path of what is not plain data. */
export function writeValue(value: unknown, out: ByteWriter, names: Names): void {
  if (!write(value, out, names, 0)) throw notPlain(value);
}

function write(value: unknown, out: ByteWriter, names: Names, depth: number): boolean {
  if (typeof value === "number") {
    writeNumber(value, out);
    return true;
  }
  if (typeof value === "string") {
    writeText(value, out);
    return true;
  }
  if (typeof value !== "object") {
    if (typeof value === "boolean") out.byte(value ? TRUE : FALSE);
    else if (value === undefined) out.byte(NULL);
    else return false;
    return true;
  }
  if (value === null) {
    out.byte(NULL);
    return true;
  }
  if (depth === DEEPEST) return false;
  if (Array.isArray(value)) return writeArray(value, out, names, depth);
  if (isRecord(value)) return writeRecord(value, out, names, depth);
  const list = asList(value);
  return list !== undefined && writeArray(list, out, names, depth);
}

function writeNumber(value: number, out: ByteWriter): void {
  if ((value | 0) === value && value < 128 && value >= -32) {
    if (value !== 0 || !Object.is(value, -0)) return out.byte(value & 0xff);
  } else if (Number.isSafeInteger(value)) {
    out.byte(value < 0 ? NEGATIVE : POSITIVE);
    return out.varint(value < 0 ? -1 - value : value);
  }
  out.byte(DOUBLE);
  out.double(value);
}

function writeText(text: string, out: ByteWriter): void {
  const size = text.length;
  if (size < SHORT_TEXT) {
    out.reserve(size + 1);
    if (out.ascii(text, out.length + 1)) {
      out.bytes[out.length] = TEXT + size;
      out.length += size + 1;
      return;
    }
  }
  const length = utf8Length(text);
  writeLength(length, SHORT_TEXT, TEXT, LONG_TEXT, out);
  out.utf8(text);
}

function writeArray(list: readonly unknown[], out: ByteWriter, names: Names, depth: number): boolean {
  writeLength(list.length, SHORT_LIST, ARRAY, LONG_ARRAY, out);
  for (let index = 0; index < list.length; index += 1) if (!write(list[index], out, names, depth + 1)) return false;
  return true;
}

function writeRecord(record: { readonly [key: string]: unknown }, out: ByteWriter, names: Names, depth: number): boolean {
  // How many fields are defined is known only at the end, so the first byte is filled in then.
  const first = out.length;
  out.byte(RECORD);
  let count = 0;
  for (const key in record) {
    const value = record[key];
    if (value === undefined) continue;
    names.write(key, out);
    if (!write(value, out, names, depth + 1)) return false;
    count += 1;
  }
  if (count < SHORT_LIST) out.bytes[first] = RECORD + count;
  else insertLength(count, first, out);
  return true;
}

/** Moves a long record's fields up to make place for their number. */
function insertLength(count: number, first: number, out: ByteWriter): void {
  const end = out.length;
  out.varint(count);
  const size = out.length - end;
  const length = out.bytes.slice(end, out.length);
  out.bytes.copyWithin(first + 1 + size, first + 1, end);
  out.bytes.set(length, first + 1);
  out.bytes[first] = LONG_RECORD;
}

function writeLength(length: number, limit: number, short: number, long: number, out: ByteWriter): void {
  if (length < limit) return out.byte(short + length);
  out.byte(long);
  out.varint(length);
}

/** A plain record of any realm: its prototype is nothing, or one that has itself no prototype. */
export function isRecord(value: object): value is { readonly [key: string]: unknown } {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** What a log, or anything that turns itself into an array, stands for. */
function asList(value: object): readonly unknown[] | undefined {
  const toJSON: unknown = (value as { toJSON?: unknown }).toJSON;
  const list: unknown = typeof toJSON === "function" ? toJSON.call(value) : undefined;
  return Array.isArray(list) ? list : undefined;
}

/** Reads what {@link writeValue} wrote. Throws a MalformedError on bytes that it never wrote. */
export function readValue(from: ByteReader, names: NameReader): unknown {
  const first = from.byte();
  if (first < TEXT) return first;
  if (first >= SMALL_NEGATIVE) return first - 256;
  if (first < RECORD) return from.utf8(first - TEXT);
  if (first < ARRAY) return readRecord(first - RECORD, from, names);
  if (first < NULL) return readArray(first - ARRAY, from, names);
  switch (first) {
    case NULL: return null;
    case FALSE: return false;
    case TRUE: return true;
    case POSITIVE: return from.varint();
    case NEGATIVE: return -1 - from.varint();
    case DOUBLE: return from.double();
    case LONG_TEXT: return from.string();
    case LONG_ARRAY: return readArray(from.varint(), from, names);
    case LONG_RECORD: return readRecord(from.varint(), from, names);
    default: throw new MalformedError(`${first} begins no value`);
  }
}

function readArray(length: number, from: ByteReader, names: NameReader): unknown[] {
  const list: unknown[] = [];
  for (let index = 0; index < length; index += 1) list.push(readValue(from, names));
  return list;
}

function readRecord(count: number, from: ByteReader, names: NameReader): { [key: string]: unknown } {
  const record: { [key: string]: unknown } = {};
  for (let index = 0; index < count; index += 1) setField(record, names.read(from), readValue(from, names));
  return record;
}

/** Sets a field by any name: plain assignment to `__proto__` would change the record's prototype instead. */
export function setField(record: { [key: string]: unknown }, key: string, value: unknown): void {
  if (key !== "__proto__") record[key] = value;
  else Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}

/**
 * How many bytes a value takes in the canonical encoding, the name of a field counting one byte, as if the receiver
 * knew the schema. Throws a TypeError that names the path of what is not plain data.
 */
export function sizeOf(value: unknown): number {
  const size = measure(value, 0);
  if (Number.isNaN(size)) throw notPlain(value);
  return size;
}

/** NaN, which spreads through sums, where something is not plain data. */
function measure(value: unknown, depth: number): number {
  if (typeof value === "number") return numberSize(value);
  if (typeof value === "string") return textSize(value);
  if (typeof value !== "object") return typeof value === "boolean" || value === undefined ? 1 : NaN;
  if (value === null) return 1;
  if (depth === DEEPEST) return NaN;
  if (Array.isArray(value)) return arraySize(value, depth);
  if (isRecord(value)) return recordSize(value, depth);
  const list = asList(value);
  return list === undefined ? NaN : arraySize(list, depth);
}

function numberSize(value: number): number {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return 9;
  if (value < 128 && value >= -32) return 1;
  return 1 + varintSize(value < 0 ? -1 - value : value);
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

function textSize(text: string): number {
  const length = utf8Length(text);
  return length + (length < SHORT_TEXT ? 1 : 1 + varintSize(length));
}

function arraySize(list: readonly unknown[], depth: number): number {
  let size = list.length < SHORT_LIST ? 1 : 1 + varintSize(list.length);
  // Stops at the first NaN: a circle with two ways round would otherwise be walked in all its combinations.
  for (let index = 0; index < list.length && size === size; index += 1) size += measure(list[index], depth + 1);
  return size;
}

function recordSize(record: { readonly [key: string]: unknown }, depth: number): number {
  let size = 0;
  let count = 0;
  for (const key in record) {
    const value = record[key];
    if (value === undefined) continue;
    size += 1 + measure(value, depth + 1);
    if (size !== size) return NaN;
    count += 1;
  }
  return size + (count < SHORT_LIST ? 1 : 1 + varintSize(count));
}

/** Looks for what cannot be encoded, slowly, for the message's sake. */
function notPlain(root: unknown): TypeError {
  const above = new Set<object>();
  const find = (value: unknown, path: string): string | undefined => {
    if (["function", "symbol", "bigint"].includes(typeof value)) return `${path} is a ${typeof value}`;
    if (typeof value !== "object" || value === null) return undefined;
    if (above.has(value)) return `${path} contains itself`;
    if (above.size === DEEPEST) return `${path} is nested more than ${DEEPEST} deep`;
    const list = Array.isArray(value) ? value : isRecord(value) ? undefined : asList(value);
    if (list === undefined && !isRecord(value)) return `${path} is a ${value.constructor?.name ?? "class instance"}`;
    above.add(value);
    for (const [key, inner] of Object.entries(list ?? value)) {
      const found = find(inner, list === undefined ? `${path}.${key}` : `${path}[${key}]`);
      if (found !== undefined) return found;
    }
    above.delete(value);
    return undefined;
  };
  return new TypeError(`${find(root, "value") ?? "the value"}, which is not plain data`);
}

/** What becomes of a message whose bits were changed on its way, where no checksum tells. */
import { powerOfTwo } from "../kernel/math.ts";
import type { Stream } from "../kernel/stream.ts";
import { Log } from "../protocol.ts";
import { freeze } from "./freeze.ts";

/**
 * A frozen copy of plain data in which one scalar, each as likely as any other, has one bit changed: of a whole number
 * one of its low 32, of another a bit of its fraction, of a text a bit of one character; true turns into false. Keys and
 * the fields named in `kept` stay as they are at the top: a message that claims a type that does not exist would be
 * thrown away as no message at all. Where there is nothing to change, null and empty data, the value itself comes back.
 *
 * One packet in some thousands was seen to fail TCP's checksum behind links whose own had passed it, and one in 16
 * million to 10 billion to pass both: Stone and Partridge, “When the CRC and TCP checksum disagree”, SIGCOMM 2000.
 */
export function corrupted<T>(value: T, stream: Stream, kept: readonly string[] = ["type"]): T {
  const scalars = countScalars(value, kept);
  if (scalars === 0) return value;
  const chosen = { left: stream.below(scalars), stream };
  return freeze(copyOf(value, chosen, kept)) as T;
}

/** Counts down to the scalar that is changed. */
interface Chosen {
  left: number;
  readonly stream: Stream;
}

function countScalars(value: unknown, kept: readonly string[] = []): number {
  if (typeof value !== "object" || value === null) return isChangeable(value) ? 1 : 0;
  if (Array.isArray(value) || value instanceof Log) {
    let count = 0;
    for (const item of value as Iterable<unknown>) count += countScalars(item);
    return count;
  }
  let count = 0;
  for (const [key, field] of Object.entries(value)) if (!kept.includes(key)) count += countScalars(field);
  return count;
}

function copyOf(value: unknown, chosen: Chosen, kept: readonly string[] = []): unknown {
  if (typeof value !== "object" || value === null) return isChangeable(value) && chosen.left-- === 0 ? changed(value, chosen.stream) : value;
  if (Array.isArray(value)) return value.map((item) => copyOf(item, chosen));
  if (value instanceof Log) return Log.of(value.slice().map((item) => freeze(copyOf(item, chosen))));
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, kept.includes(key) ? field : copyOf(field, chosen)]));
}

function isChangeable(scalar: unknown): scalar is number | string | boolean {
  return typeof scalar === "boolean" || (typeof scalar === "number" && Number.isFinite(scalar)) || (typeof scalar === "string" && scalar !== "");
}

function changed(scalar: number | string | boolean, stream: Stream): number | string | boolean {
  if (typeof scalar === "boolean") return !scalar;
  if (typeof scalar === "string") return changedText(scalar, stream);
  return Number.isSafeInteger(scalar) ? changedInteger(scalar, stream) : changedFraction(scalar, stream);
}

/** One of the low 32 bits of its magnitude: a safe integer stays one. */
function changedInteger(integer: number, stream: Stream): number {
  const bit = powerOfTwo(stream.below(32));
  const magnitude = Math.abs(integer);
  const isSet = Math.floor(magnitude / bit) % 2 === 1;
  const other = isSet ? magnitude - bit : magnitude + bit;
  return integer < 0 && other > 0 ? -other : other;
}

/** One of the 52 bits after the point: what is finite stays so. */
function changedFraction(number: number, stream: Stream): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, number);
  const bit = stream.below(52);
  const byte = 7 - Math.floor(bit / 8);
  bits.setUint8(byte, bits.getUint8(byte) ^ (1 << bit % 8));
  return bits.getFloat64(0);
}

/** One of the low 7 bits of a character: ASCII stays ASCII, and half of a pair stays that half. */
function changedText(text: string, stream: Stream): string {
  const at = stream.below(text.length);
  const character = String.fromCharCode(text.charCodeAt(at) ^ (1 << stream.below(7)));
  return text.slice(0, at) + character + text.slice(at + 1);
}

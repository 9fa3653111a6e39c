/** Quantities with units, from text and back. Exact: decimals are shifted as text, never multiplied as binary fractions. */
import type { Nanoseconds } from "../kernel/time.ts";
import { didYouMean } from "./diagnostics.ts";

/** What is wrong with a text, and where in it. */
export class QuantityError extends Error {
  /** Position in the text, from 0. */
  readonly at: number;
  readonly length: number;
  readonly hint: string | undefined;

  constructor(message: string, at: number, length: number, hint?: string) {
    super(message);
    this.at = at;
    this.length = Math.max(1, length);
    this.hint = hint;
  }
}

/** A part of a text, with its position, so that an error inside it points there. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

export const piece = (text: string, at = 0): Piece => ({ text, at });

export function failAt(part: Piece, message: string, hint?: string): never {
  throw new QuantityError(message, part.at, part.text.length, hint);
}

interface Unit {
  /** How many of the base unit. */
  readonly scale: bigint;
}

const TIME: { readonly [unit: string]: Unit } = {
  ns: { scale: 1n },
  us: { scale: 1_000n },
  "µs": { scale: 1_000n },
  "μs": { scale: 1_000n },
  ms: { scale: 1_000_000n },
  s: { scale: 1_000_000_000n },
  m: { scale: 60_000_000_000n },
  h: { scale: 3_600_000_000_000n },
};
const TIME_UNITS = ["ns", "us", "ms", "s", "m", "h"];

const SIZE: { readonly [unit: string]: Unit } = {
  B: { scale: 1n },
  kB: { scale: 1_000n },
  KB: { scale: 1_000n },
  MB: { scale: 1_000_000n },
  GB: { scale: 1_000_000_000n },
  KiB: { scale: 1_024n },
  MiB: { scale: 1_048_576n },
  GiB: { scale: 1_073_741_824n },
};

/** In bits a second. */
const BANDWIDTH: { readonly [unit: string]: Unit } = {
  bps: { scale: 1n },
  kbps: { scale: 1_000n },
  Kbps: { scale: 1_000n },
  Mbps: { scale: 1_000_000n },
  Gbps: { scale: 1_000_000_000n },
  Tbps: { scale: 1_000_000_000_000n },
  ...Object.fromEntries(Object.entries(SIZE).map(([unit, { scale }]) => [`${unit}/s`, { scale: 8n * scale }])),
};

const DRIFT: { readonly [unit: string]: Unit } = { ppm: { scale: 1_000n }, ppb: { scale: 1n } };

/** What a kind of quantity is called, and how it is written. */
interface Kind {
  readonly noun: string;
  readonly example: string;
  readonly units: { readonly [unit: string]: Unit };
  /** As messages list them. */
  readonly names: readonly string[];
  /** What is finer than the base unit. */
  readonly finest: string;
}

const duration: Kind = { noun: "a duration", example: "20ms, 5s", units: TIME, names: TIME_UNITS, finest: "a nanosecond" };
const size: Kind = { noun: "a size", example: "64KiB, 1MB", units: SIZE, names: ["B", "KB", "MB", "GB", "KiB", "MiB", "GiB"], finest: "a byte" };
const bandwidth: Kind = {
  noun: "a bandwidth",
  example: "1Gbps, 10MiB/s",
  units: BANDWIDTH,
  names: ["bps", "kbps", "Mbps", "Gbps", "Tbps", "B/s", "kB/s", "MB/s", "GB/s", "KiB/s", "MiB/s", "GiB/s"],
  finest: "a bit a second",
};
const drift: Kind = { noun: "a drift", example: "50ppm, -200ppb", units: DRIFT, names: ["ppm", "ppb"], finest: "one part per billion" };

const NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?/;

/** A number with one of a kind's units, in the base unit. Throws a QuantityError. */
function parseQuantity(part: Piece, kind: Kind): number {
  const { text } = part;
  const match = NUMBER.exec(text);
  if (match === null) failAt(part, `expected ${kind.noun} such as ${kind.example.replace(", ", " or ")}, found ${quote(text)}`);

  const [digits, sign, whole, fraction = ""] = match as unknown as [string, string, string, string | undefined];
  const unitName = text.slice(digits.length);
  if (unitName === "" && Number(digits) === 0) return 0; // Nothing is nothing in every unit.
  if (unitName === "") failAt(part, `${kind.noun} needs a unit: ${kind.example}`);
  if (!Object.hasOwn(kind.units, unitName)) failUnit(part, digits, unitName, kind);

  const scaled = BigInt(whole + fraction) * (kind.units[unitName] as Unit).scale;
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) failAt(part, `${quote(text)} is finer than ${kind.finest}`);
  const value = Number(scaled / divisor);
  if (!Number.isSafeInteger(value)) failAt(part, `${quote(text)} is too large`, kind === duration ? "virtual time ends at 104 days" : undefined);
  return sign === "-" && value !== 0 ? -value : value;
}

function failUnit(part: Piece, digits: string, unitName: string, kind: Kind): never {
  const at = piece(unitName, part.at + digits.length);
  if (Object.hasOwn(kind.units, unitName.trim())) failAt(part, `no space between a number and its unit: \`${digits}${unitName.trim()}\``);
  const meant = didYouMean(unitName, kind.names);
  return failAt(at, `${quote(unitName)} is not a unit of ${kind.noun}${meant}`, `units: ${kind.names.join(", ")}`);
}

/** `20ms` as nanoseconds. Throws a QuantityError. */
export function parseDuration(text: string | Piece, { signed = false }: { readonly signed?: boolean | undefined } = {}): Nanoseconds {
  const part = asPiece(text);
  const value = parseQuantity(part, duration);
  if (value < 0 && !signed) failAt(part, `${quote(part.text)} is negative; a duration here is not`);
  return value;
}

/** Nanoseconds in the largest unit up to seconds in which they are at least one: `7.301992s`, `20ms`. Exact. */
export function formatDuration(ns: Nanoseconds): string {
  const size = Math.abs(ns);
  if (size >= 1_000_000_000) return `${decimal(ns, 9)}s`;
  if (size >= 1_000_000) return `${decimal(ns, 6)}ms`;
  if (size >= 1_000) return `${decimal(ns, 3)}us`;
  return ns === 0 ? "0s" : `${ns}ns`;
}

/** `1%` as a share from 0 to 1. Throws a QuantityError. */
export function parseRatio(text: string | Piece): number {
  const part = asPiece(text);
  const match = /^([+-]?)(\d+(?:\.\d+)?)(%?)$/.exec(part.text);
  if (match === null) failAt(part, `expected a share such as 1% or 0.5%, found ${quote(part.text)}`);
  const [, sign, digits, percent] = match as unknown as [string, string, string, string];
  if (percent === "" && Number(digits) !== 0) failAt(part, "a share needs a percent sign: 1%, 0.5%");
  if (sign === "-" && Number(digits) !== 0) failAt(part, `${quote(part.text)} is negative; a share goes from 0% to 100%`);
  const share = Number(`${digits}e-2`);
  if (share > 1) failAt(part, `${quote(part.text)} is more than everything; a share goes from 0% to 100%`);
  return share;
}

export function formatRatio(share: number): string {
  return `${shift(share, 2)}%`;
}

const PER: { readonly [unit: string]: number } = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** `200/s` as a number a second; `orZero`: it may be 0. Throws a QuantityError. */
export function parseRate(text: string | Piece, { orZero = false }: { readonly orZero?: boolean } = {}): number {
  const part = asPiece(text);
  const match = /^([+-]?\d+(?:\.\d+)?)(?:\/(.*))?$/.exec(part.text);
  if (match === null) failAt(part, `expected a rate such as 200/s, found ${quote(part.text)}`);
  const [, digits, per] = match as unknown as [string, string, string | undefined];
  if (per === undefined) failAt(part, `a rate needs its unit of time: ${digits}/s`);
  if (!Object.hasOwn(PER, per as string)) failAt(part, `${quote(`/${per}`)} is not a unit of a rate`, "units: /ms, /s, /m, /h");
  const rate = per === "ms" ? Number(`${digits}e3`) : Number(digits) / (PER[per as string] as number);
  if (!(rate > 0 || (orZero && rate === 0))) failAt(part, orZero ? "a rate must not be negative" : "a rate must be more than 0");
  if (rate > 1e9) failAt(part, `${quote(part.text)} is too much: the finest step of time is a nanosecond`);
  return rate;
}

/** `100/s..1000/s`, or one rate, as `[from, to]` a second: it may fall, and be 0. Throws a QuantityError. */
export function parseRateRamp(text: string | Piece): [number, number] {
  const part = asPiece(text);
  const dots = part.text.indexOf("..");
  const one = (from: number, to: number): number => parseRate(trimmed(part, from, to), { orZero: true });
  if (dots >= 0) return [one(0, dots), one(dots + 2, part.text.length)];
  const rate = one(0, part.text.length);
  return [rate, rate];
}

export function formatRate(perSecond: number): string {
  return `${shift(perSecond, 0)}/s`;
}

/** `64KiB` as bytes. Throws a QuantityError. */
export function parseSize(text: string | Piece): number {
  const part = asPiece(text);
  const bytes = parseQuantity(part, size);
  if (bytes < 0) failAt(part, `${quote(part.text)} is negative; a size is not`);
  return bytes;
}

export function formatSize(bytes: number): string {
  for (const unit of ["GiB", "MiB", "KiB"]) {
    const scale = Number((SIZE[unit] as Unit).scale);
    if (bytes >= scale && bytes % scale === 0) return `${bytes / scale}${unit}`;
  }
  return `${bytes}B`;
}

/** `1Gbps` (bits), `10MiB/s` (bytes) as bytes a second, which has eighths. Throws a QuantityError. */
export function parseBandwidth(text: string | Piece): number {
  const part = asPiece(text);
  const bits = parseQuantity(part, bandwidth);
  if (bits < 0) failAt(part, `${quote(part.text)} is negative; a bandwidth is not`);
  if (bits === 0) failAt(part, "a bandwidth must be more than 0", "a link that passes nothing is one of a loss of 100%");
  return bits / 8;
}

/** No clock is off by more than half; beyond it, time would all but stop. */
const DRIFT_MAX_PPB = 500_000_000;

/** `50ppm` as parts per billion. Throws a QuantityError. */
export function parseDrift(text: string | Piece): number {
  const part = asPiece(text);
  const ppb = parseQuantity(part, drift);
  if (Math.abs(ppb) > DRIFT_MAX_PPB) failAt(part, `a drift lies between -500000ppm and 500000ppm, found ${quote(part.text)}`);
  return ppb;
}

export function formatDrift(ppb: number): string {
  return `${decimal(ppb, 3)}ppm`;
}

/** `a..b`, or one value for both. Throws a QuantityError. */
function parseRange(part: Piece, parse: (part: Piece) => number): [number, number] {
  const dots = part.text.indexOf("..");
  if (dots < 0) {
    const value = parse(part);
    return [value, value];
  }
  const min = parse(trimmed(part, 0, dots));
  const max = parse(trimmed(part, dots + 2, part.text.length));
  if (min > max) failAt(part, `the range ${quote(part.text)} is reversed`, `write the smaller end first`);
  return [min, max];
}

/** `150ms..300ms`, or one duration, as `[min, max]` in nanoseconds. Throws a QuantityError. */
export function parseDurationRange(text: string | Piece, { signed = false }: { readonly signed?: boolean | undefined } = {}): [Nanoseconds, Nanoseconds] {
  return parseRange(asPiece(text), (part) => parseDuration(part, { signed }));
}

export function formatDurationRange([min, max]: readonly [Nanoseconds, Nanoseconds]): string {
  return min === max ? formatDuration(min) : `${formatDuration(min)}..${formatDuration(max)}`;
}

/** `100B..4KiB`, or one size, as `[min, max]` in bytes. Throws a QuantityError. */
export function parseSizeRange(text: string | Piece): [number, number] {
  return parseRange(asPiece(text), parseSize);
}

/** `-50ppm..50ppm`, or one drift, as `[min, max]` in parts per billion. Throws a QuantityError. */
export function parseDriftRange(text: string | Piece): [number, number] {
  return parseRange(asPiece(text), parseDrift);
}

export function formatDriftRange([min, max]: readonly [number, number]): string {
  return min === max ? formatDrift(min) : `${formatDrift(min)}..${formatDrift(max)}`;
}

/** A plain number, as it stands in JSON. Throws a QuantityError. */
export function parseNumber(text: string | Piece): number {
  const part = asPiece(text);
  if (!/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(part.text)) failAt(part, `expected a number, found ${quote(part.text)}`);
  const value = Number(part.text);
  if (!Number.isFinite(value)) failAt(part, `${quote(part.text)} is too large`);
  return value;
}

/** A slice without the white space around it, with its position. */
export function trimmed(part: Piece, from: number, to: number): Piece {
  const slice = part.text.slice(from, to);
  return piece(slice.trim(), part.at + from + (slice.length - slice.trimStart().length));
}

export const asPiece = (text: string | Piece): Piece => (typeof text === "string" ? piece(text) : text);

/** As messages show it; long texts are cut. */
export function quote(text: string): string {
  if (text === "") return "nothing";
  const line = text.replace(/\s+/g, " ");
  return `\`${line.length > 60 ? `${line.slice(0, 57)}…` : line}\``;
}

/** An integer divided by a power of ten, in decimal, without trailing zeros. */
function decimal(value: number, places: number): string {
  const sign = value < 0 ? "-" : "";
  const digits = String(Math.abs(value)).padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  const whole = digits.slice(0, -places);
  return fraction === "" ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/** A number times a power of ten as decimal text that reads back to the same number, without an exponent. */
function shift(value: number, places: number): string {
  const [mantissa, exponent = "0"] = String(Math.abs(value)).split("e") as [string, string?];
  const [whole, fraction = ""] = mantissa.split(".") as [string, string?];
  const point = whole.length + Number(exponent) + places;
  const digits = (whole + fraction).padEnd(point, "0");
  const left = point > 0 ? digits.slice(0, point) : "";
  const right = (point < 0 ? "0".repeat(-point) + digits : digits.slice(point)).replace(/0+$/, "");
  const sign = value < 0 ? "-" : "";
  return `${sign}${left.replace(/^0+(?=\d)/, "") || "0"}${right === "" ? "" : `.${right}`}`;
}

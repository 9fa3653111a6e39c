/**
 * Recorded values in files: `empirical(rtt.csv)`. The values take the place of the file's name before anything is read, so
 * that the scenario's text says all there is, and a trace can be run again without the file.
 */
import { isMap, isScalar, isSeq, type Scalar } from "yaml";
import type { Diagnostic } from "./diagnostics.ts";
import type { ScenarioDocument } from "./document.ts";
import { Source } from "./document.ts";
import { formatDuration, formatSize, quote } from "./quantities.ts";
import { textStart } from "./spot.ts";

/** The text of a file beside the scenario, by its name there; undefined where there is none. */
export type Files = (name: string) => string | undefined;

/** What follows `empirical(` and is no value. */
const FILE = /\bempirical\(\s*(?![-+\d.]+[a-zA-Zµμ]*[\s,)])([^\s,()]+)\s*\)/g;

/** More do not make a distribution better, and each stands in the trace. */
const MOST_VALUES = 10_000;
/** A file of another kind is wrong on every line. */
const MOST_MISTAKES = 10;

/** Puts the values of files where their names stand. Returns what was wrong with the files. */
export function embedTables(document: ScenarioDocument, files: Files | undefined): Diagnostic[] {
  const mistakes: Diagnostic[] = [];
  const visit = (node: unknown, from: Source): void => {
    const source = document.originOf(node) ?? from;
    if (isSeq(node)) for (const item of node.items) visit(item, source);
    if (isMap(node)) for (const { key, value } of node.items) visit(value, document.originOf(key) ?? source);
    if (isScalar(node) && typeof node.value === "string" && /^\s*(empirical|mix)\(/.test(node.value)) embed(node as Scalar<string>, source);
  };
  const embed = (scalar: Scalar<string>, source: Source): void => {
    const begin = textStart({ node: scalar, source, path: "", where: "" });
    const text = scalar.value.replace(FILE, (whole: string, name: string, at: number) => {
      const [from, length] = begin === undefined ? [scalar.range?.[0] ?? 0, 1] : [begin + at + whole.indexOf(name, "empirical(".length), name.length];
      const { values, wrong } = valuesOf(name, files, (message, hint) => source.diagnostic(from, from + length, message, hint));
      mistakes.push(...wrong);
      return `empirical(${values.length === 0 ? "0" : values.join(" ")})`;
    });
    if (text === scalar.value) return;
    scalar.value = text;
    document.isOverridden = true;
  };
  visit(document.root, document.source);
  return mistakes;
}

type Complain = (message: string, hint?: string) => Diagnostic;

function valuesOf(name: string, files: Files | undefined, complain: Complain): { values: string[]; wrong: Diagnostic[] } {
  const text = files?.(name);
  if (text !== undefined) return readTable(name, text, complain);
  const why = files === undefined ? `the file ${quote(name)} cannot be read here` : `there is no file ${quote(name)} beside the scenario`;
  return { values: [], wrong: [complain(why, "recorded values may also stand here: empirical(1ms 1ms 8ms)")] };
}

/** The first column of a table: a value with its unit in each line, or numbers whose unit the heading names (`latency_ms`). */
export function readTable(name: string, text: string, complain: Complain): { values: string[]; wrong: Diagnostic[] } {
  const source = new Source(name, text);
  const values: string[] = [];
  const wrong: Diagnostic[] = [];
  let unit: string | undefined;
  let isFirst = true;
  for (const { cell, at } of firstCells(text)) {
    const heading = isFirst && !/^[-+.\d]/.test(cell);
    isFirst = false;
    if (heading) {
      unit = unitNamed(cell);
      continue;
    }
    const value = readValue(cell, unit);
    if (value.text !== undefined) values.push(value.text);
    else wrong.push(source.diagnostic(at, at + cell.length, value.problem, value.hint));
    if (wrong.length >= MOST_MISTAKES) break;
  }
  if (wrong.length > 0) return { values, wrong };
  if (values.length === 0) return { values, wrong: [complain(`the file ${quote(name)} holds no values`)] };
  if (values.length > MOST_VALUES) return { values: [], wrong: [complain(`the file ${quote(name)} holds ${values.length} values; ${MOST_VALUES} at most are taken`, "leave out, evenly, what is too much")] };
  return { values, wrong };
}

/** The first cell of each line that has one, and where it stands; lines that begin with `#` are comments. */
function firstCells(text: string): { cell: string; at: number }[] {
  const cells: { cell: string; at: number }[] = [];
  let begin = 0;
  for (const line of text.split("\n")) {
    const [, quoted, plain = ""] = /^[\uFEFF\s]*(?:"([^"\r]*)|([^,;\t\r]*))/.exec(line) as RegExpExecArray;
    const cell = (quoted ?? plain).trim();
    if (cell !== "" && !cell.startsWith("#")) cells.push({ cell, at: begin + line.indexOf(cell) });
    begin += line.length + 1;
  }
  return cells;
}

/** In nanoseconds, and in bytes. */
const TIMES: { readonly [unit: string]: number } = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
const SIZES: { readonly [unit: string]: number } = { B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
const WORDS: { readonly [word: string]: string } = { nanoseconds: "ns", microseconds: "us", milliseconds: "ms", seconds: "s", bytes: "B" };

/** The unit that a heading ends with: `latency_ms`, `rttUs`, `time (seconds)`. */
function unitNamed(heading: string): string | undefined {
  const words = heading.replace(/([a-z])([A-Z])/g, "$1 $2").split(/[^A-Za-zµμ]+/).filter((word) => word !== "");
  const last = words.at(-1) ?? "";
  const word = WORDS[last.toLowerCase()] ?? last;
  return [word, word.toLowerCase()].find((unit) => Object.hasOwn(TIMES, unit) || Object.hasOwn(SIZES, unit));
}

type Read = { readonly text: string } | { readonly text: undefined; readonly problem: string; readonly hint?: string };

/** A cell as the format writes it, to the nearest nanosecond or byte: what was measured may be finer. */
function readValue(cell: string, usual: string | undefined): Read {
  const match = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-zµμ]*)$/.exec(cell);
  if (match === null) return { text: undefined, problem: `expected a value such as 1.5ms, found ${quote(cell)}` };
  const [, digits, own] = match as unknown as [string, string, string];
  const unit = own === "" ? usual : own;
  if (unit === undefined) return { text: undefined, problem: `${quote(cell)} has no unit`, hint: `write ${cell}ms, or name the unit in a first line such as latency_ms` };
  const isTime = Object.hasOwn(TIMES, unit);
  if (!isTime && !Object.hasOwn(SIZES, unit)) return { text: undefined, problem: `${quote(unit)} is not a unit`, hint: `units: ${[...Object.keys(TIMES), ...Object.keys(SIZES)].join(", ")}` };
  const value = Math.round(Number(digits) * ((isTime ? TIMES[unit] : SIZES[unit]) as number));
  if (value < 0) return { text: undefined, problem: `${quote(cell)} is negative` };
  if (!Number.isSafeInteger(value)) return { text: undefined, problem: `${quote(cell)} is too large` };
  return { text: isTime ? formatDuration(value) : formatSize(value) };
}

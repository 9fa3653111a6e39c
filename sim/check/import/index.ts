/** The formats of histories, and how a file's is recognised by its content. */
import { HistoryError, type HistoryProblem, operationsOf } from "../history.ts";
import type { Format, Recording } from "./format.ts";
import { jepsenLog } from "./jepsen-log.ts";
import { json } from "./json.ts";
import { own } from "./own.ts";
import { porcupine } from "./porcupine.ts";

export type { Format, Recording } from "./format.ts";

export const formats: { readonly [name: string]: Format } = Object.fromEntries([own, json, jepsenLog, porcupine].map((format) => [format.name, format]));

/** Formats that have a name, and by what they are recognised, and that nothing here reads yet. */
const notYet: readonly { readonly name: string; recognises(first: string): boolean }[] = [
  { name: "jepsen-edn", recognises: (first) => /^\s*(\[\s*)?(#[\w.]+\s*)?\{\s*:/.test(first) },
  { name: "polysi", recognises: (first) => /^\s*[rw]\(-?\d+,-?\d+,-?\d+,-?\d+\)\s*$/.test(first) },
  { name: "elle", recognises: () => false },
  { name: "awdit", recognises: () => false },
  { name: "plume", recognises: () => false },
  { name: "isovista", recognises: () => false },
  { name: "dbcop", recognises: () => false },
  { name: "limo", recognises: () => false },
];
export const formatsNotYet: readonly string[] = notYet.map(({ name }) => name);

export interface ReadOptions {
  /** The format's name, where its content is not to decide. */
  readonly format?: string | undefined;
  /** For messages. */
  readonly file?: string | undefined;
}

/**
 * Reads a history. Throws a {@link HistoryError} with every mistake in it and its place, where the format is not
 * recognised, not supported yet, or not kept.
 */
export function readHistory(text: string, { format: name, file = "" }: ReadOptions = {}): Recording {
  const content = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const format = name === undefined ? recognise(content, file) : named(name, file);
  const problems: HistoryProblem[] = [];
  const recording = format.read(content, (problem) => problems.push(problem));
  if (problems.length > 0) throw new HistoryError(problems, file);
  mustPair(recording, file);
  return { ...recording, format: format.name };
}

function mustPair({ history, lines }: Omit<Recording, "format">, file: string): void {
  try {
    operationsOf(history, lines);
  } catch (error) {
    throw error instanceof HistoryError ? new HistoryError(error.problems, file) : error;
  }
}

function recognise(text: string, file: string): Format {
  const first = /^.*\S.*$/m.exec(text)?.[0];
  if (first === undefined) throw refusal("the history is empty: expected operation events", file);
  const format = Object.values(formats).find((candidate) => candidate.recognises(first, text));
  if (format !== undefined) return format;
  const line = text.slice(0, text.indexOf(first)).split("\n").length;
  const known = notYet.find((candidate) => candidate.recognises(first));
  if (known !== undefined) throw refusal(`this looks like ${known.name}, a format that is not supported yet`, file, line);
  throw refusal(`the format is not recognised: expected one of ${Object.keys(formats).join(", ")}`, file, line);
}

function named(name: string, file: string): Format {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format !== undefined) return format;
  throw refusal(formatsNotYet.includes(name) ? `the format ${name} is not supported yet` : `there is no format ${name}; there are ${Object.keys(formats).join(", ")}`, file);
}

function refusal(message: string, file: string, line = 1): HistoryError {
  return new HistoryError([{ line, column: 1, message }], file);
}

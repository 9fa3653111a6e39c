/** The formats of histories, and how a file's is recognised by its content. */
import { HistoryError } from "../history.ts";
import { awdit } from "./awdit.ts";
import { dbcopJson } from "./dbcop-json.ts";
import { dbcop } from "./dbcop.ts";
import { fastlin } from "./fastlin.ts";
import type { Format } from "./format.ts";
import { jepsenEdn } from "./jepsen-edn.ts";
import { jepsenJson } from "./jepsen-json.ts";
import { jepsenLog } from "./jepsen-log.ts";
import { limo } from "./limo.ts";
import { json, own } from "./own.ts";
import { plume } from "./plume.ts";
import { porcupine } from "./porcupine.ts";
import { Reading } from "./reading.ts";

export type { Format, Recording } from "./format.ts";
export type { Reading } from "./reading.ts";

export const formats: { readonly [name: string]: Format } = Object.fromEntries(
  [own, json, jepsenEdn, jepsenJson, jepsenLog, porcupine, plume, awdit, dbcop, dbcopJson, limo, fastlin].map((format) => [format.name, format]),
);

/** Other names under which a format is known. */
export const formatAliases: { readonly [alias: string]: string } = { elle: jepsenEdn.name, polysi: plume.name, isovista: plume.name, violin: limo.name, polylin: fastlin.name, fptlin: fastlin.name };

/** Where two formats look alike, the one that needs more to be recognised is asked first. */
const asked: readonly Format[] = [dbcopJson, jepsenJson, own, json, jepsenLog, porcupine, jepsenEdn, plume, awdit, dbcop, limo, fastlin];

export interface ReadOptions {
  /** The format's name, where its content is not to decide. */
  readonly format?: string | undefined;
  /** For messages. */
  readonly file?: string | undefined;
  /** What is to be kept of it: its events unless said otherwise. */
  readonly keep?: "events" | "operations" | undefined;
}

/**
 * Begins to read a history that comes in chunks: `push` takes them, `end` gives the recording. Either throws a
 * {@link HistoryError} with every mistake and its place, where the format is not recognised or not kept.
 */
export function beginReading({ format: name, file = "", keep = "events" }: ReadOptions = {}): Reading {
  return new Reading({ file, keep, choose: (head) => (name === undefined ? recognise(head, file) : named(name, file)) });
}

function recognise(head: string, file: string): Format {
  const first = /^.*\S.*$/m.exec(head)?.[0];
  if (first === undefined) throw refusal("the history is empty: expected operation events", file);
  const format = asked.find((candidate) => candidate.recognises(first, head));
  if (format !== undefined) return format;
  const line = head.slice(0, head.indexOf(first)).split("\n").length;
  throw refusal(`the format is not recognised: expected one of ${Object.keys(formats).join(", ")}`, file, line);
}

function named(name: string, file: string): Format {
  const meant = Object.hasOwn(formatAliases, name) ? formatAliases[name]! : name;
  const format = Object.hasOwn(formats, meant) ? formats[meant] : undefined;
  if (format !== undefined) return format;
  throw refusal(`there is no format ${name}; there are ${Object.keys(formats).join(", ")}`, file);
}

function refusal(message: string, file: string, line = 1): HistoryError {
  return new HistoryError([{ line, column: 1, message }], file);
}

/** The folder for what a run leaves, and its two files: both are written beside their place, and put into it when both are whole. */
import { accessSync, closeSync, constants, mkdirSync, openSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { getSystemErrorMap } from "node:util";
import type { HistoryEvent } from "../check/history.ts";
import { TraceFile } from "../trace/file.node.ts";
import { UsageError } from "./exit.ts";

export const DEFAULT_FOLDER = ".splitbrain";

/**
 * Makes the output folder and sees that it can be written to. Throws a UsageError before anything has been run. What it
 * returns takes the folder away again, as far as it was made here and nothing is in it.
 */
export function prepareFolder(folder: string): () => void {
  try {
    const made = mkdirSync(folder, { recursive: true });
    if (!statSync(folder).isDirectory()) throw new Error("it is not a folder");
    accessSync(folder, constants.W_OK | constants.X_OK);
    return () => removeEmpty(resolve(folder), made);
  } catch (error) {
    throw new UsageError(`the output folder ${folder} cannot be written to: ${systemReason(error)}`, "--out names another.");
  }
}

/** Removes empty folders from one upwards to the first that had been made. */
function removeEmpty(folder: string, first: string | undefined): void {
  if (first === undefined || readdirSync(folder).length > 0) return;
  rmdirSync(folder);
  if (folder !== resolve(first)) removeEmpty(dirname(folder), first);
}

/** What the system says, without codes: `no space left on device`. */
export function systemReason(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  return (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? message;
}

/** The files of one run in the making. */
export class RunFiles {
  readonly trace: string;
  readonly history: string;
  /** For the scenario with its random schedule drawn, where it has one. */
  readonly schedule: string;
  readonly #traceFile: TraceFile;

  /** Throws an error for the user where the trace cannot be begun. */
  constructor(folder: string, name: string) {
    this.trace = join(folder, `${name}.trace`);
    this.history = join(folder, `${name}.history.jsonl`);
    this.schedule = join(folder, `${name}.faults.yaml`);
    this.#traceFile = new TraceFile(this.trace);
  }

  /** Takes the trace's bytes as they come. */
  get write(): (bytes: Uint8Array) => void {
    return this.#traceFile.write;
  }

  /** The run is over: writes the history, and the schedule where there is one, and puts all in their places. Where one fails, none is. */
  finish(history: readonly HistoryEvent[], schedule?: string): void {
    const parts = [this.history, this.schedule].map((path) => `${path}.part`) as [string, string];
    try {
      writeLines(parts[0], history);
      if (schedule !== undefined) writeFileSync(parts[1], schedule);
      this.#traceFile.finish();
      renameSync(parts[0], this.history);
      if (schedule !== undefined) renameSync(parts[1], this.schedule);
    } catch (error) {
      this.abort();
      for (const part of parts) rmSync(part, { force: true });
      if ((error as NodeJS.ErrnoException).errno === undefined) throw error;
      throw new UsageError(`cannot write the history ${this.history}: ${systemReason(error)}`, "Nothing was overwritten; --out names another folder.");
    }
  }

  /** Gives up, and leaves what was there before. May be called at any time. */
  abort(): void {
    this.#traceFile.abort();
  }
}

const LINES_AT_ONCE = 4096;

/** JSON Lines, a few thousand at a time: a long history is larger than a text may be. */
function writeLines(path: string, history: readonly HistoryEvent[]): void {
  const file = openSync(path, "w");
  try {
    for (let from = 0; from < history.length; from += LINES_AT_ONCE) {
      const lines = history.slice(from, from + LINES_AT_ONCE).map((event) => `${JSON.stringify(event)}\n`);
      const bytes = Buffer.from(lines.join(""));
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    }
  } finally {
    closeSync(file);
  }
}

/** A file beside its place first, so that what was there before stays until this is whole. Throws a UsageError. */
export function writeWhole(path: string, text: string, what: string): void {
  try {
    writeFileSync(`${path}.part`, text);
    renameSync(`${path}.part`, path);
  } catch (error) {
    rmSync(`${path}.part`, { force: true });
    throw new UsageError(`cannot write ${what} ${path}: ${systemReason(error)}`, "The campaign's journal is kept: --resume reports it again.");
  }
}

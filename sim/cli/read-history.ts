/** Reads a history from disk in chunks, so that a file may be larger than a text can be, and shows how far it has come. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { beginReading, HistoryError, type HistoryProblem, type Recording } from "../check/index.ts";
import { formatCount } from "../explain/index.ts";
import { InputError, type Diagnostic } from "../scenario/diagnostics.ts";
import { UsageError } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

const CHUNK_BYTES = 1 << 20;
const FIRST_AFTER_MS = 1000;
const EVERY_MS = 200;

export type ShowProgress = Terminal["progress"];

/** A history that was read, and its lines: for messages about them. */
export interface HistoryFile {
  readonly file: string;
  readonly recording: Recording;
  /** The texts of some lines, by their numbers from 1. */
  linesAt(numbers: readonly number[]): ReadonlyMap<number, string>;
}

/** Reads a file, or standard input. Throws an InputError with every mistake in it and its place. */
export function readHistoryFile(file: string, format: string | undefined, progress: ShowProgress): HistoryFile {
  // Standard input cannot be read twice: its text is kept for the lines of messages.
  const kept: string[] = [];
  const chunks = (): Iterable<string> => (file === "-" && kept.length > 0 ? kept : chunksOf(file, progress));
  const linesAt = (numbers: readonly number[]): ReadonlyMap<number, string> => linesIn(chunks(), new Set(numbers));
  try {
    const reading = beginReading({ format, file, keep: "operations" });
    for (const chunk of chunksOf(file, progress)) {
      if (file === "-") kept.push(chunk);
      reading.push(chunk);
    }
    return { file, recording: reading.end(), linesAt };
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    throw new InputError(diagnosticsOf(file, error.problems, linesAt));
  } finally {
    progress("");
  }
}

/** Problems as a compiler says them, each with its line. */
export function diagnosticsOf(file: string, problems: readonly HistoryProblem[], linesAt: HistoryFile["linesAt"]): Diagnostic[] {
  const excerpts = linesAt(problems.map(({ line }) => line));
  return problems.map(({ line, column, message }) => {
    const excerpt = excerpts.get(line);
    return { file, line, column, message, ...(excerpt !== undefined && excerpt.trim() !== "" && { excerpt }) };
  });
}

function* chunksOf(file: string, progress: ShowProgress): Generator<string> {
  const bytes = new Uint8Array(CHUNK_BYTES);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const begun = performance.now();
  let next = FIRST_AFTER_MS;
  let done = 0;
  const handle = file === "-" ? 0 : open(file);
  try {
    const size = file === "-" ? 0 : fstatSync(handle).size;
    for (let count = read(handle, bytes, file); count > 0; count = read(handle, bytes, file)) {
      done += count;
      const elapsedMs = performance.now() - begun;
      if (elapsedMs >= next) {
        next = elapsedMs + EVERY_MS;
        progress(`  reading ${file}  ${size === 0 ? "" : `${Math.floor((done / size) * 100)}%  `}${formatCount(Math.round(done / 1e6))} MB`);
      }
      yield decoder.decode(bytes.subarray(0, count), { stream: true });
    }
    const last = decoder.decode();
    if (last !== "") yield last;
  } finally {
    if (file !== "-") closeSync(handle);
  }
}

function open(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    throw cannotRead(file, error);
  }
}

function read(handle: number, bytes: Uint8Array, file: string): number {
  for (;;) {
    try {
      return readSync(handle, bytes, 0, bytes.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      // A pipe whose other end has nothing to say yet.
      if (code !== "EAGAIN") throw cannotRead(file, error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function cannotRead(file: string, error: unknown): UsageError {
  return new UsageError(`${file} cannot be read: ${(error as Error).message}`);
}

function linesIn(chunks: Iterable<string>, wanted: ReadonlySet<number>): Map<number, string> {
  const found = new Map<number, string>();
  let line = 1;
  let begun = "";
  const end = (text: string): void => {
    if (wanted.has(line)) found.set(line, text.replace(/^\uFEFF/, "").replace(/\r$/, ""));
    line++;
    begun = "";
  };
  for (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf("\n"); at !== -1; at = chunk.indexOf("\n", start)) {
      end(wanted.has(line) ? begun + chunk.slice(start, at) : "");
      start = at + 1;
      if (found.size === wanted.size) return found;
    }
    if (wanted.has(line)) begun += chunk.slice(start);
  }
  end(begun);
  return found;
}

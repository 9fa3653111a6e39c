/** Reads a history from disk in chunks, so that a file may be larger than a text can be, and shows how far it has come. */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
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

/** Whether it can be read twice: standard input and pipes cannot. */
export function isRereadable(file: string): boolean {
  return file !== "-" && statSync(file).isFile();
}

/** Reads a file, or standard input. Throws an InputError with every mistake in it and its place. */
export async function readHistoryFile(file: string, format: string | undefined, progress: ShowProgress): Promise<HistoryFile> {
  // The text of what cannot be read twice is kept, for the lines of messages.
  const kept: string[] | undefined = isRereadable(file) ? undefined : [];
  const linesAt = (numbers: readonly number[]): ReadonlyMap<number, string> => linesIn(kept ?? chunksOf(file), new Set(numbers));
  const watch = new ReadingProgress(file, progress);
  try {
    const reading = beginReading({ format, file, keep: "operations" });
    for (const chunk of chunksOf(file, watch)) {
      kept?.push(chunk);
      reading.push(chunk);
      // An interruption is heard between two chunks.
      if (watch.show()) await new Promise(setImmediate);
    }
    return { file, recording: reading.end(), linesAt };
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    throw new InputError(diagnosticsOf(file, error.problems, linesAt));
  } finally {
    progress("");
  }
}

/** The progress line of a file that takes longer than a second to read. */
class ReadingProgress {
  bytes = 0;
  size = 0;
  readonly #file: string;
  readonly #progress: ShowProgress;
  readonly #begun = performance.now();
  #next = FIRST_AFTER_MS;

  constructor(file: string, progress: ShowProgress) {
    this.#file = file;
    this.#progress = progress;
  }

  /** Whether it was time to show it. */
  show(): boolean {
    const elapsedMs = performance.now() - this.#begun;
    if (elapsedMs < this.#next) return false;
    this.#next = elapsedMs + EVERY_MS;
    const share = this.size === 0 ? "" : `${Math.floor((this.bytes / this.size) * 100)}%  `;
    this.#progress(`  reading ${this.#file}  ${share}${formatCount(Math.round(this.bytes / 1e6))} MB`);
    return true;
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

function* chunksOf(file: string, watch?: ReadingProgress): Generator<string> {
  const bytes = new Uint8Array(CHUNK_BYTES);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const handle = file === "-" ? 0 : open(file);
  try {
    if (watch !== undefined && file !== "-") watch.size = fstatSync(handle).size;
    for (let count = read(handle, bytes, file); count > 0; count = read(handle, bytes, file)) {
      if (watch !== undefined) watch.bytes += count;
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

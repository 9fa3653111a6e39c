/** Trace files on disk: written beside their final place and moved there when complete; read whole or in pieces. */
import { closeSync, fstatSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { readTrace, Trace } from "./decode.ts";

const BUFFER_BYTES = 256 * 1024;

/** A trace file that cannot be written or read: which, and why, in one sentence. */
export class TraceFileError extends Error {
  override readonly name = "TraceFileError";
  readonly path: string;

  constructor(doing: "write" | "read", path: string, cause: unknown) {
    super(`cannot ${doing} the trace ${path}: ${inWords(cause)}`, { cause });
    this.path = path;
  }
}

const words: { readonly [code: string]: string } = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be too large",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  EIO: "the disk reports an error",
};

function inWords(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return (code === undefined ? undefined : words[code]) ?? message;
}

/**
 * Takes the bytes of a trace as an encoder writes them. They go to `<path>.part`, which takes the place of `path` when it
 * is finished; until then, and after any error, a file that stood there is as it was.
 */
export class TraceFile {
  readonly path: string;
  readonly #part: string;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #used = 0;
  #file: number | undefined;

  /** Throws a {@link TraceFileError} where the file cannot be made. */
  constructor(path: string) {
    this.path = path;
    this.#part = `${path}.part`;
    this.#try(() => {
      const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
      if (isFolder) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
      this.#file = openSync(this.#part, "w");
    });
  }

  /** Throws a {@link TraceFileError} where the bytes cannot be stored; the file is given up then. */
  write = (bytes: Uint8Array): void => {
    if (this.#used + bytes.length > BUFFER_BYTES) this.#flush();
    if (bytes.length >= BUFFER_BYTES) return this.#store(bytes);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  };

  /** Puts the file in its place. */
  finish(): void {
    this.#flush();
    this.#try(() => {
      closeSync(this.#opened());
      this.#file = undefined;
      renameSync(this.#part, this.path);
    });
  }

  /** Gives the file up, and leaves nothing of it. Does nothing after the end. */
  abort(): void {
    if (this.#file === undefined) return;
    const file = this.#file;
    this.#file = undefined;
    try {
      closeSync(file);
    } finally {
      rmSync(this.#part, { force: true });
    }
  }

  #flush(): void {
    const bytes = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    if (bytes.length > 0) this.#store(bytes);
  }

  #store(bytes: Uint8Array): void {
    this.#try(() => {
      const file = this.#opened();
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    });
  }

  #opened(): number {
    if (this.#file === undefined) throw new Error("it has been finished or given up");
    return this.#file;
  }

  #try(act: () => void): void {
    const wasOpen = this.#file !== undefined;
    try {
      act();
    } catch (error) {
      this.abort();
      if (wasOpen) rmSync(this.#part, { force: true }); // Also where it was the renaming that failed.
      throw new TraceFileError("write", this.path, error);
    }
  }
}

/** Reads a trace file whole. Throws a {@link TraceFileError}, or a TraceError about its contents. */
export function readTraceFile(path: string): Trace {
  return readTrace(tryToRead(path, () => readFileSync(path)), path);
}

/** A trace file that stays open, of which only the pieces that are asked for are read. */
export interface OpenTraceFile {
  readonly trace: Trace;
  close(): void;
}

/** Opens a trace file and reads its header and footer. Throws as {@link readTraceFile} does. */
export function openTraceFile(path: string): OpenTraceFile {
  const file = tryToRead(path, () => openSync(path, "r"));
  try {
    const size = tryToRead(path, () => fstatSync(file).size);
    const read = (offset: number, length: number): Uint8Array => tryToRead(path, () => readPiece(file, offset, length));
    return { trace: new Trace({ name: path, size, read }), close: () => closeSync(file) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function readPiece(file: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const count = readSync(file, bytes, done, length - done, offset + done);
    if (count === 0) throw new Error("it became shorter while it was read");
    done += count;
  }
  return bytes;
}

function tryToRead<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new TraceFileError("read", path, error);
  }
}

/** A campaign's journal on disk. */
import { closeSync, existsSync, fdatasync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from "node:fs";
import { getSystemErrorMap } from "node:util";
import { differencesOf, JournalError, journalLine, readJournal, type Journal, type JournalEntry, type JournalHeader } from "../journal.ts";

/** A line is on the disk at the latest when so many others have been written after it. */
const LINES_PER_SYNC = 64;

/**
 * Appends to a journal. A line is with the system when `write` returns, so that it outlives this program's end; in batches,
 * lines are synced, so that they outlive the machine's.
 */
export class JournalFile {
  readonly path: string;
  readonly #file: number;
  #unsynced = 0;
  #isSyncing = false;
  #isClosed = false;

  private constructor(path: string, file: number) {
    this.path = path;
    this.#file = file;
  }

  /** Begins a journal. One that stands there already is kept beside it, as `….old`. Throws a JournalError. */
  static begin(path: string, header: JournalHeader): JournalFile {
    return attempt("write", path, () => {
      if (existsSync(path)) renameSync(path, `${path}.old`);
      const journal = new JournalFile(path, openSync(path, "ax"));
      journal.write(header);
      return journal;
    });
  }

  /** Goes on with a journal from the end of its last whole line. Throws a JournalError. */
  static goOn(path: string, wholeBytes: number): JournalFile {
    return attempt("write", path, () => {
      const file = openSync(path, "a");
      ftruncateSync(file, wholeBytes);
      return new JournalFile(path, file);
    });
  }

  /** Throws a JournalError where there is no room, or the disk fails. */
  write(entry: JournalEntry): void {
    attempt("write", this.path, () => {
      const bytes = Buffer.from(journalLine(entry));
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
    });
    this.#unsynced += 1;
    if (this.#unsynced >= LINES_PER_SYNC && !this.#isSyncing) this.#sync();
  }

  /** Waits for the disk, and closes it. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    attempt("write", this.path, () => fdatasyncSync(this.#file));
    // A sync that is under way still needs the file.
    if (!this.#isSyncing) closeSync(this.#file);
  }

  /** In the background: workers must not wait for the disk. */
  #sync(): void {
    this.#isSyncing = true;
    this.#unsynced = 0;
    fdatasync(this.#file, () => {
      this.#isSyncing = false;
      if (this.#isClosed) closeSync(this.#file);
    });
  }
}

/** What an earlier campaign left, and how long the whole lines of it are. */
export interface FoundJournal extends Journal {
  readonly wholeBytes: number;
  /** Whether it ends within a line. */
  readonly isTorn: boolean;
}

/** Reads a journal that is to be carried on; undefined where there is none. Throws a JournalError where it cannot be. */
export function findJournal(path: string, ours: JournalHeader): FoundJournal | undefined {
  const journal = existsSync(path) ? readJournalFile(path) : undefined;
  if (journal === undefined) return undefined;
  const differences = differencesOf(journal.header, ours);
  if (differences.length === 0) return journal;
  const what = differences.length === 1 ? differences[0] : `${differences.slice(0, -1).join("; ")}; and ${differences.at(-1)}`;
  throw new JournalError(`${path} is of another campaign: it differs in ${what}`, "Without --resume, a campaign begins anew; --out names another folder.");
}

/**
 * Reads the journal of any campaign. Undefined where it was ended before even its first line was written: then it is as good
 * as none. Throws a JournalError.
 */
export function readJournalFile(path: string): FoundJournal | undefined {
  const lines = attempt("read", path, () => new Lines(path));
  try {
    const journal = attempt("read", path, () => (lines.isEmpty ? undefined : readJournal(lines, path)));
    return journal === undefined ? undefined : { ...journal, wholeBytes: lines.wholeBytes, isTorn: lines.isTorn };
  } finally {
    lines.close();
  }
}

const PIECE_BYTES = 1024 * 1024;
const NEWLINE = 10;

/** The whole lines of a file, read piece by piece: a long campaign's journal is larger than a text may be. */
class Lines implements Iterable<string> {
  readonly #file: number;
  readonly #size: number;
  /** How many bytes of whole lines have been read. */
  wholeBytes = 0;

  constructor(path: string) {
    this.#file = openSync(path, "r");
    this.#size = fstatSync(this.#file).size;
  }

  /** Without even one whole line. */
  get isEmpty(): boolean {
    const first = this[Symbol.iterator]().next().done === true;
    this.wholeBytes = 0;
    return first;
  }

  get isTorn(): boolean {
    return this.wholeBytes < this.#size;
  }

  *[Symbol.iterator](): Generator<string> {
    let rest = Buffer.alloc(0);
    for (let offset = 0; ; ) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      const count = readSync(this.#file, piece, 0, PIECE_BYTES, offset);
      if (count === 0) return;
      offset += count;
      rest = Buffer.concat([rest, piece.subarray(0, count)]);
      let begin = 0;
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, begin)) {
        this.wholeBytes += end + 1 - begin;
        yield rest.toString("utf8", begin, end);
        begin = end + 1;
      }
      rest = rest.subarray(begin);
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

function attempt<Result>(doing: "read" | "write", path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof JournalError) throw error;
    const { errno, message } = error as NodeJS.ErrnoException;
    const reason = (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? message;
    const hint = doing === "write" ? "What was finished before is in it: with room on the disk, --resume goes on from there." : undefined;
    throw new JournalError(`cannot ${doing} the campaign's journal ${path}: ${reason}`, hint);
  }
}

/** Reads a history that comes in chunks, recognised by its first part, and keeps of it only what is asked for. */
import { HistoryError, type HistoryEvent, type HistoryProblem } from "../history.ts";
import { Pairing } from "../pairing.ts";
import type { Format, PieceReader, Recording, Sink } from "./format.ts";
import type { Cutter } from "./pieces.ts";

/** How much of a text is looked at to recognise its format. */
const HEAD = 65_536;
/** More mistakes than these are counted, not told. */
const MOST_PROBLEMS = 1000;

export interface ReadingOptions {
  /** The format of a text's first part. Throws a {@link HistoryError} where it is none. */
  readonly choose: (head: string) => Format;
  /** For messages. */
  readonly file: string;
  /** The events, or their operations: these take less memory. Of transactions, events are kept in either case. */
  readonly keep: "events" | "operations";
}

export class Reading {
  readonly #options: ReadingOptions;
  #head = "";
  #format: Format | undefined;
  #cutter: Cutter | undefined;
  #reader: PieceReader | undefined;
  readonly #history: HistoryEvent[] = [];
  readonly #lines: number[] = [];
  /** What the text's mistakes are, and those of operations that do not pair, which are told only where there are no others. */
  readonly #problems = new Problems();
  readonly #unpaired = new Problems();
  readonly #pairing = new Pairing((position, message) => this.#unpaired.add({ line: this.#lines[position]!, column: 1, message }));
  #isTransactional = false;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  push(chunk: string): void {
    if (this.#cutter !== undefined) return this.#cutter.push(chunk);
    this.#head += chunk;
    if (this.#head.length >= HEAD) this.#begin();
  }

  /** The recording. Throws a {@link HistoryError} with every mistake and its place. */
  end(): Recording {
    if (this.#cutter === undefined) this.#begin();
    this.#cutter!.end();
    const { model, hasRealTime = true } = this.#reader!.end();
    this.#problems.mustBeNone(this.#options.file);
    const operations = this.#pairing.end();
    this.#unpaired.mustBeNone(this.#options.file);
    const keepsOperations = this.#options.keep === "operations" && !this.#isTransactional;
    return { history: this.#history, ...(keepsOperations && { operations }), format: this.#format!.name, model, hasRealTime, lines: this.#lines };
  }

  #begin(): void {
    const head = this.#head.startsWith("\uFEFF") ? this.#head.slice(1) : this.#head;
    this.#head = "";
    const format = this.#options.choose(head);
    const sink: Sink = {
      event: (event, line) => this.#event(event, line),
      complain: (line, column, message) => this.#problems.add({ line, column, message }),
    };
    const reader = format.begin(sink);
    this.#format = format;
    this.#reader = reader;
    this.#cutter = format.cut(head)((piece) => reader.take(piece), sink.complain);
    this.#cutter.push(head);
  }

  #event(event: HistoryEvent, line: number): void {
    const position = this.#lines.length;
    this.#lines.push(line);
    if (event.f === "txn") this.#isTransactional = true;
    if (this.#options.keep === "events" || this.#isTransactional) this.#history.push(event);
    this.#pairing.take(event, position);
  }
}

/** Mistakes in the order of the file. */
class Problems {
  readonly #told: HistoryProblem[] = [];
  #untold = 0;

  add(problem: HistoryProblem): void {
    if (this.#told.length < MOST_PROBLEMS) this.#told.push(problem);
    else this.#untold++;
  }

  mustBeNone(file: string): void {
    const last = this.#told.at(-1);
    if (last === undefined) return;
    const more = this.#untold === 0 ? [] : [{ ...last, message: `and ${this.#untold} more mistakes after this one` }];
    throw new HistoryError([...this.#told, ...more], file);
  }
}

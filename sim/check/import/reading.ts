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
  #pairing: Pairing | undefined;
  #keepsOperations = false;
  /** Of transactions that are kept in as little memory as may be: what each process has open. */
  #open: Map<number, HistoryEvent> | undefined;

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
    const operations = this.#pairing?.end() ?? [];
    if (this.#pairing === undefined) this.#keepsOperations = this.#options.keep === "operations";
    this.#unpaired.mustBeNone(this.#options.file);
    return { history: this.#history, ...(this.#keepsOperations && { operations }), format: this.#format!.name, model, hasRealTime, lines: this.#lines };
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
    this.#pairing ??= this.#beginPairing(event);
    this.#pairing.take(event, position);
    if (this.#keepsOperations) return;
    this.#history.push(event);
    if (this.#open !== undefined) shareSteps(event, this.#open);
  }

  /** The first event says whether these are transactions, whose aborted ones matter, too. */
  #beginPairing({ f }: HistoryEvent): Pairing {
    this.#keepsOperations = this.#options.keep === "operations" && f !== "txn";
    if (this.#options.keep === "operations" && f === "txn") this.#open = new Map();
    return new Pairing((position, message) => this.#unpaired.add({ line: this.#lines[position]!, column: 1, message }), this.#keepsOperations);
  }
}

/** A transaction that committed holds its steps once: what its reads returned stands at its invocation, too. */
function shareSteps(event: HistoryEvent, open: Map<number, HistoryEvent>): void {
  const invoked = open.get(event.process);
  if (event.type === "invoke") open.set(event.process, event);
  else open.delete(event.process);
  if (invoked !== undefined && event.type === "ok" && isSame(invoked.value, event.value)) (invoked as { value: unknown }).value = event.value;
}

/** Whether two lists of steps differ in what reads returned alone. */
function isSame(before: unknown, after: unknown): boolean {
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return false;
  return before.every((step: unknown, index) => {
    const other: unknown = after[index];
    if (!Array.isArray(step) || !Array.isArray(other)) return false;
    return step[0] === other[0] && step[1] === other[1] && (step[0] === "r" || step[2] === other[2]);
  });
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

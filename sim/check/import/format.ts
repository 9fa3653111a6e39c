/** What an importer of a history is, and what all importers share. */
import type { HistoryEvent, Operation } from "../history.ts";
import type { Cut, Piece } from "./pieces.ts";

/** A history that was read. */
export interface Recording {
  /** Empty where only its operations were asked for. */
  readonly history: readonly HistoryEvent[];
  /** Where they were asked for, and it is no history of transactions: its events paired up while they were read. */
  readonly operations?: readonly Operation[] | undefined;
  readonly format: string;
  /** The model that the format or its operations stand for, where they stand for one. */
  readonly model?: string | undefined;
  /**
   * Whether the order of its events is the order in which they happened. Where it is false, only the order inside each session
   * means something, and what is asked about real time cannot be answered.
   */
  readonly hasRealTime: boolean;
  /** The line of each event in the file, from 1. */
  readonly lines: readonly number[];
}

/** What a format's reader learns by the end. */
export type Facts = Partial<Pick<Recording, "model" | "hasRealTime">>;

/** Where a reader's findings go. Lines and columns count from 1. */
export interface Sink {
  event(event: HistoryEvent, line: number): void;
  complain(line: number, column: number, message: string): void;
}

/** Reads one text, piece by piece. After a complaint, what else it says is not used. */
export interface PieceReader {
  take(piece: Piece): void;
  end(): Facts;
}

/** A file format of histories. */
export interface Format {
  readonly name: string;
  readonly summary: string;
  /** Whether a text looks like this format; `first` is its first line that is not blank, `head` the text's first part. */
  recognises(first: string, head: string): boolean;
  /** What its texts are cut into. */
  cut(head: string): Cut;
  begin(sink: Sink): PieceReader;
}

/** The text of a first part without the comments and blank lines before its content. */
export function contentOf(head: string, comment: RegExp): string {
  let rest = head;
  for (;;) {
    const next = rest.replace(/^[\s,]+/, "").replace(comment, "");
    if (next === rest) return rest;
    rest = next;
  }
}

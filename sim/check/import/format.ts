/** What an importer of a history is, and what all importers share. */
import type { HistoryEvent, HistoryProblem } from "../history.ts";

/** A history that was read. */
export interface Recording {
  readonly history: readonly HistoryEvent[];
  readonly format: string;
  /** The model that the format or its operations stand for, where they stand for one. */
  readonly model?: string | undefined;
  /** The line of each event in the file, from 1. */
  readonly lines: readonly number[];
}

/** A file format of histories. */
export interface Format {
  readonly name: string;
  readonly summary: string;
  /** Whether a text looks like this format; `first` is its first line that is not blank. */
  recognises(first: string, text: string): boolean;
  /** Reads a text; every mistake is handed to `complain`, and what it returns then is not used. */
  read(text: string, complain: (problem: HistoryProblem) => void): Omit<Recording, "format">;
}

/** The lines of a text that are not blank, with their numbers from 1. */
export function* linesOf(text: string): Generator<{ readonly line: number; readonly content: string }> {
  let line = 0;
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf("\n", start);
    const until = end === -1 ? text.length : end;
    const content = text.slice(start, text[until - 1] === "\r" ? until - 1 : until);
    line++;
    if (content.trim() !== "") yield { line, content };
    start = until + 1;
  }
}

/** Our own histories: operation events as JSON objects, one a line (JSON Lines), or all in one array. */
import { eventOf, type Misplaced, misplacedIn } from "./event.ts";
import type { Format, PieceReader, Sink } from "./format.ts";
import { forms } from "./forms.ts";
import { JsonMistake, parsed, placesOf } from "./json-places.ts";
import { Names } from "./names.ts";
import { lines, placeIn } from "./pieces.ts";

export const own: Format = {
  name: "jsonl",
  summary: "JSON Lines, one operation event a line (ours)",
  recognises: (_, head) => /^\s*\{\s*("|\}|$)/.test(head),
  cut: () => lines,
  begin,
};

export const json: Format = {
  name: "json",
  summary: "a JSON array of operation events",
  recognises: (_, head) => /^\s*\[\s*(\{\s*(["}]|$)|\]|$)/.test(head),
  cut: () => forms("json"),
  begin,
};

function begin(sink: Sink): PieceReader {
  const names = new Names();
  return {
    take(piece) {
      const event = eventOf(parsed(piece.text), names);
      if (event !== undefined) return sink.event(event, piece.line);
      for (const { at, message } of mistakesIn(piece.text)) {
        const { line, column } = placeIn(piece, at);
        sink.complain(line, column, message);
      }
    },
    end: () => ({}),
  };
}

function mistakesIn(content: string): Misplaced[] {
  try {
    return misplacedIn(parsed(content), placesOf(content));
  } catch (mistake) {
    if (mistake instanceof JsonMistake) return [{ at: mistake.at, message: mistake.message }];
    throw mistake;
  }
}

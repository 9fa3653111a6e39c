/** Our own histories: JSON Lines, one operation event a line. */
import type { HistoryEvent, HistoryProblem } from "../history.ts";
import { eventOf, misplacedIn } from "./event.ts";
import { type Format, linesOf } from "./format.ts";
import { JsonMistake, placesOf } from "./json-places.ts";

export const own: Format = {
  name: "jsonl",
  summary: "JSON Lines, one operation event a line (ours)",
  recognises: (first) => /^\s*\{\s*("|\}|$)/.test(first),
  read(text, complain) {
    const history: HistoryEvent[] = [];
    const lines: number[] = [];
    for (const { line, content } of linesOf(text)) {
      const event = eventOf(parsed(content));
      if (event === undefined) {
        for (const { at, message } of mistakesIn(content)) complain({ line, column: at + 1, message });
        continue;
      }
      history.push(event);
      lines.push(line);
    }
    return { history, lines };
  },
};

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function mistakesIn(content: string): { readonly at: number; readonly message: HistoryProblem["message"] }[] {
  try {
    return misplacedIn(parsed(content), placesOf(content));
  } catch (mistake) {
    if (mistake instanceof JsonMistake) return [{ at: mistake.at, message: mistake.message }];
    throw mistake;
  }
}

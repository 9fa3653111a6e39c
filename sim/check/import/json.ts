/** A JSON array of operation events, each an object as in our JSON Lines. */
import type { HistoryEvent } from "../history.ts";
import { eventOf, misplacedIn } from "./event.ts";
import type { Format } from "./format.ts";
import { JsonMistake, type Placed, placesOf } from "./json-places.ts";

export const json: Format = {
  name: "json",
  summary: "a JSON array of operation events",
  recognises: (first) => /^\s*\[\s*(\{\s*(["}]|$)|\]|$)/.test(first),
  read(text, complain) {
    const places = new Places(text);
    try {
      const placed = placesOf(text);
      const history: HistoryEvent[] = [];
      (JSON.parse(text) as unknown[]).forEach((value, position) => {
        const event = eventOf(value);
        if (event !== undefined) history.push(event);
        else for (const { at, message } of misplacedIn(value, placed.elements[position]!)) complain({ ...places.of(at), message });
      });
      return { history, lines: linesOfElements(placed, places) };
    } catch (mistake) {
      if (!(mistake instanceof JsonMistake)) throw mistake;
      complain({ ...places.of(mistake.at), message: mistake.message });
      return { history: [], lines: [] };
    }
  },
};

function linesOfElements({ elements }: Placed, places: Places): number[] {
  return elements.map(({ at }) => places.of(at).line);
}

/** Positions of a text as lines and columns, from 1; asked in growing order it takes one pass. */
class Places {
  readonly #text: string;
  #line = 1;
  #start = 0;

  constructor(text: string) {
    this.#text = text;
  }

  of(at: number): { readonly line: number; readonly column: number } {
    if (at < this.#start) [this.#line, this.#start] = [1, 0];
    for (let end = this.#text.indexOf("\n", this.#start); end !== -1 && end < at; end = this.#text.indexOf("\n", this.#start)) {
      this.#line++;
      this.#start = end + 1;
    }
    return { line: this.#line, column: at - this.#start + 1 };
  }
}

/**
 * Cuts EDN or JSON into its forms: maps one after another, or the elements of one vector around all of them. It knows of
 * brackets, texts and comments only; what is in a form is its reader's to judge. A map that begins at the first column of a
 * line always begins a new form, so that one unfinished line does not take the rest of the file with it.
 */
import type { Complain, Cut, Cutter, Take } from "./pieces.ts";

export type Syntax = "edn" | "json";

export const forms = (syntax: Syntax): Cut => (take, complain) => new Forms(syntax, take, complain);

const [TAB, NEWLINE, RETURN, SPACE, QUOTE, COMMA, SEMICOLON, BACKSLASH] = [9, 10, 13, 32, 34, 44, 59, 92];
const [OPEN_ROUND, CLOSE_ROUND, OPEN_SQUARE, CLOSE_SQUARE, OPEN_CURLY, CLOSE_CURLY] = [40, 41, 91, 93, 123, 125];

/** Marks what a form's end may depend on; all else in it is passed over. */
const MATTERS = new Uint8Array(128);
for (const code of [NEWLINE, QUOTE, COMMA, SEMICOLON, BACKSLASH, OPEN_ROUND, CLOSE_ROUND, OPEN_SQUARE, CLOSE_SQUARE, OPEN_CURLY, CLOSE_CURLY]) MATTERS[code] = 1;

/** What the next character belongs to. */
type In = "between" | "form" | "text" | "comment";

class Forms implements Cutter {
  readonly #isEdn: boolean;
  readonly #take: Take;
  readonly #complain: Complain;
  #in: In = "between";
  /** Where a comment leads back to. */
  #outside: In = "between";
  #isEscaped = false;
  #depth = 0;
  /** The vector around all forms: not seen, open, or closed. */
  #vector: "none" | "open" | "closed" = "none";
  #hasBegun = false;
  /** In JSON's array: whether a comma must come next, or a value must (after a comma). */
  #wants: "anything" | "comma" | "value" = "anything";
  /** The form that is being read: what came of it in earlier chunks, and its place. */
  readonly #parts: string[] = [];
  #start = 0;
  #formLine = 1;
  #formColumn = 1;
  #line = 1;
  /** Position of the line's first character in the chunk; negative where the line began in an earlier one. */
  #lineStart = 0;

  constructor(syntax: Syntax, take: Take, complain: Complain) {
    this.#isEdn = syntax === "edn";
    this.#take = take;
    this.#complain = complain;
  }

  push(chunk: string): void {
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at);
      if ((code > 127 || MATTERS[code] === 0) && !this.#isEscaped && this.#in !== "between") continue;
      if (code === OPEN_CURLY && at === this.#lineStart && this.#in !== "between" && this.#depth > 0) this.#finish(chunk, at);
      if (this.#isEscaped) this.#isEscaped = false;
      else if (this.#in === "text") this.#inText(code);
      else if (this.#in === "comment") this.#in = code === NEWLINE ? this.#outside : "comment";
      else if (this.#in === "form") this.#inForm(code, chunk, at);
      else this.#between(code, chunk, at);
      if (code !== NEWLINE) continue;
      this.#line++;
      this.#lineStart = at + 1;
    }
    this.#lineStart -= chunk.length;
    if (this.#in !== "between" && !this.#isLooseComment()) this.#parts.push(chunk.slice(this.#start));
    this.#start = 0;
  }

  end(): void {
    if (this.#in !== "between" && !this.#isLooseComment()) this.#finish("", 0);
    if (this.#vector !== "open") return;
    this.#complain(this.#line, 1 - this.#lineStart, this.#isEdn ? "expected ] after the last operation" : 'expected "," or "]"');
  }

  #isLooseComment(): boolean {
    return this.#in === "comment" && this.#outside === "between";
  }

  #inText(code: number): void {
    if (code === BACKSLASH) this.#isEscaped = true;
    else if (code === QUOTE) this.#in = "form";
  }

  #inForm(code: number, chunk: string, at: number): void {
    if (code === QUOTE) this.#in = "text";
    else if (code === OPEN_CURLY || code === OPEN_SQUARE || code === OPEN_ROUND) this.#depth++;
    else if (code === CLOSE_CURLY || code === CLOSE_SQUARE || code === CLOSE_ROUND) {
      if (this.#depth === 0 && code === CLOSE_SQUARE && this.#vector === "open") {
        this.#finish(chunk, at);
        this.#between(code, chunk, at);
      } else if (--this.#depth <= 0) this.#finish(chunk, at + 1);
    } else if (this.#isEdn && code === BACKSLASH) this.#isEscaped = true;
    else if (this.#isEdn && code === SEMICOLON) [this.#outside, this.#in] = ["form", "comment"];
    else if (this.#depth === 0 && (code === NEWLINE || (code === COMMA && !this.#isEdn))) {
      // What is not in brackets is no operation; its reader says so.
      this.#finish(chunk, at);
      if (code === COMMA) this.#between(code, chunk, at);
    }
  }

  #between(code: number, chunk: string, at: number): void {
    if (code === SPACE || code === NEWLINE || code === TAB || code === RETURN) return;
    if (code === COMMA) return this.#isEdn ? undefined : this.#comma(at);
    if (this.#isEdn && code === SEMICOLON) return void ([this.#outside, this.#in] = ["between", "comment"]);
    if (code === OPEN_SQUARE && !this.#hasBegun) {
      this.#hasBegun = true;
      this.#vector = "open";
      return;
    }
    this.#hasBegun = true;
    if (code === CLOSE_SQUARE && this.#vector === "open") {
      if (this.#wants === "value") this.#complainAt(at, "expected a JSON value");
      this.#vector = "closed";
      return;
    }
    this.#begin(code, chunk, at);
  }

  #comma(at: number): void {
    if (this.#wants !== "comma") this.#complainAt(at, "expected a JSON value");
    this.#wants = "value";
  }

  #begin(code: number, chunk: string, at: number): void {
    if (this.#vector === "closed") this.#complainAt(at, "expected nothing more after the last ]");
    else if (this.#vector === "open" && !this.#isEdn && this.#wants === "comma") this.#complainAt(at, 'expected "," or "]"');
    this.#in = "form";
    this.#depth = 0;
    this.#start = at;
    this.#formLine = this.#line;
    this.#formColumn = at - this.#lineStart + 1;
    this.#inForm(code, chunk, at);
  }

  /** Hands on the form that ends before a position. */
  #finish(chunk: string, end: number): void {
    const text = this.#parts.splice(0).join("") + chunk.slice(this.#start, end);
    this.#in = "between";
    this.#isEscaped = false;
    this.#depth = 0;
    this.#wants = "comma";
    this.#take({ text: text.trimEnd(), line: this.#formLine, column: this.#formColumn });
  }

  #complainAt(at: number, message: string): void {
    this.#complain(this.#line, at - this.#lineStart + 1, message);
  }
}

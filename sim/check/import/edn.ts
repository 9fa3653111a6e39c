/**
 * Reads EDN, Clojure's notation of data, as plain values: keywords and symbols become their names, maps objects, vectors, lists
 * and sets arrays, a tagged literal what it tags, a whole number that JavaScript cannot hold its digits as a text. Source: the
 * format's description, edn-format/edn, and what Clojure's printer adds to it (`#object[…]`, hexadecimal numbers, ratios, `##Inf`).
 */

export class EdnMistake extends Error {
  /** Position in the text, from 0. */
  readonly at: number;

  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
  }
}

/** One form: its value, and where the values of its own keys begin, if it is a map. */
export interface Form {
  /** Undefined where the text holds nothing but what is discarded. */
  readonly value: unknown;
  readonly at: number;
  readonly places: ReadonlyMap<string, number>;
}

/** Reads a text that holds one form. Throws an {@link EdnMistake} that says what was expected where. */
export function readForm(text: string): unknown {
  const reader = new Reader(text, undefined);
  const value = reader.form();
  reader.mustEnd();
  return value;
}

/** As {@link readForm}, with places; slower. */
export function readPlaced(text: string): Form {
  const places = new Map<string, number>();
  const reader = new Reader(text, places);
  reader.blank();
  const at = reader.at;
  const value = reader.form();
  reader.mustEnd();
  return { value, at, places };
}

const DEEPEST = 1000;
const INTEGER = /[+-]?\d+/y;
const NUMBER = /[+-]?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)[NM]?/y;
const RATIO = /[+-]?\d+\/\d+/y;
const TOKEN = /[^\s,;"\\()[\]{}@~`^]+/y;
const CHARACTER = /\\(?:newline|return|space|tab|formfeed|backspace|u[0-9a-fA-F]{4}|o[0-7]{1,3}|[^\s])/y;
const CHARACTERS: { readonly [name: string]: string } = { newline: "\n", return: "\r", space: " ", tab: "\t", formfeed: "\f", backspace: "\b" };
const ESCAPE = /\\(?:([tnrbf"\\'])|u([0-9a-fA-F]{4})|([0-7]{1,3}))/y;
const ESCAPED: { readonly [letter: string]: string } = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };

/** Marks the characters at which a keyword, a symbol or a number ends. */
const ENDS = new Uint8Array(128);
for (const character of '\t\n\u000b\f\r ,;"\\()[]{}@~`^') ENDS[character.charCodeAt(0)] = 1;
const [ZERO, NINE, CLOSE_CURLY] = [48, 57, 125];

class Reader {
  at = 0;
  #depth = 0;
  /** The elements of all arrays that are open. An array that grows by itself takes room for many more than the few that most have. */
  readonly #elementsSoFar: unknown[] = [];
  #gathered = 0;
  readonly #text: string;
  /** Where the outermost map's values begin, if anybody asks. */
  readonly #places: Map<string, number> | undefined;

  constructor(text: string, places: Map<string, number> | undefined) {
    this.#text = text;
    this.#places = places;
  }

  /** A form, or undefined where there is nothing but discarded ones. */
  form(): unknown {
    this.blank();
    return this.at === this.#text.length ? undefined : this.#value();
  }

  mustEnd(): void {
    this.blank();
    if (this.at < this.#text.length) throw new EdnMistake(this.at, "expected nothing more after the operation");
  }

  /** Whitespace, commas, comments, and forms that are discarded with `#_`. */
  blank(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.at);
      if (code === 32 || code === 44 || (code >= 9 && code <= 13)) this.at++;
      else if (code === 59) this.#comment();
      else if (code === 35 && this.#text.charCodeAt(this.at + 1) === 95) this.#discard();
      else return;
    }
  }

  #comment(): void {
    const end = this.#text.indexOf("\n", this.at);
    this.at = end === -1 ? this.#text.length : end;
  }

  #discard(): void {
    if (++this.#depth > DEEPEST) throw new EdnMistake(this.at, `expected fewer than ${DEEPEST} levels of brackets`);
    this.at += 2;
    this.blank();
    this.#value();
    this.#depth--;
  }

  #value(): unknown {
    const code = this.#text.charCodeAt(this.at);
    if (code === 58) return this.#keyword();
    if (code >= ZERO && code <= NINE) return this.#digits() ?? this.#number();
    if (code === 34) return this.#string();
    if (code === 91 || code === 40 || code === 123 || code === 35) return this.#nested(code);
    if (code === 92) return this.#character();
    return this.#atom();
  }

  /** What begins with a bracket, or with `#`. */
  #nested(code: number): unknown {
    if (++this.#depth > DEEPEST) throw new EdnMistake(this.at, `expected fewer than ${DEEPEST} levels of brackets`);
    const value = code === 123 ? this.#map() : code === 91 ? this.#elements("]") : code === 40 ? this.#elements(")") : this.#dispatch();
    this.#depth--;
    return value;
  }

  /** A number of a few digits and nothing else, as nearly all are; undefined where it is not. */
  #digits(): number | undefined {
    let at = this.at;
    let number = 0;
    let code = this.#text.charCodeAt(at);
    for (; code >= ZERO && code <= NINE; code = this.#text.charCodeAt(++at)) number = number * 10 + (code - ZERO);
    if (at - this.at > 15 || (at < this.#text.length && (code > 127 || ENDS[code] === 0))) return undefined;
    this.at = at;
    return number;
  }

  #map(): { [name: string]: unknown } {
    const places = this.#depth === 1 ? this.#places : undefined;
    const map: { [name: string]: unknown } = {};
    this.at++;
    for (;;) {
      this.blank();
      if (this.#text.charCodeAt(this.at) === CLOSE_CURLY) break;
      this.#mustNotEnd("}");
      const name = nameOf(this.#value());
      this.blank();
      places?.set(name, this.at);
      if (this.#text.charCodeAt(this.at) === CLOSE_CURLY) throw new EdnMistake(this.at, `expected a value for ${name}`);
      const value = this.#value();
      if (name === "__proto__") Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
      else map[name] = value;
    }
    this.at++;
    return map;
  }

  #elements(close: string): unknown[] {
    const begun = this.#gathered;
    this.at++;
    for (;;) {
      this.blank();
      if (this.#text[this.at] === close) break;
      this.#mustNotEnd(close);
      const value = this.#value();
      this.#elementsSoFar[this.#gathered++] = value;
    }
    this.at++;
    const elements = this.#elementsSoFar.slice(begun, this.#gathered);
    this.#gathered = begun;
    return elements;
  }

  #mustNotEnd(close: string): void {
    const next = this.#text.charCodeAt(this.at);
    if (Number.isNaN(next) || next === CLOSE_CURLY || next === 93 || next === 41) throw new EdnMistake(this.at, `expected a value or ${close}`);
  }

  #string(): string {
    const begun = this.at++;
    let text = "";
    for (;;) {
      const start = this.at;
      for (let code = this.#text.charCodeAt(this.at); code !== 34 && code !== 92; code = this.#text.charCodeAt(++this.at)) {
        if (this.at >= this.#text.length) throw new EdnMistake(begun, "expected a text that ends in double quotes");
      }
      text += this.#text.slice(start, this.at);
      if (this.#text[this.at] === '"') break;
      text += this.#escape();
    }
    this.at++;
    return text;
  }

  #escape(): string {
    ESCAPE.lastIndex = this.at;
    const found = ESCAPE.exec(this.#text);
    if (found === null) throw new EdnMistake(this.at, "expected an escape: \\n, \\t, \\\", \\\\, \\u0041");
    this.at = ESCAPE.lastIndex;
    const [, letter, hexadecimal, octal] = found;
    if (letter !== undefined) return ESCAPED[letter] ?? letter;
    return String.fromCharCode(hexadecimal !== undefined ? parseInt(hexadecimal, 16) : parseInt(octal!, 8));
  }

  #keyword(): string {
    const start = ++this.at;
    for (let code = this.#text.charCodeAt(start); code > 127 || ENDS[code] === 0; code = this.#text.charCodeAt(++this.at));
    if (this.at === start) throw new EdnMistake(start, "expected the name of a keyword");
    return this.#text.slice(start, this.at);
  }

  /** What begins with `#`: a set, a symbolic number, or a tagged value. */
  #dispatch(): unknown {
    this.at++;
    const next = this.#text[this.at];
    if (next === "{") return this.#elements("}");
    if (next === "#") {
      this.at++;
      return `##${this.#match(TOKEN, "expected Inf, -Inf or NaN")}`;
    }
    this.#match(TOKEN, "expected a tag or a set");
    this.blank();
    return this.#value();
  }

  #character(): string {
    const name = this.#match(CHARACTER, "expected a character").slice(1);
    if (/^u[0-9a-fA-F]{4}$/.test(name)) return String.fromCharCode(parseInt(name.slice(1), 16));
    if (/^o[0-7]+$/.test(name)) return String.fromCharCode(parseInt(name.slice(1), 8));
    return CHARACTERS[name] ?? name;
  }

  /** A number, nil, true, false, or a symbol. */
  #atom(): unknown {
    const at = this.at;
    INTEGER.lastIndex = at;
    if (INTEGER.test(this.#text)) return this.#number();
    const token = this.#match(TOKEN, "expected a value");
    if (token === "nil") return null;
    if (token === "true") return true;
    return token === "false" ? false : token;
  }

  #number(): number | string {
    const at = this.at;
    RATIO.lastIndex = at;
    const ratio = RATIO.test(this.#text);
    const text = this.#match(ratio ? RATIO : NUMBER, "expected a number");
    TOKEN.lastIndex = this.at;
    if (TOKEN.test(this.#text)) throw new EdnMistake(at, "expected a number");
    if (ratio) return text;
    const digits = /[NM]$/.test(text) && !/^[+-]?0[xX]/.test(text) ? text.slice(0, -1) : text;
    const value = /^-0[xX]/.test(digits) ? -Number(digits.slice(1)) : Number(digits.replace(/^\+/, ""));
    return Number.isInteger(value) && !Number.isSafeInteger(value) && /^[+-]?\d+$/.test(digits) ? digits : value;
  }

  #match(pattern: RegExp, expected: string): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text);
    if (found === null) throw new EdnMistake(this.at, expected);
    this.at = pattern.lastIndex;
    return found[0];
  }
}

/** What a map's key is called in an object. */
function nameOf(key: unknown): string {
  return typeof key === "string" ? key : JSON.stringify(key);
}

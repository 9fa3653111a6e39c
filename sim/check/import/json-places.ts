/**
 * Reads JSON and remembers where each part of it stands, so that a mistake is reported at its place in the same words
 * under every engine. Slower than JSON.parse: for texts in which something is wrong.
 */

/** A value, the position at which it begins, and the positions of its members' values. */
export interface Placed {
  readonly at: number;
  readonly members: { readonly [name: string]: Placed };
  readonly elements: readonly Placed[];
}

export class JsonMistake extends Error {
  /** Position in the text, from 0. */
  readonly at: number;

  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
  }
}

/** Where everything stands. Throws a {@link JsonMistake} that says what was expected where. */
export function placesOf(text: string): Placed {
  const reader = new Reader(text);
  const placed = reader.value();
  reader.blank();
  if (reader.at < text.length) throw new JsonMistake(reader.at, "expected nothing more after the JSON value");
  return placed;
}

/** A JSON text's value; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NONE: Omit<Placed, "at"> = { members: {}, elements: [] };
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

const DEEPEST = 1000;

class Reader {
  at = 0;
  #depth = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(): Placed {
    this.blank();
    const at = this.at;
    const first = this.#text[at];
    if (first === "{" || first === "[") {
      if (++this.#depth > DEEPEST) throw new JsonMistake(at, `expected fewer than ${DEEPEST} levels of brackets`);
      const placed = first === "{" ? { at, elements: [], members: this.#members() } : { at, members: {}, elements: this.#elements() };
      this.#depth--;
      return placed;
    }
    if (first === '"') this.#quoted();
    else this.#match(SCALAR, "expected a JSON value");
    return { at, ...NONE };
  }

  blank(): void {
    while (" \t\r\n".includes(this.#text[this.at] ?? "x")) this.at++;
  }

  #members(): { [name: string]: Placed } {
    const members = Object.create(null) as { [name: string]: Placed };
    this.at++;
    this.blank();
    if (this.#takes("}")) return members;
    do {
      this.blank();
      if (this.#text[this.at] !== '"') throw new JsonMistake(this.at, "expected a name in double quotes");
      const name = JSON.parse(this.#quoted()) as string;
      this.blank();
      if (!this.#takes(":")) throw new JsonMistake(this.at, `expected ":" after "${name}"`);
      members[name] = this.value();
      this.blank();
    } while (this.#takes(","));
    if (!this.#takes("}")) throw new JsonMistake(this.at, 'expected "," or "}"');
    return members;
  }

  #elements(): Placed[] {
    const elements: Placed[] = [];
    this.at++;
    this.blank();
    if (this.#takes("]")) return elements;
    do {
      elements.push(this.value());
      this.blank();
    } while (this.#takes(","));
    if (!this.#takes("]")) throw new JsonMistake(this.at, 'expected "," or "]"');
    return elements;
  }

  #quoted(): string {
    return this.#match(TEXT, "expected a text that ends in double quotes, with escapes as in JSON");
  }

  #match(pattern: RegExp, expected: string): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text);
    if (found === null) throw new JsonMistake(this.at, expected);
    this.at = pattern.lastIndex;
    return found[0];
  }

  #takes(character: string): boolean {
    if (this.#text[this.at] !== character) return false;
    this.at++;
    return true;
  }
}

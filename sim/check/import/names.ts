/** One text for all equal ones: a history has a million events and few clients, keys and operations. */
export class Names {
  readonly #known = new Map<string, string>();
  /** By number: the texts of processes and of keys that are numbers. */
  readonly #numbers = new Map<number, string>();

  /** An equal text that is always the same one. */
  share(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    // A part of a text keeps the whole of it alive: this one is written anew.
    const own = JSON.parse(JSON.stringify(text)) as string;
    this.#known.set(own, own);
    return own;
  }

  /** The digits of a number. */
  ofNumber(number: number): string {
    const known = this.#numbers.get(number);
    if (known !== undefined) return known;
    const text = this.share(String(number));
    this.#numbers.set(number, text);
    return text;
  }
}

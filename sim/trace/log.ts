/**
 * A log as a trace shows it, an immutable value: a change cuts it and appends, and gives a new log. Logs of one history
 * share a buffer, of which each sees a prefix, so that a snapshot at every moment of a run costs no entries.
 */
export class ShownLog implements Iterable<unknown> {
  static readonly empty = new ShownLog([], 0);
  readonly #buffer: unknown[];
  readonly length: number;

  private constructor(buffer: unknown[], length: number) {
    this.#buffer = buffer;
    this.length = length;
  }

  static of(entries: readonly unknown[]): ShownLog {
    return new ShownLog(entries.slice(), entries.length);
  }

  /** The log cut to `from` entries, with these appended. */
  changed(from: number, entries: readonly unknown[]): ShownLog {
    const kept = Math.min(from, this.length);
    // Nobody sees what lies beyond the longest log of a buffer, so only that one may append in place.
    const isLongest = kept === this.#buffer.length && this !== ShownLog.empty;
    const buffer = isLongest ? this.#buffer : this.#buffer.slice(0, kept);
    for (const entry of entries) buffer.push(entry);
    return new ShownLog(buffer, kept + entries.length);
  }

  /** The entry at a position from 0, or undefined outside. */
  at(position: number): unknown {
    return position >= 0 && position < this.length ? this.#buffer[position] : undefined;
  }

  /** The entries from one position up to, and without, another. */
  slice(from = 0, to = this.length): unknown[] {
    return this.#buffer.slice(Math.max(0, from), Math.min(to, this.length));
  }

  /** How many entries at the beginning two logs have in common, entries being compared by identity. */
  commonPrefix(other: ShownLog): number {
    const shorter = Math.min(this.length, other.length);
    if (this.#buffer === other.#buffer) return shorter;
    let common = 0;
    while (common < shorter && this.#buffer[common] === other.#buffer[common]) common += 1;
    return common;
  }

  toJSON(): unknown[] {
    return this.slice();
  }

  *[Symbol.iterator](): Iterator<unknown> {
    for (let position = 0; position < this.length; position += 1) yield this.#buffer[position];
  }
}

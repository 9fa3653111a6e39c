/** The values of all keys, numbered: who wrote each, and whether its writer left it there. */
import { type HistoryProblem, HistoryError } from "../history.ts";
import { Ints } from "./ints.ts";
import { ABORTED, OK, type Table } from "./table.ts";

/** Of a value that nobody wrote. */
export const NOBODY = -1;

export class Values {
  readonly #ids: Map<unknown, number>[] = [];
  readonly #raw: unknown[] = [];
  readonly #key = new Ints();
  readonly #writer = new Ints();
  /** When it was written, among all writes: tells the writes of one transaction apart. */
  readonly #rank = new Ints();
  readonly #isFinal = new Ints();
  /** By key: its value of now in the transaction whose steps are being read. */
  readonly #own = new Map<number, number>();
  readonly #twice: { readonly id: number; readonly transaction: number }[] = [];
  #reading = -1;
  #writes = 0;

  get size(): number {
    return this.#raw.length;
  }

  /** The number of a value of a key; a new one where it is new. */
  id(key: number, value: unknown): number {
    while (this.#ids.length <= key) this.#ids.push(new Map());
    const ids = this.#ids[key]!;
    let id = ids.get(value);
    if (id === undefined) {
      ids.set(value, (id = this.#raw.length));
      this.#raw.push(value);
      this.#key.push(key);
      this.#writer.push(NOBODY);
      this.#rank.push(0);
      this.#isFinal.push(0);
    }
    return id;
  }

  wrote(transaction: number, key: number, value: unknown): number {
    if (transaction !== this.#reading) this.#own.clear();
    this.#reading = transaction;
    const id = this.id(key, value);
    if (this.#writer.at(id) !== NOBODY) this.#twice.push({ id, transaction });
    this.#writer.set(id, transaction);
    this.#rank.set(id, this.#writes++);
    this.#isFinal.set(id, 1);
    const before = this.#own.get(key);
    if (before !== undefined && before !== id) this.#isFinal.set(before, 0);
    this.#own.set(key, id);
    return id;
  }

  /** Throws a {@link HistoryError} where two writes to a key are of one value, which nothing could tell apart. */
  mustBeUnique(table: Table, deed: string, lines?: readonly number[]): void {
    const problems = this.#twice.map(({ id, transaction }): HistoryProblem => {
      const invoked = table.invoked(Math.max(transaction, this.#writer.at(id)));
      return { line: lines?.[invoked] ?? invoked + 1, column: 1, message: `${this.text(id)} is ${deed} ${table.keys[this.#key.at(id)]!} twice` };
    });
    if (problems.length > 0) throw new HistoryError(problems.sort((a, b) => a.line - b.line));
  }

  /** Whether some value was written to a key twice. */
  get areUnique(): boolean {
    return this.#twice.length === 0;
  }

  key(id: number): number {
    return this.#key.at(id);
  }

  /** NOBODY where it was only read. */
  writer(id: number): number {
    return this.#writer.at(id);
  }

  rank(id: number): number {
    return this.#rank.at(id);
  }

  /** Whether its writer wrote nothing more to the key. */
  isFinal(id: number): boolean {
    return this.#isFinal.at(id) === 1;
  }

  text(id: number): string {
    return JSON.stringify(this.#raw[id]);
  }

  /** Which transactions happened, as far as their ends tell; what is read tells of others. */
  static certain(table: Table): Uint8Array {
    const happened = new Uint8Array(table.size);
    for (let t = 0; t < table.size; t++) if (table.outcome(t) === OK) happened[t] = 1;
    return happened;
  }

  isAborted(id: number, table: Table): boolean {
    const writer = this.writer(id);
    return writer !== NOBODY && table.outcome(writer) === ABORTED;
  }
}

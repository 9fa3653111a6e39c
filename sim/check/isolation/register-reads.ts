/** The reads of transactions over registers: a value that was written once tells whose write was read. */
import { shown } from "../words.ts";
import { type Draft, INITIAL } from "./readings.ts";

/** Several transactions wrote the value: nothing tells which was read. */
const SEVERAL = -1;

/** By key and value who wrote it, twice its number, and one more where it did not overwrite it itself. */
type Writers = ReadonlyMap<string, ReadonlyMap<unknown, number>>;

export function registerReads(draft: Draft): void {
  const writers = writersOf(draft);
  const own = new Map<string, unknown>();
  draft.transactions.forEach(({ outcome, steps }, t) => {
    own.clear();
    for (const [f, key, value] of outcome === "ok" ? steps : []) {
      if (f !== "r") own.set(key, value);
      else if (!own.has(key)) readFromOthers(draft, writers, t, key, value);
      else if (own.get(key) !== value) draft.fault("internal", key, [t], `read ${shown(value)} from ${key} after it had written ${shown(own.get(key))} to it`);
    }
    draft.next();
  });
}

function writersOf({ transactions }: Draft): Writers {
  const writers = new Map<string, Map<unknown, number>>();
  const last = new Map<string, unknown>();
  transactions.forEach(({ steps }, t) => {
    last.clear();
    for (const [f, key, value] of steps) {
      if (f === "r") continue;
      let values = writers.get(key);
      if (values === undefined) writers.set(key, (values = new Map()));
      const overwritten = last.get(key);
      if (overwritten !== undefined && values.get(overwritten) !== SEVERAL) values.set(overwritten, 2 * t);
      const known = values.get(value);
      values.set(value, known === undefined || known >> 1 === t ? 2 * t + 1 : SEVERAL);
      last.set(key, value);
    }
  });
  return writers;
}

function readFromOthers(draft: Draft, writers: Writers, t: number, key: string, value: unknown): void {
  if (value === null) return draft.read(key, INITIAL);
  const known = writers.get(key)?.get(value);
  if (known === SEVERAL) return void (draft.ambiguous += 1);
  const writer = known === undefined ? undefined : known >> 1;
  const isWhole = known !== undefined && known % 2 === 1 && writer !== t && draft.transactions[writer!]!.outcome !== "aborted";
  if (isWhole) draft.read(key, writer!);
  else faultOf(draft, t, key, value, writer);
}

function faultOf(draft: Draft, t: number, key: string, value: unknown, writer: number | undefined): void {
  const what = `read ${shown(value)} from ${key}`;
  if (writer === undefined) draft.fault("garbage-read", key, [t], `${what}, which nobody wrote`);
  else if (writer === t) draft.fault("future-read", key, [t], `${what} before it wrote it itself`);
  else if (draft.transactions[writer]!.outcome === "aborted") draft.fault("G1a", key, [writer, t], `${what}, which T${writer} wrote and aborted`);
  else draft.fault("G1b", key, [writer, t], `${what}, which T${writer} overwrote itself`);
}

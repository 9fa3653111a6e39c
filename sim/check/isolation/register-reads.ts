/** The reads of transactions over registers: a value that was written once tells whose write was read. */
import { shown } from "../words.ts";
import { type Draft, INITIAL } from "./readings.ts";

/** Several transactions wrote the value: nothing tells which was read. */
const SEVERAL = -3;

export function registerReads(draft: Draft): void {
  const writers = writersOf(draft);
  draft.transactions.forEach(({ outcome, steps }, t) => {
    const own = new Map<string, unknown>();
    if (outcome === "ok") {
      for (const [f, key, value] of steps) {
        if (f !== "r") own.set(key, value);
        else if (!own.has(key)) readFromOthers(draft, writers, t, key, value);
        else if (own.get(key) !== value) draft.fault("internal", key, [t], `read ${shown(value)} from ${key} after it had written ${shown(own.get(key))} to it`);
      }
    }
    draft.next();
  });
}

/** By key and value: who wrote it, and whether it overwrote it itself. */
interface Writer {
  t: number;
  isLast: boolean;
}

type Writers = Map<string, Map<unknown, Writer>>;

function writersOf({ transactions }: Draft): Writers {
  const writers: Writers = new Map();
  transactions.forEach(({ steps }, t) => {
    const last = new Map<string, Writer>();
    for (const [f, key, value] of steps) {
      if (f === "r") continue;
      let values = writers.get(key);
      if (values === undefined) writers.set(key, (values = new Map()));
      const overwritten = last.get(key);
      if (overwritten !== undefined) overwritten.isLast = false;
      const known = values.get(value);
      if (known === undefined) values.set(value, { t, isLast: true });
      else if (known.t === t) known.isLast = true;
      else known.t = SEVERAL;
      last.set(key, values.get(value)!);
    }
  });
  return writers;
}

function readFromOthers(draft: Draft, writers: Writers, t: number, key: string, value: unknown): void {
  if (value === null) return draft.read(key, INITIAL);
  const writer = writers.get(key)?.get(value);
  const what = `read ${shown(value)} from ${key}`;
  if (writer === undefined) return draft.fault("garbage-read", key, [t], `${what}, which nobody wrote`);
  if (writer.t === SEVERAL) draft.ambiguous += 1;
  else if (writer.t === t) draft.fault("future-read", key, [t], `${what} before it wrote it itself`);
  else if (draft.transactions[writer.t]!.outcome === "aborted") draft.fault("G1a", key, [writer.t, t], `${what}, which T${writer.t} wrote and aborted`);
  else if (!writer.isLast) draft.fault("G1b", key, [writer.t, t], `${what}, which T${writer.t} overwrote itself`);
  else draft.read(key, writer.t);
}

/** The reads of transactions over registers: a value that was written once tells whose write was read. */
import { shown } from "../words.ts";
import type { Step } from "../transactions/transaction.ts";
import { type Draft, INITIAL } from "./readings.ts";
import { UNWRITTEN, WriteTable } from "./write-table.ts";

/** Several transactions wrote the value: nothing tells which was read. */
const SEVERAL = -1;

/** Who wrote what: by number of a key and value twice the writer's number, and one more where it did not overwrite it itself. */
interface Writers {
  readonly table: WriteTable;
  readonly code: Int32Array;
}

export function registerReads(draft: Draft): void {
  const { transactions, stepKeys, stepWrites } = draft;
  const writers = writersOf(draft);
  /** By key: who wrote it last, as far as the scan has come, and by which of its steps. */
  const by = new Int32Array(draft.keys).fill(-1);
  const step = new Int32Array(draft.keys);
  for (let t = 0; t < transactions.length; t++) {
    const { outcome, steps } = transactions[t]!;
    const first = stepKeys.start[t]!;
    for (let i = 0; i < steps.length && outcome === "ok"; i++) {
      const key = stepKeys.items[first + i]!;
      if (stepWrites[first + i] === 1) {
        by[key] = t;
        step[key] = i;
      } else if (by[key] !== t) readFromOthers(draft, writers, t, key, steps[i]!);
      else mustBeOwn(draft, t, steps[i]!, steps[step[key]!]![2]);
    }
    draft.next();
  }
}

function mustBeOwn(draft: Draft, t: number, [, name, value]: Step, own: unknown): void {
  if (own !== value) draft.fault("internal", name, [t], `read ${shown(value)} from ${name} after it had written ${shown(own)} to it`);
}

function writersOf({ transactions, stepKeys, stepWrites, writeSteps, keys }: Draft): Writers {
  const table = new WriteTable(writeSteps);
  const code = new Int32Array(writeSteps);
  /** By key: who wrote it last, and the number of what it wrote. */
  const by = new Int32Array(keys).fill(-1);
  const last = new Int32Array(keys);
  for (let t = 0; t < transactions.length; t++) {
    const { steps } = transactions[t]!;
    for (let i = 0; i < steps.length; i++) {
      const at = stepKeys.start[t]! + i;
      if (stepWrites[at] === 0) continue;
      const key = stepKeys.items[at]!;
      if (by[key] === t && code[last[key]!] !== SEVERAL) code[last[key]!] = 2 * t;
      const before = table.count;
      const number = table.add(key, steps[i]![2]);
      const isOwn = number === before || code[number]! >> 1 === t;
      code[number] = isOwn ? 2 * t + 1 : SEVERAL;
      by[key] = t;
      last[key] = number;
    }
  }
  return { table, code };
}

function readFromOthers(draft: Draft, { table, code }: Writers, t: number, key: number, [, name, value]: Step): void {
  if (value === null) return draft.read(key, INITIAL);
  const number = table.find(key, value);
  if (number === UNWRITTEN) return faultOf(draft, t, name, value, undefined);
  const known = code[number]!;
  if (known === SEVERAL) return void (draft.ambiguous += 1);
  const writer = known >> 1;
  const isWhole = known % 2 === 1 && writer !== t && draft.transactions[writer]!.outcome !== "aborted";
  if (isWhole) draft.read(key, writer);
  else faultOf(draft, t, name, value, writer);
}

function faultOf(draft: Draft, t: number, key: string, value: unknown, writer: number | undefined): void {
  const what = `read ${shown(value)} from ${key}`;
  if (writer === undefined) draft.fault("garbage-read", key, [t], `${what}, which nobody wrote`);
  else if (writer === t) draft.fault("future-read", key, [t], `${what} before it wrote it itself`);
  else if (draft.transactions[writer]!.outcome === "aborted") draft.fault("G1a", key, [writer, t], `${what}, which T${writer} wrote and aborted`);
  else draft.fault("G1b", key, [writer, t], `${what}, which T${writer} overwrote itself`);
}

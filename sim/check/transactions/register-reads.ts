/** What is wrong with reads of registers without any cycle. */
import type { Registers } from "./rw-register.ts";
import { OK } from "./table.ts";
import { NOBODY } from "./values.ts";
import { INITIAL } from "./version-inference.ts";

export function judgeRegisterReads(registers: Registers): void {
  const { table } = registers;
  const updatesOf = new Map<number, number>();
  const updatesOfInitial = new Map<number, number>();
  for (let t = 0; t < table.size; t++) {
    if (table.outcome(t) !== OK) continue;
    for (let step = table.begin(t); step < table.end(t); step++) {
      if (table.isWrite(step)) continue;
      if (!registers.isFirst(t, step)) judgeInternal(registers, t, step);
      else {
        judgeSource(registers, t, step);
        judgeUpdate(registers, t, step, updatesOf, updatesOfInitial);
      }
    }
  }
}

/** What a transaction has read or written it reads again. */
function judgeInternal({ table, values, findings }: Registers, t: number, step: number): void {
  let before = step - 1;
  while (table.key(before) !== table.key(step)) before--;
  if (table.value(before) === table.value(step)) return;
  const text = (id: number): string => (id === INITIAL ? "nothing" : values.text(id));
  const name = table.keys[table.key(step)]!;
  findings.found("internal", name, [t], `read ${text(table.value(step))} from ${name}, which it had ${table.isWrite(before) ? "written" : "read"} as ${text(table.value(before))}`);
}

/** Somebody else wrote the value, left it there and did not abort. */
function judgeSource({ table, values, findings }: Registers, t: number, step: number): void {
  const id = table.value(step);
  if (id === INITIAL) return;
  const name = table.keys[table.key(step)]!;
  const writer = values.writer(id);
  const what = `read ${values.text(id)} from ${name}`;
  if (writer === NOBODY) findings.found("garbage-read", name, [t], `${what}, which nobody wrote`);
  else if (writer === t) findings.found("future-read", name, [t], `${what} before it wrote it`);
  else if (values.isAborted(id, table)) {
    findings.found("G1a", name, [writer, t], `${what}, which T${writer} wrote and aborted`);
    for (let later = step + 1; later < table.end(t); later++) {
      if (!table.isWrite(later) || table.key(later) !== table.key(step)) continue;
      findings.found("dirty-update", name, [writer, t], `wrote ${values.text(table.value(later))} to ${name} over ${values.text(id)}, which T${writer} aborted`);
    }
  } else if (!values.isFinal(id)) findings.found("G1b", name, [writer, t], `${what}, to which T${writer} wrote more`);
}

/** Two transactions that read one version of a key and both write it: one of the updates is lost. */
function judgeUpdate({ table, values, findings }: Registers, t: number, step: number, ofVersion: Map<number, number>, ofInitial: Map<number, number>): void {
  let updates = false;
  for (let later = step + 1; later < table.end(t); later++) if (table.isWrite(later) && table.key(later) === table.key(step)) updates = true;
  if (!updates) return;
  const id = table.value(step);
  const [firsts, at] = id === INITIAL ? [ofInitial, table.key(step)] : [ofVersion, id];
  const first = firsts.get(at);
  if (first === undefined) return void firsts.set(at, t);
  const name = table.keys[table.key(step)]!;
  findings.found("lost-update", name, [first, t], `and T${first} both read ${id === INITIAL ? "nothing" : values.text(id)} from ${name} and wrote to it`);
}

/** What is wrong with reads of lists without any cycle. */
import { type Branch, listText } from "./branch.ts";
import type { Lists } from "./list-append.ts";
import { OK } from "./table.ts";
import { NOBODY } from "./values.ts";

export function judgeReads(lists: Lists): void {
  const { table } = lists;
  for (let key = 0; key < table.keys.length; key++) judgeOrder(lists, key);
  const judged = new Set<Branch>();
  const updates = new Updates(lists);
  for (let t = 0; t < table.size; t++) {
    if (table.outcome(t) !== OK) continue;
    for (let step = table.begin(t); step < table.end(t); step++) {
      if (table.isWrite(step)) continue;
      const branch = lists.branch(step);
      if (!judged.has(branch)) judgeElements(lists, table.key(step), branch);
      judged.add(branch);
      judgeRead(lists, t, step, branch);
      judgeInternal(lists, t, step, branch);
      updates.read(t, step, branch);
    }
  }
}

/** The appends of one transaction stand in the order in which it made them, and nothing is built on what was aborted. */
function judgeOrder(lists: Lists, key: number): void {
  const { table, values, findings } = lists;
  const { ids, by } = lists.longest(key);
  const name = table.keys[key]!;
  let aborted = NOBODY;
  for (let i = 0; i < ids.length; i++) {
    const [id, before] = [ids[i]!, i === 0 ? NOBODY : ids[i - 1]!];
    const writer = values.writer(id);
    if (writer === NOBODY) continue;
    if (by !== NOBODY && before !== NOBODY && values.writer(before) === writer && values.rank(before) > values.rank(id)) {
      findings.found("incompatible-order", name, [writer, by], `read T${writer}'s appends to ${name} in another order than it made them`);
    }
    if (values.isAborted(id, table)) aborted = id;
    else if (aborted !== NOBODY && table.outcome(writer) === OK) {
      findings.found("dirty-update", name, [values.writer(aborted), writer], `appended ${values.text(id)} to ${name} after ${values.text(aborted)}, which T${values.writer(aborted)} aborted`);
      aborted = NOBODY;
    }
  }
}

/** Values out of nowhere, aborted ones, and those that are there twice. */
function judgeElements({ table, values, findings }: Lists, key: number, { ids, by }: Branch): void {
  const name = table.keys[key]!;
  if (new Set(ids).size < ids.length) findings.found("duplicate-elements", name, [by], `read one append to ${name} twice`);
  for (const id of ids) {
    const writer = values.writer(id);
    if (writer === NOBODY) findings.found("garbage-read", name, [by], `read ${values.text(id)} from ${name}, which nobody appended`);
    else if (values.isAborted(id, table)) findings.found("G1a", name, [writer, by], `read ${values.text(id)} from ${name}, which T${writer} appended and aborted`);
  }
}

/** Each read is a prefix of the version order, without what its own transaction appends later or others appended in between. */
function judgeRead(lists: Lists, t: number, step: number, branch: Branch): void {
  const { table, values, findings } = lists;
  const key = table.key(step);
  const name = table.keys[key]!;
  const length = table.value(step);
  const longest = lists.longest(key);
  if (branch !== longest) {
    const isPrefix = length <= longest.ids.length && startAlike(branch.ids, longest.ids, length);
    const what = longest.by === NOBODY ? `read ${listText(branch.values, length)} from ${name}, which is not how its versions followed each other` : `read ${name} in another order than T${longest.by}`;
    if (!isPrefix) findings.found("incompatible-order", name, longest.by === NOBODY ? [t] : [longest.by, t], what);
  }
  for (let later = step + 1; later < table.end(t); later++) {
    if (!table.isWrite(later) || table.key(later) !== key) continue;
    const at = branch.ids.indexOf(table.value(later));
    if (at !== -1 && at < length) findings.found("future-read", name, [t], `read ${values.text(table.value(later))} from ${name} before it appended it`);
  }
  const base = lists.lengthBefore(t, step);
  const seen = base === 0 ? NOBODY : branch.ids[base - 1]!;
  const writer = seen === NOBODY ? NOBODY : values.writer(seen);
  if (writer === NOBODY || writer === t || values.isFinal(seen)) return;
  findings.found("G1b", name, [writer, t], `read ${values.text(seen)} from ${name}, to which T${writer} appended more`);
}

/** A transaction's reads agree with what it read and appended itself before. */
function judgeInternal(lists: Lists, t: number, step: number, branch: Branch): void {
  const { table, findings } = lists;
  const key = table.key(step);
  const since: number[] = [];
  let known = -1;
  for (let before = step - 1; before >= table.begin(t) && known === -1; before--) {
    if (table.key(before) !== key) continue;
    if (table.isWrite(before)) since.unshift(table.value(before));
    else known = before;
  }
  const start = table.value(step) - since.length;
  const hasOwn = start >= 0 && since.every((id, i) => branch.ids[start + i] === id);
  const goesOn = known === -1 || (start === table.value(known) && startAlike(branch.ids, lists.branch(known).ids, start));
  if (hasOwn && goesOn) return;
  const name = table.keys[key]!;
  findings.found("internal", name, [t], `read ${listText(branch.values, table.value(step))} from ${name}, otherwise than it had read and appended itself`);
}

function startAlike(one: Int32Array, other: Int32Array, length: number): boolean {
  if (one === other) return true;
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return false;
  return true;
}

/** Two transactions that read one version of a key and both append to it: one of the updates is lost. */
class Updates {
  readonly #lists: Lists;
  /** Who updated a version first; by key for the empty list. */
  readonly #ofVersion: Int32Array;
  readonly #ofEmpty: Int32Array;

  constructor(lists: Lists) {
    this.#lists = lists;
    this.#ofVersion = new Int32Array(lists.values.size).fill(NOBODY);
    this.#ofEmpty = new Int32Array(lists.table.keys.length).fill(NOBODY);
  }

  read(t: number, step: number, branch: Branch): void {
    const { table, findings } = this.#lists;
    const key = table.key(step);
    for (let before = table.begin(t); before < step; before++) if (table.key(before) === key) return;
    let updates = false;
    for (let later = step + 1; later < table.end(t); later++) if (table.isWrite(later) && table.key(later) === key) updates = true;
    if (!updates) return;
    const length = table.value(step);
    const [firsts, at] = length === 0 ? [this.#ofEmpty, key] : [this.#ofVersion, branch.ids[length - 1]!];
    if (firsts[at] === NOBODY) firsts[at] = t;
    else findings.found("lost-update", table.keys[key]!, [firsts[at]!, t], `and T${firsts[at]} both read ${listText(branch.values, length)} of ${table.keys[key]!} and appended to it`);
  }
}

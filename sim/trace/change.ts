/**
 * What changed in what a node shows. A node shows a flat record of scalars, arrays, plain records (whose elements are
 * frozen or scalar) and logs (immutable values). The protocol changes arrays and records in place between two looks, so
 * what was shown before is kept as a snapshot, one level deep; a snapshot is never changed.
 */
import type { Change, FieldChange } from "./event.ts";
import { ShownLog } from "./log.ts";
import { isRecord, setField } from "./value.ts";

/** What a node shows, or showed. */
export type Shown = { readonly [field: string]: unknown };
type PlainRecord = { readonly [key: string]: unknown };

/** What a change needs of a log; `Log` of sim/protocol.ts is one, and so is {@link ShownLog}. */
interface LogLike {
  readonly length: number;
  slice(from?: number, to?: number): unknown[];
  commonPrefix(other: LogLike): number;
}

/**
 * Follows what one node shows. `current` and `previous` are snapshots: they stay as they are. Most handlers change
 * nothing or one field, so what was seen last is also kept in the order in which it was seen: to walk along that is much
 * faster than to look every name up.
 */
export class ShownTracker {
  current: Shown | undefined = undefined;
  /** What was shown before the last change; undefined before the first. */
  previous: Shown | undefined = undefined;
  // The fields of `current` in the order in which they were seen: their names, their values, and what stands in those.
  #fields: string[] = [];
  #values: unknown[] = [];
  #contents: (Contents | undefined)[] = [];
  /** The places of the fields that differed at the last look; undefined where the fields themselves were others. */
  #differing: readonly number[] | undefined;

  /** Takes a new look; undefined where nothing changed, and then `current` and `previous` are the same as before. */
  update(next: Shown): Change | undefined {
    return this.look(next) ? this.change() : undefined;
  }

  /** What changed at the last look that saw a change. It is told apart from the look, because not everyone wants to know. */
  change(): Change {
    const { previous, current } = this;
    if (this.#differing === undefined || previous === undefined) return diffShown(previous, current as Shown) ?? {};
    const change: { [field: string]: FieldChange } = {};
    for (const index of this.#differing) {
      const field = this.#fields[index] as string;
      const how = diffField(previous[field], this.#values[index]);
      if (how !== undefined) setField(change, field, how);
    }
    return change;
  }

  /** Takes a new look, and says whether anything changed, as the first look always does. */
  look(next: Shown): boolean {
    if (this.current === undefined) return this.#begin(next);
    const fields = this.#fields;
    const values = this.#values;
    let differing: number[] | undefined;
    let index = 0;
    for (const field in next) {
      const value = next[field];
      if (value === undefined) continue;
      if (fields[index] !== field) return this.#lookAnew(next);
      if (values[index] !== value && !isAsSeen(this.#contents[index], value)) (differing ??= []).push(index);
      index += 1;
    }
    if (index !== fields.length) return this.#lookAnew(next);
    return differing !== undefined && this.#take(next, differing);
  }

  #begin(next: Shown): boolean {
    this.current = snapshotShown(next);
    this.#see(this.current);
    return true;
  }

  #see(snapshot: Shown): void {
    this.#fields = Object.keys(snapshot);
    this.#values = Object.values(snapshot);
    this.#contents = this.#values.map(contentsOf);
  }

  /** The fields are others than before, or stand in another order. */
  #lookAnew(next: Shown): boolean {
    const fresh = snapshotShown(next);
    this.#see(fresh);
    if (diffShown(this.current, fresh) === undefined) return false;
    this.#differing = undefined;
    this.previous = this.current;
    this.current = fresh;
    return true;
  }

  /** Makes these fields, by their places, current, where they do differ. */
  #take(next: Shown, differing: readonly number[]): boolean {
    let after: { [field: string]: unknown } | undefined;
    for (const index of differing) {
      const field = this.#fields[index] as string;
      const value = next[field];
      if (!differs(this.#values[index], value)) continue;
      const snapshot = snapshotValue(value);
      after ??= { ...this.current };
      setField(after, field, snapshot);
      this.#values[index] = snapshot;
      this.#contents[index] = contentsOf(snapshot);
    }
    if (after === undefined) return false;
    this.#differing = differing;
    this.previous = this.current;
    this.current = after;
    return true;
  }

  copy(): ShownTracker {
    const copy = new ShownTracker();
    copy.current = this.current;
    copy.previous = this.previous;
    copy.#fields = this.#fields.slice();
    copy.#values = this.#values.slice();
    copy.#contents = this.#contents.slice();
    copy.#differing = this.#differing;
    return copy;
  }
}

/** The elements of an array or a record, in order. */
interface Contents {
  /** Of a record: the names of its fields. */
  readonly keys: readonly string[] | undefined;
  readonly values: readonly unknown[];
}

/** Undefined where a value of a snapshot is neither array nor record. */
function contentsOf(value: unknown): Contents | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return { keys: undefined, values: value };
  return isRecord(value) ? { keys: Object.keys(value), values: Object.values(value) } : undefined;
}

/** Whether a value has the contents that were seen. False may also mean that only a longer look can tell. */
function isAsSeen(seen: Contents | undefined, value: unknown): boolean {
  if (seen === undefined || typeof value !== "object" || value === null) return false;
  const { keys, values } = seen;
  if (keys === undefined) return Array.isArray(value) && sameArray(values, value);
  if (Array.isArray(value) || !isRecord(value)) return false;
  let index = 0;
  for (const key in value) {
    const element = value[key];
    if (element === undefined) continue;
    if (keys[index] !== key || values[index] !== element) return false;
    index += 1;
  }
  return index === keys.length;
}

/** A copy, one level deep, that later changes in place do not reach. Undefined fields are left out. */
export function snapshotShown(shown: Shown): Shown {
  const copy: { [field: string]: unknown } = {};
  for (const field in shown) {
    const value = shown[field];
    if (value !== undefined) setField(copy, field, snapshotValue(value));
  }
  return copy;
}

function snapshotValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.slice();
  return isRecord(value) ? copyRecord(value) : value;
}

/** A copy without what is undefined. */
function copyRecord(record: PlainRecord): PlainRecord {
  const copy: { [key: string]: unknown } = { ...record };
  for (const key in copy) if (copy[key] === undefined) delete copy[key];
  return copy;
}

/**
 * What changed between a snapshot and what a node shows now; undefined where nothing did. Called after every handler,
 * so it allocates nothing until something differs.
 */
export function diffShown(before: Shown | undefined, after: Shown): Change | undefined {
  let change: { [field: string]: FieldChange } | undefined;
  let common = 0;
  for (const field in after) {
    const value = after[field];
    if (value === undefined) continue;
    const old = before === undefined ? undefined : held(before, field);
    if (old !== undefined) common += 1;
    const how = old === value ? undefined : diffField(old, value);
    if (how !== undefined) setField((change ??= {}), field, how);
  }
  if (before === undefined || common === fieldCount(before)) return change;
  for (const field in before) {
    if (held(after, field) === undefined) setField((change ??= {}), field, { type: "set", value: undefined });
  }
  return change;
}

function fieldCount(record: PlainRecord): number {
  let count = 0;
  for (const key in record) if (record[key] !== undefined) count += 1;
  return count;
}

/** A record's own value. What every record inherits are functions, which no data is, and `__proto__`. */
function held(record: PlainRecord, key: string): unknown {
  const value = record[key];
  return typeof value === "function" || (key === "__proto__" && !Object.hasOwn(record, key)) ? undefined : value;
}

/** How a field changed whose values are not identical; undefined where they are equal after all. */
function diffField(before: unknown, after: unknown): FieldChange | undefined {
  if (typeof after !== "object" || after === null) return Object.is(before, after) ? undefined : { type: "set", value: after };
  if (Array.isArray(after)) {
    return Array.isArray(before) && sameArray(before, after) ? undefined : { type: "set", value: after.slice() };
  }
  if (isRecord(after)) {
    if (!isPlainRecord(before)) return { type: "set", value: copyRecord(after) };
    return diffRecord(before, after);
  }
  return isLog(after) ? diffLog(before, after) : { type: "set", value: after };
}

function diffRecord(before: PlainRecord, after: PlainRecord): FieldChange | undefined {
  let set: { [key: string]: unknown } | undefined;
  let common = 0;
  for (const key in after) {
    const value = after[key];
    if (value === undefined) continue;
    const old = held(before, key);
    if (old !== undefined) common += 1;
    if (old !== value && !same(old, value)) setField((set ??= {}), key, value);
  }
  if (common === fieldCount(before)) return set === undefined ? undefined : { type: "record", set, gone: [] };
  const gone: string[] = [];
  for (const key in before) if (held(after, key) === undefined) gone.push(key);
  return { type: "record", set: set ?? {}, gone };
}

/** Whether {@link diffField} would find a change: it need not be said which. */
function differs(before: unknown, after: unknown): boolean {
  return isLog(after) ? !isLog(before) || !sameLog(before, after) : !same(before, after);
}

function sameLog(before: LogLike, after: LogLike): boolean {
  return before.length === after.length && before.commonPrefix(after) === after.length;
}

function diffLog(before: unknown, after: LogLike): FieldChange | undefined {
  if (!isLog(before)) return { type: "log", from: 0, entries: after.slice() };
  const from = before.commonPrefix(after);
  if (from === before.length && from === after.length) return undefined;
  return { type: "log", from, entries: after.slice(from) };
}

function isLog(value: unknown): value is LogLike {
  return typeof value === "object" && value !== null && typeof (value as { commonPrefix?: unknown }).commonPrefix === "function";
}

function isPlainRecord(value: unknown): value is PlainRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) && isRecord(value);
}

function sameArray(before: readonly unknown[], after: readonly unknown[]): boolean {
  if (before.length !== after.length) return false;
  for (let index = 0; index < after.length; index += 1) {
    const old = before[index];
    if (old !== after[index] && !same(old, after[index])) return false;
  }
  return true;
}

function sameRecord(before: PlainRecord, after: PlainRecord): boolean {
  let common = 0;
  for (const key in after) {
    const value = after[key];
    if (value === undefined) continue;
    const old = held(before, key);
    if (old === undefined || (old !== value && !same(old, value))) return false;
    common += 1;
  }
  return common === fieldCount(before);
}

/** Equal as plain data. What is frozen keeps its identity, so this seldom looks deeper. */
function same(before: unknown, after: unknown): boolean {
  if (Object.is(before, after)) return true;
  if (typeof before !== "object" || typeof after !== "object" || before === null || after === null) return false;
  if (Array.isArray(after)) return Array.isArray(before) && sameArray(before, after);
  if (Array.isArray(before)) return false;
  return isRecord(before) && isRecord(after) && sameRecord(before, after);
}

/** What a node shows after a change: a new record that shares what did not change. Logs become {@link ShownLog}s. */
export function applyChange(shown: Shown | undefined, change: Change): Shown {
  const after: { [field: string]: unknown } = { ...shown };
  for (const field in change) {
    const how = change[field] as FieldChange;
    if (how.type === "log") setField(after, field, asShownLog(held(after, field)).changed(how.from, how.entries));
    else if (how.type === "record") setField(after, field, applyRecord(held(after, field), how.set, how.gone));
    else if (how.value === undefined) delete after[field];
    else setField(after, field, how.value);
  }
  return after;
}

function asShownLog(value: unknown): ShownLog {
  if (value instanceof ShownLog) return value;
  return isLog(value) ? ShownLog.of(value.slice()) : ShownLog.empty;
}

function applyRecord(old: unknown, set: PlainRecord, gone: readonly string[]): PlainRecord {
  const record: { [key: string]: unknown } = { ...(isPlainRecord(old) ? old : undefined), ...set };
  for (const key of gone) delete record[key];
  return record;
}

import { copyState, Log } from "../protocol.ts";

/** The durable fields of a protocol's state, as one `persist()` captured them. Never changed afterwards. */
export type Capture = { readonly [field: string]: unknown };

/** A copy of the durable fields as they are now, or undefined where they are as they were saved last. */
export function captureOf(fields: readonly string[], state: Capture, last: Capture | undefined): Capture | undefined {
  if (fields.length === 0) return undefined;
  if (last !== undefined && fields.every((field) => isSame(last[field], state[field]))) return undefined;
  const part: { [field: string]: unknown } = {};
  for (const field of fields) part[field] = state[field];
  return copyState(part);
}

/** Whether a durable field is as it was saved: equal scalars and logs, and records and arrays with the same contents. */
function isSame(saved: unknown, now: unknown): boolean {
  if (Object.is(saved, now)) return true;
  if (typeof saved !== "object" || typeof now !== "object" || saved === null || now === null) return false;
  if (saved instanceof Log || now instanceof Log || Array.isArray(saved) !== Array.isArray(now)) return false;
  const before = saved as Capture;
  const after = now as Capture;
  let count = 0;
  for (const key in after) {
    if (!Object.is(before[key], after[key]) || !Object.hasOwn(before, key)) return false;
    count += 1;
  }
  return count === Object.keys(before).length;
}

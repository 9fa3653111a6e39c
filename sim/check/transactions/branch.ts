/** Lists as they were read. */
import { NOBODY } from "./values.ts";

/** A list as far as somebody read it, and the first who read it so far. Reads that disagree are branches of a key. */
export interface Branch {
  readonly values: unknown[];
  /** The numbers of the values, once all events are read. */
  ids: Int32Array;
  by: number;
}

const NO_IDS = new Int32Array(0);
export const newBranch = (values: unknown[] = []): Branch => ({ values, ids: NO_IDS, by: NOBODY });

/** Whether one is a prefix of the other. */
export function agree(one: readonly unknown[], other: readonly unknown[]): boolean {
  const length = Math.min(one.length, other.length);
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return false;
  return true;
}

/** `[1 2 3]`; of a long one the end. */
export function listText(values: readonly unknown[], length: number): string {
  const from = Math.max(0, length - 5);
  return `[${from > 0 ? "… " : ""}${values.slice(from, length).map((value) => JSON.stringify(value)).join(" ")}]`;
}

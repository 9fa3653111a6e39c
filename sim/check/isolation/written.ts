/** Which keys a transaction wrote: rows of keys that ascend. */
import type { Rows } from "./rows.ts";

/** Where a transaction's write of a key stands in its row; -1 where it did not write it. */
export function slotOf({ start, items }: Rows, t: number, key: number): number {
  let low = start[t]!;
  let high = start[t + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (items[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low < start[t + 1]! && items[low] === key ? low : -1;
}

export function doesWrite(writes: Rows, t: number, key: number): boolean {
  return slotOf(writes, t, key) !== -1;
}

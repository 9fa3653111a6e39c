/**
 * A run as typed columns: one row an event, so that a million of them can be searched, binned and drawn without an
 * object each. Names are interned. The columns go from the worker to the page by transfer.
 */
import { eventKinds, type EventKind } from "../../sim/trace/event.ts";

/** The code of a kind, as columns hold it. */
export const codeOf = Object.fromEntries(eventKinds.map((kind, code) => [kind, code])) as { readonly [Kind in EventKind]: number };

/** What the page holds of every event; the row is the event's id. */
export interface Columns {
  readonly count: number;
  /** Every name, key and reason, by number; 0 is the empty one. */
  readonly words: readonly string[];
  readonly kind: Uint8Array;
  /** Virtual time in nanoseconds. */
  readonly time: Float64Array;
  readonly cause: Int32Array;
  readonly node: Int16Array;
  readonly peer: Int16Array;
  readonly message: Int32Array;
  readonly operation: Int32Array;
  readonly fault: Int32Array;
  readonly name: Int32Array;
  readonly key: Int32Array;
  readonly reason: Int32Array;
}

/** Buffers of the columns, to be transferred. */
export function buffersOf(columns: Columns): ArrayBuffer[] {
  const { kind, time, cause, node, peer, message, operation, fault, name, key, reason } = columns;
  return [kind, time, cause, node, peer, message, operation, fault, name, key, reason].map((column) => column.buffer as ArrayBuffer);
}

/** Strings by number, each once. */
export class Words {
  readonly list: string[] = [""];
  readonly #codes = new Map<string, number>([["", 0]]);

  code(word: string): number {
    const known = this.#codes.get(word);
    if (known !== undefined) return known;
    const code = this.list.length;
    this.list.push(word);
    this.#codes.set(word, code);
    return code;
  }
}

type AnyArray = Uint8Array | Int16Array | Int32Array | Float64Array;

/** A copy with room for twice as many, at least. */
export function grown<A extends AnyArray>(array: A, atLeast: number): A {
  const bigger = new (array.constructor as new (length: number) => A)(Math.max(atLeast, array.length * 2));
  bigger.set(array as never);
  return bigger;
}

/** The first position of an ascending column at which the value is above `bound`. */
export function firstAbove(column: ArrayLike<number>, bound: number, length = column.length): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] as number) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first position of an ascending column at which the value is `bound` or more. */
export function firstAtLeast(column: ArrayLike<number>, bound: number, length = column.length): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] as number) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

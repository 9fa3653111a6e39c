/** Who read from whom, of registers whose written values are unique (“differentiated” histories). */
import type { Operation } from "../history.ts";
import type { Access, Model } from "../models/model.ts";
import { shown } from "../words.ts";
import { SessionOrder } from "./sessions.ts";

/** In place of a writer: nothing was read; or what was there before the first write. */
export const NOTHING = -1;
export const INITIAL = -2;

export interface Sources {
  readonly order: SessionOrder;
  /** By number: the part that the operation belongs to. */
  readonly partOf: Int32Array;
  /** By number: which operation wrote what it saw. */
  readonly source: Int32Array;
  /** By number: 1 where it wrote. */
  readonly writes: Uint8Array;
  readonly writesOf: Writes;
}

/** Why there are none: a value that nobody wrote refutes every level, one that was written twice leaves it open. */
export type NoSources = { readonly unwritten: Operation } | { readonly twice: Operation };

/**
 * The operations that saw or wrote something, and their sources. An open write that nobody saw is left out, as it need not
 * have happened; so are comparisons that were false, of which it is only known what they did not find.
 */
export function sourcesOf(operations: readonly Operation[], model: Model): Sources | NoSources {
  const access = new Map<Operation, Access>();
  for (const operation of operations) {
    const does = model.access?.(operation);
    if (does !== undefined && does.type !== "mismatch") access.set(operation, does);
  }
  const writers = writersOf(access, model);
  if (!(writers instanceof Map)) return writers;

  const keep = keptOf(access, writers, model);
  if ("unwritten" in keep) return keep;
  const order = new SessionOrder(keep.kept);
  const numbers = new Map(order.operations.map((operation, number) => [operation, number]));
  const parts = new Map<string, number>();
  const partOf = Int32Array.from(order.operations, (operation) => numberIn(parts, model.part(operation)));
  const source = Int32Array.from(order.operations, (operation) => {
    const value = seenBy(access.get(operation)!, operation);
    if (value === undefined) return NOTHING;
    return value === model.initial ? INITIAL : numbers.get(writers.get(placeOf(model.part(operation), value))!)!;
  });
  const writes = Uint8Array.from(order.operations, (operation) => (access.get(operation)!.type === "read" ? 0 : 1));
  return { order, partOf, source, writes, writesOf: new Writes(order, partOf, writes) };
}

function writersOf(access: ReadonlyMap<Operation, Access>, model: Model): Map<string, Operation> | NoSources {
  const writers = new Map<string, Operation>();
  for (const [operation, does] of access) {
    if (does.type !== "write" && does.type !== "cas") continue;
    const place = placeOf(model.part(operation), does.value);
    if (writers.has(place) || does.value === model.initial) return { twice: operation };
    writers.set(place, operation);
  }
  return writers;
}

/** What certainly happened: what returned, and what wrote a value that something which happened saw. */
function keptOf(access: ReadonlyMap<Operation, Access>, writers: ReadonlyMap<string, Operation>, model: Model): { readonly kept: readonly Operation[] } | { readonly unwritten: Operation } {
  const kept = new Set<Operation>();
  const todo = [...access.keys()].filter(({ outcome }) => outcome !== "info");
  for (let operation = todo.pop(); operation !== undefined; operation = todo.pop()) {
    if (kept.has(operation)) continue;
    kept.add(operation);
    const does = access.get(operation)!;
    const value = does.type === "cas" ? does.expected : does.type === "read" ? does.value : undefined;
    if (value === undefined || value === model.initial) continue;
    const writer = writers.get(placeOf(model.part(operation), value));
    if (writer === undefined) return { unwritten: operation };
    todo.push(writer);
  }
  return { kept: [...kept] };
}

/** An open comparison whose value was seen must have been true. */
function seenBy(does: Access, { outcome }: Operation): string | undefined {
  if (does.type === "cas") return does.expected;
  return does.type === "read" && outcome === "ok" ? does.value : undefined;
}

function placeOf(part: string, value: string): string {
  return `${part}\u0000${value}`;
}

function numberIn(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, numbers.size);
  return numbers.size - 1;
}

/** One sentence on why a level of unique values is not decided. */
export function twiceDetail({ f, input, key }: Operation): string {
  const value = f === "cas" ? (input as readonly unknown[])[1] : input;
  return `${shown(value)} was written${key === "" ? "" : ` to ${key}`} more than once, or is what was there at first: this level is decided only where each value is written once`;
}

/** The writes of each part in each chain, to find the last one before a place. */
export class Writes {
  readonly #chains: number;
  /** By part and chain: the places of its writes, and their numbers. */
  readonly #places = new Map<number, { readonly places: number[]; readonly numbers: number[] }>();

  constructor(order: SessionOrder, partOf: Int32Array, writes: Uint8Array) {
    this.#chains = order.chains;
    for (const members of order.members) {
      for (const number of members) {
        if (writes[number] === 0) continue;
        const key = partOf[number]! * this.#chains + order.chainOf[number]!;
        const known = this.#places.get(key) ?? { places: [], numbers: [] };
        this.#places.set(key, known);
        known.places.push(order.placeOf[number]!);
        known.numbers.push(number);
      }
    }
  }

  /** The last write to a part among the first `count` of a chain. */
  last(part: number, chain: number, count: number): number | undefined {
    const known = count === 0 ? undefined : this.#places.get(part * this.#chains + chain);
    if (known === undefined) return undefined;
    let low = 0;
    let high = known.places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (known.places[middle]! < count) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : known.numbers[low - 1];
  }
}

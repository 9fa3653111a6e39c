/** What a container held, value by value: who added it, who took it out, who saw it there. For values that are added once. */
import type { Operation } from "../history.ts";
import { valueText } from "../models/model.ts";

/** The names of a container's operations. What `remove` and `look` return is the value; null where there was none. */
export interface Names {
  readonly add: string;
  readonly remove: string;
  readonly look: string;
}

export interface Held {
  readonly value: unknown;
  readonly add: Operation;
  /** Undefined where it stayed to the end. */
  remove: Operation | undefined;
  readonly looks: Operation[];
}

export interface Contents {
  readonly held: readonly Held[];
  /** What found nothing there. */
  readonly empties: readonly Operation[];
  /** Whether a removal never returned, which may have taken any value out, or none. */
  readonly isOpen: boolean;
}

/**
 * `ambiguous`: a value was added twice. `impossible`: one was taken out twice, or before it was added, or by what saw it no more.
 * An open removal whose `output` is known took that value out if anything: so it is in the beginning of a longer history.
 */
export function contentsOf(part: readonly Operation[], names: Names): Contents | "ambiguous" | "impossible" {
  const held = new Map<string, Held>();
  for (const operation of part) {
    if (operation.f !== names.add) continue;
    const text = valueText(operation.input);
    if (held.has(text)) return "ambiguous";
    held.set(text, { value: operation.input, add: operation, remove: undefined, looks: [] });
  }
  const empties: Operation[] = [];
  let isOpen = false;
  for (const operation of part) {
    const { f, output, outcome } = operation;
    if (f === names.add || (f === names.look && outcome === "info")) continue;
    if (outcome === "info" && (output ?? null) === null) isOpen = true;
    else if ((output ?? null) === null) empties.push(operation);
    else if (!witnessed(held.get(valueText(output)), operation, f === names.remove)) return "impossible";
  }
  const certain = [...held.values()].filter(({ add, remove, looks }) => add.outcome !== "info" || remove !== undefined || looks.length > 0);
  return certain.every(isPossible) ? { held: certain, empties, isOpen } : "impossible";
}

function witnessed(held: Held | undefined, operation: Operation, removes: boolean): boolean {
  if (held === undefined) return operation.outcome === "info";
  if (!removes) return held.looks.push(operation) > 0;
  if (held.remove !== undefined) return operation.outcome === "info";
  held.remove = operation;
  return true;
}

/** In itself, whatever else is there: it is added, then looked at, then taken out. */
function isPossible({ add, remove, looks }: Held): boolean {
  if (remove !== undefined && remove.returned < add.invoked) return false;
  return looks.every((look) => look.returned > add.invoked && (remove === undefined || remove.returned > look.invoked));
}

/** The first return and the last invocation of everything that touched a value; one that stayed is taken out at the end of time. */
export function spanOf({ add, remove, looks }: Held): { readonly firstReturn: number; readonly lastInvoked: number } {
  let firstReturn = Math.min(add.returned, remove?.returned ?? Infinity);
  let lastInvoked = Math.max(add.invoked, remove?.invoked ?? Infinity);
  for (const look of looks) {
    firstReturn = Math.min(firstReturn, look.returned);
    lastInvoked = Math.max(lastInvoked, look.invoked);
  }
  return { firstReturn, lastInvoked };
}

/** Intervals in the order of their beginnings, joined where they overlap. */
export function joined(intervals: readonly (readonly [from: number, to: number])[]): [from: number, to: number][] {
  const union: [number, number][] = [];
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const last = union.at(-1);
    if (last !== undefined && from < last[1]) last[1] = Math.max(last[1], to);
    else union.push([from, to]);
  }
  return union;
}

/** The first instant of an operation that lies inside no interval; undefined where there is none. */
export function gapFor({ invoked, returned }: Pick<Operation, "invoked" | "returned">, union: readonly (readonly [from: number, to: number])[]): number | undefined {
  let low = 0;
  let high = union.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (union[middle]![0] < invoked) low = middle + 1;
    else high = middle;
  }
  const instant = Math.max(invoked, union[low - 1]?.[1] ?? -Infinity);
  return instant < returned ? instant : undefined;
}

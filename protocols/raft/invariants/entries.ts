/** What the invariants ask of entries and of logs. */
import type { NodeId, View } from "../../../sim/protocol.ts";
import type { Entry, Shown } from "../state.ts";

/** The same object, or the same contents: an entry may have been copied on its way. */
export function isSameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.term !== b.term) return false;
  if (a.command === null || b.command === null) return a.command === b.command;
  const { client, sequence, f, key, value } = a.command;
  const other = b.command;
  if (client !== other.client || sequence !== other.sequence || f !== other.f || key !== other.key) return false;
  return value === other.value || JSON.stringify(value) === JSON.stringify(other.value);
}

/** What a node shows that has just become the leader of a term; undefined where it has not. */
export function newLeader(node: NodeId, view: View<Shown>): Shown | undefined {
  const now = view.shown(node);
  if (now?.role !== "leader") return undefined;
  const before = view.before(node);
  return before?.role === "leader" && before.term === now.term ? undefined : now;
}

/** An entry in words: `entry 7 of term 2`, by its index, from 1. */
export const nameEntry = (index: number, entry: Entry): string => `entry ${index} of term ${entry.term}`;

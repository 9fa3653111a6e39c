/** Invariants about what is committed, applied and acknowledged. */
import type { Breach, Invariant, NodeId, Request, View } from "../../../sim/protocol.ts";
import type { Command, Entry, Shown } from "../state.ts";
import { isSameEntry, nameEntry, newLeader } from "./entries.ts";

/** How far a node has come, and in which incarnation. */
interface Reached {
  readonly index: number;
  readonly incarnation: number;
}

interface Applied {
  /** By position: the entry that was applied there first, and by whom. */
  readonly first: { readonly entry: Entry; readonly node: NodeId }[];
  readonly reached: { [node: NodeId]: Reached };
}

export const stateMachineSafety: Invariant<Shown, Applied> = {
  name: "state machine safety",
  summary: "No two nodes ever apply different entries at the same index (§5.4.3).",
  begin: () => ({ first: [], reached: {} }),
  onChange({ first, reached }, node, view) {
    const { log, lastApplied } = view.shown(node)!;
    const incarnation = view.incarnation(node);
    const from = reached[node]?.incarnation === incarnation ? reached[node].index : 0;
    if (lastApplied === from) return undefined;
    reached[node] = { index: lastApplied, incarnation };
    for (let position = from; position < lastApplied; position += 1) {
      const entry = log.at(position);
      if (entry === undefined) return { message: `${node} applied entry ${position + 1}, which it does not hold`, nodes: [node] };
      const other = (first[position] ??= Object.freeze({ entry, node }));
      if (isSameEntry(other.entry, entry)) continue;
      const instead = `where ${other.node} had applied an entry of term ${other.entry.term}`;
      return { message: `${node} applied ${nameEntry(position + 1, entry)}, ${instead}`, nodes: [other.node, node] };
    }
    return undefined;
  },
};

export const commitIndexNeverGoesBack: Invariant<Shown, { readonly reached: { [node: NodeId]: Reached } }> = {
  name: "commit index never goes back",
  summary: "While a node is up, its commit index never falls, and never passes the end of its log.",
  begin: () => ({ reached: {} }),
  onChange({ reached }, node, view) {
    const { commitIndex, log } = view.shown(node)!;
    const incarnation = view.incarnation(node);
    const last = reached[node];
    if (last?.index !== commitIndex || last.incarnation !== incarnation) reached[node] = { index: commitIndex, incarnation };
    if (last?.incarnation === incarnation && commitIndex < last.index) {
      return { message: `${node}'s commit index went back from ${last.index} to ${commitIndex}`, nodes: [node] };
    }
    if (commitIndex <= log.length) return undefined;
    return { message: `${node}'s commit index is ${commitIndex}, and its log ends at ${log.length}`, nodes: [node] };
  },
};

/** A write that a client was told of. */
interface Acknowledged extends Place {
  /** The term of the node that told: the entry was committed in it or earlier. */
  readonly term: number;
  readonly request: Request;
}

interface Place {
  readonly index: number;
  readonly entry: Entry;
}

interface Acknowledgements {
  /** Where each command was committed first, by session and sequence number, up to an index. */
  readonly committed: Map<string, Place>;
  upTo: number;
  readonly acknowledged: Acknowledged[];
  /** By node, requests whose replies left before what the node shows was looked at. */
  readonly early: { [node: NodeId]: readonly Request[] };
}

export const nothingAcknowledgedIsLost: Invariant<Shown, Acknowledgements> = {
  name: "nothing acknowledged is lost",
  summary: "A write that a client was told of is committed, and stays in the logs of all later leaders.",
  begin: () => ({ committed: new Map(), upTo: 0, acknowledged: [], early: {} }),
  onReply(memory, node, request, reply, view) {
    if (reply.type !== "ok" || request.f === "read") return undefined;
    // A reply may leave in the very event that commits the entry: it is looked at again when that event is over.
    if (!acknowledge(memory, node, request, view)) memory.early[node] = [...(memory.early[node] ?? []), request];
    return undefined;
  },
  onChange(memory, node, view) {
    noteCommitted(memory, view.shown(node)!);
    const early = memory.early[node];
    if (early !== undefined) {
      delete memory.early[node];
      const untrue = early.find((request) => !acknowledge(memory, node, request, view));
      const message = untrue && `${node} acknowledged ${nameRequest(untrue)}, which nobody had committed`;
      if (message !== undefined) return { message, nodes: [node] };
    }
    const leader = newLeader(node, view);
    return leader === undefined ? undefined : lostBy(memory.acknowledged, node, leader);
  },
};

function noteCommitted(memory: Acknowledgements, { log, commitIndex }: Shown): void {
  for (; memory.upTo < commitIndex; memory.upTo += 1) {
    const entry = log.at(memory.upTo);
    if (entry === undefined) return;
    if (entry.command === null) continue;
    const name = nameCommand(entry.command);
    if (!memory.committed.has(name)) memory.committed.set(name, Object.freeze({ index: memory.upTo + 1, entry }));
  }
}

/** Notes a write that was acknowledged; false if nobody has shown it as committed. */
function acknowledge(memory: Acknowledgements, node: NodeId, request: Request, view: View<Shown>): boolean {
  const place = memory.committed.get(nameCommand(request));
  if (place === undefined) return false;
  memory.acknowledged.push(Object.freeze({ ...place, term: view.shown(node)!.term, request }));
  return true;
}

const nameCommand = ({ client, sequence }: Command | Request): string => `${client}/${sequence}`;

function lostBy(acknowledged: readonly Acknowledged[], node: NodeId, leader: Shown): Breach | undefined {
  const lost = acknowledged.find((one) => one.term < leader.term && !isSameEntry(one.entry, leader.log.at(one.index - 1)));
  if (lost === undefined) return undefined;
  const what = `${nameRequest(lost.request)}, acknowledged as ${nameEntry(lost.index, lost.entry)}`;
  return { message: `${node} was elected in term ${leader.term} without ${what}`, nodes: [node] };
}

const nameRequest = ({ client, f, key, sequence }: Request): string => `${client}'s ${f} of ${key} (its operation ${sequence})`;

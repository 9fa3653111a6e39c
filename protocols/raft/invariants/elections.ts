/** Invariants about terms, votes and leaders. */
import type { Breach, Invariant, NodeId } from "../../../sim/protocol.ts";
import type { Shown } from "../state.ts";
import { newLeader } from "./entries.ts";

export const electionSafety: Invariant<Shown, { readonly leaders: Map<number, NodeId> }> = {
  name: "election safety",
  summary: "At most one node is elected in a term, over all time (§5.2).",
  begin: () => ({ leaders: new Map() }),
  onChange({ leaders }, node, view) {
    const now = newLeader(node, view);
    if (now === undefined) return undefined;
    const first = leaders.get(now.term);
    if (first === undefined) leaders.set(now.term, node);
    if (first === undefined || first === node) return undefined;
    return { message: `${node} became the leader of term ${now.term}, which ${first} had won before`, nodes: [first, node] };
  },
};

/** For each voter, the latest term in which a candidate has counted its vote, and that candidate. */
interface Votes {
  readonly last: { [voter: NodeId]: { readonly term: number; readonly candidate: NodeId } };
}

/**
 * A vote counts from when a candidate has it: what the voter itself shows may be lost in a crash before anybody heard of
 * it. So does a candidate's vote for itself, from when it has another's, because its request had to leave before.
 */
export const oneVote: Invariant<Shown, Votes> = {
  name: "one vote a term",
  summary: "Nobody's vote counts for two candidates of one term (§5.2).",
  begin: () => ({ last: {} }),
  onChange({ last }, node, view) {
    const now = view.shown(node)!;
    if (!hasAnothersVote(now) || view.before(node)?.votes === now.votes) return undefined;
    let breach: Breach | undefined;
    for (const voter of now.votes) {
      const vote = last[voter];
      if (vote?.term === now.term && vote.candidate !== node) {
        const message = `${voter}'s vote counts for both ${vote.candidate} and ${node} in term ${now.term}`;
        breach = { message, nodes: [voter, vote.candidate, node] };
      }
      if (vote === undefined || vote.term < now.term) last[voter] = { term: now.term, candidate: node };
    }
    return breach;
  },
};

const hasAnothersVote = (now: Shown): boolean => (now.role === "candidate" || now.role === "leader") && now.votes.length > 1;

interface Terms {
  /** What each node showed last, and in which incarnation. */
  readonly shown: { [node: NodeId]: { readonly term: number; readonly incarnation: number } };
  /** The highest term in which another node has heard of each. */
  readonly heard: { [node: NodeId]: number };
}

/** A term that a node adopted and nobody heard of may be lost in a crash; one that somebody has heard of may not. */
export const termsNeverGoBack: Invariant<Shown, Terms> = {
  name: "terms never go back",
  summary: "A node's term never falls; after a restart, not below any in which another has heard of it (§5.1).",
  begin: () => ({ shown: {}, heard: {} }),
  onChange({ shown, heard }, node, view) {
    const now = view.shown(node)!;
    noteWhoWasHeard(heard, node, now, view.before(node));
    const last = shown[node];
    const incarnation = view.incarnation(node);
    if (last?.term === now.term && last.incarnation === incarnation) return undefined;

    shown[node] = { term: now.term, incarnation };
    if (last?.incarnation === incarnation && now.term < last.term) {
      return { message: `${node} went back from term ${last.term} to term ${now.term}`, nodes: [node] };
    }
    if (now.term >= (heard[node] ?? 0)) return undefined;
    const message = `${node} is in term ${now.term} after a restart, and others have heard from it in term ${heard[node]}`;
    return { message, nodes: [node] };
  },
};

/** A follower has heard from its leader, a candidate from its voters, and a leader from those who hold its entries. */
function noteWhoWasHeard(heard: Terms["heard"], node: NodeId, now: Shown, before: Shown | undefined): void {
  const note = (other: NodeId): void => {
    if (other !== node && now.term > (heard[other] ?? 0)) heard[other] = now.term;
  };
  if (now.leader !== null && now.leader !== before?.leader) note(now.leader);
  if ((now.role === "candidate" || now.role === "leader") && now.votes !== before?.votes) now.votes.forEach(note);
  if (now.matchIndex === undefined || now.matchIndex === before?.matchIndex) return;
  for (const peer in now.matchIndex) if (now.matchIndex[peer]! > 0) note(peer);
}

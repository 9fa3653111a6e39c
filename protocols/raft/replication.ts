/** Log replication (§5.3): what a leader sends, and what a follower does with it. */
import type { Log, NodeId } from "../../sim/protocol.ts";
import { applyCommitted } from "./commit.ts";
import type { RaftCtx } from "./context.ts";
import type { AppendEntries, AppendEntriesReply, RequestVoteReply } from "./messages.ts";
import { entryAt, lastLogIndex, termAt } from "./state.ts";
import type { Entry, State } from "./state.ts";
import { adoptTerm, becomeFollower, resetElectionTimer } from "./terms.ts";

/**
 * Sends what comes next, and waits for the answer before anything else but heartbeats is sent: it is not known yet where
 * the follower's log agrees with ours.
 */
export function probe(state: State, peer: NodeId, ctx: RaftCtx): void {
  state.probing[peer] = true;
  sendEntries(state, peer, ctx.options.maxEntries, ctx);
}

/**
 * Sends what comes next without waiting for the answer to what was sent before. If a message is lost, the follower
 * refuses the one after it (at the latest, the next heartbeat), and nextIndex goes back.
 */
export function stream(state: State, peer: NodeId, ctx: RaftCtx): void {
  if (state.probing[peer] || state.nextIndex[peer]! > lastLogIndex(state.log)) return;
  state.nextIndex[peer] = state.nextIndex[peer]! + sendEntries(state, peer, ctx.options.maxEntries, ctx);
}

/** A heartbeat is an AppendEntries without entries. */
export function sendHeartbeats(state: State, ctx: RaftCtx): void {
  for (const peer of ctx.peers) sendEntries(state, peer, 0, ctx);
}

/** Returns how many entries went out. */
function sendEntries(state: State, peer: NodeId, atMost: number, ctx: RaftCtx): number {
  const prevLogIndex = state.nextIndex[peer]! - 1;
  const entries = state.log.slice(prevLogIndex, prevLogIndex + atMost);
  ctx.send(peer, {
    type: "AppendEntries",
    term: state.currentTerm,
    prevLogIndex,
    prevLogTerm: termAt(state.log, prevLogIndex),
    entries,
    leaderCommit: state.commitIndex,
    round: state.round,
  });
  return entries.length;
}

/** Figure 2, AppendEntries RPC, receiver implementation. */
export function onAppendEntries(state: State, m: AppendEntries, from: NodeId, ctx: RaftCtx): void {
  adoptTerm(state, m.term, ctx);
  if (ctx.rules.isOfEarlierTerm(state, m)) {
    ctx.sometimes("append.denied-deposed");
    return refuse(state, m, from, 0, ctx); // 1 (§5.1)
  }

  ctx.rules.follow(state, from, ctx);
  const agrees = ctx.rules.holdsEntry(state.log, m.prevLogIndex, m.prevLogTerm);
  if (!agrees) {
    ctx.sometimes("append.denied-gap");
    return refuse(state, m, from, retryFrom(state, m.prevLogIndex), ctx); // 2 (§5.3)
  }

  if (conflicts(state.log, m)) ctx.sometimes("entry.cut");
  state.log = ctx.rules.mergeEntries(state.log, m.prevLogIndex, m.entries); // 3, 4
  accept(state, m, from, ctx);
  state.commitIndex = ctx.rules.commitAfter(state, m); // 5
  applyCommitted(state, ctx);
}

/** Whether an existing entry has another term than the new one of its index (§5.3). */
function conflicts(log: Log<Entry>, { prevLogIndex, entries }: AppendEntries): boolean {
  if (log.length <= prevLogIndex) return false;
  return entries.some(({ term }, at) => prevLogIndex + at < log.length && termAt(log, prevLogIndex + at + 1) !== term);
}

/** 1. Its sender has been deposed, and does not know it yet (§5.1). */
export const isOfEarlierTerm = (state: State, m: AppendEntries): boolean => m.term < state.currentTerm;

/** The sender leads this term: a candidate that hears from it steps down (§5.2). The vote stays. */
export function follow(state: State, leader: NodeId, ctx: RaftCtx): void {
  if (state.role !== "follower") becomeFollower(state, leader, ctx);
  state.leader = leader;
  state.heardLeaderAt = ctx.now;
  resetElectionTimer(ctx);
}

/** 2. Whether the log contains an entry at an index with this term (§5.3). */
export const holdsEntry = (log: Log<Entry>, index: number, term: number): boolean => termAt(log, index) === term;

/**
 * 3, 4. Cuts off what conflicts, and appends what is missing. What agrees already stays: an old, reordered AppendEntries
 * must not cut off newer entries.
 */
export function mergeEntries(log: Log<Entry>, prevLogIndex: number, entries: readonly Entry[]): Log<Entry> {
  let merged = log;
  let index = prevLogIndex;
  for (const entry of entries) {
    index += 1;
    if (termAt(merged, index) !== entry.term) merged = merged.truncate(index - 1).append(entry);
  }
  return merged;
}

/** Up to where the message has shown the two logs to agree. What lies behind it may be another leader's. */
export const matchAfter = (_: State, m: AppendEntries): number => m.prevLogIndex + m.entries.length;

/** 5. The last new entry bounds it, because what lies behind it may be another leader's; and old news take nothing back. */
export const commitAfter = (state: State, m: AppendEntries): number => Math.max(state.commitIndex, Math.min(m.leaderCommit, m.prevLogIndex + m.entries.length));

/** The durable state first: losing an entry or a vote that others count on loses what is committed, or elects two leaders. */
export function acknowledge(ctx: RaftCtx, to: NodeId, reply: RequestVoteReply | AppendEntriesReply): void {
  ctx.persist();
  ctx.send(to, reply);
}

function accept(state: State, m: AppendEntries, from: NodeId, ctx: RaftCtx): void {
  const { prevLogIndex, round } = m;
  const agreed = { success: true, prevLogIndex, matchIndex: ctx.rules.matchAfter(state, m), retryFrom: 0, round };
  ctx.rules.acknowledge(ctx, from, { type: "AppendEntriesReply", term: state.currentTerm, ...agreed });
}

function refuse(state: State, m: AppendEntries, from: NodeId, retryFrom: number, ctx: RaftCtx): void {
  // A message of an earlier term answers no round of this one, even if its sender leads again.
  const round = retryFrom === 0 ? 0 : m.round;
  const refused = { success: false, prevLogIndex: m.prevLogIndex, matchIndex: 0, retryFrom, round };
  ctx.rules.acknowledge(ctx, from, { type: "AppendEntriesReply", term: state.currentTerm, ...refused });
}

/**
 * Where the leader should go on from: behind the end of a log that is too short, or at the first entry of the term that
 * conflicts, so that one message is refused for each such term and not for each entry (§5.3, end).
 */
function retryFrom(state: State, prevLogIndex: number): number {
  if (prevLogIndex > lastLogIndex(state.log)) return lastLogIndex(state.log) + 1;
  const { term } = entryAt(state.log, prevLogIndex)!;
  let first = prevLogIndex;
  while (first > state.commitIndex + 1 && termAt(state.log, first - 1) === term) first -= 1;
  return first;
}

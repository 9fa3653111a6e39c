/** What a leader learns from the replies to its AppendEntries (§5.3), and from its own disk. */
import type { NodeId, Value } from "../../sim/protocol.ts";
import { advanceCommitIndex } from "./commit.ts";
import type { RaftCtx, SyncToken } from "./context.ts";
import { becomeLeader } from "./leadership.ts";
import type { AppendEntriesReply } from "./messages.ts";
import { answerReads } from "./reads.ts";
import { probe, stream } from "./replication.ts";
import { lastLogIndex } from "./state.ts";
import type { State } from "./state.ts";

export function onAppendEntriesReply(state: State, m: AppendEntriesReply, from: NodeId, ctx: RaftCtx): void {
  ctx.rules.adoptTermOfReply(state, m.term, ctx);
  if (state.role !== "leader" || ctx.rules.isReplyOfEarlierTerm(state, m)) return;
  if (!m.success && m.retryFrom === 0) return; // It refuses a message of an earlier term in which this node led.

  state.heard[from] = true;
  state.answeredRound[from] = Math.max(state.answeredRound[from]!, m.round);
  state.matchIndex[from] = ctx.rules.matchAfterReply(state.matchIndex[from]!, m);
  if (m.success) advanceNextIndex(state, m, from, ctx);
  else backUp(state, m, from, ctx);
  answerReads(state, ctx);
}

/** What a follower held in an earlier term, another leader may have cut off since. */
export const isReplyOfEarlierTerm = (state: State, m: AppendEntriesReply): boolean => m.term < state.currentTerm;

/** Only a success shows what matches, and old replies move nothing back (§5.3). */
export const matchAfterReply = (known: number, m: AppendEntriesReply): number => (m.success ? Math.max(known, m.matchIndex) : known);

/** Rules for Servers, leaders: if successful, update nextIndex (§5.3). */
function advanceNextIndex(state: State, m: AppendEntriesReply, from: NodeId, ctx: RaftCtx): void {
  if (state.probing[from] && m.matchIndex >= state.nextIndex[from]! - 1) {
    state.probing[from] = false;
    state.nextIndex[from] = m.matchIndex + 1;
  }
  // Two messages for each that was acknowledged: a follower that lags is sent more and more at a time, until one is lost.
  stream(state, from, ctx);
  stream(state, from, ctx);
  if (state.matchIndex[from]! > state.commitIndex) advanceCommitIndex(state, lastLogIndex(state.log), ctx);
}

/** Rules for Servers, leaders: if it fails because of a mismatch, go back and retry (§5.3). */
function backUp(state: State, m: AppendEntriesReply, from: NodeId, ctx: RaftCtx): void {
  if (ctx.rules.isOutdated(state, m, from)) return;
  // nextIndex is a guess and may go anywhere. It stays behind what matches, unless a follower refuses just that: it has
  // lost its disk, and must be given everything again.
  const least = m.prevLogIndex > state.matchIndex[from]! ? state.matchIndex[from]! + 1 : 1;
  state.nextIndex[from] = Math.max(least, Math.min(m.retryFrom, m.prevLogIndex));
  probe(state, from, ctx);
}

/** One lost message makes the follower refuse all that were under way behind it; the first refusal is enough. */
export function isOutdated(state: State, m: AppendEntriesReply, from: NodeId): boolean {
  if (state.probing[from]) return m.prevLogIndex !== state.nextIndex[from]! - 1;
  return m.prevLogIndex < state.matchIndex[from]!;
}

/** In a cluster of one, its own disk is a majority: what it holds is elected, and committed. */
export function onSynced(state: State, token: Value, ctx: RaftCtx): void {
  const [what, upTo] = token as SyncToken;
  if (what === "vote" && state.role === "candidate" && upTo === state.currentTerm) becomeLeader(state, ctx);
  if (what !== "log" || state.role !== "leader") return;
  advanceCommitIndex(state, upTo, ctx);
  answerReads(state, ctx);
}

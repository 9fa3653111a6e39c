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
import { adoptTerm } from "./terms.ts";

export function onAppendEntriesReply(state: State, m: AppendEntriesReply, from: NodeId, ctx: RaftCtx): void {
  adoptTerm(state, m.term, ctx);
  if (state.role !== "leader" || m.term < state.currentTerm) return;
  if (!m.success && m.retryFrom === 0) return; // It refuses a message of an earlier term in which this node led.

  state.heard[from] = true;
  state.answeredRound[from] = Math.max(state.answeredRound[from]!, m.round);
  if (m.success) advanceMatchIndex(state, m, from, ctx);
  else backUp(state, m, from, ctx);
  answerReads(state, ctx);
}

/** Rules for Servers, leaders: if successful, update nextIndex and matchIndex (§5.3). Old replies move nothing back. */
function advanceMatchIndex(state: State, m: AppendEntriesReply, from: NodeId, ctx: RaftCtx): void {
  state.matchIndex[from] = Math.max(state.matchIndex[from]!, m.matchIndex);
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
  if (isOutdated(state, m, from)) return;
  // nextIndex is a guess and may go anywhere. It stays behind what matches, unless a follower refuses just that: it has
  // lost its disk, and must be given everything again.
  const least = m.prevLogIndex > state.matchIndex[from]! ? state.matchIndex[from]! + 1 : 1;
  state.nextIndex[from] = Math.max(least, Math.min(m.retryFrom, m.prevLogIndex));
  probe(state, from, ctx);
}

/** One lost message makes the follower refuse all that were under way behind it; the first refusal is enough. */
function isOutdated(state: State, m: AppendEntriesReply, from: NodeId): boolean {
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

/** What a leader does of itself: begin its term, make itself heard, and step down when nobody answers. */
import type { Log } from "../../sim/protocol.ts";
import type { RaftCtx } from "./context.ts";
import { commitAlone } from "./commit.ts";
import { probe, sendHeartbeats } from "./replication.ts";
import { lastLogIndex } from "./state.ts";
import type { Entry, State } from "./state.ts";
import { becomeFollower } from "./terms.ts";

/** Rules for Servers, leaders: upon election (§5.2). */
export function becomeLeader(state: State, ctx: RaftCtx): void {
  state.role = "leader";
  state.leader = ctx.self;
  state.log = ctx.rules.logAtElection(state);
  for (const peer of ctx.peers) {
    state.nextIndex[peer] = lastLogIndex(state.log) + 1;
    state.matchIndex[peer] = 0;
    state.probing[peer] = true;
    state.answeredRound[peer] = 0;
  }
  state.round = 0;
  ctx.cancelTimer("election");
  ctx.setTimer("heartbeat", ctx.options.heartbeat);
  if (ctx.options.checkQuorum) ctx.setTimer("quorum", ctx.options.electionTimeout);
  ctx.emit("election.won", { term: state.currentTerm });
  beginTerm(state, ctx);
}

/** A leader keeps what it holds: what it does not know as committed may have been committed all the same (§5.3). */
export const logAtElection = (state: State): Log<Entry> => state.log;

/** A no-op, so that what earlier terms left behind can be committed, and reads can know what is committed (§8). */
function beginTerm(state: State, ctx: RaftCtx): void {
  state.log = state.log.append({ term: state.currentTerm, command: null });
  state.termStart = lastLogIndex(state.log);
  ctx.persist();
  for (const peer of ctx.peers) probe(state, peer, ctx);
  commitAlone(state, ctx);
}

export function onHeartbeatTimeout(state: State, ctx: RaftCtx): void {
  if (state.role !== "leader") return;
  ctx.setTimer("heartbeat", ctx.options.heartbeat);
  sendHeartbeats(state, ctx);
}

/** A leader that no majority has answered for an election timeout makes way, and sends its clients away (dissertation §6.2). */
export function onQuorumTimeout(state: State, ctx: RaftCtx): void {
  if (state.role !== "leader") return;
  const answered = 1 + Object.keys(state.heard).length;
  if (answered < ctx.rules.majority(ctx.nodes.length)) {
    ctx.sometimes("leader.unheard");
    return becomeFollower(state, null, ctx);
  }
  state.heard = {};
  ctx.setTimer("quorum", ctx.options.electionTimeout);
}

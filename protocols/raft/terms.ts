/** Terms and the way back to being a follower (§5.1). */
import type { DurationRange, NodeId } from "../../sim/protocol.ts";
import type { Options, RaftCtx } from "./context.ts";
import { nobody } from "./state.ts";
import type { State } from "./state.ts";

/** More than half of the cluster. */
export const majority = (nodes: number): number => Math.floor(nodes / 2) + 1;

/**
 * Rules for Servers, all servers: a higher term makes anyone a follower (§5.1). True if the term was higher. The new
 * term need not be on disk before somebody hears of it from us, and every handler persists before it answers.
 */
export function adoptTerm(state: State, term: number, ctx: RaftCtx): boolean {
  if (term <= state.currentTerm) return false;
  if (state.role === "leader") ctx.sometimes("leader.unseated");
  becomeFollower(state, null, ctx);
  state.currentTerm = term;
  state.votedFor = null;
  return true;
}

/** A reply too: whoever answers from a higher term may be in nobody's way, and still obey no leader of a lower one (§5.1). */
export const adoptTermOfReply = (state: State, term: number, ctx: RaftCtx): void => void adoptTerm(state, term, ctx);

/** Gives up whatever else it was. The term and the vote stay. */
export function becomeFollower(state: State, leader: NodeId | null, ctx: RaftCtx): void {
  const wasLeader = state.role === "leader";
  state.role = "follower";
  state.leader = leader;
  state.votes = nobody;
  if (wasLeader) stepDown(state, ctx);
}

function stepDown(state: State, ctx: RaftCtx): void {
  ctx.emit("leader.stepped-down", { term: state.currentTerm });
  ctx.cancelTimer("heartbeat");
  ctx.cancelTimer("quorum");
  resetElectionTimer(ctx);
  ctx.rules.sendClientsAway(state, ctx);
  state.nextIndex = {};
  state.matchIndex = {};
  state.probing = {};
  state.heard = {};
  state.answeredRound = {};
}

/**
 * The commands that waited may still be committed by the next leader, so none of them has failed. Their clients are sent
 * away to ask again, which is safe because the sessions apply a command once (§8).
 */
export function sendClientsAway(state: State, ctx: RaftCtx): void {
  const to = state.leader ?? undefined;
  if (state.reads.length > 0) ctx.sometimes("read.sent-away");
  for (const index in state.waiting) ctx.reply(state.waiting[index]!, { type: "redirect", to });
  for (const read of state.reads) ctx.reply(read.request, { type: "redirect", to });
  state.waiting = {};
  state.reads = [];
}

export function resetElectionTimer(ctx: RaftCtx): void {
  ctx.setTimer("election", ctx.rules.electionTimeout(ctx.options));
}

/** Drawn anew each time, so that split votes are rare and soon resolved (§5.2). */
export const electionTimeout = (options: Options): DurationRange => options.electionTimeout;

/** Leader election (§5.2, §5.4.1), and the question before it (dissertation §9.6). */
import type { Log, NodeId } from "../../sim/protocol.ts";
import type { RaftCtx, SyncToken } from "./context.ts";
import { becomeLeader } from "./leadership.ts";
import type { PreVote, PreVoteReply, RequestVote, RequestVoteReply } from "./messages.ts";
import { lastLogIndex, lastLogTerm } from "./state.ts";
import type { Entry, State } from "./state.ts";
import { adoptTerm, resetElectionTimer } from "./terms.ts";

/** Rules for Servers, followers and candidates: the election timeout has elapsed. */
export function onElectionTimeout(state: State, ctx: RaftCtx): void {
  if (ctx.options.preVote) startPreVote(state, ctx);
  else startElection(state, ctx);
}

function startElection(state: State, ctx: RaftCtx): void {
  if (state.role === "candidate") ctx.sometimes("vote.split");
  state.role = "candidate";
  state.leader = null;
  state.currentTerm = ctx.rules.nextTerm(state);
  state.votedFor = ctx.self;
  state.votes = ctx.rules.firstVotes(state, ctx.self);
  resetElectionTimer(ctx);
  ctx.emit("election.started", { term: state.currentTerm });

  ctx.rules.canvass(state, ctx);
  if (ctx.peers.length === 0) ctx.disk.sync(["vote", state.currentTerm] satisfies SyncToken); // Nobody else will vote.
}

/** One vote a node and term (§5.2): whoever stands needs a term in which it has not voted yet. */
export const nextTerm = (state: State): number => state.currentTerm + 1;

/** A candidate begins with its own vote alone: the others gave theirs in an earlier term, if at all. */
export const firstVotes = (_: State, self: NodeId): readonly NodeId[] => [self];

/** The durable state first: whoever forgot its own candidacy could vote for somebody else. */
export function canvass(state: State, ctx: RaftCtx): void {
  ctx.persist();
  requestVotes(state, ctx);
}

export function requestVotes(state: State, ctx: RaftCtx): void {
  for (const peer of ctx.peers) ctx.send(peer, { type: "RequestVote", term: state.currentTerm, ...endOf(state.log) });
}

/** How up to date this log is, for others to compare (§5.4.1). */
const endOf = (log: Log<Entry>) => ({ lastLogIndex: lastLogIndex(log), lastLogTerm: lastLogTerm(log) });

/** Figure 2, RequestVote RPC, receiver implementation. */
export function onRequestVote(state: State, m: RequestVote, from: NodeId, ctx: RaftCtx): void {
  adoptTerm(state, m.term, ctx);
  const isOfThisTerm = m.term === state.currentTerm; // 1 (§5.1)
  const isFree = isOfThisTerm && ctx.rules.isFreeToVote(state, from); // 2 (§5.2)
  const voteGranted = isFree && ctx.rules.isUpToDate(state.log, m.lastLogIndex, m.lastLogTerm); // 2 (§5.4)
  if (isOfThisTerm && !voteGranted) ctx.sometimes(isFree ? "vote.denied-outdated" : "vote.denied-taken");
  if (voteGranted) {
    state.votedFor = from;
    resetElectionTimer(ctx); // Whoever has just chosen a leader gives it time.
  } else {
    ctx.rules.afterDenial(ctx);
  }
  ctx.rules.acknowledge(ctx, from, { type: "RequestVoteReply", term: state.currentTerm, voteGranted });
}

/** Who cannot win must not keep the others from standing: they go on waiting as if nobody had asked. */
export const afterDenial = (): void => {};

/** A node votes once in a term, first come first served (§5.2). */
export const isFreeToVote = (state: State, candidate: NodeId): boolean => state.votedFor === null || state.votedFor === candidate;

/** Whether a candidate's log is at least as up to date as this one: the later last term wins, then the longer log (§5.4.1). */
export function isUpToDate(log: Log<Entry>, lastIndex: number, lastTerm: number): boolean {
  if (lastTerm !== lastLogTerm(log)) return lastTerm > lastLogTerm(log);
  return lastIndex >= lastLogIndex(log);
}

export function onRequestVoteReply(state: State, m: RequestVoteReply, from: NodeId, ctx: RaftCtx): void {
  ctx.rules.adoptTermOfReply(state, m.term, ctx);
  if (state.role !== "candidate" || !m.voteGranted) return;
  if (!ctx.rules.isVoteForThisTerm(state, m)) return;
  state.votes = ctx.rules.countVote(state.votes, from);
  winIfMajority(state, ctx);
}

/** A vote that was given in an earlier election says nothing about this one. */
export const isVoteForThisTerm = (state: State, m: RequestVoteReply): boolean => m.term === state.currentTerm;

/** The network may deliver a vote twice: votes are counted by voter. */
export const countVote = (votes: readonly NodeId[], voter: NodeId): readonly NodeId[] =>
  votes.includes(voter) ? votes : [...votes, voter];

function winIfMajority(state: State, ctx: RaftCtx): void {
  if (state.votes.length >= ctx.rules.majority(ctx.nodes.length)) becomeLeader(state, ctx);
}

/** A node that could not win must not raise the term and thereby unseat a leader that works (dissertation §9.6). */
function startPreVote(state: State, ctx: RaftCtx): void {
  state.role = "preCandidate";
  state.leader = null;
  state.votes = [ctx.self];
  resetElectionTimer(ctx);
  for (const peer of ctx.peers) ctx.send(peer, { type: "PreVote", term: state.currentTerm + 1, ...endOf(state.log) });
  standIfMajority(state, ctx);
}

/** Grants nothing and changes nothing; it only foretells. */
export function onPreVote(state: State, m: PreVote, from: NodeId, ctx: RaftCtx): void {
  const voteGranted =
    m.term > state.currentTerm && !hearsLeader(state, ctx) && ctx.rules.isUpToDate(state.log, m.lastLogIndex, m.lastLogTerm);
  if (!voteGranted) ctx.sometimes("prevote.denied");
  ctx.persist(); // The reply tells our term.
  ctx.send(from, { type: "PreVoteReply", term: state.currentTerm, asked: m.term, voteGranted });
}

/** Whether a leader was heard within the shortest election timeout. A clock that was set back counts as silence. */
function hearsLeader(state: State, ctx: RaftCtx): boolean {
  if (state.role === "leader") return true;
  const silence = ctx.now - state.heardLeaderAt;
  return state.heardLeaderAt >= 0 && silence >= 0 && silence < ctx.options.electionTimeout[0];
}

export function onPreVoteReply(state: State, m: PreVoteReply, from: NodeId, ctx: RaftCtx): void {
  // A denial may come from a higher term: without adopting it, this node would be denied for ever.
  adoptTerm(state, m.term, ctx);
  if (state.role !== "preCandidate" || !m.voteGranted || m.asked !== state.currentTerm + 1) return;
  state.votes = ctx.rules.countVote(state.votes, from);
  standIfMajority(state, ctx);
}

function standIfMajority(state: State, ctx: RaftCtx): void {
  if (state.votes.length >= ctx.rules.majority(ctx.nodes.length)) ctx.rules.afterPreVotes(state, ctx);
}

/** A pre-vote promises nothing: two nodes may have a majority of them. It only allows to stand (dissertation §9.6). */
export const afterPreVotes = (state: State, ctx: RaftCtx): void => startElection(state, ctx);

/** What the rules are handed: the options, the timers, and the rules that a mutant may replace. */
import { ms } from "../../sim/protocol.ts";
import type { Ctx, DurationRange, Log, NodeId, OptionShapes, Recovery, Reply } from "../../sim/protocol.ts";
import type { AppendEntries, AppendEntriesReply, Message, RequestVoteReply } from "./messages.ts";
import type { Command, Entry, State } from "./state.ts";

/** Durations are in nanoseconds. */
export interface Options {
  readonly electionTimeout: readonly [number, number];
  readonly heartbeat: number;
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
  readonly reads: "readIndex" | "log";
  readonly maxEntries: number;
  readonly recovery: Recovery;
}

export const options: OptionShapes<Options> = {
  electionTimeout: {
    type: "durationRange",
    min: ms(1),
    default: [ms(150), ms(300)],
    summary: "How long a follower waits for its leader before it stands for election; drawn anew each time (§5.2).",
  },
  heartbeat: { type: "duration", min: ms(1), default: ms(50), summary: "How often a leader makes itself heard." },
  preVote: {
    type: "boolean",
    default: false,
    summary: "Ask whether an election could be won before raising the term (dissertation §9.6).",
  },
  checkQuorum: {
    type: "boolean",
    default: false,
    summary: "A leader that no majority has answered within an election timeout steps down (dissertation §6.2).",
  },
  reads: {
    type: "choice",
    of: ["readIndex", "log"],
    default: "readIndex",
    summary: "How reads are linearizable: by a round of heartbeats (dissertation §6.4), or as entries of the log.",
  },
  maxEntries: { type: "integer", min: 1, max: 10_000, default: 64, summary: "How many entries one message carries at most." },
  recovery: {
    type: "choice",
    of: ["halt", "discard", "truncate"],
    default: "halt",
    summary: "What a node does that finds its disk damaged at its start. Only halt is safe: who forgets a vote or an entry that others count on unmakes it.",
  },
};

/** What a cluster of one waits for: its vote in a term, or its log up to an index, to be on its disk. */
export type SyncToken = readonly ["vote" | "log", number];

export type Timer = "election" | "heartbeat" | "quorum";

/** The rules that mutants replace. Each is written down beside the rules that ask it. */
export interface Rules {
  // Elections.
  electionTimeout(options: Options): DurationRange;
  nextTerm(state: State): number;
  firstVotes(state: State, self: NodeId): readonly NodeId[];
  canvass(state: State, ctx: RaftCtx): void;
  majority(nodes: number): number;
  isUpToDate(log: Log<Entry>, lastIndex: number, lastTerm: number): boolean;
  isFreeToVote(state: State, candidate: NodeId): boolean;
  countVote(votes: readonly NodeId[], voter: NodeId): readonly NodeId[];
  isVoteForThisTerm(state: State, reply: RequestVoteReply): boolean;
  afterPreVotes(state: State, ctx: RaftCtx): void;
  afterDenial(ctx: RaftCtx): void;
  adoptTermOfReply(state: State, term: number, ctx: RaftCtx): void;
  logAtElection(state: State): Log<Entry>;
  // Replication.
  isOfEarlierTerm(state: State, message: AppendEntries): boolean;
  follow(state: State, leader: NodeId, ctx: RaftCtx): void;
  holdsEntry(log: Log<Entry>, index: number, term: number): boolean;
  mergeEntries(log: Log<Entry>, prevLogIndex: number, entries: readonly Entry[]): Log<Entry>;
  matchAfter(state: State, message: AppendEntries): number;
  commitAfter(state: State, message: AppendEntries): number;
  acknowledge(ctx: RaftCtx, to: NodeId, reply: RequestVoteReply | AppendEntriesReply): void;
  isReplyOfEarlierTerm(state: State, reply: AppendEntriesReply): boolean;
  matchAfterReply(known: number, reply: AppendEntriesReply): number;
  isOutdated(state: State, refusal: AppendEntriesReply, from: NodeId): boolean;
  heldBy(state: State, peer: NodeId): number;
  mayCommit(state: State, index: number): boolean;
  // Clients.
  replicate(state: State, ctx: RaftCtx): void;
  sendClientsAway(state: State, ctx: RaftCtx): void;
  roundFor(state: State, roundIsUnderWay: boolean): number;
  readIndex(state: State): number;
  confirmedRound(state: State, ctx: RaftCtx): number;
  applyCommand(state: State, command: Command): Reply | undefined;
}

export type RaftCtx = Ctx<Message, Timer, Options, Rules>;

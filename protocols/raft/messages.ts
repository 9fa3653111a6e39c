/** The messages of Figure 2, with what the extensions add to them, and how they read in words. */
import type { Entry } from "./state.ts";

export interface RequestVote {
  readonly type: "RequestVote";
  readonly term: number;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
}

export interface RequestVoteReply {
  readonly type: "RequestVoteReply";
  readonly term: number;
  readonly voteGranted: boolean;
}

/** Would you vote for me in `term`? Nobody's term changes by the question (dissertation §9.6). */
export interface PreVote {
  readonly type: "PreVote";
  /** The term that the sender would begin: one above its own. */
  readonly term: number;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
}

export interface PreVoteReply {
  readonly type: "PreVoteReply";
  /** The voter's own term. */
  readonly term: number;
  /** The term that was asked about. */
  readonly asked: number;
  readonly voteGranted: boolean;
}

/** Without entries it is a heartbeat. */
export interface AppendEntries {
  readonly type: "AppendEntries";
  readonly term: number;
  readonly prevLogIndex: number;
  readonly prevLogTerm: number;
  readonly entries: readonly Entry[];
  readonly leaderCommit: number;
  /** The leader's newest round of heartbeats, which the reply echoes (dissertation §6.4). */
  readonly round: number;
}

export interface AppendEntriesReply {
  readonly type: "AppendEntriesReply";
  readonly term: number;
  readonly success: boolean;
  /** Which message is answered. */
  readonly prevLogIndex: number;
  /** On success: up to where the logs are known to agree. */
  readonly matchIndex: number;
  /** On a mismatch: the index that the leader should go on from. 0 where the message was of an earlier term. */
  readonly retryFrom: number;
  /** The round of the message; 0 where the message was of an earlier term. */
  readonly round: number;
}

export type Message = RequestVote | RequestVoteReply | PreVote | PreVoteReply | AppendEntries | AppendEntriesReply;

function outcome(m: AppendEntriesReply): string {
  if (m.success) return `match ${m.matchIndex}`;
  return m.retryFrom === 0 ? "stale" : `mismatch at ${m.prevLogIndex} retry from ${m.retryFrom}`;
}

const granted = (m: { readonly voteGranted: boolean }): string => (m.voteGranted ? "granted" : "denied");

/** Places in the log read `index/term`. */
export const words = {
  RequestVote: (m: RequestVote) => `RequestVote term ${m.term} last ${m.lastLogIndex}/${m.lastLogTerm}`,
  RequestVoteReply: (m: RequestVoteReply) => `RequestVoteReply term ${m.term} ${granted(m)}`,
  PreVote: (m: PreVote) => `PreVote for term ${m.term} last ${m.lastLogIndex}/${m.lastLogTerm}`,
  PreVoteReply: (m: PreVoteReply) => `PreVoteReply term ${m.term} for term ${m.asked} ${granted(m)}`,
  AppendEntries: (m: AppendEntries) =>
    `AppendEntries term ${m.term} prev ${m.prevLogIndex}/${m.prevLogTerm} entries ${m.entries.length} commit ${m.leaderCommit}`,
  AppendEntriesReply: (m: AppendEntriesReply) => `AppendEntriesReply term ${m.term} ${outcome(m)}`,
};

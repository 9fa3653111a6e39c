/**
 * Raft: "In Search of an Understandable Consensus Algorithm" (Ongaro and Ousterhout, 2014; sections are cited as §5.1)
 * and Ongaro's dissertation, "Consensus: Bridging Theory and Practice" (2014), for what the paper leaves out. Rules that
 * are numbered here are numbered in Figure 2.
 *
 * Where to look: `state` and `messages` for the data; `terms`, `election` and `leadership` for who leads; `replication`,
 * `replies` and `commit` for the log; `requests`, `reads` and `machine` for the clients; `mutants` for what goes wrong
 * without a rule; `invariants` for what must hold.
 */
import { defineProtocol } from "../../sim/protocol.ts";
import { heldBy, mayCommit } from "./commit.ts";
import { options } from "./context.ts";
import type { Options, Rules, Timer } from "./context.ts";
import { afterDenial, afterPreVotes, canvass, countVote, firstVotes, isFreeToVote, isUpToDate, isVoteForThisTerm, nextTerm } from "./election.ts";
import { onElectionTimeout, onPreVote, onPreVoteReply, onRequestVote, onRequestVoteReply } from "./election.ts";
import { invariants } from "./invariants/index.ts";
import { logAtElection, onHeartbeatTimeout, onQuorumTimeout } from "./leadership.ts";
import { applyCommand, replicated } from "./machine.ts";
import { words } from "./messages.ts";
import type { Message } from "./messages.ts";
import { mutants } from "./mutants.ts";
import { confirmedRound, readIndex, roundFor } from "./reads.ts";
import { acknowledge, commitAfter, follow, holdsEntry, isOfEarlierTerm, matchAfter, mergeEntries } from "./replication.ts";
import { onAppendEntries } from "./replication.ts";
import { isOutdated, isReplyOfEarlierTerm, matchAfterReply, onAppendEntriesReply, onSynced } from "./replies.ts";
import { onCommand, onRead, replicate } from "./requests.ts";
import { sometimes } from "./sometimes.ts";
import { boot, durable, inspect, signature } from "./state.ts";
import type { Shown, State } from "./state.ts";
import { adoptTermOfReply, electionTimeout, majority, resetElectionTimer, sendClientsAway } from "./terms.ts";

export const rules: Rules = {
  electionTimeout,
  nextTerm,
  firstVotes,
  canvass,
  majority,
  isUpToDate,
  isFreeToVote,
  countVote,
  isVoteForThisTerm,
  afterPreVotes,
  afterDenial,
  adoptTermOfReply,
  logAtElection,
  isOfEarlierTerm,
  follow,
  holdsEntry,
  mergeEntries,
  matchAfter,
  commitAfter,
  acknowledge,
  isReplyOfEarlierTerm,
  matchAfterReply,
  isOutdated,
  heldBy,
  mayCommit,
  replicate,
  sendClientsAway,
  roundFor,
  readIndex,
  confirmedRound,
  applyCommand,
};

export const raft = defineProtocol<State, Message, Timer, Options, Rules, Shown>({
  name: "raft",
  summary: "Consensus on a replicated log by an elected leader, with a linearizable map of keys on top.",
  options,
  rules,
  boot,
  onStart: (_, ctx) => resetElectionTimer(ctx),
  onMessage: {
    RequestVote: onRequestVote,
    RequestVoteReply: onRequestVoteReply,
    PreVote: onPreVote,
    PreVoteReply: onPreVoteReply,
    AppendEntries: onAppendEntries,
    AppendEntriesReply: onAppendEntriesReply,
  },
  onTimer: { election: onElectionTimeout, heartbeat: onHeartbeatTimeout, quorum: onQuorumTimeout },
  onRequest: { read: onRead, write: onCommand, cas: onCommand },
  onSynced,
  recovery: (chosen) => chosen.recovery,
  durable,
  inspect,
  replicated,
  model: "kv",
  promises: { linearizable: true },
  client: { target: "sticky" },
  invariants,
  events: {
    "election.started": "A node stands for election. term: the one it would lead.",
    "election.won": "A candidate has the votes of a majority and leads. term: the one it leads.",
    "leader.stepped-down": "A leader leads no more. term: the one that it led.",
    "entry.committed": "A leader has committed an entry. index and term: of the entry.",
  },
  sometimes,
  signature,
  words,
  mutants,
});

/**
 * Raft without one of its rules: small, plausible mistakes, most of which some implementation has made. Each breaks an
 * invariant, linearizability or progress under the right faults.
 */
import type { DiskError, Recovery, Request } from "../../sim/protocol.ts";
import type { RaftCtx, Rules } from "./context.ts";
import { requestVotes } from "./election.ts";
import { becomeLeader } from "./leadership.ts";
import { applyCommand, done, execute, remembered, valueOf } from "./machine.ts";
import { follow } from "./replication.ts";
import { onRead, streamToAll } from "./requests.ts";
import { entryAt, lastLogIndex, lastLogTerm } from "./state.ts";
import type { State } from "./state.ts";
import { resetElectionTimer } from "./terms.ts";

interface RaftMutant {
  readonly summary: string;
  readonly needs?: { readonly [option: string]: string | number | boolean };
  readonly rules?: Partial<Rules>;
  readonly durable?: readonly (keyof State & string)[];
  readonly onDiskError?: (state: State, error: DiskError, ctx: RaftCtx) => void;
  readonly recovery?: Recovery;
  readonly onRequest?: { readonly [f: string]: (state: State, request: Request, ctx: RaftCtx) => void };
}

export const mutants: { readonly [name: string]: RaftMutant } = {
  // Elections.
  "double-vote": {
    summary: "A node votes for every candidate that asks, also twice in one term.",
    rules: { isFreeToVote: () => true },
  },
  "vote-forgotten-on-append": {
    summary: "A node that hears the leader of its term forgets its vote in it, and gives it to a candidate whose request comes late.",
    rules: {
      follow(state, leader, ctx) {
        state.votedFor = null;
        follow(state, leader, ctx);
      },
    },
  },
  "duplicate-vote-counted-twice": {
    summary: "Votes are counted by message and not by voter: a duplicated one makes a majority.",
    rules: { countVote: (votes, voter) => [...votes, voter] },
  },
  "stale-vote-counted": {
    summary: "A vote that was given in an earlier term counts in this one.",
    rules: { isVoteForThisTerm: () => true },
  },
  "votes-carried-over": {
    summary: "A candidate that stands again keeps the votes of its last attempt.",
    rules: { firstVotes: (state, self) => (state.votes.length > 0 ? state.votes : [self]) },
  },
  "stands-in-its-old-term": {
    summary: "A candidate does not raise the term: everybody has voted in it, so that who has lost its leader gets no other.",
    rules: { nextTerm: (state) => Math.max(1, state.currentTerm) },
  },
  "leads-by-pre-votes": {
    summary: "A majority of pre-votes makes a leader: they bind nobody, so another may get one too.",
    // Without a check of its quorum a leader that others cannot reach goes on as one, and needs no second of its term to be found.
    needs: { preVote: true, checkQuorum: true },
    rules: {
      afterPreVotes(state, ctx) {
        state.currentTerm += 1;
        state.votedFor = ctx.self;
        becomeLeader(state, ctx);
      },
    },
  },
  "quorum-off-by-one": {
    summary: "Half of the cluster, rounded down, is taken for a majority.",
    rules: { majority: (nodes) => Math.floor(nodes / 2) },
  },
  "no-up-to-date-check": {
    summary: "A node votes for candidates whose logs lack what it holds: one of them leads without committed entries.",
    rules: { isUpToDate: () => true },
  },
  "longer-log-wins": {
    summary: "Logs are compared by length alone: entries that were never committed beat newer ones that were.",
    rules: { isUpToDate: (log, lastIndex) => lastIndex >= lastLogIndex(log) },
  },
  "equal-log-denied": {
    summary: "Only a log that is ahead gets a vote: where all are the same, as at the start, nobody is ever elected.",
    rules: {
      isUpToDate(log, lastIndex, lastTerm) {
        if (lastTerm !== lastLogTerm(log)) return lastTerm > lastLogTerm(log);
        return lastIndex > lastLogIndex(log);
      },
    },
  },
  "denial-resets-timer": {
    summary: "Whoever denies a vote waits anew: a candidate that cannot win and asks often keeps the one that could from standing.",
    rules: { afterDenial: resetElectionTimer },
  },
  "candidate-stands-on": {
    summary: "A candidate that hears from the leader of its term goes on standing: it unseats that leader when its time is up.",
    rules: {
      follow(state, leader, ctx) {
        if (state.role !== "candidate") follow(state, leader, ctx);
      },
    },
  },
  "higher-term-in-reply-ignored": {
    summary: "A leader whose message is refused from a higher term goes on leading: who refused it will never obey it.",
    rules: { adoptTermOfReply: () => {} },
  },
  "timeout-not-random": {
    summary: "All nodes wait equally long for a leader: they stand at the same moment, vote for themselves, and do so again.",
    rules: { electionTimeout: ({ electionTimeout: [shortest] }) => shortest },
  },
  "leader-drops-uncommitted": {
    summary: "A new leader cuts off what it does not know as committed: the leader before it may have committed it.",
    rules: { logAtElection: (state) => state.log.truncate(state.commitIndex) },
  },

  // Replication.
  "old-leader-obeyed": {
    summary: "A message of an earlier term's leader is accepted: it cuts off what the leader of this term has committed.",
    rules: { isOfEarlierTerm: () => false },
  },
  "no-previous-term-check": {
    summary: "A follower checks that it holds an entry at prevLogIndex, and not of which term.",
    rules: { holdsEntry: (log, index) => index <= lastLogIndex(log) },
  },
  "cuts-on-any-append": {
    summary: "A follower cuts its log after every AppendEntries: an old, reordered one takes away newer entries.",
    rules: {
      mergeEntries: (log, prevLogIndex, entries) =>
        entries.reduce((merged, entry) => merged.append(entry), log.truncate(prevLogIndex)),
    },
  },
  "conflict-not-cut": {
    summary: "A follower appends what it is missing, and leaves what it has, also where the leader has something else.",
    rules: {
      mergeEntries: (log, prevLogIndex, entries) =>
        entries.slice(lastLogIndex(log) - prevLogIndex).reduce((merged, entry) => merged.append(entry), log),
    },
  },
  "acknowledges-its-own-end": {
    summary: "A follower acknowledges up to the end of its own log, where another leader's entries may stand.",
    rules: { matchAfter: (state) => lastLogIndex(state.log) },
  },
  "refusal-counted-as-match": {
    summary: "A refusal moves matchIndex as an acknowledgement does: entries that were lost on their way count as held.",
    rules: { matchAfterReply: (known, m) => Math.max(known, m.success ? m.matchIndex : m.prevLogIndex) },
  },
  "old-acknowledgement-counted": {
    summary: "What a follower acknowledged in an earlier term counts in this one, though it may have been cut off since.",
    rules: { isReplyOfEarlierTerm: () => false },
  },
  "refusals-ignored": {
    summary: "A leader does not go back where a follower refuses: one that has missed an entry is never brought up to date.",
    rules: { isOutdated: () => true },
  },

  // Commitment.
  "commits-what-was-sent": {
    summary: "An entry counts as held by whoever it was sent to, before it has been acknowledged.",
    rules: { heldBy: (state, peer) => state.nextIndex[peer]! - 1 },
  },
  "commits-beyond-match": {
    summary: "A follower takes the leader's commit index as it is, beyond what the message has shown to agree.",
    rules: { commitAfter: (state, m) => Math.max(state.commitIndex, Math.min(m.leaderCommit, lastLogIndex(state.log))) },
  },
  "commit-index-as-told": {
    summary: "A follower's commit index goes back where a message says less: an old one, or that of a new leader that knows less as committed.",
    rules: { commitAfter: (_, m) => Math.min(m.leaderCommit, m.prevLogIndex + m.entries.length) },
  },
  "commit-old-term": {
    summary: "An entry of an earlier term is committed by counting who holds it (Figure 8).",
    rules: { mayCommit: (state, index) => entryAt(state.log, index) !== undefined },
  },

  // Persistence and restart.
  "vote-not-persisted": {
    summary: "The vote is not saved: a node that restarts within a term votes again in it.",
    durable: ["currentTerm", "log"],
  },
  "term-not-persisted": {
    summary: "The term is not saved: a node that restarts begins again in terms in which it has voted already.",
    durable: ["votedFor", "log"],
  },
  "log-not-persisted": {
    summary: "The log is not saved: a node that restarts has lost entries that were committed with its help.",
    durable: ["currentTerm", "votedFor"],
  },
  "reply-before-persist": {
    summary: "Votes and acknowledgements leave before they are on disk: a crash takes back what others count on.",
    rules: {
      acknowledge(ctx, to, reply) {
        ctx.send(to, reply);
        ctx.persist();
      },
    },
  },
  "stands-before-persist": {
    summary: "A candidate asks for votes before its own is on disk: after a crash it votes for another in the same term.",
    rules: {
      canvass(state, ctx) {
        requestVotes(state, ctx);
        ctx.persist();
      },
    },
  },
  "sends-before-persist": {
    summary: "A leader sends an entry before it is on its own disk, and counts itself among those who hold it.",
    rules: {
      replicate(state, ctx) {
        streamToAll(state, ctx);
        ctx.persist();
      },
    },
  },
  "applied-index-without-machine": {
    summary: "How far a node had applied its log survives a restart, and what came of it does not: those commands are never applied again.",
    durable: ["currentTerm", "votedFor", "log", "commitIndex", "lastApplied"],
  },
  "sync-error-ignored": {
    summary: "A sync that failed is asked for again until the disk reports success, which it does of pages that it has lost.",
    onDiskError: (_, __, ctx) => ctx.persist(),
  },
  "damaged-disk-discarded": {
    summary: "A node that finds its disk damaged begins again from nothing, and takes part as if it had never promised anything.",
    recovery: "discard",
  },

  // Reads.
  "local-reads": {
    summary: "A leader answers reads from its own state, without asking whether it still leads.",
    onRequest: {
      read(state, request, ctx) {
        if (state.role !== "leader") return onRead(state, request, ctx);
        ctx.reply(request, { type: "ok", value: valueOf(state, request.key) });
      },
    },
  },
  "follower-reads": {
    summary: "Whoever is asked answers reads from what it has applied so far, which may be old.",
    onRequest: { read: (state, request, ctx) => ctx.reply(request, { type: "ok", value: valueOf(state, request.key) }) },
  },
  "reads-before-no-op": {
    summary: "A new leader answers reads by its commit index, before it has committed an entry of its own term.",
    rules: { readIndex: (state) => state.commitIndex },
  },
  "unconfirmed-reads": {
    summary: "Reads do not wait for a majority to answer a round of heartbeats.",
    rules: { confirmedRound: (state) => state.round },
  },
  "read-joins-earlier-round": {
    summary: "A read is confirmed by a round of heartbeats that was sent before it came: another may have been elected since.",
    rules: { roundFor: (state, roundIsUnderWay) => (roundIsUnderWay ? state.round : state.round + 1) },
  },

  // Sessions and what clients are told.
  "no-session-dedup": {
    summary: "A retried command is applied again: an old write returns after a newer one.",
    rules: { applyCommand: execute },
  },
  "latest-sequence-only": {
    summary: "A session remembers its highest sequence number alone: a command that was overtaken is taken for a repeated one.",
    rules: {
      applyCommand(state, command) {
        const highest = state.sessions[command.client] ?? 0;
        if (command.sequence <= highest) return done;
        state.sessions[command.client] = command.sequence;
        return execute(state, command);
      },
    },
  },
  "repeated-is-ok": {
    summary: "A repeated command is answered with ok, also where its comparison had been false.",
    rules: { applyCommand: (state, command) => (remembered(state, command) === undefined ? applyCommand(state, command) : done) },
  },
  "answers-by-index-alone": {
    summary: "Who waits at an index goes on waiting when the leader steps down, and is answered for whatever comes to stand there.",
    rules: { sendClientsAway: () => {} },
  },
  "fails-what-may-commit": {
    summary: "A leader that steps down tells its clients that their commands failed; the next leader may still commit them.",
    rules: {
      sendClientsAway(state, ctx) {
        for (const index in state.waiting) ctx.reply(state.waiting[index]!, { type: "fail", error: "deposed" });
        for (const read of state.reads) ctx.reply(read.request, { type: "redirect" });
        state.waiting = {};
        state.reads = [];
      },
    },
  },
};

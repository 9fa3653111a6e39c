/**
 * Raft without one of its rules: small, plausible mistakes, most of which some implementation has made. Each breaks an
 * invariant or linearizability under the right faults.
 */
import type { DiskError, Request } from "../../sim/protocol.ts";
import type { RaftCtx, Rules } from "./context.ts";
import { execute, valueOf } from "./machine.ts";
import { onRead } from "./requests.ts";
import { entryAt, lastLogIndex } from "./state.ts";
import type { State } from "./state.ts";

interface RaftMutant {
  readonly summary: string;
  readonly rules?: Partial<Rules>;
  readonly durable?: readonly (keyof State & string)[];
  readonly onDiskError?: (state: State, error: DiskError, ctx: RaftCtx) => void;
  readonly onRequest?: { readonly [f: string]: (state: State, request: Request, ctx: RaftCtx) => void };
}

export const mutants: { readonly [name: string]: RaftMutant } = {
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
  "double-vote": {
    summary: "A node votes for every candidate that asks, also twice in one term.",
    rules: { isFreeToVote: () => true },
  },
  "duplicate-vote-counted-twice": {
    summary: "Votes are counted by message and not by voter: a duplicated one makes a majority.",
    rules: { countVote: (votes, voter) => [...votes, voter] },
  },
  "stale-vote-counted": {
    summary: "A vote that was given in an earlier term counts in this one.",
    rules: { isVoteForThisTerm: () => true },
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
  "reply-before-persist": {
    summary: "Votes and acknowledgements leave before they are on disk: a crash takes back what others count on.",
    rules: {
      acknowledge(ctx, to, reply) {
        ctx.send(to, reply);
        ctx.persist();
      },
    },
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
  "acknowledges-its-own-end": {
    summary: "A follower acknowledges up to the end of its own log, where another leader's entries may stand.",
    rules: { matchAfter: (state) => lastLogIndex(state.log) },
  },
  "commits-beyond-match": {
    summary: "A follower takes the leader's commit index as it is, beyond what the message has shown to agree.",
    rules: { commitAfter: (state, m) => Math.min(m.leaderCommit, lastLogIndex(state.log)) },
  },
  "commit-old-term": {
    summary: "An entry of an earlier term is committed by counting who holds it (Figure 8).",
    rules: { mayCommit: (state, index) => entryAt(state.log, index) !== undefined },
  },
  "local-reads": {
    summary: "A leader answers reads from its own state, without asking whether it still leads.",
    onRequest: {
      read(state, request, ctx) {
        if (state.role !== "leader") return onRead(state, request, ctx);
        ctx.reply(request, { type: "ok", value: valueOf(state, request.key) });
      },
    },
  },
  "reads-before-no-op": {
    summary: "A new leader answers reads by its commit index, before it has committed an entry of its own term.",
    rules: { readIndex: (state) => state.commitIndex },
  },
  "unconfirmed-reads": {
    summary: "Reads do not wait for a majority to answer a round of heartbeats.",
    rules: { confirmedRound: (state) => state.round },
  },
  "sync-error-ignored": {
    summary: "A sync that failed is asked for again until the disk reports success, which it does of pages that it has lost.",
    onDiskError: (_, __, ctx) => ctx.persist(),
  },
  "no-session-dedup": {
    summary: "A retried command is applied again: an old write returns after a newer one.",
    rules: { applyCommand: execute },
  },
};

/** What a Raft node keeps (Figure 2, State), and the questions that every rule asks of it. */
import { Log } from "../../sim/protocol.ts";
import type { ClientId, NodeId, Reply, Request, Value } from "../../sim/protocol.ts";

/** `preCandidate` asks whether it could win before it disturbs anybody (dissertation §9.6). */
export type Role = "follower" | "preCandidate" | "candidate" | "leader";

/** What a client asked for, with its session, so that a retried command is applied once (§8). */
export interface Command {
  readonly f: string;
  readonly key: string;
  readonly value: Value;
  readonly client: ClientId;
  readonly sequence: number;
  /** The lowest sequence number that the session still waits for, when it asked. */
  readonly firstOpen: number;
}

/** An entry of the log. A null command is the no-op with which a leader begins its term (§8). */
export interface Entry {
  readonly term: number;
  readonly command: Command | null;
}

/** A read that waits for its turn (dissertation §6.4). */
export interface Read {
  readonly request: Request;
  /** The state machine must have applied this much before the read may be answered. */
  readonly readIndex: number;
  /** The round of heartbeats that confirms that no newer leader had been elected when the read arrived. */
  readonly round: number;
}

export interface State {
  // Persistent on all nodes.
  currentTerm: number;
  votedFor: NodeId | null;
  log: Log<Entry>;

  // Volatile on all nodes.
  role: Role;
  /** Whom this node believes to be the leader of its term. */
  leader: NodeId | null;
  /** When it last heard from a leader, by its own clock; -1: never. Liveness depends on it (pre-vote), safety does not. */
  heardLeaderAt: number;
  commitIndex: number;
  lastApplied: number;

  // The state machine: a map of keys, and what it remembers of each session.
  kv: Record<string, Value>;
  /** The lowest sequence number that each session still waits for. */
  sessions: Record<ClientId, number>;
  /** The reply to each command that its session still waits for, by session and sequence number. */
  replies: Record<string, Reply>;

  // Volatile on candidates and pre-candidates.
  votes: readonly NodeId[];

  // Volatile on leaders.
  /** The index of the no-op with which this leader began its term. */
  termStart: number;
  nextIndex: Record<NodeId, number>;
  matchIndex: Record<NodeId, number>;
  /** Followers whose log is still to be matched: they get one message at a time, and nextIndex stays until it is answered. */
  probing: Record<NodeId, boolean>;
  /** Followers that have replied since the last check of the quorum (dissertation §6.2). */
  heard: Record<NodeId, boolean>;
  /** The newest round of heartbeats, and the newest round that each follower has answered. */
  round: number;
  answeredRound: Record<NodeId, number>;
  /** Requests that wait for the entry at an index to be applied. */
  waiting: Record<number, Request>;
  reads: Read[];
}

/** What survives a crash. */
export const durable = ["currentTerm", "votedFor", "log"] as const satisfies readonly (keyof State)[];

export const nobody: readonly never[] = Object.freeze([]);

export function boot(): State {
  return {
    currentTerm: 0,
    votedFor: null,
    log: Log.of<Entry>(),
    role: "follower",
    leader: null,
    heardLeaderAt: -1,
    commitIndex: 0,
    lastApplied: 0,
    kv: {},
    sessions: {},
    replies: {},
    votes: nobody,
    termStart: 0,
    nextIndex: {},
    matchIndex: {},
    probing: {},
    heard: {},
    round: 0,
    answeredRound: {},
    waiting: {},
    reads: [],
  };
}

/** Indexes count from 1, as in the paper; the log counts positions from 0. */
export const entryAt = (log: Log<Entry>, index: number): Entry | undefined => log.at(index - 1);

/** The term of the entry at an index; 0 before the first, -1 where there is none. */
export const termAt = (log: Log<Entry>, index: number): number => (index === 0 ? 0 : entryAt(log, index)?.term ?? -1);

export const lastLogIndex = (log: Log<Entry>): number => log.length;
export const lastLogTerm = (log: Log<Entry>): number => termAt(log, log.length);

/** The highest of these numbers that `majority` of them reach or exceed. */
export function reachedByMajority(values: readonly number[], majority: number): number {
  let highest = 0;
  for (const value of values) {
    if (value <= highest) continue;
    let reached = 0;
    for (const other of values) if (other >= value) reached += 1;
    if (reached >= majority) highest = value;
  }
  return highest;
}

/** What viewers and invariants may see. */
export interface Shown {
  readonly role: Role;
  readonly term: number;
  readonly votedFor: NodeId | null;
  readonly leader: NodeId | null;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly log: Log<Entry>;
  /** Whose votes a candidate or leader has for its term. */
  readonly votes: readonly NodeId[];
  /** Of leaders. */
  readonly nextIndex?: { readonly [node: NodeId]: number };
  readonly matchIndex?: { readonly [node: NodeId]: number };
}

/** The state's own records: whoever keeps them copies them. */
export function inspect(state: State): Shown {
  const { role, currentTerm: term, votedFor, leader, commitIndex, lastApplied, log, votes, nextIndex, matchIndex } = state;
  if (role !== "leader") return { role, term, votedFor, leader, commitIndex, lastApplied, log, votes };
  return { role, term, votedFor, leader, commitIndex, lastApplied, log, votes, nextIndex, matchIndex };
}

/**
 * Who is what, who is ahead of whom by term and by log, and whether anything waits to be committed. Of how long the logs are
 * and what they hold, nothing: that is new in every run.
 */
export function signature({ role, currentTerm, votedFor, leader, log, commitIndex }: State): Value {
  const last = lastLogTerm(log);
  const open = log.length - commitIndex;
  return {
    role,
    term: currentTerm,
    hasVoted: votedFor !== null,
    hasLeader: leader !== null,
    lastTerm: last,
    length: log.length,
    isOfThisTerm: last === currentTerm,
    open: open <= 0 ? "nothing" : open < 8 ? "some" : "much",
  };
}

/** One Raft node by itself, with a log of given terms, for looking at its rules. */
import { boot } from "../../../protocols/raft/state.ts";
import type { Entry, State } from "../../../protocols/raft/state.ts";
import { raft } from "../../../protocols/raft/index.ts";
import type { Options, Rules, Timer } from "../../../protocols/raft/context.ts";
import type { Message } from "../../../protocols/raft/messages.ts";
import { Log } from "../../../sim/protocol.ts";
import type { Value } from "../../../sim/protocol.ts";
import { RecordingCtx } from "../recorder.ts";

export type Ctx = RecordingCtx<Message, Timer, Options, Rules>;

/** Entries of these terms, in this order; each writes its index to the key `x`. */
export function logOf(...terms: readonly number[]): Log<Entry> {
  return Log.of(terms.map((term, position) => entry(term, position + 1)));
}

export function entry(term: number, value: Value, sequence = 1): Entry {
  return { term, command: { f: "write", key: "x", value, client: `c${term}-${String(value)}`, sequence, firstOpen: 1 } };
}

export const termsOf = (log: Log<Entry>): number[] => [...log].map(({ term }) => term);

export interface Node {
  readonly state: State;
  readonly ctx: Ctx;
  receive(from: string, message: Message): void;
}

interface Cluster {
  readonly self?: string;
  readonly nodes?: number;
  readonly options?: Partial<Options>;
}

export function node({ self = "n1", nodes = 5, options = {}, ...state }: Partial<State> & Cluster = {}): Node {
  type Handler = (state: State, message: Message, from: string, ctx: Ctx) => void;
  const ctx: Ctx = new RecordingCtx(raft, self, nodes, options);
  const whole: State = { ...boot(), ...state };
  return {
    state: whole,
    ctx,
    receive: (from, message) => (raft.onMessage[message.type] as Handler)(whole, message, from, ctx),
  };
}

/** A node that has just won an election. What it asked for until then is forgotten. */
export function leader(of: Partial<State> & Cluster = {}): Node {
  const one = node(of);
  raft.onTimer!.election(one.state, one.ctx, "");
  for (const voter of one.ctx.peers) {
    if (one.state.role === "candidate") one.receive(voter, { type: "RequestVoteReply", term: one.state.currentTerm, voteGranted: true });
  }
  if (one.ctx.peers.length === 0) raft.onSynced!(one.state, ["vote", one.state.currentTerm], one.ctx);
  one.ctx.take();
  return one;
}

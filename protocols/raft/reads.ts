/** Linearizable reads without writing to the log (dissertation §6.4). */
import type { Request } from "../../sim/protocol.ts";
import type { RaftCtx } from "./context.ts";
import { valueOf } from "./machine.ts";
import { sendHeartbeats } from "./replication.ts";
import { reachedByMajority } from "./state.ts";
import type { State } from "./state.ts";

/**
 * Notes what must be applied before the read is answered, and which round of heartbeats must be answered by a majority.
 * One round is under way at a time; reads that come meanwhile share the next.
 */
export function readByIndex(state: State, request: Request, ctx: RaftCtx): void {
  const roundIsUnderWay = ctx.rules.confirmedRound(state, ctx) < state.round;
  const round = ctx.rules.roundFor(state, roundIsUnderWay);
  const read = Object.freeze({ request, readIndex: ctx.rules.readIndex(state), round });
  state.reads.push(read);
  if (!roundIsUnderWay) startRound(state, ctx);
}

/** A round that began before the read came may have been answered before another leader was elected. */
export const roundFor = (state: State, _roundIsUnderWay: boolean): number => state.round + 1;

function startRound(state: State, ctx: RaftCtx): void {
  state.round += 1;
  sendHeartbeats(state, ctx);
  answerReads(state, ctx); // A cluster of one.
}

/**
 * 1, 2. What is committed now; but a new leader knows that only once the no-op of its term is committed. Until then the
 * read waits for the no-op, which lies behind everything that earlier leaders have committed.
 */
export const readIndex = (state: State): number => Math.max(state.commitIndex, state.termStart);

/** 3. The newest round that a majority has answered, this node included: nobody else led when that round began. */
export function confirmedRound(state: State, ctx: RaftCtx): number {
  const answered = [state.round];
  for (const peer of ctx.peers) answered.push(state.answeredRound[peer]!);
  return reachedByMajority(answered, ctx.rules.majority(ctx.nodes.length));
}

/** 4, 5. Answers the reads whose round is confirmed and whose index is applied, and starts the next round if one is asked for. */
export function answerReads(state: State, ctx: RaftCtx): void {
  if (state.reads.length === 0) return;
  const confirmed = ctx.rules.confirmedRound(state, ctx);
  const ready = (round: number, index: number): boolean => round <= confirmed && index <= state.lastApplied;
  const answered = state.reads.filter((read) => ready(read.round, read.readIndex));
  if (answered.length > 0) state.reads = state.reads.filter((read) => !ready(read.round, read.readIndex));
  for (const { request } of answered) ctx.reply(request, { type: "ok", value: valueOf(state, request.key) });

  const newest = state.reads.at(-1);
  if (newest !== undefined && newest.round > state.round && confirmed >= state.round) startRound(state, ctx);
}

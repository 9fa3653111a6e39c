/** When an entry is committed (§5.3, §5.4.2), and what happens then. */
import type { NodeId } from "../../sim/protocol.ts";
import type { RaftCtx, SyncToken } from "./context.ts";
import { entryAt, lastLogIndex, reachedByMajority, termAt } from "./state.ts";
import type { State } from "./state.ts";

/**
 * Rules for Servers, leaders: the highest index that a majority holds, if its entry is of the current term. What the
 * leader holds itself counts too: it is on its disk before a follower hears of it.
 */
export function advanceCommitIndex(state: State, heldHere: number, ctx: RaftCtx): void {
  const held = [heldHere];
  for (const peer of ctx.peers) held.push(ctx.rules.heldBy(state, peer));
  const index = reachedByMajority(held, ctx.rules.majority(ctx.nodes.length));
  if (index <= state.commitIndex || !ctx.rules.mayCommit(state, index)) return;

  if (termAt(state.log, state.commitIndex + 1) !== state.currentTerm) ctx.sometimes("entry.committed-late");
  for (let next = state.commitIndex + 1; next <= index; next += 1) {
    ctx.emit("entry.committed", { index: next, term: termAt(state.log, next) });
  }
  state.commitIndex = index;
  applyCommitted(state, ctx);
}

/** What a follower has acknowledged, and not what it was sent. */
export const heldBy = (state: State, peer: NodeId): number => state.matchIndex[peer]!;

/**
 * Only entries of the leader's own term are committed by counting; those before them are committed with them. An entry of
 * an earlier term may be on a majority and still be overwritten (§5.4.2, Figure 8).
 */
export const mayCommit = (state: State, index: number): boolean => termAt(state.log, index) === state.currentTerm;

/** A cluster of one has nobody to wait for but its own disk. */
export function commitAlone(state: State, ctx: RaftCtx): void {
  if (ctx.peers.length === 0) ctx.disk.sync(["log", lastLogIndex(state.log)] satisfies SyncToken);
}

/** Rules for Servers, all servers: apply what is committed, in order (§5.3). Whoever waits for an entry is answered. */
export function applyCommitted(state: State, ctx: RaftCtx): void {
  while (state.lastApplied < state.commitIndex) {
    const entry = entryAt(state.log, state.lastApplied + 1);
    if (entry === undefined) return; // Committed elsewhere, and not here yet.
    state.lastApplied += 1;
    const reply = entry.command === null ? undefined : ctx.rules.applyCommand(state, entry.command);
    const request = state.waiting[state.lastApplied];
    if (request === undefined) continue;
    delete state.waiting[state.lastApplied];
    if (reply !== undefined) ctx.reply(request, reply);
  }
}

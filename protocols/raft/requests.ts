/** What a node does with a client's request (§8). */
import type { Request } from "../../sim/protocol.ts";
import { commitAlone } from "./commit.ts";
import type { RaftCtx } from "./context.ts";
import { remembered } from "./machine.ts";
import { readByIndex } from "./reads.ts";
import { stream } from "./replication.ts";
import { lastLogIndex } from "./state.ts";
import type { Command, State } from "./state.ts";

export function onRead(state: State, request: Request, ctx: RaftCtx): void {
  if (state.role !== "leader") return redirect(state, request, ctx);
  if (ctx.options.reads === "log") propose(state, request, ctx);
  else readByIndex(state, request, ctx);
}

export function onCommand(state: State, request: Request, ctx: RaftCtx): void {
  if (state.role !== "leader") return redirect(state, request, ctx);
  propose(state, request, ctx);
}

/** Followers send clients to the leader, if they know one. */
function redirect(state: State, request: Request, ctx: RaftCtx): void {
  ctx.reply(request, { type: "redirect", to: state.leader ?? undefined });
}

/** Rules for Servers, leaders: append the command to the log, and answer when it has been applied (§5.3). */
function propose(state: State, request: Request, ctx: RaftCtx): void {
  const command = commandOf(request);
  const known = remembered(state, command);
  if (known !== undefined) {
    ctx.sometimes("command.repeated");
    return ctx.reply(request, known); // It is committed already.
  }

  state.log = state.log.append({ term: state.currentTerm, command });
  state.waiting[lastLogIndex(state.log)] = request;
  ctx.rules.replicate(state, ctx);
  commitAlone(state, ctx);
}

/** The durable state first: a leader counts itself among those who hold an entry as soon as others do. */
export function replicate(state: State, ctx: RaftCtx): void {
  ctx.persist();
  streamToAll(state, ctx);
}

export function streamToAll(state: State, ctx: RaftCtx): void {
  for (const peer of ctx.peers) stream(state, peer, ctx);
}

function commandOf({ f, key, value, client, sequence, firstOpen }: Request): Command {
  return Object.freeze({ f, key, value, client, sequence, firstOpen });
}

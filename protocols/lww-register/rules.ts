/** The rules: writes and reads are answered at once, and what is newer wins wherever two registers meet. */
import type { NodeId, Request, Value } from "../../sim/protocol.ts";
import type { Gossip, GossipCtx, Register, Registers, State } from "./state.ts";

export function onRead(state: State, request: Request, ctx: GossipCtx): void {
  ctx.reply(request, { type: "ok", value: valueOf(state, request.key) });
}

export function onWrite(state: State, request: Request, ctx: GossipCtx): void {
  write(state, request, request.value, ctx);
}

/** Compares with what this node holds, which another node may have overwritten already: it is not atomic. */
export function onCas(state: State, request: Request, ctx: GossipCtx): void {
  const [expected, next] = request.value as readonly [Value, Value];
  if (!isSame(valueOf(state, request.key), expected)) return ctx.reply(request, { type: "fail", error: "mismatch" });
  write(state, request, next, ctx);
}

/**
 * A write meets what the node holds as any other register does. If this node's clock is behind the one that stamped it,
 * the write is lost here and now, and its client is told that all is well. That is the weakness of this protocol.
 */
function write(state: State, request: Request, value: Value, ctx: GossipCtx): void {
  const isKept = merge(state, request.key, Object.freeze({ value, stamp: ctx.now, node: ctx.self }), ctx);
  if (!isKept) ctx.emit("write.lost", { key: request.key });
  ctx.rules.acknowledge(() => ctx.reply(request, { type: "ok" }), ctx);
}

/** What was answered survives a crash of this node. */
export function acknowledge(answer: () => void, ctx: GossipCtx): void {
  ctx.persist();
  answer();
}

const valueOf = (state: State, key: string): Value => state.registers[key]?.value ?? null;

const isSame = (a: Value, b: Value): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** The later stamp wins, and between equal stamps the greater name: whichever of two comes first, the same one stays. */
export function isNewer(a: Register, b: Register | undefined): boolean {
  if (b === undefined || a.stamp !== b.stamp) return b === undefined || a.stamp > b.stamp;
  return a.node > b.node;
}

/** Keeps the newer of two registers of a key; true if that is the one that came. */
function merge(state: State, key: string, register: Register, ctx: GossipCtx): boolean {
  if (!ctx.rules.isNewer(register, state.registers[key])) return false;
  state.registers[key] = register;
  return true;
}

/** At a start, nodes begin their rounds at different times. */
export function startGossip(_: State, ctx: GossipCtx): void {
  ctx.setTimer("gossip", [0, ctx.options.gossipPeriod[1]]);
}

/** Everything, again and again: so nothing depends on a message that was lost, or on who was cut off when. */
export function onGossipTimeout(state: State, ctx: GossipCtx): void {
  ctx.setTimer("gossip", ctx.options.gossipPeriod);
  const registers = ctx.rules.news(state.registers, ctx);
  for (const peer of ctx.rules.confidants(ctx)) ctx.send(peer, { type: "Gossip", registers });
}

export const news = (registers: Registers): Registers => ({ ...registers });

/** All others, or so many of them as the fanout allows. */
export function confidants(ctx: GossipCtx): readonly NodeId[] {
  if (ctx.options.fanout >= ctx.peers.length) return ctx.peers;
  const left = ctx.peers.slice();
  const chosen: NodeId[] = [];
  while (chosen.length < ctx.options.fanout) {
    const peer = ctx.pick(left);
    left.splice(left.indexOf(peer), 1);
    chosen.push(peer);
  }
  return chosen;
}

/** Nothing is saved here: who wrote it has saved it, and will tell it again. */
export function onGossip(state: State, m: Gossip, _: NodeId, ctx: GossipCtx): void {
  for (const key in m.registers) {
    const told = ctx.rules.received(m.registers[key]!, ctx);
    const held = state.registers[key];
    if (!merge(state, key, told, ctx)) mark(told, held!, ctx);
  }
}

function mark(told: Register, held: Register, ctx: GossipCtx): void {
  if (told.stamp < held.stamp) ctx.sometimes("write.overtaken");
  else if (told.stamp === held.stamp && told.node !== held.node) ctx.sometimes("stamps.tied");
}

export const received = (register: Register): Register => register;

/** The replicated state machine: a map of keys, and the sessions that apply each command once (§8, dissertation §6.3). */
import type { Reply, Value } from "../../sim/protocol.ts";
import type { Command, State } from "./state.ts";

export const done: Reply = Object.freeze({ type: "ok" });
const mismatch: Reply = Object.freeze({ type: "fail", error: "mismatch" });

/**
 * Applies a command once, and says what its client is to be told. Undefined: the session has stopped waiting for it, so
 * nobody is, and it must not be applied, because whether it was is not remembered any more.
 */
export function applyCommand(state: State, command: Command): Reply | undefined {
  forgetClosed(state, command);
  const known = remembered(state, command);
  if (known !== undefined) return known;
  if (command.sequence < state.sessions[command.client]!) return undefined;
  const reply = execute(state, command);
  state.replies[replyKey(command)] = reply;
  return reply;
}

/** The reply to a command that was applied before, and that its session still waits for. */
export const remembered = (state: State, command: Command): Reply | undefined => state.replies[replyKey(command)];

const replyKey = (command: Command): string => `${command.client}/${command.sequence}`;

/** A client has many operations open at once: every reply that it may still ask for is kept, and no other. */
function forgetClosed(state: State, command: Command): void {
  const { client, sequence: own } = command;
  // What it asks for is open itself; a number that was changed on its way must not have us count to it.
  const firstOpen = Math.min(command.firstOpen, own);
  const kept = (state.sessions[client] ??= 1);
  if (firstOpen <= kept) return;
  for (let sequence = kept; sequence < firstOpen; sequence += 1) delete state.replies[`${client}/${sequence}`];
  state.sessions[client] = firstOpen;
}

/** Does what the command says, whether it was done before or not. */
export function execute(state: State, command: Command): Reply {
  const { f, key, value } = command;
  if (f === "read") return Object.freeze({ type: "ok", value: valueOf(state, key) });
  if (f === "write") {
    state.kv[key] = value;
    return done;
  }
  const [expected, next] = value as readonly [Value, Value];
  if (!sameValue(valueOf(state, key), expected)) return mismatch;
  state.kv[key] = next;
  return done;
}

/** Every key begins as null. */
export const valueOf = (state: State, key: string): Value => state.kv[key] ?? null;

function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object") return false;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What must be equal on all nodes in the end. */
export function replicated(state: State): Value {
  const sorted: Record<string, Value> = {};
  for (const key of Object.keys(state.kv).sort()) sorted[key] = state.kv[key]!;
  return sorted;
}

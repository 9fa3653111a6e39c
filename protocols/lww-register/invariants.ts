/** What must hold at every moment. That the nodes agree in the end is an expectation of scenarios: `converged`. */
import type { Invariant, NodeId, View } from "../../sim/protocol.ts";
import { isNewer } from "./rules.ts";
import type { Register, Registers } from "./state.ts";

export interface Shown {
  readonly registers: Readonly<Registers>;
}

const describe = (register: Register): string => `${String(register.value)} of ${register.node} at ${register.stamp}`;

export const stampsNeverGoBack: Invariant<Shown, { readonly incarnation: { [node: NodeId]: number } }> = {
  name: "stamps never go back",
  summary: "While a node is up, what it holds of a key is only ever replaced by something newer.",
  begin: () => ({ incarnation: {} }),
  onChange({ incarnation }, node, view) {
    const isSameBoot = incarnation[node] === view.incarnation(node);
    incarnation[node] = view.incarnation(node);
    const before = view.before(node)?.registers ?? {};
    const now = view.shown(node)!.registers;
    if (!isSameBoot || before === now) return undefined;
    for (const key in before) {
      const [old, held] = [before[key]!, now[key]];
      if (held === old || (held !== undefined && !isNewer(old, held))) continue;
      const instead = held === undefined ? "nothing" : describe(held);
      return { message: `${node} held ${describe(old)} for ${key}, and then ${instead}`, nodes: [node] };
    }
    return undefined;
  },
};

interface Write {
  readonly key: string;
  readonly value: unknown;
}

interface Acknowledgements {
  /** By key, the newest write that a client was told of. */
  readonly newest: { [key: string]: Register };
  /** By node, writes whose replies left before what the node shows was looked at. */
  readonly early: { [node: NodeId]: readonly Write[] };
}

/** Older writes give way to newer ones, but the newest that was acknowledged is held somewhere, or something newer is. */
export const nothingAcknowledgedIsLost: Invariant<Shown, Acknowledgements> = {
  name: "nothing acknowledged is lost",
  summary: "Of each key, some node holds the newest write that a client was told of, or a newer one.",
  begin: () => ({ newest: {}, early: {} }),
  onReply(memory, node, request, reply, view) {
    if (reply.type !== "ok" || request.f === "read") return undefined;
    const value = request.f === "cas" ? (request.value as readonly unknown[])[1] : request.value;
    const write = { key: request.key, value };
    if (!note(memory, node, write, view)) memory.early[node] = [...(memory.early[node] ?? []), write];
    return undefined;
  },
  onChange(memory, node, view) {
    // A reply may leave in the event that takes the write. What is not held then was older than what the node held.
    for (const write of memory.early[node] ?? []) note(memory, node, write, view);
    delete memory.early[node];
    if (isFirstSight(node, view)) return undefined;
    const now = view.shown(node)!.registers;
    const before = view.before(node)?.registers ?? {};
    for (const key in before) {
      if (now[key] !== undefined && !isNewer(before[key]!, now[key])) continue;
      const lost = memory.newest[key];
      if (lost === undefined || isHeld(lost, key, view)) continue;
      const message = `no node holds ${describe(lost)} for ${key} any more, which ${lost.node} had acknowledged`;
      return { message, nodes: [node] };
    }
    return undefined;
  },
};

const isFirstSight = (node: NodeId, view: View<Shown>): boolean => view.before(node) === undefined;

/** Notes an acknowledged write; false if the node does not show it. Values are unique, so the value tells. */
function note(memory: Acknowledgements, node: NodeId, write: Write, view: View<Shown>): boolean {
  const held = view.shown(node)?.registers[write.key];
  if (held === undefined || held.value !== write.value) return false;
  if (isNewer(held, memory.newest[write.key])) memory.newest[write.key] = held;
  return true;
}

const isHeld = (register: Register, key: string, view: View<Shown>): boolean =>
  view.nodes.some((node) => {
    const held = view.shown(node)?.registers[key];
    return held !== undefined && !isNewer(register, held);
  });

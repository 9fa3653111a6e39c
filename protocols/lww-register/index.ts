/**
 * Registers of which the last writer wins, by the clocks of the nodes. Every node answers at once from what it holds, and
 * tells the others from time to time, so that all agree in the end: available under every partition, convergent, and not
 * linearizable. Clocks decide which write is last, so a clock that is behind loses writes that clients were told of.
 */
import { defineProtocol } from "../../sim/protocol.ts";
import type { Value } from "../../sim/protocol.ts";
import { nothingAcknowledgedIsLost, stampsNeverGoBack } from "./invariants.ts";
import type { Shown } from "./invariants.ts";
import { mutants } from "./mutants.ts";
import { acknowledge, confidants, isNewer, news, onCas, onGossip, onGossipTimeout, onRead, onWrite, received, startGossip } from "./rules.ts";
import { options, signature } from "./state.ts";
import type { Gossip, Options, Rules, State } from "./state.ts";

export const rules: Rules = { isNewer, news, confidants, received, acknowledge };

export const lwwRegister = defineProtocol<State, Gossip, "gossip", Options, Rules, Shown>({
  name: "lww-register",
  summary: "A map of registers of which the last writer wins, by node clocks, spread by gossip. Converges; not linearizable.",
  options,
  rules,
  boot: () => ({ registers: {} }),
  onStart: startGossip,
  onMessage: { Gossip: onGossip },
  onTimer: { gossip: onGossipTimeout },
  onRequest: { read: onRead, write: onWrite, cas: onCas },
  // Nobody counts on what a node remembers: what it has forgotten, the others tell it again.
  recovery: "discard",
  durable: ["registers"],
  inspect: ({ registers }) => ({ registers }),
  replicated: ({ registers }) => sorted(registers),
  model: "kv",
  promises: { converged: { within: "3s" } },
  client: { target: "any" },
  invariants: [stampsNeverGoBack, nothingAcknowledgedIsLost],
  events: {
    "write.lost": "A write was older, by its node's clock, than what the node held: it was answered, and lost. key: its key.",
  },
  sometimes: {
    "stamps.tied": "A node was told of a write with the same stamp as the one that it holds: the greater name decides.",
    "write.overtaken": "A node was told of a write that another had overtaken.",
  },
  signature,
  words: { Gossip: (m) => `Gossip registers ${Object.keys(m.registers).length}` },
  mutants,
});

function sorted(registers: State["registers"]): Value {
  const inOrder: Record<string, Value> = {};
  for (const key of Object.keys(registers).sort()) inOrder[key] = { ...registers[key]! };
  return inOrder;
}

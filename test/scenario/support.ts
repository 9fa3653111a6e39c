/** A small protocol of each sort, and short ways to a scenario or its mistakes. */
import { InputError, type Diagnostic } from "../../sim/scenario/diagnostics.ts";
import { parseScenario, type ParseContext } from "../../sim/scenario/parse.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { defineProtocol, ms, type AnyProtocol } from "../../sim/protocol.ts";

/** Serves reads and writes, converges, and has one of most things. */
export const kv: AnyProtocol = defineProtocol<{ heard: number }, never, never, { electionTimeout: number; preVote: boolean; reads: string }>({
  name: "kv",
  options: {
    electionTimeout: { type: "durationRange", min: ms(1), default: [ms(150), ms(300)] },
    preVote: { type: "boolean", default: false },
    reads: { type: "choice", of: ["log", "lease"], default: "log" },
  },
  boot: () => ({ heard: 0 }),
  onMessage: {},
  onRequest: { read() {}, write() {}, cas() {} },
  replicated: (state) => state.heard,
  model: "kv",
  events: { "election.won": "A node became leader.", "election.started": "A node became candidate." },
  mutants: { "vote-not-persisted": { summary: "Forgets." }, "double-vote": { summary: "Votes twice." } },
});

/** Serves no client, and says nothing of what its state means. */
export const silent: AnyProtocol = defineProtocol<{ heard: number }>({ name: "silent", boot: () => ({ heard: 0 }), onMessage: {}, onRequest: {} });

/** Serves operations of its own. */
export const queue: AnyProtocol = defineProtocol<{ heard: number }>({
  name: "queue",
  boot: () => ({ heard: 0 }),
  onMessage: {},
  onRequest: { push() {}, pop() {}, peek() {} },
  model: "queue",
  client: { target: "sticky" },
});

const known = new Map([kv, silent, queue].map((protocol) => [protocol.name, protocol]));

export const context: ParseContext = { file: "test.yaml", protocols: (name) => known.get(name), protocolNames: [...known.keys()] };

/** The scenario in a text that begins after its `version` and `protocol`. */
export function scenarioOf(rest: string, more: Partial<ParseContext> = {}, protocol = "kv"): Scenario {
  return parseScenario(head(protocol) + rest, { ...context, ...more });
}

/** Two lines stand before the rest. */
const head = (protocol: string): string => `version: 1\nprotocol: ${protocol}\n`;

/** The mistakes in a whole text; none where it has none. */
export function mistakesIn(text: string, more: Partial<ParseContext> = {}): readonly Diagnostic[] {
  try {
    parseScenario(text, { ...context, ...more });
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics;
    throw error;
  }
  return [];
}

/** As `line:column message`, for a text that begins after its `version` and `protocol`. */
export function mistakes(rest: string, more: Partial<ParseContext> = {}, protocol = "kv"): string[] {
  return mistakesIn(head(protocol) + rest, more).map(({ line, column, message }) => `${line}:${column} ${message}`);
}

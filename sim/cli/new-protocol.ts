/** The files that `splitbrain new` writes: small, whole, and meant to be changed. */

/** A protocol with its scenario's name in place of NAME. At most sixty lines, which a test counts. */
export const protocolTemplate = `/** A map of registers with one primary: n1 decides, the others keep copies, and a write is answered when a majority has it. */
import { defineProtocol, type Ctx, type NodeId, type Request, type Value } from "splitbrain";

interface State {
  role: "leader" | "copy";
  values: Record<string, Value>;
  applied: Record<string, boolean>; // Writes by operation: a retried one is applied once.
  waiting: Record<string, { readonly request: Request; readonly holders: readonly NodeId[] }>;
}
type Message =
  | { type: "Copy"; operation: string; key: string; value: Value } // primary → all: keep this
  | { type: "Copied"; operation: string }; // the answer
type Context = Ctx<Message>;

const isPrimary = (ctx: Context): boolean => ctx.self === ctx.nodes[0];
const redirect = (request: Request, ctx: Context): void => ctx.reply(request, { type: "redirect", to: ctx.nodes[0] });

function onRead(state: State, request: Request, ctx: Context): void {
  if (!isPrimary(ctx)) return redirect(request, ctx); // A copy may be old: remove this line and see who notices.
  ctx.reply(request, { type: "ok", value: state.values[request.key] ?? null });
}

function onWrite(state: State, request: Request, ctx: Context): void {
  if (!isPrimary(ctx)) return redirect(request, ctx);
  const { key, value } = request;
  const operation = String(request.operation);
  if (!state.applied[operation]) state.values[key] = value;
  state.applied[operation] = true;
  state.waiting[operation] = { request, holders: [ctx.self] };
  ctx.persist(); // Before anybody hears of it: what we answered must survive a crash.
  for (const peer of ctx.peers) ctx.send(peer, { type: "Copy", operation, key, value });
}

function onCopied(state: State, message: { operation: string }, from: NodeId, ctx: Context): void {
  const write = state.waiting[message.operation];
  if (write === undefined || write.holders.includes(from)) return;
  const holders = [...write.holders, from];
  state.waiting[message.operation] = { ...write, holders };
  if (holders.length * 2 <= ctx.nodes.length) return;
  delete state.waiting[message.operation];
  ctx.reply(write.request, { type: "ok" });
}

function onCopy(state: State, message: Message & { type: "Copy" }, from: NodeId, ctx: Context): void {
  state.values[message.key] = message.value;
  ctx.persist();
  ctx.send(from, { type: "Copied", operation: message.operation });
}

export default defineProtocol<State, Message>({
  name: "NAME",
  model: "kv", // What the clients' history means: a map of registers.
  promises: { linearizable: true }, // What must hold whatever goes wrong.
  boot: (ctx) => ({ role: isPrimary(ctx) ? "leader" : "copy", values: {}, applied: {}, waiting: {} }),
  durable: ["values", "applied"], // What persist() saves; the rest is lost in a crash.
  onMessage: { Copy: onCopy, Copied: onCopied },
  onRequest: { read: onRead, write: onWrite },
  inspect: ({ role, values }) => ({ role, values }), // What the viewer and invariants see.
});
`;

/** The scenario that runs {@link protocolTemplate}; it lies beside it. */
export const protocolScenarioTemplate = `version: 1
name: NAME, cut off and crashed
description: A copy is cut off for a while; then the primary crashes and comes back.
protocol: ./NAME.ts
nodes: 3
duration: 10s
network: { latency: lognormal(1ms 8ms), loss: 0.1% }
workload:
  clients: 3
  rate: 100/s
  keys: { count: 5 }
  operations: { read: 50, write: 50 }
  from: 500ms
faults:
  - { at: 2s, for: 2s, isolate: n3 }
  - { at: 6s, for: 1s, crash: n1 }
expect:
  linearizable: true
  availability: ">= 70%"
`;

/** A property of {@link protocolTemplate}, for vitest; it lies beside it. */
export const protocolTestTemplate = `/** Run it: npx vitest run NAME.test.ts (it needs vitest, fast-check and splitbrain: npm install --save-dev vitest fast-check splitbrain) */
import fc from "fast-check";
import { run, scenarios } from "splitbrain";
import { test } from "vitest";
import protocol from "./NAME.ts";

// Clusters, networks, disks, clocks, clients and faults are drawn; what fails shrinks to a small scenario, printed as its file.
test("NAME keeps its promise whatever goes wrong", { timeout: 120_000 }, () => {
  fc.assert(fc.property(scenarios(protocol), (scenario) => run(scenario).verdict === "pass"), { numRuns: 50 });
});
`;

/** A scenario for Raft that says what can be said. */
export const scenarioTemplate = `# Run it:      splitbrain run NAME.yaml
# Replay it:   splitbrain view NAME.yaml
version: 1
name: NAME
description: What this run is about, in a sentence.

protocol: raft                   # \`splitbrain list protocols\`, or a module of your own: ./my-protocol.ts
options:                         # the protocol's own settings
  electionTimeout: 150ms..300ms
nodes: 5                         # n1 … n5
seed: 1                          # the same seed is the same run; --seed overrides it
duration: 10s                    # of virtual time

network:
  latency: lognormal(1ms 8ms)    # median and 99th percentile, one way; also 5ms, 1ms..5ms, normal(…), …
  loss: 0.1%                     # share of the messages between nodes
clocks: { offset: -20ms..20ms, drift: -50ppm..50ppm }
disk: { sync: lognormal(500us 5ms) }

workload:
  clients: 3
  rate: 200/s                    # all clients together; or think: 5ms, for one operation at a time
  keys: { count: 10 }
  operations: { read: 50, write: 40, cas: 10 }
  from: 1s

faults:                          # \`splitbrain list faults\`
  - { at: 3s, for: 2s, isolate: leader }
  - { at: 6s, for: 1s, crash: follower, lose: unsynced }

expect:
  invariants: true               # the protocol's own
  linearizable: true
  availability: ">= 80%"         # any metric may stand here: \`splitbrain list metrics\`
`;

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Transcript } from "../../sim/explain/index.ts";
import { run } from "../../sim/scenario/run.ts";
import { parse } from "../determinism/scenarios.ts";

/**
 * Short runs as text, one line an event. A changed transcript is committed only by someone who can explain the change:
 * SPLITBRAIN_WRITE_GOLDEN=1 writes them anew.
 */
const goldens: { readonly [name: string]: { readonly shows: string; readonly scenario: string } } = {
  "raft-write": {
    shows: "three nodes elect a leader, which commits its no-op and one client's write",
    scenario: `
version: 1
protocol: raft
nodes: 3
seed: 4
duration: 400ms
network: { latency: 2ms..4ms }
disk: { sync: 1ms }
workload: { clients: 1, think: 10ms, from: 300ms, until: 315ms, operations: { write: 1 }, keys: { count: 1 } }
`,
  },
  "raft-leader-crashes": {
    shows: "the leader crashes before its followers hear that an entry is committed; the next leader commits it",
    scenario: `
version: 1
protocol: raft
nodes: 3
seed: 2
duration: 650ms
network: { latency: 2ms..4ms }
disk: { sync: 1ms }
workload: { clients: 0 }
faults:
  - { when: election.won, after: 5ms, crash: leader }
`,
  },
  "lww-gossip": {
    shows: "two nodes take a write each, and gossip makes the later one win on both",
    scenario: `
version: 1
protocol: lww-register
nodes: 2
seed: 3
duration: 600ms
network: { latency: 2ms..4ms }
disk: { sync: 1ms }
workload: { clients: 2, think: 30ms..60ms, until: 70ms, operations: { write: 1 }, keys: { count: 1 } }
`,
  },
};

for (const [name, { shows, scenario }] of Object.entries(goldens)) {
  test(`transcript ${name}: ${shows}`, () => {
    const parsed = parse(scenario);
    const clients = Array.from({ length: parsed.world.workload.clients }, (_, index) => `c${index + 1}`);
    const transcript = new Transcript({ names: { nodes: parsed.world.nodes, clients }, ...(parsed.protocol.words !== undefined && { words: parsed.protocol.words as never }) });
    run(parsed, { sinks: [transcript] });
    const text = `${shows}\n${scenario}\n${transcript.text()}\n`;
    const file = new URL(`${name}.txt`, import.meta.url);
    if (process.env["SPLITBRAIN_WRITE_GOLDEN"] === "1") writeFileSync(file, text);
    expect(existsSync(file), `${name}.txt is there`).toBe(true);
    expect(text).toBe(readFileSync(file, "utf8"));
  });
}

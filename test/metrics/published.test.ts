import { describe, expect, test } from "vitest";
import { protocols } from "../../protocols/index.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { Run } from "../../sim/scenario/run.ts";

function metricsOf(text: string, seed = 1): { readonly [name: string]: number | null } {
  const scenario = parseScenario(`version: 1\nprotocol: raft\n${text}`, { file: "x.yaml", protocols: (name) => protocols[name], protocolNames: Object.keys(protocols), seed });
  const run = new Run(scenario, { history: false });
  while (run.advance(Infinity));
  return run.finish().result.metrics;
}

/** Of the elections in the dissertation's figure, the share that took no longer than so many milliseconds. */
interface Published {
  readonly down: number;
  readonly quantiles: readonly (readonly [share: number, ms: number])[];
}

/**
 * Ongaro, “Consensus: bridging theory and practice”, Stanford 2014, chapter 9: elections over a wide-area network, one-way
 * latency uniform in 30–40 ms, election timeouts uniform in 300–600 ms, fresh timers, equal logs, of five servers some
 * down. Quantiles of the 10,000 elections that its figure plots.
 */
const wideArea: readonly Published[] = [
  { down: 0, quantiles: [[0.01, 367.9], [0.1, 375.4], [0.25, 386.5], [0.5, 409.6], [0.75, 445.8], [0.9, 489.4], [0.95, 526.0], [0.99, 835.8]] },
  { down: 2, quantiles: [[0.01, 371.8], [0.1, 386.8], [0.25, 411.3], [0.5, 468.7], [0.75, 797.9], [0.9, 1078.9], [0.95, 1337.8], [0.99, 1952.8]] },
];

describe("the time to elect", () => {
  const RUNS = 200;
  /** The distance that samples of one distribution exceed in one of a hundred cases, by Kolmogorov and Smirnov. */
  const LIMIT = 1.63 / Math.sqrt(RUNS);

  test.each(wideArea)("is distributed as in Ongaro's wide-area elections with $down of five servers down", ({ down, quantiles }) => {
    const dead = Array.from({ length: down }, (_, n) => `n${5 - n}`);
    const faults = down === 0 ? "" : `faults: [{ at: 0s, crash: [${dead.join(", ")}] }]\n`;
    const text = `nodes: 5\nduration: ${down === 0 ? "900ms" : "2s"}\nnetwork: { latency: 30ms..40ms }\ndisk: { sync: 0s }\noptions: { electionTimeout: 300ms..600ms, heartbeat: 200ms, preVote: false }\nworkload: { clients: 0 }\n${faults}`;
    const times = Array.from({ length: RUNS }, (_, seed) => (metricsOf(text, seed)["election.timeNs"] ?? Infinity) / 1e6);
    for (const [share, ms] of quantiles) {
      const ours = times.filter((time) => time <= ms).length / RUNS;
      expect(Math.abs(ours - share), `${share} take up to ${ms} ms, and ${ours} of ours`).toBeLessThan(LIMIT);
    }
  });
});

describe("messages and syncs by the operation", () => {
  /** One client, one write after the other, so that nothing shares a message; heartbeats so far apart that they do not count. */
  const writes = (nodes: number): string => `nodes: ${nodes}
duration: 24s
network: { latency: 1ms }
disk: { sync: 100us }
options: { electionTimeout: 10s..20s, heartbeat: 5s, preVote: false, checkQuorum: false }
workload: { clients: 1, think: 0s, operations: { write: 1 }, from: 21s, until: 23s, target: leader }
`;

  test.each([3, 5, 7])("are a round of AppendEntries in a Raft of %i: a message to each follower, and its reply", (nodes) => {
    const metrics = metricsOf(writes(nodes));
    const answered = metrics["operations.ok"] as number;
    expect(answered).toBeGreaterThan(200);
    // The election before, and a few heartbeats, are spread over all operations.
    const aside = (10 * 2 * (nodes - 1)) / answered;
    expect(metrics["messages.perOperation"]).toBeGreaterThanOrEqual(2 * (nodes - 1));
    expect(metrics["messages.perOperation"]).toBeLessThan(2 * (nodes - 1) + aside);
    // Every server writes every entry to its disk before it answers (Figure 2).
    expect(metrics["syncs.perOperation"]).toBeGreaterThanOrEqual(nodes);
    expect(metrics["syncs.perOperation"]).toBeLessThan(nodes + aside);
  });
});

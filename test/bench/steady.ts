/**
 * The steady five-node Raft: no faults, an open-loop workload, about 35 events an operation. What recording costs is held
 * against a bare loop of the same run: the same world and protocol, with nobody watching. All in one run, in turns,
 * because two runs on a shared machine do not compare.
 */
import { protocols } from "../../protocols/index.ts";
import { ms, seconds } from "../../sim/kernel/time.ts";
import { Run } from "../../sim/scenario/run.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { World } from "../../sim/world/world.ts";
import { median } from "./median.ts";

export const modes = ["bare", "digest", "trace"] as const;
export type Mode = (typeof modes)[number];

export const modeWords: { readonly [M in Mode]: string } = {
  bare: "bare loop: no recording, invariants or digest",
  digest: "history, metrics, digest and invariants",
  trace: "the same, and the full trace written",
};

export interface SteadyRow {
  readonly mode: Mode;
  readonly eventsPerSecond: number;
  readonly commitsPerSecond: number;
  /** Its speed over the bare loop's: the median over the rounds of the ratio within a round. */
  readonly ofBare: number;
}

/** Virtual seconds at 500 operations a second. */
export function steadyScenario(virtualSeconds: number): Scenario {
  const raft = protocols["raft"]!;
  const network = { latency: { type: "lognormal", median: ms(1), p99: ms(5) }, loss: 0, duplicate: 0, corrupt: 0, checksum: true, fifo: false } as const;
  return {
    name: "steady",
    description: "",
    protocol: raft,
    protocolName: "raft",
    expect: [],
    invariants: "on",
    source: "",
    file: "",
    world: {
      seed: 1,
      duration: seconds(virtualSeconds),
      nodes: ["n1", "n2", "n3", "n4", "n5"],
      options: defaults(raft.options as object),
      zones: [],
      cpu: { perMessage: { type: "constant", value: 0 }, cores: 1 },
      network: { ...network, links: [], zones: [] },
      clocks: { offset: [0, 0], drift: [0, 0] },
      disk: { sync: { type: "constant", value: ms(1) }, write: { type: "constant", value: 0 } },
      workload: {
        clients: 5,
        rate: 500,
        keys: { count: 10, distribution: { type: "uniform" } },
        operations: [{ f: "read", weight: 20 }, { f: "write", weight: 80 }],
        from: 0,
        until: seconds(virtualSeconds),
        timeout: seconds(1),
        retry: { enabled: true, after: ms(200), backoff: ms(10), max: ms(500), jitter: 0.5 },
        target: "leader",
        network,
      },
      faults: [],
    },
  };
}

function defaults(shapes: object): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, (shape as { default?: unknown }).default]));
}

/** Runs once: events and commits, and how long it took. The consistency check at a run's end is no part of the loop. */
export function runOnce(scenario: Scenario, mode: Mode, write: (bytes: Uint8Array) => void = () => {}): { events: number; commits: number; milliseconds: number } {
  let commits = 0;
  const began = performance.now();
  if (mode === "bare") {
    const world = new World(scenario.world, scenario.protocol, { watches: false });
    world.runUntil(scenario.world.duration);
    const leader = world.nodes.find((node) => node.standing().role === "leader");
    commits = Number(leader?.show()["commitIndex"] ?? 0);
    world.finish("duration");
    return { events: world.events, commits, milliseconds: performance.now() - began };
  }
  const run = new Run(scenario, mode === "trace" ? { write } : {});
  while (run.advance(Infinity));
  const leader = run.world.nodes.find((node) => node.standing().role === "leader");
  commits = Number(leader?.show()["commitIndex"] ?? 0);
  run.finish();
  return { events: run.events, commits, milliseconds: performance.now() - began };
}

export function steadyRaft(rounds = 5, virtualSeconds = 10): SteadyRow[] {
  const scenario = steadyScenario(virtualSeconds);
  for (const mode of modes) runOnce(scenario, mode);
  const times: { [M in Mode]: number[] } = { bare: [], digest: [], trace: [] };
  let last = { events: 0, commits: 0 };
  for (let round = 0; round < rounds; round += 1) {
    for (const mode of modes) {
      const result = runOnce(scenario, mode);
      times[mode].push(result.milliseconds);
      last = result;
    }
  }
  return modes.map((mode) => ({
    mode,
    eventsPerSecond: last.events / (median(times[mode]) / 1000),
    commitsPerSecond: last.commits / (median(times[mode]) / 1000),
    ofBare: median(times[mode].map((time, round) => times.bare[round]! / time)),
  }));
}

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { protocols } from "../../protocols/index.ts";
import { Metrics, metrics, metricsJson } from "../../sim/metrics/index.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { run } from "../../sim/scenario/run.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { readTrace } from "../../sim/trace/decode.ts";
import { TraceEvent } from "../../sim/trace/event.ts";

const parse = (text: string): Scenario => parseScenario(text, { file: "x.yaml", protocols: (name) => protocols[name], protocolNames: Object.keys(protocols) });

const troubled = `version: 1
protocol: raft
nodes: 5
duration: 3s
network: { loss: 1%, duplicate: 1% }
workload: { clients: 3, rate: 100/s, keys: { count: 3 }, operations: { read: 50, write: 40, cas: 10 } }
faults:
  - { at: 1s, for: 500ms, crash: leader }
  - { at: 2s, for: 500ms, isolate: leader }
cost: { perNodeHour: 0.1, perMillionSyncs: 2 }
expect: { availability: ">= 10%" }
`;

describe("the fold", () => {
  test("from a trace file gives what it gave online, but for what no event says", () => {
    const chunks: Uint8Array[] = [];
    const scenario = parse(troubled);
    const { result } = run(scenario, { write: (bytes) => void chunks.push(bytes) });
    const trace = readTrace(Buffer.concat(chunks));
    const { nodes, zones } = trace.header;
    const fold = new Metrics({ nodes: nodes.length, fromNs: 0, untilNs: 3_000_000_000, zones, prices: scenario.prices });
    trace.forEach(fold);
    for (const name of ["convergence.time", "recovery.time"]) fold.set(name, result.metrics[`${name}Ns`] as number | null);
    expect(metricsJson(fold.values())).toEqual(result.metrics);
    expect(fold.cost()).toEqual(result.cost);
    expect(result.faults.map((_, fault) => fold.faultCost(fault))).toEqual(result.faults.map(({ detectionNs, unavailableNs, recoveryNs }) => ({ detectionNs, unavailableNs, recoveryNs })));
  });

  test("says the same of a run whose history nobody keeps, which has none then; an expectation of it is judged all the same", () => {
    const kept = run(parse(troubled));
    const bare = run(parse(troubled), { history: false });
    expect(bare.result).toEqual(kept.result);
    expect([kept.history.length > 0, bare.history]).toEqual([true, []]);
    const judged = run(parse(troubled.replace("availability", "linearizable: true, availability")), { history: false });
    expect(judged.result.expectations.find(({ name }) => name === "linearizable")).toMatchObject({ verdict: "pass" });
    expect(judged.history).toEqual([]);
  });

  test("describes every metric in a sentence, under a name that has its unit only in JSON", () => {
    for (const [name, { summary }] of Object.entries(metrics)) {
      expect(summary, name).toMatch(/^[A-Z(].*\.$/);
      expect(name).toMatch(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*$/);
    }
  });
});

describe("the memory of the fold", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const inUse = (): number => {
    collect();
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  };

  const keys = Array.from({ length: 20 }, (_, n) => `k${n}`);

  /** Operations of 20 keys, a few at a time; one in ten ends in a timeout. */
  function feed(fold: Metrics, from: number, count: number): void {
    const event = new TraceEvent();
    event.node = 5;
    for (let n = from; n < from + count; n += 1) {
      const isRead = n % 2 === 0;
      event.operation = n;
      event.name = isRead ? "read" : "write";
      event.key = keys[(n >> 1) % keys.length] as string;
      event.data = isRead ? n - (n % 3 === 0 ? 79 : 39) : n;
      event.kind = "invoke";
      event.id = 4 * n;
      event.time = 1000 * n;
      fold.event(event);
      event.kind = n % 10 === 3 ? "info" : "ok";
      event.id += 2;
      event.time += 999 - (n % 7);
      fold.event(event);
    }
  }

  test("does not grow with the run: 160,000 operations more take less than 300 KB more than 40,000 do", () => {
    const fold = new Metrics({ nodes: 5, fromNs: 0, untilNs: 1 });
    feed(fold, 0, 40_000);
    const before = inUse();
    feed(fold, 40_000, 160_000);
    const grown = inUse() - before;
    expect(fold.values()["operations.invoked"]).toBe(200_000);
    expect(fold.values()["staleness.share"]).toBeGreaterThan(0);
    expect(grown).toBeLessThan(300_000);
  });
});

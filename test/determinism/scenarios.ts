import fc from "fast-check";
import { protocols } from "../../protocols/index.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";

/** Scenario texts of every sort that the simulator serves: protocols, sizes, networks, clocks, disks, workloads, faults. */
export const scenarioTexts: fc.Arbitrary<string> = fc
  .record({
    protocol: fc.constantFrom("raft", "lww-register"),
    options: fc.record({ preVote: fc.boolean(), checkQuorum: fc.boolean(), reads: fc.constantFrom("readIndex", "log") }),
    nodes: fc.integer({ min: 1, max: 6 }),
    seed: fc.nat(),
    network: fc.record({
      latency: fc.constantFrom("1ms", "500us..3ms", "lognormal(1ms 8ms)", "exponential(2ms)", "normal(2ms 1ms)", "pareto(1ms 1.5)", "mix(90% lognormal(1ms 5ms) 10% pareto(3ms 1.1))"),
      loss: fc.constantFrom("0%", "1%", "10%"),
      duplicate: fc.constantFrom("0%", "2%"),
    }),
    clocks: fc.record({ offset: fc.constantFrom("0ms..0ms", "-20ms..20ms"), drift: fc.constantFrom("0ppm..0ppm", "-200ppm..200ppm") }),
    disk: fc.record({ sync: fc.constantFrom("0ms", "1ms", "lognormal(500us 5ms)"), write: fc.constantFrom("0ms", "20us") }),
    workload: fc.record({
      clients: fc.integer({ min: 0, max: 4 }),
      load: fc.constantFrom({ rate: "100/s" }, { think: "5ms" }, { think: "exponential(10ms)" }),
      keys: fc.record({ count: fc.integer({ min: 1, max: 8 }), distribution: fc.constantFrom("uniform", "zipf(0.99)", "sequential") }),
      operations: fc.constant({ read: 5, write: 4, cas: 1 }),
      target: fc.constantFrom("any", "leader", "sticky"),
    }),
    faults: fc.array(faultTexts(), { maxLength: 4 }),
  })
  .map(({ protocol, options, workload: { load, ...workload }, ...rest }) =>
    JSON.stringify({ version: 1, protocol, ...(protocol === "raft" && { options }), duration: "2s", ...rest, workload: { ...workload, ...load } }),
  );

function faultTexts(): fc.Arbitrary<object> {
  const when = fc.oneof(
    fc.integer({ min: 0, max: 1800 }).map((at) => ({ at: `${at}ms` })),
    fc.constantFrom({ every: "200ms..400ms", between: ["100ms", "1900ms"] }, { every: "500ms" }),
  );
  const lasts = fc.integer({ min: 10, max: 600 }).map((time) => ({ for: `${time}ms` }));
  const what = fc.constantFrom(
    { partition: [["minority"], "rest"] },
    { partition: [["leader"], "rest"] },
    { isolate: "random" },
    { block: { from: "random", to: "rest" } },
    { slow: { nodes: "random", by: "lognormal(10ms 50ms)" } },
    { flaky: { nodes: "random", loss: "30%" } },
    { duplicate: { nodes: "all", rate: "20%" } },
    { crash: "random" },
    { crash: "follower", lose: "disk" },
    { crash: "leader", lose: "nothing" },
    { restart: "random" },
    { pause: "random" },
    { skew: { nodes: "random", by: "-500ms" } },
    { skew: { nodes: "random", drift: "500ppm" } },
  );
  return fc.tuple(when, lasts, what).map((parts) => Object.assign({}, ...parts) as object);
}

export function parse(text: string, seed?: number): Scenario {
  return parseScenario(text, { file: "generated.yaml", protocols: (name) => protocols[name], protocolNames: Object.keys(protocols), ...(seed !== undefined && { seed }) });
}

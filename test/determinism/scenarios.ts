import fc from "fast-check";
import { protocols } from "../../protocols/index.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";

/** Scenario texts of every sort that the simulator serves: protocols, sizes, networks, clocks, disks, workloads, faults. */
export const scenarioTexts: fc.Arbitrary<string> = fc
  .record({
    protocol: fc.constantFrom("raft", "lww-register"),
    options: fc.record({ preVote: fc.boolean(), checkQuorum: fc.boolean(), reads: fc.constantFrom("readIndex", "log") }),
    nodes: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 6 }) }, { weight: 1, arbitrary: fc.constantFrom({ eu: 2, us: 1 }, { eu: { a: 2, b: 1 }, us: 2 }) }),
    seed: fc.nat(),
    limits: fc.constantFrom({}, {}, { bandwidth: "1Mbps", queue: "2KiB" }, { bandwidth: "300KiB/s" }),
    order: fc.constantFrom({}, {}, { fifo: true, duplicate: "0%" }),
    exceptions: fc.boolean(),
    clientNetwork: fc.constantFrom(undefined, undefined, { loss: "2%", duplicate: "2%", corrupt: "2%" }, { fifo: true, corrupt: "1%", checksum: false, bandwidth: "2Mbps" }),
    network: fc.record({
      latency: fc.constantFrom("1ms", "500us..3ms", "lognormal(1ms 8ms)", "exponential(2ms)", "normal(2ms 1ms)", "pareto(1ms 1.5)", "mix(90% lognormal(1ms 5ms) 10% pareto(3ms 1.1))"),
      loss: fc.constantFrom("0%", "1%", "10%"),
      duplicate: fc.constantFrom("0%", "2%"),
      corrupt: fc.constantFrom("0%", "0%", "3%"),
      checksum: fc.boolean(),
    }),
    clocks: fc.record({ offset: fc.constantFrom("0ms..0ms", "-20ms..20ms"), drift: fc.constantFrom("0ppm..0ppm", "-200ppm..200ppm") }),
    disk: fc.record({ sync: fc.constantFrom("0ms", "1ms", "lognormal(500us 5ms)"), write: fc.constantFrom("0ms", "20us") }),
    cpu: fc.constantFrom(undefined, { perMessage: "20us" }, { perMessage: "exponential(1ms)", cores: 2, inbox: 10 }),
    workload: fc.record({
      clients: fc.integer({ min: 0, max: 4 }),
      load: fc.constantFrom(
        { rate: "100/s" },
        { rate: [{ for: "500ms", rate: "0/s..300/s" }, { for: "200ms", rate: "0/s" }, { rate: "50/s" }] },
        { rate: "60/s", bursts: { every: "300ms", for: "50ms", rate: "700/s" } },
        { rate: "90/s", arrivals: "regular" },
        { think: "5ms" },
        { think: "exponential(10ms)" },
        { think: "empirical(1ms 1ms 2ms 40ms)" },
      ),
      values: fc.constantFrom(undefined, { size: "100B" }, { size: "lognormal(50B 2KiB)" }),
      retry: fc.constantFrom(undefined, false, { after: "30ms", budget: "10%" }, { after: "40ms", attempts: 3, jitter: "100%" }),
      hedge: fc.constantFrom(undefined, { after: "4ms" }, { after: "7ms", most: 3, operations: ["read"] }),
      keys: fc.record({ count: fc.integer({ min: 1, max: 8 }), distribution: fc.constantFrom("uniform", "zipf(0.99)", "hotspot(20% 90%)", "sequential") }),
      operations: fc.constant({ read: 5, write: 4, cas: 1 }),
      target: fc.constantFrom("any", "leader", "nearest", "sticky"),
    }),
    faults: fc.array(faultTexts(), { maxLength: 4 }),
  })
  .map(({ protocol, options, workload: { load, ...workload }, faults, network: usual, limits, order, exceptions, clientNetwork, ...rest }) => {
    const isZoned = typeof rest.nodes === "object";
    const struck = isZoned ? [...faults, { at: "700ms", for: "400ms", partition: [["zone(eu)"], "rest"] }, { at: "1500ms", for: "100ms", crash: "zone(us)" }] : faults;
    const fitting = struck.filter((fault) => rest.cpu !== undefined || !("slowCpu" in fault)); // It slows nothing down where messages cost nothing.
    const network = { ...usual, ...limits, ...order, ...(isZoned && { zones }), ...(exceptions && { links: isZoned ? zonedLinks : links }) };
    const at = isZoned && workload.clients > 1 && { at: { eu: 1, us: 1 } };
    const loaded = { ...workload, ...load, ...at, ...(clientNetwork !== undefined && { network: clientNetwork }) };
    return JSON.stringify({ version: 1, protocol, ...(protocol === "raft" && { options }), duration: "2s", ...rest, network, workload: loaded, faults: fitting });
  });

const zones = { "eu-us": "uniform(10ms 20ms)", eu: { latency: "500us", bandwidth: "2Mbps" } };
const links = [{ from: "n1", to: "all", latency: "4ms", loss: "5%" }, { from: "all", to: "n1", fifo: true, duplicate: "0%", bandwidth: "3Mbps" }];
const zonedLinks = [{ from: "us-1", to: "zone(eu)", latency: "30ms" }, { from: "all", to: "us-1", fifo: true, duplicate: "0%" }];

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
    { bridge: ["minority", "random", "rest"] },
    { ring: "all" },
    { corrupt: { nodes: "random", rate: "20%" } },
    { burst: { nodes: "all", loss: "80%", good: "exponential(100ms)", bad: "10ms..100ms" } },
    { clog: "random" },
    { clog: { link: ["leader", "random"] } },
    { swizzle: "all" },
    { crash: "random" },
    { crash: "follower", lose: "disk" },
    { crash: "leader", lose: "nothing" },
    { crash: "random", lose: "torn" },
    { diskSlow: { nodes: "random", by: "exponential(10ms)" } },
    { diskStall: "random" },
    { diskFull: "random" },
    { diskError: "random", pages: "dirty", rate: "30%" },
    { diskError: "leader" },
    { bitrot: "all", bytes: 2 },
    { bitrot: "random", detected: false },
    { lostWrite: "random", rate: "50%", detected: true },
    { misdirected: "random" },
    { restart: "random" },
    { pause: "random" },
    { crash: "random", amid: "effects" },
    { crash: "leader", amid: "effects", applied: 1, lose: "torn" },
    { crash: "random", amid: "sync", lose: "nothing" },
    { slowCpu: { nodes: "random", by: 20 } },
    { skew: { nodes: "random", stopped: true } },
    { skew: { nodes: "random", by: "-500ms" } },
    { skew: { nodes: "random", drift: "500ppm" } },
  );
  const written = fc.tuple(when, lasts, what).map((parts) => Object.assign({}, ...parts) as object);
  const random = fc.record({ random: fc.record({ intensity: fc.constantFrom("20%", "60%"), phases: fc.boolean() }) });
  return fc.oneof({ weight: 6, arbitrary: written }, { weight: 1, arbitrary: random });
}

export function parse(text: string, seed?: number): Scenario {
  return parseScenario(text, { file: "generated.yaml", protocols: (name) => protocols[name], protocolNames: Object.keys(protocols), ...(seed !== undefined && { seed }) });
}

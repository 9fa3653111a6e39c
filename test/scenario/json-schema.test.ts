import Ajv from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { protocols } from "../../protocols/index.ts";
import { scenarioJsonSchema } from "../../sim/scenario/json-schema.ts";
import { bundled, bundledContext, contractExample } from "./bundled.ts";
import { mistakesIn } from "./support.ts";

const schema = scenarioJsonSchema(Object.values(protocols));
const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true, allowMatchingProperties: true });
const isValid = ajv.compile(schema);

/** What the schema says of a text that begins after its `version` and `protocol`. */
const accepts = (rest: string): boolean => isValid(parse(`version: 1\nprotocol: raft\n${rest}`));

describe("the JSON Schema", () => {
  it.each(bundled)("accepts %s", (_path, text) => {
    isValid(parse(text));
    expect(isValid.errors ?? []).toEqual([]);
  });

  it("accepts the format's example", () => {
    expect(isValid(parse(contractExample))).toBe(true);
  });

  /** Where one part of the file need not know of another, both judge alike. */
  it.each([
    ["seed: 5", true],
    ["seed: -1", false],
    ["seeed: 5", false],
    ["duration: 20", false],
    ["duration: 0.5m", true],
    ["clocks: { offset: 0, drift: -50ppm..50ppm }", true],
    ["clocks: { offset: 5 }", false],
    ["network: { loss: 0.1 }", false],
    ["network: { loss: 0 }", true],
    ["network: { latency: 1ms..5ms }", true],
    ["network: { latency: lognromal(1ms 5ms) }", false],
    ["network: { latency: uniform(1ms, 5ms) }", false],
    ["nodes: [a, b]", true],
    ["nodes: []", false],
    ["nodes: [a, a]", false],
    ["options: { electionTimeot: 5ms }", false],
    ["options: { mutant: vote-not-persisted }", true],
    ["options: { mutant: vote-not-persistd }", false],
    ["workload: { retry: false }", true],
    ["workload: { retry: { after: 5ms } }", true],
    ["workload: { retry: never }", false],
    ["workload: { operations: { read: 0, write: 1 } }", true],
    ["workload: { operations: { read: -1 } }", false],
    ["workload: { operations: { reed: 1 } }", false],
    ["workload: { keys: { distribution: zipf } }", false],
    ["workload: { keys: { distribution: hotspot(10% 90%) } }", true],
    ["workload: { keys: { distribution: hotspot(10%) } }", false],
    ["workload: { rate: [{ for: 5s, rate: 0/s..1000/s }, { rate: 100/s }] }", true],
    ["workload: { rate: [{ for: 5s }] }", false],
    ["workload: { rate: [] }", false],
    ["workload: { rate: 1..2/s }", false],
    ["workload: { bursts: { every: 5s, for: 1s, rate: 500/s }, arrivals: regular }", true],
    ["workload: { bursts: { every: 5s } }", false],
    ["workload: { values: { size: 100B..1KiB } }", true],
    ["workload: { values: { size: lognormal(100B 1KiB) } }", true],
    ["workload: { values: { size: 1ms } }", false],
    ["workload: { values: {} }", false],
    ["workload: { retry: { attempts: 3, budget: 10% } }", true],
    ["workload: { retry: { attempts: 0 } }", false],
    ["workload: { hedge: { after: 50ms, most: 3 }, target: nearest }", true],
    ["workload: { hedge: { after: 50ms, most: 1 } }", false],
    ["workload: { hedge: { most: 2 } }", false],
    ["network: { latency: empirical(1ms 1ms 8ms) }", true],
    ["stop: election.won", true],
    ["stop: { event: violation, nth: 2, after: 5ms }", true],
    ["stop: { nth: 2 }", false],
    ["experiment: { repeat: 10, vary: { network.loss: [0%, 1%] }, measure: latency.p99 }", true],
    ["experiment: { vary: { network: { near: { latency: 1ms }, far: { latency: 80ms } } } }", true],
    ["experiment: { vary: { network.loss: 1% } }", false],
    ["experiment: { vary: { network.loss: [] } }", false],
    ["experiment: { repeat: 0 }", false],
    ["experiment: { measure: [latency.p98] }", false],
    ["experiment: { plot: { cdf: latency.p99, x: log } }", true],
    ["experiment: { vary: { network.loss: [0%, 1%], nodes: [3, 5] }, plot: [{ line: latency.p99, by: nodes }, { heat: availability }] }", true],
    ["experiment: { plot: { cdf: latency.p99, line: latency.p99 } }", false],
    ["experiment: { plot: { by: nodes } }", false],
    ["faults: [{ at: 1s, crash: n1, lose: disk }]", true],
    ["faults: [{ at: 1s, pause: n1, lose: disk }]", false],
    ["faults: [{ at: 1s, crash: n1, pause: n2 }]", false],
    ["faults: [{ crash: n1 }]", false],
    ["faults: [{ at: 1s, between: [1s, 2s], crash: n1 }]", false],
    ["faults: [{ every: 1s, between: [1s, 2s], crash: random(2) }]", true],
    ["nodes: { eu: 3, us: 2 }\nfaults: [{ at: 1s, crash: zone(eu) }]", true],
    ["nodes: { eu: { a: 2, 1: 1 }, us: 2 }", true],
    ["nodes: { eu: 0 }", false],
    ["nodes: { eu: { a: { x: 1 } } }", false],
    ["nodes: {}", false],
    ["nodes: { 1a: 2 }", false],
    ["network: { bandwidth: 1Gbps, queue: 64KiB, corrupt: 1%, checksum: false, fifo: true }", true],
    ["network: { bandwidth: 10MiB/s, queue: 0 }", true],
    ["network: { bandwidth: 1GB }", false],
    ["network: { bandwidth: 5MiB/s, queue: 64 }", false],
    ["network: { links: [{ from: n1, to: [n2, c1], latency: 5ms }, { from: all, to: n3, loss: 2% }] }", true],
    ["network: { links: [{ from: n1, latency: 5ms }] }", false],
    ["network: { links: [{ from: n1, to: random(2), latency: 5ms }] }", false],
    ["nodes: { eu: 1, us: 1 }\nnetwork: { zones: { eu-us: 80ms, eu: { latency: 1ms..2ms, loss: 1% } } }", true],
    ["nodes: { eu: 1, us: 1 }\nnetwork: { zones: { eu-us: 1% } }", false],
    ["nodes: { eu: 1, us: 1 }\nworkload: { clients: 3, at: { eu: 2, us: 1 } }", true],
    ["workload: { network: { bandwidth: 1Mbps, fifo: true, corrupt: 1%, checksum: false } }", true],
    ["workload: { network: { links: [] } }", false],
    ["faults: [{ at: 1s, partition: [[leader, n2], rest] }]", true],
    ["faults: [{ at: 1s, partition: [] }]", false],
    ["faults: [{ at: 1s, slow: { nodes: n1, link: [n1, n2], by: 5ms } }]", false],
    ["faults: [{ at: 1s, bitrot: n1 }]", true],
    ["faults: [{ random: {} }]", true],
    ["faults: [{ random: { kinds: [crash, slow], intensity: 30%, phases: false, heal: quorum } }]", true],
    ["faults: [{ between: [1s, 5s], name: storm, random: {} }]", true],
    ["faults: [{ at: 1s, for: 5s, random: {} }]", true],
    ["faults: [{ every: 1s, random: {} }]", false],
    ["faults: [{ random: { kinds: [heal] } }]", false],
    ["faults: [{ random: {}, crash: n1 }]", false],
    ["expect: { progress: true }", true],
    ["expect: { progress: { within: 2s } }", true],
    ["expect: { progress: {} }", false],
    ["expect: { invariants: off }", true],
    ["expect: { invariants: none }", false],
    ['expect: { latency.p99: "< 100ms", availability: ">= 95%" }', true],
    ['expect: { latency.read.p99: "< 100" }', false],
    ["expect: { converged: { within: 2s } }", true],
    ["expect: { converged: {} }", false],
  ])("%s: %s, as the validator says", (text, expected) => {
    const found = mistakesIn(`version: 1\nprotocol: raft\n${text}`, bundledContext);
    expect([accepts(text), found.length === 0]).toEqual([expected, expected]);
  });

  it("knows the defaults as one would write them", () => {
    const { properties } = schema as { properties: Record<string, { default?: unknown; properties?: Record<string, { default?: unknown }> }> };
    expect([properties["duration"]?.default, properties["network"]?.properties?.["latency"]?.default, properties["workload"]?.properties?.["timeout"]?.default]).toEqual(["10s", "lognormal(1ms 5ms)", "1s"]);
  });

  it("describes every key", () => {
    const undescribed: string[] = [];
    const visit = (one: unknown, path: string): void => {
      const { properties, description } = one as { properties?: Record<string, unknown>; description?: string };
      if (description === undefined && path.split(".").length <= 2) undescribed.push(path);
      for (const [key, child] of Object.entries(properties ?? {})) visit(child, `${path}.${key}`);
    };
    visit(schema, "");
    expect(undescribed).toEqual([]);
  });

  it("lets pass whatever the validator lets pass", () => {
    const values = ["5", "5s", "5%", "-5s", "0", "1ms..5ms", "true", "off", "[n1, n2]", "leader", "random(2)", "{ within: 1s }", "uniform", "zipf(1)", "200/s", "uniform(1ms 2ms)", '">= 5"', '"< 5s"', "n1", "null"];
    const keys = ["seed", "duration", "nodes", "network.loss", "network.latency", "clocks.offset", "clocks.drift", "disk.sync", "workload.rate", "workload.think", "workload.retry", "workload.target", "workload.keys", "expect.invariants", "expect.converged", "expect.latency.p99", "expect.operations.ok", "options.electionTimeout", "options.preVote", "name"];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.constantFrom(...values), (key, value) => {
        const [first, ...rest] = key.split(".") as [string, ...string[]];
        const text = rest.length === 0 ? `${first}: ${value}` : `${first}: { ${rest.join(".")}: ${value} }`;
        if (mistakesIn(`version: 1\nprotocol: raft\n${text}`, bundledContext).length === 0) expect([text, accepts(text)]).toEqual([text, true]);
      }),
      { numRuns: 400 },
    );
  });
});

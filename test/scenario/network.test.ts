import { describe, expect, it } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import { formatDiagnostics } from "../../sim/scenario/diagnostics.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { linkConfig } from "../../sim/world/link.ts";
import { mistakes, mistakesIn, scenarioOf } from "./support.ts";

const constant = (value: number) => ({ type: "constant", value });
const network = (text: string, before = ""): Scenario["world"]["network"] => scenarioOf(`${before}network: ${text}`).world.network;
const EU_US = "nodes: { eu: 3, us: 2 }\n";

/** What holds from one endpoint to another: the settings that a scenario's text gives that direction. */
function between({ world }: Scenario, from: string, to: string) {
  const names = [...world.nodes, ...Array.from({ length: world.workload.clients }, (_, index) => `c${index + 1}`)];
  const at = (name: string) => ({ name, zone: world.zones[names.indexOf(name)] ?? "", isClient: !world.nodes.includes(name) });
  return linkConfig(world.network, world.workload.network, at(from), at(to));
}

const latency = (scenario: Scenario, from: string, to: string): unknown => {
  const of = between(scenario, from, to).latency;
  return of.type === "constant" ? of.value / ms(1) : of;
};

describe("settings of a link", () => {
  it.each([
    ["1Gbps", 125_000_000],
    ["1bps", 0.125],
    ["1.5Mbps", 187_500],
    ["56kbps", 7_000],
    ["10MiB/s", 10_485_760],
    ["2.5MB/s", 2_500_000],
    ["1B/s", 1],
    ["100Gbps", 12_500_000_000],
  ])("a bandwidth of %s is %d bytes a second", (text, bytes) => expect(network(`{ bandwidth: ${text} }`).bandwidth).toBe(bytes));

  it("a queue, corruption without a checksum, and connections", () => {
    const { queue, corrupt, checksum, fifo } = network("{ bandwidth: 1Mbps, queue: 64KiB, corrupt: 1%, checksum: false, fifo: true }");
    expect([queue, corrupt, checksum, fifo]).toEqual([65_536, 0.01, false, true]);
  });

  it("clients' links take their own, and of the network's the latency alone", () => {
    const { workload } = scenarioOf("network: { latency: 3ms, bandwidth: 1Mbps, fifo: true, corrupt: 1%, checksum: false }\nworkload: { network: { queue: 1KiB, bandwidth: 2Mbps } }").world;
    expect(workload.network).toEqual({ latency: constant(ms(3)), loss: 0, duplicate: 0, corrupt: 0, checksum: true, fifo: false, bandwidth: 250_000, queue: 1024 });
  });

  it.each([
    ["a bandwidth without a unit", "{ bandwidth: 5 }", "3:23 a bandwidth needs a unit: 1Gbps, 10MiB/s"],
    ["a size for a bandwidth", "{ bandwidth: 5MB }", "3:24 `MB` is not a unit of a bandwidth"],
    ["no bandwidth", "{ bandwidth: 0bps }", "3:23 a bandwidth must be more than 0"],
    ["a negative one", "{ bandwidth: -5Mbps }", "3:23 `-5Mbps` is negative; a bandwidth is not"],
    ["less than a bit a second", "{ bandwidth: 0.5bps }", "3:23 `0.5bps` is finer than a bit a second"],
    ["a queue without a bandwidth", "{ queue: 5KiB }", "3:12 `queue` goes with `bandwidth`, which is missing: without a limit nothing waits"],
    ["a queue without its unit", "{ bandwidth: 1Mbps, queue: 5 }", "3:37 a size needs a unit: 64KiB, 1MB"],
    ["copies over a connection", "{ duplicate: 1%, fifo: true }", "3:23 `duplicate` and `fifo: true` exclude each other: a connection delivers everything once"],
    ["a checksum that is neither", "{ checksum: crc }", "3:22 expected true or false, found `crc`"],
  ])("%s is a mistake", (_what, text, expected) => expect(mistakes(`network: ${text}`)).toEqual([expected]));

  it("a queue of one link may go with the bandwidth of all, or the other way round", () => {
    expect(mistakes("network: { bandwidth: 1Mbps, links: [{ from: n1, to: n2, queue: 1KiB }] }")).toEqual([]);
    expect(mistakes("network: { queue: 1KiB, links: [{ from: n1, to: n2, bandwidth: 1Mbps }] }")).toEqual([]);
  });

  it("exceptions for clients stand under network.links", () => {
    expect(mistakes("workload: { network: { links: [] } }")).toEqual(["3:24 the key `links` does not belong here: exceptions stand under `network.links`, and may name clients"]);
  });
});

describe("exceptions", () => {
  const scenario = scenarioOf(`nodes: 4
network:
  latency: 1ms
  loss: 1%
  links:
    - { from: n1, to: n2, latency: 40ms, loss: 2% }
    - { from: [n1, n3], to: all, latency: 10ms }
    - { from: all, to: n1, loss: 5% }
    - { from: n1, to: n4, latency: 99ms }
    - { from: c1, to: n1, latency: 7ms, corrupt: 3% }
`);
  it("hold for one direction", () => expect([latency(scenario, "n1", "n2"), latency(scenario, "n2", "n1")]).toEqual([40, 1]));
  it("the first that matches wins: n1 to n4 is 10 ms", () => expect(latency(scenario, "n1", "n4")).toBe(10));
  it("what one leaves out is the network's", () => {
    expect([between(scenario, "n3", "n2").loss, between(scenario, "n2", "n1").loss]).toEqual([0.01, 0.05]);
  });
  it("`all` means the nodes; a client has those that name it", () => {
    expect([latency(scenario, "n1", "c1"), latency(scenario, "c1", "n1"), latency(scenario, "c2", "n1")]).toEqual([1, 7, 1]);
    expect([between(scenario, "c2", "n1").loss, between(scenario, "c1", "n1").corrupt]).toEqual([0, 0.03]);
  });
  it("may name whole zones; the clients in these take the latency alone", () => {
    const zoned = scenarioOf(`${EU_US}network: { latency: 1ms, links: [{ from: zone(eu), to: zone(us), latency: 20ms, loss: 9% }] }\nworkload: { at: { eu: 1 } }`);
    const of = (from: string, to: string): unknown => [latency(zoned, from, to), between(zoned, from, to).loss];
    expect([of("eu-3", "us-1"), of("us-1", "eu-3"), of("c1", "us-2"), of("c2", "us-2")]).toEqual([[20, 0.09], [1, 0], [20, 0], [1, 0]]);
  });

  it.each([
    ["a node that is not there", "{ from: n1, to: n9 }", "3:36 there is no node `n9`"],
    ["a client that is not there", "{ from: c9, to: n1 }", "3:28 there is no client `c9`"],
    ["a client that is", "{ from: c3, to: n1, loss: 1% }"],
    ["a word that chooses", "{ from: leader, to: n1 }", "3:28 there is no node `leader`"],
    ["a misspelt word", "{ from: al, to: n1 }", "3:28 there is no node `al`, did you mean `all`?"],
    ["some of them", "{ from: random(2), to: n1 }", "3:28 unknown selector `random`"],
    ["a zone where there is none", "{ from: zone(eu), to: n1 }", "3:28 there is no zone `eu`"],
    ["an end that is missing", "{ from: n1, latency: 5ms }", "3:20 the key `to` is missing"],
    ["nobody", "{ from: [], to: n1 }", "3:28 an empty list names no end of a link"],
    ["a map", "{ from: { n1: n2 }, to: n1 }", "3:28 expected a node, a client, all or zone(eu), found a map"],
  ])("%s", (_what, link, ...expected) => expect(mistakes(`network: { links: [${link}] }`)).toEqual(expected));
});

describe("nodes by zone", () => {
  it("eu: 3, us: 2 is eu-1 to eu-3 and us-1, us-2", () => {
    const { nodes, zones } = scenarioOf(`${EU_US}workload: { clients: 0 }`).world;
    expect([nodes, zones]).toEqual([["eu-1", "eu-2", "eu-3", "us-1", "us-2"], ["eu", "eu", "eu", "us", "us"]]);
  });
  it("a region has zones: eu: { a: 2, b: 1 } is eu-a-1, eu-a-2, eu-b-1", () => {
    const { nodes, zones } = scenarioOf("nodes: { eu: { a: 2, b: 1 }, us: 1 }\nworkload: { clients: 0 }").world;
    expect([nodes, zones]).toEqual([["eu-a-1", "eu-a-2", "eu-b-1", "us-1"], ["eu-a", "eu-a", "eu-b", "us"]]);
  });
  it("a number or a list keeps no zones", () => {
    expect([scenarioOf("nodes: 5").world.zones, scenarioOf("nodes: [eu-1, us-1]").world.zones]).toEqual([[], []]);
  });
  it.each([
    ["nobody", "{}", "3:8 a cluster needs a node"],
    ["none in a zone", "{ eu: 0 }", "3:14 `0` is too small: at least 1 is expected here"],
    ["too many", "{ eu: 600, us: 600 }", "3:8 these are 1200 nodes: at most 1000 are expected here"],
    ["a zone of zones of zones", "{ eu: { a: { x: 1 } } }", "3:19 expected a whole number, found a map"],
    ["no number", "{ eu: three }", "3:14 expected a whole number, found `three`"],
    ["a name of other signs", "{ e.u: 3 }", "3:10 `e.u` is no name for a zone: it takes letters and digits, and begins with a letter"],
    ["one zone in two ways", "{ eu-a: 1, eu: { a: 2 } }", "3:25 the zone `eu-a` stands twice"],
    ["one name in two zones", "{ eu: 11, eu-1: 1 }"],
    ["one name in two zones indeed", "{ eu-1: 1, eu: { 1: 1 } }", "3:25 the zone `eu-1` stands twice"],
    ["twice the same key", "{ eu: 1, eu: 2 }", "3:17 the zone `eu` stands twice"],
  ])("%s", (_what, nodes, ...expected) => expect(mistakes(`nodes: ${nodes}`)).toEqual(expected));
});

describe("latency between zones", () => {
  const nested = "nodes: { eu: { a: 2, b: 1 }, us: 2 }\n";

  it("holds both ways, and replaces the network's; within a zone there is the network's, or its own", () => {
    const scenario = scenarioOf(`${EU_US}network: { latency: 5ms, zones: { eu-us: 80ms, eu: 1ms } }`);
    expect([["eu-1", "us-2"], ["us-2", "eu-1"], ["eu-1", "eu-2"], ["us-1", "us-2"]].map(([a, b]) => latency(scenario, a!, b!))).toEqual([80, 80, 1, 5]);
  });
  it("the most particular wins, in whatever order they stand", () => {
    for (const zones of ["eu: 3ms, eu-a: 1ms, eu-us: 80ms, eu-b-us: 90ms, eu-a-eu-b: 4ms", "eu-a-eu-b: 4ms, eu-b-us: 90ms, eu-us: 80ms, eu-a: 1ms, eu: 3ms"]) {
      const scenario = scenarioOf(`${nested}network: { latency: 5ms, zones: { ${zones} } }`);
      const pairs = [["eu-a-1", "eu-a-2"], ["eu-a-1", "eu-b-1"], ["eu-a-1", "us-1"], ["us-1", "eu-b-1"], ["us-1", "us-2"]];
      expect(pairs.map(([a, b]) => latency(scenario, a!, b!))).toEqual([1, 4, 80, 90, 5]);
    }
  });
  it("a map gives any settings; what the particular one leaves out, the region's says", () => {
    const scenario = scenarioOf(`${nested}network: { latency: 5ms, loss: 1%, zones: { eu-us: { latency: 80ms, loss: 2%, bandwidth: 8Mbps }, eu-b-us: 90ms } }`);
    expect(between(scenario, "us-1", "eu-b-1")).toMatchObject({ latency: constant(ms(90)), loss: 0.02, bandwidth: 1_000_000, duplicate: 0 });
    expect(between(scenario, "eu-a-1", "eu-b-1")).toMatchObject({ latency: constant(ms(5)), loss: 0.01 });
  });
  it("an exception goes before", () => {
    const scenario = scenarioOf(`${EU_US}network: { zones: { eu-us: { latency: 80ms, loss: 2% } }, links: [{ from: eu-1, to: us-1, latency: 20ms }] }`);
    expect([latency(scenario, "eu-1", "us-1"), between(scenario, "eu-1", "us-1").loss, latency(scenario, "us-1", "eu-1")]).toEqual([20, 0.02, 80]);
  });
  it("zones whose names begin alike lie in one region: us-east and us-west in us", () => {
    const scenario = scenarioOf("nodes: { us-east: 1, us-west: 1, eu: 1 }\nnetwork: { latency: 1ms, zones: { us: 30ms, us-east-eu: 40ms, us-eu: 70ms, us-east-us-west: 31ms } }");
    expect([["us-east-1", "us-west-1"], ["us-east-1", "eu-1"], ["eu-1", "us-west-1"]].map(([a, b]) => latency(scenario, a!, b!))).toEqual([31, 40, 70]);
  });
  it("says nothing where nodes stand in no zones, as in the example of the format", () => {
    expect(scenarioOf("nodes: 5\nnetwork: { zones: { eu-us: 80ms } }").world.network.zones).toEqual([]);
  });

  it.each([
    ["a zone that is not there", "{ ap: 1ms }", "4:21 there is no zone `ap`"],
    ["a misspelt one", "{ eu-uz: 80ms }", "4:21 `eu-uz` is no zone and no two zones, did you mean `eu-us`?"],
    ["one of two that is not there", "{ eu-ap: 80ms }", "4:21 `eu-ap` is no zone and no two zones"],
    ["the same twice", "{ eu-us: 80ms, us-eu: 90ms }", "4:34 `us-eu` and `eu-us` are the same: a latency between zones holds both ways"],
    ["a zone with itself is that zone", "{ eu-eu: 2ms }"],
    ["within and with itself", "{ eu: 1ms, eu-eu: 2ms }", "4:30 `eu-eu` and `eu` are the same: a latency between zones holds both ways"],
    ["no latency", "{ eu-us: fast }", "4:28 expected a duration or a distribution, found `fast`"],
    ["an unknown setting", "{ eu-us: { latency: 80ms, los: 1% } }", "4:45 unknown key `los`, did you mean `loss`?"],
  ])("%s", (_what, zones, ...expected) => expect(mistakes(`${EU_US}network: { zones: ${zones} }`)).toEqual(expected));

  it("what may mean two things is a mistake", () => {
    expect(mistakes("nodes: { eu: 1, a: 1, eu-a: 1 }\nnetwork: { zones: { eu-a: 5ms } }")).toEqual(["4:21 `eu-a` may mean within eu-a or between eu and a: one of these zones needs another name"]);
  });
  it("a mistake shows the zones there are", () => {
    const shown = formatDiagnostics(mistakesIn(`version: 1\nprotocol: kv\n${EU_US}network: { zones: { eu-uz: 80ms } }`), { color: false });
    expect(shown).toContain("= zones: eu, us; `eu` is within one, `eu-us` between two");
  });
});

describe("clients in zones", () => {
  const placed = scenarioOf(`${EU_US}network: { latency: 5ms, loss: 1%, zones: { eu-us: { latency: 80ms, loss: 2% }, eu: 1ms } }\nworkload: { clients: 4, at: { eu: 2, us: 1 } }`);

  it("the first ones stand in the first zone, and the last ones nowhere", () => {
    expect(placed.world.zones.slice(5)).toEqual(["eu", "eu", "us", ""]);
  });
  it("take the latency of their zones, and nothing else of them", () => {
    const pairs = [["c1", "eu-1"], ["us-1", "c2"], ["c3", "eu-3"], ["c3", "us-1"], ["c4", "us-1"]];
    expect(pairs.map(([a, b]) => latency(placed, a!, b!))).toEqual([1, 80, 80, 5, 5]);
    expect(pairs.map(([a, b]) => between(placed, a!, b!).loss)).toEqual([0, 0, 0, 0, 0]);
  });
  it("may stand in a region, or where no node is, if latencies say how far that is", () => {
    const scenario = scenarioOf("nodes: { eu: { a: 1, b: 1 } }\nnetwork: { latency: 5ms, zones: { ap-eu: 120ms } }\nworkload: { at: { eu: 1, ap: 1 } }");
    expect([scenario.world.zones.slice(2), latency(scenario, "c2", "eu-a-1"), latency(scenario, "c1", "eu-b-1")]).toEqual([["eu", "ap", ""], 120, 5]);
  });

  it.each([
    ["more than there are", "{ clients: 2, at: { eu: 2, us: 1 } }", "4:29 3 clients stand in zones here; there are only 2"],
    ["a zone that is not there", "{ at: { ue: 1 } }", "4:19 there is no zone `ue`, did you mean `eu`?"],
    ["no number", "{ at: { eu: some } }", "4:23 expected a whole number, found `some`"],
    ["a number alone", "{ at: 2 }", "4:17 expected a map of keys and values, found `2`"],
    ["none", "{ at: { eu: 0 } }"],
  ])("%s", (_what, workload, ...expected) => expect(mistakes(`${EU_US}workload: ${workload}`)).toEqual(expected));
});

describe("the selector zone(eu)", () => {
  const faults = (selector: string): string[] => mistakes(`nodes: { eu: { a: 1, b: 1 }, us: 1 }\nfaults: [{ at: 5s, crash: ${selector} }]`);

  it("names a zone or a region", () => {
    const { params } = scenarioOf(`${EU_US}faults: [{ at: 5s, partition: [[zone(eu), us-1], rest] }]`).world.faults[0]!;
    expect(params.value[0]).toEqual({ type: "list", of: [{ type: "zone", zone: "eu" }, { type: "node", node: "us-1" }] });
    expect(["zone(eu)", "zone(eu-a)", "[zone(us), eu-b-1]"].map(faults)).toEqual([[], [], []]);
  });
  it.each([
    ["zone(ue)", "4:27 there is no zone `ue`, did you mean `eu`?"],
    ["zone(eu-c)", "4:27 there is no zone `eu-c`, did you mean `eu-a`?"],
    ["zone()", "4:27 zone takes one zone or region: zone(eu)"],
    ["zone(eu us)", "4:27 zone takes one zone or region: zone(eu)"],
    ["zon(eu)", "4:27 unknown selector `zon`, did you mean `zone`?"],
    ["eu", "4:27 there is no node `eu`, did you mean `zone(eu)`?"],
  ])("%s is a mistake", (selector, expected) => expect(faults(selector)).toEqual([expected]));
});

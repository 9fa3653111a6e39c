/** Zones: how long messages take within and between them, and who goes with whom in a fault. */
import { describe, expect, test } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import type { FaultConfig } from "../../sim/world/config.ts";
import { build, constant, fault, note, puppet, run, sel, type Act, type Recording } from "./build.ts";

const NODES = ["eu-a-1", "eu-b-1", "us-1", "us-2"];
const zones = ["eu-a", "eu-b", "us", "us", "eu", "eu-a", "us", ""];
const network = {
  latency: constant(ms(7)),
  zones: [
    { a: "eu", b: "eu", link: { latency: constant(ms(2)) } },
    { a: "eu-a", b: "us", link: { latency: constant(ms(60)) } },
    { a: "us", b: "eu", link: { latency: constant(ms(80)), loss: 1 } },
  ],
};
const world = { nodes: NODES, zones, network, workload: { clients: 4, rate: 400, network: { latency: constant(ms(5)) } } };
const all: Act = (_, ctx) => ctx.peers.forEach((peer) => ctx.send(peer, note("x")));

/** Nanoseconds under way of every message that arrived, by direction, as "from→to latency". */
function took(seen: Recording, names: readonly string[]): string[] {
  const left = new Map(seen.of("send").map(({ message, time }) => [message, time]));
  const lines = seen.of("deliver").map(({ message, time, node, peer }) => `${names[peer]}→${names[node]} ${(time - (left.get(message) as number)) / ms(1)}`);
  return [...new Set(lines)].sort();
}
const names = [...NODES, "c1", "c2", "c3", "c4"];

test("between nodes a message takes exactly the latency of the most particular pair of zones, both ways", () => {
  const { seen } = run(puppet(Object.fromEntries(NODES.map((node) => [node, [[ms(10), all] as const]]))), { ...world, workload: { clients: 0 } });
  expect(took(seen, names)).toEqual(["eu-a-1→eu-b-1 2", "eu-b-1→eu-a-1 2", "us-1→us-2 7", "us-2→us-1 7"]);
  // The region's loss holds for the particular pair as well: it says nothing else.
  expect(seen.of("drop").length).toBe(8);
});

test("a client's messages take its zone's latency, and not the zone's loss", () => {
  const { seen } = run(puppet({}), world);
  const of = (client: string): string[] => took(seen, names).filter((line) => line.startsWith(`${client}→`));
  expect(of("c1")).toEqual(["c1→eu-a-1 2", "c1→eu-b-1 2", "c1→us-1 80", "c1→us-2 80"]);
  expect(of("c2")).toEqual(["c2→eu-a-1 2", "c2→eu-b-1 2", "c2→us-1 60", "c2→us-2 60"]);
  expect(of("c3")).toEqual(["c3→eu-a-1 60", "c3→eu-b-1 80", "c3→us-1 5", "c3→us-2 5"]);
  expect(of("c4")).toEqual(["c4→eu-a-1 5", "c4→eu-b-1 5", "c4→us-1 5", "c4→us-2 5"]);
  expect(seen.of("drop")).toEqual([]);
});

describe("in a fault", () => {
  const zone = (name: string) => ({ type: "zone" as const, zone: name });
  /** Whom each client still reaches: the first letters of the nodes. */
  const reached = (config: FaultConfig): string[] => {
    const { world: built } = build(puppet({}), { ...world, faults: [config] });
    built.runUntil(ms(5));
    const open = (a: string, b: string): boolean => built.network.cutBy(built.endpoint(a), built.endpoint(b)) < 0 && built.network.cutBy(built.endpoint(b), built.endpoint(a)) < 0;
    return ["c1", "c2", "c3", "c4"].map((client) => `${client}: ${NODES.filter((node) => open(client, node)).join(" ")}`);
  };
  const at = { at: ms(1) };

  test("a partition along zones takes their clients along, on either side; who stands nowhere reaches everybody", () => {
    const [eu, us, everybody] = ["eu-a-1 eu-b-1", "us-1 us-2", NODES.join(" ")];
    expect(reached(fault("partition", [zone("eu"), sel("rest")], at))).toEqual([`c1: ${eu}`, `c2: ${eu}`, `c3: ${us}`, `c4: ${everybody}`]);
  });
  test("a partition within a zone leaves its clients outside: they reach both sides", () => {
    const groups = [sel(["eu-a-1", "us-1"]), sel("rest")];
    expect(reached(fault("partition", groups, at))).toEqual([`c1: ${NODES.join(" ")}`, "c2: eu-a-1 us-1", `c3: ${NODES.join(" ")}`, `c4: ${NODES.join(" ")}`]);
  });
  test("a client that is named stands where it is named", () => {
    expect(reached(fault("partition", [sel(["us-1", "us-2", "c1"]), sel("rest")], at))[0]).toBe("c1: us-1 us-2");
  });
  test("a crash of a zone strikes its nodes alone", () => {
    const { seen } = run(puppet({}), { ...world, faults: [fault("crash", zone("eu"), { at: ms(10), for: ms(5) })] });
    expect(seen.of("crash").map(({ node, time }) => [NODES[node], time / ms(1)])).toEqual([["eu-a-1", 10], ["eu-b-1", 10]]);
  });
  test("a zone is the nodes of one zone, a region of all its zones", () => {
    const crashed = (name: string): unknown => run(puppet({}), { ...world, faults: [fault("crash", zone(name), { at: ms(10) })] }).seen.of("crash").map(({ node }) => NODES[node]);
    expect([crashed("eu-b"), crashed("us")]).toEqual([["eu-b-1"], ["us-1", "us-2"]]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import type { FaultConfig } from "../../sim/world/config.ts";
import { faults } from "../../sim/world/faults/index.ts";
import type { World } from "../../sim/world/world.ts";
import { build, constant, fault, groups, isNear, note, puppet, run, sel, type Act } from "./build.ts";

/** Whom each node hears and is heard by, itself included, at 5 ms. */
function sight(faults: readonly FaultConfig[], nodes: number, seed = 1, clients = 0): { world: World; seen: string[][] } {
  const { world } = build(puppet({}), { nodes, faults, seed, workload: { clients } });
  world.runUntil(ms(5));
  const hears = (from: number, to: number): boolean => world.network.cutBy(from, to) < 0;
  const all = Array.from({ length: nodes + clients }, (_, endpoint) => endpoint);
  const isMutual = all.every((a) => all.every((b) => hears(a, b) === hears(b, a)));
  expect(isMutual).toBe(true);
  return { world, seen: world.nodes.map(({ index }) => all.filter((other) => hears(index, other)).map((other) => world.nameOf(other))) };
}

const dataOf = (faults: readonly FaultConfig[], nodes: number): { did: boolean; nodes: string[]; groups: string[][] } =>
  run(puppet({}), { nodes, faults }).seen.of("fault")[0]?.data as never;

describe("a bridge", () => {
  const bridge = (...words: Parameters<typeof groups>): FaultConfig[] => [fault("bridge", groups(...words), { at: ms(1), for: ms(20) })];

  test("leaves two halves that see the one between them and not each other", () => {
    expect(sight(bridge(["n1", "n2"], "n3", ["n4", "n5"]), 5).seen).toEqual([
      ["n1", "n2", "n3"], ["n1", "n2", "n3"], ["n1", "n2", "n3", "n4", "n5"], ["n3", "n4", "n5"], ["n3", "n4", "n5"],
    ]);
  });

  test("may have more than one node between, who see each other; `rest` is the nodes in no other group", () => {
    expect(sight(bridge("n1", ["n2", "n3"], "rest"), 5).seen).toEqual([
      ["n1", "n2", "n3"], ["n1", "n2", "n3", "n4", "n5"], ["n1", "n2", "n3", "n4", "n5"], ["n2", "n3", "n4", "n5"], ["n2", "n3", "n4", "n5"],
    ]);
  });

  test("a node in no group sees nobody; a client in none sees everybody, and one in a half only those that the half sees", () => {
    const { seen } = sight(bridge(["n1", "c1"], "n2", "n3"), 4, 1, 2);
    expect(seen).toEqual([["n1", "n2", "c1", "c2"], ["n1", "n2", "n3", "c1", "c2"], ["n2", "n3", "c2"], ["n4", "c2"]]);
  });

  test("strikes the nodes between, and says who stands where", () => {
    expect(dataOf(bridge(["n1", "n2"], "n3", ["n4", "n5"]), 5)).toMatchObject({ did: true, nodes: ["n3"], groups: [["n1", "n2"], ["n3"], ["n4", "n5"]] });
  });

  test("changes nothing where a half is empty", () => {
    expect(dataOf(bridge("n1", ["n2", "n3"], "rest"), 3).did).toBe(false);
  });

  test("mends when it ends", () => {
    const { world } = sight(bridge("n1", "n2", "n3"), 3);
    expect(world.network.cutBy(0, 2)).toBe(0);
    world.runUntil(ms(21));
    expect(world.network.cutBy(0, 2)).toBe(-1);
  });
});

describe("a ring", () => {
  const ring = [fault("ring", "all", { at: ms(1), for: ms(20) })];
  const majority = (nodes: number): number => Math.floor(nodes / 2) + 1;

  test("of five nodes lets each see exactly three, and no two the same three", () => {
    const { seen } = sight(ring, 5);
    expect(seen.map(({ length }) => length)).toEqual([3, 3, 3, 3, 3]);
    expect(new Set(seen.map(String)).size).toBe(5);
  });

  test("property: of 3 to 20 nodes each sees a majority, no two the same, and whoever is heard hears", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 20 }), fc.nat({ max: 999 }), (nodes, seed) => {
        const { seen } = sight(ring, nodes, seed);
        for (const visible of seen) expect(visible.length).toBeGreaterThanOrEqual(majority(nodes));
        expect(new Set(seen.map(String)).size).toBe(nodes);
      }),
      { numRuns: 100, seed: 61 },
    );
  });

  // In a graph the number of odd degrees is even (Euler, 1736): where each of an odd number of nodes would have an odd
  // number of peers, one must have another.
  test("shows each the least majority, and where no graph has that, one node sees one more: of 3, 7, 11, 15, 19", () => {
    for (let nodes = 3; nodes <= 20; nodes += 1) {
      const extra = sight(ring, nodes).seen.map(({ length }) => length - majority(nodes)).filter((more) => more !== 0);
      expect([nodes, extra]).toEqual([nodes, nodes % 4 === 3 ? [1] : []]);
    }
  });

  test("of three nodes is a bridge; of two or one changes nothing", () => {
    expect(sight(ring, 3).seen.map(({ length }) => length).sort()).toEqual([2, 2, 3]);
    expect([2, 1].map((nodes) => dataOf(ring, nodes).did)).toEqual([false, false]);
    expect(sight(ring, 2).seen).toEqual([["n1", "n2"], ["n1", "n2"]]);
  });

  test("has an order that is drawn: of the 12 rings of five nodes 200 seeds show all", () => {
    const rings = Array.from({ length: 200 }, (_, seed) => String(sight(ring, 5, seed).seen.map(String)));
    expect(new Set(rings).size).toBe(12);
  });

  test("says whom each sees, itself first, and clients see everybody", () => {
    const { world, seen } = sight(ring, 5, 7, 1);
    const { nodes, groups: told } = run(puppet({}), { nodes: 5, faults: ring, seed: 7 }).seen.of("fault")[0]?.data as { nodes: string[]; groups: string[][] };
    expect(told.map(([node]) => node)).toEqual(nodes);
    for (const [node = "", ...others] of told) expect([node, ...others, "c1"].sort()).toEqual(seen[world.nodeNamed(node)]?.slice().sort());
  });

  test("leaves who does not stand in it alone: of three of five, the other two see all", () => {
    const { seen } = sight([fault("ring", sel(["n1", "n2", "n3"]), { at: ms(1) })], 5);
    expect(seen.map(({ length }) => length).sort()).toEqual([4, 4, 5, 5, 5]);
  });

  test("mends when it ends", () => {
    const { world } = sight(ring, 5);
    world.runUntil(ms(21));
    expect(world.nodes.flatMap((a) => world.nodes.map((b) => world.network.cutBy(a.index, b.index))).filter((by) => by >= 0)).toEqual([]);
  });
});

describe("corrupt", () => {
  const many: Act = (_, ctx) => Array.from({ length: 1000 }, (_, text) => ctx.send("n2", note(text)));
  const corrupt = (rate: number): FaultConfig[] => [fault("corrupt", { nodes: sel("n1"), rate }, { at: ms(1), for: ms(50) })];
  const checked = run(puppet({ n1: [[ms(10), many], [ms(100), many]] }), { faults: corrupt(0.3) }).seen;

  test("with checksums loses its share of the messages, says why and by what, and none when it has ended", () => {
    const drops = checked.of("drop");
    expect(isNear(drops.length, 1000, 0.3)).toBe(true);
    expect(new Set(drops.map(({ reason, fault: by, time }) => `${reason} ${by} ${time}`))).toEqual(new Set([`checksum 0 ${ms(11)}`]));
    expect(checked.of("deliver").length).toBe(2000 - drops.length);
  });

  test("without checksums changes as many, and every message comes; each changed number differs in one bit", () => {
    const network = { checksum: false };
    const { seen } = run(puppet({ n1: [[ms(10), many]] }), { faults: corrupt(0.3), network });
    const sent = new Map(seen.of("send").map(({ message, data }) => [message, (data as { text: number }).text]));
    const changed = seen.of("corrupt");
    expect(seen.of("deliver").length).toBe(1000);
    expect(changed.map(({ message }) => message)).toEqual(checked.of("drop").map(({ message }) => message));
    expect(new Set(changed.map(({ fault: by }) => by))).toEqual(new Set([0]));
    for (const { message, data } of changed) {
      const bits = (sent.get(message) as number) ^ (data as { text: number }).text;
      expect([message, bits !== 0 && (bits & (bits - 1)) === 0]).toEqual([message, true]);
    }
  });

  test("adds to the network's own, which says -1", () => {
    const { seen } = run(puppet({ n1: [[ms(10), many]] }), { faults: corrupt(0.5), network: { corrupt: 0.5 } });
    const by = seen.of("drop").map(({ fault: id }) => id);
    expect(isNear(by.length, 1000, 0.75)).toBe(true);
    expect(isNear(by.filter((id) => id === -1).length, 1000, 0.5)).toBe(true);
  });
});

describe("faults of links", () => {
  const kinds = Object.values(faults).filter(({ strikesClients }) => strikesClients === true).map(({ kind }) => kind);

  test("may strike clients, all of them but the ring and the swizzle", () => {
    expect(kinds.sort()).toEqual(["block", "bridge", "burst", "clog", "corrupt", "duplicate", "flaky", "isolate", "partition", "slow"]);
  });

  test("a client that is named suffers: what c1 asks takes 50 ms longer, and so do the answers", () => {
    const { seen } = run(puppet({}), { workload: { clients: 2, think: constant(ms(10)) }, faults: [fault("slow", { link: [sel("c1"), sel("all")], by: constant(ms(50)) }, { at: 0 })] });
    const sent = new Map(seen.of("send").map(({ message, time }) => [message, time]));
    const took = (client: number): Set<number> => new Set(seen.of("deliver").filter(({ node, peer }) => node === client || peer === client).map(({ message, time }) => time - (sent.get(message) as number)));
    expect([took(3), took(4)]).toEqual([new Set([ms(51)]), new Set([ms(1)])]);
  });
});

import { describe, expect, test } from "vitest";
import { Stream } from "../../sim/kernel/stream.ts";
import { ms } from "../../sim/kernel/time.ts";
import type { AnyProtocol, Ctx } from "../../sim/protocol.ts";
import type { FaultConfig } from "../../sim/world/config.ts";
import { select, selectGroups, selectSides } from "../../sim/world/select.ts";
import { build, constant, fault, groups, isNear, puppet, run, sel } from "./build.ts";

type Cast = { readonly [node: string]: readonly [role: string, term?: number] };

/** Nodes that show these roles and terms. */
const cast = (roles: Cast): AnyProtocol => puppet({}, { boot: ({ self }: Ctx) => ({ role: roles[self]?.[0] ?? "follower", term: roles[self]?.[1] ?? 0 }) } as never);

/** Whom a selector means at 5 ms, by name. */
function chosen(word: Parameters<typeof sel>[0], { roles = {}, nodes = 5, faults = [], seed = 1 }: { roles?: Cast; nodes?: number; faults?: FaultConfig[]; seed?: number } = {}): string[] {
  const { world } = build(cast(roles), { nodes, faults, workload: { clients: 2, until: 0 } });
  world.runUntil(ms(5));
  return select(world, sel(word), new Stream(String(seed))).map((index) => world.nameOf(index));
}

describe("leader", () => {
  test("is the node that shows itself as leader: n2", () => {
    expect(chosen("leader", { roles: { n2: ["leader", 1] } })).toEqual(["n2"]);
  });

  test("of several is the one with the highest term: n4", () => {
    expect(chosen("leader", { roles: { n1: ["leader", 2], n4: ["leader", 3], n5: ["leader", 1] } })).toEqual(["n4"]);
  });

  test("of several of one term is the first: n1", () => {
    expect(chosen("leader", { roles: { n1: ["leader", 2], n4: ["leader", 2] } })).toEqual(["n1"]);
  });

  test("is a running one: n1, because n4 has crashed", () => {
    expect(chosen("leader", { roles: { n1: ["leader", 2], n4: ["leader", 3] }, faults: [fault("crash", "n4", { at: ms(1) })] })).toEqual(["n1"]);
  });

  test("is an unpaused one: n1, because n4 is paused", () => {
    expect(chosen("leader", { roles: { n1: ["leader", 2], n4: ["leader", 3] }, faults: [fault("pause", "n4", { at: ms(1) })] })).toEqual(["n1"]);
  });

  test("is a node without a term too, and with one that is no number: n3", () => {
    expect(chosen("leader", { roles: { n3: ["leader", undefined] } })).toEqual(["n3"]);
  });

  test("is nobody where nobody shows a role", () => {
    const { world } = build(puppet({}), {});
    expect(select(world, sel("leader"), new Stream("1"))).toEqual([]);
  });

  test("is nobody, and a violation, where inspect throws", () => {
    const { world } = build(puppet({}, { inspect: () => { throw new Error("no"); } }), {});
    expect(select(world, sel("leader"), new Stream("1"))).toEqual([]);
    expect(world.watch.violations[0]?.invariant).toBe("inspect");
  });
});

describe("followers", () => {
  test("are the nodes up that show themselves as followers: n2, n3 and, paused, n5", () => {
    const faults = [fault("crash", "n4", { at: ms(1) }), fault("pause", "n5", { at: ms(1) })];
    expect(chosen("followers", { roles: { n1: ["leader", 1] }, faults })).toEqual(["n2", "n3", "n5"]);
  });

  test("are not candidates", () => {
    expect(chosen("followers", { roles: { n1: ["candidate", 1], n2: ["candidate", 1] }, nodes: 3 })).toEqual(["n3"]);
  });

  test("one of them is as likely as another: of 600 draws n2, n3 and n4 have a third each", () => {
    const roles: Cast = { n1: ["leader", 1] };
    const { world } = build(cast(roles), { nodes: 4 });
    const stream = new Stream("7");
    const draws = Array.from({ length: 600 }, () => select(world, sel("follower"), stream));
    for (const index of [1, 2, 3]) expect(isNear(draws.filter(([one]) => one === index).length, 600, 1 / 3)).toBe(true);
  });
});

describe("sizes", () => {
  for (const [nodes, minority, majority] of [[1, 0, 1], [2, 0, 2], [3, 1, 2], [4, 1, 3], [5, 2, 3], [6, 2, 4], [7, 3, 4]] as const) {
    test(`of ${nodes} nodes a minority has ${minority} and a majority ${majority}`, () => {
      expect(chosen("minority", { nodes }).length).toBe(minority);
      expect(chosen("majority", { nodes }).length).toBe(majority);
    });
  }

  test("a minority and a majority are random: over 40 seeds each of five nodes is in one, and not in another", () => {
    const draws = Array.from({ length: 40 }, (_, seed) => chosen("minority", { seed }));
    for (const node of ["n1", "n2", "n3", "n4", "n5"]) {
      expect(draws.some((draw) => draw.includes(node))).toBe(true);
      expect(draws.some((draw) => !draw.includes(node))).toBe(true);
    }
  });

  test("they count nodes that are down as well: of five with three down still 3 are a majority", () => {
    expect(chosen("majority", { faults: [fault("crash", sel(["n1", "n2", "n3"]), { at: ms(1) })] }).length).toBe(3);
  });

  test("random(k) is k different running nodes, and one where no number is given", () => {
    const faults = [fault("crash", "n2", { at: ms(1) })];
    for (let seed = 0; seed < 20; seed += 1) {
      const draw = chosen("random(3)", { faults, seed });
      expect([new Set(draw).size, draw.includes("n2")]).toEqual([3, false]);
    }
    expect(chosen("random", { faults }).length).toBe(1);
  });

  test("random(k) of fewer running nodes is all of these: n1", () => {
    expect(chosen("random(3)", { nodes: 3, faults: [fault("crash", sel(["n2", "n3"]), { at: ms(1) })] })).toEqual(["n1"]);
  });

  test("random may strike a paused node, which runs: n1", () => {
    expect(chosen("random", { nodes: 1, faults: [fault("pause", "n1", { at: ms(1) })] })).toEqual(["n1"]);
  });
});

describe("lists", () => {
  test("name each node once: n2, n1", () => {
    expect(chosen(["n2", "n1", "n2"])).toEqual(["n2", "n1"]);
  });

  test("a choice in a list passes over what the list has already: of two nodes n1 and a random one are n1 and n2", () => {
    for (let seed = 0; seed < 10; seed += 1) expect(chosen(["n1", "random"], { nodes: 2, seed })).toEqual(["n1", "n2"]);
  });

  test("all are the nodes, and not the clients: 5", () => {
    expect(chosen("all")).toEqual(["n1", "n2", "n3", "n4", "n5"]);
  });

  test("a list of which a part finds nobody finds nobody", () => {
    expect(chosen(["leader", "n2"])).toEqual([]);
  });
});

describe("groups", () => {
  const grouped = (words: Parameters<typeof groups>, { roles = {}, nodes = 5, seed = 1 }: { roles?: Cast; nodes?: number; seed?: number } = {}): string[][] | undefined => {
    const { world } = build(cast(roles), { nodes, workload: { clients: 2, until: 0 } });
    return selectGroups(world, groups(...words), new Stream(String(seed)))?.map((group) => group.map((index) => world.nameOf(index)));
  };

  test("rest is the nodes in no other group: n2, n4, n5", () => {
    expect(grouped([["n1", "n3"], "rest"])).toEqual([["n1", "n3"], ["n2", "n4", "n5"]]);
  });

  test("rest may stand first, or in a list: it is what no group names", () => {
    expect(grouped(["rest", ["n1", "n3"]])).toEqual([["n2", "n4", "n5"], ["n1", "n3"]]);
    expect(grouped([["c1", "rest"], ["n1", "n3"]])).toEqual([["c1", "n2", "n4", "n5"], ["n1", "n3"]]);
  });

  test("rest does not mean clients", () => {
    expect(grouped([["n1", "c1"], "rest"])).toEqual([["n1", "c1"], ["n2", "n3", "n4", "n5"]]);
  });

  test("a node that is named twice belongs to the first group: n2", () => {
    expect(grouped([["n1", "n2"], ["n2", "n3"]])).toEqual([["n1", "n2"], ["n3"]]);
    expect(grouped([["leader", "n2"], "rest"], { roles: { n2: ["leader", 1] } })).toEqual([["n2"], ["n1", "n3", "n4", "n5"]]);
  });

  test("a minority and a majority are the two halves of five nodes", () => {
    for (let seed = 0; seed < 10; seed += 1) {
      const [minority, majority] = grouped(["minority", "majority"], { seed }) as string[][];
      expect([minority?.length, majority?.length, new Set([...(minority ?? []), ...(majority ?? [])]).size]).toEqual([2, 3, 5]);
    }
  });

  test("an empty rest is a group, and any other selector that finds nobody leaves no groups", () => {
    expect(grouped(["all", "rest"], { nodes: 2 })).toEqual([["n1", "n2"], []]);
    expect(grouped(["leader", "rest"])).toBe(undefined);
    expect(grouped([["leader", "n2"], "rest"])).toBe(undefined);
  });
});

describe("sides of a link", () => {
  const sides = (first: string, second: string, seed = 1): string[][] | undefined => {
    const { world } = build(cast({}), { nodes: 5 });
    return selectSides(world, [sel(first), sel(second)], new Stream(String(seed)))?.map((side) => side.map((index) => world.nameOf(index)));
  };

  test("rest is the nodes that are not on the other side, whichever that is", () => {
    expect(sides("n2", "rest")).toEqual([["n2"], ["n1", "n3", "n4", "n5"]]);
    expect(sides("rest", "n2")).toEqual([["n1", "n3", "n4", "n5"], ["n2"]]);
  });

  test("two choices of one node are two nodes", () => {
    for (let seed = 0; seed < 30; seed += 1) {
      const [first, second] = sides("random", "random", seed) as string[][];
      expect(first?.[0]).not.toBe(second?.[0]);
    }
  });

  test("two majorities keep their sizes, and may share nodes: 3 and 3", () => {
    expect(sides("majority", "majority")?.map((side) => side.length)).toEqual([3, 3]);
  });
});

describe("a selector that finds nobody", () => {
  const kinds: [kind: string, value: unknown][] = [
    ["partition", groups("leader", "rest")],
    ["partition", groups(["leader", "n2"], "rest")],
    ["isolate", "leader"],
    ["isolate", sel(["n1", "leader"])],
    ["block", { from: sel("leader"), to: sel("rest") }],
    ["block", { from: sel("n1"), to: sel("leader") }],
    ["slow", { nodes: sel("leader"), by: constant(ms(5)) }],
    ["flaky", { link: [sel("n1"), sel("leader")], loss: 1 }],
    ["duplicate", { nodes: sel("leader"), rate: 1 }],
    ["crash", "leader"],
    ["restart", "leader"],
    ["pause", "leader"],
    ["skew", { nodes: sel("leader"), by: ms(5) }],
    ["skew", { nodes: sel("leader"), drift: 500_000 }],
  ];
  for (const [kind, value] of kinds) {
    test(`makes ${kind} ${JSON.stringify(value).replaceAll('"', "")} do nothing, and its event says did: false`, () => {
      const steady = (): ReturnType<typeof puppet> =>
        puppet({ n1: [[ms(5), (_, ctx) => (ctx.send("n2", { type: "Note" } as never), ctx.emit("clock", { now: ctx.now }))]] });
      const events = (faults: FaultConfig[]): unknown[] =>
        run(steady(), { faults, workload: { clients: 1, rate: 100, until: ms(200) } })
          .seen.events.filter((event) => event.kind !== "fault" && event.kind !== "faultEnd")
          .map(({ kind: what, time, node, nodeTime, message }) => [what, time, node, nodeTime, message]);
      const config = fault(kind, value, { at: ms(2), for: ms(100) });
      expect(run(steady(), { faults: [config] }).seen.of("fault").map(({ data }) => data)).toEqual([expect.objectContaining({ did: false, nodes: [] })]);
      expect(events([config])).toEqual(events([]));
    });
  }
});

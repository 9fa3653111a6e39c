import fc from "fast-check";
import { expect, test } from "vitest";
import { anglesOf, cutLinks, groupsUnder, homeAngle, placesOf } from "../../viz/model/cluster.ts";
import { cutsOf, groupsOf } from "../../viz/model/faults.ts";
import { toSegment } from "../../viz/model/geometry.ts";
import { NEVER } from "../../viz/model/intervals.ts";
import type { FaultSpan } from "../../viz/model/story.ts";
import { faultRows, lanesFor } from "../../viz/panels/timeline/lanes.ts";

const endpoints = ["n1", "n2", "n3", "n4", "n5", "c1"];

const fault = (kind: string, data: object): FaultSpan => {
  const groups = groupsOf(kind, data, endpoints, 5);
  return { fault: 0, kind, name: kind, begin: 0, end: NEVER, did: true, nodes: [], groups, cuts: cutsOf(kind, groups, 5) };
};

test("nodes that a partition names in no group see nobody", () => {
  expect(fault("partition", { groups: [["n1", "n2"], ["n3"]] }).groups).toEqual([[0, 1], [2], [3], [4]]);
});

test("a partition of two and three nodes cuts twelve directed links, an isolated node eight, a block one way only", () => {
  expect(fault("partition", { groups: [["n1", "n2"], ["n3", "n4", "n5"]] }).cuts).toHaveLength(12);
  expect(new Set(fault("isolate", { nodes: ["n3"] }).cuts.map(String)).size).toBe(8);
  expect(fault("block", { groups: [["n1"], ["n2", "n3"]] }).cuts).toEqual([[0, 1], [0, 2]]);
  expect(fault("slow", { nodes: ["n1"] }).cuts).toEqual([]);
});

test("a bridge of five nodes cuts the eight directed links between its halves, and who is in no group from everybody", () => {
  expect(fault("bridge", { groups: [["n1", "n2"], ["n3"], ["n4", "n5"]] }).cuts.map(String).sort()).toEqual(["0,3", "0,4", "1,3", "1,4", "3,0", "3,1", "4,0", "4,1"]);
  const cuts = fault("bridge", { groups: [["n1"], ["n3"], ["n4", "n5"]] }).cuts.map(String);
  expect(new Set(cuts).size).toBe(4 + 8);
  expect(cuts.filter((link) => link.split(",").includes("1")).length).toBe(8);
});

test("a ring cuts what its groups do not show: of five nodes each loses two, both ways", () => {
  const groups = [["n1", "n2", "n5"], ["n2", "n1", "n3"], ["n3", "n2", "n4"], ["n4", "n3", "n5"], ["n5", "n4", "n1"]];
  const cuts = fault("ring", { nodes: ["n1", "n2", "n3", "n4", "n5"], groups }).cuts.map(String);
  expect(cuts.sort()).toEqual(["0,2", "0,3", "1,3", "1,4", "2,0", "2,4", "3,0", "3,1", "4,1", "4,2"]);
});

test("what is clogged, corrupt or bursty is not cut", () => {
  for (const kind of ["clog", "swizzle", "corrupt", "burst"]) expect(fault(kind, { nodes: ["n1"], groups: [["n1"], ["n2"]] }).cuts).toEqual([]);
});

test("a client in a group is cut from the other group too", () => {
  const cuts = fault("partition", { groups: [["n1", "c1"], ["n2", "n3", "n4", "n5"]] }).cuts.map(String);
  expect(cuts).toContain("5,1");
  expect(cuts).not.toContain("5,0");
});

test("a whole cluster is one group with every node at home", () => {
  expect(groupsUnder(new Set(), 5, 6)).toEqual([[0, 1, 2, 3, 4]]);
  expect(anglesOf([[0, 1, 2, 3, 4]], 5)).toEqual([0, 1, 2, 3, 4].map((node) => homeAngle(node, 5)));
});

test("groups are the connected parts of the links that are left, as walking them finds", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 42, selector: String }), (pairs) => {
      const cuts = new Set(pairs.map(([from, to]) => from * 8 + to));
      const isWhole = (a: number, b: number): boolean => a !== b && !cuts.has(a * 8 + b) && !cuts.has(b * 8 + a);
      const reach = (from: number): number[] => {
        const seen = new Set([from]);
        for (const node of seen) for (let other = 0; other < 7; other += 1) if (isWhole(node, other)) seen.add(other);
        return [...seen].sort((a, b) => a - b);
      };
      const groups = groupsUnder(cuts, 7, 8);
      expect(groups.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      for (const group of groups) for (const node of group) expect(reach(node)).toEqual(group);
    }),
    { seed: 13 },
  );
});

test("when a cluster comes apart, every pair within a group stands closer than the two groups' nearest nodes' middles", () => {
  for (const groups of [[[0, 3], [1, 2, 4]], [[2], [0, 1, 3, 4]], [[0, 1], [2, 3, 4]]]) {
    const places = placesOf(groups, 5, { x: 0, y: 0 }, { x: 200, y: 100 });
    const [left, right] = groups.map((group) => group.map((node) => places[node]!.x));
    const apart = Math.min(...left!) > Math.max(...right!) || Math.max(...left!) < Math.min(...right!);
    expect(apart, JSON.stringify(groups)).toBe(true);
    for (const place of places) {
      expect(Math.abs(place.x)).toBeLessThanOrEqual(200.001);
      expect(Math.abs(place.y)).toBeLessThanOrEqual(100.001);
    }
  }
});

test("the links that are cut are those of all faults under way, each once", () => {
  const cuts = cutLinks([fault("isolate", { nodes: ["n1"] }), fault("partition", { groups: [["n1"], ["n2", "n3", "n4", "n5"]] })], 6);
  expect(cuts.size).toBe(8);
});

test("faults that are under way together never share a row, and a row is used again when it is free", () => {
  const span = (begin: number, end: number): FaultSpan => ({ ...fault("pause", {}), begin, end });
  expect(faultRows([span(0, 10), span(5, 8), span(8, 12), span(10, 11)])).toEqual({ rows: [0, 1, 1, 0], count: 2 });
  expect(faultRows([span(0, NEVER), span(5, 6)])).toEqual({ rows: [0, 1], count: 2 });
});

test("lanes follow each other without gaps and fill the height where they can", () => {
  const lanes = lanesFor(400, 5, 1, true);
  let below = lanes.faults.height;
  for (const lane of lanes.nodes) {
    expect(lane.top).toBe(below);
    below += lane.height;
  }
  expect(lanes.operations!.top).toBe(below);
  expect(lanes.height).toBe(400);
  expect(lanesFor(200, 15, 9, false).height).toBeGreaterThan(200);
});

test("the distance to a segment is the least distance to any of its points", () => {
  const coordinate = fc.integer({ min: -100, max: 100 });
  fc.assert(
    fc.property(fc.tuple(coordinate, coordinate, coordinate, coordinate, coordinate, coordinate), ([x, y, x1, y1, x2, y2]) => {
      const samples = Array.from({ length: 401 }, (_, step) => Math.hypot(x - x1 - ((x2 - x1) * step) / 400, y - y1 - ((y2 - y1) * step) / 400));
      const least = Math.min(...samples);
      expect(toSegment(x, y, x1, y1, x2, y2).distance).toBeLessThanOrEqual(least + 1e-9);
      expect(toSegment(x, y, x1, y1, x2, y2).distance).toBeGreaterThan(least - 1);
    }),
    { seed: 14 },
  );
});

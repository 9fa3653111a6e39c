import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classOf, findCycles, hasNonadjacent } from "../../../sim/check/transactions/cycles.ts";
import { type Edge, Graph, RW, SESSION, TIME, WR, WW } from "../../../sim/check/transactions/graph.ts";

type Drawn = readonly [from: number, to: number, kind: number];

function graphOf(edges: readonly Drawn[], nodes = 6): Graph {
  const graph = new Graph(nodes);
  edges.forEach(([from, to, kind]) => graph.add(from, to, kind));
  graph.seal();
  return graph;
}

/** Every simple cycle there is, from its least node on. */
function allCycles(edges: readonly Drawn[]): Edge[][] {
  const cycles: Edge[][] = [];
  const search = (start: number, path: readonly Edge[]): void => {
    const at = path.at(-1)?.to ?? start;
    for (const [from, to, kind] of edges) {
      if (from !== at || to < start || path.some((edge) => edge.from === to && to !== start)) continue;
      const longer = [...path, { from, to, kind, note: -1 }];
      if (to === start) cycles.push(longer);
      else search(start, longer);
    }
  };
  for (let start = 0; start < 6; start++) search(start, []);
  return cycles;
}

/** By the words of the definitions: sessions and real time alone make no cycle. */
function nameByDefinition(cycle: readonly Edge[]): string {
  const kinds = cycle.map(({ kind }) => kind);
  const missed = kinds.filter((kind) => kind === RW).length;
  const inARow = kinds.some((kind, i) => kind === RW && kinds[(i + 1) % kinds.length] === RW);
  const base = missed === 0 ? (kinds.includes(WR) ? "G1c" : "G0") : missed === 1 ? "G-single" : inARow ? "G2-item" : "G-nonadjacent";
  return base + (kinds.includes(TIME) ? "-realtime" : kinds.includes(SESSION) ? "-process" : "");
}

const edge: fc.Arbitrary<Drawn> = fc.tuple(fc.nat(5), fc.nat(5), fc.constantFrom(WW, WR, RW, RW, SESSION, TIME)).filter(([a, b]) => a !== b).map(([a, b, kind]) => (kind >= SESSION && a > b ? [b, a, kind] : [a, b, kind]));

test("the classes of cycles in 3,000 graphs of up to 6 transactions are those among all of their cycles", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 9 }), (edges) => {
      const graph = graphOf(edges);
      const there = new Set(allCycles(edges).map(nameByDefinition));
      const found = findCycles(graph);
      const names = new Set(found.map(({ name }) => name));
      for (const { name, edges: cycle } of found) {
        seen.set(name, (seen.get(name) ?? 0) + 1);
        expect(nameByDefinition(cycle)).toBe(name);
        expect(there).toContain(name);
        cycle.forEach(({ from, to, kind }, i) => {
          expect(edges.some((drawn) => drawn[0] === from && drawn[1] === to && drawn[2] === kind)).toBe(true);
          expect(cycle[(i + 1) % cycle.length]!.from).toBe(to);
        });
        expect(new Set(cycle.map(({ from }) => from)).size).toBe(cycle.length);
      }
      for (const [at, variant] of ["", "-process", "-realtime"].entries()) {
        const weaker = ["", "-process", "-realtime"].slice(0, at);
        for (const base of ["G0", "G1c", "G-single", "G2-item"]) {
          if (!weaker.some((other) => names.has(base + other))) expect([base + variant, names.has(base + variant)]).toEqual([base + variant, there.has(base + variant)]);
        }
      }
      const snapshot = ["G0", "G1c", "G-single", "G-nonadjacent"];
      expect(hasNonadjacent(graph)).toBe(snapshot.some((name) => there.has(name)));
      expect(snapshot.some((name) => names.has(name))).toBe(snapshot.some((name) => there.has(name)));
      if (there.has("G-nonadjacent") && !snapshot.slice(0, 3).some((name) => there.has(name))) expect(names).toContain("G-nonadjacent");
    }),
    { numRuns: 3000, seed: 6 },
  );
  expect([...seen.keys()]).toEqual(expect.arrayContaining(["G0", "G1c", "G-single", "G-nonadjacent", "G2-item", "G0-process", "G1c-process", "G-single-process", "G2-item-process", "G0-realtime", "G-single-realtime"]));
});

test("of each class the shortest cycle", () => {
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 9 }), (edges) => {
      const all = allCycles(edges);
      for (const { name, edges: cycle } of findCycles(graphOf(edges))) {
        if (name.startsWith("G-nonadjacent")) continue;
        expect([name, cycle.length]).toEqual([name, Math.min(...all.filter((other) => nameByDefinition(other) === name).map(({ length }) => length))]);
      }
    }),
    { numRuns: 1000, seed: 7 },
  );
});

describe("what bundles edges is no step", () => {
  test("of real time", () => {
    const graph = new Graph(3);
    const [first, second] = [graph.bundle(), graph.bundle()];
    graph.add(2, 0, RW);
    graph.add(0, first, TIME);
    graph.add(first, second, TIME);
    graph.add(second, 1, TIME);
    graph.add(second, 2, TIME);
    graph.seal();
    expect(findCycles(graph)).toEqual([{ name: "G-single-realtime", edges: [{ from: 2, to: 0, kind: RW, note: -1 }, { from: 0, to: 2, kind: TIME, note: -1 }] }]);
    expect(classOf(findCycles(graph)[0]!.edges)).toBe("G-single");
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { Convergence } from "../../sim/check/convergence.ts";

const S = 1_000_000_000;
const names = ["n1", "n2", "n3"];

/** What nodes show, as [seconds, node, state]; the events are numbered from 0. */
function shown(...updates: readonly (readonly [number, number, string | null])[]): Convergence {
  const convergence = new Convergence(3);
  updates.forEach(([seconds, node, state], event) => convergence.show(seconds * S, event, node, state));
  return convergence;
}

const boots = [[0, 0, "a"], [0, 1, "a"], [0, 2, "a"]] as const;

test("nodes that agree throughout have converged at once", () => {
  const convergence = shown(...boots);
  expect(convergence.verdict(5 * S, 2 * S, 10 * S, names)).toMatchObject({ verdict: "pass", consistency: "converged", detail: "all 3 running nodes showed the same from 0s to the end" });
  expect([convergence.convergedAt, convergence.timeToConverge(5 * S)]).toEqual([0, 0]);
});

test("what is to be reached within 2s passes at exactly 2s, and fails a nanosecond later", () => {
  const at = (time: number): string => {
    const convergence = shown(...boots, [4, 0, "b"], [4, 1, "b"]);
    convergence.show(time, 9, 2, "b");
    return convergence.verdict(5 * S, 2 * S, 10 * S, names).verdict;
  };
  expect([at(7 * S), at(7 * S + 1)]).toEqual(["pass", "fail"]);
});

test("nodes that still differ are told by group, since when, and by which event", () => {
  const { verdict, detail, failure } = shown(...boots, [3, 0, "b"], [4, 1, "b"]).verdict(5 * S, 2 * S, 10 * S, names);
  expect([verdict, detail]).toEqual(["fail", "the nodes still differed at the end (10s), and had since 3s: n1, n2 | n3"]);
  expect(failure).toEqual({ key: "", operations: [], event: 3, time: 3 * S });
});

test("late agreement is told by how late it was", () => {
  const convergence = shown(...boots, [3, 0, "b"], [3, 1, "b"], [8.5, 2, "b"]);
  expect(convergence.verdict(5 * S, 2 * S, 10 * S, names)).toMatchObject({
    verdict: "fail",
    detail: "all 3 running nodes showed the same only from 8.5s, 3.5s after 5s, when workload and faults had ended; allowed were 2s",
    failure: { event: 5, time: 8.5 * S },
  });
  expect(convergence.timeToConverge(5 * S)).toBe(3.5 * S);
});

test("agreement that does not last until the end does not count", () => {
  expect(shown(...boots, [6, 0, "b"], [6, 1, "b"], [6, 2, "b"], [9, 1, "c"]).verdict(5 * S, 2 * S, 10 * S, names).verdict).toBe("fail");
});

test("several updates at one instant count as of the last", () => {
  const convergence = shown(...boots, [6, 0, "b"], [6, 1, "b"], [6, 2, "b"]);
  expect(convergence.convergedAt).toBe(0);
});

test("a node that is not running does not count, and counts again when it is", () => {
  const down = [...boots, [3, 2, null], [4, 0, "b"], [4, 1, "b"]] as const;
  expect(shown(...down).verdict(5 * S, 2 * S, 10 * S, names)).toMatchObject({ verdict: "pass", detail: "all 2 running nodes showed the same from 0s to the end" });
  expect(shown(...down, [6, 2, "a"]).verdict(5 * S, 2 * S, 10 * S, names).detail).toBe("the nodes still differed at the end (10s), and had since 6s: n1, n2 | n3");
});

test("where nobody runs, nobody has converged", () => {
  expect(shown(...boots, [3, 0, null], [3, 1, null], [3, 2, null]).verdict(5 * S, 2 * S, 10 * S, names)).toMatchObject({ verdict: "fail", detail: "no node was running at the end (10s)" });
});

test("1,000 generated runs agree with looking at every instant", () => {
  const state = fc.constantFrom("a", "b", null);
  const update = fc.record({ after: fc.constantFrom(0, 0, 1, 2), node: fc.integer({ min: 0, max: 2 }), state });
  fc.assert(
    fc.property(fc.array(update, { maxLength: 12 }), (updates) => {
      const convergence = new Convergence(3);
      const states: (string | null)[] = [null, null, null];
      const agreeAt = new Map<number, boolean>([[0, false]]);
      let time = 0;
      updates.forEach(({ after, node, state: next }, event) => {
        time += after;
        convergence.show(time, event, node, next);
        states[node] = next;
        const running = states.filter((one) => one !== null);
        agreeAt.set(time, running.length > 0 && new Set(running).size === 1);
      });
      const instants = [...agreeAt.entries()].reverse();
      const lastWrong = instants.findIndex(([, agree]) => !agree);
      const since = lastWrong === 0 ? null : instants[(lastWrong === -1 ? instants.length : lastWrong) - 1]![0];
      expect(convergence.convergedAt).toBe(since);
    }),
    { numRuns: 1000 },
  );
});

import { describe, expect, test } from "vitest";
import { check } from "../../sim/check/index.ts";
import type { Operation } from "../../sim/check/history.ts";
import { operationsFrom, type Placed } from "./histories.ts";
import { generator, simulate, type Simulation } from "./simulated.ts";

/** Few enough for a second or two; what is right needs about one configuration an operation. */
const BUDGET = 50_000;

const seeds = Array.from({ length: 12 }, (_, number) => number + 1);

/** Three clients on one key, whose leader hears nobody for eight seconds. */
const isolated: Simulation = { seed: 1, operations: 1600, rate: 100, clients: 3, latency: 0.003, trouble: [4, 12], effect: 0.2, cas: 0.2, guess: 0 };
const settings: { readonly [name: string]: Simulation } = {
  "a leader that hears nobody for eight seconds": isolated,
  "many comparisons, most of them with old values": { ...isolated, cas: 0.4, guess: 0.8 },
  "operations that take a tenth of a second, forty open at a time": { ...isolated, rate: 200, latency: 0.1, trouble: [3, 5], effect: 0.5, cas: 0.3, guess: 0.5, clients: 10 },
};

describe("hundreds of operations pending on one key", () => {
  for (const [name, simulation] of Object.entries(settings)) {
    test(`${name}: what an atomic register did passes, with 12 seeds`, () => {
      for (const seed of seeds) {
        const operations = simulate({ ...simulation, seed });
        expect([seed, check(operations, { budget: BUDGET }).verdict]).toEqual([seed, "pass"]);
      }
      expect(simulate(simulation).filter(({ outcome }) => outcome === "info").length).toBeGreaterThan(200);
    });

    test(`${name}: a read that goes back to a value of ten reads before fails, with 12 seeds`, () => {
      for (const seed of seeds) {
        const { operations, culprit } = stale(simulate({ ...simulation, seed }), seed);
        const { verdict, failure, detail } = check(operations, { budget: BUDGET });
        expect([seed, verdict]).toEqual([seed, "fail"]);
        expect(failure!.operations.at(-1)).toBe(culprit);
        expect(detail).toContain(`returned ${String(operations[culprit]!.output)} at `);
      }
    });

    test(`${name}: a comparison that answers the opposite is decided, with 12 seeds`, () => {
      for (const seed of seeds) {
        const { verdict } = check(opposite(simulate({ ...simulation, seed }), seed), { budget: BUDGET });
        expect([seed, verdict]).not.toEqual([seed, "unknown"]);
      }
    });
  }
});

/** One of the later reads returns what was read ten completed reads of other values before it was invoked. */
function stale(operations: readonly Operation[], seed: number): { readonly operations: Operation[]; readonly culprit: number } {
  const reads = operations.filter(({ f, outcome }) => f === "read" && outcome === "ok").sort((a, b) => a.returned - b.returned);
  const late = reads.slice(Math.floor(reads.length / 2));
  const culprit = late[Math.floor(generator(seed)() * late.length)]!;
  const earlier = reads.filter(({ returned }) => returned < culprit.invoked);
  const values = [...new Set(earlier.map(({ output }) => output).reverse())];
  const old = values[10]!;
  return { operations: operations.map((operation) => (operation === culprit ? { ...operation, output: old } : operation)), culprit: culprit.index };
}

/** One comparison that was true says that it was false. */
function opposite(operations: readonly Operation[], seed: number): Operation[] {
  const all = operations.filter(({ f, outcome }) => f === "cas" && outcome === "ok");
  const chosen = all[Math.floor(generator(seed)() * all.length)];
  return operations.map((operation) => (operation === chosen ? { ...operation, outcome: "mismatch" as const } : operation));
}

describe("600 writes and comparisons that never return, beside 500 operations that do", () => {
  const open: Placed[] = Array.from({ length: 600 }, (_, number) => ({
    ...{ client: `c${1 + (number % 3)}`, output: null, outcome: "info" as const, from: number / 2, to: number / 2 },
    ...(number % 2 === 0 ? { f: "write", input: 10_000 + number } : { f: "cas", input: [Math.floor(number / 6) * 3 + 1, 10_000 + number] }),
  }));
  /** Each round: a write, a read of it, a comparison with it, a read of that, and a comparison that finds something else. */
  const returned: Placed[] = Array.from({ length: 100 }, (_, round) => round).flatMap((round): Placed[] => {
    const value = 3 * round + 1;
    const deed = (f: string, input: unknown, output: unknown, step: number, outcome: "ok" | "mismatch" = "ok"): Placed => ({ client: `c${1 + (Math.floor(step) % 3)}`, f, input, output, outcome, from: 400 + 10 * round + step, to: 401 + 10 * round + step });
    return [deed("write", value, null, 0), deed("read", null, value, 1.2), deed("cas", [value, value + 1], null, 2.4), deed("read", null, value + 1, 3.6), deed("cas", [value, value + 2], null, 4.8, "mismatch")];
  });

  test("pass", () => {
    const verdict = check(operationsFrom([...open, ...returned]));
    expect(verdict).toMatchObject({ verdict: "pass", operations: 1100 });
    expect(verdict.explored).toBeLessThan(5000);
  });

  test("pass, where one of the pending writes is read in every tenth round", () => {
    const late = returned.map((deed, position) => (position % 50 === 48 ? { ...deed, output: 10_000 + position } : deed));
    expect(check(operationsFrom([...open, ...late]))).toMatchObject({ verdict: "pass" });
  });

  test("fail, with a stale read injected", () => {
    const bad = returned.map((deed, position) => (position === 303 ? { ...deed, output: 4 } : deed));
    const verdict = check(operationsFrom([...open, ...bad]));
    expect(verdict).toMatchObject({ verdict: "fail", explored: 0 });
    expect(verdict.detail).toMatch(/^read of x by c1 returned 4 at 1\.207s, after c3's cas from 4 to 5 had completed at 0\.\d+s and nobody wrote 4 since$/);
  });

  test("fail, with a comparison that finds something else where nothing can have displaced the value", () => {
    const bad: Placed = { client: "c1", f: "cas", input: [299, 9], output: null, outcome: "mismatch", from: 1500, to: 1501 };
    const read: Placed = { client: "c1", f: "read", input: null, output: 299, outcome: "ok", from: 1502, to: 1503 };
    const verdict = check(operationsFrom([...open, ...returned, bad, read]));
    expect(verdict).toMatchObject({ verdict: "fail" });
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms, seconds } from "../../sim/kernel/time.ts";
import { RetryBudget } from "../../sim/world/retry.ts";
import type { TraceEvent } from "../../sim/trace/event.ts";
import type { Recording } from "./build.ts";
import { attempts, closed, ok, once, openLoop, play, quick, retry, silent, type Answer } from "./clients.ts";

const requests = (seen: Recording): TraceEvent[] => seen.of("send").filter(({ name }) => name !== "reply");
const oneOperation = closed(ms(5), { until: ms(6) });

describe("a most of attempts", () => {
  test("of 3 ends the tries: at 5, 215 and 435 ms, and the operation is an info at its timeout", () => {
    const seen = play(silent, { ...oneOperation, retry: { ...retry, attempts: 3 } }, { duration: seconds(2) });
    expect(attempts(seen).map(([at]) => at)).toEqual([5, 215, 435].map(ms));
    expect(seen.of("info").map(({ time, reason }) => [time, reason])).toEqual([[ms(1005), "timeout"]]);
  });

  test("of 1 is no retry, but redirections are followed", () => {
    const toLast: Answer = (_, ctx) => (ctx.self === "n3" ? { type: "ok" } : { type: "redirect", to: "n3" });
    const seen = play(toLast, { ...oneOperation, retry: { ...retry, attempts: 1 } }, { seed: 2 });
    expect([attempts(seen).length, attempts(seen)[1]?.[1], seen.of("ok").length]).toEqual([2, "n3", 1]);
    expect(attempts(play(silent, { ...oneOperation, retry: { ...retry, attempts: 1 } })).length).toBe(1);
  });

  test("does not stop the answer to an earlier attempt: the first one's comes during the second, the last", () => {
    const answer: Answer = ({ attempt }) => (attempt === 1 ? { type: "ok" } : undefined);
    const seen = play(answer, { ...oneOperation, retry: { ...retry, after: ms(20), attempts: 2 }, network: { ...quick, latency: { type: "constant", value: ms(18) } } });
    expect(seen.of("ok").map(({ time }) => time)).toEqual([ms(41)]);
  });

  test("ends an operation at once where the last attempt is sent away, and nothing is known of it: info at 17 + 2 ms", () => {
    const seen = play(() => ({ type: "redirect" }), { ...oneOperation, retry: { ...retry, attempts: 2 } });
    expect(seen.of("info").map(({ time, reason }) => [time, reason])).toEqual([[ms(19), "redirected"]]);
  });
});

describe("a retry budget", () => {
  test("gives one token to begin with, a share for each operation, and keeps ten at most", () => {
    const budget = new RetryBudget(0.1);
    expect([budget.spend(), budget.spend()]).toEqual([true, false]);
    for (let operation = 0; operation < 9; operation += 1) budget.earn();
    expect(budget.spend()).toBe(false);
    budget.earn();
    expect([budget.spend(), budget.spend()]).toEqual([true, false]);
    for (let operation = 0; operation < 1000; operation += 1) budget.earn();
    expect(Array.from({ length: 11 }, () => budget.spend())).toEqual([...Array<boolean>(10).fill(true), false]);
  });

  test("without a share has no end", () => {
    const budget = new RetryBudget(undefined);
    expect(Array.from({ length: 100 }, () => budget.spend()).every(Boolean)).toBe(true);
  });

  test("property: never gives more than one and the share of all operations", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.array(fc.boolean(), { maxLength: 300 }), (percent, steps) => {
        const budget = new RetryBudget(percent / 100);
        let [operations, spent] = [0, 0];
        for (const isOperation of steps) {
          if (isOperation) {
            operations += 1;
            budget.earn();
          } else if (budget.spend()) spent += 1;
          expect(spent).toBeLessThanOrEqual(1 + (operations * percent) / 100);
        }
      }),
      { numRuns: 200, seed: 63 },
    );
  });

  test("of 10% holds a client that nobody answers to a tenth more requests than operations; without it they are five times as many", () => {
    const load = (budget: number | undefined): number => {
      const seen = play(silent, openLoop(200, { until: seconds(4), retry: { ...retry, budget } }), { duration: seconds(5) });
      return requests(seen).length / seen.of("invoke").length;
    };
    expect(load(0.1)).toBeGreaterThan(1.08);
    expect(load(0.1)).toBeLessThan(1.1 + 1 / 700);
    expect(load(undefined)).toBeGreaterThan(4.9);
  });

  test("of 0% leaves one retry, of 100% one for each operation", () => {
    const retries = (budget: number): number => requests(play(silent, openLoop(100, { timeout: ms(400), retry: { ...retry, budget } }), { duration: seconds(3) })).filter(({ attempt }) => attempt > 1).length;
    expect(retries(0)).toBe(1);
    expect(retries(1)).toBeGreaterThan(200);
  });

  test("does not hold up redirections that are followed", () => {
    const toLast: Answer = (_, ctx) => (ctx.self === "n3" ? { type: "ok" } : { type: "redirect", to: "n3" });
    const seen = play(toLast, openLoop(100, { retry: { ...retry, budget: 0 } }));
    expect(seen.of("info").filter(({ reason }) => reason !== "end of run")).toEqual([]);
    expect(requests(seen).filter(({ attempt }) => attempt > 1).length).toBeGreaterThan(40);
  });

  test("changes nothing where all is answered", () => {
    const course = (budget: number | undefined): string[] => play(ok, openLoop(100, { clients: 3, retry: { ...retry, budget } })).lines;
    expect(course(0.1)).toEqual(course(undefined));
  });

  test("is nothing to a client that does not retry", () => {
    expect(attempts(play(silent, { ...oneOperation, retry: { ...once, budget: 1 } })).length).toBe(1);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Stream } from "../../sim/kernel/stream.ts";
import { ms, seconds } from "../../sim/kernel/time.ts";
import { Arrivals } from "../../sim/world/arrivals.ts";
import type { RateStage, WorkloadConfig } from "../../sim/world/config.ts";
import { kolmogorov, KOLMOGOROV_999 } from "../kernel/figures.ts";
import { config } from "./build.ts";
import { ok, openLoop, play } from "./clients.ts";

const stage = (from: number, to: number, lasts?: number): RateStage => ({ from, to, lasts });

/** All arrivals of one client, in seconds. */
function times(workload: Partial<WorkloadConfig>, client = 0, seed = "arrivals"): number[] {
  const whole = config({ duration: seconds(1000), workload: { clients: 1, ...workload } }).workload;
  const arrivals = new Arrivals(whole, client);
  const stream = new Stream(seed);
  const found: number[] = [];
  for (let at = arrivals.next(stream, whole.from); at !== undefined; at = arrivals.next(stream, at)) found.push(at);
  return found.map((at) => at / 1e9);
}

const between = (all: readonly number[], from: number, until: number): number => all.filter((at) => at >= from && at < until).length;

/** Whether a count is one of a Poisson variable of this mean: five standard deviations. */
function expectPoisson(count: number, mean: number): void {
  expect(Math.abs(count - mean)).toBeLessThan(5 * Math.sqrt(mean) + 1);
}

describe("a rate in stages", () => {
  // 100/s for 10 s, a ramp up to 1000/s in 10 s, down to 0 in 10 s, silence for 5 s, then 500/s.
  const stages = [stage(100, 100, seconds(10)), stage(100, 1000, seconds(10)), stage(1000, 0, seconds(10)), stage(0, 0, seconds(5)), stage(500, 500)];
  const workload = { rate: stages, until: seconds(45) };

  /** The area under the rate, by the triangles and rectangles that it is made of. */
  function expected(t: number): number {
    if (t <= 10) return 100 * t;
    if (t <= 20) return 1000 + 100 * (t - 10) + 45 * (t - 10) ** 2;
    if (t <= 30) return 6500 + 1000 * (t - 20) - 50 * (t - 20) ** 2;
    if (t <= 35) return 11_500;
    return 11_500 + 500 * (t - 35);
  }

  test("has in each stage as many operations as the area under it: 1000, 5500, 5000, 0 and 5000", () => {
    const all = times(workload);
    const counts = [0, 10, 20, 30, 35].map((from, index) => between(all, from, [10, 20, 30, 35, 45][index] as number));
    [1000, 5500, 5000, 0, 5000].forEach((mean, index) => expectPoisson(counts[index] as number, mean));
  });

  test("is a Poisson process stretched: the area between two arrivals is exponential with mean 1 (Kolmogorov–Smirnov, 99.9%)", () => {
    const all = times(workload);
    const areas = all.map((at, index) => expected(at) - expected(all[index - 1] ?? 0));
    expect(all.length).toBeGreaterThan(16_000);
    expect(kolmogorov(areas, (x) => 1 - Math.exp(-x))).toBeLessThan(KOLMOGOROV_999);
  });

  test("within a ramp from nothing arrivals lie as the square of time (Kolmogorov–Smirnov, 99.9%)", () => {
    const all = times({ rate: [stage(0, 1000, seconds(10))], until: seconds(10) });
    expectPoisson(all.length, 5000);
    expect(kolmogorov(all, (t) => (t / 10) ** 2)).toBeLessThan(KOLMOGOROV_999);
  });

  test("goes on at the rate of its end where the last stage ends before the workload: 200/s from 1 s to 11 s", () => {
    const all = times({ rate: [stage(0, 200, seconds(1))], until: seconds(11) });
    expectPoisson(between(all, 1, 11), 2000);
  });

  test("counts from `from`", () => {
    const all = times({ rate: [stage(0, 0, seconds(5)), stage(100, 100)], from: seconds(3), until: seconds(18) });
    expect([between(all, 0, 8), all.every((at) => at < 18)]).toEqual([0, true]);
    expectPoisson(all.length, 1000);
  });

  test("is shared by the clients: four have a quarter each of 4000", () => {
    const seen = play(ok, openLoop(0, { clients: 4, rate: [stage(0, 800, seconds(10))] }), { duration: seconds(10) });
    for (const client of [3, 4, 5, 6]) expectPoisson(seen.of("invoke").filter(({ node }) => node === client).length, 1000);
  });

  test("of one rate comes when that rate alone would, by the same draws", () => {
    const one = times({ rate: 300, until: seconds(5) });
    const other = times({ rate: [stage(300, 300, seconds(2)), stage(300, 300)], until: seconds(5) });
    expect(one.length).toBe(other.length);
    // Each gap is rounded alone in the one, and each time in the other.
    one.forEach((at, index) => expect(Math.abs(at - (other[index] as number))).toBeLessThan(1e-6));
  });

  test("that ends at nothing has no further operation", () => {
    expect(times({ rate: [stage(100, 0, seconds(1))] }).every((at) => at < 1)).toBe(true);
  });
});

describe("bursts", () => {
  const workload = { rate: 100, bursts: { every: seconds(5), lasts: ms(500), rate: 2000 }, until: seconds(20) };

  test("come every 5 s from 5 s on and last 500 ms: 1000 operations in each, 450 or 500 between them", () => {
    const all = times(workload);
    for (const begins of [5, 10, 15]) expectPoisson(between(all, begins, begins + 0.5), 1000);
    for (const [from, until] of [[0, 5], [5.5, 10], [10.5, 15], [15.5, 20]] as const) expectPoisson(between(all, from, until), 100 * (until - from));
  });

  test("leave a Poisson process stretched: areas between arrivals are exponential (Kolmogorov–Smirnov, 99.9%)", () => {
    const area = (t: number): number => {
      const bursts = Math.floor(t / 5);
      const inBursts = bursts === 0 ? 0 : (bursts - 1) * 0.5 + Math.min(0.5, t - bursts * 5);
      return 2000 * inBursts + 100 * (t - inBursts);
    };
    const all = times(workload);
    expect(kolmogorov(all.map((at, index) => area(at) - area(all[index - 1] ?? 0)), (x) => 1 - Math.exp(-x))).toBeLessThan(KOLMOGOROV_999);
  });

  test("take the place of a stage's rate too, and the stage goes on after them", () => {
    const all = times({ rate: [stage(1000, 0, seconds(10))], bursts: { every: seconds(4), lasts: seconds(1), rate: 50 }, until: seconds(10) });
    expectPoisson(between(all, 0, 4), 3200);
    for (const begins of [4, 8]) expectPoisson(between(all, begins, begins + 1), 50);
    expectPoisson(between(all, 5, 8), 1050);
  });
});

describe("regular arrivals", () => {
  test("are evenly spaced, clients in turn: at 200/s four clients invoke at 5, 10, 15, 20, 25 ms …", () => {
    const seen = play(ok, openLoop(200, { clients: 4, arrivals: "regular" }), { duration: ms(41) });
    expect(seen.of("invoke").map(({ time, node }) => [time, node - 2])).toEqual([5, 10, 15, 20, 25, 30, 35, 40].map((at, index) => [ms(at), (index % 4) + 1]));
  });

  test("do not add up roundings: at 3/s the n-th is at n/3 s, to the nanosecond", () => {
    const all = times({ rate: 3, arrivals: "regular", until: seconds(1000) });
    expect(all.length).toBe(2999);
    all.forEach((at, index) => expect(Math.round(at * 1e9)).toBe(Math.round(((index + 1) * 1e9) / 3)));
  });

  test("in a ramp from 0 to 1000/s in 10 s have the n-th where the area 50t² is n", () => {
    const all = times({ rate: [stage(0, 1000, seconds(10))], arrivals: "regular", until: seconds(10) });
    expect(all.length).toBe(4999);
    all.forEach((at, index) => expect(Math.abs(at - Math.sqrt((index + 1) / 50))).toBeLessThan(2e-9));
  });
});

describe("whatever the rate does", () => {
  const rates = fc.array(fc.record({ from: fc.integer({ min: 0, max: 500 }), to: fc.integer({ min: 0, max: 500 }), lasts: fc.integer({ min: 1, max: 800 }) }), { minLength: 1, maxLength: 5 });

  test("property: arrivals are whole, in order and within the workload, and one more takes one draw", () => {
    fc.assert(
      fc.property(rates, fc.boolean(), fc.nat({ max: 3 }), (stages, hasBursts, client) => {
        const rate = stages.map(({ from, to, lasts }) => ({ from, to, lasts: ms(lasts) }));
        const workload = config({ duration: seconds(3), workload: { clients: 4, rate, from: ms(200), ...(hasBursts && { bursts: { every: ms(300), lasts: ms(70), rate: 900 } }) } }).workload;
        const arrivals = new Arrivals(workload, client);
        const drawn = new Stream("one");
        const skipped = new Stream("one");
        let last = workload.from;
        for (;;) {
          const at = arrivals.next(drawn, last);
          skipped.double();
          if (at === undefined) break;
          expect([Number.isSafeInteger(at), at >= last, at < workload.until]).toEqual([true, true, true]);
          last = at;
        }
        expect(drawn.next()).toBe(skipped.next());
      }),
      { numRuns: 100, seed: 61 },
    );
  });

  test("a copy goes on as the original does", () => {
    const workload = config({ duration: seconds(9), workload: { clients: 2, rate: [stage(10, 400, seconds(3))], arrivals: "regular" } }).workload;
    const arrivals = new Arrivals(workload, 1);
    const stream = new Stream("copy");
    let at = workload.from;
    for (let count = 0; count < 50; count += 1) at = arrivals.next(stream, at) as number;
    const copy = arrivals.copy();
    const rest = (one: Arrivals): number[] => Array.from({ length: 100 }, () => one.next(stream, at) as number);
    expect(rest(copy)).toEqual(rest(arrivals));
  });
});

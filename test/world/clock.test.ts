import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms, seconds, us } from "../../sim/kernel/time.ts";
import type { Ctx } from "../../sim/protocol.ts";
import { Clock } from "../../sim/world/clock.ts";
import { fault, puppet, run, sel, type Recording } from "./build.ts";

const PPM = 1_000;
const BILLION = 1_000_000_000n;

/** floor(a × b / 10^9), exactly. */
function floorShare(a: bigint, b: bigint): bigint {
  const product = a * b;
  const quotient = product / BILLION;
  return product < 0n && product % BILLION !== 0n ? quotient - 1n : quotient;
}

describe("a clock", () => {
  test("without offset and drift shows virtual time: 5 s", () => {
    expect(new Clock(0, 0).at(seconds(5))).toBe(seconds(5));
  });

  test("shows its offset more, which may be negative: -20 ms at the beginning", () => {
    expect(new Clock(-ms(20), 0).at(0)).toBe(-ms(20));
  });

  test("that drifts by 50 ppm is 500 µs ahead after 10 s, and by -50 ppm as much behind", () => {
    expect(new Clock(0, 50 * PPM).at(seconds(10)) - seconds(10)).toBe(us(500));
    expect(new Clock(0, -50 * PPM).at(seconds(10)) - seconds(10)).toBe(-us(500));
  });

  test("that jumps stays where it is: 2 s ahead, an hour later as well", () => {
    const clock = new Clock(0, 0);
    clock.jump(seconds(2));
    expect(clock.at(seconds(3600))).toBe(seconds(3602));
  });

  test("keeps what it gained when its drift ends: 1 ms, gained in 10 s by 100 ppm", () => {
    const clock = new Clock(0, 0);
    clock.addDrift(seconds(5), 100 * PPM);
    clock.addDrift(seconds(15), -100 * PPM);
    expect(clock.at(seconds(100)) - seconds(100)).toBe(ms(1));
  });

  test("property: it is as exact integers say, through drifts and jumps, for 100 days", () => {
    const change = fc.record({ after: fc.integer({ min: 0, max: 8_640_000_000_000_000 / 8 }), drift: fc.integer({ min: -30_000_000, max: 30_000_000 }), jump: fc.integer({ min: -1e12, max: 1e12 }) });
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: -1e8, max: 1e8 }), fc.array(change, { maxLength: 8 }), (offset, drift, changes) => {
        const clock = new Clock(offset, drift);
        let [now, since, steady, rate, ahead] = [0n, 0n, 0n, BigInt(drift), BigInt(offset)];
        for (const { after, drift: more, jump } of changes) {
          now += BigInt(after);
          const shown = steady + (now - since) + floorShare(now - since, rate);
          expect(BigInt(clock.at(Number(now)))).toBe(shown + ahead);
          clock.addDrift(Number(now), more);
          clock.jump(jump);
          [since, steady, rate, ahead] = [now, shown, rate + BigInt(more), ahead + BigInt(jump)];
          expect(BigInt(clock.at(Number(now)))).toBe(steady + ahead);
        }
      }),
      { numRuns: 300, seed: 31 },
    );
  });

  test("property: the time until it has advanced by so much is the least that exact integers allow", () => {
    fc.assert(
      fc.property(fc.integer({ min: -500_000_000, max: 500_000_000 }), fc.integer({ min: 0, max: 1e15 }), (drift, local) => {
        const real = BigInt(new Clock(0, drift).realFor(local));
        const advanced = (duration: bigint): bigint => duration + floorShare(duration, BigInt(drift));
        expect(advanced(real) >= BigInt(local)).toBe(true);
        expect(real === 0n || advanced(real - 1n) < BigInt(local)).toBe(true);
      }),
      { numRuns: 500, seed: 32 },
    );
  });

  test("a copy goes on by itself", () => {
    const clock = new Clock(ms(1), 10 * PPM);
    clock.addDrift(seconds(1), 20 * PPM);
    const copy = clock.copy();
    clock.jump(seconds(1));
    clock.addDrift(seconds(2), 40 * PPM);
    expect(copy.at(seconds(11))).toBe(seconds(11) + ms(1) + us(10) + us(300));
  });
});

/** n1 sets a timer of a second at its boot, and says what its clock shows when it fires. */
const timed = puppet({}, {
  onStart: (_: unknown, ctx: Ctx<never, string>) => ctx.setTimer("ring", seconds(1)),
  onTimer: { ring: (_: unknown, ctx: Ctx) => ctx.emit("rang", { now: ctx.now }) },
} as never);
const rang = (seen: Recording): unknown[] => seen.of("emit").map(({ time, data }) => [time, (data as { now: number }).now]);
const world = { nodes: 1, duration: seconds(10) };

describe("a node", () => {
  test("shows its clock to its handlers, and to the trace: 20 ms behind", () => {
    const { seen } = run(timed, { ...world, clocks: { offset: [-ms(20), -ms(20)] } });
    expect(rang(seen)).toEqual([[seconds(1), seconds(1) - ms(20)]]);
    expect(seen.of("timer")[0]?.nodeTime).toBe(seconds(1) - ms(20));
  });

  test("draws its own offset and drift from the ranges: five nodes have five of each", () => {
    const clocks = { offset: [-ms(20), ms(20)], drift: [-50 * PPM, 50 * PPM] } as const;
    const { seen } = run(puppet({}, { onStart: (_: unknown, ctx: Ctx) => ctx.emit("boots", { now: ctx.now }) } as never), { nodes: 5, clocks });
    const offsets = seen.of("emit").map(({ data }) => (data as { now: number }).now);
    expect(new Set(offsets).size).toBe(5);
    expect(offsets.every((offset) => offset >= -ms(20) && offset <= ms(20))).toBe(true);
  });

  test("whose clock runs fast by 500 ppm has its timer of 1 s early, at 999.500250 ms", () => {
    const { seen } = run(timed, { ...world, clocks: { drift: [500 * PPM, 500 * PPM] } });
    // The least whole r with r × 1.0005 >= 10^9, from below by the floor.
    expect(rang(seen)).toEqual([[999_500_250, seconds(1)]]);
  });

  test("whose clock runs slow by 500 ppm has it late, at 1000.500251 ms", () => {
    const { seen } = run(timed, { ...world, clocks: { drift: [-500 * PPM, -500 * PPM] } });
    expect(rang(seen)).toEqual([[1_000_500_251, seconds(1)]]);
  });
});

describe("skew", () => {
  test("by 2 s makes the clock jump, and leaves the timer at 1 s: it runs on the steady part", () => {
    const { seen } = run(timed, { ...world, faults: [fault("skew", { nodes: sel("n1"), by: seconds(2) }, { at: ms(500) })] });
    expect(rang(seen)).toEqual([[seconds(1), seconds(3)]]);
  });

  test("by -2 s makes it go back: -1 s at 1 s", () => {
    const { seen } = run(timed, { ...world, faults: [fault("skew", { nodes: sel("n1"), by: -seconds(2) }, { at: ms(500) })] });
    expect(rang(seen)).toEqual([[seconds(1), -seconds(1)]]);
  });

  test("stays when its `for` is over, and after a heal: 3 s", () => {
    const faults = [fault("skew", { nodes: sel("n1"), by: seconds(2) }, { at: ms(100), for: ms(100) }), fault("heal", "all", { at: ms(500) })];
    expect(rang(run(timed, { ...world, faults }).seen)).toEqual([[seconds(1), seconds(3)]]);
  });

  test("by a drift of half the speed brings the second half of the timer in a third of a second: 833.333334 ms", () => {
    const { seen } = run(timed, { ...world, faults: [fault("skew", { nodes: sel("n1"), drift: 500_000_000 }, { at: ms(500) })] });
    // A nanosecond less would be 499,999,999.5 ns of the clock's; this is 500,000,001 of them.
    expect(rang(seen)).toEqual([[833_333_334, seconds(1) + 1]]);
  });

  test("by a drift lasts as long as the fault: 100 ms of it gain 50 ms, and the timer comes at 950 ms", () => {
    const { seen } = run(timed, { ...world, faults: [fault("skew", { nodes: sel("n1"), drift: 500_000_000 }, { at: ms(500), for: ms(100) })] });
    expect(rang(seen)).toEqual([[ms(950), seconds(1)]]);
  });

  test("drifts of two faults add up, and each that ends takes its own away: 10 + 20 + 10 ms gained", () => {
    const drift = (at: number, lasts: number): ReturnType<typeof fault> => fault("skew", { nodes: sel("n1"), drift: 100_000_000 }, { at, for: lasts });
    const { seen } = run(timed, { ...world, faults: [drift(ms(100), ms(200)), drift(ms(200), ms(200))] });
    expect(rang(seen)).toEqual([[ms(960), seconds(1)]]);
  });

  test("property: whatever drifts and jumps, a timer fires when the steady part has come so far, to within 2 ns", () => {
    const drifts = fc.array(fc.record({ at: fc.integer({ min: 0, max: 1e9 }), lasts: fc.integer({ min: 1, max: 5e8 }), drift: fc.integer({ min: -50_000_000, max: 50_000_000 }) }), { maxLength: 5 });
    const jumps = fc.array(fc.record({ at: fc.integer({ min: 0, max: 1e9 }), by: fc.integer({ min: -1e9, max: 1e9 }) }), { maxLength: 3 });
    fc.assert(
      fc.property(drifts, jumps, fc.integer({ min: -50_000_000, max: 50_000_000 }), (some, others, drift) => {
        const faults = [
          ...some.map(({ at, lasts, drift: by }) => fault("skew", { nodes: sel("n1"), drift: by }, { at, for: lasts })),
          ...others.map(({ at, by }) => fault("skew", { nodes: sel("n1"), by }, { at })),
        ];
        const [[time, now]] = rang(run(timed, { nodes: 1, duration: seconds(2), clocks: { drift: [drift, drift] }, faults }).seen) as [[number, number]];
        const jumped = others.filter(({ at }) => at <= time).reduce((sum, { by }) => sum + by, 0);
        expect(now - jumped - seconds(1)).toBeGreaterThanOrEqual(0);
        expect(now - jumped - seconds(1)).toBeLessThanOrEqual(2);
      }),
      { numRuns: 100, seed: 33 },
    );
  });
});

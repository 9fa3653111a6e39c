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

  test("property: it is as exact integers say, through drifts, jumps and stops, for 100 days", () => {
    const change = fc.record({ stop: fc.boolean(), after: fc.integer({ min: 0, max: 8_640_000_000_000_000 / 8 }), drift: fc.integer({ min: -30_000_000, max: 30_000_000 }), jump: fc.integer({ min: -1e12, max: 1e12 }) });
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: -1e8, max: 1e8 }), fc.array(change, { maxLength: 8 }), (offset, drift, changes) => {
        const clock = new Clock(offset, drift);
        let [now, since, steady, rate, ahead] = [0n, 0n, 0n, BigInt(drift), BigInt(offset)];
        let stands = false;
        for (const { after, drift: more, jump, stop } of changes) {
          now += BigInt(after);
          const shown = stands ? steady : steady + (now - since) + floorShare(now - since, rate);
          expect(BigInt(clock.at(Number(now)))).toBe(shown + ahead);
          if (stop !== stands) stop ? clock.stop(Number(now)) : clock.start(Number(now));
          stands = stop;
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

  test("that is stopped stands still, and goes on from where it stood: 3 s behind after 3 s", () => {
    const clock = new Clock(ms(20), 0);
    clock.stop(seconds(5));
    expect([clock.at(seconds(5)), clock.at(seconds(8))]).toEqual([seconds(5) + ms(20), seconds(5) + ms(20)]);
    clock.start(seconds(8));
    expect(clock.at(seconds(10))).toBe(seconds(7) + ms(20));
  });

  test("that is stopped twice goes on when both have ended, and a jump moves it while it stands", () => {
    const clock = new Clock(0, 0);
    clock.stop(seconds(1));
    clock.stop(seconds(2));
    clock.start(seconds(3));
    expect([clock.isStopped, clock.at(seconds(4))]).toEqual([true, seconds(1)]);
    clock.jump(-seconds(2));
    clock.start(seconds(5));
    expect([clock.isStopped, clock.at(seconds(6))]).toEqual([false, 0]);
  });

  test("that is stopped neither gains nor loses by its drift until it goes on: 100 ppm of 10 s, not of 40 s", () => {
    const clock = new Clock(0, 100 * PPM);
    clock.stop(seconds(5));
    clock.start(seconds(35));
    expect(clock.at(seconds(40))).toBe(seconds(10) + ms(1));
  });

  test("a copy goes on by itself, stopped or not", () => {
    const stopped = new Clock(0, 0);
    stopped.stop(seconds(1));
    const still = stopped.copy();
    stopped.start(seconds(2));
    expect([still.at(seconds(3)), stopped.at(seconds(3))]).toEqual([seconds(1), seconds(2)]);
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

describe("a clock's drift, over a long time", () => {
  // A clock that shows 1 + d seconds where one has passed shows T after T / (1 + d): Cristian, “Probabilistic clock
  // synchronization”, Distributed Computing 3, 1989, on drift rates.
  for (const ppm of [200, -200]) {
    test(`a node whose clock drifts by ${ppm} ppm ticks its thousandth second after 1000 s / (1 + ${ppm} ppm), to a nanosecond a tick`, () => {
      const ticking = puppet({}, {
        onStart: (_: unknown, ctx: Ctx<never, string>) => ctx.setTimer("tick", seconds(1)),
        onTimer: { tick: (_: unknown, ctx: Ctx<never, string>) => (ctx.emit("ticks", { now: ctx.now }), ctx.setTimer("tick", seconds(1))) },
      } as never);
      const { seen } = run(ticking, { nodes: 1, duration: seconds(1_001), clocks: { drift: [ppm * PPM, ppm * PPM] } });
      const thousandth = seen.of("emit")[999];
      expect(Math.abs((thousandth?.time ?? 0) - seconds(1_000) / (1 + ppm / 1e6))).toBeLessThan(1_000);
      expect((thousandth?.data as { now: number }).now - seconds(1_000)).toBeLessThan(1_000);
    });
  }
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

  const stopped = (at: number, lasts?: number): ReturnType<typeof fault> => fault("skew", { nodes: sel("n1"), stopped: true }, { at, ...(lasts !== undefined && { for: lasts }) });

  test("that stops the clock for 2 s holds its timers: that of 1 s fires at 3 s, and the clock is 2 s behind", () => {
    const { seen } = run(timed, { ...world, faults: [stopped(ms(500), seconds(2))] });
    expect(rang(seen)).toEqual([[seconds(3), seconds(1)]]);
  });

  test("that stops the clock without an end holds its timers to the end, or until a heal", () => {
    expect(rang(run(timed, { ...world, faults: [stopped(ms(500))] }).seen)).toEqual([]);
    expect(rang(run(timed, { ...world, faults: [stopped(ms(500)), fault("heal", "all", { at: seconds(2) })] }).seen)).toEqual([[ms(2_500), seconds(1)]]);
  });

  test("stops of two faults hold it until both have ended: the timer fires at 2.5 s", () => {
    expect(rang(run(timed, { ...world, faults: [stopped(ms(500), seconds(1)), stopped(seconds(1), seconds(1))] }).seen)).toEqual([[ms(2_500), seconds(1)]]);
  });

  test("timers that are set while the clock stands wait for it, but one that asks to fire at once does not", () => {
    const onTimer = {
      first: (_: unknown, ctx: Ctx<never, string>) => (ctx.setTimer("now", 0), ctx.setTimer("ring", ms(100)), ctx.setTimer("gone", ms(100)), ctx.cancelTimer("gone")),
      now: (_: unknown, ctx: Ctx) => ctx.emit("rang", { now: ctx.now }),
      ring: (_: unknown, ctx: Ctx) => ctx.emit("rang", { now: ctx.now }),
    };
    const onMessage = { Note: (_: unknown, __: unknown, ___: string, ctx: Ctx<never, string>) => onTimer.first(_, ctx) };
    const onStart = (_: unknown, ctx: Ctx<never, string>): void => void (ctx.self === "n2" && ctx.setTimer("act", ms(700), "0"));
    const script = { n2: [[ms(700), (_: unknown, ctx: Ctx<any>) => ctx.send("n1", { type: "Note", text: 1 } as never)]] };
    const { seen } = run(puppet(script as never, { onStart, onMessage, onTimer: { ...puppet(script as never).onTimer, ...onTimer } } as never), { ...world, nodes: 2, faults: [stopped(ms(500), seconds(1))] });
    expect(rang(seen)).toEqual([[ms(701), ms(500)], [ms(1_600), ms(600)]]);
  });

  test("of a paused node that stops meanwhile leaves the timer that is due already: it fires when the pause ends, at 2 s", () => {
    const { seen } = run(timed, { ...world, faults: [fault("pause", "n1", { at: ms(500), for: ms(1_500) }), stopped(ms(1_200), seconds(5))] });
    expect(rang(seen)).toEqual([[seconds(2), ms(1_200)]]);
  });

  test("lets a node that starts while its clock stands see no time pass", () => {
    const { seen } = run(timed, { ...world, faults: [stopped(ms(500), seconds(2)), fault("restart", "n1", { at: seconds(1) })] });
    expect(rang(seen)).toEqual([[ms(3_500), ms(1_500)]]);
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

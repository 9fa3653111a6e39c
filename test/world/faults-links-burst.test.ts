import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Distribution } from "../../sim/kernel/distribution.ts";
import { Streams } from "../../sim/kernel/stream.ts";
import { ms, seconds, us } from "../../sim/kernel/time.ts";
import type { FaultConfig } from "../../sim/world/config.ts";
import type { Passage } from "../../sim/world/network.ts";
import { suffer, suffered, type Suffered } from "../../sim/world/troubles.ts";
import { build, constant, fault, note, puppet, run, sel, uniform, type Act } from "./build.ts";

const exponential = (mean: number): Distribution => ({ type: "exponential", mean });

/** A link that is only bursty, asked what becomes of a message at any time, times not going back. */
function bursty(good: Distribution, bad: Distribution, rate = 1, seed = 1): (now: number) => boolean {
  const troubles: Suffered[] = [suffered({ fault: 0, stream: "faults/x", type: "burst", rate, weather: { good, bad, states: "faults/x/0", since: 0 } })];
  const streams = new Streams(seed);
  return (now) => {
    const passage = { lost: false, lostBy: -1, copiedBy: -1, corrupt: false, corruptBy: -1, overflow: false, latency: 0, waiting: 0, waitNs: 0, copyLatency: -1 } satisfies Passage;
    suffer(passage, troubles, streams, "n1→n2", 0, now);
    return passage.lost;
  };
}

/** What became of so many messages, one each `gap`. */
function fates(good: Distribution, bad: Distribution, rate: number, gap: number, count: number): boolean[] {
  const isLost = bursty(good, bad, rate);
  return Array.from({ length: count }, (_, at) => isLost((at + 1) * gap));
}

const shareOf = (lost: readonly boolean[]): number => lost.filter(Boolean).length / lost.length;

/** The lengths of the runs of lost messages. */
function runsOf(lost: readonly boolean[]): number[] {
  return lost.map((one) => (one ? "x" : " ")).join("").split(/ +/).map(({ length }) => length).filter((length) => length > 0);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("Gilbert and Elliott's link", () => {
  // Renewal theory: the share of time in the bad state is E[bad] / (E[good] + E[bad]), whatever the distributions are.
  const cases: [what: string, good: Distribution, bad: Distribution, loss: number, expected: number][] = [
    ["exponential states, loss 80%", exponential(ms(90)), exponential(ms(10)), 0.8, 0.08],
    ["uniform states, loss 100%", uniform(ms(10), ms(50)), uniform(0, ms(20)), 1, 0.25],
    ["constant states, loss 50%", constant(ms(7)), constant(ms(3)), 0.5, 0.15],
  ];
  for (const [what, good, bad, loss, expected] of cases) {
    test(`${what}: in the long run ${expected * 100}% are lost, loss × E[bad] / (E[good] + E[bad])`, () => {
      // About 4,000 cycles or more: the standard error of the share is under 2.2% of it.
      expect(Math.abs(shareOf(fates(good, bad, loss, us(1700), 260_000)) / expected - 1)).toBeLessThan(0.08);
    });
  }

  // Sampled each d, exponential states that end at rates λ = 1/E[good] and μ = 1/E[bad] are the two-state Markov chain of
  // Gilbert (1960), which goes from bad to good with r = μ / (λ + μ) × (1 − e^−(λ + μ)d): bursts are geometric, 1 / r long.
  test("bursts have the length of Gilbert's chain: 10.5 messages of 1 ms in states of 90 and 10 ms", () => {
    const [good, bad, gap] = [90, 10, 1];
    const rates = 1 / good + 1 / bad;
    const leave = (1 / bad / rates) * (1 - Math.exp(-rates * gap));
    expect(1 / leave).toBeCloseTo(10.56, 1);
    const lengths = runsOf(fates(exponential(ms(good)), exponential(ms(bad)), 1, ms(gap), 400_000));
    expect(lengths.length).toBeGreaterThan(3000);
    expect(Math.abs(mean(lengths) * leave - 1)).toBeLessThan(5 / Math.sqrt(lengths.length));
  });

  test("loss that is not in bursts has runs of 1 / (1 − loss): at 8% 1.09", () => {
    const lengths = runsOf(fates(constant(us(1)), constant(seconds(1000)), 0.08, ms(1), 100_000));
    expect(mean(lengths)).toBeCloseTo(1 / 0.92, 1);
  });

  test("the good state comes first, and loses nothing", () => {
    const isLost = bursty(constant(ms(10)), constant(ms(5)));
    expect([0, 9, 10, 14, 15, 24, 25].map((at) => isLost(ms(at)))).toEqual([false, false, true, true, false, false, true]);
  });

  test("states pass with time, whatever comes: who asks often and who asks seldom hear the same", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2_000_000 }), { minLength: 1, maxLength: 50 }), fc.nat({ max: 99 }), (gaps, seed) => {
        const [often, seldom] = [bursty(exponential(ms(1)), exponential(ms(1)), 1, seed), bursty(exponential(ms(1)), exponential(ms(1)), 1, seed)];
        let now = 0;
        for (const gap of gaps) {
          for (let step = 1; step < 4; step += 1) often(now + Math.floor((gap * step) / 4));
          now += gap;
          expect(often(now)).toBe(seldom(now));
        }
      }),
      { numRuns: 100, seed: 62 },
    );
  });

  test("durations of nothing end no run: no state is shorter than a microsecond", () => {
    const isLost = bursty(constant(0), constant(0));
    expect([0, 1, 2, 3].map((at) => isLost(us(at)))).toEqual([false, true, false, true]);
  });
});

describe("the fault", () => {
  const stream: Act = (_, ctx) => ctx.send("n2", note(ctx.now));
  const every = (count: number): [number, Act][] => Array.from({ length: count }, (_, at) => [ms(at), stream]);
  const burst = (when: object = {}, value: object = { link: [sel("n1"), sel("n2")] }): FaultConfig => fault("burst", { ...value, loss: 1, good: constant(ms(20)), bad: constant(ms(10)) }, { at: ms(100), for: ms(100), ...when });
  const lostAt = (faults: FaultConfig[], seed = 1): number[] => run(puppet({ n1: every(400) }), { faults, seed }).seen.of("drop").map(({ cause, time }) => (expect(cause).toBeGreaterThan(0), time / ms(1)));

  test("loses what is sent in the bad states, of which 100 ms of 20 good and 10 bad hold three, and nothing after it", () => {
    const expected = [120, 150, 180].flatMap((from) => Array.from({ length: 10 }, (_, at) => from + at));
    expect(lostAt([burst()])).toEqual(expected);
  });

  test("says loss, and which fault; `nodes` strikes all links of a node", () => {
    const { seen } = run(puppet({ n2: [[ms(125), (_, ctx) => ctx.peers.forEach((peer) => ctx.send(peer, note(1)))]] }), { faults: [burst({}, { nodes: sel("n2") })] });
    expect(seen.of("drop").map(({ reason, fault: by }) => [reason, by])).toEqual([["loss", 0], ["loss", 0]]);
  });

  test("begins anew, in the good state, each time of a series", () => {
    const series = burst({ at: undefined, every: [ms(100), ms(100)], between: [ms(100), ms(350)], for: ms(30) });
    expect(lostAt([series])).toEqual([120, 220, 320].flatMap((from) => Array.from({ length: 10 }, (_, at) => from + at)));
  });

  test("each direction has states of its own: of 40 seeds more than 30 differ", () => {
    const states = fault("burst", { link: [sel("n1"), sel("n2")], loss: 1, good: exponential(ms(10)), bad: exponential(ms(10)) }, { at: 0 });
    const both: Act = (_, ctx) => ctx.send(ctx.self === "n1" ? "n2" : "n1", note(1));
    const acts = Array.from({ length: 50 }, (_, at): [number, Act] => [ms(at), both]);
    const differ = Array.from({ length: 40 }, (_, seed) => {
      const drops = run(puppet({ n1: acts, n2: acts }), { faults: [states], seed }).seen.of("drop");
      const of = (node: number): string => drops.filter(({ peer }) => peer === node).map(({ time }) => time).join(" ");
      return of(0) !== of(1);
    });
    expect(differ.filter(Boolean).length).toBeGreaterThan(30);
  });

  test("a copy of the world in the middle of a burst loses what the world itself loses", () => {
    const states = fault("burst", { nodes: sel("n1"), loss: 0.5, good: exponential(ms(5)), bad: exponential(ms(5)) }, { at: ms(10) });
    const { world, seen } = build(puppet({ n1: every(300) }), { faults: [states] });
    world.runUntil(ms(150));
    const before = seen.events.length;
    const copied: unknown[] = [];
    const copy = world.copy({ sinks: [{ event: (event) => void copied.push([event.kind, event.time, event.message]) }] });
    world.runUntil(ms(300));
    copy.runUntil(ms(300));
    expect(copied.length).toBeGreaterThan(300);
    expect(copied).toEqual(seen.events.slice(before).map((event) => [event.kind, event.time, event.message]));
  });
});

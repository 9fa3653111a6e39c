import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Distribution } from "../../sim/kernel/distribution.ts";
import { formatDistribution, parseDistribution, sizes } from "../../sim/scenario/distributions.ts";
import {
  formatDrift,
  formatDriftRange,
  formatDuration,
  formatDurationRange,
  formatRate,
  formatRatio,
  formatSize,
  parseDrift,
  parseDriftRange,
  parseDuration,
  parseDurationRange,
  parseRate,
  parseRateRamp,
  parseRatio,
  parseSize,
  parseSizeRange,
  QuantityError,
} from "../../sim/scenario/quantities.ts";

const ns = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const positiveNs = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

/** The message, with the part of the text that it points to. */
function mistake(parse: (text: string) => unknown, text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof QuantityError) return `${text.slice(error.at, error.at + error.length)} | ${error.message}`;
    throw error;
  }
  return "none";
}

describe("durations", () => {
  it.each([
    ["1ns", 1],
    ["150us", 150_000],
    ["1.5µs", 1_500],
    ["20ms", 20_000_000],
    ["5s", 5_000_000_000],
    ["0.1s", 100_000_000],
    ["2m", 120_000_000_000],
    ["1.5h", 5_400_000_000_000],
    ["9007199.254740991s", Number.MAX_SAFE_INTEGER],
    ["0", 0],
    ["007ms", 7_000_000],
  ])("%s is %d ns", (text, expected) => expect(parseDuration(text)).toBe(expected));

  it.each([
    [0, "0s"],
    [999, "999ns"],
    [1_500, "1.5us"],
    [20_000_000, "20ms"],
    [7_301_992_000, "7.301992s"],
    [120_000_000_000, "120s"],
    [-20_000_000, "-20ms"],
  ])("%d ns are written %s", (value, expected) => expect(formatDuration(value)).toBe(expected));

  it.each([
    ["20", "20 | a duration needs a unit: 20ms, 5s"],
    ["20mz", "mz | `mz` is not a unit of a duration, did you mean `ms`?"],
    ["20 ms", "20 ms | no space between a number and its unit: `20ms`"],
    ["soon", "soon | expected a duration such as 20ms or 5s, found `soon`"],
    ["-5s", "-5s | `-5s` is negative; a duration here is not"],
    ["5%", "% | `%` is not a unit of a duration"],
    ["0.5ns", "0.5ns | `0.5ns` is finer than a nanosecond"],
    ["105h", "none"],
    ["3000h", "3000h | `3000h` is too large"],
    ["", " | expected a duration such as 20ms or 5s, found nothing"],
  ])("%s: %s", (text, expected) => expect(mistake(parseDuration, text)).toBe(expected));

  it("read back what was written, to the nanosecond", () => {
    fc.assert(fc.property(ns, (value) => void expect(parseDuration(formatDuration(value))).toBe(value)));
    fc.assert(fc.property(ns, (value) => void expect(parseDuration(formatDuration(-value), { signed: true })).toBe(value === 0 ? 0 : -value)));
  });

  it("are exact where a multiplication of binary fractions is not: 1.000000001s is 1000000001 ns", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_000_000 }), fc.integer({ min: 0, max: 999_999_999 }), (whole, fraction) => {
        expect(parseDuration(`${whole}.${String(fraction).padStart(9, "0")}s`)).toBe(Number(BigInt(whole) * 1_000_000_000n + BigInt(fraction)));
      }),
    );
  });
});

describe("ranges", () => {
  it("150ms..300ms holds both ends", () => expect(parseDurationRange("150ms..300ms")).toEqual([150_000_000, 300_000_000]));
  it("a single duration is both ends", () => expect(parseDurationRange("5s")).toEqual([5_000_000_000, 5_000_000_000]));
  it("a reversed one is a mistake", () => expect(mistake(parseDurationRange, "300ms..150ms")).toBe("300ms..150ms | the range `300ms..150ms` is reversed"));
  it("an end without its unit is pointed to", () => expect(mistake(parseDurationRange, "150..300ms")).toBe("150 | a duration needs a unit: 20ms, 5s"));
  it("a missing end is a mistake", () => expect(mistake(parseDurationRange, "150ms..")).toBe(" | expected a duration such as 20ms or 5s, found nothing"));
  it("read back what was written", () => {
    fc.assert(
      fc.property(ns, ns, (a, b) => {
        const range: [number, number] = [Math.min(a, b), Math.max(a, b)];
        expect(parseDurationRange(formatDurationRange(range))).toEqual(range);
      }),
    );
  });
});

describe("shares", () => {
  it.each([
    ["1%", 0.01],
    ["0.1%", 0.001],
    ["100%", 1],
    ["7%", 0.07],
    ["0", 0],
  ])("%s is %d", (text, expected) => expect(parseRatio(text)).toBe(expected));

  it.each([
    ["0.1", "0.1 | a share needs a percent sign: 1%, 0.5%"],
    ["101%", "101% | `101%` is more than everything; a share goes from 0% to 100%"],
    ["-1%", "-1% | `-1%` is negative; a share goes from 0% to 100%"],
    ["some", "some | expected a share such as 1% or 0.5%, found `some`"],
    ["5ms", "5ms | expected a share such as 1% or 0.5%, found `5ms`"],
  ])("%s: %s", (text, expected) => expect(mistake(parseRatio, text)).toBe(expected));

  it("read back what was written, to the last bit", () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => void expect(parseRatio(formatRatio(share))).toBe(share)));
  });
});

describe("rates", () => {
  it.each([
    ["200/s", 200],
    ["0.2/ms", 200],
    ["90/m", 1.5],
    ["3600/h", 1],
  ])("%s is %d a second", (text, expected) => expect(parseRate(text)).toBe(expected));

  it.each([
    ["200", "200 | a rate needs its unit of time: 200/s"],
    ["200/d", "/d | `/d` is not a unit of a rate"],
    ["0/s", "0/s | a rate must be more than 0"],
    ["-5/s", "-5/s | a rate must be more than 0"],
    ["20ms", "20ms | expected a rate such as 200/s, found `20ms`"],
  ])("%s: %s", (text, expected) => {
    const shown = mistake(parseRate, text);
    expect(shown.slice(shown.indexOf("|"))).toBe(expected.slice(expected.indexOf("|")));
  });

  it("read back what was written, to the last bit", () => {
    fc.assert(fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (rate) => void expect(parseRate(formatRate(rate))).toBe(rate)));
  });
});

describe("sizes and drifts", () => {
  it.each([
    ["64KiB", 65_536],
    ["1.5KB", 1_500],
    ["1GiB", 1_073_741_824],
    ["12B", 12],
  ])("%s are %d bytes", (text, expected) => expect(parseSize(text)).toBe(expected));
  it("half a byte is none", () => expect(mistake(parseSize, "0.5B")).toBe("0.5B | `0.5B` is finer than a byte"));
  it("500ppm are 500000 parts per billion, 0.5ppm are 500", () => expect([parseDrift("500ppm"), parseDrift("0.5ppm"), parseDrift("-50ppm")]).toEqual([500_000, 500, -50_000]));
  it("-50ppm..50ppm is a range", () => expect(parseDriftRange("-50ppm..50ppm")).toEqual([-50_000, 50_000]));
  it("a clock that all but stops is no drift", () => {
    expect(mistake(parseDrift, "-1000000ppm")).toBe("-1000000ppm | a drift lies between -500000ppm and 500000ppm, found `-1000000ppm`");
  });
  it("read back what was written", () => {
    fc.assert(fc.property(ns, (bytes) => void expect(parseSize(formatSize(bytes))).toBe(bytes)));
    fc.assert(fc.property(fc.integer({ min: -500_000_000, max: 500_000_000 }), (ppb) => void expect(parseDrift(formatDrift(ppb))).toBe(ppb)));
    fc.assert(fc.property(fc.integer({ min: -9, max: 9 }), (ppb) => void expect(parseDriftRange(formatDriftRange([ppb, ppb + 1]))).toEqual([ppb, ppb + 1])));
  });
});

const simple: fc.Arbitrary<Distribution> = fc.oneof(
  ns.map((value) => ({ type: "constant" as const, value })),
  fc.tuple(ns, ns).map(([a, b]) => ({ type: "uniform" as const, min: Math.min(a, b), max: Math.max(a, b) })),
  fc.record({ type: fc.constant("normal" as const), mean: ns, sd: ns }),
  positiveNs.map((mean) => ({ type: "exponential" as const, mean })),
  fc.tuple(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 1, max: 1e12 })).map(([median, more]) => ({ type: "lognormal" as const, median, p99: median + more })),
  fc.record({ type: fc.constant("empirical" as const), values: fc.array(ns, { minLength: 1, maxLength: 5 }) }),
  fc.record({ type: fc.constant("pareto" as const), scale: positiveNs, shape: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
);
const distribution: fc.Arbitrary<Distribution> = fc.oneof(
  simple,
  fc.tuple(fc.integer({ min: 0, max: 100 }), simple, simple).map(([percent, a, b]) => ({
    type: "mix" as const,
    parts: [
      { weight: percent / 100, of: a },
      { weight: (100 - percent) / 100, of: b },
    ],
  })),
);

describe("distributions", () => {
  it("a bare duration is constant, a range uniform", () => {
    expect([parseDistribution("1ms"), parseDistribution("1ms..5ms")]).toEqual([
      { type: "constant", value: 1_000_000 },
      { type: "uniform", min: 1_000_000, max: 5_000_000 },
    ]);
  });

  it("commas separate arguments as spaces do", () => expect(parseDistribution("uniform(1ms, 5ms)")).toEqual(parseDistribution("uniform(1ms 5ms)")));

  it("a mix holds distributions with their weights", () => {
    expect(parseDistribution("mix(90% lognormal(1ms 5ms) 10% pareto(3ms 1.1))")).toEqual({
      type: "mix",
      parts: [
        { weight: 0.9, of: { type: "lognormal", median: 1_000_000, p99: 5_000_000 } },
        { weight: 0.1, of: { type: "pareto", scale: 3_000_000, shape: 1.1 } },
      ],
    });
  });

  it.each([
    ["uniform(5ms 1ms)", "uniform(5ms 1ms) | the range of `uniform(5ms 1ms)` is reversed"],
    ["lognormal(5ms 5ms)", "5ms | the 99th percentile, 5ms, must be more than the median, 5ms"],
    ["lognormal(5ms)", "lognormal(5ms) | lognormal takes the median and the 99th percentile, found 1 argument"],
    ["uniform(1ms 2ms 3ms)", "uniform(1ms 2ms 3ms) | uniform takes the least and the most, found 3 arguments"],
    ["lognromal(1ms 5ms)", "lognromal | unknown distribution `lognromal`, did you mean `lognormal`?"],
    ["lognormal", "lognormal | the distribution `lognormal` lacks its arguments"],
    ["uniform(1ms 5ms", "uniform(1ms 5ms | `uniform(1ms 5ms` has no closing parenthesis"],
    ["uniform(1ms 5ms) fast", "fast | `fast` follows the closing parenthesis"],
    ["uniform(1 5ms)", "1 | a duration needs a unit: 20ms, 5s"],
    ["pareto(3ms 0)", "0 | the shape must be more than 0"],
    ["exponential(0)", "0 | the mean must be more than 0"],
    ["mix(90% 1ms 20% 2ms)", "mix(90% 1ms 20% 2ms) | the shares of a mix must add up to 100%, found 110%"],
    ["mix(90% 1ms 10%)", "mix(90% 1ms 10%) | mix takes pairs of a share and a distribution"],
    ["mix(90% 1ms 10% unifrom(1ms 2ms))", "unifrom | unknown distribution `unifrom`, did you mean `uniform`?"],
    ["empirical(rtt.csv)", "rtt.csv | expected a duration or a file such as rtt.csv, found `rtt.csv`"],
    ["-1ms", "-1ms | `-1ms` is negative; a duration here is not"],
  ])("%s: %s", (text, expected) => {
    const shown = mistake(parseDistribution, text);
    expect(shown).toBe(expected);
  });

  it("read back what was written", () => {
    fc.assert(fc.property(distribution, (one) => void expect(parseDistribution(formatDistribution(one))).toEqual(one)));
    fc.assert(fc.property(distribution, (one) => void expect(parseDistribution(formatDistribution(one, sizes), sizes)).toEqual(one)));
  });

  it.each([
    ["1KiB", { type: "constant", value: 1024 }],
    ["100B..1KiB", { type: "uniform", min: 100, max: 1024 }],
    ["pareto(1kB 1.5)", { type: "pareto", scale: 1000, shape: 1.5 }],
    ["exponential(1MiB)", { type: "exponential", mean: 1_048_576 }],
  ])("of sizes: %s", (text, expected) => expect(parseDistribution(text, sizes)).toEqual(expected));
});

it("no text makes a parser fail in another way than with a QuantityError", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[-+.\d%a-z()/ ,µ]{0,20}$/));
  fc.assert(
    fc.property(text, (garbage) => {
      for (const parse of [parseDuration, parseDurationRange, parseRatio, parseRate, parseRateRamp, parseSize, parseSizeRange, parseDrift, parseDriftRange, parseDistribution]) {
        try {
          parse(garbage);
        } catch (error) {
          if (!(error instanceof QuantityError)) throw error;
          expect(error.at).toBeLessThanOrEqual(garbage.length);
        }
      }
    }),
  );
});

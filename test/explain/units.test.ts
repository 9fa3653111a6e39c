import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatBytes, formatCount, formatDuration, formatMetric, formatMoney, formatRatio, formatTime } from "../../sim/explain/index.ts";

describe("a moment is exact", () => {
  test.each([
    [0, "0s"],
    [1, "1ns"],
    [999, "999ns"],
    [1_500, "1.5us"],
    [412_000_000, "412ms"],
    [1_204_000, "1.204ms"],
    [7_301_992_000, "7.301992s"],
    [20_000_000_000, "20s"],
    [1_000_000_001, "1.000000001s"],
    [90_000_000_000, "90s"],
    [-20_000_000, "-20ms"],
  ])("%d ns is %s", (ns, text) => expect(formatTime(ns)).toBe(text));

  test("property: it can be read back to the nanosecond", () => {
    const units: Record<string, bigint> = { ns: 1n, us: 1_000n, ms: 1_000_000n, s: 1_000_000_000n };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (ns) => {
        const [, whole, fraction = "", unit] = /^(\d+)(?:\.(\d+))?(ns|us|ms|s)$/.exec(formatTime(ns)) as unknown as [string, string, string | undefined, string];
        const scale = units[unit] as bigint;
        expect(BigInt(whole) * scale + (BigInt(fraction || "0") * scale) / 10n ** BigInt(fraction.length)).toBe(BigInt(ns));
      }),
    );
  });
});

describe("a length of time has three digits", () => {
  test.each([
    [0, "0s"],
    [500, "500ns"],
    [1_500_000, "1.5ms"],
    [3_141_592, "3.14ms"],
    [412_000_000, "412ms"],
    [7_301_992_000, "7.3s"],
    [999_499, "999us"],
    [999_500, "1ms"],
    [999_600_000, "1s"],
    [59_960_000_000, "1m"],
    [90_000_000_000, "1m30s"],
    [3_600_000_000_000, "1h"],
    [7_500_000_000_000, "2h5m"],
    [-1_500_000, "-1.5ms"],
  ])("%d ns is %s", (ns, text) => expect(formatDuration(ns)).toBe(text));

  test("property: up to a minute it is within half a percent of the truth", () => {
    const units: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 6e10 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000_000_000 }), (ns) => {
        const [, digits, unit] = /^([\d.]+)(ns|us|ms|s|m)$/.exec(formatDuration(ns)) as unknown as [string, string, string];
        expect(Math.abs(Number(digits) * (units[unit] as number) - ns) / ns).toBeLessThanOrEqual(0.005);
      }),
    );
  });
});

test("counts have their thousands apart", () => {
  expect([0, 999, 1000, 184_023, 64_012_345].map(formatCount)).toEqual(["0", "999", "1,000", "184,023", "64,012,345"]);
});

test("bytes are counted in powers of 1024, as in scenario files", () => {
  expect([0, 310, 1023, 1024, 1310, 4 * 1024 * 1024].map(formatBytes)).toEqual(["0B", "310B", "1,023B", "1KiB", "1.28KiB", "4MiB"]);
});

test("a share is 100% only where it is all", () => {
  expect([0, 0.987, 0.5, 1, 0.9996, 0.99999, 0.00004].map(formatRatio)).toEqual(["0%", "98.7%", "50%", "100%", "99.96%", "99.999%", "0.004%"]);
});

test("a metric reads in its unit, and as a dash where nothing was measured", () => {
  expect(formatMetric(8.1989, "number")).toBe("8.2");
  expect(formatMetric(3_711, "count")).toBe("3,711");
  expect(formatMetric(3_100_000, "duration")).toBe("3.1ms");
  expect(formatMetric(0.987, "ratio")).toBe("98.7%");
  expect(formatMetric(1310, "bytes")).toBe("1.28KiB");
  expect(formatMetric(null, "duration")).toBe("–");
});

describe("money", () => {
  test.each([
    [0, "USD", "$0"],
    [2.406, "USD", "$2.41"],
    [12.5, "CHF", "12.50 CHF"],
    [1204, "EUR", "€1,204.00"],
    [0.5, "USD", "$0.50"],
    [0.096, "USD", "$0.096"],
    [0.0041239, "USD", "$0.00412"],
    [0.9999, "USD", "$1.00"],
    [-3, "GBP", "-£3.00"],
    [0.4, undefined, "0.40"],
  ])("%s %s is %s", (amount, currency, text) => expect(formatMoney(amount, currency)).toBe(text));
});

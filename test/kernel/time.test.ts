import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { driftOf, ms, mulDiv, realFor, seconds, us } from "../../sim/kernel/time.ts";

/** Whole numbers up to a limit with every size as likely as any other, and the limit's neighbourhood. */
const upTo = (limit: number) =>
  fc.oneof(
    fc.tuple(fc.integer({ min: 0, max: 53 }), fc.maxSafeNat()).map(([bits, number]) => Math.min(limit, Math.floor(number / 2 ** bits))),
    fc.integer({ min: 0, max: 3 }).map((less) => limit - less),
  );
const signedUpTo = (limit: number) => fc.tuple(upTo(limit), fc.boolean()).map(([size, negative]) => (negative ? -size : size));
const ppb = signedUpTo(500_000_000);

/** BigInt's division rounds towards zero. */
function floorDivision(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return quotient * b > a ? quotient - 1n : quotient;
}

const exactDrift = (elapsed: number, rate: number) => floorDivision(BigInt(elapsed) * BigInt(rate), 1_000_000_000n);

test("units are rounded to whole nanoseconds", () => {
  expect([us(1.5), ms(2), ms(0.0000004), seconds(0.1), seconds(86_400)]).toEqual([1500, 2_000_000, 0, 100_000_000, 86_400_000_000_000]);
});

describe("mulDiv", () => {
  test("is the floor of the exact a × b / c wherever that is a safe integer", () => {
    fc.assert(
      fc.property(upTo(Number.MAX_SAFE_INTEGER), signedUpTo(2 ** 31), upTo(2 ** 31 - 1), (a, b, less) => {
        const c = less + 1;
        const exact = floorDivision(BigInt(a) * BigInt(b), BigInt(c));
        fc.pre(exact >= BigInt(Number.MIN_SAFE_INTEGER) && exact <= BigInt(Number.MAX_SAFE_INTEGER));
        expect(BigInt(mulDiv(a, b, c))).toBe(exact);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("driftOf", () => {
  test("is the exact elapsed × ppb / 10^9, rounded down, over all 104 days and up to ± a half", () => {
    fc.assert(
      fc.property(upTo(Number.MAX_SAFE_INTEGER), ppb, (elapsed, rate) => {
        expect(BigInt(driftOf(elapsed, rate))).toBe(exactDrift(elapsed, rate));
      }),
      { numRuns: 3000 },
    );
  });

  test("50 ppm is 50 us a second; a slow clock has lost a nanosecond as soon as it has lost any of it", () => {
    expect([driftOf(1_000_000_000, 50_000), driftOf(1_000_000_000, -50_000), driftOf(1, 50_000), driftOf(1, -50_000)]).toEqual([50_000, -50_000, 0, -1]);
    expect([driftOf(0, -500_000_000), driftOf(12345, 0)]).toEqual([0, 0]);
  });

  test("a drifting clock never goes back", () => {
    fc.assert(
      fc.property(upTo(2 ** 52), upTo(1000), ppb, (elapsed, more, rate) => {
        expect(elapsed + more + driftOf(elapsed + more, rate)).toBeGreaterThanOrEqual(elapsed + driftOf(elapsed, rate));
      }),
    );
  });
});

describe("realFor", () => {
  test("is long enough for the clock to advance that far, and a nanosecond less is not", () => {
    fc.assert(
      fc.property(upTo(2 ** 52), ppb, (local, rate) => {
        const real = realFor(local, rate);
        expect(BigInt(real) + exactDrift(real, rate)).toBeGreaterThanOrEqual(BigInt(local));
        if (local > 0) expect(BigInt(real - 1) + exactDrift(real - 1, rate)).toBeLessThan(BigInt(local));
        else expect(real).toBe(0);
      }),
      { numRuns: 3000 },
    );
  });

  test("a clock at half speed needs twice the time, one at one and a half speed two thirds of it", () => {
    expect([realFor(1_000_000_000, -500_000_000), realFor(3_000_000_000, 500_000_000), realFor(777, 0)]).toEqual([2_000_000_000, 2_000_000_000, 777]);
  });
});

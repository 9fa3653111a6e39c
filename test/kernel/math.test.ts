import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exp, inverseNormal, ln, pow, powerOfTwo } from "../../sim/kernel/math.ts";
import { normalCdf, numberFromBits, ulpsApart } from "./figures.ts";

const anyPositive = fc.tuple(fc.nat(0x7fefffff), fc.nat(0xffffffff)).map(([high, low]) => numberFromBits(high, low));

describe("ln", () => {
  test("is within 2 ulp of the engine's over all positive numbers, subnormal ones included, and close to 1", () => {
    const nearOne = fc.double({ min: 0.5, max: 2, noNaN: true });
    const subnormal = fc.tuple(fc.nat(0xfffff), fc.nat(0xffffffff)).map(([high, low]) => numberFromBits(high, low) || Number.MIN_VALUE);
    fc.assert(
      fc.property(fc.oneof(anyPositive, nearOne, subnormal), (x) => {
        if (x > 0) expect(ulpsApart(ln(x), Math.log(x))).toBeLessThanOrEqual(2);
      }),
      { numRuns: 5000 },
    );
  });

  test("ln 0 = -Infinity, ln ∞ = ∞, ln 1 = 0, and below 0 it is no number", () => {
    expect([ln(0), ln(-0), ln(Infinity), ln(1)]).toEqual([-Infinity, -Infinity, Infinity, 0]);
    expect([ln(-1), ln(-Infinity), ln(NaN)]).toEqual([NaN, NaN, NaN]);
  });

  test("ln 2, ln 10 and ln 2^-1074 have their known values", () => {
    expect([ln(2), ln(10)]).toEqual([0.6931471805599453, 2.302585092994046]);
    expect(ln(Number.MIN_VALUE)).toBe(-744.4400719213812);
    expect(ln(Number.MAX_VALUE)).toBe(709.782712893384);
  });
});

describe("exp", () => {
  test("is within 2 ulp of the engine's over all results, subnormal ones included, and close to 0", () => {
    const wide = fc.double({ min: -745.2, max: 709.8, noNaN: true });
    const small = fc.double({ min: -1, max: 1, noNaN: true });
    const low = fc.double({ min: -745.2, max: -707, noNaN: true });
    fc.assert(
      fc.property(fc.oneof(wide, small, low), (x) => {
        expect(ulpsApart(exp(x), Math.exp(x))).toBeLessThanOrEqual(2);
      }),
      { numRuns: 5000 },
    );
  });

  test("e^0 is 1, e^1 is e to 1 ulp, and it ends in 0 and ∞ where no number is left", () => {
    expect([exp(0), exp(-0)]).toEqual([1, 1]);
    expect(ulpsApart(exp(1), 2.718281828459045)).toBeLessThanOrEqual(1);
    expect([exp(709.782712893384), exp(709.7827128933841)]).toEqual([1.7976931348622732e308, Infinity]);
    // Half of the smallest number, 2.47032822920623e-324, lies between these two: e^x is 2.47032822920648e-324 and 2.47032822920620e-324.
    expect([exp(-745.1332191019411), exp(-745.1332191019412)]).toEqual([Number.MIN_VALUE, 0]);
    expect([exp(-Infinity), exp(Infinity), exp(NaN)]).toEqual([0, Infinity, NaN]);
  });

  test("undoes ln", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (x) => {
        expect(exp(ln(x)) / x).toBeCloseTo(1, 13);
      }),
    );
  });
});

describe("pow", () => {
  test("is as close to the engine's as it says: (4 + 2 |y ln x|) × 2^-53", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), fc.double({ min: -20, max: 20, noNaN: true }), (x, y) => {
        const expected = Math.pow(x, y);
        fc.pre(expected > 1e-300 && expected < 1e300);
        expect(Math.abs(pow(x, y) / expected - 1)).toBeLessThanOrEqual((6 + 2 * Math.abs(y * Math.log(x))) * 2 ** -53);
      }),
      { numRuns: 2000 },
    );
  });

  test("has the usual values at the edges", () => {
    expect([pow(0, 0), pow(5, 0), pow(NaN, 0), pow(1, 7), pow(0, 2), pow(0, -2)]).toEqual([1, 1, 1, 1, 0, Infinity]);
    expect([pow(Infinity, 2), pow(Infinity, -2), pow(2, Infinity), pow(0.5, Infinity), pow(-8, 3)]).toEqual([Infinity, 0, Infinity, 0, NaN]);
  });
});

describe("inverseNormal", () => {
  test("has the published values", () => {
    // Wichura 1988, section 5: the values that an implementation should be checked with.
    expect(inverseNormal(0.25)).toBeCloseTo(-0.6744897501960817, 15);
    expect(inverseNormal(0.001)).toBeCloseTo(-3.090232306167814, 14);
    expect(inverseNormal(1e-20)).toBeCloseTo(-9.262340089798408, 14);
    expect(inverseNormal(0.99)).toBeCloseTo(2.3263478740408408, 14);
    expect(inverseNormal(0.975)).toBeCloseTo(1.959963984540054, 15);
  });

  test("is undone by the distribution function, from the far tail to the middle", () => {
    const tail = fc.double({ min: 1, max: 300, noNaN: true }).map((exponent) => 10 ** -exponent);
    const middle = fc.double({ min: 1e-4, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(fc.oneof(tail, middle), (p) => {
        const x = inverseNormal(p);
        // A relative error of e in x shows as about x² × e in p.
        expect(Math.abs(normalCdf(x) / p - 1)).toBeLessThan(1e-14 * (1 + x * x));
      }),
      { numRuns: 2000 },
    );
  });

  test("is odd around one half, rises, and has its ends", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (k) => {
        const p = k / 2 ** 31;
        expect(inverseNormal(1 - p)).toBe(k === 2 ** 30 ? 0 : -inverseNormal(p));
        expect(inverseNormal(p)).toBeLessThan(inverseNormal(p + 2 ** -31));
      }),
    );
    expect([inverseNormal(0), inverseNormal(0.5), inverseNormal(1), inverseNormal(-0.1), inverseNormal(1.1), inverseNormal(NaN)]).toEqual([
      -Infinity, 0, Infinity, NaN, NaN, NaN,
    ]);
  });
});

test("powers of two are exact: each twice the one before, from the smallest normal number to the largest", () => {
  expect([powerOfTwo(0), powerOfTwo(10), powerOfTwo(31), powerOfTwo(53), powerOfTwo(-1)]).toEqual([1, 1024, 2147483648, 9007199254740992, 0.5]);
  for (let exponent = -1021; exponent <= 1023; exponent += 1) expect(powerOfTwo(exponent)).toBe(2 * powerOfTwo(exponent - 1));
});

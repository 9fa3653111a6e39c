import alea from "seedrandom/lib/alea.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Stream, Streams } from "../../sim/kernel/stream.ts";
import { CHI_SQUARE_999, chiSquare, kolmogorov, KOLMOGOROV_999 } from "./figures.ts";

const take = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

describe("a stream", () => {
  test("is Alea, seeded with the run's seed, a slash and the stream's name, from its ninth draw on", () => {
    const generator = alea("42/network/n1→n2/loss", { state: true });
    take(8, () => generator()); // Passed over, see WARM_UP.
    const stream = new Streams(42).get("network/n1→n2/loss");
    expect(take(100, () => stream.next())).toEqual(take(100, () => generator()));
    expect(stream.double()).toBe(generator() + Math.floor(generator() * 2 ** 21) * 2 ** -53);
  });

  test("takes two draws for double, below and between, whatever their arguments, and one for next", () => {
    const draws: { [name: string]: (stream: Stream) => number } = {
      double: (stream) => stream.double(),
      "below 1": (stream) => stream.below(1),
      "below 2^53": (stream) => stream.below(2 ** 53),
      "between 5 and 5": (stream) => stream.between(5, 5),
      "between 0 and 2^52": (stream) => stream.between(0, 2 ** 52),
    };
    for (const [name, draw] of Object.entries(draws)) {
      const drawn = new Stream("seed");
      const skipped = new Stream("seed");
      draw(drawn);
      skipped.next();
      skipped.next();
      expect([name, drawn.next()]).toEqual([name, skipped.next()]);
    }
  });

  test("double lies evenly between 0 and 1 and uses 53 bits", () => {
    const stream = new Stream("double");
    const samples = take(20_000, () => stream.double());
    expect(samples.every((x) => x >= 0 && x < 1 && Number.isInteger(x * 2 ** 53))).toBe(true);
    expect(samples.some((x) => !Number.isInteger(x * 2 ** 52))).toBe(true);
    expect(kolmogorov(samples, (x) => x)).toBeLessThan(KOLMOGOROV_999);
  });

  test.each([2, 7, 10, 16, 100])("below(%i) gives each number equally often", (n) => {
    const stream = new Stream("below");
    const counts = Array<number>(n).fill(0);
    for (let draw = 0; draw < 100_000; draw += 1) counts[stream.below(n)]! += 1;
    expect(counts.length).toBe(n);
    expect(chiSquare(counts)).toBeLessThan(CHI_SQUARE_999[n - 1]!);
  });

  test("below and between stay in their range, of any size, and are whole", () => {
    const whole = fc.maxSafeInteger();
    fc.assert(
      fc.property(whole, whole, fc.integer(), (a, b, seed) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(max - min < 2 ** 53);
        const stream = new Stream(`${seed}`);
        const drawn = stream.between(min, max);
        expect(Number.isSafeInteger(drawn) && drawn >= min && drawn <= max).toBe(true);
        const below = stream.below(max - min + 1);
        expect(Number.isInteger(below) && below >= 0 && below <= max - min).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("the largest draw that there is still lies below n, for every n", () => {
    // Alea's largest double is 1 - 2^-53: the product with n must not round up to n.
    const n = fc.oneof(fc.integer({ min: 1, max: 2 ** 53 - 1 }), fc.tuple(fc.nat(53), fc.integer({ min: -2, max: 2 })).map(([bits, off]) => Math.min(2 ** 53, Math.max(1, 2 ** bits + off))));
    fc.assert(
      fc.property(n, (count) => {
        expect(Math.floor((1 - 2 ** -53) * count)).toBeLessThan(count);
      }),
      { numRuns: 3000 },
    );
  });

  test("between over a range of 2^40 fills its high and its low bits evenly", () => {
    const stream = new Stream("wide");
    const high = Array<number>(16).fill(0);
    const low = Array<number>(16).fill(0);
    for (let draw = 0; draw < 32_000; draw += 1) {
      const offset = stream.between(-(2 ** 39), 2 ** 39 - 1) + 2 ** 39;
      high[Math.floor(offset / 2 ** 36)]! += 1;
      low[offset % 16]! += 1;
    }
    expect(chiSquare(high)).toBeLessThan(CHI_SQUARE_999[15]!);
    expect(chiSquare(low)).toBeLessThan(CHI_SQUARE_999[15]!);
  });

  test("refuses what is no range of whole numbers", () => {
    const stream = new Stream("x");
    for (const n of [0, -1, 1.5, NaN, Infinity, 2 ** 54]) expect(() => stream.below(n)).toThrow(RangeError);
    for (const [min, max] of [[2, 1], [0.5, 3], [0, 2 ** 53], [-(2 ** 53), 0], [-(2 ** 52), 2 ** 52], [NaN, 1]] as const) {
      expect(() => stream.between(min, max)).toThrow(RangeError);
    }
  });
});

describe("streams", () => {
  test("the same name is the same object; another name and another seed are other draws", () => {
    const streams = new Streams(1);
    expect(streams.get("a")).toBe(streams.get("a"));
    const firsts = [streams.get("a").next(), streams.get("b").next(), new Streams(2).get("a").next(), new Streams(11).get("a").next()];
    expect(new Set(firsts).size).toBe(4);
  });

  test("what a stream gives depends neither on which others there are nor on what is drawn from them", () => {
    const names = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.maxSafeNat(), names, fc.array(fc.nat(), { maxLength: 60 }), (seed, all, order) => {
        const together = new Streams(seed);
        const drawn = new Map<string, number[]>(all.map((name) => [name, []]));
        for (const pick of order) {
          const name = all[pick % all.length]!;
          drawn.get(name)!.push(together.get(name).double());
        }
        for (const [name, draws] of drawn) {
          const alone = new Streams(seed).get(name);
          expect(draws).toEqual(draws.map(() => alone.double()));
        }
      }),
    );
  });

  test("a copy goes on with the same draws, its own way, also of names that are asked for later and through a second copy", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(20), fc.nat(20), (seed, before, after) => {
        const original = new Streams(seed);
        take(before, () => original.get("a").double());
        take(before, () => original.get("b").next());
        const copy = original.copy().copy();
        const secondCopy = copy.copy();
        expect(copy.get("a")).not.toBe(original.get("a"));
        for (const name of ["a", "b", "new"]) {
          const expected = take(after, () => original.get(name).double());
          expect(take(after, () => copy.get(name).double())).toEqual(expected);
          expect(take(after, () => secondCopy.get(name).double())).toEqual(expected);
        }
      }),
    );
  });
});

describe("the streams of names that differ in one letter", () => {
  test("begin independently: five first draws lie within 35/300 of the earliest as often as the closed form says", () => {
    // Of n even draws, all others are within d of the least with probability n·d^(n-1) - (n-1)·d^n. For n = 5 and
    // d = 35/300 that is 0.00084: of 20,000 seeds 17, with a standard deviation of 4.
    const width = 35 / 300;
    const expected = 20_000 * (5 * width ** 4 - 4 * width ** 5);
    let close = 0;
    for (let seed = 1; seed <= 20_000; seed += 1) {
      const streams = new Streams(seed);
      const draws = [1, 2, 3, 4, 5].map((node) => streams.get(`node/n${node}`).double());
      if (Math.max(...draws) - Math.min(...draws) < width) close += 1;
    }
    expect(Math.abs(close - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });
});

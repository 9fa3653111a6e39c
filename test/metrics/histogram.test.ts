import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EXACT_UNTIL, Histogram } from "../../sim/metrics/histogram.ts";

function of(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

/** By the definition: the least of the numbers that at least the share does not exceed. */
function nearestRank(values: readonly number[], perMille: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.find((_, index) => (index + 1) * 1000 >= perMille * values.length) as number;
}

/** So many numbers from a few, spread over all powers of two, without a random source: steps of the golden ratio. */
function spread(count: number, bits: number): number[] {
  return Array.from({ length: count }, (_, n) => Math.floor(2 ** (((n * 0.6180339887498949) % 1) * bits)));
}

const shares = [1, 10, 250, 500, 900, 950, 990, 999, 1000];

describe("a histogram of few numbers", () => {
  test("is exact: of 15, 20, 35, 40 and 50, the median is 35 and the 95th percentile 50", () => {
    const histogram = of([35, 15, 50, 20, 40]);
    expect([histogram.percentiles(500, 950), histogram.mean, histogram.min, histogram.max, histogram.count]).toEqual([[35, 50], 32, 15, 50, 5]);
  });

  test("of none knows nothing", () => {
    const histogram = new Histogram();
    expect([histogram.percentile(500), histogram.mean, histogram.min, histogram.max, histogram.count]).toEqual([null, null, null, null, 0]);
  });

  test("property: percentiles are by nearest rank", () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat(), { minLength: 1, maxLength: 200 }), fc.integer({ min: 1, max: 1000 }), (values, perMille) => {
        expect(of(values).percentile(perMille)).toBe(nearestRank(values, perMille));
      }),
    );
  });

  test.each([-1, 0.5, NaN, Infinity, 2 ** 53])("refuses %s, which is no whole number from 0 to 2^53 - 1", (value) => {
    expect(() => new Histogram().add(value)).toThrow(RangeError);
  });
});

describe("a histogram of many numbers", () => {
  const many = spread(EXACT_UNTIL + 1, 52.99);

  test("is off by less than 1/4000 in any percentile, over all magnitudes; count, mean and extremes are exact", () => {
    const histogram = of(many);
    expect(histogram.isExact).toBe(false);
    for (const perMille of shares) {
      const exact = nearestRank(many, perMille);
      expect(Math.abs((histogram.percentile(perMille) as number) - exact)).toBeLessThanOrEqual(exact / 4000);
    }
    expect([histogram.count, histogram.min, histogram.max]).toEqual([EXACT_UNTIL + 1, Math.min(...many), Math.max(...many)]);
    expect(histogram.mean).toBe(many.reduce((sum, value) => sum + value, 0) / many.length);
  });

  test("is exact below 4096", () => {
    const small = spread(EXACT_UNTIL + 100, 11.99);
    expect(of(small).percentiles(...shares)).toEqual(shares.map((perMille) => nearestRank(small, perMille)));
  });

  test("property: the greatest but one of many, however large, is told within 1/4000", () => {
    const zeros = of(new Array<number>(EXACT_UNTIL).fill(0));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (value) => {
        const histogram = zeros.copy();
        for (let n = 0; n < EXACT_UNTIL; n += 1) histogram.add(value);
        histogram.add(Number.MAX_SAFE_INTEGER);
        // Half are 0, half the number: the 75th percentile is the number.
        expect(Math.abs((histogram.percentile(750) as number) - value)).toBeLessThanOrEqual(value / 4000);
      }),
      { numRuns: 20 },
    );
  });

  test("takes memory by the range of the numbers, not by how many there are", () => {
    const buckets = (count: number): number => of(spread(count, 30)).toJSON().buckets!.length;
    expect(buckets(200_000)).toBeLessThan(4096 + 18 * 2048);
  });
});

describe("histograms together", () => {
  const lists = fc.array(fc.nat(1_000_000), { maxLength: 60 });
  const fill = spread(EXACT_UNTIL, 40);
  /** Few numbers, or more than are kept as they are. */
  const either = fc.tuple(lists, fc.boolean()).map(([list, isMany]) => (isMany ? [...fill, ...list] : list));

  test("property: merged ones are the histogram of all their numbers", () => {
    fc.assert(
      fc.property(either, either, (left, right) => {
        const merged = of(left);
        merged.merge(of(right));
        expect(merged.toJSON()).toEqual(of([...left, ...right]).toJSON());
      }),
      { numRuns: 12 },
    );
  });

  test("property: what is written as JSON is read back the same, and goes on as the original does", () => {
    fc.assert(
      fc.property(either, fc.nat(), (values, next) => {
        const original = of(values);
        const read = Histogram.from(JSON.parse(JSON.stringify(original)) as ReturnType<Histogram["toJSON"]>);
        expect(read.toJSON()).toEqual(original.toJSON());
        original.add(next);
        read.add(next);
        expect(read.percentiles(...shares)).toEqual(original.percentiles(...shares));
      }),
      { numRuns: 12 },
    );
  });

  test("property: a copy goes its own way", () => {
    fc.assert(
      fc.property(either, fc.nat(), (values, next) => {
        const original = of(values);
        const before = JSON.stringify(original);
        const copy = original.copy();
        copy.add(next);
        expect(JSON.stringify(original)).toBe(before);
        expect(copy.count).toBe(values.length + 1);
      }),
      { numRuns: 12 },
    );
  });
});

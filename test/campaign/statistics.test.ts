import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { inverseNormal } from "../../sim/kernel/math.ts";
import { Stream } from "../../sim/kernel/stream.ts";
import { meanInterval, percentileIntervals } from "../../sim/campaign/statistics/bootstrap.ts";
import { criticalDistance, distance, staircaseOf } from "../../sim/campaign/statistics/distance.ts";
import { normalCdf } from "../../sim/campaign/statistics/normal.ts";
import { deviationOf, meanOf, percentile, sorted } from "../../sim/campaign/statistics/sample.ts";

const numbers = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 40 });

/** So many draws of a distribution, by its inverse. */
function drawn(count: number, stream: Stream, inverse: (u: number) => number): Float64Array {
  return Float64Array.from({ length: count }, () => inverse((stream.next() * 2 ** 32 + 0.5) / 2 ** 32));
}

describe("the normal distribution", () => {
  it.each([
    // Abramowitz and Stegun, table 26.1, to fifteen places.
    [0, 0.5],
    [1, 0.841344746068543],
    [1.96, 0.975002104851780],
    [2, 0.977249868051821],
    [3, 0.998650101968370],
    [-1, 0.158655253931457],
  ])("is at most %d with the chance %d", (x, chance) => expect(normalCdf(x)).toBeCloseTo(chance, 13));

  it("is turned round by its inverse", () => {
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (p) => Math.abs(normalCdf(inverseNormal(p)) - p) < 1e-12));
  });

  it("is nothing and everything far out", () => expect([normalCdf(-9), normalCdf(9)]).toEqual([0, 1]));
});

describe("a sample", () => {
  it("has the nearest-rank percentiles", () => {
    const ten = sorted([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect([1, 500, 501, 950, 990, 1000].map((perMille) => percentile(ten, perMille))).toEqual([1, 5, 6, 10, 10, 10]);
  });

  it("has the deviation of the whole that it is of, and none with one number", () => {
    expect(deviationOf(Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9))).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(deviationOf(Float64Array.of(3))).toBeNull();
  });
});

/** In how many of some hundred experiments the interval holds the truth. */
function coverage(experiments: number, size: number, truth: number, inverse: (u: number) => number, interval: (values: Float64Array, stream: Stream) => readonly [number, number] | null): number {
  const stream = new Stream("coverage");
  let held = 0;
  for (let experiment = 0; experiment < experiments; experiment += 1) {
    const [low, high] = interval(drawn(size, stream, inverse), stream) as [number, number];
    if (low <= truth && truth <= high) held += 1;
  }
  return held / experiments;
}

describe("the interval of a mean", () => {
  // 600 experiments tell a coverage of 95 % to within 2.5 %: nearly three times their deviation.
  it.each([10, 40])("holds the true mean in some 95 of 100 normal samples of %d", (size) => {
    const share = coverage(600, size, 10, (u) => 10 + 3 * inverseNormal(u), meanInterval);
    expect(share).toBeGreaterThan(0.925);
    expect(share).toBeLessThan(0.975);
  });

  it("holds it nearly as often where the sample is skewed, as times are", () => {
    const share = coverage(400, 60, 5, (u) => -5 * Math.log(1 - u), meanInterval);
    expect(share).toBeGreaterThan(0.915);
    expect(share).toBeLessThan(0.98);
  });

  it("is as wide as the textbook's, mean ± 1.96 s/√n, for a large normal sample", () => {
    const values = drawn(2000, new Stream("wide"), inverseNormal);
    const [low, high] = meanInterval(values, new Stream("resamples")) as [number, number];
    const half = (1.96 * (deviationOf(values) as number)) / Math.sqrt(2000);
    expect(Math.abs((high - low) / (2 * half) - 1)).toBeLessThan(0.06);
    expect(Math.abs((high + low) / 2 - meanOf(values))).toBeLessThan(0.06 * half);
  });

  it("leans towards the long tail, where the plain percentile interval leans less", () => {
    const values = drawn(50, new Stream("skewed"), (u) => -Math.log(1 - u));
    const [low, high] = meanInterval(values, new Stream("resamples")) as [number, number];
    const mean = meanOf(values);
    expect(high - mean).toBeGreaterThan(1.1 * (mean - low));
  });

  it("lies between the least and the greatest, moves with the sample, and is the same each time", () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const values = Float64Array.from(list);
        const [low, high] = meanInterval(values, new Stream("a")) as [number, number];
        const moved = meanInterval(values.map((value) => value + 512), new Stream("a")) as [number, number];
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...list));
        expect(high).toBeLessThanOrEqual(Math.max(...list));
        expect(moved[0] - low).toBeCloseTo(512, 6);
        expect(meanInterval(values, new Stream("a"))).toEqual([low, high]);
      }),
      { numRuns: 30 },
    );
  });

  it("is a point where all are equal, and unknown for one number", () => {
    expect(meanInterval(Float64Array.of(7, 7, 7), new Stream("a"))).toEqual([7, 7]);
    expect(meanInterval(Float64Array.of(7), new Stream("a"))).toBeNull();
  });
});

describe("the interval of a percentile", () => {
  it("holds the true median in some 95 of 100 samples", () => {
    const share = coverage(300, 50, Math.log(2), (u) => -Math.log(1 - u), (values, stream) => percentileIntervals(sorted(values), [500], stream)[0] ?? null);
    expect(share).toBeGreaterThan(0.91);
    expect(share).toBeLessThan(0.99);
  });

  it("has the order statistics for its ends that the binomial distribution gives", () => {
    // Of a hundred, the median's 95 % interval goes from about the 40th to about the 61st (Conover 1999, table A3).
    const hundred = Float64Array.from({ length: 100 }, (_, at) => at + 1);
    const [[low, high]] = percentileIntervals(hundred, [500], new Stream("median")) as [[number, number]];
    expect(Math.abs(low - 40)).toBeLessThanOrEqual(1);
    expect(Math.abs(high - 60)).toBeLessThanOrEqual(1);
  });
});

describe("the distance of two distributions", () => {
  /** Straight from the definition: the difference of the shares at each value of either. */
  function slowly(a: readonly number[], b: readonly number[]): number {
    const share = (list: readonly number[], value: number): number => list.filter((one) => one <= value).length / list.length;
    return Math.max(...[...a, ...b].map((value) => Math.abs(share(a, value) - share(b, value))));
  }

  it("is the largest difference of their shares", () => {
    fc.assert(fc.property(numbers, numbers, (a, b) => Math.abs(distance(staircaseOf(sorted(a)), staircaseOf(sorted(b))) - slowly(a, b)) < 1e-12));
  });

  it("counts those that never came among all", () => {
    const half = staircaseOf(Float64Array.of(1, 2), 4);
    expect(distance(half, staircaseOf(Float64Array.of(1, 2)))).toBe(0.5);
  });

  it("is beyond the critical one for two samples of the same distribution in some 5 of 100 cases", () => {
    const stream = new Stream("smirnov");
    let beyond = 0;
    for (let pair = 0; pair < 1000; pair += 1) {
      const [a, b] = [sorted(drawn(120, stream, (u) => u)), sorted(drawn(80, stream, (u) => u))];
      if (distance(staircaseOf(a), staircaseOf(b)) > criticalDistance(120, 80)) beyond += 1;
    }
    expect(beyond).toBeGreaterThan(20);
    expect(beyond).toBeLessThan(75);
  });
});

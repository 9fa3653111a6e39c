import { describe, expect, test } from "vitest";
import { type Distribution, exponential, LONGEST_SAMPLE_NS, median, sampler } from "../../sim/kernel/distribution.ts";
import { Stream } from "../../sim/kernel/stream.ts";
import { CHI_SQUARE_999, chiSquare, kolmogorov, KOLMOGOROV_999, normalCdf } from "./figures.ts";

const MS = 1_000_000;
const COUNT = 20_000;
const P99 = 2.3263478740408408;

function draw(distribution: Distribution, count = COUNT): number[] {
  const stream = new Stream("distribution");
  const sample = sampler(distribution);
  return Array.from({ length: count }, () => sample(stream));
}

const mean = (samples: readonly number[]): number => samples.reduce((sum, x) => sum + x, 0) / samples.length;

// A closed form each, from any textbook; here Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions, vol. 1
// and 2: chapters 13 (normal), 14 (lognormal), 19 (exponential), 20 (Pareto) and 26 (uniform). A mix has the weighted sum of
// its parts' functions (Everitt and Hand, Finite Mixture Distributions, ch. 1), recorded values a step of 1/n at each (van der
// Vaart, Asymptotic Statistics, §19.1); their steps are far apart here, and F is taken just below and at each.
const sigma = Math.log(8) / P99;
const uniformCdf = (x: number) => Math.min(1, Math.max(0, (x - 1 * MS) / (4 * MS)));
const exponentialCdf = (x: number) => 1 - Math.exp(-x / (10 * MS));
const lognormalCdf = (x: number) => normalCdf(Math.log(x / MS) / sigma);
const closedForms: [string, Distribution, (x: number) => number, number, number][] = [
  // name, distribution, distribution function, mean, standard deviation
  ["uniform", { type: "uniform", min: 1 * MS, max: 5 * MS }, uniformCdf, 3 * MS, (4 * MS) / Math.sqrt(12)],
  ["normal", { type: "normal", mean: 10 * MS, sd: 2 * MS }, (x) => normalCdf((x - 10 * MS) / (2 * MS)), 10 * MS, 2 * MS],
  ["exponential", { type: "exponential", mean: 10 * MS }, exponentialCdf, 10 * MS, 10 * MS],
  ["lognormal", { type: "lognormal", median: 1 * MS, p99: 8 * MS }, lognormalCdf, Math.exp(sigma ** 2 / 2) * MS, Math.exp(sigma ** 2 / 2) * MS * Math.sqrt(Math.exp(sigma ** 2) - 1)],
  ["pareto", { type: "pareto", scale: 3 * MS, shape: 5 }, (x) => Math.max(0, 1 - ((3 * MS) / x) ** 5), (15 * MS) / 4, 3 * MS * Math.sqrt(5 / (16 * 3))],
  [
    "mix",
    { type: "mix", parts: [{ weight: 9, of: { type: "lognormal", median: 1 * MS, p99: 8 * MS } }, { weight: 1, of: { type: "exponential", mean: 10 * MS } }] },
    (x) => 0.9 * lognormalCdf(x) + 0.1 * exponentialCdf(x),
    0.9 * Math.exp(sigma ** 2 / 2) * MS + MS,
    4.1 * MS,
  ],
];

describe("a sample of each distribution", () => {
  test.each(closedForms)("%s follows its closed form (Kolmogorov–Smirnov, 20,000 draws, 99.9%%)", (_, distribution, F) => {
    expect(kolmogorov(draw(distribution), F)).toBeLessThan(KOLMOGOROV_999);
  });

  test.each(closedForms)("%s has its mean, within four standard errors", (_, distribution, __, expected, deviation) => {
    expect(Math.abs(mean(draw(distribution)) - expected)).toBeLessThan((4 * deviation) / Math.sqrt(COUNT));
  });

  test.each(closedForms)("%s is whole and not negative", (_, distribution) => {
    expect(draw(distribution, 1000).every((x) => Number.isSafeInteger(x) && x >= 0)).toBe(true);
  });

  test("a lognormal's median and 99th percentile are those that it was given", () => {
    const sorted = draw({ type: "lognormal", median: 1 * MS, p99: 8 * MS }, 40_001).sort((a, b) => a - b);
    expect(sorted[20_000]! / MS).toBeCloseTo(1, 1);
    expect(Math.abs(sorted[39_600]! / MS - 8)).toBeLessThan(0.5);
  });

  test("a constant is what it is; below 0 it is 0, and fractions are rounded", () => {
    expect([draw({ type: "constant", value: 7 }, 2), draw({ type: "constant", value: -5 }, 1), draw({ type: "constant", value: 1.5 }, 1)]).toEqual([[7, 7], [0], [2]]);
  });

  test("a uniform one gives both its ends and everything between equally often", () => {
    const counts = Array<number>(10).fill(0);
    for (const x of draw({ type: "uniform", min: 3, max: 12 })) counts[x - 3]! += 1;
    expect(counts.length).toBe(10);
    expect(chiSquare(counts)).toBeLessThan(CHI_SQUARE_999[9]!);
  });

  test("an empirical one gives its values as often as they were recorded, and nothing between", () => {
    const counts = new Map<number, number>();
    for (const x of draw({ type: "empirical", values: [30, 10, 20, 10, 10, 40, 10] })) counts.set(x, (counts.get(x) ?? 0) + 1);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([10, 20, 30, 40]);
    expect(chiSquare([...counts.keys()].sort((x, y) => x - y).map((value) => counts.get(value)!), [4, 1, 1, 1])).toBeLessThan(CHI_SQUARE_999[3]!);
  });

  test("a normal one that reaches below 0 is cut there: half of the samples of mean 0 are 0", () => {
    const samples = draw({ type: "normal", mean: 0, sd: 1 * MS });
    const zeros = samples.filter((x) => x === 0).length;
    expect(chiSquare([zeros, COUNT - zeros])).toBeLessThan(CHI_SQUARE_999[1]!);
    expect(Math.min(...samples)).toBe(0);
  });

  test("a mix takes its parts by weight, parts of weight 0 never, and mixes may hold mixes", () => {
    const of = (value: number): Distribution => ({ type: "constant", value });
    const inner: Distribution = { type: "mix", parts: [{ weight: 1, of: of(1) }, { weight: 3, of: of(2) }] };
    const samples = draw({ type: "mix", parts: [{ weight: 0, of: of(9) }, { weight: 0.4, of: inner }, { weight: 0.6, of: of(3) }, { weight: 0, of: of(9) }] });
    const counts = [1, 2, 3, 9].map((value) => samples.filter((x) => x === value).length);
    expect(counts[3]).toBe(0);
    expect(chiSquare(counts.slice(0, 3), [0.1, 0.3, 0.6])).toBeLessThan(CHI_SQUARE_999[2]!);
  });
});

describe("recorded values", () => {
  const values = [30, 10, 20, 10, 10, 40, 10].map((value) => value * MS);
  const share = (x: number): number => values.filter((value) => value <= x).length / values.length;

  // Within a step every sample is alike, so only the steps' ends count: Kolmogorov's statistic for a distribution with
  // jumps is at most that of a continuous one (Noether 1963, “Note on the Kolmogorov statistic in the discrete case”).
  test("follow their own distribution, a step of 1/7 at each (Kolmogorov–Smirnov, 20,000 draws, 99.9%)", () => {
    const samples = draw({ type: "empirical", values });
    const distance = Math.max(...values.map((value) => Math.abs(samples.filter((x) => x <= value).length / COUNT - share(value))));
    expect(Math.sqrt(COUNT) * distance).toBeLessThan(KOLMOGOROV_999);
  });

  test("of 1,000 measurements are met as often as they were measured (Kolmogorov–Smirnov, 20,000 draws, 99.9%)", () => {
    const measured = draw({ type: "lognormal", median: 1 * MS, p99: 8 * MS }, 1000).sort((a, b) => a - b);
    const place = new Map(measured.map((value, index) => [value, (index + 1) / measured.length]));
    expect(place.size).toBe(1000);
    const drawn = new Stream("again");
    const sample = sampler({ type: "empirical", values: measured });
    // Each step is a thousandth, so the places, spread evenly within their steps, are uniform.
    const places = Array.from({ length: COUNT }, (_, index) => (place.get(sample(drawn)) as number) - ((index * 0.618034) % 1) / 1000);
    expect(kolmogorov(places, (x) => x)).toBeLessThan(KOLMOGOROV_999);
  });
});

describe("the median", () => {
  test.each<[string, Distribution, number]>([
    ["a constant: itself", { type: "constant", value: 7 * MS }, 7 * MS],
    ["a uniform one: the middle", { type: "uniform", min: 1 * MS, max: 5 * MS }, 3 * MS],
    ["a normal one: the mean", { type: "normal", mean: 10 * MS, sd: 2 * MS }, 10 * MS],
    ["an exponential one: ln 2 of the mean", { type: "exponential", mean: 10 * MS }, 10 * MS * Math.LN2],
    ["a lognormal one: as given", { type: "lognormal", median: 2 * MS, p99: 80 * MS }, 2 * MS],
    ["a Pareto one: the scale times 2^(1/shape)", { type: "pareto", scale: 3 * MS, shape: 2 }, 3 * MS * Math.SQRT2],
    ["recorded values: the middle one", { type: "empirical", values: [5 * MS, 1 * MS, 100 * MS] }, 5 * MS],
    ["a mix of one: that one's", { type: "mix", parts: [{ weight: 3, of: { type: "constant", value: 7 * MS } }] }, 7 * MS],
  ])("of %s", (_, distribution, expected) => expect(Math.abs(median(distribution) - expected)).toBeLessThan(2));

  test("of a mix is where half of all its parts together lie: 60 % from 0 to 10 ms and 40 % from 100 to 110 ms have it at 8.33 ms", () => {
    const spread = (min: number): Distribution => ({ type: "uniform", min: min * MS, max: (min + 10) * MS });
    const mixed: Distribution = { type: "mix", parts: [{ weight: 0.6, of: spread(0) }, { weight: 0.4, of: spread(100) }] };
    // 0.6 × x / 10 ms = 0.5; and the same where the parts are mixes themselves.
    const nested: Distribution = { type: "mix", parts: [{ weight: 1, of: { type: "mix", parts: [{ weight: 6, of: spread(0) }, { weight: 4, of: spread(100) }] } }] };
    for (const one of [mixed, nested]) expect(Math.abs(median(one) - (50 / 6) * MS)).toBeLessThan(0.05 * MS);
  });
});

describe("the draws of a sample", () => {
  const every: Distribution[] = [
    ...closedForms.map(([, distribution]) => distribution),
    { type: "constant", value: 5 },
    { type: "empirical", values: [1, 2] },
    { type: "mix", parts: [{ weight: 1, of: { type: "constant", value: 1 } }, { weight: 1, of: { type: "mix", parts: [{ weight: 2, of: { type: "exponential", mean: 4 } }] } }] },
  ];
  test.each(every.map((distribution) => [distribution.type, distribution] as const))("%s takes one double of its stream, whatever comes out", (_, distribution) => {
    const sampled = new Stream("draws");
    const skipped = new Stream("draws");
    const sample = sampler(distribution);
    for (let count = 0; count < 50; count += 1) {
      sample(sampled);
      skipped.double();
    }
    expect(sampled.next()).toBe(skipped.next());
  });
});

describe("the ends of the draw", () => {
  /** Streams whose only draws are the smallest and the largest there are. */
  const at = (u: number) => ({ double: () => u }) as unknown as Stream;
  const ends = (distribution: Distribution) => [sampler(distribution)(at(0)), sampler(distribution)(at(1 - 2 ** -53))];

  test("are finite for every kind, and a tail ends at 52 days", () => {
    expect(ends({ type: "uniform", min: 2, max: 9 })).toEqual([2, 9]);
    expect(ends({ type: "empirical", values: [5, 4] })).toEqual([4, 5]);
    // 53 ln 2 means; the quantiles of 2^-54 and 1 - 2^-53 of the normal distribution are -8.2924 and 8.2095.
    expect(ends({ type: "exponential", mean: 1000 })).toEqual([0, 36737]);
    expect(ends({ type: "normal", mean: 10_000, sd: 1000 })).toEqual([1708, 18_210]);
    expect(ends({ type: "normal", mean: 7, sd: 0 })).toEqual([7, 7]);
    expect(ends({ type: "pareto", scale: 1000, shape: 53 })).toEqual([1000, 2000]);
    expect(ends({ type: "pareto", scale: 1000, shape: 0.01 })).toEqual([1000, LONGEST_SAMPLE_NS]);
    expect(ends({ type: "mix", parts: [{ weight: 1, of: { type: "uniform", min: 2, max: 9 } }, { weight: 2, of: { type: "uniform", min: 20, max: 90 } }] })).toEqual([2, 90]);
    expect(sampler({ type: "constant", value: 2 ** 53 - 1 })(at(0))).toBe(LONGEST_SAMPLE_NS);
  });
});

test.each<[string, unknown]>([
  ["a constant that is no number", { type: "constant", value: NaN }],
  ["a uniform one whose ends are the wrong way round", { type: "uniform", min: 2, max: 1 }],
  ["a negative deviation", { type: "normal", mean: 1, sd: -1 }],
  ["a negative mean", { type: "exponential", mean: -1 }],
  ["a median of 0", { type: "lognormal", median: 0, p99: 1 }],
  ["a 99th percentile below the median", { type: "lognormal", median: 2, p99: 1 }],
  ["a Pareto shape of 0", { type: "pareto", scale: 1, shape: 0 }],
  ["no values", { type: "empirical", values: [] }],
  ["a mix of nothing", { type: "mix", parts: [] }],
  ["a mix without weight", { type: "mix", parts: [{ weight: 0, of: { type: "constant", value: 1 } }] }],
  ["a negative weight", { type: "mix", parts: [{ weight: -1, of: { type: "constant", value: 1 } }, { weight: 2, of: { type: "constant", value: 1 } }] }],
])("%s is refused", (_, distribution) => {
  expect(() => sampler(distribution as Distribution)).toThrow(RangeError);
});

describe("exponential", () => {
  test("arrivals at 200 a second: as many in a second as a Poisson process has, mean and variance 200", () => {
    const stream = new Stream("arrivals");
    const perSecond = Array<number>(1000).fill(0);
    for (let time = exponential(stream, 5 * MS); time < 1e12; time += exponential(stream, 5 * MS)) perSecond[Math.floor(time / 1e9)]! += 1;
    const average = mean(perSecond);
    const variance = mean(perSecond.map((count) => (count - average) ** 2));
    // Standard errors over 1,000 seconds: of the mean √(200 / 1000), of the variance about 200 √(2 / 1000).
    expect(Math.abs(average - 200)).toBeLessThan(4 * Math.sqrt(0.2));
    expect(Math.abs(variance - 200)).toBeLessThan(4 * 200 * Math.sqrt(0.002));
  });

  test("is the exponential distribution's sample, and its mean may be fractional", () => {
    const sample = sampler({ type: "exponential", mean: 12_345.678 });
    const one = new Stream("same");
    const other = new Stream("same");
    expect(Array.from({ length: 50 }, () => exponential(one, 12_345.678))).toEqual(Array.from({ length: 50 }, () => sample(other)));
  });
});

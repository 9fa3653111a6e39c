import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Distribution } from "../../sim/kernel/distribution.ts";
import { Stream } from "../../sim/kernel/stream.ts";
import { seconds } from "../../sim/kernel/time.ts";
import type { Value } from "../../sim/protocol.ts";
import { sizeOf } from "../../sim/trace/value.ts";
import { LARGEST_VALUE, valueMaker } from "../../sim/world/values.ts";
import { kolmogorov, KOLMOGOROV_999, normalCdf } from "../kernel/figures.ts";
import { constant, uniform } from "./build.ts";
import { ok, only, openLoop, play } from "./clients.ts";

function values(size: Distribution, count: number): string[] {
  const make = valueMaker({ values: { size } });
  const stream = new Stream("values");
  return Array.from({ length: count }, (_, index) => make(index + 1, () => stream) as string);
}

describe("values with a size", () => {
  test("name their number up to a dot, and are filled with dots: #17......", () => {
    expect(values(constant(10), 17).at(-1)).toBe("#17......");
    expect(sizeOf("#17......")).toBe(10);
  });

  test("have their size in the canonical encoding: 100 B, 1 KiB, 64 KiB", () => {
    for (const size of [100, 1024, 65_536]) expect(new Set(values(constant(size), 20).map(sizeOf))).toEqual(new Set([size]));
  });

  test("property: have any size where the number has room, but for 33, 130 and 16,387 B, which no text has: a byte less", () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 12, max: 40_000 }), fc.constantFrom(32, 33, 34, 129, 130, 131, 16_386, 16_387, 16_388)), fc.integer({ min: 1, max: 1e8 }), (size, nth) => {
        const made = sizeOf(valueMaker({ values: { size: constant(size) } })(nth, () => new Stream("one")));
        expect(made).toBe([33, 130, 16_387].includes(size) ? size - 1 : size);
      }),
      { numRuns: 300, seed: 62 },
    );
  });

  test("are as long as their number needs where that is more: 0 B are #7.", () => {
    expect(values(constant(0), 7).at(-1)).toBe("#7.");
  });

  test("of 100B..1KiB are spread evenly (Kolmogorov–Smirnov, 99.9%)", () => {
    const sizes = values(uniform(100, 1024), 5000).map(sizeOf);
    // One size, 130 B, stands for itself and 131 B together.
    expect(kolmogorov(sizes, (x) => (x - 99.5) / 925)).toBeLessThan(KOLMOGOROV_999);
    expect([Math.min(...sizes) >= 100, Math.max(...sizes) <= 1024]).toEqual([true, true]);
  });

  test("of lognormal(200B 4KiB) have that median and 99th percentile (Kolmogorov–Smirnov, 99.9%)", () => {
    const sigma = Math.log(4096 / 200) / 2.3263478740408408;
    const sizes = values({ type: "lognormal", median: 200, p99: 4096 }, 5000).map(sizeOf);
    expect(kolmogorov(sizes, (x) => normalCdf(Math.log(x / 200) / sigma))).toBeLessThan(KOLMOGOROV_999);
  });

  test("end at 1 MiB", () => {
    expect(values(constant(LARGEST_VALUE * 4), 1).map(sizeOf)).toEqual([LARGEST_VALUE]);
  });

  test("are unique, even as a part of each other, one after another or not", () => {
    const made = values(uniform(4, 12), 300);
    for (const one of made) expect(made.filter((other) => other.includes(one))).toEqual([one]);
    const joined = made.join("");
    for (const one of made) expect(joined.split(one).length).toBe(2);
  });
});

describe("a workload with sizes", () => {
  const workload = openLoop(500, { clients: 2, ...only("read", "write", "cas"), values: { size: uniform(50, 200) } });

  test("writes and compares with texts of those sizes, each once", () => {
    const invoked = play(ok, workload, { duration: seconds(2) }).of("invoke").filter(({ name }) => name !== "read");
    const written = invoked.map(({ name, data }) => (name === "cas" ? (data as Value[])[1] : data) as string);
    expect(written.length).toBeGreaterThan(500);
    expect(new Set(written).size).toBe(written.length);
    expect(written.every((value) => sizeOf(value) >= 50 && sizeOf(value) <= 200)).toBe(true);
    expect(invoked.filter(({ name, data }) => name === "cas" && typeof (data as Value[])[0] === "string").length).toBeGreaterThan(100);
  });

  test("chooses the same operations, keys, nodes and times as one without", () => {
    const course = (sized: boolean): unknown[] =>
      play(ok, { ...workload, values: sized ? workload.values : undefined }, { duration: seconds(1) }).of("invoke").map(({ time, name, key, node }) => [time, name, key, node]);
    expect(course(true)).toEqual(course(false));
  });
});

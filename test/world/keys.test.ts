import { describe, expect, test } from "vitest";
import { Stream } from "../../sim/kernel/stream.ts";
import type { KeyDistribution } from "../../sim/world/config.ts";
import { hotKeys, keyChooser } from "../../sim/world/keys.ts";
import { CHI_SQUARE_999, chiSquare } from "../kernel/figures.ts";

const DRAWS = 50_000;

/** How often each of `count` keys is chosen. */
function counts(distribution: KeyDistribution, count: number): number[] {
  const choose = keyChooser({ count, distribution });
  const stream = new Stream("keys");
  const found = Array<number>(count).fill(0);
  for (let nth = 0; nth < DRAWS; nth += 1) found[Number(choose(stream, nth).slice(1)) - 1]! += 1;
  return found;
}

describe("the keys of an operation", () => {
  test("uniform gives each of 100 keys a hundredth (chi-square, 99.9%)", () => {
    expect(chiSquare(counts({ type: "uniform" }, 100))).toBeLessThan(CHI_SQUARE_999[99]!);
  });

  // Zipf's law: P(key i) = i^-s / Σ j^-s. Knuth, The Art of Computer Programming vol. 3, §6.1; in YCSB with s = 0.99.
  test.each([0.5, 0.99, 1, 2])("zipf(%d) gives key i a share of i^-s / Σ j^-s (chi-square)", (exponent) => {
    const weights = Array.from({ length: 100 }, (_, index) => (index + 1) ** -exponent);
    // Rare keys are taken together, so that each of the 16 groups is met often enough.
    const group = (all: readonly number[]): number[] => [...all.slice(0, 15), all.slice(15).reduce((sum, one) => sum + one, 0)];
    expect(chiSquare(group(counts({ type: "zipf", exponent }, 100)), group(weights))).toBeLessThan(CHI_SQUARE_999[15]!);
  });

  // YCSB, HotspotIntegerGenerator: a hot set with a share of the operations, uniform within it and within the rest.
  test("hotspot(10% 90%) gives each of the first 10 of 100 keys 9 %, and each other 0.111 % (chi-square, 99.9%)", () => {
    const found = counts({ type: "hotspot", keys: 0.1, operations: 0.9 }, 100);
    expect(chiSquare(found, found.map((_, index) => (index < 10 ? 0.09 : 0.1 / 90)))).toBeLessThan(CHI_SQUARE_999[99]!);
    expect(chiSquare([found.slice(0, 10).reduce((sum, one) => sum + one, 0), found.slice(10).reduce((sum, one) => sum + one, 0)], [9, 1])).toBeLessThan(CHI_SQUARE_999[1]!);
  });

  test("a hotspot has one key at least, and whole keys: of 5 keys 10 % are 1, of 25 keys 3, of 3 keys 100 % are 3", () => {
    expect([hotKeys(0.1, 5), hotKeys(0.1, 25), hotKeys(1, 3)]).toEqual([1, 3, 3]);
  });

  test("hotspot(20% 100%) leaves the other keys alone, and hotspot(20% 0%) the hot ones", () => {
    expect(counts({ type: "hotspot", keys: 0.2, operations: 1 }, 10).map((count) => count > 0)).toEqual([true, true, ...Array<boolean>(8).fill(false)]);
    expect(counts({ type: "hotspot", keys: 0.2, operations: 0 }, 10).map((count) => count > 0)).toEqual([false, false, ...Array<boolean>(8).fill(true)]);
  });

  test("hotspot(100% 90%) is uniform: there are no other keys", () => {
    expect(counts({ type: "hotspot", keys: 1, operations: 0.9 }, 10)).toEqual(counts({ type: "uniform" }, 10));
  });

  test("sequential goes through all in turn: each of 100 has 500 of 50,000", () => {
    expect(new Set(counts({ type: "sequential" }, 100))).toEqual(new Set([500]));
  });

  test.each<KeyDistribution>([{ type: "uniform" }, { type: "sequential" }, { type: "zipf", exponent: 0.99 }, { type: "hotspot", keys: 0.1, operations: 0.9 }])("$type takes one double of its stream", (distribution) => {
    const [drawn, skipped] = [new Stream("one"), new Stream("one")];
    const choose = keyChooser({ count: 7, distribution });
    for (let nth = 0; nth < 20; nth += 1) {
      choose(drawn, nth);
      skipped.double();
    }
    expect(drawn.next()).toBe(skipped.next());
  });
});

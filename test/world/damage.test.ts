import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Stream } from "../../sim/kernel/stream.ts";
import { Log } from "../../sim/protocol.ts";
import { sizeOf } from "../../sim/trace/value.ts";
import { chooseUnit, strike, unitsOf, unitsOfList, valueAt, withValueAt } from "../../sim/world/damage.ts";
import { isNear } from "./build.ts";

describe("what was saved is made of units", () => {
  test("a scalar, an entry of a log, an entry of an array, a key's value: four units", () => {
    const saved = { term: 3, log: Log.of([{ a: 1 }]), list: ["x"], map: { k: 7 } };
    expect(unitsOf(saved)).toEqual([
      { place: ["term"], value: 3 },
      { place: ["log", 0], value: { a: 1 } },
      { place: ["list", 0], value: "x" },
      { place: ["map", "k"], value: 7 },
    ]);
  });

  test("what is empty has none", () => {
    expect(unitsOf({ log: Log.of(), list: [], map: {} })).toEqual([]);
    expect(chooseUnit([], new Stream("1/none"))).toBeUndefined();
  });

  test("one of 9 bytes is struck nine times as often as one of 1 byte: in 900 of 1,000 draws, within five deviations", () => {
    const units = unitsOfList(["12345678", 5], []);
    expect(units.map(({ value }) => sizeOf(value))).toEqual([9, 1]);
    const stream = new Stream("1/choose");
    const long = Array.from({ length: 1000 }, () => chooseUnit(units, stream)?.place[0]).filter((position) => position === 0).length;
    expect(isNear(long, 1000, 0.9)).toBe(true);
  });

  test("a value is read and replaced where it stands, and the original stays as it was", () => {
    const saved = { log: Log.of([{ a: [1, 2] }]) };
    const changed = withValueAt(saved, ["log", 0, "a", 1], 9) as typeof saved;
    expect([valueAt(changed, ["log", 0, "a", 1]), valueAt(saved, ["log", 0, "a", 1])]).toEqual([9, 2]);
    expect(valueAt(saved, ["log", 5, "a"])).toBeUndefined();
  });
});

const scalar = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), fc.boolean(), fc.constant(null));
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, scalar, fc.array(tie("value"), { maxLength: 4 }), fc.dictionary(fc.string(), tie("value"), { maxKeys: 4, noNullPrototype: true })),
})).value;

/** Every scalar of a value, with the way to it; what is empty counts as one. */
function scalars(of: unknown, path: readonly (string | number)[] = []): (readonly [string, unknown])[] {
  const entries = typeof of === "object" && of !== null ? Object.entries(of) : [];
  return entries.length === 0 ? [[path.join("/"), of]] : entries.flatMap(([key, item]) => scalars(item, [...path, key]));
}

describe("a strike", () => {
  test("property: changes exactly one scalar, where it says, from what it was to what it is", () => {
    fc.assert(
      fc.property(value, fc.nat(), (before, seed) => {
        const { value: after, within, was, is } = strike(before, new Stream(`${seed}/strike`));
        const old = new Map(scalars(before));
        const now = new Map(scalars(after));
        expect([...now.keys()]).toEqual([...old.keys()]);
        const differing = [...old].filter(([path, one]) => !Object.is(one, now.get(path)) && JSON.stringify(one) !== JSON.stringify(now.get(path)));
        // A fraction of which twice as much is zero or the same cannot be told apart by more than its sign.
        if (typeof was === "number" && !Number.isInteger(was) && was * 2 === was) return;
        expect(differing.map(([path]) => path)).toEqual([within.join("/")]);
        expect([old.get(within.join("/")), now.get(within.join("/"))]).toEqual([was, is]);
      }),
      { numRuns: 300, seed: 71 },
    );
  });

  test("property: flips one bit of a whole number of 0 to 2^31 - 1, within the bytes that it needs", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), fc.nat(), (before, seed) => {
        const flipped = before ^ (strike(before, new Stream(`${seed}/bit`)).value as number);
        expect(flipped > 0 && (flipped & (flipped - 1)) === 0).toBe(true);
        expect(flipped).toBeLessThan(before < 256 ? 256 : before < 65_536 ? 65_536 : 2 ** 24);
      }),
      { numRuns: 300, seed: 72 },
    );
  });

  test("leaves a whole number whole and safe, also beyond 2^31 and below 0", () => {
    for (const before of [2 ** 53 - 1, 2 ** 40, -1, -(2 ** 35), 0]) {
      for (let seed = 0; seed < 50; seed += 1) {
        const after = strike(before, new Stream(`${seed}/whole`)).value as number;
        expect([Number.isSafeInteger(after), Object.is(after, -0), after === before]).toEqual([true, false, false]);
      }
    }
  });

  test("makes true false, null false, and an empty text something", () => {
    expect([true, null, ""].map((one) => strike(one, new Stream("1/kinds")).value)).toEqual([false, false, "?"]);
  });

  test("changes one letter of a text, and no more", () => {
    const after = strike("leader", new Stream("1/text")).value as string;
    expect([...after].filter((letter, at) => letter !== "leader"[at]).length).toBe(1);
  });
});

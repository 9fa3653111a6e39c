import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Stream } from "../../sim/kernel/stream.ts";
import { Log } from "../../sim/protocol.ts";
import { corrupted } from "../../sim/world/corruption.ts";

const stream = (seed: number | string = 1): Stream => new Stream(`corruption/${seed}`);

const scalar = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string({ unit: "grapheme" }), fc.boolean(), fc.constant(null));
const plain = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie("value"), { maxLength: 4 }), fc.dictionary(fc.string({ maxLength: 3 }), tie("value"), { maxKeys: 4 }), fc.array(tie("value"), { maxLength: 3 }).map((items) => Log.of(items))),
})).value;

/** Every scalar with the path to it; null is none. */
function scalarsOf(value: unknown, path = ""): [path: string, scalar: unknown][] {
  if (value instanceof Log) return scalarsOf(value.slice(), `${path}log`);
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, item]) => scalarsOf(item, `${path}${Array.isArray(value) ? "[]" : "{}"}${JSON.stringify(key)}`));
}

const isFrozenDeeply = (value: unknown): boolean =>
  typeof value !== "object" || value === null || (Object.isFrozen(value) && (value instanceof Log ? value.slice() : Object.values(value)).every(isFrozenDeeply));

describe("a corrupted message", () => {
  test("property: differs in exactly one scalar, of the same type, has the same shape, and is frozen; what was sent is as it was", () => {
    fc.assert(
      fc.property(plain, fc.nat({ max: 9999 }), (value, seed) => {
        const before = JSON.stringify(value);
        const changed = corrupted(value, stream(seed), []);
        expect(JSON.stringify(value)).toBe(before);
        const [from, to] = [scalarsOf(value), scalarsOf(changed)];
        expect(to.map(([path]) => path)).toEqual(from.map(([path]) => path));
        const differing = from.filter(([, was], at) => !Object.is(was, to[at]?.[1]));
        const some = from.filter(([, was]) => was !== null && was !== "");
        expect(differing.length).toBe(some.length === 0 ? 0 : 1);
        from.forEach(([, was], at) => expect(typeof to[at]?.[1]).toBe(typeof was));
        if (some.length > 0) expect(isFrozenDeeply(changed)).toBe(true);
      }),
      { numRuns: 500, seed: 64 },
    );
  });

  test("property: a safe integer stays one, another number stays finite, and no half of a pair of characters is left alone", () => {
    fc.assert(
      fc.property(fc.tuple(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string({ unit: "grapheme", minLength: 1 })), fc.nat({ max: 999 }), ([integer, number, text], seed) => {
        expect(Number.isSafeInteger(corrupted(integer, stream(seed)))).toBe(true);
        expect(Number.isFinite(corrupted(number, stream(seed)))).toBe(true);
        const changed = corrupted(text, stream(seed));
        expect(changed.length).toBe(text.length);
        expect(() => encodeURIComponent(changed)).not.toThrow(); // It would, of half a pair.
      }),
      { numRuns: 500, seed: 65 },
    );
  });

  test("a whole number has one of its low 32 bits changed, all of which come: 5 becomes 4, 7, 1, 13, …", () => {
    const bits = Array.from({ length: 1000 }, (_, seed) => Math.log2(Math.abs((corrupted(5, stream(seed)) as number) - 5)));
    expect([...new Set(bits)].sort((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_, bit) => bit));
  });

  test("never changes the type at the top, and names below it like any other text", () => {
    const message = { type: "Vote", entry: { type: "write" } };
    const all = Array.from({ length: 50 }, (_, seed) => corrupted(message, stream(seed)));
    expect(new Set(all.map(({ type }) => type))).toEqual(new Set(["Vote"]));
    expect(all.every(({ entry }) => entry.type !== "write" && entry.type.length === 5)).toBe(true);
  });

  test("each scalar is as likely as any other: of 4,000, a thousand each", () => {
    const message = { type: "M", a: 1, b: [true, "x"], log: Log.of([{ c: 1.5 }]) };
    const count = { a: 0, true: 0, x: 0, c: 0 };
    const one = stream();
    for (let at = 0; at < 4000; at += 1) {
      const { a, b, log } = corrupted(message, one);
      count[a !== 1 ? "a" : b[0] !== true ? "true" : b[1] !== "x" ? "x" : "c"] += 1;
      expect((log.at(0)?.c !== 1.5 ? 1 : 0) + (a !== 1 ? 1 : 0) + (b[0] !== true ? 1 : 0) + (b[1] !== "x" ? 1 : 0)).toBe(1);
    }
    for (const times of Object.values(count)) expect(Math.abs(times - 1000)).toBeLessThan(5 * Math.sqrt(4000 * 0.25 * 0.75));
  });

  test("with nothing to change is the message itself, and nothing is drawn for it", () => {
    for (const message of [null, {}, [], "", { type: "Ping" }, { type: "Ping", of: null, list: [[], ""], log: Log.of() }]) {
      const draws = stream();
      expect(corrupted(message, draws)).toBe(message);
      expect(draws.next()).toBe(stream().next());
    }
  });

  test("keeps what it is told to keep", () => {
    const reply = { type: "ok", to: "n2", value: 7 };
    for (let seed = 0; seed < 20; seed += 1) expect(corrupted(reply, stream(seed), ["type", "to"])).toMatchObject({ type: "ok", to: "n2" });
  });

  test("is the same from the same stream", () => {
    const message = { type: "M", values: [1, 2, 3], text: "some" };
    expect(corrupted(message, stream(7))).toEqual(corrupted(message, stream(7)));
  });
});

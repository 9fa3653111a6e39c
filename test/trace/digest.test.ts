import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Digest, digestOf } from "../../sim/trace/digest.ts";
import { slowDigest } from "./slow-digest.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the digest", () => {
  test("is what its definition says, for any bytes", () => {
    const asDefined = fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(digestOf(bytes)).toBe(slowDigest(bytes));
    });
    fc.assert(asDefined);
  });

  // Whoever changes one of these changes the digest of every run that was ever recorded. They are slowDigest's.
  test.each([
    ["", "a2651052679e2906"],
    ["a", "4114de4ef11f327a"],
    ["splitbrain", "63f7f8de53c3bc6e"],
    ["the quick brown fox jumps over the lazy dog", "d26eb6ab824bf035"],
  ])("of %j stays %s", (text, hex) => {
    expect(digestOf(bytesOf(text))).toBe(hex);
    expect(slowDigest(bytesOf(text))).toBe(hex);
  });

  test("does not depend on how the bytes are cut into pieces, nor on being asked in between", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 12 }), (pieces) => {
        const digest = new Digest();
        for (const piece of pieces) {
          digest.update(piece);
          digest.hex();
        }
        expect(digest.hex()).toBe(digestOf(new Uint8Array(pieces.flatMap((piece) => [...piece]))));
      }),
    );
  });

  test("of a part of a buffer, also of one that is a view itself, is that of the part", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 60 }), fc.nat({ max: 9 }), fc.nat({ max: 9 }), (bytes, start, short) => {
        const end = bytes.length - short;
        expect(digestOf(bytes, start, end)).toBe(digestOf(bytes.slice(start, end)));
        expect(digestOf(bytes.subarray(1), start, end - 1)).toBe(digestOf(bytes.slice(start + 1, end)));
      }),
    );
  });

  test("of a copy goes on alone", () => {
    const digest = new Digest();
    digest.update(bytesOf("one thing and "));
    const copy = digest.copy();
    copy.update(bytesOf("another"));
    digest.update(bytesOf("nothing else"));
    expect(copy.hex()).toBe(digestOf(bytesOf("one thing and another")));
    expect(digest.hex()).toBe(digestOf(bytesOf("one thing and nothing else")));
  });

  test("changes in about half of its bits when any one bit of the input changes", () => {
    const bytes = new Uint8Array(40).map((_, index) => index * 37);
    const before = BigInt(`0x${digestOf(bytes)}`);
    const flipsByOutputBit = new Array<number>(64).fill(0);
    let fewest = 64;
    let total = 0;
    for (let bit = 0; bit < 320; bit += 1) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      let difference = before ^ BigInt(`0x${digestOf(changed)}`);
      let flips = 0;
      for (let place = 0; difference > 0n; place += 1, difference >>= 1n) {
        if ((difference & 1n) === 0n) continue;
        flips += 1;
        flipsByOutputBit[place] = (flipsByOutputBit[place] as number) + 1;
      }
      fewest = Math.min(fewest, flips);
      total += flips;
    }
    // A fair coin tossed 64 times falls on heads fewer than 10 times once in 10^8; 320 times, outside 105 to 215 as seldom.
    expect(fewest).toBeGreaterThanOrEqual(10);
    expect(total / 320 / 64).toBeCloseTo(0.5, 1);
    expect(Math.min(...flipsByOutputBit)).toBeGreaterThan(105);
    expect(Math.max(...flipsByOutputBit)).toBeLessThan(215);
  });

  test("tells 50,000 small variations apart, also in 32 of its bits as well as chance would", () => {
    const bytes = new Uint8Array(16);
    const whole = new Set<string>();
    const high = new Set<string>();
    const low = new Set<string>();
    for (let count = 0; count < 50_000; count += 1) {
      bytes[count % 16] = (bytes[count % 16] as number) + 1 + (count >> 12);
      bytes[15] = count & 255;
      bytes[3] = count >> 8;
      bytes[9] = count >> 16;
      const hex = digestOf(bytes);
      whole.add(hex);
      high.add(hex.slice(0, 8));
      low.add(hex.slice(8));
    }
    expect(whole.size).toBe(50_000);
    // n²/2 · 2^-32 = 0.3 pairs are expected to meet; more than 5 would be no chance.
    expect(high.size).toBeGreaterThan(50_000 - 5);
    expect(low.size).toBeGreaterThan(50_000 - 5);
  });

  test("of zeros depends on how many they are", () => {
    expect(new Set(Array.from({ length: 65 }, (_, length) => digestOf(new Uint8Array(length)))).size).toBe(65);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Digest, digestOf } from "../../sim/trace/digest.ts";

/** The same function by its definition, in BigInt arithmetic and with no state between bytes. */
function slowDigest(bytes: Uint8Array): string {
  const mask = 0xffff_ffffn;
  const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (32n - by))) & mask;
  const times = (x: bigint, y: bigint): bigint => (x * y) & mask;
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
  padded.set(bytes);
  const word = (at: number): bigint => [3, 2, 1, 0].reduce((sum, byte) => (sum << 8n) | BigInt(padded[at + byte] as number), 0n);
  let a = 0x53504c49n;
  let b = 0x5442524en;
  for (let at = 0; at < padded.length; at += 8) {
    a ^= times(rotate(times(word(at), 0xcc9e2d51n), 15n), 0x1b873593n);
    a = (times(rotate(a, 19n) + b, 5n) + 0x561ccd1bn) & mask;
    b ^= times(rotate(times(word(at + 4), 0x1b873593n), 17n), 0xcc9e2d51n);
    b = (times(rotate(b, 13n) + a, 5n) + 0x0bcaa747n) & mask;
  }
  a ^= BigInt(bytes.length) & mask;
  b ^= BigInt(bytes.length) >> 32n;
  const finish = (x: bigint): bigint => {
    let mixed = times(x ^ (x >> 16n), 0x85ebca6bn);
    mixed = times(mixed ^ (mixed >> 13n), 0xc2b2ae35n);
    return mixed ^ (mixed >> 16n);
  };
  a = (a + b) & mask;
  b = (b + a) & mask;
  a = finish(a);
  b = finish(b);
  a = (a + b) & mask;
  b = (b + a) & mask;
  return a.toString(16).padStart(8, "0") + b.toString(16).padStart(8, "0");
}

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

  test("tells 150,000 small variations apart, also in 32 of its bits as well as chance would", () => {
    const bytes = new Uint8Array(16);
    const whole = new Set<string>();
    const high = new Set<string>();
    const low = new Set<string>();
    for (let count = 0; count < 150_000; count += 1) {
      bytes[count % 16] = (bytes[count % 16] as number) + 1 + (count >> 12);
      bytes[15] = count & 255;
      bytes[3] = count >> 8;
      bytes[9] = count >> 16;
      const hex = digestOf(bytes);
      whole.add(hex);
      high.add(hex.slice(0, 8));
      low.add(hex.slice(8));
    }
    expect(whole.size).toBe(150_000);
    // n²/2 · 2^-32 = 2.6 pairs are expected to meet; more than 15 would be no chance.
    expect(high.size).toBeGreaterThan(150_000 - 15);
    expect(low.size).toBeGreaterThan(150_000 - 15);
  });

  test("of zeros depends on how many they are", () => {
    expect(new Set(Array.from({ length: 65 }, (_, length) => digestOf(new Uint8Array(length)))).size).toBe(65);
  });
});

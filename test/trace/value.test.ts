import { deepStrictEqual } from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Log } from "../../sim/protocol.ts";
import { ByteReader, ByteWriter, MalformedError, NameReader, Names, readValue, sizeOf, utf8Length, writeValue } from "../../sim/trace/value.ts";
import { anyNumber, anyText, anyValue } from "./arbitrary.ts";

function encode(value: unknown): Uint8Array {
  const out = new ByteWriter();
  writeValue(value, out, new Names());
  return out.slice();
}

function decode(bytes: Uint8Array): unknown {
  return readValue(new ByteReader(bytes), new NameReader());
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

const anyWhole = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -300, max: 300 }),
  fc.constantFrom(2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 31, 2 ** 32, -(2 ** 31), 2 ** 30),
);

describe("bytes", () => {
  test("a varint and a signed varint of any safe integer come back", () => {
    fc.assert(
      fc.property(fc.array(anyWhole), (numbers) => {
        const out = new ByteWriter();
        for (const number of numbers) out.varint(Math.abs(number));
        for (const number of numbers) out.zigzag(number);
        const from = new ByteReader(out.slice());
        expect(numbers.map(() => from.varint())).toEqual(numbers.map(Math.abs));
        expect(numbers.map(() => from.zigzag())).toEqual(numbers.map((number) => number + 0));
        expect(from.isAtEnd).toBe(true);
      }),
    );
  });

  test("varints are protobuf's: 300 is ac 02, and signed ones its zigzag: -1 is 01, 1 is 02, -65 is 81 01", () => {
    const bytes = (write: (out: ByteWriter) => void): string => {
      const out = new ByteWriter();
      write(out);
      return hex(out.slice());
    };
    expect(bytes((out) => out.varint(300))).toBe("ac 02");
    expect(bytes((out) => out.varint(2 ** 53 - 1))).toBe("ff ff ff ff ff ff ff 0f");
    expect(bytes((out) => out.zigzag(-1))).toBe("01");
    expect(bytes((out) => out.zigzag(1))).toBe("02");
    expect(bytes((out) => out.zigzag(-65))).toBe("81 01");
    // By BigInt: (n << 1) ^ (n >> 63) of 2^53 - 1 is 2^54 - 2.
    expect(bytes((out) => out.zigzag(2 ** 53 - 1))).toBe("fe ff ff ff ff ff ff 1f");
  });

  test("a varint refuses what is negative, fractional or beyond 2^53", () => {
    const out = new ByteWriter();
    for (const number of [-1, 0.5, NaN, 2 ** 53, Infinity]) expect(() => out.varint(number)).toThrow(RangeError);
    for (const number of [0.5, NaN, 2 ** 53, -(2 ** 53)]) expect(() => out.zigzag(number)).toThrow(RangeError);
    expect(out.length).toBe(0);
  });

  test("texts are UTF-8 as TextEncoder makes it, wherever it can encode them at all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        const out = new ByteWriter();
        out.utf8(text);
        expect(out.slice()).toEqual(new TextEncoder().encode(text));
        expect(utf8Length(text)).toBe(out.length);
        expect(new ByteReader(out.slice()).utf8(out.length)).toBe(text);
      }),
    );
  });

  test("any text comes back, surrogates that stand alone included", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const out = new ByteWriter();
        out.string(text);
        expect(new ByteReader(out.slice()).string()).toBe(text);
      }),
    );
  });

  test("reading beyond the end is an error of its own kind", () => {
    expect(() => new ByteReader(new Uint8Array([0x80])).varint()).toThrow(MalformedError);
    expect(() => new ByteReader(new Uint8Array([5, 65])).string()).toThrow(MalformedError);
    expect(() => new ByteReader(new Uint8Array(7)).double()).toThrow(MalformedError);
  });
});

describe("values", () => {
  test("plain data of any kind comes back as it was", () => {
    const comesBack = fc.property(anyValue, (value) => {
      deepStrictEqual(decode(encode(value)), value);
    });
    fc.assert(comesBack, { numRuns: 500 });
  });

  test("different data has different bytes", () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        fc.pre(!isDeepStrictEqual(a, b));
        expect(hex(encode(a))).not.toBe(hex(encode(b)));
      }),
    );
  });

  test.each([
    [0, "00"],
    [127, "7f"],
    [128, "c3 80 01"],
    [-1, "ff"],
    [-32, "e0"],
    [-33, "c4 20"],
    [-0, "c5 00 00 00 00 00 00 00 80"],
    [1.5, "c5 00 00 00 00 00 00 f8 3f"],
    ["", "80"],
    ["n1", "82 6e 31"],
    [null, "c0"],
    [false, "c1"],
    [true, "c2"],
    [[1, 2], "b2 01 02"],
    [{ a: 1, b: { a: 2 } }, "a2 00 01 61 01 01 01 62 a1 00 02"],
  ])("%j is %s", (value, bytes) => {
    expect(hex(encode(value))).toBe(bytes);
  });

  test("a record keeps the order of its fields, and leaves out what is undefined", () => {
    expect(Object.keys(decode(encode({ b: 1, gone: undefined, a: 2 })) as object)).toEqual(["b", "a"]);
    expect(decode(encode([undefined]))).toEqual([null]);
  });

  test("a log is written as the array that it stands for", () => {
    expect(encode({ log: Log.of([{ term: 1 }, { term: 2 }]) })).toEqual(encode({ log: [{ term: 1 }, { term: 2 }] }));
  });

  test("a record of another realm, or without a prototype, is a record", () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    expect(encode(bare)).toEqual(encode({ a: 1 }));
  });

  const circle: { inner: unknown[] } = { inner: [] };
  circle.inner.push({ circle });
  test.each<[string, unknown]>([
    ["value.handler is a function, which is not plain data", { handler: () => 1 }],
    ["value.list[1] is a bigint, which is not plain data", { list: [1, 2n] }],
    ["value is a symbol, which is not plain data", Symbol("s")],
    ["value.seen is a Map, which is not plain data", { seen: new Map() }],
    ["value.at is a Date, which is not plain data", { at: new Date(0) }],
    ["value.inner[0].circle contains itself, which is not plain data", circle],
  ])("what is not plain data is refused by its path: %s", (message, value) => {
    expect(() => encode(value)).toThrow(new TypeError(message));
    expect(() => sizeOf(value)).toThrow(new TypeError(message));
  });

  test("a circle with two ways round is refused at once", () => {
    const knot: { a?: unknown; b?: unknown } = {};
    knot.a = knot;
    knot.b = knot;
    expect(() => sizeOf(knot)).toThrow(TypeError);
    expect(() => encode(knot)).toThrow(TypeError);
  });
});

describe("names", () => {
  test("whatever their order, names come back, and each text is written once", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 60 }), fc.nat({ max: 60 }), (texts, cutAt) => {
        const out = new ByteWriter();
        const names = new Names();
        texts.forEach((text, index) => {
          if (index === cutAt) {
            // What a refused event introduced is forgotten again.
            const { length } = out;
            const { size } = names;
            names.write("refused", out);
            out.length = length;
            names.cut(size);
          }
          if (index % 7 === 3) names.copy().write(`${text} elsewhere`, new ByteWriter());
          names.write(text, out);
        });
        const reader = new NameReader();
        const from = new ByteReader(out.slice());
        expect(texts.map(() => reader.read(from))).toEqual(texts);
        expect(out.length).toBe(texts.length + 2 * new Set(texts).size);
      }),
    );
  });
});

describe("sizes", () => {
  test("a size is the number of bytes that are written, without the texts of the names", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const out = new ByteWriter();
        const names = new Names();
        writeValue(value, out, names);
        const before = out.length;
        // The second time all names are known, and where there are fewer than 128 each takes one byte.
        fc.pre(names.size < 128);
        writeValue(value, out, names);
        expect(sizeOf(value)).toBe(out.length - before);
      }),
    );
  });

  test("numbers have the size that the table gives them", () => {
    const asWritten = fc.property(anyNumber, (number) => {
      expect(sizeOf(number)).toBe(encode(number).length);
    });
    fc.assert(asWritten);
    expect([0, 127, 128, -32, -33, 2 ** 53 - 1, 2 ** 53, 0.5, -0].map(sizeOf)).toEqual([1, 1, 3, 1, 2, 9, 9, 9, 9]);
  });

  test("an AppendEntries with one small entry takes 31 bytes", () => {
    // Record 1; type 1 + 14; term 1 + 1; prev index 1 + 3; entries 1 + 1; entry: record 1, term 1 + 1, value 1 + 3.
    expect(sizeOf({ type: "AppendEntries", term: 3, prevLogIndex: 1000, entries: [{ term: 3, value: 500 }] })).toBe(31);
  });
});

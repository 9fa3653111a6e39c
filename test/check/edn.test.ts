import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EdnMistake, readForm, readPlaced } from "../../sim/check/import/edn.ts";

/** What is wrong with a text, as its position and message. */
function mistake(text: string): string {
  try {
    readForm(text);
  } catch (error) {
    if (!(error instanceof EdnMistake)) throw error;
    return `${error.at} ${error.message}`;
  }
  return "none";
}

describe("EDN", () => {
  test.each<readonly [text: string, value: unknown]>([
    ["nil", null],
    ["true", true],
    ["false", false],
    [":type", "type"],
    [":jepsen.history/op", "jepsen.history/op"],
    ["symbol-1*", "symbol-1*"],
    ["-12", -12],
    ["+7", 7],
    ["3N", 3],
    ["9007199254740993", "9007199254740993"],
    ["-9007199254740993N", "-9007199254740993"],
    ["1.5", 1.5],
    ["1.25M", 1.25],
    ["-2e3", -2000],
    ["1/2", "1/2"],
    ["0x1F", 31],
    ["##Inf", "##Inf"],
    ['"a \\"b\\" \\\\ \\n\\t \\u0041 , }"', 'a "b" \\ \n\t A , }'],
    ["\\a", "a"],
    ["\\newline", "\n"],
    ["\\u0042", "B"],
    ["\\}", "}"],
    ["[1, 2 3]", [1, 2, 3]],
    ["(1 nil)", [1, null]],
    ["#{3 1}", [3, 1]],
    ["{:a 1, \"b\" [2], 3 :c, nil 4}", { a: 1, b: [2], 3: "c", null: 4 }],
    ["{:a #_ 5 #_{:x [1]} 1 ; the end }\n :b 2}", { a: 1, b: 2 }],
    ["#jepsen.history.Op{:index 0, :type :invoke}", { index: 0, type: "invoke" }],
    ['#inst "2026-01-01T00:00:00Z"', "2026-01-01T00:00:00Z"],
    ["#object[java.lang.Thread 0x5e0 \"x\"]", ["java.lang.Thread", 0x5e0, "x"]],
    ["#_ gone", undefined],
    ["; nothing", undefined],
    ["{:__proto__ 1}", JSON.parse('{"__proto__": 1}')],
  ])("%s", (text, value) => {
    expect(readForm(text)).toEqual(value);
  });

  test.each<readonly [text: string, expected: string]>([
    ["{:a", "3 expected a value"],
    ["{:a}", "3 expected a value for a"],
    ["{:a 1", "5 expected a value or }"],
    ["[1 2}", "4 expected a value or ]"],
    ["(1 2", "4 expected a value or )"],
    ['{:a "b', "4 expected a text that ends in double quotes"],
    ['"\\q"', '1 expected an escape: \\n, \\t, \\", \\\\, \\u0041'],
    ["{: 1}", "2 expected the name of a keyword"],
    ["12ab", "0 expected a number"],
    ["{:a 1} {:b 2}", "7 expected nothing more after the operation"],
    ["#", "1 expected a tag or a set"],
    ["#tag", "4 expected a value"],
    ["]", "0 expected a value"],
    ["\\", "0 expected a character"],
    ["[".repeat(100_000), "1000 expected fewer than 1000 levels of brackets"],
    ["#_".repeat(100_000), "2000 expected fewer than 1000 levels of brackets"],
    ["#t ".repeat(100_000), "3000 expected fewer than 1000 levels of brackets"],
  ])("%.20s is no EDN: %s", (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });

  test("says where the values of a map begin", () => {
    const { at, places } = readPlaced(" {:type :ok, :value {:type 1} #_ x :f :read}");
    expect([at, Object.fromEntries(places)]).toEqual([1, { type: 8, value: 20, f: 38 }]);
  });

  test("reads back what was written, 500 values", () => {
    const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string(), fc.constantFrom(1.5, -0.25));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("value"), { maxLength: 4 }), fc.dictionary(fc.constantFrom("a", "b", "k1", "x-y"), tie("value"), { maxKeys: 4, noNullPrototype: true })),
    }));
    fc.assert(fc.property(value, (one) => void expect(readForm(ednOf(one))).toEqual(one)), { numRuns: 500 });
  });
});

function ednOf(value: unknown): string {
  if (value === null) return "nil";
  if (Array.isArray(value)) return `[${value.map(ednOf).join(" ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([key, one]) => `:${key} ${ednOf(one)}`).join(", ")}}`;
  return JSON.stringify(value);
}

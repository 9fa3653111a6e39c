import { expect, test } from "vitest";
import { read, sourceFiles } from "./source.ts";

/** A function fits a screen. */
const SCREEN = 50;
/** A file holds one idea. */
const FILE = 500;

interface Piece {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly length: number;
}

/** Functions and methods, found by the house's formatting: a heading that ends in `{`, and a `}` at the same indent. */
function functionsOf(file: string): Piece[] {
  const lines = read(file).split("\n");
  const heading = /^(\s*)(?:export )?(?:default )?(?:async )?(?:static )?(?:override )?(?:private )?(?:function\*? (\w+)|(?:get |set |async |\*)?(#?\w+)(?:<[^>]*>)?\([^;]*\)(?:: [^{;=]+)?|const (\w+) = (?:async )?\(.*=>) ?\{$/;
  const words = new Set(["if", "for", "while", "switch", "catch", "function"]);
  return lines.flatMap((line, index) => {
    const match = heading.exec(line);
    const name = match?.[2] ?? match?.[3] ?? match?.[4];
    if (match === null || name === undefined || words.has(name)) return [];
    const end = lines.findIndex((other, at) => at > index && new RegExp(`^${match[1]}\\}`).test(other));
    return end < 0 ? [] : [{ file, line: index + 1, name, length: end - index + 1 }];
  });
}

const files = sourceFiles("sim", "protocols", "viz");

test(`no function is longer than ${SCREEN} lines: split it by idea`, () => {
  const long = files.flatMap(functionsOf).filter(({ length }) => length > SCREEN);
  expect(long.map(({ file, line, name, length }) => `${file}:${line} ${name} has ${length} lines`)).toEqual([]);
});

test(`no file is longer than ${FILE} lines: split it by idea`, () => {
  const long = files.map((file) => ({ file, length: read(file).split("\n").length })).filter(({ length }) => length > FILE);
  expect(long.map(({ file, length }) => `${file} has ${length} lines`)).toEqual([]);
});

test("the measure finds functions and methods", () => {
  const found = functionsOf("sim/world/world.ts").map(({ name }) => name);
  expect(found).toEqual(expect.arrayContaining(["send", "runUntil", "#dispatch"]));
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMap, isScalar, isSeq, parse, parseDocument } from "yaml";
import Ajv from "ajv";
import { protocols } from "../../protocols/index.ts";
import { scenarioJsonSchema } from "../../sim/scenario/json-schema.ts";
import { unsupportedKeys } from "../../sim/scenario/unsupported.ts";
import { bundled, bundledContext, contractExample } from "./bundled.ts";
import { mistakesIn } from "./support.ts";

const schema = scenarioJsonSchema(Object.values(protocols));
const isValid = new Ajv({ strict: false }).compile(schema);

/** A key of a scenario, and where it begins in the text. */
interface Key {
  readonly name: string;
  readonly at: number;
}

/** Maps whose keys a file names itself: zones, and the paths and the names of what varies. */
const OWN_KEYS = ["nodes", "zones", "at", "vary"];

function keysOf(text: string): Key[] {
  const keys: Key[] = [];
  const visit = (node: unknown): void => {
    if (isSeq(node)) node.items.forEach(visit);
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? key.value : undefined;
      if (isScalar(key) && typeof name === "string" && key.range) keys.push({ name, at: key.range[0] });
      if (!OWN_KEYS.includes(name as string)) visit(value);
    }
  };
  visit(parseDocument(text).contents);
  return keys;
}

/** Every name that means something somewhere: a slip that makes one of these is another mistake. */
const meaningful = new Set<string>(Object.values(unsupportedKeys).flatMap((names) => Object.keys(names)));
(function collect(part: unknown): void {
  if (typeof part !== "object" || part === null) return;
  const { properties } = part as { properties?: object };
  for (const name in properties ?? {}) meaningful.add(name);
  Object.values(part).forEach(collect);
})(schema);

const texts = [contractExample, ...bundled.map(([, text]) => text)];
/** Digits tell p95 from p99: only a letter may slip. */
const slip = fc.record({
  text: fc.constantFrom(...texts),
  key: fc.nat(),
  letter: fc.nat(),
  kind: fc.constantFrom("doubled", "replaced", "swapped"),
});

function misspell(name: string, letter: number, kind: string): string {
  const letters = [...name].map((character, at) => (/[a-z]/i.test(character) ? at : -1)).filter((at) => at >= 0);
  const at = letters[letter % letters.length] as number;
  if (kind === "doubled") return name.slice(0, at + 1) + name.slice(at);
  if (kind === "replaced") return `${name.slice(0, at)}z${name.slice(at + 1)}`;
  const next = name[at + 1];
  return next === undefined || !/[a-z]/i.test(next) ? `${name.slice(0, at + 1)}${name.slice(at)}` : name.slice(0, at) + next + name[at] + name.slice(at + 2);
}

describe("a slip in one key of a right scenario", () => {
  it("is one mistake, at that key, and the right name is proposed; the schema refuses it too", () => {
    fc.assert(
      fc.property(slip, ({ text, key, letter, kind }) => {
        const keys = keysOf(text);
        const { name, at } = keys[key % keys.length] as Key;
        const wrong = misspell(name, letter, kind);
        // Of a name of a letter or two nothing is left to guess from.
        fc.pre(name.length > 2 && wrong !== name && !meaningful.has(wrong));
        const broken = text.slice(0, at) + wrong + text.slice(at + name.length);

        const found = mistakesIn(broken, bundledContext);
        const before = broken.slice(0, at).split("\n");
        expect(found.map(({ line, column }) => [wrong, line, column])).toEqual([[wrong, before.length, (before.at(-1) as string).length + 1]]);
        expect(found[0]?.message).toContain(`\`${wrong}\`, did you mean \`${name}\`?`);
        expect([wrong, isValid(parse(broken))]).toEqual([wrong, false]);
      }),
      { numRuns: 150 },
    );
  });
});

describe("whatever stands in a file", () => {
  /** Mistakes must point into the text, whose line they quote. */
  function check(text: string): void {
    const lines = text.split("\n");
    for (const { line, column, excerpt, message } of mistakesIn(text, bundledContext)) {
      expect(excerpt).toBe((lines[line - 1] as string).replace(/\r$/, ""));
      expect(column).toBeLessThanOrEqual((excerpt as string).length + 2);
      expect(message).not.toMatch(/undefined|\[object|NaN/);
    }
  }

  it("garbage ends in mistakes that point into it", () => {
    const garbage = fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: "grapheme", maxLength: 80 }), fc.stringMatching(/^([a-z]{1,3}: ?|[-[\]{},"'&*!|>%@\n ]|[0-9]+(ms|s|%)){0,60}$/));
    fc.assert(fc.property(garbage, check), { numRuns: 300 });
  });

  it("a scenario with a piece of it cut out, doubled or replaced ends in a scenario or in mistakes that point into it", () => {
    const edit = fc.record({
      text: fc.constantFrom(...texts),
      from: fc.nat(),
      length: fc.nat({ max: 30 }),
      put: fc.constantFrom("", "5", "n9", "[", "}", ": ", "\n", "&a ", "*a", "-1ms", "1e999", "null", "[[]]", "{}", "uniform(", ", ", "%", '"', "__proto__", "\t", "0x10", "😀"),
    });
    fc.assert(
      fc.property(edit, ({ text, from, length, put }) => {
        const at = from % text.length;
        check(text.slice(0, at) + put + text.slice(at + length));
      }),
      { numRuns: 200 },
    );
  });

  it("any value anywhere ends in a scenario or in mistakes that point into it", () => {
    const junk = fc.constantFrom("null", "[]", "{}", "[null]", "{ a: 1 }", "5", "-5", "1.5", ".nan", "true", '""', "leader", "5s", "[5s, 1s]", "[[n1], [n2]]", "*x", "random(2)", "lognormal(5ms 1ms)", ">= 5");
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), junk, (text, which, value) => {
        const keys = keysOf(text);
        const { name, at } = keys[which % keys.length] as Key;
        const after = text.slice(at).search(/[\n,}]/);
        check(`${text.slice(0, at)}${name}: ${value}${text.slice(at + after)}`);
      }),
      { numRuns: 200 },
    );
  });
});

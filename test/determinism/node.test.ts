import fc from "fast-check";
import { expect, test } from "vitest";
import { run, Run } from "../../sim/scenario/run.ts";
import { parse, scenarioTexts } from "./scenarios.ts";

const runs = { numRuns: 60, seed: 20261 };

test("the same scenario and seed give the same digest, result and history twice", () => {
  fc.assert(
    fc.property(scenarioTexts, (text) => {
      const [first, second] = [run(parse(text)), run(parse(text))];
      expect(second).toEqual(first);
    }),
    runs,
  );
});

test("whether a trace is written, in which slices the run goes, and who else watches does not change the digest", () => {
  fc.assert(
    fc.property(scenarioTexts, fc.integer({ min: 1, max: 997 }), (text, slice) => {
      const bare = run(parse(text)).result.digest;
      let bytes = 0;
      const sliced = new Run(parse(text), { write: (chunk) => void (bytes += chunk.length), sinks: [{ event: () => {} }] });
      while (sliced.advance(slice));
      expect(sliced.finish().result.digest).toBe(bare);
      expect(bytes).toBeGreaterThan(0);
    }),
    runs,
  );
});

test("runs that take turns step by step do not disturb each other", () => {
  fc.assert(
    fc.property(fc.array(scenarioTexts, { minLength: 2, maxLength: 4 }), (texts) => {
      const alone = texts.map((text) => run(parse(text)).result.digest);
      const together = texts.map((text) => new Run(parse(text)));
      while (together.map((one) => one.advance(50)).includes(true));
      expect(together.map((one) => one.finish().result.digest)).toEqual(alone);
    }),
    { ...runs, numRuns: 15 },
  );
});

test("invariants, expectations, name and description do not reach the digest", () => {
  fc.assert(
    fc.property(scenarioTexts, (text) => {
      const scenario = JSON.parse(text) as object;
      const other = { ...scenario, name: "another", description: "of the same", expect: { invariants: "off", availability: ">= 0%" } };
      expect(run(parse(JSON.stringify(other))).result.digest).toBe(run(parse(text)).result.digest);
    }),
    runs,
  );
});

test("another seed gives another digest", () => {
  fc.assert(
    fc.property(scenarioTexts, fc.nat(), fc.nat(), (text, a, b) => {
      fc.pre(a !== b);
      expect(run(parse(text, a)).result.digest).not.toBe(run(parse(text, b)).result.digest);
    }),
    { ...runs, numRuns: 20 },
  );
});

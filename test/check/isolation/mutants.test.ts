import { afterAll, expect, test } from "vitest";
import { Copies } from "../mutated.ts";
import { judgeMutants } from "./mutants.ts";
import type * as Pairs from "./pairs.ts";

const copies = new Copies();
afterAll(() => copies.remove());

for (const mutant of judgeMutants) {
  test(`caught: ${mutant.name}`, async () => {
    const { judgedPairs } = await copies.of<typeof Pairs>(mutant, "isolation/pairs.ts");
    const asked = judgedPairs.filter(({ name }) => name.includes(mutant.caughtBy));
    expect(asked.length).toBeGreaterThan(0);
    // As many histories as each pair is given by `npm test`, and always the same.
    expect(asked.some(({ run }) => run(2000, { seed: 1, endOnFailure: true }).message !== undefined)).toBe(true);
  });
}

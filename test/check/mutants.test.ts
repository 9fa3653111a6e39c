import { afterAll, expect, test } from "vitest";
import { checkerMutants } from "./mutants.ts";
import { Copies } from "./mutated.ts";
import type * as Pairs from "./pairs.ts";

const copies = new Copies();
afterAll(() => copies.remove());

for (const mutant of checkerMutants) {
  test(`caught: ${mutant.name}`, async () => {
    const { firstDisagreement, pairs } = await copies.of<typeof Pairs>(mutant, "pairs.ts");
    const asked = pairs.filter(({ name }) => name.includes(mutant.caughtBy));
    expect(asked.length).toBeGreaterThan(0);
    // As many histories as each pair is given by `npm test`, and always the same.
    expect(asked.some((pair) => firstDisagreement(pair, 2000, { seed: 1, endOnFailure: true }).message !== undefined)).toBe(true);
  });
}

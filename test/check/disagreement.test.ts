import { expect, test } from "vitest";
import { firstDisagreement, pairs } from "./pairs.ts";

/** 2,000 histories a pair; `npm run nightly` asks for 100,000. */
const runs = Number(process.env["SPLITBRAIN_PAIR_RUNS"] ?? 2000);
const MS_A_RUN = 30;

for (const pair of pairs) {
  test(`${pair.name}: no disagreement in ${runs} histories, of which some pass and some fail`, { timeout: 60_000 + MS_A_RUN * runs }, () => {
    const { message, seen } = firstDisagreement(pair, runs);
    expect(message).toBeUndefined();
    expect(Math.min(seen.pass, seen.fail)).toBeGreaterThanOrEqual(Math.floor(runs / 100));
  });
}

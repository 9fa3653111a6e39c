import { describe, expect, it } from "vitest";
import { CONFIDENCE, failureRateBound } from "../../sim/campaign/evidence.ts";

describe("the bound on the failure rate", () => {
  it("is 3 in n, as published: 0 of 100 leaves 3%, 0 of 1,500 leaves 0.2%", () => {
    expect([failureRateBound(100), failureRateBound(1500)]).toEqual([0.03, 0.002]);
  });

  it("says nothing of three runs or fewer", () => {
    expect([0, 1, 2, 3].map(failureRateBound)).toEqual([1, 1, 1, 1]);
  });

  it("never promises more than the exact bound, and hardly less once there are thirty runs", () => {
    for (const runs of [4, 10, 30, 100, 10_000, 1e6]) {
      // So many clean runs happen with a chance of 5% where each fails with this one.
      const exact = 1 - (1 - CONFIDENCE) ** (1 / runs);
      expect(failureRateBound(runs)).toBeGreaterThan(exact);
      if (runs >= 30) expect(failureRateBound(runs) / exact).toBeLessThan(1.06);
    }
  });
});

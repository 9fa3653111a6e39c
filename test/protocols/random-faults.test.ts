/**
 * What random schedules find. Three mutants that need different troubles (a crash at the wrong moment, cut links, a leader
 * that does not know it leads no more) are caught by the bundled storm, and Raft itself stands it.
 */
import { describe, expect, it } from "vitest";
import { faultsFound, runFile } from "./running.ts";

const storm = "scenarios/raft/random-faults.yaml";
const quorum = "scenarios/raft/random-quorum.yaml";

/** The first seed at which it is caught by one of these; undefined within `seeds`. */
function caughtAt(mutant: string, by: readonly string[], seeds: number): number | undefined {
  for (let seed = 1; seed <= seeds; seed += 1) {
    if (faultsFound(runFile(storm, { seed, mutant })).some((what) => by.includes(what))) return seed;
  }
  return undefined;
}

describe("the bundled storm", () => {
  it.each([
    ["term-not-persisted", ["terms never go back"]],
    ["no-up-to-date-check", ["leader completeness"]],
    ["local-reads", ["linearizable"]],
  ])("catches %s within 50 seeds", { timeout: 60_000 }, (mutant, by) => {
    expect(caughtAt(mutant, by, 50)).toBeGreaterThan(0);
  });

  it.each([storm, quorum, "scenarios/lww-register/random-faults.yaml"])("%s is stood under four seeds", { timeout: 60_000 }, (file) => {
    for (let seed = 2; seed <= 5; seed += 1) {
      const failed = runFile(file, { seed }).expectations.filter(({ verdict }) => verdict !== "pass");
      expect([seed, failed]).toEqual([seed, []]);
    }
  });
});

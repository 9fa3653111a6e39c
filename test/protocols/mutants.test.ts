/**
 * Every mutant is caught, by what its story says that it breaks, within a few seeds of a scenario that brings it out; and
 * the protocol without it passes the same seeds of the same scenario.
 */
import { describe, expect, it } from "vitest";
import { protocols } from "../../protocols/index.ts";
import { faultsFound, runFile } from "./running.ts";

interface Hunt {
  readonly scenario: string;
  /** Any of these counts. */
  readonly by: readonly string[];
}

const faults = "test/protocols";
const elections = `${faults}/raft/faults/elections.yaml`;
const disks = `${faults}/raft/faults/disks.yaml`;
const flapping = `${faults}/raft/faults/flapping.yaml`;
const clients = `${faults}/raft/faults/clients.yaml`;
const reads = `${faults}/raft/faults/reads.yaml`;
const retries = `${faults}/raft/faults/retries.yaml`;
const partition = "scenarios/lww-register/partition-heals.yaml";
const SEEDS = 8;

const wrongLeader = ["leader completeness", "election safety"];
const hunts: { readonly [mutant: string]: Hunt } = {
  "raft/vote-not-persisted": { scenario: elections, by: ["one vote a term", "election safety"] },
  "raft/term-not-persisted": { scenario: disks, by: ["terms never go back"] },
  "raft/log-not-persisted": { scenario: disks, by: ["leader completeness"] },
  "raft/double-vote": { scenario: elections, by: ["one vote a term", "election safety"] },
  "raft/duplicate-vote-counted-twice": { scenario: flapping, by: wrongLeader },
  "raft/stale-vote-counted": { scenario: elections, by: ["one vote a term", "terms never go back", "election safety"] },
  "raft/quorum-off-by-one": { scenario: flapping, by: wrongLeader },
  "raft/no-up-to-date-check": { scenario: flapping, by: ["leader completeness"] },
  "raft/longer-log-wins": { scenario: flapping, by: ["leader completeness"] },
  "raft/reply-before-persist": { scenario: disks, by: ["leader completeness", "terms never go back"] },
  "raft/no-previous-term-check": { scenario: flapping, by: ["log matching"] },
  "raft/cuts-on-any-append": { scenario: flapping, by: ["commit index never goes back"] },
  "raft/acknowledges-its-own-end": { scenario: flapping, by: ["commit index never goes back", "leader completeness"] },
  "raft/commits-beyond-match": { scenario: flapping, by: ["state machine safety"] },
  "raft/commit-old-term": { scenario: "scenarios/raft/figure-8.yaml", by: ["leader completeness"] },
  "raft/local-reads": { scenario: clients, by: ["linearizable"] },
  "raft/reads-before-no-op": { scenario: reads, by: ["linearizable"] },
  "raft/unconfirmed-reads": { scenario: clients, by: ["linearizable"] },
  "raft/sync-error-ignored": { scenario: `${faults}/raft/faults/sync-errors.yaml`, by: ["leader completeness", "nothing acknowledged is lost"] },
  "raft/no-session-dedup": { scenario: retries, by: ["linearizable"] },
  "lww-register/keeps-older": { scenario: partition, by: ["stamps never go back"] },
  "lww-register/last-heard-wins": { scenario: partition, by: ["stamps never go back"] },
  "lww-register/gossips-only-news": { scenario: partition, by: ["converged"] },
  "lww-register/stamps-on-receipt": { scenario: partition, by: ["converged"] },
  "lww-register/reply-before-persist": { scenario: `${faults}/lww-register/faults/disks.yaml`, by: ["nothing acknowledged is lost"] },
};

describe("mutants", () => {
  it("are all hunted", () => {
    const named = Object.entries(protocols).map(([name, { mutants = {} }]) => Object.keys(mutants).map((mutant) => `${name}/${mutant}`));
    expect(named.flat().sort()).toEqual(Object.keys(hunts).sort());
  });

  it.each(Object.entries(hunts))("%s is caught", (name, { scenario, by }) => {
    const found: string[] = [];
    for (let seed = 1; seed <= SEEDS && !found.some((what) => by.includes(what)); seed += 1) {
      found.push(...faultsFound(runFile(scenario, { seed, mutant: name })));
    }
    expect(by.filter((what) => found.includes(what))).not.toEqual([]);
  });
});

describe("the protocols themselves", () => {
  it.each([...new Set(Object.values(hunts).map(({ scenario }) => scenario))])("pass %s under the same seeds", (scenario) => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const failed = runFile(scenario, { seed }).expectations.filter(({ verdict }) => verdict !== "pass");
      expect([seed, failed]).toEqual([seed, []]);
    }
  });
});

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

const faults = (name: string): string => `test/protocols/raft/faults/${name}.yaml`;
/** A history in which each thing goes wrong at a moment of its own. */
const history = (name: string): string => `test/protocols/mutant-histories/${name}.yaml`;
const partition = "scenarios/lww-register/partition-heals.yaml";
const SEEDS = 8;
/** Fewer of a history, because its faults are the same under every seed. */
const SEEDS_OF_A_HISTORY = 3;
const seedsOf = (scenario: string): number => (scenario.includes("/mutant-histories/") ? SEEDS_OF_A_HISTORY : SEEDS);

const wrongLeader = ["leader completeness", "election safety"];
const hunts: { readonly [mutant: string]: Hunt } = {
  "raft/double-vote": { scenario: faults("elections"), by: ["one vote a term", "election safety"] },
  "raft/vote-forgotten-on-append": { scenario: history("raft/late-request"), by: ["election safety"] },
  "raft/duplicate-vote-counted-twice": { scenario: faults("flapping"), by: wrongLeader },
  "raft/stale-vote-counted": { scenario: faults("elections"), by: ["one vote a term", "terms never go back", "election safety"] },
  "raft/votes-carried-over": { scenario: faults("elections"), by: ["one vote a term", "election safety"] },
  "raft/stands-in-its-old-term": { scenario: history("raft/reboots"), by: ["availability"] },
  "raft/leads-by-pre-votes": { scenario: faults("pre-votes"), by: ["election safety"] },
  "raft/quorum-off-by-one": { scenario: faults("flapping"), by: wrongLeader },
  "raft/no-up-to-date-check": { scenario: faults("flapping"), by: ["leader completeness"] },
  "raft/longer-log-wins": { scenario: faults("flapping"), by: ["leader completeness"] },
  "raft/equal-log-denied": { scenario: history("raft/first-election"), by: ["availability"] },
  "raft/timeout-not-random": { scenario: history("raft/first-election"), by: ["availability"] },
  "raft/denial-resets-timer": { scenario: history("raft/hasty-candidate"), by: ["availability"] },
  "raft/candidate-stands-on": { scenario: history("raft/two-candidates"), by: ["leader.changes"] },
  "raft/higher-term-in-reply-ignored": { scenario: history("raft/stubborn-term"), by: ["converged"] },
  "raft/leader-drops-uncommitted": { scenario: faults("flapping"), by: ["leader completeness"] },
  "raft/old-leader-obeyed": { scenario: history("raft/held-entries"), by: ["commit index never goes back"] },
  "raft/no-previous-term-check": { scenario: faults("flapping"), by: ["log matching"] },
  "raft/cuts-on-any-append": { scenario: faults("flapping"), by: ["commit index never goes back"] },
  "raft/conflict-not-cut": { scenario: faults("disks"), by: ["log matching"] },
  "raft/acknowledges-its-own-end": { scenario: faults("flapping"), by: ["commit index never goes back", "leader completeness"] },
  "raft/refusal-counted-as-match": { scenario: faults("lossy"), by: ["leader completeness"] },
  "raft/old-acknowledgement-counted": { scenario: history("raft/held-acknowledgements"), by: ["leader completeness"] },
  "raft/refusals-ignored": { scenario: history("raft/lagging"), by: ["converged"] },
  "raft/commits-what-was-sent": { scenario: faults("disks"), by: ["leader completeness"] },
  "raft/commits-beyond-match": { scenario: faults("flapping"), by: ["state machine safety"] },
  "raft/commit-index-as-told": { scenario: faults("flapping"), by: ["commit index never goes back"] },
  "raft/commit-old-term": { scenario: "scenarios/raft/figure-8.yaml", by: ["leader completeness"] },
  "raft/vote-not-persisted": { scenario: faults("elections"), by: ["one vote a term", "election safety"] },
  "raft/term-not-persisted": { scenario: faults("disks"), by: ["terms never go back"] },
  "raft/log-not-persisted": { scenario: faults("disks"), by: ["leader completeness"] },
  "raft/reply-before-persist": { scenario: faults("disks"), by: ["leader completeness", "terms never go back"] },
  "raft/stands-before-persist": { scenario: history("raft/forgotten-candidacy"), by: ["election safety"] },
  "raft/sends-before-persist": { scenario: history("raft/slow-leader-disk"), by: ["leader completeness"] },
  "raft/applied-index-without-machine": { scenario: history("raft/reboots"), by: ["converged"] },
  "raft/sync-error-ignored": { scenario: faults("sync-errors"), by: ["leader completeness", "nothing acknowledged is lost"] },
  "raft/damaged-disk-discarded": { scenario: history("raft/damage"), by: ["terms never go back"] },
  "raft/local-reads": { scenario: faults("clients"), by: ["linearizable"] },
  "raft/follower-reads": { scenario: faults("clients"), by: ["linearizable"] },
  "raft/reads-before-no-op": { scenario: faults("reads"), by: ["linearizable"] },
  "raft/unconfirmed-reads": { scenario: faults("clients"), by: ["linearizable"] },
  "raft/read-joins-earlier-round": { scenario: history("raft/held-rounds"), by: ["linearizable"] },
  "raft/no-session-dedup": { scenario: faults("retries"), by: ["linearizable"] },
  "raft/latest-sequence-only": { scenario: faults("clients"), by: ["linearizable"] },
  "raft/repeated-is-ok": { scenario: faults("deaf"), by: ["linearizable"] },
  "raft/answers-by-index-alone": { scenario: faults("deaf-and-deposed"), by: ["nothing acknowledged is lost"] },
  "raft/fails-what-may-commit": { scenario: faults("deaf-and-deposed"), by: ["linearizable"] },
  "lww-register/keeps-older": { scenario: partition, by: ["stamps never go back"] },
  "lww-register/last-heard-wins": { scenario: partition, by: ["stamps never go back"] },
  "lww-register/ties-not-broken": { scenario: history("lww-register/stopped-clocks"), by: ["converged"] },
  "lww-register/gossips-only-news": { scenario: partition, by: ["converged"] },
  "lww-register/tells-one-peer-only": { scenario: partition, by: ["converged"] },
  "lww-register/stamps-on-receipt": { scenario: partition, by: ["converged"] },
  "lww-register/reply-before-persist": { scenario: "test/protocols/lww-register/faults/disks.yaml", by: ["nothing acknowledged is lost"] },
  "lww-register/registers-not-persisted": { scenario: history("lww-register/power-cut"), by: ["nothing acknowledged is lost"] },
};

describe("mutants", () => {
  it("are all hunted", () => {
    const named = Object.entries(protocols).map(([name, { mutants = {} }]) => Object.keys(mutants).map((mutant) => `${name}/${mutant}`));
    expect(named.flat().sort()).toEqual(Object.keys(hunts).sort());
  });

  it.each(Object.entries(hunts))("%s is caught", (name, { scenario, by }) => {
    const found: string[] = [];
    const seeds = seedsOf(scenario);
    for (let seed = 1; seed <= seeds && !found.some((what) => by.includes(what)); seed += 1) {
      found.push(...faultsFound(runFile(scenario, { seed, mutant: name })));
    }
    expect(by.filter((what) => found.includes(what))).not.toEqual([]);
  });
});

describe("the protocols themselves", () => {
  it.each([...new Set(Object.values(hunts).map(({ scenario }) => scenario))])("pass %s under the same seeds", (scenario) => {
    const seeds = seedsOf(scenario);
    for (let seed = 1; seed <= seeds; seed += 1) {
      const failed = runFile(scenario, { seed }).expectations.filter(({ verdict }) => verdict !== "pass");
      expect([seed, failed]).toEqual([seed, []]);
    }
  });
});

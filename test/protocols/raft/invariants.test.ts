import { describe, expect, it } from "vitest";
import { commitIndexNeverGoesBack, nothingAcknowledgedIsLost, stateMachineSafety } from "../../../protocols/raft/invariants/commits.ts";
import { electionSafety, oneVote, termsNeverGoBack } from "../../../protocols/raft/invariants/elections.ts";
import { leaderAppendOnly, leaderCompleteness, logMatching } from "../../../protocols/raft/invariants/logs.ts";
import { boot, inspect } from "../../../protocols/raft/state.ts";
import type { Shown } from "../../../protocols/raft/state.ts";
import { Log } from "../../../sim/protocol.ts";
import type { Invariant } from "../../../sim/protocol.ts";
import { request } from "../recorder.ts";
import { Stage } from "../stage.ts";
import { entry, logOf } from "./node.ts";

const stage = (invariant: Invariant<Shown>): Stage<Shown> => new Stage(invariant, ["n1", "n2", "n3"], inspect(boot()));

describe("election safety", () => {
  it("is broken by a second leader of a term, also long after the first has gone", () => {
    const play = stage(electionSafety);
    expect(play.shows("n1", { role: "leader", term: 3 })).toBeUndefined();
    play.shows("n1", { role: "follower", term: 4 });
    expect(play.shows("n2", { role: "leader", term: 4 })).toBeUndefined();
    expect(play.shows("n3", { role: "leader", term: 3 })).toBe("n3 became the leader of term 3, which n1 had won before");
  });
});

describe("one vote a term", () => {
  it("is broken when two candidates count the same node's vote", () => {
    const play = stage(oneVote);
    expect(play.shows("n1", { role: "candidate", term: 2, votes: ["n1", "n3"] })).toBeUndefined();
    expect(play.shows("n2", { role: "candidate", term: 2, votes: ["n2"] })).toBeUndefined();
    expect(play.shows("n2", { role: "leader", votes: ["n2", "n3"] })).toBe("n3's vote counts for both n1 and n2 in term 2");
  });

  it("lets a node vote anew in a later term, and forget a candidacy of which nobody heard", () => {
    const play = stage(oneVote);
    play.shows("n1", { role: "candidate", term: 2, votes: ["n1"] });
    play.boots("n1", { term: 1 });
    expect(play.shows("n2", { role: "leader", term: 2, votes: ["n2", "n1"] })).toBeUndefined();
    expect(play.shows("n3", { role: "leader", term: 3, votes: ["n3", "n1"] })).toBeUndefined();
  });

  it("does not count pre-votes", () => {
    const play = stage(oneVote);
    play.shows("n1", { role: "preCandidate", term: 1, votes: ["n1", "n3"] });
    expect(play.shows("n2", { role: "preCandidate", term: 1, votes: ["n2", "n3"] })).toBeUndefined();
  });
});

describe("leader append-only", () => {
  it("is broken by a leader that gives up an entry of its own", () => {
    const play = stage(leaderAppendOnly);
    const log = logOf(1, 1, 2);
    play.shows("n1", { role: "leader", term: 2, log });
    expect(play.shows("n1", { log: log.append(entry(2, 4)) })).toBeUndefined();
    const rewritten = log.truncate(2).append(entry(2, 9));
    expect(play.shows("n1", { log: rewritten })).toBe("n1, leader of term 2, gave up entry 3 of term 2 of its own log");
  });

  it("lets followers cut their logs, and leaders that have become followers", () => {
    const play = stage(leaderAppendOnly);
    play.shows("n1", { role: "leader", term: 2, log: logOf(1, 1, 2) });
    expect(play.shows("n1", { role: "follower", term: 3, log: logOf(1) })).toBeUndefined();
    expect(play.shows("n1", { log: logOf() })).toBeUndefined();
  });
});

describe("log matching", () => {
  it("is broken by two different entries of one index and term", () => {
    const play = stage(logMatching);
    play.shows("n1", { log: Log.of([entry(1, "a"), entry(2, "b")]) });
    const other = Log.of([entry(1, "a"), entry(2, "other")]);
    expect(play.shows("n2", { log: other })).toBe("n2 and n1 both hold entry 2 of term 2, and their logs up to there differ");
  });

  it("is broken by equal entries behind different ones", () => {
    const play = stage(logMatching);
    play.shows("n1", { log: logOf(1, 1, 3) });
    expect(play.shows("n2", { log: logOf(1, 2, 3) })).toBe("n2 and n1 both hold entry 3 of term 3, and their logs up to there differ");
  });

  it("is broken by a node whose own log has changed, as by a disk that rots", () => {
    const play = stage(logMatching);
    play.shows("n1", { log: Log.of([entry(1, "a"), entry(2, "b")]) });
    expect(play.shows("n1", { log: Log.of([entry(1, "a"), entry(2, "rotten")]) })).toBe("n1 holds entry 2 of term 2 again, and its log up to there is not what it was");
  });

  it("holds for copies of entries, and for logs that differ in terms only", () => {
    const play = stage(logMatching);
    play.shows("n1", { log: logOf(1, 1, 4, 4) });
    expect(play.shows("n2", { log: logOf(1, 1, 4) })).toBeUndefined();
    expect(play.shows("n3", { log: logOf(1, 1, 2, 2) })).toBeUndefined();
  });
});

describe("leader completeness", () => {
  it("is broken by a leader that lacks what was committed in an earlier term", () => {
    const play = stage(leaderCompleteness);
    const log = logOf(1, 2);
    play.shows("n1", { role: "leader", term: 2, log });
    play.shows("n1", { commitIndex: 2 });
    expect(play.shows("n2", { role: "leader", term: 3, log: log.append(entry(3, 3)) })).toBeUndefined();
    expect(play.shows("n3", { role: "leader", term: 4, log: logOf(1, 4) })).toBe(
      "n3 was elected in term 4 without entry 2 of term 2, which had been committed in term 2",
    );
  });

  it("goes by the term in which an entry was committed, and not by the entry's own", () => {
    // The entry of term 2 was committed in term 4; a leader of term 3 need not have it, though it shows itself late.
    const play = stage(leaderCompleteness);
    play.shows("n1", { role: "leader", term: 4, log: logOf(1, 2, 4), commitIndex: 3 });
    expect(play.shows("n2", { role: "leader", term: 3, log: logOf(1, 3) })).toBeUndefined();
    expect(play.shows("n2", { role: "follower", term: 4 })).toBeUndefined();
    expect(play.shows("n2", { role: "leader", term: 5, log: logOf(1, 3, 5) })).toBe(
      "n2 was elected in term 5 without entry 2 of term 2, which had been committed in term 4",
    );
  });

  it("is broken by an old leader that commits what a newer one does not have", () => {
    const play = stage(leaderCompleteness);
    play.shows("n1", { role: "leader", term: 2, log: logOf(2, 2) });
    expect(play.shows("n2", { role: "leader", term: 3, log: logOf(2, 3) })).toBeUndefined();
    expect(play.shows("n1", { commitIndex: 1 })).toBeUndefined();
    expect(play.shows("n1", { commitIndex: 2 })).toBe("n2 was elected in term 3 without entry 2 of term 2, which had been committed in term 2");
  });
});

describe("state machine safety", () => {
  it("is broken by two nodes that apply different entries at an index", () => {
    const play = stage(stateMachineSafety);
    play.shows("n1", { log: logOf(1, 2), lastApplied: 2 });
    expect(play.shows("n2", { log: logOf(1, 3), lastApplied: 1 })).toBeUndefined();
    expect(play.shows("n2", { lastApplied: 2 })).toBe("n2 applied entry 2 of term 3, where n1 had applied an entry of term 2");
  });

  it("looks again at what a node applies after a restart", () => {
    const play = stage(stateMachineSafety);
    play.shows("n1", { log: logOf(1, 2), lastApplied: 2 });
    play.boots("n1", { log: logOf(1, 3) });
    expect(play.shows("n1", { lastApplied: 1 })).toBeUndefined();
    expect(play.shows("n1", { lastApplied: 2 })).toBe("n1 applied entry 2 of term 3, where n1 had applied an entry of term 2");
  });
});

describe("terms never go back", () => {
  it("is broken by a node that is up and falls back", () => {
    const play = stage(termsNeverGoBack);
    play.shows("n1", { term: 5 });
    expect(play.shows("n1", { term: 4 })).toBe("n1 went back from term 5 to term 4");
  });

  it("is broken by a restart that loses a term in which others have heard from the node", () => {
    const vote = stage(termsNeverGoBack);
    vote.shows("n1", { term: 5 });
    vote.shows("n2", { role: "candidate", term: 5, votes: ["n2", "n1"] });
    expect(vote.boots("n1", { term: 4 })).toBe("n1 is in term 4 after a restart, and others have heard from it in term 5");
    const leading = stage(termsNeverGoBack);
    leading.shows("n1", { role: "leader", term: 5 });
    leading.shows("n2", { term: 5, leader: "n1" });
    expect(leading.boots("n1", { term: 3 })).toBe("n1 is in term 3 after a restart, and others have heard from it in term 5");
    const following = stage(termsNeverGoBack);
    following.shows("n2", { role: "leader", term: 6, matchIndex: { n1: 0, n3: 0 } });
    following.shows("n2", { matchIndex: { n1: 4, n3: 0 } });
    expect(following.boots("n3", { term: 5 })).toBeUndefined();
    expect(following.boots("n1", { term: 5 })).toBe("n1 is in term 5 after a restart, and others have heard from it in term 6");
  });

  it("lets a node lose a term of which nobody has heard", () => {
    const play = stage(termsNeverGoBack);
    play.shows("n1", { role: "candidate", term: 5, votes: ["n1"] });
    expect(play.boots("n1", { term: 4 })).toBeUndefined();
  });
});

describe("commit index never goes back", () => {
  it("is broken by a fall while the node is up, and not by a restart", () => {
    const play = stage(commitIndexNeverGoesBack);
    play.shows("n1", { log: logOf(1, 1, 1), commitIndex: 3 });
    expect(play.boots("n1", { log: logOf(1, 1, 1) })).toBeUndefined();
    expect(play.shows("n1", { commitIndex: 2 })).toBeUndefined();
    expect(play.shows("n1", { commitIndex: 1 })).toBe("n1's commit index went back from 2 to 1");
  });

  it("is broken by a log that ends before what is committed", () => {
    const play = stage(commitIndexNeverGoesBack);
    play.shows("n1", { log: logOf(1, 1), commitIndex: 2 });
    expect(play.shows("n1", { log: logOf(1) })).toBe("n1's commit index is 2, and its log ends at 1");
  });
});

describe("nothing acknowledged is lost", () => {
  const log = logOf(1, 1);
  const write = request("write", "x", 2, { client: "c1-2" });
  const ok = { type: "ok" } as const;

  it("is broken by a later leader that lacks what a client was told of", () => {
    const play = stage(nothingAcknowledgedIsLost);
    play.shows("n1", { role: "leader", term: 1, log, commitIndex: 2 });
    expect(play.replies("n1", write, ok)).toBeUndefined();
    expect(play.shows("n2", { role: "leader", term: 2, log: log.append(entry(2, 3)) })).toBeUndefined();
    expect(play.shows("n3", { role: "leader", term: 3, log: logOf(1, 3) })).toBe(
      "n3 was elected in term 3 without c1-2's write of x (its operation 1), acknowledged as entry 2 of term 1",
    );
  });

  it("is broken by an acknowledgement of what is not committed, once the event is over", () => {
    const play = stage(nothingAcknowledgedIsLost);
    play.shows("n1", { role: "leader", term: 1, log, commitIndex: 1 });
    expect(play.replies("n1", write, ok)).toBeUndefined();
    expect(play.shows("n1", { lastApplied: 1 })).toBe("n1 acknowledged c1-2's write of x (its operation 1), which nobody had committed");
  });

  it("waits for the event's end where the reply leaves in the event that commits", () => {
    const play = stage(nothingAcknowledgedIsLost);
    play.shows("n1", { role: "leader", term: 1, log, commitIndex: 1 });
    play.replies("n1", write, ok);
    expect(play.shows("n1", { commitIndex: 2 })).toBeUndefined();
  });

  it("asks nothing of reads, mismatches and redirections", () => {
    const play = stage(nothingAcknowledgedIsLost);
    play.shows("n1", { role: "leader", term: 1, log });
    play.replies("n1", request("read", "x", null), { type: "ok", value: 2 });
    play.replies("n1", request("cas", "x", [1, 2]), { type: "fail", error: "mismatch" });
    play.replies("n1", write, { type: "redirect" });
    expect(play.shows("n1", { lastApplied: 1 })).toBeUndefined();
  });
});

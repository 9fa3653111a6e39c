import { describe, expect, it } from "vitest";
import { isUpToDate } from "../../../protocols/raft/election.ts";
import { raft } from "../../../protocols/raft/index.ts";
import { ms } from "../../../sim/protocol.ts";
import { leader, logOf, node } from "./node.ts";

/** The logs of Figure 7: when the leader at the top comes to power (term 8), any of these may be those of its followers. */
const figure7 = {
  leader: logOf(1, 1, 1, 4, 4, 5, 5, 6, 6, 6),
  a: logOf(1, 1, 1, 4, 4, 5, 5, 6, 6),
  b: logOf(1, 1, 1, 4),
  c: logOf(1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6),
  d: logOf(1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7),
  e: logOf(1, 1, 1, 4, 4, 4, 4),
  f: logOf(1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3),
};

describe("the election restriction (§5.4.1)", () => {
  it("lets the leader of Figure 7 have the votes of a, b, e and f, and not those of c and d", () => {
    const { log } = { log: figure7.leader };
    const wouldVote = (["a", "b", "c", "d", "e", "f"] as const).filter((name) => isUpToDate(figure7[name], log.length, 6));
    expect(wouldVote).toEqual(["a", "b", "e", "f"]);
  });

  it("prefers the later last term even to a longer log", () => {
    expect(isUpToDate(figure7.f, 7, 4)).toBe(true);
    expect(isUpToDate(figure7.e, 11, 3)).toBe(false);
  });

  it("counts a log of the same end as up to date, and an empty one against an empty one", () => {
    expect(isUpToDate(figure7.leader, 10, 6)).toBe(true);
    expect(isUpToDate(logOf(), 0, 0)).toBe(true);
  });
});

describe("RequestVote (Figure 2)", () => {
  const ask = { type: "RequestVote", term: 3, lastLogIndex: 0, lastLogTerm: 0 } as const;

  it("grants a vote after it has saved it, and waits for the candidate", () => {
    const { state, ctx, receive } = node({ currentTerm: 2 });
    receive("n2", ask);
    expect(ctx.take()).toEqual([
      ["setTimer", "election", [ms(150), ms(300)]],
      ["persist"],
      ["send", "n2", { type: "RequestVoteReply", term: 3, voteGranted: true }],
    ]);
    expect([state.currentTerm, state.votedFor]).toEqual([3, "n2"]);
  });

  it("denies a vote to a candidate of an earlier term, and tells it the term", () => {
    const { ctx, receive } = node({ currentTerm: 4 });
    receive("n2", ask);
    expect(ctx.take()).toEqual([["persist"], ["send", "n2", { type: "RequestVoteReply", term: 4, voteGranted: false }]]);
  });

  it("votes for one candidate in a term, and for the same one as often as it asks", () => {
    const { ctx, receive } = node();
    const grants = ["n2", "n3", "n2"].map((candidate) => {
      receive(candidate, ask);
      return ctx.sent().map(([, m]) => "voteGranted" in m && m.voteGranted)[0];
    });
    expect(grants).toEqual([true, false, true]);
  });

  it("adopts the candidate's term even where it denies the vote, and does not wait for it then", () => {
    const { state, ctx, receive } = node({ currentTerm: 2, log: logOf(1, 2) });
    receive("n2", { ...ask, lastLogIndex: 5, lastLogTerm: 1 });
    expect(ctx.take()).toEqual([["persist"], ["send", "n2", { type: "RequestVoteReply", term: 3, voteGranted: false }]]);
    expect([state.currentTerm, state.votedFor]).toEqual([3, null]);
  });
});

describe("standing for election (§5.2)", () => {
  it("raises the term, votes for itself, saves both, and asks everybody", () => {
    const { state, ctx } = node({ nodes: 3, currentTerm: 4, log: logOf(1, 4) });
    raft.onTimer!.election(state, ctx, "");
    const asks = { type: "RequestVote", term: 5, lastLogIndex: 2, lastLogTerm: 4 };
    expect(ctx.take()).toEqual([
      ["setTimer", "election", [ms(150), ms(300)]],
      ["emit", "election.started", { term: 5 }],
      ["persist"],
      ["send", "n2", asks],
      ["send", "n3", asks],
    ]);
    expect([state.role, state.votedFor]).toEqual(["candidate", "n1"]);
  });

  it.each([
    [2, 1],
    [3, 1],
    [4, 2],
    [5, 2],
    [6, 3],
    [7, 3],
  ])("in a cluster of %i is won with %i votes of others", (nodes, needed) => {
    const { state, ctx, receive } = node({ nodes });
    raft.onTimer!.election(state, ctx, "");
    let votes = 0;
    while (state.role === "candidate") receive(`n${++votes + 1}`, { type: "RequestVoteReply", term: 1, voteGranted: true });
    expect([state.role, votes]).toEqual(["leader", needed]);
  });

  it("counts a voter once, however often its vote arrives", () => {
    const { state, ctx, receive } = node();
    raft.onTimer!.election(state, ctx, "");
    for (let copy = 0; copy < 5; copy += 1) receive("n2", { type: "RequestVoteReply", term: 1, voteGranted: true });
    expect([state.role, state.votes]).toEqual(["candidate", ["n1", "n2"]]);
  });

  it("does not count votes of an earlier term, nor denials", () => {
    const { state, ctx, receive } = node({ nodes: 3, currentTerm: 1 });
    raft.onTimer!.election(state, ctx, "");
    receive("n2", { type: "RequestVoteReply", term: 1, voteGranted: true });
    receive("n3", { type: "RequestVoteReply", term: 2, voteGranted: false });
    expect([state.role, state.votes]).toEqual(["candidate", ["n1"]]);
  });

  it("ends for a candidate that hears from the leader of its term, or of a higher term", () => {
    const { state, ctx, receive } = node({ nodes: 3 });
    raft.onTimer!.election(state, ctx, "");
    receive("n2", { type: "AppendEntries", term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0, round: 0 });
    expect([state.role, state.leader, state.votedFor]).toEqual(["follower", "n2", "n1"]);
    raft.onTimer!.election(state, ctx, "");
    receive("n3", { type: "RequestVoteReply", term: 9, voteGranted: false });
    expect([state.role, state.currentTerm, state.votedFor]).toEqual(["follower", 9, null]);
  });

  it("begins the term with a no-op that is saved before anybody hears of it (§8)", () => {
    const { state, ctx, receive } = node({ nodes: 3, log: logOf(1), currentTerm: 1 });
    raft.onTimer!.election(state, ctx, "");
    ctx.take();
    receive("n3", { type: "RequestVoteReply", term: 2, voteGranted: true });
    const noOp = { term: 2, command: null };
    const first = { type: "AppendEntries", term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [noOp], leaderCommit: 0, round: 0 };
    expect(ctx.take()).toEqual([
      ["cancelTimer", "election"],
      ["setTimer", "heartbeat", ms(50)],
      ["emit", "election.won", { term: 2 }],
      ["persist"],
      ["send", "n2", first],
      ["send", "n3", first],
    ]);
  });
});

describe("pre-vote (dissertation §9.6)", () => {
  const options = { preVote: true };
  const ask = { type: "PreVote", term: 3, lastLogIndex: 0, lastLogTerm: 0 } as const;
  const answer = (from: ReturnType<typeof node>): boolean[] => from.ctx.sent().map(([, m]) => m.type === "PreVoteReply" && m.voteGranted);

  it("asks for a term and does not raise its own", () => {
    const { state, ctx } = node({ nodes: 3, currentTerm: 2, options });
    raft.onTimer!.election(state, ctx, "");
    expect(ctx.sent()).toEqual(["n2", "n3"].map((to) => [to, ask]));
    expect([state.role, state.currentTerm, state.votedFor]).toEqual(["preCandidate", 2, null]);
  });

  it("stands for election once a majority would vote for it", () => {
    const { state, ctx, receive } = node({ currentTerm: 2, options });
    raft.onTimer!.election(state, ctx, "");
    receive("n2", { type: "PreVoteReply", term: 2, asked: 3, voteGranted: true });
    expect(state.role).toBe("preCandidate");
    receive("n3", { type: "PreVoteReply", term: 1, asked: 3, voteGranted: true });
    expect([state.role, state.currentTerm, state.votes]).toEqual(["candidate", 3, ["n1"]]);
  });

  it("is granted by who has heard no leader for the shortest election timeout, and by nobody who has", () => {
    const voter = node({ currentTerm: 2, options });
    voter.ctx.now = ms(1000);
    voter.state.heardLeaderAt = ms(851);
    voter.receive("n2", ask);
    voter.state.heardLeaderAt = ms(850);
    voter.receive("n2", ask);
    expect(answer(voter)).toEqual([false, true]);
  });

  it("is granted by a node whose clock was set back, for its memory of the leader says nothing", () => {
    const voter = node({ currentTerm: 2, heardLeaderAt: ms(5000), options });
    voter.receive("n2", ask);
    expect(answer(voter)).toEqual([true]);
  });

  it("is denied by a leader, for an old term, and to a log that is behind; and changes no term", () => {
    const leading = leader({ nodes: 3, currentTerm: 1, options: {} });
    leading.receive("n2", ask);
    expect(answer(leading)).toEqual([false]);
    const ahead = node({ currentTerm: 3, options });
    ahead.receive("n2", ask);
    const longer = node({ currentTerm: 2, log: logOf(2), options });
    longer.receive("n2", ask);
    expect([...answer(ahead), ...answer(longer)]).toEqual([false, false]);
    expect([leading, ahead, longer].map(({ state }) => state.currentTerm)).toEqual([2, 3, 2]);
  });

  it("takes over a higher term from a denial, so that nobody is denied for ever", () => {
    const { state, ctx, receive } = node({ currentTerm: 2, options });
    raft.onTimer!.election(state, ctx, "");
    receive("n2", { type: "PreVoteReply", term: 7, asked: 3, voteGranted: false });
    expect([state.role, state.currentTerm]).toEqual(["follower", 7]);
  });
});

describe("check-quorum (dissertation §6.2)", () => {
  const reply = { type: "AppendEntriesReply", term: 1, success: true, prevLogIndex: 0, matchIndex: 1, retryFrom: 0, round: 0 } as const;

  it("lets a leader go on that a majority has answered since the last check", () => {
    const { state, ctx, receive } = leader({ options: { checkQuorum: true } });
    receive("n2", reply);
    receive("n3", { ...reply, success: false, matchIndex: 0, retryFrom: 1 });
    raft.onTimer!.quorum(state, ctx, "");
    expect([state.role, state.heard]).toEqual(["leader", {}]);
  });

  it("makes a leader step down that only a minority has answered, in the same term, and sends its clients away", () => {
    const { state, ctx, receive } = leader({ options: { checkQuorum: true } });
    receive("n2", reply);
    receive("n2", reply);
    raft.onTimer!.quorum(state, ctx, "");
    expect([state.role, state.currentTerm, state.votedFor]).toEqual(["follower", 1, "n1"]);
    expect(ctx.take()).toContainEqual(["emit", "leader.stepped-down", { term: 1 }]);
  });
});

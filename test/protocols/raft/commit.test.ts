import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { mayCommit } from "../../../protocols/raft/commit.ts";
import { raft } from "../../../protocols/raft/index.ts";
import { reachedByMajority } from "../../../protocols/raft/state.ts";
import { majority } from "../../../protocols/raft/terms.ts";
import { request } from "../recorder.ts";
import { leader, logOf, node } from "./node.ts";
import type { Node } from "./node.ts";

const agreed = { type: "AppendEntriesReply", success: true, prevLogIndex: 0, retryFrom: 0, round: 0 } as const;
const acknowledge = (one: Node, from: string, matchIndex: number): void =>
  one.receive(from, { ...agreed, term: one.state.currentTerm, matchIndex });

describe("a majority", () => {
  it("of 1 to 9 nodes is 1, 2, 2, 3, 3, 4, 4, 5, 5", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map(majority)).toEqual([1, 2, 2, 3, 3, 4, 4, 5, 5]);
  });

  it("reaches the highest index that more than half of the nodes hold, as counting shows", () => {
    const logs = fc.array(fc.nat(20), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(logs, (held) => {
        let highest = 0;
        for (let index = 1; index <= 20; index += 1) {
          if (held.filter((end) => end >= index).length * 2 > held.length) highest = index;
        }
        expect(reachedByMajority(held, majority(held.length))).toBe(highest);
      }),
    );
  });
});

describe("the commit rule (§5.3, §5.4.2)", () => {
  it("commits with a majority, the leader included, and says so for each entry", () => {
    const one = leader();
    acknowledge(one, "n2", 1);
    expect(one.state.commitIndex).toBe(0);
    acknowledge(one, "n3", 1);
    expect(one.state.commitIndex).toBe(1);
    expect(one.ctx.take().filter(([what]) => what === "emit")).toEqual([["emit", "entry.committed", { index: 1, term: 1 }]]);
  });

  it("does not commit an entry of an earlier term by counting, and commits it together with one of its own (Figure 8)", () => {
    // Figure 8 (c): S1 leads term 4, and its entry of term 2 is on three of five.
    const one = leader({ currentTerm: 3, log: logOf(1, 2) });
    acknowledge(one, "n2", 2);
    acknowledge(one, "n3", 2);
    expect(one.state.commitIndex).toBe(0);
    // Figure 8 (e): an entry of term 4 is on a majority too.
    acknowledge(one, "n2", 3);
    acknowledge(one, "n3", 3);
    expect([one.state.commitIndex, one.state.lastApplied]).toEqual([3, 3]);
    expect(mayCommit({ ...one.state, currentTerm: 4 }, 2)).toBe(false);
  });

  it("waits in a cluster of one for its disk, which has nobody else to rely on, to lead and to commit", () => {
    const one = node({ nodes: 1 });
    raft.onTimer!.election(one.state, one.ctx, "");
    expect([one.state.role, one.ctx.take().slice(-2)]).toEqual(["candidate", [["persist"], ["sync", ["vote", 1]]]]);
    raft.onSynced!(one.state, ["vote", 1], one.ctx);
    expect([one.state.role, one.state.commitIndex]).toEqual(["leader", 0]);
    expect(one.ctx.take().slice(-2)).toEqual([["persist"], ["sync", ["log", 1]]]);
    raft.onSynced!(one.state, ["log", 1], one.ctx);
    expect(one.state.commitIndex).toBe(1);
  });
});

describe("applying (§5.3)", () => {
  it("answers the client that waits for an entry once it is committed, and not before", () => {
    const one = leader({ nodes: 3 });
    raft.onRequest["write"]!(one.state, request("write", "x", 7), one.ctx);
    acknowledge(one, "n2", 1);
    expect(one.ctx.replies()).toEqual([]);
    acknowledge(one, "n2", 2);
    expect(one.ctx.replies()).toEqual([[1, { type: "ok" }]]);
    expect([one.state.kv, one.state.waiting]).toEqual([{ x: 7 }, {}]);
  });

  it("sends waiting clients away when the leader steps down: their commands may still be committed, so none has failed", () => {
    const one = leader({ nodes: 3 });
    raft.onRequest["write"]!(one.state, request("write", "x", 7), one.ctx);
    raft.onRequest["read"]!(one.state, request("read", "x", null, { sequence: 2 }), one.ctx);
    one.ctx.take();
    one.receive("n3", { type: "AppendEntries", term: 2, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0, round: 0 });
    expect(one.ctx.replies()).toEqual([
      [1, { type: "redirect", to: undefined }],
      [2, { type: "redirect", to: undefined }],
    ]);
    expect([one.state.waiting, one.state.reads]).toEqual([{}, []]);
  });

  it("redirects a client to the leader that a follower knows, and to nobody where it knows none", () => {
    const one = node();
    raft.onRequest["write"]!(one.state, request("write", "x", 1), one.ctx);
    one.state.leader = "n4";
    raft.onRequest["cas"]!(one.state, request("cas", "x", [1, 2], { sequence: 2 }), one.ctx);
    raft.onRequest["read"]!(one.state, request("read", "x", null, { sequence: 3 }), one.ctx);
    expect(one.ctx.replies()).toEqual([
      [1, { type: "redirect", to: undefined }],
      [2, { type: "redirect", to: "n4" }],
      [3, { type: "redirect", to: "n4" }],
    ]);
  });
});

import { describe, expect, it } from "vitest";
import type { AppendEntries, AppendEntriesReply, Message } from "../../../protocols/raft/messages.ts";
import { mergeEntries } from "../../../protocols/raft/replication.ts";
import { raft } from "../../../protocols/raft/index.ts";
import { termAt } from "../../../protocols/raft/state.ts";
import { ms } from "../../../sim/protocol.ts";
import { request } from "../recorder.ts";
import { entry, leader, logOf, node, termsOf } from "./node.ts";
import type { Node } from "./node.ts";

const append = (of: Partial<AppendEntries>): AppendEntries => ({
  type: "AppendEntries", term: 8, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0, round: 0, ...of,
});
const replied = (one: Node): AppendEntriesReply => one.ctx.sent()[0]![1] as AppendEntriesReply;

describe("AppendEntries, receiver implementation (Figure 2)", () => {
  it("1: refuses a leader of an earlier term, and goes on waiting for its own (§5.1)", () => {
    const { ctx, receive } = node({ currentTerm: 9 });
    receive("n2", append({ term: 8, round: 3 }));
    const refusal = { type: "AppendEntriesReply", term: 9, success: false, prevLogIndex: 0, matchIndex: 0, retryFrom: 0, round: 0 };
    expect(ctx.take()).toEqual([["persist"], ["send", "n2", refusal]]);
  });

  it("2: refuses entries behind a place that its log does not hold, or holds of another term (§5.3)", () => {
    const short = node({ log: logOf(1, 1, 4) });
    short.receive("n2", append({ prevLogIndex: 5, prevLogTerm: 4 }));
    expect(replied(short)).toMatchObject({ success: false, prevLogIndex: 5, retryFrom: 4 });
    const other = node({ log: logOf(1, 1, 4, 4, 4) });
    other.receive("n2", append({ prevLogIndex: 5, prevLogTerm: 5 }));
    expect(replied(other)).toMatchObject({ success: false, prevLogIndex: 5, retryFrom: 3 });
  });

  it("3: deletes an entry that conflicts with a new one, and all that follow it", () => {
    const merged = mergeEntries(logOf(1, 1, 2, 2, 2), 2, [entry(3, 3)]);
    expect(termsOf(merged)).toEqual([1, 1, 3]);
  });

  it("4: appends what is missing, and leaves what agrees: an old, reordered message cuts off nothing", () => {
    const log = logOf(1, 1, 2, 2);
    expect(mergeEntries(log, 1, log.slice(1, 3))).toBe(log);
    expect(termsOf(mergeEntries(log, 3, [...log.slice(3), entry(2, 5)]))).toEqual([1, 1, 2, 2, 2]);
    expect(termsOf(log)).toEqual([1, 1, 2, 2]);
  });

  it("5: takes over the commit index, but not beyond what the message has shown to agree", () => {
    const { state, receive } = node({ log: logOf(1, 1, 2, 2) });
    receive("n2", append({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 4 }));
    expect([state.commitIndex, state.lastApplied]).toEqual([2, 2]);
    receive("n2", append({ prevLogIndex: 1, prevLogTerm: 1, leaderCommit: 1 }));
    expect(state.commitIndex).toBe(2);
  });

  it("saves what it acknowledges before it does, and follows the sender", () => {
    const { state, ctx, receive } = node({ nodes: 3 });
    receive("n3", append({ entries: [entry(8, 1), entry(8, 2)], round: 4 }));
    const reply = { type: "AppendEntriesReply", term: 8, success: true, prevLogIndex: 0, matchIndex: 2, retryFrom: 0, round: 4 };
    expect(ctx.take()).toEqual([["setTimer", "election", [ms(150), ms(300)]], ["persist"], ["send", "n3", reply]]);
    expect([state.leader, state.role, state.currentTerm]).toEqual(["n3", "follower", 8]);
  });
});

/** Carries messages between a leader and one follower until nothing is under way; how many were refused. */
function converse(leading: Node, follower: Node): number {
  let refusals = 0;
  let toFollower: readonly Message[] = [append({ ...probeOf(leading) })];
  while (toFollower.length > 0) {
    for (const message of toFollower) follower.receive("n1", message);
    const replies = follower.ctx.sent().map(([, m]) => m);
    refusals += replies.filter((m) => m.type === "AppendEntriesReply" && !m.success).length;
    for (const reply of replies) leading.receive("n2", reply);
    toFollower = leading.ctx.sent().flatMap(([to, m]) => (to === "n2" ? [m] : []));
  }
  return refusals;
}

/** The message with which a new leader begins: its no-op, behind the end of what it held before. */
function probeOf({ state }: Node): Partial<AppendEntries> {
  const prevLogIndex = state.termStart - 1;
  const prevLogTerm = termAt(state.log, prevLogIndex);
  return { term: state.currentTerm, prevLogIndex, prevLogTerm, entries: state.log.slice(prevLogIndex) };
}

describe("the followers of Figure 7, when the leader of term 8 comes to power (§5.3)", () => {
  // Refusals: one for a log that is too short, and one for each term that conflicts.
  it.each([
    ["a", [1, 1, 1, 4, 4, 5, 5, 6, 6], 1],
    ["b", [1, 1, 1, 4], 1],
    ["c", [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6], 0],
    ["d", [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7], 0],
    ["e", [1, 1, 1, 4, 4, 4, 4], 2],
    ["f", [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3], 2],
  ])("%s comes to hold the leader's log", (_, terms, refusals) => {
    const leading = leader({ currentTerm: 7, log: logOf(1, 1, 1, 4, 4, 5, 5, 6, 6, 6) });
    const follower = node({ self: "n2", currentTerm: 7, log: logOf(...terms) });
    expect(converse(leading, follower)).toBe(refusals);
    expect(termsOf(follower.state.log)).toEqual([1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 8]);
    expect([leading.state.matchIndex["n2"], leading.state.nextIndex["n2"]]).toEqual([11, 12]);
  });

  it("with one entry a message it takes more messages and ends the same", () => {
    const leading = leader({ currentTerm: 7, log: logOf(1, 1, 1, 4, 4, 5, 5, 6, 6, 6), options: { maxEntries: 1 } });
    const follower = node({ self: "n2", currentTerm: 7, log: logOf(1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3) });
    converse(leading, follower);
    expect(termsOf(follower.state.log)).toEqual([1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 8]);
  });
});

describe("what a leader sends", () => {
  const success = (matchIndex: number): AppendEntriesReply => ({
    type: "AppendEntriesReply", term: 1, success: true, prevLogIndex: 0, matchIndex, retryFrom: 0, round: 0,
  });
  const mismatch = (prevLogIndex: number, retryFrom: number): AppendEntriesReply => {
    return { ...success(0), success: false, prevLogIndex, retryFrom };
  };
  const write = (one: Node, sequence: number): void =>
    raft.onRequest["write"]!(one.state, request("write", "x", sequence, { sequence }), one.ctx);
  const toN2 = (one: Node): number[][] =>
    one.ctx.sent().flatMap(([to, m]) => (to === "n2" && m.type === "AppendEntries" ? [[m.prevLogIndex, m.entries.length]] : []));

  it("waits for the answer to its first message, and then sends every command at once", () => {
    const one = leader();
    write(one, 1);
    expect(toN2(one)).toEqual([]);
    one.receive("n2", success(1));
    expect(toN2(one)).toEqual([[1, 1]]);
    write(one, 2);
    write(one, 3);
    expect(toN2(one)).toEqual([[2, 1], [3, 1]]);
  });

  it("goes back once when a message is lost, though the follower refuses all that were behind it", () => {
    const one = leader();
    one.receive("n2", success(1));
    for (const sequence of [1, 2, 3]) write(one, sequence);
    one.ctx.take();
    one.receive("n2", mismatch(2, 2)); // The first of the three was lost.
    one.receive("n2", mismatch(3, 2));
    expect(toN2(one)).toEqual([[1, 3]]);
    one.receive("n2", success(4));
    expect([one.state.matchIndex["n2"], one.state.nextIndex["n2"], one.state.probing["n2"]]).toEqual([4, 5, false]);
  });

  it("sends heartbeats without entries, from which a follower that missed something shows", () => {
    const one = leader();
    one.receive("n2", success(1));
    write(one, 1);
    one.ctx.take();
    raft.onTimer!.heartbeat(one.state, one.ctx, "");
    expect(toN2(one)).toEqual([[2, 0]]);
    one.receive("n2", mismatch(2, 2));
    expect(toN2(one)).toEqual([[1, 1]]);
  });

  it("sends at most maxEntries in a message, and two messages more for each that is acknowledged", () => {
    const one = leader({ options: { maxEntries: 2 } });
    for (let sequence = 1; sequence <= 20; sequence += 1) write(one, sequence);
    one.ctx.take();
    one.receive("n2", success(1));
    expect(toN2(one)).toEqual([[1, 2], [3, 2]]);
    one.receive("n2", success(3));
    one.receive("n2", success(5));
    expect(toN2(one)).toEqual([[5, 2], [7, 2], [9, 2], [11, 2]]);
  });

  it("moves nothing back on old replies", () => {
    const one = leader();
    write(one, 1);
    one.receive("n2", success(2));
    one.ctx.take();
    one.receive("n2", success(1));
    one.receive("n2", mismatch(0, 1));
    expect([one.state.matchIndex["n2"], one.state.nextIndex["n2"], toN2(one)]).toEqual([2, 3, []]);
  });

  it("gives everything again to a follower that refuses what it once acknowledged, and takes nothing back of what matched", () => {
    const one = leader();
    for (const sequence of [1, 2]) write(one, sequence);
    one.receive("n2", success(1));
    one.receive("n2", success(3));
    one.ctx.take();
    one.receive("n2", mismatch(3, 1));
    expect(toN2(one)).toEqual([[0, 3]]);
    expect(one.state.matchIndex["n2"]).toBe(3);
  });

  it("ignores replies to what it sent in an earlier term", () => {
    const one = leader({ currentTerm: 4 });
    one.receive("n2", { ...success(3), term: 4 });
    one.receive("n2", { ...mismatch(0, 0), term: 5, round: 7 });
    expect([one.state.matchIndex["n2"], one.state.answeredRound["n2"], one.state.heard]).toEqual([0, 0, {}]);
  });
});

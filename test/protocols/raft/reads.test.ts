import { describe, expect, it } from "vitest";
import { raft } from "../../../protocols/raft/index.ts";
import { request } from "../recorder.ts";
import { leader } from "./node.ts";
import type { Node } from "./node.ts";

const read = (one: Node, sequence: number): void =>
  raft.onRequest["read"]!(one.state, request("read", "x", null, { sequence }), one.ctx);
const agreed = { type: "AppendEntriesReply", success: true, prevLogIndex: 0, retryFrom: 0 } as const;
const answer = (one: Node, from: string, round: number, matchIndex = 0): void =>
  one.receive(from, { ...agreed, term: one.state.currentTerm, matchIndex, round });
/** The rounds of the heartbeats to n2 among what was sent. */
const heartbeats = (one: Node): number[] =>
  one.ctx.sent().flatMap(([to, m]) => (to === "n2" && m.type === "AppendEntries" && m.entries.length === 0 ? [m.round] : []));

/** A leader of three that has committed its no-op, and knows that n2 holds it. */
function settled(): Node {
  const one = leader({ nodes: 3 });
  answer(one, "n2", 0, 1);
  one.ctx.take();
  return one;
}

describe("ReadIndex (dissertation §6.4)", () => {
  it("asks for a round of heartbeats, and answers when a majority has answered that round", () => {
    const one = settled();
    read(one, 1);
    expect(heartbeats(one)).toEqual([1]);
    answer(one, "n3", 0); // To a message from before the read.
    expect(one.ctx.replies()).toEqual([]);
    answer(one, "n3", 1);
    expect(one.ctx.replies()).toEqual([[1, { type: "ok", value: null }]]);
  });

  it("lets reads that come during a round share the next one", () => {
    const one = settled();
    for (const sequence of [1, 2, 3]) read(one, sequence);
    expect(heartbeats(one)).toEqual([1]);
    answer(one, "n2", 1);
    const asked = one.ctx.asked.slice();
    expect(one.ctx.replies()).toEqual([[1, { type: "ok", value: null }]]);
    one.ctx.asked = asked;
    expect(heartbeats(one)).toEqual([2]);
    answer(one, "n2", 2);
    expect(one.ctx.replies().map(([operation]) => operation)).toEqual([2, 3]);
  });

  it("waits, in a new leader, until an entry of its own term is committed", () => {
    const one = leader({ nodes: 3 });
    read(one, 1);
    answer(one, "n2", 1);
    expect(one.ctx.replies()).toEqual([]);
    answer(one, "n2", 1, 1);
    expect(one.ctx.replies()).toEqual([[1, { type: "ok", value: null }]]);
  });

  it("returns what is committed when it answers, and at least what was committed when it was asked", () => {
    const one = settled();
    raft.onRequest["write"]!(one.state, request("write", "x", 5), one.ctx);
    answer(one, "n2", 0, 2);
    one.ctx.take();
    read(one, 2);
    answer(one, "n2", 1, 2);
    expect(one.ctx.replies()).toEqual([[2, { type: "ok", value: 5 }]]);
  });

  it("takes a follower's mismatch for an answer: it knows of no newer leader", () => {
    const one = settled();
    read(one, 1);
    one.receive("n3", { ...agreed, term: 1, success: false, matchIndex: 0, retryFrom: 1, round: 1 });
    expect(one.ctx.replies()).toEqual([[1, { type: "ok", value: null }]]);
  });

  it("answers at once in a cluster of one, when its no-op is committed", () => {
    const one = leader({ nodes: 1 });
    read(one, 1);
    expect(one.ctx.replies()).toEqual([]);
    raft.onSynced!(one.state, ["log", 1], one.ctx);
    expect(one.ctx.replies().map(([operation]) => operation)).toEqual([1]);
    read(one, 2);
    expect(one.ctx.replies().map(([operation]) => operation)).toEqual([2]);
  });

  it("through the log is an entry like any other, where the option says so", () => {
    const one = leader({ nodes: 3, options: { reads: "log" } });
    read(one, 1);
    expect([...one.state.log].map((entry) => entry.command?.f)).toEqual([undefined, "read"]);
    answer(one, "n2", 0, 2);
    expect(one.ctx.replies()).toEqual([[1, { type: "ok", value: null }]]);
  });
});

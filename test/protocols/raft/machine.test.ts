import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { applyCommand, replicated } from "../../../protocols/raft/machine.ts";
import { boot } from "../../../protocols/raft/state.ts";
import type { Command } from "../../../protocols/raft/state.ts";
import { raft } from "../../../protocols/raft/index.ts";
import type { Reply, Value } from "../../../sim/protocol.ts";
import { request } from "../recorder.ts";
import { leader } from "./node.ts";

const command = (f: string, value: Value, sequence: number, { client = "c1", firstOpen = 1, key = "x" } = {}): Command => {
  return { f, key, value, client, sequence, firstOpen };
};
const machine = () => {
  const state = boot();
  return { state, apply: (one: Command): Reply | undefined => applyCommand(state, one) };
};

describe("the state machine", () => {
  it("reads null from a key that was never written, and then what was written last", () => {
    const { apply } = machine();
    expect(apply(command("read", null, 1))).toEqual({ type: "ok", value: null });
    apply(command("write", 5, 2));
    expect(apply(command("read", null, 3))).toEqual({ type: "ok", value: 5 });
  });

  it("compares and swaps, and says mismatch where the comparison is false", () => {
    const { state, apply } = machine();
    expect(apply(command("cas", [null, 1], 1))).toEqual({ type: "ok" });
    expect(apply(command("cas", [7, 2], 2))).toEqual({ type: "fail", error: "mismatch" });
    expect(apply(command("cas", [1, { a: [3] }], 3))).toEqual({ type: "ok" });
    expect(apply(command("cas", [{ a: [3] }, 4], 4))).toEqual({ type: "ok" });
    expect(state.kv).toEqual({ x: 4 });
  });

  it("a first open number that was changed on its way closes no more than the command's own number allows", () => {
    const { state, apply } = machine();
    expect(apply(command("write", 5, 1, { firstOpen: 2 ** 52 }))).toEqual({ type: "ok" });
    expect(state.sessions).toEqual({ c1: 1 });
  });

  it("shows its keys in order, whatever the order in which they were written", () => {
    const { state, apply } = machine();
    ["b", "a", "c"].forEach((key, position) => apply(command("write", position, position + 1, { key })));
    expect(JSON.stringify(replicated(state))).toBe('{"a":1,"b":0,"c":2}');
  });
});

describe("client sessions (§8, dissertation §6.3)", () => {
  it("apply a command once, and give the same answer to every copy of it", () => {
    const { state, apply } = machine();
    const swap = command("cas", [null, 1], 1);
    const overwrite = command("write", 2, 1, { client: "c2" });
    expect([swap, overwrite, swap].map(apply)).toEqual([{ type: "ok" }, { type: "ok" }, { type: "ok" }]);
    expect(state.kv).toEqual({ x: 2 });
  });

  it("keep sessions apart, and apply the open operations of one in any order", () => {
    const { state, apply } = machine();
    for (const sequence of [3, 1, 2]) apply(command("write", sequence, sequence));
    apply(command("write", 9, 1, { client: "c2" }));
    expect([state.kv, Object.keys(state.replies)]).toEqual([{ x: 9 }, ["c1/3", "c1/1", "c1/2", "c2/1"]]);
  });

  it("forget what a session has stopped waiting for, and do not apply it any more", () => {
    const { state, apply } = machine();
    for (const sequence of [1, 2, 3]) apply(command("write", sequence, sequence));
    apply(command("write", 5, 5, { firstOpen: 3 }));
    expect(Object.keys(state.replies)).toEqual(["c1/3", "c1/5"]);
    expect(apply(command("write", 2, 2))).toBeUndefined(); // A late copy, of which nobody knows any more that it was applied.
    expect(apply(command("write", 4, 4))).toEqual({ type: "ok" }); // Open, and new.
    expect(state.kv).toEqual({ x: 4 });
  });

  it("apply every command exactly once, in the order of first copies, however the log repeats them", () => {
    const copy = fc.record({ client: fc.constantFrom("c1", "c2"), sequence: fc.integer({ min: 1, max: 6 }) });
    const copies = fc.array(copy, { maxLength: 40 });
    fc.assert(
      fc.property(copies, (log) => {
        const { state, apply } = machine();
        let last: string | null = null;
        const seen = new Set<string>();
        for (const { client, sequence } of log) {
          const name = `${client}/${sequence}`;
          if (!seen.has(name)) last = name;
          seen.add(name);
          apply(command("write", name, sequence, { client }));
        }
        expect(state.kv["x"] ?? null).toBe(last);
      }),
    );
  });

  it("let the leader answer a retry of what is applied at once, without a new entry", () => {
    const one = leader({ nodes: 1 });
    raft.onRequest["write"]!(one.state, request("write", "x", 1), one.ctx);
    raft.onSynced!(one.state, ["log", 2], one.ctx);
    one.ctx.take();
    raft.onRequest["write"]!(one.state, request("write", "x", 1, { attempt: 2 }), one.ctx);
    expect(one.ctx.take()).toEqual([["reply", 1, { type: "ok" }]]);
    expect(one.state.log.length).toBe(2);
  });
});

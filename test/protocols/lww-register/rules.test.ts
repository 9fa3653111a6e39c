import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lwwRegister } from "../../../protocols/lww-register/index.ts";
import { isNewer } from "../../../protocols/lww-register/rules.ts";
import type { Gossip, Options, Register, Registers, Rules, State } from "../../../protocols/lww-register/state.ts";
import { ms } from "../../../sim/protocol.ts";
import type { Value } from "../../../sim/protocol.ts";
import { RecordingCtx, request } from "../recorder.ts";

const register = (value: Value, stamp: number, node = "n1"): Register => Object.freeze({ value, stamp, node });

function node(registers: Registers = {}, { self = "n1", nodes = 3, options = {} as Partial<Options> } = {}) {
  const ctx = new RecordingCtx<Gossip, "gossip", Options, Rules>(lwwRegister, self, nodes, options);
  const state: State = { registers: { ...registers } };
  return {
    state,
    ctx,
    ask: (f: string, value: Value, sequence = 1) => lwwRegister.onRequest[f]!(state, request(f, "k", value, { sequence }), ctx),
    hear: (heard: Registers) => lwwRegister.onMessage.Gossip(state, { type: "Gossip", registers: heard }, "n2", ctx),
  };
}

describe("clients", () => {
  it("are answered at once from what the node holds", () => {
    const { ctx, ask } = node({ k: register(7, 5) });
    ask("read", null);
    expect(ctx.take()).toEqual([["reply", 1, { type: "ok", value: 7 }]]);
  });

  it("read null from a key that nobody has written", () => {
    const { ctx, ask } = node();
    ask("read", null);
    expect(ctx.replies()).toEqual([[1, { type: "ok", value: null }]]);
  });

  it("are told of a write when it has been stamped by the node's clock and saved", () => {
    const { state, ctx, ask } = node();
    ctx.now = 40;
    ask("write", 9);
    expect(ctx.take()).toEqual([["persist"], ["reply", 1, { type: "ok" }]]);
    expect(state.registers).toEqual({ k: { value: 9, stamp: 40, node: "n1" } });
  });

  it("lose a write to a clock that is behind, and are told that all is well", () => {
    const { state, ctx, ask } = node({ k: register(7, 50, "n2") });
    ctx.now = 40;
    ask("write", 9);
    expect(ctx.take()).toEqual([["emit", "write.lost", { key: "k" }], ["persist"], ["reply", 1, { type: "ok" }]]);
    expect(state.registers["k"]?.value).toBe(7);
  });

  it("swap by what this node holds, whatever others hold", () => {
    const { state, ctx, ask } = node({ k: register(7, 5) });
    ctx.now = 40;
    ask("cas", [6, 8], 1);
    ask("cas", [7, 8], 2);
    expect(ctx.replies()).toEqual([
      [1, { type: "fail", error: "mismatch" }],
      [2, { type: "ok" }],
    ]);
    expect(state.registers["k"]).toEqual({ value: 8, stamp: 40, node: "n1" });
  });
});

describe("merging", () => {
  const stamps = fc.record({ stamp: fc.nat(3), by: fc.constantFrom("n1", "n2", "n3") });
  const registers = stamps.map(({ stamp, by }) => register(`${stamp} ${by}`, stamp, by));

  it("prefers the later stamp, and between equal ones the greater node", () => {
    expect(isNewer(register(1, 6, "n1"), register(2, 5, "n9"))).toBe(true);
    expect(isNewer(register(1, 5, "n2"), register(2, 5, "n1"))).toBe(true);
    expect(isNewer(register(1, 5, "n1"), register(2, 5, "n1"))).toBe(false);
  });

  it("ends the same in whatever order, and however often, registers are heard of: with the greatest of all", () => {
    const twice = (heard: Register[]) => fc.shuffledSubarray([...heard, ...heard], { minLength: heard.length * 2 });
    const orders = fc.array(registers, { minLength: 1, maxLength: 8 }).chain((heard) => fc.tuple(fc.constant(heard), twice(heard)));
    fc.assert(
      fc.property(orders, ([heard, again]) => {
        const [one, other] = [node(), node()];
        for (const each of heard) one.hear({ k: each });
        for (const each of again) other.hear({ k: each });
        const greatest = heard.slice().sort((a, b) => a.stamp - b.stamp || (a.node < b.node ? -1 : 1)).at(-1);
        expect(one.state).toEqual({ registers: { k: greatest } });
        expect(other.state).toEqual(one.state);
      }),
    );
  });
});

describe("gossip", () => {
  it("tells everybody everything, from a random moment of the first period on", () => {
    const { state, ctx } = node({ a: register(1, 1), b: register(2, 2) });
    lwwRegister.onStart!(state, ctx);
    lwwRegister.onTimer!.gossip(state, ctx, "");
    const news = { type: "Gossip", registers: state.registers };
    expect(ctx.take()).toEqual([
      ["setTimer", "gossip", [0, ms(200)]],
      ["setTimer", "gossip", [ms(200), ms(200)]],
      ["send", "n2", news],
      ["send", "n3", news],
    ]);
  });

  it("tells so many others as the fanout allows, none twice", () => {
    const { state, ctx } = node({}, { nodes: 6, options: { fanout: 3 } });
    lwwRegister.onTimer!.gossip(state, ctx, "");
    expect(ctx.sent().map(([to]) => to)).toEqual(["n2", "n3", "n4"]);
  });

  it("sends what it holds now, which later writes do not change", () => {
    const { state, ctx, ask } = node({ k: register(1, 1) });
    lwwRegister.onTimer!.gossip(state, ctx, "");
    const [[, message]] = ctx.sent() as [readonly [string, Gossip], ...unknown[]];
    ctx.now = 9;
    ask("write", 2);
    expect(message.registers["k"]?.value).toBe(1);
  });
});

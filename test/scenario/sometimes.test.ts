import { describe, expect, it } from "vitest";
import { defineProtocol, ms, type AnyProtocol } from "../../sim/protocol.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { run } from "../../sim/scenario/run.ts";
import { context, mistakes, scenarioOf } from "./support.ts";

/** Says every ten milliseconds that it has ticked, and marks the third time. */
const clockwork: AnyProtocol = defineProtocol<{ ticks: number }, never, "tick">({
  name: "clockwork",
  boot: () => ({ ticks: 0 }),
  onStart: (_, ctx) => ctx.setTimer("tick", ms(10)),
  onMessage: {},
  onTimer: {
    tick(state, ctx) {
      state.ticks += 1;
      ctx.emit("ticked");
      if (state.ticks === 3) ctx.sometimes("third.tick");
      ctx.setTimer("tick", ms(10));
    },
  },
  onRequest: {},
  events: { ticked: "It ticks.", struck: "It never strikes." },
  sometimes: { "third.tick": "It has ticked three times.", "last.tick": "It has ticked for the last time." },
});

const scenario = (rest: string) => parseScenario(`version: 1\nprotocol: clockwork\nnodes: 1\n${rest}`, { ...context, protocols: () => clockwork, protocolNames: ["clockwork"] });

describe("sometimes: in a scenario", () => {
  it("names a protocol's events, what it marks, and metrics with a comparison", () => {
    const { sometimes } = scenario('duration: 1s\nsometimes: [ticked, last.tick, { availability: "< 50%" }, { operations.ok: "> 5", latency.p99: "> 1s" }]');
    expect(sometimes?.map(({ name }) => name)).toEqual(["ticked", "last.tick", "availability < 50%", "operations.ok > 5, latency.p99 > 1s"]);
  });

  it("left out, it is not there", () => expect(scenario("duration: 1s").sometimes).toBeUndefined());

  it.each([
    ["sometimes: [election.wn]", ["3:13 unknown moment `election.wn`, did you mean `election.won`?"]],
    ["sometimes: election.won", ["3:12 expected a list, found `election.won`"]],
    ["sometimes: [{}]", ["3:13 no metric is given"]],
    ['sometimes: [{ availabilty: "< 50%" }]', ["3:15 unknown metric `availabilty`, did you mean `availability`?"]],
    ['sometimes: [{ availability: "50%" }]', ['3:30 expected a comparison such as ">= 95%", found `50%`']],
  ])("%s is a mistake", (text, expected) => expect(mistakes(text)).toEqual(expected));

  it("takes any name where the protocol declares none", () => {
    expect(scenarioOf("sometimes: [whatever]", {}, "silent").sometimes).toEqual([{ type: "moment", name: "whatever" }]);
  });
});

describe("a run under it", () => {
  const reached = (duration: string) => run(scenario(`duration: ${duration}\nsometimes: [ticked, struck, third.tick, { operations.invoked: "== 0" }, { operations.invoked: "> 0" }]`)).result.sometimes;

  it("tells what it came by", () => {
    expect(reached("25ms")).toEqual([
      { name: "ticked", reached: true },
      { name: "struck", reached: false },
      { name: "third.tick", reached: false },
      { name: "operations.invoked == 0", reached: true },
      { name: "operations.invoked > 0", reached: false },
    ]);
    expect(reached("35ms")?.[2]).toEqual({ name: "third.tick", reached: true });
  });

  it("passes whether it came by it or not, and has the same digest as without", () => {
    const text = "duration: 100ms\n";
    const [bare, asked] = [run(scenario(text)).result, run(scenario(`${text}sometimes: [struck]`)).result];
    expect([asked.verdict, asked.digest, asked.events]).toEqual(["pass", bare.digest, bare.events]);
  });

  it("what a protocol marks is no event: one that marks nothing has the same digest", () => {
    const onTimer = { tick: (state: { ticks: number }, ctx: Parameters<(typeof clockwork.onTimer & object)["tick"]>[1]) => (state.ticks++, ctx.emit("ticked"), ctx.setTimer("tick", ms(10))) };
    const one = scenario("duration: 100ms");
    expect(run({ ...one, protocol: { ...clockwork, onTimer } }).result.digest).toBe(run(one).result.digest);
  });

  it("a mark is a line of the trace behind its event, of the level `sometimes`", () => {
    const lines: unknown[] = [];
    run(scenario("duration: 35ms"), { sinks: [{ event() {}, annotation: (one) => void (one.type === "log" && lines.push([one.level, one.text, one.node])) }] });
    expect(lines).toEqual([["sometimes", "third.tick", 0]]);
  });
});

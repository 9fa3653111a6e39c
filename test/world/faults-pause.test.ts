import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import type { Ctx, Value } from "../../sim/protocol.ts";
import type { FaultConfig } from "../../sim/world/config.ts";
import { constant, fault, lives, note, puppet, run, type Act, type Recording } from "./build.ts";

const fate = (...faults: FaultConfig[]): unknown[] => lives(run(puppet({}), { faults }).seen, 0);
const pause = (at: number, lasts?: number): FaultConfig => fault("pause", "n1", { at, ...(lasts !== undefined && { for: lasts }) });
const crash = (at: number, lasts?: number): FaultConfig => fault("crash", "n1", { at, ...(lasts !== undefined && { for: lasts }) });
const send = (to: string, text: Value): Act => (_, ctx) => ctx.send(to, note(text));
/** What n1's handlers were called for, and when. */
const handled = (seen: Recording): unknown[] =>
  seen.of("deliver", "timer", "synced").filter(({ node }) => node === 0).map(({ kind, time, name, key }) => [`${kind} ${name}${key}`.trim(), time]);

describe("a paused node", () => {
  test("stops at 5 ms and goes on at 9 ms, in the same life", () => {
    const { seen } = run(puppet({}), { faults: [pause(ms(5), ms(4))] });
    expect(lives(seen, 0)).toEqual([["boot", 0], ["pause", ms(5)], ["resume", ms(9)]]);
    expect(seen.of("resume")[0]?.incarnation).toBe(1);
  });

  test("is up, not running, and not the leader", () => {
    const { world } = run(puppet({}), { faults: [pause(ms(5))] });
    expect([world.node(0).isUp, world.node(0).isRunning]).toEqual([true, false]);
  });

  test("handles what waited when it goes on, at once and in the order in which it came", () => {
    const script = {
      n1: [[ms(6), () => {}], [ms(8), () => {}]] as [number, Act][],
      n2: [[ms(4.5), send("n1", "a")], [ms(6.5), send("n1", "b")]] as [number, Act][],
    };
    const { seen } = run(puppet(script), { faults: [pause(ms(5), ms(5))] });
    expect(handled(seen)).toEqual([["deliver Note", ms(10)], ["timer act0", ms(10)], ["deliver Note", ms(10)], ["timer act1", ms(10)]]);
  });

  test("hears of a sync that its disk has done meanwhile only then, and what it held back leaves then, at 10 ms", () => {
    const act: Act = (state, ctx) => ((state.x = 1), ctx.persist(), ctx.send("n2", note("held")));
    const { seen } = run(puppet({ n1: [[ms(4.5), act]] }, { durable: ["x"] }), { faults: [pause(ms(5), ms(5))] });
    expect(seen.of("synced", "send").map(({ kind, time }) => [kind, time])).toEqual([["synced", ms(10)], ["send", ms(10)]]);
  });

  test("whose disk has done a sync keeps what was synced when it crashes: 1", () => {
    const script: [number, Act][] = [[ms(4.5), (state, ctx) => ((state.x = 1), ctx.persist())], [ms(30), (state, ctx) => ctx.emit("x", { x: state.x })]];
    const { seen } = run(puppet({ n1: script }, { durable: ["x"], boot: () => ({ x: 0 }) }), { faults: [pause(ms(5), ms(5)), crash(ms(8), ms(1))] });
    expect(seen.of("emit").map(({ data }) => data)).toEqual([{ x: 1 }]);
  });

  test("does not fire a timer that what it catches up with has cancelled", () => {
    const onMessage = { Note: (_: unknown, __: unknown, ___: string, ctx: Ctx<any, string>) => ctx.cancelTimer("act", "0") };
    const script = { n1: [[ms(7), () => {}]] as [number, Act][], n2: [[ms(5), send("n1", "cancel")]] as [number, Act][] };
    const { seen } = run(puppet(script, { onMessage } as never), { faults: [pause(ms(5), ms(5))] });
    expect(handled(seen)).toEqual([["deliver Note", ms(10)]]);
  });

  test("fires a timer only once that what it catches up with has set anew: at 11 ms", () => {
    const onMessage = { Note: (_: unknown, __: unknown, ___: string, ctx: Ctx<any, string>) => ctx.setTimer("act", ms(1), "0") };
    const script = { n1: [[ms(7), () => {}]] as [number, Act][], n2: [[ms(5), send("n1", "again")]] as [number, Act][] };
    const { seen } = run(puppet(script, { onMessage } as never), { faults: [pause(ms(5), ms(5))] });
    expect(handled(seen)).toEqual([["deliver Note", ms(10)], ["timer act0", ms(11)]]);
  });

  test("that throws in what it catches up with crashes, and loses the rest of the messages: 2 are dropped", () => {
    const onMessage = { Note: () => { throw new Error("no"); } };
    const script = { n2: [[ms(5), send("n1", "a")], [ms(6), send("n1", "b")], [ms(7), send("n1", "c")]] as [number, Act][] };
    const { seen } = run(puppet(script, { onMessage } as never), { faults: [pause(ms(5), ms(5))] });
    expect(seen.of("crash", "drop").map(({ kind, time, reason }) => [kind, time, reason.slice(0, 4)])).toEqual([["crash", ms(10), "onMe"], ["drop", ms(10), "down"], ["drop", ms(10), "down"]]);
  });

  test("is not told by the network: what reached it before a cut is handled though the cut still lasts", () => {
    const script = { n2: [[ms(5), send("n1", "a")]] as [number, Act][] };
    const { seen } = run(puppet(script), { faults: [pause(ms(5), ms(5)), fault("isolate", "n1", { at: ms(8) })] });
    expect(handled(seen)).toEqual([["deliver Note", ms(10)]]);
  });

  test("lets its clock go on: 5 ms later when it goes on", () => {
    const { seen } = run(puppet({}), { faults: [pause(ms(5), ms(5))] });
    expect(seen.of("pause", "resume").map(({ nodeTime }) => nodeTime)).toEqual([ms(5), ms(10)]);
  });

  test("leaves clients waiting, who ask another node after 200 ms", () => {
    const workload = { clients: 1, think: constant(ms(10)), until: ms(15) };
    const { seen } = run(puppet({}), { nodes: 2, workload, faults: [fault("pause", "all", { at: 0, for: ms(100) })] });
    expect(seen.of("ok").map(({ time }) => time)).toEqual([ms(101)]);
  });
});

describe("pauses that meet", () => {
  test("pausing a paused node does nothing, and says so", () => {
    const { seen } = run(puppet({}), { faults: [pause(ms(5), ms(10)), pause(ms(7), ms(2))] });
    expect(seen.of("fault").map(({ data }) => (data as { did: boolean }).did)).toEqual([true, false]);
  });

  test("the later end counts: 15 ms, and 27 ms", () => {
    expect(fate(pause(ms(5), ms(10)), pause(ms(7), ms(2)))).toEqual([["boot", 0], ["pause", ms(5)], ["resume", ms(15)]]);
    expect(fate(pause(ms(5), ms(10)), pause(ms(7), ms(20)))).toEqual([["boot", 0], ["pause", ms(5)], ["resume", ms(27)]]);
  });

  test("a pause without `for` is the latest end", () => {
    expect(fate(pause(ms(5), ms(10)), pause(ms(7)))).toEqual([["boot", 0], ["pause", ms(5)]]);
  });

  test("a crash of a paused node stops it, and what waited is lost: 1 message is dropped", () => {
    const script = { n2: [[ms(5), send("n1", "a")]] as [number, Act][] };
    const { seen } = run(puppet(script), { faults: [pause(ms(5), ms(10)), crash(ms(8))] });
    expect(lives(seen, 0)).toEqual([["boot", 0], ["pause", ms(5)], ["crash", ms(8)]]);
    expect(seen.of("drop").map(({ time, reason, fault: by }) => [time, reason, by])).toEqual([[ms(8), "down", 1]]);
  });

  test("a crash that ends while the pause lasts starts the node when the pause ends, at 15 ms", () => {
    expect(fate(pause(ms(5), ms(10)), crash(ms(8), ms(2)))).toEqual([["boot", 0], ["pause", ms(5)], ["crash", ms(8)], ["boot", ms(15)]]);
  });

  test("a pause that ends while the crash lasts leaves the node down until that ends, at 20 ms", () => {
    expect(fate(pause(ms(5), ms(10)), crash(ms(8), ms(12)))).toEqual([["boot", 0], ["pause", ms(5)], ["crash", ms(8)], ["boot", ms(20)]]);
  });

  test("pausing a crashed node does nothing, and says so; its restart waits for the later end, 20 ms", () => {
    const { seen } = run(puppet({}), { faults: [crash(ms(5), ms(5)), pause(ms(8), ms(12))] });
    expect(seen.of("fault").map(({ data }) => (data as { did: boolean }).did)).toEqual([true, false]);
    expect(lives(seen, 0)).toEqual([["boot", 0], ["crash", ms(5)], ["boot", ms(20)]]);
  });

  test("property: a node runs exactly when no pause and no crash lasts that struck it, and every pause that it noticed ends", () => {
    const one = fc.record({ kind: fc.constantFrom("pause", "crash"), at: fc.integer({ min: 0, max: 40 }), lasts: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), (some) => {
        const spans = some.map(({ kind, at, lasts }, index) => ({ kind, from: ms(at + index / 16), to: ms(at + index / 16 + lasts + 1 / 32) }));
        const faults = spans.map(({ kind, from, to }, index) => ({ ...fault(kind, "n1", { at: from, for: to - from }), text: String(index) }));
        const { seen } = run(puppet({}), { faults, duration: ms(100) });
        const isFree = (time: number): boolean => !spans.some(({ from, to }) => from <= time && time < to);
        let running = false;
        let last = 0;
        for (const { kind, time } of [...seen.of("boot", "crash", "pause", "resume").filter(({ node }) => node === 0), { kind: "end", time: ms(100) }]) {
          const moments = spans.flatMap(({ from, to }) => [from, to]).filter((at) => at >= last && at < time);
          for (const moment of [last, ...moments].filter((at) => at < time)) expect([moment, running]).toEqual([moment, isFree(moment)]);
          running = kind === "boot" || kind === "resume";
          last = time;
        }
      }),
      { numRuns: 100, seed: 42 },
    );
  });
});

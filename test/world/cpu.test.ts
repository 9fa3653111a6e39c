import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampler } from "../../sim/kernel/distribution.ts";
import { Streams } from "../../sim/kernel/stream.ts";
import { ms } from "../../sim/kernel/time.ts";
import type { Ctx } from "../../sim/protocol.ts";
import type { CpuConfig, FaultConfig } from "../../sim/world/config.ts";
import { build, constant, fault, heard, lives, note, puppet, Recording, run, sel, uniform, type Act } from "./build.ts";
import { busy, trouble } from "./busy.ts";

const send = (text: string, to = "n1"): Act => (_, ctx) => ctx.send(to, note(text));
/** n2 sends these to n1 at these milliseconds, and they are there at once. */
const sending = (...at: number[]): { n2: [number, Act][] } => ({ n2: at.map((time, index): [number, Act] => [ms(time), send(String(index + 1))]) });
const world = (cpu: Partial<CpuConfig>, ...faults: FaultConfig[]) => ({ nodes: 2, duration: ms(100), network: { latency: constant(0) }, cpu: { perMessage: constant(ms(2)), ...cpu }, faults });
/** When n1 heard which message, in milliseconds. */
const handled = (seen: Recording): unknown[] => heard(seen, 0).map(([text, at]) => `${String(text)} at ${at / ms(1)}`);
const waited = (seen: Recording): unknown[] => seen.of("arrive").map(({ time, queue }) => [time / ms(1), queue]);
const shed = (seen: Recording): unknown[] => seen.of("drop").map(({ time, reason, fault: by }) => [time / ms(1), reason, by]);

describe("a node with a service time of 2 ms", () => {
  test("handles a message when it is served, at 7 ms, and records nothing before", () => {
    const { seen } = run(puppet(sending(5)), world({}));
    expect([handled(seen), waited(seen)]).toEqual([["1 at 7"], []]);
  });

  test("serves one after another: three that come at 5, 5 and 6 ms at 7, 9 and 11 ms", () => {
    const { seen } = run(puppet(sending(5, 5, 6)), world({}));
    expect(handled(seen)).toEqual(["1 at 7", "2 at 9", "3 at 11"]);
  });

  test("records what waits, with how many wait: 1, then 2", () => {
    const { seen } = run(puppet(sending(5, 5, 6)), world({}));
    expect(waited(seen)).toEqual([[5, 1], [6, 2]]);
    expect(seen.of("arrive")[0]).toMatchObject({ node: 0, incarnation: 1, nodeTime: ms(5), peer: 1, name: "Note", cause: seen.of("send")[1]?.id });
  });

  test("and two cores serves two at a time: at 7, 7 and 9 ms", () => {
    const { seen } = run(puppet(sending(5, 5, 6)), world({ cores: 2 }));
    expect([handled(seen), waited(seen)]).toEqual([["1 at 7", "2 at 7", "3 at 9"], [[6, 1]]]);
  });

  test("and room for one that waits sheds the third, and says so: inbox", () => {
    const { seen } = run(puppet(sending(5, 5, 6)), world({ inbox: 1 }));
    expect([handled(seen), shed(seen)]).toEqual([["1 at 7", "2 at 9"], [[6, "inbox", -1]]]);
  });

  test("and no room at all sheds whatever finds it busy", () => {
    const { seen } = run(puppet(sending(5, 6, 7)), world({ inbox: 0 }));
    expect([handled(seen), shed(seen)]).toEqual([["1 at 7", "3 at 9"], [[6, "inbox", -1]]]);
  });

  test("serves what it sends itself like anything else: at 7 ms", () => {
    const { seen } = run(puppet({ n1: [[ms(5), send("self")]] }), world({}));
    expect(handled(seen)).toEqual(["self at 7"]);
  });

  test("serves clients' requests, and a client's replies cost nothing: answered 2 ms after it asked", () => {
    const { seen } = run(puppet({}), { ...world({}), nodes: 1, workload: { clients: 1, think: constant(ms(40)), until: ms(50), network: { latency: constant(0) } } });
    expect(seen.of("invoke", "ok").map(({ time }) => time / ms(1))).toEqual([40, 42]);
  });
});

describe("timers and syncs", () => {
  const order = (seen: Recording): string[] => seen.of("deliver", "timer", "synced").filter(({ node }) => node === 0).map(({ kind, time }) => `${kind} ${time / ms(1)}`);

  test("take their turn behind what came before them, and cost nothing: a timer of 6 ms fires at 9 ms, before the third", () => {
    const { seen } = run(puppet({ ...sending(5, 5, 6.5), n1: [[ms(6), () => {}]] }), world({}));
    expect(order(seen)).toEqual(["deliver 7", "deliver 9", "timer 9", "deliver 11"]);
  });

  test("do not wait for a core where one is free", () => {
    const { seen } = run(puppet({ ...sending(5), n1: [[ms(6), () => {}]] }), world({ cores: 2 }));
    expect(order(seen)).toEqual(["timer 6", "deliver 7"]);
  });

  test("of a saturated leader make its heartbeats late: that of 10 ms leaves at 25 ms", () => {
    const { seen } = run(puppet({ ...sending(...Array.from({ length: 10 }, () => 5)), n1: [[ms(10), send("heartbeat", "n2")]] }), world({}));
    expect(seen.of("send").filter(({ node }) => node === 0).map(({ time }) => time / ms(1))).toEqual([25]);
  });

  test("are set back by a message that waited before them: an election timer does not overtake a heartbeat", () => {
    const onMessage = { Note: (_: unknown, __: unknown, ___: string, ctx: Ctx<any, string>) => ctx.setTimer("act", ms(20), "0") };
    const { seen } = run(puppet({ ...sending(5, 5.5), n1: [[ms(6), () => {}]] }, { onMessage } as never), world({}));
    expect(order(seen)).toEqual(["deliver 7", "deliver 9", "timer 29"]);
  });

  test("are never shed, and leave the inbox its room: two of them and a message wait in an inbox for one", () => {
    const { seen } = run(puppet({ ...sending(5, 6.5), n1: [[ms(6), () => {}], [ms(6.25), () => {}]] }), world({ inbox: 1 }));
    expect([order(seen), shed(seen), waited(seen)]).toEqual([["deliver 7", "timer 7", "timer 7", "deliver 9"], [], [[6.5, 1]]]);
  });

  test("a sync that ends while its node is busy is heard of then, and lets go what it held back: at 7 ms", () => {
    const act: Act = (state, ctx) => ((state.x = 1), ctx.persist(), ctx.send("n2", note("held")));
    const { seen } = run(puppet({ ...sending(5), n1: [[ms(4.5), act]] }, { durable: ["x"] }), world({}));
    expect(order(seen)).toEqual(["timer 4.5", "deliver 7", "synced 7"]);
    expect(seen.of("send").filter(({ node }) => node === 0).map(({ time }) => time / ms(1))).toEqual([7]);
  });
});

describe("a crash", () => {
  const crash = (at: number, lasts: number): FaultConfig => fault("crash", "n1", { at: ms(at), for: ms(lasts) });

  test("loses what is served and what waits, and says so; what comes after the restart is served afresh", () => {
    const { seen } = run(puppet(sending(5, 5, 5, 8)), world({}, crash(6, 1)));
    expect(shed(seen)).toEqual([[6, "down", 0], [6, "down", 0], [6, "down", 0]]);
    expect(handled(seen)).toEqual(["4 at 10"]);
  });

  test("of a handler that throws loses the rest: 2 messages", () => {
    const onMessage = { Note: () => { throw new Error("no"); } };
    const { seen } = run(puppet(sending(5, 5, 5), { onMessage } as never), world({}));
    expect([lives(seen, 0), shed(seen)]).toEqual([[["boot", 0], ["crash", ms(7)]], [[7, "down", -1], [7, "down", -1]]]);
  });

  test("leaves a timer that waited unfired", () => {
    const onStart = (_: unknown, ctx: Ctx<never, string>): void => void (ctx.now === 0 && ctx.setTimer("act", ctx.self === "n1" ? ms(6) : ms(5), "0"));
    const { seen } = run(puppet({ ...sending(5), n1: [[ms(6), (_, ctx) => ctx.emit("fired")]] }, { onStart } as never), world({}, crash(6.5, 1)));
    expect(seen.of("emit")).toEqual([]);
  });
});

describe("a pause", () => {
  const pause = (at: number, lasts: number): FaultConfig => fault("pause", "n1", { at: ms(at), for: ms(lasts) });

  test("stops a service, which goes on with the time that was left of it: 1 ms after the pause, at 17 ms", () => {
    const { seen } = run(puppet(sending(5)), world({}, pause(6, 10)));
    expect(handled(seen)).toEqual(["1 at 17"]);
  });

  test("lets what comes wait, though no core is busy: served from 16 ms on", () => {
    const { seen } = run(puppet(sending(8, 9)), world({}, pause(6, 10)));
    expect([handled(seen), waited(seen)]).toEqual([["1 at 18", "2 at 20"], [[8, 1], [9, 2]]]);
  });

  test("fills the inbox, and sheds what finds it full", () => {
    const { seen } = run(puppet(sending(8, 9, 10)), world({ inbox: 2 }, pause(6, 10)));
    expect([handled(seen), shed(seen)]).toEqual([["1 at 18", "2 at 20"], [[10, "inbox", -1]]]);
  });

  test("within a pause changes nothing: the later end counts", () => {
    const { seen } = run(puppet(sending(5)), world({}, pause(6, 10), pause(8, 2)));
    expect(handled(seen)).toEqual(["1 at 17"]);
  });

  test("makes a leader that sleeps through its lease answer what waited before it looks at the time", () => {
    // The request waits before the timer that would have ended the lease: the classic mistake of a lease without a clock.
    const onStart = (_: unknown, ctx: Ctx<never, string>): void => ctx.self === "n1" ? ctx.setTimer("act", ms(10), "0") : ctx.setTimer("act", ms(9), "0");
    const { seen } = run(puppet({ n1: [[ms(10), (_, ctx) => ctx.emit("lease.over")]], n2: [[ms(9), send("read")]] }, { onStart } as never), world({}, pause(6, 10)));
    expect(seen.of("deliver", "emit").map(({ kind, time }) => `${kind} ${time / ms(1)}`)).toEqual(["deliver 18", "emit 18"]);
  });
});

describe("slowCpu", () => {
  const slow = (by: number, at: number, lasts?: number): FaultConfig => fault("slowCpu", { nodes: sel("n1"), by }, { at: ms(at), ...(lasts !== undefined && { for: ms(lasts) }) });

  test("by 10 makes a service of 2 ms one of 20 ms", () => {
    expect(handled(run(puppet(sending(5)), world({}, slow(10, 1))).seen)).toEqual(["1 at 25"]);
  });

  test("slows what is left of a service under way: 1 ms of it to 10 ms", () => {
    expect(handled(run(puppet(sending(5)), world({}, slow(10, 6))).seen)).toEqual(["1 at 16"]);
  });

  test("ends with the fault: of 20 ms, 10 ms done in time, the other half takes 1 ms", () => {
    expect(handled(run(puppet(sending(5, 30)), world({}, slow(10, 1, 14))).seen)).toEqual(["1 at 16", "2 at 32"]);
  });

  test("by two faults multiplies: 2 × 5 while both last", () => {
    // From 5 ms: 2 times as slow, by 7 ms half is done; 10 times as slow, the other half takes 10 ms.
    expect(handled(run(puppet(sending(5)), world({}, slow(2, 1), slow(5, 7))).seen)).toEqual(["1 at 17"]);
  });

  test("below 1 makes a node faster: by 0.5 it serves in 1 ms", () => {
    expect(handled(run(puppet(sending(5)), world({}, slow(0.5, 1))).seen)).toEqual(["1 at 6"]);
  });

  test("counts for a paused service as well: the 1 ms left takes 10 ms after the pause", () => {
    const faults = [fault("pause", "n1", { at: ms(6), for: ms(4) }), slow(10, 8)];
    expect(handled(run(puppet(sending(5)), world({}, ...faults)).seen)).toEqual(["1 at 20"]);
  });

  test("survives a crash: the machine is slow, and not the process", () => {
    expect(handled(run(puppet(sending(5)), world({}, slow(10, 1), fault("restart", "n1", { at: ms(3) }))).seen)).toEqual(["1 at 25"]);
  });

  test("ends at a heal", () => {
    expect(handled(run(puppet(sending(5)), world({}, slow(10, 1), fault("heal", "all", { at: ms(3) }))).seen)).toEqual(["1 at 7"]);
  });

  test("of a node whose messages cost nothing does nothing, and says so", () => {
    const { seen } = run(puppet(sending(5)), world({ perMessage: constant(0) }, slow(10, 1)));
    expect([handled(seen), seen.of("fault").map(({ data }) => (data as { did: boolean }).did)]).toEqual([["1 at 5"], [false]]);
  });
});

describe("chance", () => {
  test("each node draws its service times from a stream of its own, one a message that comes: cpu/n1", () => {
    const perMessage = uniform(0, ms(3));
    const { seen } = run(puppet({ ...sending(5, 15), n1: [[ms(1), send("x", "n2")]] }), world({ perMessage }));
    const stream = new Streams(1).get("cpu/n1");
    const draw = sampler(perMessage);
    expect(heard(seen, 0).map(([, at]) => at)).toEqual([ms(5) + draw(stream), ms(15) + draw(stream)]);
  });

  test("without a service time nothing is drawn or recorded, whatever the cores and the inbox: the same events", () => {
    const faults = [fault("pause", "n1", { at: ms(5), for: ms(5) })];
    const lines = (cpu: Partial<CpuConfig>): string[] => run(puppet(sending(4, 6, 7, 8)), { ...world({ perMessage: constant(0), ...cpu }, ...faults) }).seen.lines;
    expect(lines({ cores: 3, inbox: 0 })).toEqual(lines({}));
  });
});

/** When each of the arrivals is handled, or that it is shed: each core's time, one arrival after the other. */
function naive(arrivals: readonly number[], demands: readonly number[], cores: number, inbox: number): (number | "shed")[] {
  const freeAt = new Array<number>(cores).fill(0);
  const starts: number[] = [];
  return arrivals.map((at, index) => {
    const core = freeAt.indexOf(Math.min(...freeAt));
    const start = Math.max(at, freeAt[core] as number);
    if (start > at && starts.filter((begun) => begun > at).length >= inbox) return "shed";
    starts.push(start);
    freeAt[core] = start + (demands[index] as number);
    return freeAt[core] as number;
  });
}

describe("property", () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 3_000_000 }), { minLength: 1, maxLength: 30 });
  const perMessage = uniform(1, 4_000_000);

  test("messages are handled, or shed, when a naive model of the queue says", () => {
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 5 }), fc.nat(), (some, cores, inbox, seed) => {
        let at = 0;
        const arrivals = some.map((gap) => (at += gap));
        const script = { n2: arrivals.map((time, index): [number, Act] => [time, send(String(index))]) };
        const { seen } = run(puppet(script), { ...world({ perMessage, cores, inbox }), seed, duration: ms(300) });
        const stream = new Streams(seed).get("cpu/n1");
        const draw = sampler(perMessage);
        const expected = naive(arrivals, arrivals.map(() => draw(stream)), cores, inbox);
        const times = new Map(heard(seen, 0).map(([text, time]) => [Number(text), time]));
        expect(arrivals.map((_, index) => times.get(index) ?? "shed")).toEqual(expected);
      }),
      { numRuns: 200, seed: 71 },
    );
  });

  test("a copy of the world goes on as it does, with what is served and waits, through pauses and slow times", () => {
    const faults = [
      fault("pause", "n1", { every: [ms(3), ms(9)], for: [ms(1), ms(4)], between: [0, ms(60)] }),
      fault("slowCpu", { nodes: sel("all"), by: 3 }, { every: [ms(5), ms(12)], for: [ms(2), ms(8)], between: [0, ms(60)] }),
      fault("crash", "n1", { every: [ms(20), ms(30)], for: [ms(1), ms(4)], between: [0, ms(60)] }),
    ];
    const script = { ...sending(...Array.from({ length: 60 }, (_, index) => 1 + index * 0.9)), n1: [10, 20, 30].map((at): [number, Act] => [ms(at), send("back", "n2")]) };
    const setting = { ...world({ perMessage, cores: 2, inbox: 4 }, ...faults), duration: ms(80) };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 5 }), (steps, seed) => {
        const { world: original, seen } = build(puppet(script), { ...setting, seed });
        original.runUntil(ms(80), steps);
        const before = seen.lines.length;
        const copySeen = new Recording();
        const copy = original.copy({ sinks: [copySeen] });
        copy.runUntil(ms(80));
        original.runUntil(ms(80));
        expect(copySeen.lines).toEqual(seen.lines.slice(before));
      }),
      { numRuns: 60, seed: 72 },
    );
  });

  test("a copy of a world in which everything happens goes on as it does, with busy nodes, stopped clocks and what lies in wait", () => {
    const setting = (seed: number) => {
      const base = trouble(seed);
      const more = [
        fault("slowCpu", { nodes: sel("random"), by: 4 }, { every: [ms(20), ms(60)], for: [ms(10), ms(40)] }),
        fault("skew", { nodes: sel("random"), stopped: true }, { every: [ms(30), ms(60)], for: [ms(5), ms(30)] }),
        fault("crash", "random", { every: [ms(15), ms(40)], for: [ms(5), ms(30)], amid: "effects" }),
        fault("crash", "random", { every: [ms(25), ms(60)], for: [ms(5), ms(30)], amid: "sync" }),
      ];
      return { ...base, cpu: { perMessage: uniform(0, ms(1)), cores: 2, inbox: 5 }, faults: [...base.faults, ...more] };
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_500 }), fc.integer({ min: 1, max: 4 }), (steps, seed) => {
        const { world: original, seen } = build(busy, setting(seed));
        original.runUntil(ms(300), steps);
        const before = seen.lines.length;
        const copySeen = new Recording();
        const copy = original.copy({ sinks: [copySeen] });
        original.runUntil(ms(300));
        copy.runUntil(ms(300));
        expect(copySeen.lines).toEqual(seen.lines.slice(before));
        expect([seen.of("arrive").length > 20, seen.of("crash").some(({ reason }) => reason.startsWith("amid"))]).toEqual([true, true]);
      }),
      { numRuns: 8, seed: 73 },
    );
  });
});

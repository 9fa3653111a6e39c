import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampler } from "../../sim/kernel/distribution.ts";
import { Streams } from "../../sim/kernel/stream.ts";
import { ms, seconds } from "../../sim/kernel/time.ts";
import type { AnyProtocol, Protocol } from "../../sim/protocol.ts";
import type { FaultConfig, LinkConfig } from "../../sim/world/config.ts";
import { busy, trouble } from "./busy.ts";
import { build, config, constant, fault, groups, heard, note, puppet, Recording, run, sel, uniform, type Act, type Script } from "./build.ts";

const fifo = { fifo: true, latency: constant(ms(1)) };
const say = (...texts: unknown[]): Act => (_, ctx) => texts.forEach((text) => ctx.send("n2", note(text as string)));
const many = (count: number): Act => say(...Array.from({ length: count }, (_, text) => text));

/** Whoever loses a connection says what it lost of it. */
const telling: Partial<Protocol> = {
  onDisconnect: (_, peer, lost, ctx) => ctx.emit("lost", { peer, texts: lost.map((message) => message.text) }),
};

interface Outcome {
  readonly seen: Recording;
  /** What n2 heard, and when, in milliseconds. */
  readonly heard: unknown[];
  readonly lost: unknown[];
  readonly events: unknown[];
}

function outcome(script: Script, faults: readonly FaultConfig[] = [], network: Partial<LinkConfig> = {}, more: Parameters<typeof run>[1] = {}): Outcome {
  const { seen } = run(puppet(script, telling), { duration: seconds(10), ...more, faults, network: { ...fifo, ...network } });
  const inMs = (time: number): number => time / ms(1);
  return {
    seen,
    heard: heard(seen, 1).map(([text, at]) => [text, inMs(at)]),
    lost: seen.of("emit").filter(({ name }) => name === "lost").map(({ data, time }) => [(data as { texts: unknown }).texts, inMs(time)]),
    events: seen.of("connect", "disconnect").map(({ kind, node, peer, time }) => `n${node + 1} ${kind} n${peer + 1} ${inMs(time)}`),
  };
}

describe("order", () => {
  const latency = uniform(ms(1), ms(50));

  test("is kept: each message arrives when it would as a datagram, but not before those before it", () => {
    const { seen } = outcome({ n1: [[ms(10), many(300)]] }, [], { latency });
    const stream = new Streams(1).get("network/n1→n2/latency");
    const draw = sampler(latency);
    let latest = 0;
    const expected = Array.from({ length: 300 }, (_, text) => [text, (latest = Math.max(latest, ms(10) + draw(stream)))]);
    expect(heard(seen, 1)).toEqual(expected);
  });

  test("is what datagrams of the same latencies do not keep", () => {
    const texts = outcome({ n1: [[ms(10), many(300)]] }, [], { latency, fifo: false }).heard.map((one) => (one as [number])[0]);
    expect(texts).not.toEqual(texts.slice().sort((a, b) => a - b));
  });

  test("is kept and everything arrives once, whatever is lost, corrupted, doubled, slow, clogged or cut for less than two seconds", () => {
    const link = { link: [sel("n1"), sel("n2")] };
    const kinds = fc.constantFrom<readonly [string, unknown]>(
      ["flaky", { ...link, loss: 0.5 }],
      ["corrupt", { ...link, rate: 0.5 }],
      ["duplicate", { ...link, rate: 0.9 }],
      ["slow", { ...link, by: uniform(0, ms(30)) }],
      ["clog", { link: [sel("n1"), sel("n2")] }],
      ["partition", groups("n1", "rest")],
      ["pause", sel("n2")],
    );
    const faults = fc.array(fc.tuple(kinds, fc.integer({ min: 0, max: 800 }), fc.integer({ min: 1, max: 100 })), { maxLength: 5 });
    fc.assert(
      fc.property(fc.nat(), faults, fc.constantFrom(0, 0.02), fc.boolean(), (seed, drawn, loss, isNarrow) => {
        const script = Array.from({ length: 60 }, (_, text): [number, Act] => [ms(17 * text), say(text)]);
        const { heard: all } = outcome(
          { n1: script },
          drawn.map(([[kind, value], at, lasts], index) => ({ ...fault(kind, value, { at: ms(at), for: ms(lasts) }), text: String(index) })),
          { latency, loss, corrupt: loss, bandwidth: isNarrow ? 20_000 : undefined, queue: isNarrow ? 100 : undefined },
          { seed },
        );
        expect(all.map((one) => (one as [number])[0])).toEqual(Array.from({ length: 60 }, (_, text) => text));
      }),
      { numRuns: 60, seed: 31 },
    );
  });

  test("of one direction is none of the other", () => {
    const both: Script = { n1: [[ms(10), (_, ctx) => void [0, 1, 2, 3, 4, 5, 6, 7].forEach((text) => ctx.send("n2", note(text)))]], n2: [[ms(10), (_, ctx) => void [0, 1, 2, 3, 4, 5, 6, 7].forEach((text) => ctx.send("n1", note(text)))]] };
    const { seen } = run(puppet(both), { network: { latency: uniform(ms(1), ms(50)), links: [{ from: ["n1"], to: ["n2"], link: { fifo: true } }] } });
    const texts = (node: number): unknown[] => heard(seen, node).map(([text]) => text);
    expect(texts(1)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(texts(0)).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});

/** RFC 6298, §5: after the retransmission timeout, here 200 ms and the round trip of 2 ms; doubled with each attempt. */
describe("what is lost is sent again", () => {
  const bad = (kind: string, rate: object, until: number): FaultConfig[] => [fault(kind, { link: [sel("n1"), sel("n2")], ...rate }, { at: 0, for: ms(until) })];
  const script: Script = { n1: [[ms(10), say("a")], [ms(20), say("b")], [ms(150), say("c")]] };

  test("202 ms later, and what follows waits for it: at 213, 213 or 223 ms", () => {
    expect(outcome(script, bad("flaky", { loss: 1 }, 15)).heard).toEqual([["a", 213], ["b", 213], ["c", 213]]);
    expect(outcome(script, bad("flaky", { loss: 1 }, 100)).heard).toEqual([["a", 213], ["b", 223], ["c", 223]]);
  });
  test("404 ms after that if it is lost again, and 808 ms after that: at 617 and 1,425 ms", () => {
    expect(outcome({ n1: [[ms(10), say("a")]] }, bad("flaky", { loss: 1 }, 300)).heard).toEqual([["a", 617]]);
    expect(outcome({ n1: [[ms(10), say("a")]] }, bad("flaky", { loss: 1 }, 700)).heard).toEqual([["a", 1425]]);
  });
  test("and so is what is corrupt, where a checksum tells", () => {
    const { heard: all, seen } = outcome(script, bad("corrupt", { rate: 1 }, 15));
    expect([all, seen.of("drop", "corrupt")]).toEqual([[["a", 213], ["b", 213], ["c", 213]], []]);
  });
  test("what is corrupt without a checksum arrives in its turn, changed", () => {
    const { seen } = outcome(script, bad("corrupt", { rate: 1 }, 15), { checksum: false });
    expect(seen.of("deliver").map(({ time }) => time)).toEqual([ms(11), ms(21), ms(151)]);
    const [changed] = seen.of("corrupt");
    expect([changed?.message, (changed?.data as { text: string }).text === "a", seen.of("deliver")[0]?.cause]).toEqual([0, false, changed?.id]);
  });
  test("and so is what finds the queue full", () => {
    const { heard: all } = outcome({ n1: [[ms(10), many(3)]] }, [], { latency: constant(ms(1)), bandwidth: 1000, queue: 0 });
    expect(all.map((one) => (one as [number])[0])).toEqual([0, 1, 2]);
    expect((all[1] as [number, number])[1]).toBeGreaterThan(200);
  });
  test("copies are none, whatever copies", () => {
    const { heard: all, seen } = outcome(script, bad("duplicate", { rate: 1 }, 1000));
    expect([all.length, seen.of("duplicate").length]).toEqual([3, 0]);
  });
});

describe("a cut", () => {
  const cut = (at: number, lasts: number): FaultConfig[] => [fault("partition", groups("n1", "rest"), { at: ms(at), for: ms(lasts) })];

  test("of less than two seconds delays and loses nothing: sent at 100 ms, cut until 1,000 ms, there at 1,515 ms", () => {
    // Attempts at 100, 302, 706 and 1,514 ms.
    const { heard: all, events } = outcome({ n1: [[ms(100), say("a", "b")]] }, cut(50, 950));
    expect([all, events]).toEqual([[["a", 1515], ["b", 1515]], []]);
  });
  test("that falls while something is under way has it sent again: 202 ms after it was sent", () => {
    expect(outcome({ n1: [[ms(100), say("a")]] }, cut(100, 50)).heard).toEqual([["a", 303]]);
  });
  test("breaks it two seconds after the oldest was sent: all under way is lost, and the sender is told what", () => {
    const { heard: all, lost, events, seen } = outcome({ n1: [[ms(100), say("a", "b")], [ms(1500), say("c")]] }, cut(50, 5000));
    expect([all, lost, events]).toEqual([[], [[["a", "b", "c"], 2100]], ["n1 disconnect n2 2100"]]);
    expect(seen.of("drop").map(({ reason, time, fault: by, message }) => [reason, time / ms(1), by, message])).toEqual([0, 1, 2].map((id) => ["reset", 2100, 0, id]));
    expect(seen.of("disconnect")[0]).toMatchObject({ fault: 0, data: { lost: [0, 1, 2] }, cause: seen.of("send")[0]?.id });
  });
  test("keeps it from being made again: what is sent then is lost two seconds later", () => {
    const { lost, events } = outcome({ n1: [[ms(100), say("a")], [ms(2500), say("b")], [ms(2600), say("c")]] }, cut(50, 9000));
    expect([lost, events]).toEqual([[[["a"], 2100], [["b", "c"], 4500]], ["n1 disconnect n2 2100", "n1 disconnect n2 4500"]]);
  });
  test("that has ended lets the next message connect again: one round trip more, 3 ms in all", () => {
    const { heard: all, events } = outcome({ n1: [[ms(100), say("a")], [ms(4000), say("b", "c")], [ms(4001), say("d")], [ms(5000), say("e")]] }, cut(50, 3000));
    expect(all).toEqual([["b", 4003], ["c", 4003], ["d", 4003], ["e", 5001]]);
    expect(events).toEqual(["n1 disconnect n2 2100", "n1 connect n2 4002"]);
  });
  test("that ends while it is being made again is overcome by the next attempt, a second after the first", () => {
    const { heard: all, events } = outcome({ n1: [[ms(100), say("a")], [ms(2500), say("b")]] }, cut(50, 3000));
    expect([all, events]).toEqual([[["b", 3503]], ["n1 disconnect n2 2100", "n1 connect n2 3502"]]);
  });
  test("is not noticed by who sends nothing", () => {
    expect(outcome({ n1: [[ms(100), say("a")], [ms(9000), say("b")]] }, cut(500, 6000)).heard).toEqual([["a", 101], ["b", 9001]]);
  });
  test("of one way breaks the connection of that way alone", () => {
    const answer: Act = (_, ctx) => ctx.send("n1", note("x"));
    const { events } = outcome({ n1: [[ms(100), say("a")]], n2: [[ms(100), answer]] }, [fault("block", { from: sel("n1"), to: sel("n2") }, { at: 0 })]);
    expect(events).toEqual(["n1 disconnect n2 2100"]);
  });
});

describe("a crash", () => {
  const crash = (node: string, at: number, lasts?: number): FaultConfig => fault("crash", node, { at: ms(at), ...(lasts !== undefined && { for: ms(lasts) }) });
  const slow = { latency: constant(ms(10)) };

  test("of the receiver loses what is under way at once, and what is sent until the sender hears of it, one latency later", () => {
    const { heard: all, lost, seen } = outcome({ n1: [[ms(95), say("a")], [ms(105), say("b")]] }, [crash("n2", 100)], slow);
    expect([all, lost]).toEqual([[], [[["a", "b"], 110]]]);
    expect(seen.of("drop").map(({ reason, time }) => `${reason} ${time / ms(1)}`)).toEqual(["reset 100", "reset 105"]);
    expect(seen.of("disconnect").find(({ node }) => node === 0)?.cause).toBe(seen.of("crash")[0]?.id);
  });
  test("is told to every node, though nothing was lost", () => {
    const talk = (...to: string[]): Act => (_, ctx) => to.forEach((peer) => ctx.send(peer, note("x")));
    const { events, lost } = outcome({ n1: [[0, talk("n2")]], n3: [[0, talk("n2", "n1")]] }, [crash("n2", 100)], slow);
    expect([events, lost]).toEqual([["n1 disconnect n2 110", "n3 disconnect n2 110"], [[[], 110], [[], 110]]]);
  });
  test("refuses connections while it lasts: what is sent is lost a round trip later", () => {
    const { lost, events } = outcome({ n1: [[ms(50), say("a")], [ms(200), say("b")]] }, [crash("n2", 100)], slow);
    expect([lost, events]).toEqual([[[[], 110], [["b"], 220]], ["n1 disconnect n2 110", "n1 disconnect n2 220"]]);
  });
  test("that is over lets the next message connect: what the old process was sent never reaches the new one", () => {
    const { heard: all, events } = outcome({ n1: [[ms(95), say("a")], [ms(106), say("b")], [ms(200), say("c")]] }, [crash("n2", 100, 3)], slow);
    expect([all, events]).toEqual([[["c", 230]], ["n1 disconnect n2 110", "n1 connect n2 220"]]);
  });
  test("of the sender loses what is under way, and nobody is told; its next process connects anew", () => {
    const { heard: all, events, lost, seen } = outcome({ n1: [[ms(95), say("a")], [ms(200), say("b")]] }, [crash("n1", 100, 50)], slow);
    expect([all, lost, events]).toEqual([[["b", 230]], [], ["n1 connect n2 220"]]);
    expect(seen.of("drop").map(({ reason, message }) => [reason, message])).toEqual([["reset", 0]]);
  });
  test("before anything was sent is one as well", () => {
    const { heard: all, events } = outcome({ n1: [[ms(200), say("a")]] }, [crash("n2", 100, 50)], slow);
    expect([all, events]).toEqual([[["a", 230]], ["n1 connect n2 220"]]);
  });
  test("is a restart too", () => {
    const { heard: all, lost } = outcome({ n1: [[ms(95), say("a")], [ms(105), say("b")]] }, [fault("restart", "n2", { at: ms(100) })], slow);
    expect([all, lost]).toEqual([[], [[["a", "b"], 110]]]);
  });
  test("that nobody can hear of is answered to what is sent when the cut has ended, a round trip later", () => {
    const cut = fault("partition", groups("n1", "rest"), { at: ms(60), for: ms(100) });
    const { lost, events } = outcome({ n1: [[ms(30), say("a")], [ms(300), say("b")]] }, [cut, crash("n2", 100, 20)], slow);
    expect([lost, events]).toEqual([[[["b"], 320]], ["n1 disconnect n2 320"]]);
  });
  test("that nobody can hear of in a cut that stays is heard of two seconds after something was lost", () => {
    const { lost } = outcome({ n1: [[ms(30), say("a")], [ms(300), say("b")], [ms(800), say("c")]] }, [fault("partition", groups("n1", "rest"), { at: ms(60) }), crash("n2", 100)], slow);
    expect(lost).toEqual([[["b", "c"], 2300]]);
  });
  test("of a node whose handler for it throws is one of the sender", () => {
    const protocol = puppet({ n1: [[ms(95), say("a")]] }, { onDisconnect: () => { throw new Error("no"); } });
    const { seen } = run(protocol, { network: { ...fifo, ...slow }, faults: [crash("n2", 100)] });
    expect(seen.of("crash").map(({ node, reason }) => [node, reason])).toEqual([[1, ""], [0, "onDisconnect threw Error: no"]]);
  });
  test("takes along what had arrived and was held back by a clog", () => {
    const clog = fault("clog", { link: [sel("n1"), sel("n2")] }, { at: ms(50), for: ms(200) });
    const { heard: all, lost } = outcome({ n1: [[ms(60), say("a")], [ms(400), say("b")]] }, [clog, crash("n2", 100, 20)], slow);
    expect([all, lost]).toEqual([[["b", 430]], [[["a"], 110]]]);
  });
});

describe("a pause", () => {
  const pause = (node: string, at: number, lasts: number): FaultConfig => fault("pause", node, { at: ms(at), for: ms(lasts) });

  test("of the receiver breaks nothing, however long: its kernel goes on", () => {
    const { heard: all, events } = outcome({ n1: [[ms(100), say("a")], [ms(200), say("b")]] }, [pause("n2", 50, 5000)]);
    expect([all, events]).toEqual([[["a", 5050], ["b", 5050]], []]);
  });
  test("of the sender lets it hear of a break when it goes on", () => {
    const { lost } = outcome({ n1: [[ms(99), say("a")]] }, [pause("n1", 100, 400), fault("crash", "n2", { at: ms(100) })], { latency: constant(ms(10)) });
    expect(lost).toEqual([[["a"], 500]]);
  });
});

describe("clients' connections", () => {
  const workload = { clients: 1, rate: 300, until: ms(500), retry: { ...config().workload.retry, enabled: false }, network: { fifo: true, latency: uniform(ms(1), ms(40)) } };

  test("keep the order of requests and of replies", () => {
    const { seen } = run(puppet({}), { nodes: 1, workload });
    const order = (kind: "request" | "reply"): number[] => seen.of("deliver").filter(({ name }) => (name === "reply") === (kind === "reply")).map(({ operation }) => operation);
    const sorted = (list: readonly number[]): number[] => list.slice().sort((a, b) => a - b);
    expect(order("request").length).toBeGreaterThan(100);
    expect([order("request"), order("reply")]).toEqual([sorted(order("request")), sorted(order("reply"))]);
  });
  test("break with a node, and are made again without a word to the client", () => {
    const { seen } = run(puppet({}), { nodes: 1, workload, faults: [fault("crash", "n1", { at: ms(200), for: ms(50) })] });
    expect(seen.of("connect", "disconnect")).toEqual([]);
    expect(new Set(seen.of("drop").map(({ reason }) => reason))).toEqual(new Set(["reset"]));
    expect(seen.of("ok").some(({ time }) => time > ms(300))).toBe(true);
  });
});

describe("a world with connections, limits and corruption in trouble", () => {
  const overrides = (seed: number, checksum: boolean): Parameters<typeof build>[1] => {
    const network = { latency: uniform(ms(1), ms(8)), loss: 0.05, corrupt: 0.05, checksum, bandwidth: 20_000, queue: 50 };
    const { workload, ...rest } = trouble(seed);
    const links = [{ from: ["n1", "n2"], to: ["n3"], link: { fifo: false } }];
    return { ...rest, network: { ...network, fifo: true, links }, workload: { ...workload, network: { ...network, fifo: seed % 2 === 0 } } };
  };
  const lively: AnyProtocol = { ...busy, onDisconnect: (state, peer, lost, ctx) => ctx.emit("lost", { peer, count: lost.length, seen: state.count }) };

  test("a copy at any moment has the same future", () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), fc.boolean(), fc.integer({ min: 1, max: 299 }), (seed, checksum, at) => {
        const { world, seen } = build(lively, overrides(seed, checksum));
        world.runUntil(ms(at));
        const later = new Recording();
        const copy = world.copy({ sinks: [later] });
        const before = seen.events.length;
        for (const one of [world, copy]) {
          one.runUntil(ms(300));
          one.finish("duration");
        }
        expect(later.events.map((event) => JSON.stringify(event))).toEqual(seen.events.slice(before).map((event) => JSON.stringify(event)));
      }),
      { numRuns: 25, seed: 8 },
    );
  });

  test("has as many events with nobody watching", () => {
    for (let seed = 0; seed < 6; seed += 1) {
      const { world } = run(lively, overrides(seed, seed % 2 === 0));
      const bare = build(lively, overrides(seed, seed % 2 === 0));
      const silent = bare.world.copy({ sinks: [] });
      silent.runUntil(ms(300));
      silent.finish("duration");
      expect(silent.events).toBe(world.events);
    }
  });

  test("shows everything that can happen to a connection", () => {
    const kinds = new Set<string>();
    for (let seed = 0; seed < 10; seed += 1) {
      for (const { kind, reason } of run(lively, overrides(seed, seed % 2 === 0)).seen.events) kinds.add(kind === "drop" ? reason : kind);
    }
    for (const kind of ["connect", "disconnect", "corrupt", "checksum", "queue", "reset"]) expect(kinds).toContain(kind);
  });
});

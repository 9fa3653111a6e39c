import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms, seconds } from "../../sim/kernel/time.ts";
import type { FaultConfig } from "../../sim/world/config.ts";
import { build, constant, fault, groups, note, puppet, run, sel, uniform, type Act, type Recording, type Script } from "./build.ts";

/** A note to every peer, each ms, saying when it left. */
const tell: Act = (_, ctx) => ctx.peers.forEach((peer: string) => ctx.send(peer, note(ctx.now / ms(1))));
const each = (count: number): [number, Act][] => Array.from({ length: count }, (_, at) => [ms(at), tell]);
const talk = (count: number): Script => ({ n1: each(count), n2: each(count), n3: each(count) });
const fast = { network: { latency: constant(ms(2)) } };

/** What a node heard of another: the texts, and when. */
function heardFrom(seen: Recording, node: number, from: number): [text: number, at: number][] {
  const texts = new Map(seen.of("send").map(({ message, data }) => [message, (data as { text: number }).text]));
  return seen.of("deliver").filter((event) => event.node === node && event.peer === from).map(({ message, time }) => [texts.get(message) as number, time / ms(1)]);
}

const upTo = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

describe("a clog", () => {
  const clog = (value: unknown = "n2", when: object = {}): FaultConfig => fault("clog", value, { at: ms(10), for: ms(10), ...when });

  test("holds what would arrive from 10 to 20 ms and lets it go at 20 ms, in its order, before what comes then; nothing is lost", () => {
    const { seen } = run(puppet(talk(30)), { ...fast, faults: [clog()] });
    // What was due at 10 ms was in the queue before the fault ended, and after it began.
    expect(heardFrom(seen, 1, 0)).toEqual(upTo(0, 30).map((text) => [text, text + 2 < 10 ? text + 2 : Math.max(text + 2, 20)]));
    expect(heardFrom(seen, 0, 1)).toEqual(heardFrom(seen, 1, 0));
    expect(seen.of("drop")).toEqual([]);
  });

  test("leaves the links between others as they are", () => {
    expect(heardFrom(run(puppet(talk(30)), { ...fast, faults: [clog()] }).seen, 2, 0)).toEqual(upTo(0, 30).map((text) => [text, text + 2]));
  });

  test("of a link holds that link, both ways, and no other", () => {
    const { seen } = run(puppet(talk(30)), { ...fast, faults: [clog({ link: [sel("n1"), sel("n2")] })] });
    const late = (node: number, from: number): number => heardFrom(seen, node, from).filter(([text, at]) => at !== text + 2).length;
    expect([late(1, 0), late(0, 1), late(1, 2), late(2, 1), late(0, 2)]).toEqual([10, 10, 0, 0, 0]);
  });

  test("property: each hears of each in the order in which it would without the clog, and all of it", () => {
    const times = fc.record({ at: fc.integer({ min: 0, max: 40 }), lasts: fc.integer({ min: 1, max: 40 }), node: fc.constantFrom("n1", "n2", "all") });
    const network = { latency: uniform(ms(1), ms(9)) };
    const order = (faults: FaultConfig[], seed: number): unknown => {
      const { seen } = run(puppet(talk(60)), { network, faults, seed, duration: ms(200) });
      return [0, 1, 2].flatMap((node) => [0, 1, 2].map((from) => heardFrom(seen, node, from).map(([text]) => text)));
    };
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 3 }), fc.nat({ max: 99 }), (clogs, seed) => {
        const faults = clogs.map(({ at, lasts, node }) => clog(node, { at: ms(at), for: ms(lasts) }));
        expect(order(faults, seed)).toEqual(order([], seed));
      }),
      { numRuns: 60, seed: 63 },
    );
  });

  test("two that overlap hold until both have ended, at 25 ms, and each ends by itself", () => {
    const { seen } = run(puppet(talk(40)), { ...fast, faults: [clog(), clog("n2", { at: ms(15) }), clog("n3", { at: ms(15), for: ms(2) })] });
    expect(heardFrom(seen, 1, 0).filter(([text]) => text >= 8 && text < 23).map(([, at]) => at)).toEqual(new Array(15).fill(25));
  });

  test("whom it holds back meets a cut when it goes on, as anything that arrives", () => {
    const { seen } = run(puppet(talk(30)), { ...fast, faults: [clog(), fault("isolate", "n2", { at: ms(18), for: ms(4) })] });
    expect(new Set(heardFrom(seen, 1, 0).map(([, at]) => at).filter((at) => at >= 10 && at < 22))).toEqual(new Set());
    expect(seen.of("drop").filter(({ node, peer, time }) => node === 1 && peer === 0 && time === ms(20)).map(({ reason, fault: by }) => `${reason} ${by}`)).toEqual(new Array(10 + 1).fill("cut 1")); // And what leaves then.
  });

  test("a node that is down when it goes on loses it; one that was down in between does not", () => {
    const crashed = (at: number, lasts: number): number => heardFrom(run(puppet(talk(15)), { ...fast, faults: [clog(), fault("crash", "n2", { at: ms(at), for: ms(lasts) })] }).seen, 1, 0).length;
    expect([crashed(19, 3), crashed(12, 3)]).toEqual([8, 15]);
  });

  test("a heal lets go of everything when all else has mended: what a partition would have cut arrives", () => {
    const { seen } = run(puppet(talk(12)), { ...fast, faults: [clog("n2", { for: undefined }), fault("partition", groups("n2", "rest"), { at: ms(15) }), fault("heal", "all", { at: ms(20) })] });
    expect(heardFrom(seen, 1, 0).slice(8)).toEqual([8, 9, 10, 11].map((text) => [text, 20]));
  });

  test("without an end holds for ever", () => {
    expect(heardFrom(run(puppet(talk(30)), { ...fast, faults: [clog("n2", { for: undefined })] }).seen, 1, 0).length).toBe(8);
  });

  test("does not hold clients' messages unless it names them", () => {
    const workload = { clients: 1, think: constant(ms(1)), retry: { enabled: false, after: seconds(1), backoff: 1, max: 1, jitter: 0 } };
    const longest = (value: unknown): number => {
      const { seen } = run(puppet({}), { nodes: 1, workload, faults: [clog(value)], duration: ms(100) });
      const begun = new Map(seen.of("invoke").map(({ operation, time }) => [operation, time]));
      return Math.max(...seen.of("ok").map(({ operation, time }) => time - (begun.get(operation) as number)));
    };
    expect(longest(sel("n1"))).toBe(ms(2));
    expect(longest(sel(["n1", "c1"]))).toBeGreaterThanOrEqual(ms(10));
  });

  test("what it holds is copied with the world", () => {
    const { world, seen } = build(puppet(talk(30)), { ...fast, faults: [clog()] });
    world.runUntil(ms(17));
    expect(world.clogs.held).toBe(8 * 4); // Of 8 milliseconds, in four directions.
    const copied: string[] = [];
    const before = seen.events.length;
    const copy = world.copy({ sinks: [{ event: (event) => void copied.push(`${event.kind} ${event.time} ${event.message}`) }] });
    world.runUntil(ms(60));
    copy.runUntil(ms(60));
    expect(copied).toEqual(seen.events.slice(before).map((event) => `${event.kind} ${event.time} ${event.message}`));
  });

  test("on an ordered connection loses what it holds when the receiver's process stops", () => {
    const { seen } = run(puppet(talk(12)), { network: { latency: constant(ms(2)), fifo: true }, faults: [clog(), fault("crash", "n2", { at: ms(14), for: ms(2) })] });
    const lost = seen.of("drop").filter(({ node, peer }) => node === 1 && peer === 0).map(({ reason, time }) => `${reason} ${time}`);
    expect(lost).toEqual(new Array(4).fill(`reset ${ms(14)}`));
  });
});

interface Told {
  readonly nodes: readonly string[];
  readonly did: boolean;
  readonly clogs: readonly { readonly node: string; readonly atNs: number }[];
  readonly unclogs?: readonly { readonly node: string; readonly atNs: number }[];
}

describe("a swizzle", () => {
  const swizzle = (who = "all", when: object = {}): FaultConfig => fault("swizzle", who, { at: ms(10), for: ms(90), ...when });
  const told = (faults: FaultConfig[], nodes = 5, seed = 1): Told => run(puppet({}), { nodes, faults, seed }).seen.of("fault")[0]?.data as Told;

  test("clogs one by one over the first third, and unclogs over the last: five nodes 6 ms apart, from 10 and from 76 to 100 ms", () => {
    const { clogs, unclogs = [], nodes, did } = told([swizzle()]);
    expect(clogs.map(({ atNs }) => atNs / ms(1))).toEqual([10, 16, 22, 28, 34]);
    expect(unclogs.map(({ atNs }) => atNs / ms(1))).toEqual([76, 82, 88, 94, 100]);
    expect(clogs.map(({ node }) => node)).toEqual(nodes);
    expect(unclogs.map(({ node }) => node).sort()).toEqual(["n1", "n2", "n3", "n4", "n5"]);
    expect(did).toBe(true);
  });

  test("unclogs in another order than it clogged, whatever is drawn; and both orders are drawn", () => {
    const orders = Array.from({ length: 200 }, (_, seed) => told([swizzle()], 3, seed)).map(({ clogs, unclogs = [] }) => [clogs, unclogs].map((steps) => steps.map(({ node }) => node).join(" ")));
    expect(orders.filter(([there, back]) => there === back)).toEqual([]);
    expect(new Set(orders.map(([there]) => there)).size).toBe(6);
    expect(new Set(orders.map(([there, back]) => `${there} ${back}`)).size).toBe(30);
  });

  test("a link is open while neither of its nodes is clogged, and what it held goes on at the later unclogging", () => {
    const { world, seen } = build(puppet(talk(150)), { ...fast, faults: [swizzle()] });
    world.runUntil(ms(200));
    const { clogs, unclogs = [] } = seen.of("fault")[0]?.data as Told;
    for (const [a, b] of [[0, 1], [1, 0], [0, 2], [2, 0], [1, 2], [2, 1]] as const) {
      const isOf = ({ node }: { node: string }): boolean => node === world.nameOf(a) || node === world.nameOf(b);
      const from = Math.min(...clogs.filter(isOf).map(({ atNs }) => atNs)) / ms(1);
      const until = Math.max(...unclogs.filter(isOf).map(({ atNs }) => atNs)) / ms(1);
      expect(heardFrom(seen, b, a)).toEqual(upTo(0, 150).map((text) => [text, text + 2 < from ? text + 2 : Math.max(text + 2, until)]));
    }
  });

  test("a heal frees all at once and takes back what it had not done yet", () => {
    const { world, seen } = build(puppet(talk(60)), { ...fast, faults: [swizzle(), fault("heal", "all", { at: ms(15) })] });
    world.runUntil(ms(200));
    for (const [a, b] of [[0, 1], [1, 2], [2, 0]] as const) expect(heardFrom(seen, b, a).filter(([text, at]) => text >= 13 && at !== text + 2)).toEqual([]);
    expect(world.clogs.held).toBe(0);
  });

  test("without `for` clogs within two seconds, and frees nobody before a heal", () => {
    const faults = [swizzle("all", { for: undefined })];
    const { clogs, unclogs } = told(faults, 4);
    expect([clogs.map(({ atNs }) => atNs / ms(1)), unclogs]).toEqual([[10, 510, 1010, 1510], undefined]);
    const { seen } = run(puppet(talk(3000)), { ...fast, duration: seconds(4), faults: [...faults, fault("heal", "all", { at: seconds(3) })] });
    const late = heardFrom(seen, 1, 0).filter(([text, at]) => at !== text + 2);
    expect(new Set(late.map(([, at]) => at))).toEqual(new Set([3000]));
    expect(late.length).toBeGreaterThan(1000);
  });

  test("of one node is a clog of two thirds; of a cluster of one changes nothing", () => {
    const { seen } = run(puppet(talk(150)), { ...fast, faults: [swizzle("n2")] });
    const late = heardFrom(seen, 1, 0).filter(([text, at]) => at !== text + 2);
    expect(late.map(([text]) => text)).toEqual(upTo(8, 98));
    expect(told([swizzle()], 1).did).toBe(false);
  });

  test("is copied with the world in the middle of its steps", () => {
    const { world, seen } = build(puppet(talk(150)), { ...fast, nodes: 4, faults: [swizzle()] });
    world.runUntil(ms(25));
    const copied: string[] = [];
    const before = seen.events.length;
    const copy = world.copy({ sinks: [{ event: (event) => void copied.push(`${event.kind} ${event.time} ${event.message}`) }] });
    world.runUntil(ms(200));
    copy.runUntil(ms(200));
    expect(copied).toEqual(seen.events.slice(before).map((event) => `${event.kind} ${event.time} ${event.message}`));
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Streams } from "../../sim/kernel/stream.ts";
import { ms, seconds, us } from "../../sim/kernel/time.ts";
import type { FaultConfig, NetworkConfig } from "../../sim/world/config.ts";
import { Network } from "../../sim/world/network.ts";
import { build, config, constant, fault, groups, heard, isNear, note, puppet, run, sel, uniform, type Act, type Recording } from "./build.ts";

const MANY = 1000;
const network = (of: Partial<NetworkConfig>): { network: Partial<NetworkConfig> } => ({ network: of });
/** n1 sends so many notes to n2 at once. */
const burst = (count = MANY, to = "n2"): Act => (_, ctx) => {
  for (let text = 0; text < count; text += 1) ctx.send(to, note(text));
};
const bursts = puppet({ n1: [[ms(10), burst()]] });

/** How long each message was under way, by its id. */
function latencies(seen: Recording): Map<number, number> {
  const left = new Map(seen.of("send", "duplicate").map(({ message, time }) => [message, time]));
  return new Map(seen.of("deliver").map(({ message, time }) => [message, time - (left.get(message) as number)]));
}

describe("latency", () => {
  const { seen } = run(bursts, network({ latency: uniform(ms(1), ms(5)) }));
  const all = [...latencies(seen).values()];

  test(`is drawn for each message: of ${MANY} between 1 and 5 ms, more than 990 differ`, () => {
    expect(all.length).toBe(MANY);
    expect(all.every((latency) => latency >= ms(1) && latency <= ms(5))).toBe(true);
    expect(new Set(all).size).toBeGreaterThan(990);
  });

  test("has its distribution's mean, 3 ms, and a quarter of it below 2 ms", () => {
    const deviation = ms(4) / Math.sqrt(12 * MANY);
    expect(Math.abs(all.reduce((sum, latency) => sum + latency, 0) / MANY - ms(3))).toBeLessThan(5 * deviation);
    expect(isNear(all.filter((latency) => latency < ms(2)).length, MANY, 0.25)).toBe(true);
  });

  test("lets messages overtake each other: they do not come in the order in which they were sent", () => {
    const order = heard(seen, 1).map(([text]) => text as number);
    expect(order).not.toEqual(order.slice().sort((a, b) => a - b));
  });

  test("that is constant keeps their order: 0, 1, 2, …", () => {
    const order = heard(run(bursts, network({ latency: constant(ms(2)) })).seen, 1).map(([text]) => text);
    expect(order).toEqual(Array.from({ length: MANY }, (_, text) => text));
  });

  test("does not hold for a message to oneself: it comes at once, after what is done now", () => {
    const { seen: own } = run(puppet({ n1: [[ms(1), (state, ctx) => (ctx.send("n1", note("me")), (state.said = true), ctx.emit("said"))]] }));
    expect(own.events.filter(({ time, kind }) => time === ms(1) && kind !== "timer").map(({ kind }) => kind)).toEqual(["send", "emit", "deliver"]);
  });
});

describe("loss and duplication", () => {
  for (const rate of [0.01, 0.3, 0.9]) {
    test(`a loss of ${rate * 100}% loses that share of ${MANY} messages, and says that the network did it`, () => {
      const { seen } = run(bursts, network({ loss: rate }));
      const drops = seen.of("drop");
      expect(isNear(drops.length, MANY, rate)).toBe(true);
      expect(drops.length + seen.of("deliver").length).toBe(MANY);
      expect(new Set(drops.map(({ reason, fault: by }) => `${reason} ${by}`))).toEqual(new Set(["loss -1"]));
    });

    test(`a duplication of ${rate * 100}% makes that share of ${MANY} messages arrive twice`, () => {
      const { seen } = run(bursts, network({ duplicate: rate, latency: uniform(ms(1), ms(5)) }));
      const copies = seen.of("duplicate");
      expect(isNear(copies.length, MANY, rate)).toBe(true);
      expect(seen.of("deliver").length).toBe(MANY + copies.length);
    });
  }

  test("nothing is lost or copied at 0%, and everything is at 100%", () => {
    const counts = (of: Partial<NetworkConfig>): number[] => {
      const { seen } = run(bursts, network(of));
      return [seen.of("deliver").length, seen.of("drop").length, seen.of("duplicate").length];
    };
    expect(counts({})).toEqual([MANY, 0, 0]);
    expect(counts({ duplicate: 1 })).toEqual([2 * MANY, 0, MANY]);
    expect(counts({ loss: 1 })).toEqual([0, MANY, 0]);
  });

  test("what is lost is not copied: with both at 100% nothing arrives", () => {
    expect(run(bursts, network({ loss: 1, duplicate: 1 })).seen.of("deliver")).toEqual([]);
  });

  test("a copy has an id and a latency of its own, and says of what it is the copy", () => {
    const { seen } = run(bursts, network({ duplicate: 1, latency: uniform(ms(1), ms(5)) }));
    const took = latencies(seen);
    const copies = seen.of("duplicate");
    expect(new Set([...seen.of("send"), ...copies].map(({ message }) => message)).size).toBe(2 * MANY);
    expect(copies.filter(({ message, of }) => took.get(message) === took.get(of)).length).toBeLessThan(10);
  });

  test("requests and replies have the network's latency, and none of its loss and duplication", () => {
    const workload = { clients: 1, rate: 500 };
    const { seen } = run(puppet({}), { ...network({ loss: 0.9, duplicate: 0.9, latency: constant(ms(3)) }), workload });
    expect([seen.of("drop").length, seen.of("duplicate").length]).toEqual([0, 0]);
    expect(new Set(latencies(seen).values())).toEqual(new Set([ms(3)]));
  });

  test("workload.network says otherwise: 30% of the requests and replies are lost", () => {
    const lossy = { ...config().network, loss: 0.3 };
    const { seen } = run(puppet({}), { workload: { clients: 1, rate: 1000, retry: { enabled: false, after: 1, backoff: 1, max: 1, jitter: 0 }, network: lossy } });
    expect(isNear(seen.of("drop").length, seen.of("send").length, 0.3)).toBe(true);
  });
});

describe("a cut", () => {
  const slowly = network({ latency: constant(ms(10)) });
  const once = puppet({ n1: [[ms(1), burst(1)]] });
  const fate = (at: number, lasts: number): unknown[] => {
    const { seen } = run(once, { ...slowly, faults: [fault("partition", groups("n1", "rest"), { at, for: lasts })] });
    return seen.of("deliver", "drop").map(({ kind, time, reason, fault: by }) => [kind, time, reason, by]);
  };

  test("loses what is in flight and would arrive while it lasts, at 11 ms", () => {
    expect(fate(ms(5), ms(20))).toEqual([["drop", ms(11), "cut", 0]]);
  });

  test("lets pass what was in flight and arrives when it has ended", () => {
    expect(fate(ms(5), ms(3))).toEqual([["deliver", ms(11), "", -1]]);
  });

  test("loses what is sent while it lasts at once, at 1 ms, though it would have ended before the arrival", () => {
    expect(fate(0, ms(3))).toEqual([["drop", ms(1), "cut", 0]]);
  });
});

/** Clients do not talk to each other. */
const isWay = (a: string, b: string): boolean => a !== b && !(a.startsWith("c") && b.startsWith("c"));

/** Who hears whom now, as "n1→n2 …". */
function open(world: ReturnType<typeof build>["world"], among?: readonly string[]): string[] {
  const names = among ?? world.config.nodes;
  return names.flatMap((a) => names.filter((b) => isWay(a, b) && world.network.cutBy(world.endpoint(a), world.endpoint(b)) < 0).map((b) => `${a}→${b}`));
}

function openUnder(faults: readonly FaultConfig[], nodes: number, among?: readonly string[], clients = 2): string[] {
  const { world } = build(puppet({}), { nodes, faults, workload: { clients, until: 0 } });
  world.runUntil(ms(5));
  return open(world, among);
}

describe("who hears whom", () => {
  const at = { at: ms(1) };

  test("in a partition of [n1, n2] and the rest: only n1 and n2, and n3 and n4, each other", () => {
    expect(openUnder([fault("partition", groups(["n1", "n2"], "rest"), at)], 4)).toEqual(["n1→n2", "n2→n1", "n3→n4", "n4→n3"]);
  });

  test("a node in no group sees nobody: of [n1], [n2, n3] in four nodes only n2 and n3 hear each other", () => {
    expect(openUnder([fault("partition", groups("n1", ["n2", "n3"]), at)], 4)).toEqual(["n2→n3", "n3→n2"]);
  });

  test("clients reach every node, partition or not", () => {
    const reached = openUnder([fault("partition", groups("n1", "rest"), at)], 3, ["n1", "n2", "n3", "c1"]);
    expect(reached.filter((way) => way.includes("c1"))).toEqual(["n1→c1", "n2→c1", "n3→c1", "c1→n1", "c1→n2", "c1→n3"]);
  });

  test("a client that a partition names reaches its group alone, and the other client everybody", () => {
    const faults = [fault("partition", groups(["n1", "c1"], "rest"), at)];
    expect(openUnder(faults, 3, ["n1", "n2", "n3", "c1"]).filter((way) => way.includes("c1"))).toEqual(["n1→c1", "c1→n1"]);
    expect(openUnder(faults, 3, ["n1", "n2", "n3", "c2"]).filter((way) => way.includes("c2")).length).toBe(6);
  });

  test("a partition of all nodes and a client cuts that client off, and did something", () => {
    const { world, seen } = build(puppet({}), { faults: [fault("partition", groups(["n1", "n2", "n3"], "c1"), at)], workload: { clients: 1, until: 0 } });
    world.runUntil(ms(2));
    expect(seen.of("fault")[0]?.data).toMatchObject({ did: true });
    expect(open(world, ["c1", "n1", "n2", "n3"]).filter((way) => way.includes("c1"))).toEqual([]);
  });

  test("an isolated node sees no node, and every client sees it; of two isolated nodes each is alone", () => {
    const reached = openUnder([fault("isolate", sel(["n1", "n2"]), at)], 4, ["n1", "n2", "n3", "n4", "c1"]);
    expect(reached.filter((way) => /n[12]/.test(way))).toEqual(["n1→c1", "n2→c1", "c1→n1", "c1→n2"]);
  });

  test("an isolated client sees no node", () => {
    expect(openUnder([fault("isolate", "c1", at)], 2, ["n1", "n2", "c1"])).toEqual(["n1→n2", "n2→n1"]);
  });

  test("a block is one way only: n1 is no longer heard by n2, and hears it", () => {
    expect(openUnder([fault("block", { from: sel("n1"), to: sel("n2") }, at)], 2)).toEqual(["n2→n1"]);
  });

  test("a block to the rest leaves what the rest sends: n2→n1 and n3→n1, and the rest among itself", () => {
    expect(openUnder([fault("block", { from: sel("n1"), to: sel("rest") }, at)], 3)).toEqual(["n2→n1", "n2→n3", "n3→n1", "n3→n2"]);
    expect(openUnder([fault("block", { from: sel("rest"), to: sel("n1") }, at)], 3)).toEqual(["n1→n2", "n1→n3", "n2→n3", "n3→n2"]);
  });

  test("a block between a node and a client leaves the client's requests, and takes its replies", () => {
    expect(openUnder([fault("block", { from: sel("n1"), to: sel("c1") }, at)], 1, ["n1", "c1"])).toEqual(["c1→n1"]);
  });
});

describe("property: cuts add up, and a fault that ends undoes itself alone", () => {
  interface Cut {
    readonly kind: "partition" | "isolate" | "block";
    readonly a: readonly string[];
    readonly b: readonly string[];
    readonly from: number;
    readonly until: number;
  }
  const endpoints = ["n1", "n2", "n3", "n4", "c1", "c2"];
  const some = fc.uniqueArray(fc.constantFrom(...endpoints), { minLength: 1, maxLength: 3 });
  const cut: fc.Arbitrary<Cut> = fc.record({
    kind: fc.constantFrom("partition" as const, "isolate" as const, "block" as const),
    a: some,
    b: some,
    from: fc.integer({ min: 0, max: 30 }),
    until: fc.integer({ min: 1, max: 30 }),
  }).map((one) => ({ ...one, until: one.from + one.until }));

  const configOf = ({ kind, a, b, from, until }: Cut, index: number): FaultConfig => {
    const value = { partition: groups(a, b), isolate: sel(a), block: { from: sel(a), to: sel(b) } }[kind];
    return { ...fault(kind, value, { at: ms(from), for: ms(until - from) }), text: String(index) };
  };

  /** By the words of the format: does this fault keep b from hearing a? */
  function keeps({ kind, a: first, b: second }: Cut, a: string, b: string): boolean {
    if (kind === "block") return first.includes(a) && second.includes(b);
    if (kind === "isolate") return [a, b].some((one) => first.includes(one)) && [a, b].every((one) => first.includes(one) || one.startsWith("n"));
    const groupOf = (one: string): number => (first.includes(one) ? 1 : second.includes(one) ? 2 : one.startsWith("n") ? -1 : 0);
    const [one, other] = [groupOf(a), groupOf(b)];
    return one !== 0 && other !== 0 && (one !== other || one === -1);
  }

  test("at every moment those hear each other whom no fault under way keeps apart", () => {
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 6 }), (cuts) => {
        const { world } = build(puppet({}), { nodes: 4, workload: { clients: 2, until: 0 }, faults: cuts.map(configOf) });
        for (let time = 0.5; time < 62; time += 1) {
          world.runUntil(ms(time));
          const underway = cuts.filter(({ from, until }) => from < time && time < until);
          const expected = endpoints.flatMap((a) => endpoints.filter((b) => isWay(a, b) && !underway.some((one) => keeps(one, a, b))).map((b) => `${a}→${b}`));
          expect(open(world, endpoints)).toEqual(expected);
        }
      }),
      { numRuns: 40, seed: 21 },
    );
  });
});

describe("a fault of links", () => {
  const to = (...names: string[]): Act => (_, ctx) => names.forEach((name) => burst(MANY, name)(_, ctx));
  const exchange = puppet({ n1: [[ms(10), to("n2", "n3")]], n2: [[ms(10), to("n1", "n3")]], n3: [[ms(10), to("n1", "n2")]] });
  const counted = (config: FaultConfig, kind: "drop" | "duplicate"): { [way: string]: number } => {
    const { seen } = run(exchange, { faults: [config] });
    const counts: { [way: string]: number } = {};
    for (const { node, peer, fault: by } of seen.of(kind)) {
      expect(by).toBe(0);
      const way = kind === "drop" ? `n${peer + 1}→n${node + 1}` : `n${node + 1}→n${peer + 1}`;
      counts[way] = (counts[way] ?? 0) + 1;
    }
    return counts;
  };
  const window = { at: ms(5), for: ms(10) };

  test("flaky nodes lose their share each way, on links to the others and among themselves: of n1 30%, of n2→n3 nothing", () => {
    const counts = counted(fault("flaky", { nodes: sel("n1"), loss: 0.3 }, window), "drop");
    expect(Object.keys(counts).sort()).toEqual(["n1→n2", "n1→n3", "n2→n1", "n3→n1"]);
    expect(Object.values(counts).every((count) => isNear(count, MANY, 0.3))).toBe(true);
  });

  test("two flaky nodes lose 30% between them, and not 51%: the link is worsened once", () => {
    const counts = counted(fault("flaky", { nodes: sel(["n1", "n2"]), loss: 0.3 }, window), "drop");
    expect(isNear(counts["n1→n2"] as number, MANY, 0.3)).toBe(true);
  });

  test("a flaky link loses its share both ways, and other links nothing", () => {
    const counts = counted(fault("flaky", { link: [sel("n1"), sel("n2")], loss: 0.3 }, window), "drop");
    expect(Object.keys(counts).sort()).toEqual(["n1→n2", "n2→n1"]);
    expect(Object.values(counts).every((count) => isNear(count, MANY, 0.3))).toBe(true);
  });

  test("a duplicating link copies its share both ways", () => {
    const counts = counted(fault("duplicate", { link: [sel("n2"), sel("n3")], rate: 0.2 }, window), "duplicate");
    expect(Object.keys(counts).sort()).toEqual(["n2→n3", "n3→n2"]);
    expect(Object.values(counts).every((count) => isNear(count, MANY, 0.2))).toBe(true);
  });

  test("a duplicating node copies what it sends and what is sent to it", () => {
    const counts = counted(fault("duplicate", { nodes: sel("n3"), rate: 0.2 }, window), "duplicate");
    expect(Object.keys(counts).sort()).toEqual(["n1→n3", "n2→n3", "n3→n1", "n3→n2"]);
  });

  const few = (...faults: FaultConfig[]): { [way: string]: number[] } => {
    const { seen } = run(puppet({ n1: [[ms(10), (_, ctx) => (ctx.send("n2", note(1)), ctx.send("n3", note(1)))]], n2: [[ms(10), (_, ctx) => ctx.send("n1", note(1))]] }), { faults });
    const times = latencies(seen);
    return Object.fromEntries(seen.of("deliver").map(({ message, node, peer }) => [`n${peer + 1}→n${node + 1}`, [times.get(message) as number]]));
  };

  test("a slow link adds its latency each way: 1 ms becomes 8 ms, and n1→n3 keeps 1 ms", () => {
    expect(few(fault("slow", { link: [sel("n1"), sel("n2")], by: constant(ms(7)) }, window))).toEqual({ "n1→n2": [ms(8)], "n2→n1": [ms(8)], "n1→n3": [ms(1)] });
  });

  test("slow nodes slow every link of theirs, and what two faults add is added up: 1 + 7 + 4 = 12 ms", () => {
    const slow = (by: number): FaultConfig => fault("slow", { nodes: sel("n2"), by: constant(by) }, window);
    expect(few(slow(ms(7)), slow(ms(4)))).toEqual({ "n1→n2": [ms(12)], "n2→n1": [ms(12)], "n1→n3": [ms(1)] });
  });

  test("a copy is as slow as the link, in whichever order two faults came: 8 ms", () => {
    const copying = fault("duplicate", { nodes: sel("n1"), rate: 1 }, window);
    const slow = fault("slow", { nodes: sel("n1"), by: constant(ms(7)) }, window);
    for (const faults of [[copying, slow], [slow, copying]]) {
      const { seen } = run(puppet({ n1: [[ms(10), burst(1)]] }), { faults });
      expect([...latencies(seen).values()]).toEqual([ms(8), ms(8)]);
    }
  });

  test("a loss is charged to the fault that lost it, not to one that would have copied it", () => {
    const copying = fault("duplicate", { nodes: sel("n1"), rate: 1 }, window);
    const { seen } = run(puppet({ n1: [[ms(10), burst(1)]] }), { ...network({ loss: 1 }), faults: [copying] });
    expect(seen.of("drop").map(({ fault: by }) => by)).toEqual([-1]);
  });

  test("when it has ended the link is as it was: 1 ms, and nothing lost", () => {
    const early = { at: ms(1), for: ms(2) };
    const faults = [fault("slow", { nodes: sel("n1"), by: constant(ms(7)) }, early), fault("flaky", { nodes: sel("n1"), loss: 1 }, early)];
    expect(few(...faults)).toEqual({ "n1→n2": [ms(1)], "n2→n1": [ms(1)], "n1→n3": [ms(1)] });
  });

  test("clients' messages are not touched by what strikes nodes", () => {
    const faults = [fault("flaky", { nodes: sel("all"), loss: 1 }, { at: 0 }), fault("slow", { nodes: sel("all"), by: constant(ms(7)) }, { at: 0 })];
    const { seen } = run(puppet({}), { faults, workload: { clients: 1, rate: 500 } });
    expect(seen.of("drop")).toEqual([]);
    expect(new Set(latencies(seen).values())).toEqual(new Set([ms(1)]));
  });
});

describe("property: a link draws once a message, whatever the settings", () => {
  /** Every node sends a note to every other of the first three each millisecond. */
  const steady = puppet(
    Object.fromEntries(
      ["n1", "n2", "n3"].map((node) => [
        node,
        Array.from({ length: 30 }, (_, round): [number, Act] => [ms(round + 1), (_state, ctx) => ["n1", "n2", "n3"].filter((to) => to !== node).forEach((to) => ctx.send(to, note(round)))]),
      ]),
    ),
  );
  type Setting = Parameters<typeof build>[1] & object;

  /** Latency by way and number of the message; a note of a node that is down is not sent. */
  function drawn(overrides: Setting): Map<string, number> {
    const { seen } = run(steady, { network: { latency: uniform(us(100), us(900)) }, ...overrides, duration: ms(60) });
    const took = latencies(seen);
    const byRound = new Map<string, number>();
    for (const { message, node, peer, data, name } of seen.of("send")) {
      const latency = took.get(message);
      if (name === "Note" && latency !== undefined) byRound.set(`${node}→${peer} ${(data as { text: number }).text}`, latency);
    }
    return byRound;
  }

  const base = drawn({});
  const between = { latency: uniform(us(100), us(900)) };
  const window = fc.record({ at: fc.integer({ min: 0, max: 20 }).map(ms), for: fc.integer({ min: 1, max: 20 }).map(ms) });
  const settings: fc.Arbitrary<Setting> = fc.oneof(
    fc.double({ min: 0, max: 0.2, noNaN: true }).map((loss) => ({ network: { ...between, loss } })),
    fc.double({ min: 0, max: 1, noNaN: true }).map((duplicate) => ({ network: { ...between, duplicate } })),
    fc.integer({ min: 4, max: 7 }).map((nodes) => ({ nodes })),
    fc.integer({ min: 1, max: 4 }).map((clients) => ({ workload: { clients, think: constant(ms(2)) } })),
    window.map((when) => ({ faults: [fault("partition", groups("minority", "rest"), when)] })),
    window.map((when) => ({ faults: [fault("flaky", { nodes: sel("random"), loss: 0.5 }, when), fault("duplicate", { nodes: sel("all"), rate: 0.5 }, when)] })),
    window.map((when) => ({ faults: [fault("skew", { nodes: sel("n1"), by: ms(5) }, when)] })),
    fc.integer({ min: 0, max: 9 }).map((sync) => ({ disk: { sync: constant(ms(sync)) } })),
  );

  test("the messages that arrive take as long as they did without", () => {
    expect(base.size).toBe(180);
    fc.assert(
      fc.property(settings, (setting) => {
        const other = drawn(setting);
        expect(other.size).toBeGreaterThan(40);
        for (const [message, latency] of other) expect([message, latency]).toEqual([message, base.get(message)]);
      }),
      { numRuns: 60, seed: 22 },
    );
  });

  test("what is slowed takes exactly so much longer, and all else as long as it did", () => {
    const slowed = drawn({ faults: [fault("slow", { link: [sel("n1"), sel("n2")], by: constant(ms(3)) }, { at: ms(10.5), for: ms(10) })] });
    const extra = new Map<string, number>();
    for (const [message, latency] of slowed) if (latency !== base.get(message)) extra.set(message, latency - (base.get(message) as number));
    expect(extra.size).toBe(20);
    expect(new Set(extra.values())).toEqual(new Set([ms(3)]));
  });

  test("a crash of n3 leaves what n1 and n2 tell each other as it was", () => {
    const other = drawn({ faults: [fault("crash", "n3", { at: ms(10), for: seconds(1) })] });
    const pair = (from: Map<string, number>): [string, number][] => [...from].filter(([message]) => /^(0→1|1→0) /.test(message));
    expect(pair(other)).toEqual(pair(base));
  });
});

describe("a plain link", () => {
  const names = ["n1", "n2"];
  const plain = (seed: number, link: Partial<NetworkConfig> = {}): Network => new Network(config({ seed, nodes: 2, network: { latency: uniform(ms(1), ms(9)), ...link } }), names, new Streams(seed));

  test("property: passes a message at once as it would after looking for all that could happen, in any order of the two, through a copy and a fault", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.constantFrom("freely", "pass", "copied", "cut"), { maxLength: 40 }), (seed, ways) => {
        const [looked, free] = [plain(seed), plain(seed)];
        for (const way of ways) {
          if (way === "copied") [looked, free].forEach((one) => one.worsen({ type: "duplicate", rate: 1, fault: 7, stream: "faults/x" }, 0, 1));
          if (way === "cut") [looked, free].forEach((one) => one.cut(8, 0, 1));
          const [expected, link] = [{ ...looked.pass(looked.link(0, 1), 0) }, free.link(0, 1)];
          const freely = free.passFreely(link);
          expect(freely < 0).toBe(way === "copied" || way === "cut");
          expect(freely < 0 ? { ...free.pass(link, 0) } : { ...expected, latency: freely }).toEqual(expected);
          [looked, free].forEach((one) => (one.mend(7), one.mend(8)));
        }
      }),
      { numRuns: 100, seed: 41 },
    );
  });

  test("is one without loss, copies, corruption, bandwidth and order, as long as no link suffers a fault", () => {
    const isFree = (network: Network): boolean => network.passFreely(network.link(0, 1)) >= 0;
    expect([{ loss: 0.1 }, { duplicate: 0.1 }, { corrupt: 0.1 }, { bandwidth: 1e9 }, { fifo: true }].map((link) => isFree(plain(1, link)))).toEqual([false, false, false, false, false]);
    const network = plain(1);
    network.cutBothWays(3, 0, 1);
    network.cut(4, 1, 0);
    const copy = network.copy(new Streams(1));
    const seen = [isFree(network), isFree(copy)];
    network.mend(3);
    seen.push(isFree(network));
    network.mend(4);
    seen.push(isFree(network), isFree(copy));
    expect(seen).toEqual([false, false, false, true, false]);
  });
});

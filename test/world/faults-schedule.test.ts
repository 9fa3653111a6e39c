import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms, seconds } from "../../sim/kernel/time.ts";
import type { Ctx } from "../../sim/protocol.ts";
import type { FaultConfig } from "../../sim/world/config.ts";
import { faults as kinds } from "../../sim/world/faults/index.ts";
import { build, constant, fault, groups, lives, puppet, run, sel, type Act, type Recording } from "./build.ts";

interface Span {
  readonly id: number;
  readonly kind: string;
  readonly from: number;
  readonly until: number | undefined;
  readonly nodes: readonly string[];
}

/** When each fault began and ended, and whom it struck. */
function spans(seen: Recording): Span[] {
  const ends = new Map(seen.of("faultEnd").map((event) => [event.fault, event.time]));
  return seen.of("fault").map(({ fault: id, name: kind, time: from, data }) => ({ id, kind, from, until: ends.get(id), nodes: (data as { nodes: string[] }).nodes }));
}
const spansOf = (faults: readonly FaultConfig[], overrides: Parameters<typeof run>[1] = {}): Span[] => spans(run(puppet({}), { faults, duration: seconds(20), nodes: 5, ...overrides }).seen);

describe("at", () => {
  test("begins a fault at its time and ends it after `for`: from 5 to 7 ms", () => {
    expect(spansOf([fault("pause", "n1", { at: ms(5), for: ms(2) })])).toMatchObject([{ from: ms(5), until: ms(7) }]);
  });

  test("a range for each is drawn from: 50 seeds give 50 beginnings in 1..5 s and 50 lengths in 1..2 s", () => {
    const config = { ...fault("pause", "n1", { for: [seconds(1), seconds(2)] }), start: { type: "at", at: [seconds(1), seconds(5)] } } as FaultConfig;
    const drawn = Array.from({ length: 50 }, (_, seed) => spansOf([config], { seed })[0] as Span);
    for (const { from, until } of drawn) {
      expect(from >= seconds(1) && from <= seconds(5)).toBe(true);
      expect((until as number) - from >= seconds(1) && (until as number) - from <= seconds(2)).toBe(true);
    }
    expect(new Set(drawn.map(({ from }) => from)).size).toBe(50);
  });

  test("faults of one moment begin in the file's order: pause, crash", () => {
    expect(spansOf([fault("pause", "n1", { at: ms(5) }), fault("crash", "n1", { at: ms(5) })]).map(({ kind }) => kind)).toEqual(["pause", "crash"]);
  });

  test("a fault at 0 finds the nodes up", () => {
    expect(lives(run(puppet({}), { faults: [fault("crash", "n1", { at: 0, for: ms(1) })] }).seen, 0)).toEqual([["boot", 0], ["crash", 0], ["boot", ms(1)]]);
  });
});

describe("every", () => {
  const series = (every: readonly [number, number], between: readonly [number, number], lasts?: number | readonly [number, number]): Span[] =>
    spansOf([fault("pause", "random", { every, between, ...(lasts !== undefined && { for: lasts }) })]);

  test("begins with its window, and then each period: 10, 13 and 16 s", () => {
    expect(series([seconds(3), seconds(3)], [seconds(10), seconds(18)], seconds(1)).map(({ from }) => from)).toEqual([seconds(10), seconds(13), seconds(16)]);
  });

  test("without a window begins after a first period: 6, 12 and 18 s", () => {
    expect(series([seconds(6), seconds(6)], [0, seconds(20)], seconds(1)).map(({ from }) => from)).toEqual([seconds(6), seconds(12), seconds(18)]);
  });

  test("leaves out what would not end in the window: 12.5 s, where one of 2 s would end at 14.5 s", () => {
    expect(series([seconds(2.5), seconds(2.5)], [seconds(10), seconds(14)], seconds(2)).map(({ from }) => from)).toEqual([seconds(10)]);
  });

  test("takes what ends with the window: 10 and 12 s, the last until 14 s", () => {
    expect(series([seconds(2), seconds(2)], [seconds(10), seconds(14)], seconds(2)).map(({ until }) => until)).toEqual([seconds(12), seconds(14)]);
  });

  test("occurrences may overlap, and each ends by itself", () => {
    expect(series([seconds(1), seconds(1)], [seconds(10), seconds(14)], seconds(2)).map(({ from, until }) => [from, until])).toEqual(
      [10, 11, 12].map((at) => [seconds(at), seconds(at + 2)]),
    );
  });

  test("without `for` each occurrence lasts to the end", () => {
    expect(series([seconds(2), seconds(2)], [seconds(10), seconds(14)]).map(({ from, until }) => [from, until])).toEqual([[seconds(10), undefined], [seconds(12), undefined]]);
  });

  test("property: every occurrence lies wholly in its window, and the periods between beginnings are in their range", () => {
    const window = fc.tuple(fc.integer({ min: 1, max: 8_000 }), fc.integer({ min: 1, max: 8_000 })).map(([from, length]): [number, number] => [ms(from), ms(from + length)]);
    const period = fc.tuple(fc.integer({ min: 100, max: 2000 }), fc.integer({ min: 0, max: 2000 })).map(([min, more]): [number, number] => [ms(min), ms(min + more)]);
    const length = fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 1000 })).map(([min, more]): [number, number] => [ms(min), ms(min + more)]);
    fc.assert(
      fc.property(window, period, length, fc.integer({ min: 0, max: 1000 }), ([from, until], every, lasts, seed) => {
        const all = spansOf([fault("pause", "random", { every, between: [from, until], for: lasts })], { seed });
        for (const span of all) {
          expect(span.from).toBeGreaterThanOrEqual(from);
          expect(span.until).toBeLessThanOrEqual(until);
          expect((span.until as number) - span.from).toBeGreaterThanOrEqual(lasts[0]);
          expect((span.until as number) - span.from).toBeLessThanOrEqual(lasts[1]);
        }
        all.slice(1).forEach((span, index) => expect(span.from - (all[index] as Span).from).toBeGreaterThanOrEqual(every[0]));
        // Where the longest would fit, none is left out.
        const early = all.filter((span) => span.from + every[1] + lasts[1] <= until);
        for (const span of early) expect(all.some((next) => next.from > span.from && next.from - span.from <= every[1])).toBe(true);
      }),
      { numRuns: 100, seed: 43 },
    );
  });

  test("an occurrence that is drawn too long does not end the series: a shorter one follows it", () => {
    const after = (all: readonly Span[]): boolean => all.some((span, index) => index > 0 && span.from - (all[index - 1] as Span).from > seconds(1));
    const seeds = Array.from({ length: 30 }, (_, seed) => spansOf([fault("pause", "n1", { every: [seconds(1), seconds(1)], between: [seconds(1), seconds(9)], for: [seconds(1), seconds(6)] })], { seed }));
    expect(seeds.some(after)).toBe(true);
  });

  test("a selector is resolved for each occurrence: of 20, random strikes more than 2 nodes", () => {
    const struck = series([ms(500), ms(500)], [seconds(1), seconds(11)], ms(100)).map(({ nodes }) => nodes[0]);
    expect(struck.length).toBe(20);
    expect(new Set(struck).size).toBeGreaterThan(2);
  });
});

describe("when", () => {
  const beats = { onStart: (_: unknown, ctx: Ctx<any, string>) => ctx.setTimer("beat", ms(10)), onTimer: { beat: (_: unknown, ctx: Ctx<any, string>) => (ctx.emit(`beat.${ctx.self}`), ctx.setTimer("beat", ms(10))) } };
  const waiting = (when: Parameters<typeof fault>[2]): Span[] => spans(run(puppet({}, beats as never), { duration: ms(100), faults: [fault("pause", "n2", when)] }).seen);

  test("waits for an event by name: the first beat of n1, at 10 ms", () => {
    expect(waiting({ when: "beat.n1" }).map(({ from }) => from)).toEqual([ms(10)]);
  });

  test("happens once, though the event happens again", () => {
    expect(waiting({ when: "beat.n1", for: ms(1) }).length).toBe(1);
  });

  test("waits for the nth: the third at 30 ms", () => {
    expect(waiting({ when: "beat.n1", nth: 3 }).map(({ from }) => from)).toEqual([ms(30)]);
  });

  test("waits so long after it: 5 ms, until 15 ms, and lasts 2 ms", () => {
    expect(waiting({ when: "beat.n1", after: ms(5), for: ms(2) })).toMatchObject([{ from: ms(15), until: ms(17) }]);
  });

  test("never begins where the event never happens", () => {
    expect(waiting({ when: "beat.n9" })).toEqual([]);
  });

  test("counts only what happens within its window: from 25 ms on the second beat is that at 40 ms", () => {
    expect(waiting({ when: "beat.n1", nth: 2, between: [ms(25), ms(90)] }).map(({ from }) => from)).toEqual([ms(40)]);
  });

  test("a window has its beginning and not its end: the beat at 30 ms counts from 30 ms on, and until 30 ms it does not", () => {
    expect(waiting({ when: "beat.n1", between: [ms(30), ms(31)] }).map(({ from }) => from)).toEqual([ms(30)]);
    expect(waiting({ when: "beat.n1", nth: 3, between: [0, ms(30)] })).toEqual([]);
  });

  test("is left out where it would not be over when its window is: 20 ms after 10 ms it would be, 21 ms after it not", () => {
    expect(waiting({ when: "beat.n1", for: ms(20), between: [0, ms(30)] })).toMatchObject([{ from: ms(10), until: ms(30) }]);
    expect(waiting({ when: "beat.n1", for: ms(21), between: [0, ms(30)] })).toEqual([]);
    expect(waiting({ when: "beat.n1", after: ms(11), for: ms(10), between: [0, ms(30)] })).toEqual([]);
  });

  test("is caused by the event it waited for, and what the same handler still does comes first", () => {
    const act: Act = (_, ctx) => (ctx.emit("now"), ctx.emit("more"));
    const { seen } = run(puppet({ n1: [[ms(5), act]] }), { faults: [fault("crash", "n1", { when: "now" })] });
    const [now] = seen.of("emit");
    expect(seen.of("fault")[0]?.cause).toBe(now?.id);
    expect(seen.events.filter(({ time }) => time === ms(5)).map(({ kind, name }) => `${kind} ${name}`)).toEqual(["timer act", "emit now", "emit more", "fault crash", "crash unsynced"]);
  });

  test("hears events of the boots", () => {
    const { seen } = run(puppet({}, { onStart: (_: unknown, ctx: Ctx) => ctx.emit("up") } as never), { faults: [fault("pause", "n1", { when: "up", nth: 3 })] });
    expect(spans(seen).map(({ from }) => from)).toEqual([0]);
  });
});

describe("heal", () => {
  const everything = [
    fault("partition", groups(["n1", "n2"], "rest"), { at: ms(1) }),
    fault("isolate", "n1", { at: ms(1) }),
    fault("block", { from: sel("n2"), to: sel("n3") }, { at: ms(1), for: seconds(9) }),
    fault("slow", { nodes: sel("all"), by: constant(ms(50)) }, { at: ms(1) }),
    fault("flaky", { nodes: sel("all"), loss: 1 }, { at: ms(1) }),
    fault("duplicate", { nodes: sel("all"), rate: 1 }, { at: ms(1) }),
    fault("crash", "n3", { at: ms(1) }),
    fault("crash", "n4", { at: ms(1), for: seconds(9) }),
    fault("pause", "n5", { at: ms(1) }),
    fault("crash", "n5", { at: ms(2) }),
    fault("skew", { nodes: sel("n1"), drift: 500_000_000 }, { at: 0 }),
  ];
  const healed = [...everything, fault("heal", "all", { at: ms(10) })];

  test("ends everything under way, what would never end as well: 11 ends at 10 ms, and none later", () => {
    const { seen } = run(puppet({}), { nodes: 5, faults: healed, duration: seconds(20) });
    expect(seen.of("faultEnd").map(({ time }) => time)).toEqual(new Array(11).fill(ms(10)));
    const heal = seen.of("fault").at(-1);
    expect(seen.of("faultEnd").every(({ cause }) => cause === heal?.id)).toBe(true);
  });

  test("mends all links, starts and resumes all nodes, and ends drifts: messages take 1 ms once", () => {
    const { world, seen } = build(puppet({ n1: [[ms(20), (_, ctx) => ctx.peers.forEach((peer) => ctx.send(peer, { type: "Note" } as never))]] }), { nodes: 5, faults: healed });
    world.runUntil(ms(50));
    expect(world.nodes.map(({ isRunning }) => isRunning)).toEqual([true, true, true, true, true]);
    const [sent] = seen.of("send");
    expect(seen.of("deliver").map(({ time }) => time - (sent?.time as number))).toEqual(new Array(4).fill(ms(1)));
    expect(world.node(0).clockNow).toBe(ms(50) + ms(5));
  });

  test("says whom it freed, and whether there was anybody", () => {
    const { seen } = run(puppet({}), { faults: [fault("heal", "all", { at: ms(1) }), fault("crash", "n2", { at: ms(2) }), fault("heal", "all", { at: ms(3) })] });
    expect(seen.of("fault").filter(({ name }) => name === "heal").map(({ data }) => data)).toMatchObject([{ did: false, nodes: [] }, { did: true, nodes: ["n2"] }]);
  });

  test("does not end what begins later, and a series goes on", () => {
    const all = spansOf([fault("pause", "n1", { every: [ms(10), ms(10)], between: [ms(10), ms(45)], for: ms(8) }), fault("heal", "all", { at: ms(24) })]);
    expect(all.filter(({ kind }) => kind === "pause").map(({ from, until }) => [from, until])).toEqual([[10, 18], [20, 24], [30, 38]].map((span) => span.map(ms)));
  });

  test("leaves a restart that is over as it is", () => {
    const { seen } = run(puppet({}), { faults: [fault("restart", "n1", { at: ms(1) }), fault("heal", "all", { at: ms(3) })] });
    expect(seen.of("fault").map(({ data }) => (data as { did: boolean }).did)).toEqual([true, false]);
  });

  test("never ends twice what it ended: the fault's own end at 9 s is gone", () => {
    expect(lives(run(puppet({}), { faults: [fault("crash", "n1", { at: ms(1), for: ms(9) }), fault("heal", "all", { at: ms(5) }), fault("crash", "n1", { at: ms(8) })] }).seen, 0)).toEqual([
      ["boot", 0], ["crash", ms(1)], ["boot", ms(5)], ["crash", ms(8)],
    ]);
  });
});

describe("what the trace says of a fault", () => {
  test("its number, kind, name, whom it struck and how hard; and its end names the same, caused by its beginning", () => {
    const { seen } = run(puppet({}), { faults: [fault("slow", { nodes: sel(["n2", "n1"]), by: constant(ms(5)) }, { at: ms(1), for: ms(2), name: "the slow ones" })] });
    const data = { name: "the slow ones", nodes: ["n2", "n1"], did: true, groups: [["n2", "n1"], ["n1", "n2", "n3"]], by: { type: "constant", value: ms(5) } };
    const [begin] = seen.of("fault");
    expect(begin).toMatchObject({ fault: 0, name: "slow", cause: -1, time: ms(1), data });
    expect(seen.of("faultEnd")).toMatchObject([{ fault: 0, name: "slow", cause: begin?.id, time: ms(3), data }]);
  });

  test("a partition's nodes are its first group, and every group is there", () => {
    const { seen } = run(puppet({}), { nodes: 4, faults: [fault("partition", groups(["n2", "n4"], "rest"), { at: ms(1) })] });
    expect(seen.of("fault")[0]?.data).toMatchObject({ nodes: ["n2", "n4"], groups: [["n2", "n4"], ["n1", "n3"]], did: true });
  });

  const idle: [kind: string, value: unknown, nodes: number][] = [
    ["partition", groups("all", "rest"), 3],
    ["partition", groups("rest", ["n1", "n2", "n3"]), 3],
    ["isolate", "n1", 1],
    ["block", { from: sel("n1"), to: sel("n1") }, 3],
    ["slow", { nodes: sel("n1"), by: constant(1) }, 1],
  ];
  for (const [kind, value, nodes] of idle) {
    test(`a ${kind} of ${JSON.stringify(value).replaceAll('"', "")} among ${nodes} changes nothing, and says did: false`, () => {
      const { seen } = run(puppet({}), { nodes, faults: [fault(kind, value, { at: ms(1) })] });
      expect((seen.of("fault")[0]?.data as { did: boolean }).did).toBe(false);
    });
  }

  test("each occurrence of a series has a number of its own, and what it did says which: 0, 1, 2", () => {
    const { seen } = run(puppet({}), { faults: [fault("crash", "n1", { every: [ms(10), ms(10)], between: [ms(1), ms(25)], for: ms(2) })] });
    expect(seen.of("crash").map(({ fault: id }) => id)).toEqual([0, 1, 2]);
    expect(seen.of("boot").filter(({ incarnation }) => incarnation > 1).map(({ fault: id }) => id)).toEqual([0, 1, 2]);
  });

  test("every kind in the registry stands under its own name, and says what it models and where it comes from", () => {
    for (const [name, { kind, summary, source }] of Object.entries(kinds)) {
      expect(kind).toBe(name);
      expect(summary.endsWith(".")).toBe(true);
      expect(source.length).toBeGreaterThan(10);
    }
  });
});

describe("property: a fault draws for itself alone", () => {
  const some: FaultConfig[] = [
    fault("pause", "random", { every: [ms(50), ms(150)], between: [ms(100), ms(900)], for: [ms(10), ms(40)] }),
    fault("isolate", "minority", { every: [ms(80), ms(200)], for: ms(20) }),
    fault("partition", groups("majority", "rest"), { at: ms(300), for: [ms(10), ms(90)] }),
    fault("slow", { nodes: sel("random(2)"), by: constant(ms(1)) }, { at: ms(100), for: [ms(10), ms(500)] }),
    fault("skew", { nodes: sel("random"), by: ms(3) }, { every: [ms(30), ms(300)] }),
    fault("ring", "all", { every: [ms(100), ms(300)], for: ms(20) }),
    fault("burst", { nodes: sel("random"), loss: 0.5, good: constant(ms(1)), bad: constant(ms(1)) }, { every: [ms(90), ms(200)], for: [ms(10), ms(40)] }),
    fault("swizzle", "random(3)", { every: [ms(100), ms(200)], for: [ms(30), ms(90)] }),
  ];
  const told = (seen: Recording, kind: string): unknown[] => spans(seen).filter((span) => span.kind === kind).map(({ from, until, nodes }) => [from, until, nodes]);
  const whole = run(puppet({}), { nodes: 5, faults: some }).seen;

  test("taking others away leaves when it comes, how long it lasts and whom it strikes", () => {
    fc.assert(
      fc.property(fc.subarray(some, { minLength: 1 }), (kept) => {
        const { seen } = run(puppet({}), { nodes: 5, faults: kept });
        for (const { kind } of kept) expect(told(seen, kind)).toEqual(told(whole, kind));
      }),
      { numRuns: 31, seed: 44 },
    );
  });

  test("two that read alike draw differently", () => {
    const twin = fault("pause", "random", { every: [ms(50), ms(150)], for: ms(10) });
    const [one, two] = [[twin], [twin, twin]].map((faults) => spans(run(puppet({}), { nodes: 5, faults }).seen).map(({ from }) => from)) as [number[], number[]];
    expect(one.every((from) => two.includes(from))).toBe(true);
    expect(two.length).toBeGreaterThan(one.length);
    expect(new Set(two).size).toBe(two.length);
  });
});

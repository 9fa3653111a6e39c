import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import type { Ctx } from "../../sim/protocol.ts";
import type { FaultConfig } from "../../sim/world/config.ts";
import { ForbiddenError } from "../../sim/world/forbidden.ts";
import { constant, fault, heard, lives, note, puppet, run, type Act } from "./build.ts";

/** What becomes of n1 under these faults. */
const fate = (...faults: FaultConfig[]): unknown[] => lives(run(puppet({}), { faults }).seen, 0);
const did = (...faults: FaultConfig[]): unknown[] => run(puppet({}), { faults }).seen.of("fault").map(({ data }) => (data as { did: boolean }).did);

describe("a crash", () => {
  test("stops its node at 5 ms and starts it again when `for` is over, at 8 ms", () => {
    expect(fate(fault("crash", "n1", { at: ms(5), for: ms(3) }))).toEqual([["boot", 0], ["crash", ms(5)], ["boot", ms(8)]]);
  });

  test("without `for` lasts to the end", () => {
    expect(fate(fault("crash", "n1", { at: ms(5) }))).toEqual([["boot", 0], ["crash", ms(5)]]);
  });

  test("says what was lost, which fault it was, and counts the boots: 1, 1, 2", () => {
    const { seen } = run(puppet({}), { faults: [fault("crash", "n1", { at: ms(5), for: ms(3), lose: "disk" })] });
    expect(seen.of("boot", "crash").filter(({ node }) => node === 0).map(({ name, fault: by, incarnation }) => [name, by, incarnation])).toEqual([["", -1, 1], ["disk", 0, 1], ["", 0, 2]]);
  });

  test("takes memory and timers: the act of 10 ms never comes, unless the node sets it anew", () => {
    let boots = 0;
    const onStart = (_: unknown, ctx: Ctx<never, string>): void => {
      boots += 1;
      if (boots === 1) ctx.setTimer("act", ms(10), "0");
    };
    const { seen } = run(puppet({ n1: [[ms(10), (_, ctx) => ctx.emit("came")]] }, { onStart } as never), { nodes: 1, faults: [fault("crash", "n1", { at: ms(5), for: ms(1) })] });
    expect(seen.of("emit")).toEqual([]);
  });

  test("loses what arrives while its node is down, and says so: down", () => {
    const { seen } = run(puppet({ n2: [[ms(6), (_, ctx) => ctx.send("n1", note("hello"))]] }), { faults: [fault("crash", "n1", { at: ms(5), for: ms(5) })] });
    expect(seen.of("drop").map(({ time, node, reason }) => [time, node, reason])).toEqual([[ms(7), 0, "down"]]);
  });

  test("lets what the node had sent arrive, and what arrives after its restart be heard by its next life", () => {
    const script = { n1: [[ms(4.5), (_: unknown, ctx: Ctx<any>) => ctx.send("n2", note("last words"))]], n2: [[ms(4.5), (_: unknown, ctx: Ctx<any>) => ctx.send("n1", note("to whom?"))]] };
    const { seen } = run(puppet(script as never), { faults: [fault("crash", "n1", { at: ms(5), for: ms(0.25) })] });
    expect([heard(seen, 1), heard(seen, 0)]).toEqual([[["last words", ms(5.5)]], [["to whom?", ms(5.5)]]]);
  });

  test("keeps the node's clock going", () => {
    const { seen } = run(puppet({}), { clocks: { offset: [ms(7), ms(7)] }, faults: [fault("crash", "n1", { at: ms(5), for: ms(3) })] });
    expect(seen.of("boot").filter(({ incarnation }) => incarnation === 2).map(({ nodeTime }) => nodeTime)).toEqual([ms(15)]);
  });
});

describe("a crash of a zone", () => {
  const zones = ["eu-a", "eu-b", "us", ""];
  const downed = (zone: string): unknown[] => {
    const outage = { ...fault("crash", "n1", { at: ms(5), for: ms(3) }), params: { value: { type: "zone", zone }, lose: "unsynced" } };
    const { seen } = run(puppet({}), { zones, workload: { clients: 1, until: 0 }, faults: [outage] });
    return seen.of("crash", "boot").filter(({ time }) => time > 0).map(({ kind, node, time }) => `${kind} ${node} ${time / ms(1)}`);
  };

  test("takes all its nodes at one instant, and brings them back together: those of a region are those of its zones", () => {
    expect(downed("eu")).toEqual(["crash 0 5", "crash 1 5", "boot 0 8", "boot 1 8"]);
    expect(downed("us")).toEqual(["crash 2 5", "boot 2 8"]);
  });
});

describe("crashes that meet", () => {
  const long = fault("crash", "n1", { at: ms(5), for: ms(10) });

  test("a crash of a crashed node does nothing, and says so", () => {
    expect(did(long, fault("crash", "n1", { at: ms(7), for: ms(2) }))).toEqual([true, false]);
  });

  test("the later end counts: 15 ms, where the second would end at 9 ms", () => {
    expect(fate(long, fault("crash", "n1", { at: ms(7), for: ms(2) }))).toEqual([["boot", 0], ["crash", ms(5)], ["boot", ms(15)]]);
  });

  test("the later end counts: 27 ms, where the first would end at 15 ms", () => {
    expect(fate(long, fault("crash", "n1", { at: ms(7), for: ms(20) }))).toEqual([["boot", 0], ["crash", ms(5)], ["boot", ms(27)]]);
  });

  test("a crash that never ends is the later end", () => {
    expect(fate(long, fault("crash", "n1", { at: ms(7) }))).toEqual([["boot", 0], ["crash", ms(5)]]);
  });

  test("a crash of a crashed node loses nothing more: the disk stays", () => {
    const script = { n1: [[ms(1), (state, ctx) => ((state.x = 1), ctx.persist())], [ms(30), (state, ctx) => ctx.emit("x", { x: state.x })]] as [number, Act][] };
    const faults = [long, fault("crash", "n1", { at: ms(7), for: ms(1), lose: "disk" })];
    const { seen } = run(puppet(script, { durable: ["x"], boot: () => ({ x: 0 }) }), { faults });
    expect(seen.of("emit").map(({ data }) => data)).toEqual([{ x: 1 }]);
  });

  test("property: a node is down exactly while some crash lasts that struck it", () => {
    const crash = fc.record({ at: fc.integer({ min: 0, max: 40 }), lasts: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(fc.array(crash, { maxLength: 6 }), (crashes) => {
        // Times that differ by halves, so that no fault begins when another ends.
        const spans = crashes.map(({ at, lasts }, index) => [at + index / 16, at + index / 16 + lasts + 1 / 32] as const);
        const faults = spans.map(([from, to], index) => ({ ...fault("crash", "n1", { at: ms(from), for: ms(to - from) }), text: String(index) }));
        const expected: unknown[] = [["boot", 0]];
        const merged: [number, number][] = [];
        for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
          const last = merged.at(-1);
          if (last !== undefined && from < last[1]) last[1] = Math.max(last[1], to);
          else merged.push([from, to]);
        }
        for (const [from, to] of merged) expected.push(["crash", ms(from)], ["boot", ms(to)]);
        expect(fate(...faults)).toEqual(expected);
      }),
      { numRuns: 100, seed: 41 },
    );
  });
});

describe("a restart", () => {
  test("is a stop and a start in an instant, at 5 ms, and over with it", () => {
    const { seen } = run(puppet({}), { faults: [fault("restart", "n1", { at: ms(5) })] });
    expect(lives(seen, 0)).toEqual([["boot", 0], ["crash", ms(5)], ["boot", ms(5)]]);
    expect(seen.of("faultEnd").map(({ time }) => time)).toEqual([ms(5)]);
  });

  test("with `for` keeps its node down so long: until 7 ms", () => {
    expect(fate(fault("restart", "n1", { at: ms(5), for: ms(2) }))).toEqual([["boot", 0], ["crash", ms(5)], ["boot", ms(7)]]);
  });

  test("loses nothing that was synced, and what was not", () => {
    const script = { n1: [[ms(1), (state, ctx) => ((state.x = 1), ctx.persist())], [ms(4.5), (state, ctx) => ((state.x = 2), ctx.persist())], [ms(30), (state, ctx) => ctx.emit("x", { x: state.x })]] as [number, Act][] };
    const { seen } = run(puppet(script, { durable: ["x"], boot: () => ({ x: 0 }) }), { faults: [fault("restart", "n1", { at: ms(5) })] });
    expect(seen.of("emit").map(({ data }) => data)).toEqual([{ x: 1 }]);
  });

  test("brings a crashed node back at 7 ms, and the crash's own end at 15 ms does nothing", () => {
    expect(fate(fault("crash", "n1", { at: ms(5), for: ms(10) }), fault("restart", "n1", { at: ms(7) }))).toEqual([["boot", 0], ["crash", ms(5)], ["boot", ms(7)]]);
  });

  test("brings a node back whose crash has no end, at 7 ms", () => {
    expect(fate(fault("crash", "n1", { at: ms(5) }), fault("restart", "n1", { at: ms(7) }))).toEqual([["boot", 0], ["crash", ms(5)], ["boot", ms(7)]]);
  });

  test("of a crashed node with `for` brings it back when that is over, at 10 ms", () => {
    expect(fate(fault("crash", "n1", { at: ms(5) }), fault("restart", "n1", { at: ms(7), for: ms(3) }))).toEqual([["boot", 0], ["crash", ms(5)], ["boot", ms(10)]]);
  });

  test("of every node restarts every node: three boots at 5 ms", () => {
    const { seen } = run(puppet({}), { faults: [fault("restart", "all", { at: ms(5) })] });
    expect(seen.of("boot").filter(({ time }) => time === ms(5)).map(({ node }) => node)).toEqual([0, 1, 2]);
  });
});

describe("a handler that throws", () => {
  const throwing: Act = (_, ctx) => {
    ctx.send("n2", note("never"));
    ctx.emit("never");
    throw new TypeError("no such thing");
  };
  const script = { n1: [[ms(5), throwing]] as [number, Act][] };

  test("is a crash of its node, and a violation with the error: handlers return", () => {
    const { seen, world } = run(puppet(script));
    expect(lives(seen, 0)).toEqual([["boot", 0], ["crash", ms(5)]]);
    expect(seen.of("crash")[0]?.reason).toBe("onTimer.act threw TypeError");
    expect(world.watch.violations).toEqual([
      { invariant: "handlers return", time: ms(5), nodes: ["n1"], message: "n1's onTimer.act threw TypeError: no such thing", event: seen.of("crash")[0]?.id },
    ]);
  });

  test("has no effect but that: nothing is sent or emitted", () => {
    const { seen } = run(puppet(script));
    expect(seen.of("send", "emit")).toEqual([]);
  });

  test("loses what its node had not synced", () => {
    const acts: [number, Act][] = [[ms(4.5), (state, ctx) => ((state.x = 1), ctx.persist())], [ms(5), throwing], [ms(30), (state, ctx) => ctx.emit("x", { x: state.x })]];
    const { seen } = run(puppet({ n1: acts }, { durable: ["x"], boot: () => ({ x: 0 }) }), { faults: [fault("restart", "n1", { at: ms(10) })] });
    expect(seen.of("emit").map(({ data }) => data)).toEqual([{ x: 0 }]);
  });

  for (const [kind, value] of [["restart", "n1"], ["heal", "all"]] as const) {
    test(`leaves its node down until a ${kind}, at 9 ms`, () => {
      expect(lives(run(puppet(script), { faults: [fault(kind, value, { at: ms(9) })] }).seen, 0)).toEqual([["boot", 0], ["crash", ms(5)], ["boot", ms(9)]]);
    });
  }

  test("leaves it down though a crash of the downed node ends, at 9 ms", () => {
    expect(lives(run(puppet(script), { faults: [fault("crash", "n1", { at: ms(7), for: ms(2) })] }).seen, 0)).toEqual([["boot", 0], ["crash", ms(5)]]);
  });

  test("again and again is one violation for each node: n1, n2", () => {
    const again = { onStart: (): void => { throw new Error("no"); } };
    const { world } = run(puppet({}, again), { nodes: 2, faults: [fault("restart", "all", { every: [ms(10), ms(10)] })] });
    expect(world.watch.violations.map(({ nodes }) => nodes)).toEqual([["n1"], ["n2"]]);
  });

  test("throws what is no Error: its text is the reason", () => {
    const { seen } = run(puppet({ n1: [[ms(5), () => { throw "a text"; }]] }));
    expect(seen.of("crash")[0]?.reason).toBe("onTimer.act threw a text");
  });

  test("that reaches for the machine ends the run instead: the user is told the cure", () => {
    const reach: Act = () => {
      throw new ForbiddenError("Date.now", "use ctx.now");
    };
    expect(() => run(puppet({ n1: [[ms(5), reach]] }))).toThrow("Date.now is banned during a run: use ctx.now");
  });

  const mistakes: [what: string, act: Act, says: string][] = [
    ["sends to a node that does not exist", (_, ctx) => ctx.send("n9", note(1)), "there is no node named n9"],
    ["sends to a client", (_, ctx) => ctx.send("c1", note(1)), "there is no node named c1"],
    ["sends a function", (_, ctx) => ctx.send("n2", note((() => {}) as never)), "text is a function"],
    ["sends a Map", (_, ctx) => ctx.send("n2", note(new Map() as never)), "text is a Map"],
    ["sends a Date", (_, ctx) => ctx.send("n2", note(new (Date as any)(0) as never)), "text is a Date"],
    ["sends a bigint in a list", (_, ctx) => ctx.send("n2", note([1n] as never)), "an item of text is a bigint"],
    ["sends a frozen Set", (_, ctx) => ctx.send("n2", Object.freeze(new Set()) as never), "it is a Set"],
    ["emits a class instance", (_, ctx) => ctx.emit("e", { x: new (class Thing {})() as never }), "x is a Thing"],
    ["appends a symbol to a file", (_, ctx) => ctx.disk.append("f", Symbol("s") as never), "it is a symbol"],
    ["answers nobody's request", (_, ctx) => ctx.reply({ client: "c9" } as never, { type: "ok" }), "there is no client named c9"],
    ["redirects to a node that does not exist", (_, ctx) => ctx.reply({ client: "c1" } as never, { type: "redirect", to: "n9" }), "there is no node named n9"],
    ["answers with no known type", (_, ctx) => ctx.reply({ client: "c1" } as never, { type: "okay" } as never), "a reply is ok, fail or redirect, not okay"],
    ["fails without a reason", (_, ctx) => ctx.reply({ client: "c1" } as never, { type: "fail" } as never), "a reply that fails says why"],
    ["sets a timer for a fraction", (_, ctx) => ctx.setTimer("act", 0.5), "a whole number of nanoseconds from 0"],
    ["sets a timer in the past", (_, ctx) => ctx.setTimer("act", [-1, 5]), "a whole number of nanoseconds from 0"],
    ["picks from nothing", (_, ctx) => ctx.pick([]), "the list is empty"],
  ];
  for (const [what, act, says] of mistakes) {
    test(`that ${what} says: ${says}`, () => {
      const { world } = run(puppet({ n1: [[ms(5), act]] }), { workload: { clients: 1, until: 0 } });
      expect(world.watch.violations.map(({ invariant }) => invariant)).toEqual(["handlers return"]);
      expect(world.watch.violations[0]?.message).toContain(says);
    });
  }

  test("a message, a timer and a request without a handler throw, and are named: Strange, strange, cas", () => {
    const said = (act: Act, clients = 0): string | undefined => {
      const workload = { clients, think: constant(ms(1)), operations: [{ f: "cas", weight: 1 }] };
      return run(puppet({ n1: [[ms(5), act]] }, { onRequest: {} }), { workload }).world.watch.violations[0]?.message.replace(/.*TypeError: /, "");
    };
    expect(said((_, ctx) => ctx.send("n2", { type: "Strange" } as never))).toBe("puppet has no onMessage.Strange");
    expect(said((_, ctx) => ctx.setTimer("strange", 0))).toBe("puppet has no onTimer.strange");
    expect(said(() => {}, 1)).toBe("puppet has no onRequest.cas");
  });

  test("a state that is not plain data is one that throws at its boot: a Map", () => {
    const { world } = run(puppet({}, { boot: () => ({ peers: new Map() }) }), { nodes: 1 });
    expect(world.watch.violations[0]?.message).toContain("boot threw TypeError: value.peers is a Map");
  });

  test("in boot() leaves the node down: it crashes at 0", () => {
    const { seen } = run(puppet({}, { boot: () => { throw new Error("no"); } } as never), { nodes: 1 });
    expect(lives(seen, 0)).toEqual([["boot", 0], ["crash", 0]]);
    expect(seen.of("crash")[0]?.name).toBe("unsynced");
  });

  test("leaves the other nodes alone: n2 and n3 are up", () => {
    const { world } = run(puppet(script));
    expect(world.nodes.map(({ isUp }) => isUp)).toEqual([false, true, true]);
  });
});

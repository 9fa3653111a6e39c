import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import type { Protocol } from "../../sim/protocol.ts";
import type { FaultConfig } from "../../sim/world/config.ts";
import { build, constant, fault, heard, lives, note, puppet, Recording, run, uniform, type Act } from "./build.ts";

type Script = { [node: string]: [number, Act][] };
const send = (text: string): Act => (_, ctx) => ctx.send("n2", note(text));
const save: Act = (state, ctx) => ((state.x += 1), ctx.persist());
const all = (...acts: Act[]): Act => (state, ctx) => acts.forEach((act) => act(state, ctx));
const show: Act = (state, ctx) => ctx.emit("x", { x: state.x });

/** n1 keeps a number; a message takes a millisecond, and so does a sync. At 60 ms it says what it has kept. */
const keeping: Partial<Protocol> = { durable: ["x"], boot: () => ({ x: 0 }) };
const setting = (...faults: FaultConfig[]) => ({ nodes: 3, duration: ms(100), faults });
const amid = (what: "effects" | "sync", more: Parameters<typeof fault>[2] = {}): FaultConfig => fault("crash", "n1", { at: ms(5), for: ms(3), amid: what, ...more });
/** What a run of n1's script comes to: what n2 heard and when, n1's crashes, and what n1 had kept. */
function fate(script: Script, ...faults: FaultConfig[]): { heard: unknown[]; crashes: unknown[]; kept: unknown } {
  const { seen } = run(puppet({ ...script, n1: [...(script["n1"] ?? []), [ms(60), show]] }, keeping), setting(...faults));
  return {
    heard: heard(seen, 1).map(([text, at]) => `${String(text)} ${at / ms(1)}`),
    crashes: seen.of("crash").map(({ time, reason, fault: by }) => [time / ms(1), reason, by]),
    kept: (seen.of("emit").at(-1)?.data as { x: number }).x,
  };
}

describe("a crash amid effects", () => {
  test("after the first of five sends: one message leaves, and the crash says so", () => {
    const { heard: texts, crashes } = fate({ n1: [[ms(10), all(send("a"), send("b"), send("c"), send("d"), send("e"))]] }, amid("effects", { applied: 1 }));
    expect([texts, crashes]).toEqual([["a 11"], [[10, "amid effects, 1 of 5 applied", 0]]]);
  });

  test("after the persist and before the send: the state is saved, at 11 ms, and nothing is said", () => {
    const { heard: texts, crashes, kept } = fate({ n1: [[ms(10), all(save, send("saved"))]] }, amid("effects"));
    expect([texts, crashes, kept]).toEqual([[], [[11, "amid effects, 1 of 2 applied", 0]], 1]);
  });

  test("after the send and before the persist: it is said, and nothing saved", () => {
    const { heard: texts, crashes, kept } = fate({ n1: [[ms(10), all(send("saved"), save)]] }, amid("effects"));
    expect([texts, crashes, kept]).toEqual([["saved 11"], [[10, "amid effects, 1 of 2 applied", 0]], 0]);
  });

  test("between two sends that one sync holds back: the first leaves alone, at 11 ms", () => {
    const { heard: texts, crashes, kept } = fate({ n1: [[ms(10), all(save, send("a"), send("b"))]] }, amid("effects", { applied: 2 }));
    expect([texts, crashes, kept]).toEqual([["a 12"], [[11, "amid effects, 2 of 3 applied", 0]], 1]);
  });

  test("lets go what earlier handlers had asked for, and nothing of later ones", () => {
    const script: Script = { n1: [[ms(9.5), all(save, send("before"))], [ms(10), all(save, send("a"), send("b"))], [ms(10.25), send("after")]] };
    const { heard: texts, crashes, kept } = fate(script, amid("effects", { at: ms(9.75), applied: 2 }));
    expect([texts, crashes, kept]).toEqual([["before 11.5", "a 12.5"], [[11.5, "amid effects, 2 of 3 applied", 0]], 2]);
  });

  test("keeps the first of two appends where nothing is lost of the disk", () => {
    const append = (entry: string): Act => (_, ctx) => ctx.disk.append("wal", entry);
    const say: Act = (_, ctx) => ctx.emit("wal", { wal: [...ctx.disk.read("wal")] });
    const { seen } = run(puppet({ n1: [[ms(10), all(append("a"), append("b"))], [ms(60), say]] }), setting(amid("effects", { lose: "nothing" })));
    expect(seen.of("emit").map(({ data }) => data)).toEqual([{ wal: ["a"] }]);
  });

  test("passes over handlers with fewer than two effects that outlast the node: timers, logs and words do not count", () => {
    const idle: Act = (_, ctx) => (ctx.setTimer("act", ms(80), "9"), ctx.log("info", "x"), ctx.emit("idle"), ctx.persist(), ctx.send("n2", note("one")));
    const { crashes } = fate({ n1: [[ms(2), save], [ms(10), idle], [ms(20), all(send("a"), send("b"))]] }, amid("effects"));
    expect(crashes).toEqual([[20, "amid effects, 1 of 2 applied", 0]]);
  });

  test("passes over handlers with too few for its `applied`", () => {
    const { crashes } = fate({ n1: [[ms(10), all(send("a"), send("b"), send("c"))], [ms(20), all(send("a"), send("b"), send("c"), send("d"))]] }, amid("effects", { applied: 3 }));
    expect(crashes).toEqual([[20, "amid effects, 3 of 4 applied", 0]]);
  });

  test("applies what does not count as far as it stands before: an emit of two", () => {
    const emit = (name: string): Act => (_, ctx) => ctx.emit(name);
    const { seen } = run(puppet({ n1: [[ms(10), all(emit("first"), send("a"), emit("second"), send("b"))]] }), setting(amid("effects")));
    expect(seen.of("emit").map(({ name }) => name)).toEqual(["first"]);
  });

  test("draws its place: in a hundred seeds each of the four between five sends comes up, 16 to 34 times", () => {
    const script: Script = { n1: [[ms(10), all(send("a"), send("b"), send("c"), send("d"), send("e"))]] };
    const counts = [0, 0, 0, 0];
    for (let seed = 1; seed <= 100; seed += 1) {
      const { seen } = run(puppet(script), { ...setting(amid("effects")), seed });
      const left = seen.of("send").length - 1;
      counts[left] = (counts[left] as number) + 1;
    }
    expect(counts.length).toBe(4);
    // Each is binomial with mean 25 and standard deviation 4.3; nine of 25 is beyond two of them.
    expect(counts.every((count) => count >= 12 && count <= 38)).toBe(true);
  });

  test("strikes in the handlers of a node's start as well", () => {
    const onStart = (_: unknown, ctx: Parameters<Act>[1]): void => (ctx.self === "n1" && ctx.now > 0 ? ["a", "b"] : []).forEach((text) => ctx.send("n2", note(text)));
    const { seen } = run(puppet({}, { onStart } as never), setting(amid("effects"), fault("restart", "n1", { at: ms(20) })));
    expect(lives(seen, 0)).toEqual([["boot", 0], ["crash", ms(20)], ["boot", ms(20)], ["crash", ms(20)], ["boot", ms(23)]]);
  });
});

describe("a crash that lies in wait", () => {
  const script: Script = { n1: [[ms(20), all(send("a"), send("b"))]], n2: [[ms(30), (_, ctx) => (ctx.send("n3", note(1)), ctx.send("n3", note(2)))]] };

  test("takes its time from when it strikes: down from 20 to 23 ms, though it began at 5 ms", () => {
    const { seen } = run(puppet(script), setting(amid("effects")));
    expect(lives(seen, 0)).toEqual([["boot", 0], ["crash", ms(20)], ["boot", ms(23)]]);
    expect(seen.of("fault", "faultEnd").map(({ kind, time }) => [kind, time])).toEqual([["fault", ms(5)], ["faultEnd", ms(23)]]);
  });

  test("says when it begins what it waits for: amid effects", () => {
    const { seen } = run(puppet(script), setting(amid("effects", { applied: 1 })));
    expect(seen.of("fault")[0]?.data).toMatchObject({ nodes: ["n1"], did: true, lose: "unsynced", amid: "effects", applied: 1 });
  });

  test("for two nodes has its time for each: n1 from 20 ms, n2 from 30 ms, and ends with the last", () => {
    const { seen } = run(puppet(script), setting({ ...amid("effects"), params: { value: { type: "list", of: [{ type: "node", node: "n1" }, { type: "node", node: "n2" }] }, lose: "unsynced", amid: "effects" } }));
    expect([lives(seen, 0).slice(1), lives(seen, 1).slice(1)]).toEqual([[["crash", ms(20)], ["boot", ms(23)]], [["crash", ms(30)], ["boot", ms(33)]]]);
    expect(seen.of("faultEnd").map(({ time }) => time)).toEqual([ms(33)]);
  });

  test("is lifted by a heal: nothing crashes", () => {
    const { seen } = run(puppet(script), setting(amid("effects"), fault("heal", "all", { at: ms(10) })));
    expect([lives(seen, 0), seen.of("faultEnd").map(({ time }) => time)]).toEqual([[["boot", 0]], [ms(10)]]);
  });

  test("is lifted by a heal though it had found its place: the sends that a persist held back leave", () => {
    const { seen } = run(puppet({ n1: [[ms(10), all(save, send("a"), send("b"))]] }, keeping), setting(amid("effects"), fault("heal", "all", { at: ms(10.5) })));
    expect([lives(seen, 0), heard(seen, 1).length]).toEqual([[["boot", 0]], 2]);
  });

  test("waits on where the node crashes for another reason first, and strikes its next life", () => {
    const onStart = (_: unknown, ctx: Parameters<Act>[1]): void => ctx.setTimer("act", ms(10), "0");
    const { seen } = run(puppet({ n1: [[ms(10), all(save, send("a"), send("b"))]] }, { ...keeping, onStart } as never), setting(amid("effects", { applied: 1 }), fault("restart", "n1", { at: ms(10.5) })));
    expect(lives(seen, 0)).toEqual([["boot", 0], ["crash", ms(10.5)], ["boot", ms(10.5)], ["crash", ms(21.5)], ["boot", ms(24.5)]]);
  });

  test("without `for` keeps its node down", () => {
    const { for: _, ...rest } = { for: 0, at: ms(5), amid: "effects" as const };
    expect(lives(run(puppet(script), setting(fault("crash", "n1", rest))).seen, 0)).toEqual([["boot", 0], ["crash", ms(20)]]);
  });

  test("and never strikes leaves no crash: a node that only ever sends one thing", () => {
    const { seen } = run(puppet({ n1: [[ms(20), send("a")]] }), setting(amid("effects")));
    expect([lives(seen, 0), seen.of("faultEnd")]).toEqual([[["boot", 0]], []]);
  });
});

describe("a crash amid a sync", () => {
  const script: Script = { n1: [[ms(10), all(save, send("saved"))]] };

  test("strikes after it began and before it is done: nothing is saved, nothing said", () => {
    const { heard: texts, crashes, kept } = fate(script, amid("sync"));
    const [[at, reason]] = crashes as [[number, string]];
    expect([texts, reason, kept]).toEqual([[], "amid a sync", 0]);
    expect(at).toBeGreaterThanOrEqual(10);
    expect(at).toBeLessThan(11);
  });

  test("keeps what was written where nothing is lost of the disk", () => {
    expect(fate(script, amid("sync", { lose: "nothing" })).kept).toBe(1);
  });

  test("keeps a prefix of what was appended where the disk is torn: in thirty seeds each of none to three comes up", () => {
    const append = (entry: string): Act => (_, ctx) => ctx.disk.append("wal", entry);
    const say: Act = (_, ctx) => ctx.emit("wal", { wal: [...ctx.disk.read("wal")] });
    const appending: Script = { n1: [[ms(10), all(append("a"), append("b"), append("c"), (_, ctx) => ctx.disk.sync())], [ms(60), say]] };
    const kept = Array.from({ length: 30 }, (_, index) => {
      const { seen } = run(puppet(appending), { ...setting(amid("sync", { lose: "torn" })), seed: index + 1 });
      return (seen.of("emit")[0]?.data as { wal: string[] }).wal.join("");
    });
    expect([...new Set(kept)].sort()).toEqual(["", "a", "ab", "abc"]);
  });

  test("strikes at every share of the sync: in two hundred seeds 0.45 to 0.55 of it on average", () => {
    const shares = Array.from({ length: 200 }, (_, index) => {
      const { seen } = run(puppet(script, keeping), { ...setting(amid("sync")), seed: index + 1 });
      return ((seen.of("crash")[0]?.time ?? 0) - ms(10)) / ms(1);
    });
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    // The mean of 200 uniform shares has a standard deviation of 0.0204.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.06);
    expect(Math.min(...shares) < 0.1 && Math.max(...shares) > 0.9).toBe(true);
  });

  test("strikes before the sync is done even where it takes no time", () => {
    const { seen } = run(puppet(script, keeping), { ...setting(amid("sync")), disk: { sync: constant(0) } });
    expect(seen.of("crash", "synced").map(({ kind, time }) => [kind, time])).toEqual([["crash", ms(10)]]);
  });

  test("waits for the next sync, and leaves the one under way alone", () => {
    const { crashes, kept } = fate({ n1: [[ms(4.5), save], [ms(20), save]] }, amid("sync"));
    expect([Math.floor((crashes as [[number]])[0][0]), kept]).toEqual([20, 1]);
  });
});

describe("property", () => {
  const effects = fc.array(fc.constantFrom("send", "save"), { minLength: 2, maxLength: 7 });

  test("of any effects the first k are done, and of what leaves no other; captures behind may share their sync", () => {
    fc.assert(
      fc.property(effects, fc.nat(), (kinds, draw) => {
        const applied = 1 + (draw % (kinds.length - 1));
        const count = (some: readonly string[], kind: string): number => some.filter((one) => one === kind).length;
        const done = kinds.slice(0, applied);
        const { heard: texts, crashes, kept } = fate({ n1: [[ms(10), all(...kinds.map((kind) => (kind === "send" ? send("s") : save)))]] }, amid("effects", { applied }));
        expect([texts.length, crashes.length]).toEqual([count(done, "send"), 1]);
        // The first capture is synced alone, and all others together.
        const saved = count(done, "save");
        expect(kept).toBe(saved < 2 ? saved : count(kinds, "save"));
      }),
      { numRuns: 200, seed: 81 },
    );
  });

  test("a copy of the world goes on as it does, with what lies in wait", () => {
    const act = all(save, send("a"), send("b"));
    const script: Script = { n1: Array.from({ length: 30 }, (_, index): [number, Act] => [ms(3 * index + 1), act]) };
    const faults = [amid("effects", { every: [ms(5), ms(12)], for: [ms(1), ms(4)] }), amid("sync", { every: [ms(9), ms(20)], for: [ms(1), ms(4)] })];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 5 }), (steps, seed) => {
        const { world: original, seen } = build(puppet(script, keeping), { ...setting(...faults), seed, disk: { sync: uniform(ms(1), ms(3)) } });
        original.runUntil(ms(100), steps);
        const before = seen.lines.length;
        const copySeen = new Recording();
        const copy = original.copy({ sinks: [copySeen] });
        copy.runUntil(ms(100));
        original.runUntil(ms(100));
        expect(copySeen.lines).toEqual(seen.lines.slice(before));
      }),
      { numRuns: 60, seed: 82 },
    );
  });
});

/** What a disk keeps, and how long it takes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Stream } from "../../sim/kernel/stream.ts";
import { ms, seconds, us } from "../../sim/kernel/time.ts";
import type { Value } from "../../sim/protocol.ts";
import { Store, type Loss } from "../../sim/world/store.ts";
import { constant, fault, isNear, puppet, run, uniform, type Act } from "./build.ts";

/** What is done to a store, one after the other. */
interface Made {
  readonly do: "save" | "append" | "truncate";
  readonly file: string;
  readonly value: number;
}
type Step = Made | { readonly do: "begin" } | { readonly do: "end" };

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom("save" as const, "append" as const, "append" as const, "truncate" as const), file: fc.constantFrom("a", "b"), value: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: "begin" }, { do: "end" }) },
);

interface Kept {
  readonly saved: number | undefined;
  readonly a: readonly Value[];
  readonly b: readonly Value[];
}

const NOTHING: Kept = { saved: undefined, a: [], b: [] };

/** What one write makes of what is kept, by arrays: a second way to what the store does with logs. */
function after(kept: Kept, write: Made): Kept {
  if (write.do === "save") return { ...kept, saved: write.value };
  const entries = kept[write.file as "a" | "b"];
  return { ...kept, [write.file]: write.do === "append" ? [...entries, write.value] : entries.slice(0, write.value) };
}

/** Drives a store; says which writes a sync made durable, and which were made since. */
function drive(store: Store, steps: readonly Step[]): { durable: Made[]; unsynced: Made[] } {
  let durable: Made[] = [];
  let writes: Made[] = [];
  let upTo = 0;
  let isSyncing = false;
  for (const one of steps) {
    if (one.do === "begin") {
      if (isSyncing) continue;
      isSyncing = true;
      upTo = writes.length;
      store.beginSync();
    } else if (one.do === "end") {
      if (!isSyncing) continue;
      isSyncing = false;
      store.endSync();
      durable = [...durable, ...writes.slice(0, upTo)];
      writes = writes.slice(upTo);
    } else {
      if (one.do === "save") store.capture({ x: one.value });
      else store.write(one.file, one.do, one.value);
      writes.push(one);
    }
  }
  return { durable, unsynced: writes };
}

const keptBy = (store: Store): Kept => ({ saved: store.latest?.["x"] as number | undefined, a: store.read("a").slice(), b: store.read("b").slice() });
const all = (writes: readonly Made[], from = NOTHING): Kept => writes.reduce(after, from);
const crashed = (steps: readonly Step[], lose: Loss, seed = 1): { store: Store; durable: Made[]; unsynced: Made[] } => {
  const store = new Store();
  const driven = drive(store, steps);
  store.crash(lose, new Stream(`${seed}/torn`));
  store.mount();
  return { store, ...driven };
};

describe("what survives a crash", () => {
  test("property: torn keeps the durable part and a prefix of the unsynced writes, across files and saves", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(), (steps, seed) => {
        const { store, durable, unsynced } = crashed(steps, "torn", seed);
        const possible = unsynced.map((_, count) => all(unsynced.slice(0, count), all(durable))).concat([all(unsynced, all(durable))]);
        expect(possible).toContainEqual(keptBy(store));
      }),
      { numRuns: 300, seed: 51 },
    );
  });

  test("property: unsynced keeps the durable part, nothing all that was written, disk nothing; of a sync under way nothing is durable", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { durable, unsynced } = crashed(steps, "unsynced");
        expect(keptBy(crashed(steps, "unsynced").store)).toEqual(all(durable));
        expect(keptBy(crashed(steps, "nothing").store)).toEqual(all(unsynced, all(durable)));
        expect(keptBy(crashed(steps, "disk").store)).toEqual(NOTHING);
      }),
      { numRuns: 200, seed: 52 },
    );
  });

  test("of three unsynced appends 0, 1, 2 or 3 are kept, each in a quarter of 2,000 crashes", () => {
    const steps: Step[] = [1, 2, 3].map((value) => ({ do: "append", file: "a", value }));
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < 2000; seed += 1) (counts[crashed(steps, "torn", seed).store.read("a").length] as number) += 1;
    expect(counts.map((count) => isNear(count, 2000, 0.25))).toEqual([true, true, true, true]);
  });

  test("a second crash finds what the first one left, and nothing of it is unsynced any more", () => {
    const { store } = crashed([{ do: "append", file: "a", value: 1 }, { do: "append", file: "a", value: 2 }], "nothing");
    store.crash("unsynced");
    expect(store.read("a").slice()).toEqual([1, 2]);
  });

  test("a copy knows that a sync failed and nobody asked again, and goes its own way", () => {
    const store = new Store();
    store.capture({ x: 1 });
    store.beginSync();
    store.failSync("dirty");
    const copy = store.copy();
    expect([copy.needsSync, copy.isStuck, copy.hasWork]).toEqual([false, true, false]);
    copy.want();
    copy.beginSync();
    copy.endSync();
    expect([copy.holdsBack, store.holdsBack, store.isStuck]).toEqual([false, true, true]);
  });

  test("in the world, n1's files a and b keep a prefix of what was written to them in turn, in each of 40 runs, and not always the same", () => {
    const act: Act = (_, ctx) => [1, 2, 3, 4, 5, 6].forEach((entry) => ctx.disk.append(entry % 2 === 1 ? "a" : "b", entry));
    const tell: Act = (_, ctx) => ctx.emit("kept", { all: [...ctx.disk.read("a"), ...ctx.disk.read("b")].sort() });
    const kept = Array.from({ length: 40 }, (_, seed) => {
      const { seen } = run(puppet({ n1: [[ms(1), act], [ms(9), tell]] }), { seed, faults: [fault("crash", "n1", { at: ms(5), for: ms(1), lose: "torn" })] });
      return (seen.of("emit")[0]?.data as { all: number[] }).all;
    });
    for (const entries of kept) expect(entries).toEqual([1, 2, 3, 4, 5, 6].slice(0, entries.length));
    expect(new Set(kept.map((entries) => entries.length)).size).toBeGreaterThan(3);
  });

  test("what persist() saved at once is torn in whole saves only: x and y are equal after each of 40 crashes", () => {
    const save = (value: number): Act => (state, ctx) => ((state.x = value), (state.y = value), ctx.persist());
    const act: Act = (state, ctx) => [1, 2, 3].forEach((value) => save(value)(state, ctx));
    const tell: Act = (state, ctx) => ctx.emit("kept", { x: state.x, y: state.y });
    const seenValues = new Set<number>();
    for (let seed = 0; seed < 40; seed += 1) {
      const parts = { durable: ["x", "y"], boot: () => ({ x: 0, y: 0 }) };
      const { seen } = run(puppet({ n1: [[ms(1), act], [ms(9), tell]] }, parts), { seed, disk: { sync: constant(ms(7)) }, faults: [fault("crash", "n1", { at: ms(5), for: ms(1), lose: "torn" })] });
      const { x, y } = seen.of("emit")[0]?.data as { x: number; y: number };
      expect(x).toBe(y);
      seenValues.add(x);
    }
    expect([...seenValues].sort()).toEqual([0, 1, 2, 3]);
  });

  test("how much is torn draws from the crash's own stream: pauses and other crashes leave it as it was", () => {
    const act: Act = (_, ctx) => [1, 2, 3, 4, 5, 6, 7, 8].forEach((entry) => ctx.disk.append("a", entry));
    const tell: Act = (_, ctx) => ctx.emit("kept", { a: ctx.disk.read("a").length });
    const kept = (more: Parameters<typeof fault>[]): unknown => {
      const faults = [fault("crash", "n1", { at: ms(5), for: ms(1), lose: "torn" }), ...more.map((each) => fault(...each))];
      const { seen } = run(puppet({ n1: [[ms(1), act], [ms(9), tell]], n2: [[ms(1), act]] }), { seed: 7, faults });
      return seen.of("emit")[0]?.data;
    };
    expect(kept([["crash", "n2", { at: ms(4), for: ms(1), lose: "torn" }], ["pause", "random", { at: ms(2), for: us(10) }]])).toEqual(kept([]));
  });
});

describe("how long a sync takes", () => {
  /** When the syncs of n1 were done, each persist at its time. */
  const synced = (times: readonly number[], disk: object, faults: ReturnType<typeof fault>[] = []): number[] => {
    const script = times.map((at, index): [number, Act] => [at, (state, ctx) => ((state.x = index + 1), ctx.persist())]);
    return run(puppet({ n1: script }, { durable: ["x"], boot: () => ({ x: 0 }) }), { disk, faults }).seen.of("synced").map(({ time }) => time);
  };

  test("its own time, and that of each write: 3 ms and four times 2 ms make 11 ms", () => {
    const act: Act = (_, ctx) => ([1, 2, 3, 4].forEach((entry) => ctx.disk.append("a", entry)), ctx.disk.sync());
    const { seen } = run(puppet({ n1: [[ms(1), act]] }), { disk: { sync: constant(ms(3)), write: constant(ms(2)) } });
    expect(seen.of("synced").map(({ time }) => time)).toEqual([ms(12)]);
  });

  test("group commit: what comes during a sync shares the next, which costs one sync and two writes: 1 + 5 + 2, and then 5 + 2 × 2", () => {
    expect(synced([ms(1), ms(2), ms(3)], { sync: constant(ms(5)), write: constant(ms(2)) })).toEqual([ms(8), ms(17)]);
  });

  test("500 syncs of one write take 2 ms and 0.5 ms on average, each within five standard errors", () => {
    // Uniform from 1 to 3 ms: standard deviation 2 / sqrt(12); uniform from 0 to 1 ms: 1 / sqrt(12).
    const times = Array.from({ length: 500 }, (_, index) => ms(1 + 5 * index));
    const script = times.map((at, index): [number, Act] => [at, (state, ctx) => ((state.x = index + 1), ctx.persist())]);
    const { seen } = run(puppet({ n1: script }, { durable: ["x"], boot: () => ({ x: 0 }) }), { duration: seconds(3), disk: { sync: uniform(ms(1), ms(3)), write: uniform(0, ms(1)) } });
    const took = seen.of("synced").map(({ time }, index) => time - (times[index] as number));
    const mean = took.reduce((sum, each) => sum + each, 0) / took.length;
    const error = Math.sqrt((4 + 1) / 12 / 500);
    expect(took.length).toBe(500);
    expect(Math.abs(mean - ms(2.5)) / ms(1)).toBeLessThan(5 * error);
    expect(Math.max(...took)).toBeLessThanOrEqual(ms(4));
  });

  test("writes and syncs draw from streams of their own: a write time leaves the drawn sync times as they were", () => {
    const plain = synced([ms(1), ms(20), ms(40)], { sync: uniform(ms(1), ms(9)), write: constant(0) });
    const slower = synced([ms(1), ms(20), ms(40)], { sync: uniform(ms(1), ms(9)), write: constant(ms(1)) });
    expect(slower).toEqual(plain.map((time) => time + ms(1)));
  });
});

describe("diskSlow", () => {
  const save = (x: number): Act => (state, ctx) => ((state.x = x), ctx.persist());
  const parts = { durable: ["x"], boot: () => ({ x: 0 }) };
  const slow = (by: object, at: number, lasts: number): ReturnType<typeof fault> => fault("diskSlow", { nodes: { type: "node", node: "n1" }, by }, { at, for: lasts });
  const synced = (faults: ReturnType<typeof fault>[], disk = { sync: constant(ms(1)) }): number[] =>
    run(puppet({ n1: [[ms(1), save(1)], [ms(20), save(2)], [ms(50), save(3)]] }, parts), { disk, faults }).seen.of("synced").map(({ time }) => time);

  test("adds 10 ms to the syncs that begin while it lasts: 2, 31 and 51 ms", () => {
    expect(synced([slow(constant(ms(10)), ms(10), ms(30))])).toEqual([ms(2), ms(31), ms(51)]);
  });

  test("of two, both add: 10 and 5 ms, 36 ms", () => {
    expect(synced([slow(constant(ms(10)), ms(10), ms(30)), slow(constant(ms(5)), ms(15), ms(10))])[1]).toBe(ms(36));
  });

  test("draws from its own stream: the syncs before and after take as long as without it", () => {
    const disk = { sync: uniform(ms(1), ms(5)) };
    const without = synced([], disk);
    const within = synced([slow(uniform(ms(1), ms(9)), ms(10), ms(30))], disk);
    expect([within[0], within[2]]).toEqual([without[0], without[2]]);
    expect((within[1] as number) - (without[1] as number)).toBeGreaterThanOrEqual(ms(1));
  });
});

describe("diskStall", () => {
  const save = (x: number): Act => (state, ctx) => ((state.x = x), ctx.persist());
  const parts = { durable: ["x"], boot: () => ({ x: 0 }) };
  const lines = (script: [number, Act][], ...faults: ReturnType<typeof fault>[]) =>
    run(puppet({ n1: script }, parts), { disk: { sync: constant(ms(5)) }, faults }).seen.of("synced").map(({ time }) => time);

  test("a sync under way stands still, and goes on where it was: 2 ms, a stall of 20 ms, 3 ms", () => {
    expect(lines([[ms(1), save(1)]], fault("diskStall", "n1", { at: ms(3), for: ms(20) }))).toEqual([ms(26)]);
  });

  test("a sync that is asked for meanwhile begins when it ends: 23 + 5 ms", () => {
    expect(lines([[ms(4), save(1)]], fault("diskStall", "n1", { at: ms(3), for: ms(20) }))).toEqual([ms(28)]);
  });

  test("of two stalls that overlap the later end counts: 3 to 23 ms and 10 to 40 ms, 43 ms", () => {
    const faults = [fault("diskStall", "n1", { at: ms(3), for: ms(20) }), fault("diskStall", "n1", { at: ms(10), for: ms(30) })];
    expect(lines([[ms(1), save(1)]], ...faults)).toEqual([ms(43)]);
  });

  test("a crash ends the sync that hung: nothing is synced when the stall ends", () => {
    expect(lines([[ms(1), save(1)]], fault("diskStall", "n1", { at: ms(3), for: ms(20) }), fault("crash", "n1", { at: ms(10), for: ms(1) }))).toEqual([]);
  });

  test("other nodes' disks go on", () => {
    const { seen } = run(puppet({ n2: [[ms(4), save(1)]] }, parts), { faults: [fault("diskStall", "n1", { at: ms(3), for: ms(20) })] });
    expect(seen.of("synced").map(({ time }) => time)).toEqual([ms(5)]);
  });
});

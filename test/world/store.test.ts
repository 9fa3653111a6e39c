import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms, us } from "../../sim/kernel/time.ts";
import type { Ctx, Log, Value } from "../../sim/protocol.ts";
import { constant, fault, heard, note, puppet, run, type Act } from "./build.ts";

const slowDisk = { disk: { sync: constant(ms(5)) } };
const durable = { durable: ["x"], boot: () => ({ x: 0 }) };

const save = (x: number): Act => (state, ctx) => {
  state.x = x;
  ctx.persist();
};
const send = (text: Value): Act => (_, ctx) => ctx.send("n2", note(text));
const all = (...acts: Act[]): Act => (state, ctx) => acts.forEach((act) => act(state, ctx));
/** What n1 keeps under x when it has been restored. */
const restored = (script: readonly (readonly [number, Act])[], lose: "nothing" | "unsynced" | "disk", at: number): unknown => {
  const tell: Act = (state, ctx) => ctx.emit("restored", { x: state.x });
  const { seen } = run(puppet({ n1: [...script, [ms(90), tell]] }, durable), { ...slowDisk, faults: [fault("crash", "n1", { at, for: ms(1), lose })] });
  return (seen.of("emit")[0]?.data as { x: unknown }).x;
};

describe("persist holds back", () => {
  test("what was sent before it in its handler leaves at 1 ms, what was sent after it at 6 ms, when the sync is done", () => {
    const { seen } = run(puppet({ n1: [[ms(1), all(send("before"), save(1), send("after"))]] }, durable), slowDisk);
    expect(heard(seen, 1)).toEqual([["before", ms(2)], ["after", ms(7)]]);
  });

  test("what later handlers send waits too, until 6 ms, and what is sent after that leaves at once", () => {
    const { seen } = run(puppet({ n1: [[ms(1), save(1)], [ms(3), send("later")], [ms(8), send("free")]] }, durable), slowDisk);
    expect(heard(seen, 1)).toEqual([["later", ms(7)], ["free", ms(9)]]);
  });

  test("a later handler's reply to a client waits for the sync that ends at 6 ms", () => {
    const workload = { clients: 1, think: constant(ms(2)), until: ms(3), network: { latency: constant(0), loss: 0, duplicate: 0 } };
    const { seen } = run(puppet({ n1: [[ms(1), save(1)]] }, durable), { ...slowDisk, nodes: 1, workload });
    expect(seen.of("invoke", "ok").map(({ kind, time }) => [kind, time])).toEqual([["invoke", ms(2)], ["ok", ms(6)]]);
  });

  test("a node's messages to itself wait as well", () => {
    const { seen } = run(puppet({ n1: [[ms(1), all(save(1), (_, ctx) => ctx.send("n1", note("me")))]] }, durable), slowDisk);
    expect(heard(seen, 0)).toEqual([["me", ms(6)]]);
  });

  test("other nodes are not held back", () => {
    const { seen } = run(puppet({ n1: [[ms(1), save(1)]], n3: [[ms(2), send("hello")]] }, durable), slowDisk);
    expect(heard(seen, 1)).toEqual([["hello", ms(3)]]);
  });

  test("calls at 2 and 3 ms share the sync from 6 to 11 ms, because that of 1 ms had begun without them", () => {
    const acts = [1, 2, 3].map((at): [number, Act] => [ms(at), all(save(at), send(at))]);
    const { seen } = run(puppet({ n1: acts }, durable), slowDisk);
    expect(seen.of("synced").map(({ time }) => time)).toEqual([ms(6), ms(11)]);
    expect(heard(seen, 1)).toEqual([[1, ms(7)], [2, ms(12)], [3, ms(12)]]);
  });

  test("of what is held, everything leaves in the order in which it was sent: 1, 2, 3", () => {
    const { seen } = run(puppet({ n1: [[ms(1), all(save(1), send(1), save(2), send(2), send(3))]] }, durable), slowDisk);
    expect(seen.of("send").map(({ time, data }) => [(data as { text: Value }).text, time])).toEqual([[1, ms(6)], [2, ms(11)], [3, ms(11)]]);
  });

  test("what is held when its node crashes never leaves: n2 hears nothing", () => {
    const { seen } = run(puppet({ n1: [[ms(1), all(save(1), send("lost"))]] }, durable), { ...slowDisk, faults: [fault("crash", "n1", { at: ms(3), for: ms(1) })] });
    expect(heard(seen, 1)).toEqual([]);
  });
});

describe("persist of nothing new is free", () => {
  const persists = (act: Act, parts: object = durable): number => run(puppet({ n1: [[ms(1), save(1)], [ms(9), act]] }, parts), slowDisk).seen.of("persist").length;
  const again: Act = (_, ctx) => ctx.persist();

  test("a second call with nothing changed asks for no sync: 1 in all", () => {
    expect(persists(again)).toBe(1);
  });

  test("what is sent after it leaves at once", () => {
    const { seen } = run(puppet({ n1: [[ms(1), save(1)], [ms(9), all(again, send("at once"))]] }, durable), slowDisk);
    expect(heard(seen, 1)).toEqual([["at once", ms(10)]]);
  });

  test("two calls in one handler are one: 2 in all", () => {
    expect(persists(all(save(2), again))).toBe(2);
  });

  test("a value that changed and changed back before the call is nothing new: 1 in all", () => {
    expect(persists((state, ctx) => ((state.x = 7), (state.x = 1), ctx.persist()))).toBe(1);
  });

  test("a value that was saved and changed back is new again, and it is what is restored: 1", () => {
    const there = all(save(2), save(1));
    expect(persists(there)).toBe(3);
    expect(restored([[ms(1), save(1)], [ms(9), there]], "unsynced", ms(40))).toBe(1);
  });

  test("an equal record or array in place of the saved one is nothing new: 1 in all", () => {
    const parts = { durable: ["map", "list"], boot: () => ({ map: { a: 1 }, list: [1, 2] }) };
    const fresh: Act = (state, ctx) => ((state.map = { a: 1 }), (state.list = [1, 2]), ctx.persist());
    const act: Act = (_, ctx) => ctx.persist();
    expect(run(puppet({ n1: [[ms(1), act], [ms(9), fresh]] }, parts)).seen.of("persist").length).toBe(1);
  });

  test("for a protocol that declares nothing durable every call is: 0", () => {
    expect(persists(again, {})).toBe(0);
  });
});

describe("a capture is taken at the call", () => {
  test("what the same handler changes after it is not in it: 1 is restored, not 2", () => {
    expect(restored([[ms(1), all(save(1), (state) => (state.x = 2))]], "unsynced", ms(40))).toBe(1);
  });

  test("nor what it changes in place: the restored list is [1]", () => {
    const parts = { durable: ["list"], boot: () => ({ list: [] as number[] }) };
    const act: Act = (state, ctx) => (state.list.push(1), ctx.persist(), state.list.push(2));
    const tell: Act = (state, ctx) => ctx.emit("restored", { list: state.list.slice() });
    const { seen } = run(puppet({ n1: [[ms(1), act], [ms(40), tell]] }, parts), { faults: [fault("crash", "n1", { at: ms(20), for: ms(1) })] });
    expect(seen.of("emit")[0]?.data).toEqual({ list: [1] });
  });

  test("what a restored node changes in place does not reach its disk: [1] is restored twice", () => {
    const parts = { durable: ["list"], boot: () => ({ list: [] as number[] }) };
    const act: Act = (state, ctx) => (state.list.push(1), ctx.persist());
    const tell: Act = (state, ctx) => (ctx.emit("restored", { list: state.list.slice() }), state.list.push(3));
    const faults = [fault("crash", "n1", { at: ms(20), for: ms(1) }), fault("crash", "n1", { at: ms(40), for: ms(1) })];
    const { seen } = run(puppet({ n1: [[ms(1), act], [ms(30), tell], [ms(50), tell]] }, parts), { faults });
    expect(seen.of("emit").map(({ data }) => data)).toEqual([{ list: [1] }, { list: [1] }]);
  });

  test("in boot() there is nothing to capture: the node crashes, and the message says where to persist", () => {
    const { world } = run(puppet({}, { durable: ["x"], boot: (ctx: Ctx) => (ctx.persist(), { x: 1 }) } as never), { nodes: 1 });
    expect(world.watch.violations[0]?.message).toContain("persist in onStart()");
  });
});

describe("a crash between two saves, 1 that is synced and 2 that is not", () => {
  const script: [number, Act][] = [[ms(1), save(1)], [ms(20), save(2)], [ms(21), (state) => (state.x = 3)]];

  test("that loses nothing restores 2: what was saved, not what was in memory", () => {
    expect(restored(script, "nothing", ms(22))).toBe(2);
  });

  test("that loses the unsynced restores 1", () => {
    expect(restored(script, "unsynced", ms(22))).toBe(1);
  });

  test("that loses the disk restores nothing: x is 0, as boot made it", () => {
    expect(restored(script, "disk", ms(22))).toBe(0);
  });

  test("that comes when the second sync is done restores 2", () => {
    expect(restored(script, "unsynced", ms(26))).toBe(2);
  });

  test("ends the sync: what is saved after the restart takes its own 5 ms, until 30 ms", () => {
    const { seen } = run(puppet({ n1: [[ms(20), save(2)], [ms(25), save(4)]] }, durable), { ...slowDisk, faults: [fault("crash", "n1", { at: ms(22), for: ms(1) })] });
    expect(seen.of("synced").map(({ time }) => time)).toEqual([ms(30)]);
  });
});

describe("files", () => {
  const append = (...entries: Value[]): Act => (_, ctx) => entries.forEach((entry) => ctx.disk.append("wal", entry));
  const sync = (token?: Value): Act => (_, ctx) => ctx.disk.sync(token);
  const tell: Act = (_, ctx) => ctx.emit("file", { wal: ctx.disk.read("wal").slice() });
  const told = (script: [number, Act][], crash?: { at: number; lose: "nothing" | "unsynced" | "disk" }): unknown[] => {
    const faults = crash === undefined ? [] : [fault("crash", "n1", { ...crash, for: ms(1) })];
    return run(puppet({ n1: script }), { ...slowDisk, faults }).seen.of("emit").map(({ data }) => (data as { wal: unknown }).wal);
  };

  test("a handler reads what it has just appended: [1, 2], and then [1]", () => {
    const cut: Act = (_, ctx) => ctx.disk.truncate("wal", 1);
    expect(told([[ms(1), all(append(1, 2), tell, cut, tell)]])).toEqual([[1, 2], [1]]);
  });

  test("another file begins empty: []", () => {
    expect(told([[ms(1), all(append(1), (_, ctx) => ctx.emit("file", { wal: ctx.disk.read("other").slice() }))]])).toEqual([[]]);
  });

  test("nothing is held back: what is sent after a sync was asked for leaves at once, at 1 ms", () => {
    const { seen } = run(puppet({ n1: [[ms(1), all(append(1), sync(), send("free"))]] }), slowDisk);
    expect(heard(seen, 1)).toEqual([["free", ms(2)]]);
  });

  test("onSynced comes with its token when the sync is done: a at 6 ms, and b and c, asked for meanwhile, at 11 ms", () => {
    const onSynced = (_: unknown, token: Value, ctx: Ctx): void => ctx.emit("synced", { token });
    const script: [number, Act][] = [[ms(1), all(append(1), sync("a"))], [ms(2), all(append(2), sync("b"))], [ms(3), all(append(3), sync("c"))]];
    const { seen } = run(puppet({ n1: script }, { onSynced } as never), slowDisk);
    expect(seen.of("emit").map(({ data, time }) => [(data as { token: Value }).token, time])).toEqual([["a", ms(6)], ["b", ms(11)], ["c", ms(11)]]);
  });

  test("a sync with nothing left to write takes a disk's time all the same: 6 ms; its token is null unless one is given", () => {
    const onSynced = (_: unknown, token: Value, ctx: Ctx): void => ctx.emit("synced", { token });
    const { seen } = run(puppet({ n1: [[ms(1), sync()]] }, { onSynced } as never), slowDisk);
    expect(seen.of("emit").map(({ data, time }) => [(data as { token: Value }).token, time])).toEqual([[null, ms(6)]]);
  });

  test("a crash of the unsynced keeps [1], of nothing [1, 2, 3], and of the disk []", () => {
    const script: [number, Act][] = [[ms(1), all(append(1), sync())], [ms(20), append(2, 3)], [ms(30), tell]];
    expect(told(script, { at: ms(22), lose: "unsynced" })).toEqual([[1]]);
    expect(told(script, { at: ms(22), lose: "nothing" })).toEqual([[1, 2, 3]]);
    expect(told(script, { at: ms(22), lose: "disk" })).toEqual([[]]);
  });

  test("what is appended while a sync is under way is not in it: [1] survives", () => {
    const script: [number, Act][] = [[ms(1), all(append(1), sync())], [ms(3), append(2)], [ms(30), tell]];
    expect(told(script, { at: ms(8), lose: "unsynced" })).toEqual([[1]]);
  });

  test("a truncation that was not synced is undone by a crash: [1, 2]", () => {
    const cut: Act = (_, ctx) => ctx.disk.truncate("wal", 0);
    const script: [number, Act][] = [[ms(1), all(append(1, 2), sync())], [ms(20), all(cut, append(9))], [ms(30), tell]];
    expect(told(script, { at: ms(22), lose: "unsynced" })).toEqual([[1, 2]]);
  });

  test("a sync that persist() asks for makes files durable as well: [1]", () => {
    const script: [number, Act][] = [[ms(1), all(append(1), save(1))], [ms(30), tell]];
    const { seen } = run(puppet({ n1: script }, durable), { ...slowDisk, faults: [fault("crash", "n1", { at: ms(22), for: ms(1) })] });
    expect(seen.of("emit")[0]?.data).toEqual({ wal: [1] });
  });

  test("boot() may read them: 3 entries after the crash", () => {
    const boot = (ctx: Ctx): object => (ctx.emit("boots", { entries: (ctx.disk.read("wal") as Log<Value>).length }), {});
    const { seen } = run(puppet({ n1: [[ms(1), all(append(1, 2, 3), sync())]] }, { boot } as never), { nodes: 1, faults: [fault("crash", "n1", { at: ms(22), for: ms(1) })] });
    expect(seen.of("emit").map(({ data }) => data)).toEqual([{ entries: 0 }, { entries: 3 }]);
  });

  test("an onSynced that throws ends its node before the next token's turn: one violation, one crash", () => {
    let calls = 0;
    const onSynced = (): void => {
      calls += 1;
      throw new Error("no");
    };
    const { world, seen } = run(puppet({ n1: [[ms(1), all(append(1), sync("a"), sync("b"))]] }, { onSynced } as never));
    expect([calls, seen.of("crash").length, world.watch.violations.length]).toEqual([1, 1, 1]);
  });
});

describe("a sync's time", () => {
  test("is disk.sync, with disk.write added for each write: three appends of 20 µs and a sync of 1 ms are done at 2.06 ms", () => {
    const act: Act = (_, ctx) => ([1, 2, 3].forEach((entry) => ctx.disk.append("wal", entry)), ctx.disk.sync());
    const { seen } = run(puppet({ n1: [[ms(1), act]] }), { disk: { write: constant(us(20)) } });
    expect(seen.of("synced").map(({ time }) => time)).toEqual([ms(2.06)]);
  });

  test("of a persist counts one write: 1.02 ms, until 2.02 ms", () => {
    const { seen } = run(puppet({ n1: [[ms(1), save(1)]] }, durable), { disk: { write: constant(us(20)) } });
    expect(seen.of("synced").map(({ time }) => time)).toEqual([ms(2.02)]);
  });
});

describe("properties", () => {
  type Step = readonly ["set", "x" | "y"] | readonly ["persist"] | readonly ["send"];
  interface Crash {
    readonly at: number;
    readonly lose: "nothing" | "unsynced" | "disk";
  }
  interface Durable {
    readonly x: number;
    readonly y: number;
  }
  const LATENCY = ms(1.7) + 1;
  const DOWN = ms(0.25);
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.constantFrom<Step>(["set", "x"], ["set", "y"]),
    fc.constant<Step>(["persist"]),
    fc.constant<Step>(["send"]),
  );
  const handlers = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.array(step, { minLength: 1, maxLength: 6 })), { maxLength: 15 });
  const crashes = fc.array(fc.record({ at: fc.integer({ min: 1, max: 40 }).map((at) => ms(at + 0.5)), lose: fc.constantFrom("nothing", "unsynced", "disk") as fc.Arbitrary<Crash["lose"]> }), { maxLength: 4 });

  /** Runs the handlers. Every value is new, so a saved pair tells when it was saved; a note says what was saved last. */
  function perform(acts: readonly (readonly [number, readonly Step[]])[], faults: readonly Crash[]) {
    let value = 0;
    const saved: Durable[] = [];
    const act = (steps: readonly Step[]): Act => (state, ctx) => {
      for (const [what, field] of steps) {
        if (what === "set") state[field as string] = value += 1;
        else if (what === "send") ctx.send("n2", note({ ...(saved.at(-1) ?? { x: 0, y: 0 }) }));
        else {
          ctx.persist();
          saved.push({ x: state.x, y: state.y });
        }
      }
    };
    const begin = (state: any, ctx: Ctx<any>): void => {
      ctx.emit("restored", { x: state.x, y: state.y });
      saved.push({ x: state.x, y: state.y });
      script.forEach(([at], index) => void (at >= ctx.now && ctx.self === "n1" && ctx.setTimer("act", at - ctx.now, String(index))));
    };
    const script = acts.map(([at, steps]): [number, Act] => [ms(at), act(steps)]);
    const parts = { durable: ["x", "y"], boot: () => ({ x: 0, y: 0 }), onStart: begin };
    const { seen } = run(puppet({ n1: script }, parts as never), {
      nodes: 2,
      duration: ms(80),
      disk: { sync: constant(LATENCY) },
      faults: faults.map(({ at, lose }, index) => ({ ...fault("crash", "n1", { at, for: DOWN, lose }), text: String(index) })),
    });
    const restores = seen.of("emit").filter(({ node }) => node === 0).map(({ time, data }) => ({ time, ...(data as Durable) }));
    const left = seen.of("send").map(({ time, data }) => ({ time, ...((data as { text: Durable }).text) }));
    return { saved, restores, left };
  }

  const distinct = (faults: readonly Crash[]): Crash[] => faults.filter(({ at }, index) => faults.findIndex((other) => other.at === at) === index).sort((a, b) => a.at - b.at);

  test("what is restored is always some saved state as a whole, or the first one", () => {
    fc.assert(
      fc.property(handlers, crashes, (acts, faults) => {
        const { saved, restores } = perform(acts, distinct(faults));
        for (const { x, y } of restores.slice(1)) expect([{ x: 0, y: 0 }, ...saved]).toContainEqual({ x, y });
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  test("what was said after persist() survives every crash that loses the unsynced or nothing", () => {
    fc.assert(
      fc.property(handlers, crashes, (acts, faults) => {
        const all = distinct(faults);
        const { restores, left } = perform(acts, all);
        all.forEach(({ at }, index) => {
          const since = Math.max(0, ...all.slice(0, index + 1).filter(({ lose }) => lose === "disk").map((one) => one.at));
          const told = left.filter(({ time }) => time > since && time < at);
          const { x, y } = restores[index + 1] as Durable;
          for (const said of told) if (said.time > since) expect(Math.max(x, y)).toBeGreaterThanOrEqual(Math.max(said.x, said.y));
        });
      }),
      { numRuns: 200, seed: 12 },
    );
  });

  test("what is restored, and when what was sent leaves, is as a naive model of the disk says", () => {
    fc.assert(
      fc.property(handlers, crashes, (acts, faults) => {
        const all = distinct(faults);
        const { restores, left } = perform(acts, all);
        const expected = model(acts, all);
        expect(restores.slice(1).map(({ x, y }) => ({ x, y }))).toEqual(expected.restores);
        expect(left.map(({ time }) => time)).toEqual(expected.left);
      }),
      { numRuns: 300, seed: 13 },
    );
  });

  /** Each life of the node by itself: all saves in order, and the chain of syncs over them. */
  function model(acts: readonly (readonly [number, readonly Step[]])[], faults: readonly Crash[]): { restores: Durable[]; left: number[] } {
    const restores: Durable[] = [];
    const left: number[] = [];
    let value = 0;
    let disk: Durable | undefined;
    let begin = 0;
    for (const { at: end, lose } of [...faults, { at: Infinity, lose: "nothing" as const }]) {
      let now: Durable = disk ?? { x: 0, y: 0 };
      const saves: { at: number; state: Durable }[] = disk === undefined ? [] : [{ at: -Infinity, state: disk }];
      const sends: { at: number; after: number }[] = [];
      const inTime = acts.map(([at, steps], index) => ({ at: ms(at), steps, index })).filter(({ at }) => at >= begin && at < end);
      for (const { at, steps } of inTime.sort((a, b) => a.at - b.at || a.index - b.index)) {
        for (const [what, field] of steps) {
          const last = saves.at(-1);
          if (what === "set") now = { ...now, [field as string]: (value += 1) };
          else if (what === "send") sends.push({ at, after: saves.length });
          else if (last === undefined || last.state.x !== now.x || last.state.y !== now.y) saves.push({ at, state: now });
        }
      }
      const done = syncsOf(saves.map(({ at }) => at));
      left.push(...sends.map(({ at, after }) => Math.max(at, after === 0 ? 0 : (done[after - 1] as number))).filter((at) => at < end).sort((a, b) => a - b));
      if (end === Infinity) break;
      const survivors = saves.filter((_, index) => lose === "nothing" || (done[index] as number) < end);
      disk = lose === "disk" ? undefined : survivors.at(-1)?.state;
      restores.push(disk ?? { x: 0, y: 0 });
      begin = end + DOWN;
    }
    return { restores, left };
  }

  /** When each save is durable: a sync takes what was there when it began, and the next begins when it ends. */
  function syncsOf(saves: readonly number[]): number[] {
    const done: number[] = [];
    let end = -Infinity;
    while (done.length < saves.length) {
      const first = saves[done.length] as number;
      if (first === -Infinity) {
        done.push(-Infinity);
        continue;
      }
      const covered = end > first ? saves.filter((at) => at < end).length : done.length + 1;
      end = Math.max(first, end) + LATENCY;
      while (done.length < covered) done.push(end);
    }
    return done;
  }
});

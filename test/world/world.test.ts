import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import { eventKinds, eventSchema, type TraceEvent } from "../../sim/trace/event.ts";
import type { World } from "../../sim/world/world.ts";
import { build, config, constant, fault, note, puppet, Recording, run, type Act } from "./build.ts";
import { busy, trouble } from "./busy.ts";
import { World as TheWorld } from "../../sim/world/world.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 53 - 1 });

function end(world: World): void {
  world.runUntil(world.config.duration);
  world.finish("duration");
}

describe("a run", () => {
  const { seen, world } = run(busy, trouble(11));

  test("of the busy protocol has every kind of event and annotation", () => {
    // These are for networks, CPUs and disks that this world does not have.
    const others = ["corrupt", "arrive", "connect", "disconnect", "diskError", "damage", "recover", "wait"];
    expect(eventKinds.filter((kind) => seen.of(kind).length === 0)).toEqual(others);
    expect(new Set(seen.annotations.map(({ type }) => type))).toEqual(new Set(["change", "log", "violation"]));
    expect(new Set(world.watch.violations.map(({ invariant }) => invariant))).toEqual(new Set(["few leaders", "handlers return"]));
  });

  test("numbers its events from 0, in the order of time, and nothing is caused by what comes later", () => {
    const isInOrder = (event: TraceEvent, index: number): boolean => event.id === index && event.cause < index && event.time >= (seen.events[index - 1]?.time ?? 0);
    expect(seen.events.filter((event, index) => !isInOrder(event, index))).toEqual([]);
  });

  test("gives an event the fields of its kind, and leaves the others empty", () => {
    const empty = new (seen.events[0]?.constructor as new () => TraceEvent)() as unknown as { [field: string]: unknown };
    const strange = seen.events.flatMap((event) => {
      const fields: readonly string[] = [...eventSchema[event.kind].fields, "id", "kind", "time", "cause"];
      return Object.entries(event).filter(([field, value]) => !fields.includes(field) && value !== empty[field]).map(([field]) => `${event.kind} ${field}`);
    });
    expect(strange).toEqual([]);
  });

  test("has one fate for every message: delivered or dropped once, or under way, or waiting, at the end", () => {
    const fates = new Map<number, number>();
    for (const { message } of seen.of("deliver", "drop")) fates.set(message, (fates.get(message) ?? 0) + 1);
    expect([...fates.values()].every((count) => count === 1)).toBe(true);
    const sent = new Set(seen.of("send", "duplicate").map(({ message }) => message));
    expect([...fates.keys()].every((message) => sent.has(message))).toBe(true);
  });

  test("causes a delivery by its sending, and what a handler does by the event that called it", () => {
    const byId = (id: number): TraceEvent => seen.events[id] as TraceEvent;
    const causes = (kind: "deliver" | "emit" | "ok"): string[] => [...new Set(seen.of(kind).map(({ cause }) => byId(cause).kind))].sort();
    expect([causes("deliver"), causes("emit"), causes("ok")]).toEqual([["duplicate", "send"], ["synced", "timer"], ["deliver"]]);
  });

  test("places every change right behind its event, or behind other effects of one sync", () => {
    let last: TraceEvent | undefined;
    const late = new Set<string>();
    const order = [...seen.events];
    let at = 0;
    for (const line of seen.lines) {
      const parsed = JSON.parse(line) as { kind?: string; type?: string; event: number };
      if (parsed.kind !== undefined) last = order[at++];
      else if (parsed.type === "change" && parsed.event !== last?.id) late.add((seen.events[parsed.event] as TraceEvent).kind);
    }
    expect([...late].filter((kind) => kind !== "synced")).toEqual([]);
  });
});

describe("the same seed twice", () => {
  test("gives the same events and annotations, whatever the seed", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(run(busy, trouble(seed)).seen.lines).toEqual(run(busy, trouble(seed)).seen.lines);
      }),
      { numRuns: 3, seed: 61 },
    );
  });

  test("gives the same in slices of a few steps, and step by step", () => {
    const whole = run(busy, trouble(2)).seen.lines;
    const sliced = build(busy, trouble(2));
    while (!sliced.world.runUntil(ms(300), 7));
    sliced.world.finish("duration");
    const stepped = build(busy, trouble(2));
    while (stepped.world.step());
    end(stepped.world);
    expect(sliced.seen.lines).toEqual(whole);
    expect(stepped.seen.lines).toEqual(whole);
  });

  test("and another seed something else", () => {
    expect(run(busy, trouble(3)).seen.lines).not.toEqual(run(busy, trouble(4)).seen.lines);
  });
});

describe("a copy", () => {
  /** A copy after so many steps; what it saw, and how many lines the original had seen by then. */
  function fork(seed: number, steps: number): { original: World; before: number; seen: Recording; copy: World; copySeen: Recording } {
    const { world: original, seen } = build(busy, trouble(seed));
    original.runUntil(ms(300), steps);
    const copySeen = new Recording();
    return { original, before: seen.lines.length, seen, copy: original.copy({ sinks: [copySeen] }), copySeen };
  }
  const steps = fc.integer({ min: 0, max: 2500 });

  test("goes on as the original does, when the original has run first", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), steps, (seed, count) => {
        const { original, before, seen, copy, copySeen } = fork(seed, count);
        end(original);
        end(copy);
        expect(copySeen.lines).toEqual(seen.lines.slice(before));
        expect(copy.watch.violations).toEqual(original.watch.violations);
        expect(copy.events).toBe(original.events);
      }),
      { numRuns: 10, seed: 62 },
    );
  });

  test("does not disturb the original, run to its end before it, nor another copy", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), steps, (seed, count) => {
        const { original, before, seen, copy, copySeen } = fork(seed, count);
        const third = new Recording();
        const another = copy.copy({ sinks: [third] });
        end(copy);
        end(original);
        end(another);
        expect(seen.lines).toEqual(run(busy, trouble(seed)).seen.lines);
        expect(copySeen.lines).toEqual(seen.lines.slice(before));
        expect(third.lines).toEqual(copySeen.lines);
      }),
      { numRuns: 6, seed: 63 },
    );
  });

  test("goes on as the original does while the two take turns, step by step", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), steps, (seed, count) => {
        const { original, before, seen, copy, copySeen } = fork(seed, count);
        for (let more = true; more; ) {
          const one = original.step();
          more = copy.step() || one;
        }
        end(original);
        end(copy);
        expect(copySeen.lines).toEqual(seen.lines.slice(before));
      }),
      { numRuns: 6, seed: 64 },
    );
  });

  test("copied again and again after every few steps ends as the original: the same events", () => {
    const whole = run(busy, trouble(1)).world;
    let world = build(busy, trouble(1)).world;
    while (!world.runUntil(ms(300), 20)) world = world.copy();
    world.finish("duration");
    expect(world.events).toBe(whole.events);
    expect(world.watch.violations).toEqual(whole.watch.violations);
  });
});

describe("who watches does not change what is run", () => {
  const events = (options: ConstructorParameters<typeof TheWorld>[2]): number => {
    const world = new TheWorld(config(trouble(5)), busy, options);
    end(world);
    return world.events;
  };
  const watched = run(busy, trouble(5));

  test("a world without sinks, without invariants, or that does not look at its nodes has as many events", () => {
    expect([events({}), events({ invariants: false }), events({ watches: false })]).toEqual([watched.world.events, watched.world.events, watched.world.events]);
  });

  test("a world that does not look at its nodes has the same events, and no changes", () => {
    const blind = run(busy, trouble(5), { watches: false });
    expect(blind.seen.events).toEqual(watched.seen.events);
    expect(blind.seen.annotations.filter(({ type }) => type === "change")).toEqual([]);
  });

  test("without invariants the changes are there, and of the violations only the handler that threw", () => {
    const free = run(busy, trouble(5), { invariants: false });
    expect(free.seen.annotations.filter(({ type }) => type === "change")).toEqual(watched.seen.annotations.filter(({ type }) => type === "change"));
    expect(free.world.watch.violations.every(({ invariant }) => invariant === "handlers return")).toBe(true);
  });
});

describe("what is sent", () => {
  /** Sends a list, and adds to it when it has been sent. */
  const forgetful = puppet({
    n1: [[ms(10), (_, ctx) => {
      const texts = ["a"];
      ctx.send("n2", note(texts));
      texts.push("b");
    }]],
  });
  const threw = (strict: boolean): boolean[] => run(forgetful, { nodes: 2, duration: ms(30) }, { strict }).world.nodes.map((node) => node.isHalted);

  test("is frozen: a node that changes it afterwards has thrown; where the world is not strict nobody notices", () => {
    expect(threw(true)).toEqual([true, false]);
    expect(threw(false)).toEqual([false, false]);
  });

  test("makes no difference by being frozen where nobody changes it: the same events", () => {
    expect(run(busy, trouble(5), { strict: false }).seen.events).toEqual(run(busy, trouble(5)).seen.events);
  });
});

describe("running", () => {
  const ticking = (): ReturnType<typeof build> => build(puppet({ n1: [1, 2, 3, 4].map((at): [number, Act] => [ms(at * 10), (_, ctx) => ctx.emit("tick")]) }), { nodes: 1, duration: ms(35) });

  test("step() handles what is next, and says false when the duration is over: 3 steps, at 10, 20 and 30 ms", () => {
    const { world } = ticking();
    const times: number[] = [];
    while (world.step()) if (times.at(-1) !== world.now) times.push(world.now);
    expect(times).toEqual([ms(10), ms(20), ms(30), ms(35)]);
    expect(world.step()).toBe(false);
  });

  test("runUntil() gets to its time and handles what is due then: 2 ticks at 20 ms", () => {
    const { world, seen } = ticking();
    expect([world.runUntil(ms(20)), world.now, seen.of("emit").length]).toEqual([true, ms(20), 2]);
  });

  test("runUntil() goes no further than the duration: 35 ms", () => {
    const { world } = ticking();
    expect([world.runUntil(ms(500)), world.now]).toEqual([true, ms(35)]);
  });

  test("runUntil() ends after so many steps, and says false: at 20 ms", () => {
    const { world } = ticking();
    expect([world.runUntil(ms(35), 2), world.now]).toEqual([false, ms(20)]);
  });

  test("runWhile() asks before each step: it ends when 2 ticks have been", () => {
    const { world, seen } = ticking();
    world.runWhile(() => seen.of("emit").length < 2);
    expect([world.now, seen.of("emit").length]).toEqual([ms(20), 2]);
    world.runWhile(() => true);
    expect(world.now).toBe(ms(35));
  });

  test("interrupt() ends runUntil() after the step under way, and it may go on: at 10 ms, then 35 ms", () => {
    const built: { world?: World } = {};
    const sink = { event: ({ kind }: TraceEvent) => void (kind === "emit" && built.world !== undefined && built.world.interrupt()) };
    const { world } = build(puppet({ n1: [[ms(10), (_, ctx) => ctx.emit("tick")]] }), { nodes: 1, duration: ms(35) }, { sinks: [sink] });
    built.world = world;
    expect([world.runUntil(ms(35)), world.now]).toEqual([false, ms(10)]);
    expect([world.runUntil(ms(35)), world.now]).toEqual([true, ms(35)]);
  });

  test("finish() ends the run where it is: its last event says why", () => {
    const { world, seen } = ticking();
    world.runUntil(ms(12));
    world.finish("interrupted");
    expect(seen.events.at(-1)).toMatchObject({ kind: "end", time: ms(12), reason: "interrupted" });
  });

  test("what is due at the very end of the duration happens: at 35 ms", () => {
    const { seen } = run(puppet({ n1: [[ms(35), (_, ctx) => ctx.emit("last")]] }), { nodes: 1, duration: ms(35) });
    expect(seen.of("emit").map(({ time }) => time)).toEqual([ms(35)]);
  });

  test("counts its events and operations", () => {
    const { world, seen } = run(busy, trouble(6));
    expect([world.events, world.operations]).toEqual([seen.events.length, seen.of("invoke").length]);
  });
});

describe("what must converge", () => {
  const told: [number, number, string | null][] = [];
  const script: { [node: string]: [number, Act][] } = { n1: [[ms(10), (state) => (state.x = { b: 1, a: 2 })], [ms(30), (state) => (state.x = 5)]] };
  run(
    puppet(script, { boot: () => ({ x: 0 }), replicated: ({ x }: { x: never }) => x }),
    { nodes: 2, duration: ms(50), workload: { clients: 0, until: ms(20) }, faults: [fault("crash", "n2", { at: ms(35), for: ms(5) })] },
    { onReplicated: (time, _, node, state) => void told.push([time, node, state]) },
  );

  test("is told from the workload's end on: first of all nodes, then of each that does something; null while it is down", () => {
    expect(told).toEqual([
      [ms(20), 0, '{"a":2,"b":1}'],
      [ms(20), 1, "0"],
      [ms(30), 0, "5"],
      [ms(35), 1, null],
      [ms(40), 1, "0"],
    ]);
  });

  test("is told of a copy as well, which was made when the workload had ended", () => {
    const states: (string | null)[] = [];
    const { world } = build(puppet({ n1: [[ms(30), (state) => (state.x = 5)]] }, { boot: () => ({ x: 0 }), replicated: ({ x }: { x: never }) => x }), { nodes: 1, workload: { clients: 0, until: ms(20) } });
    world.runUntil(ms(25));
    world.copy({ onReplicated: (_, __, ___, state) => void states.push(state) }).runUntil(ms(40));
    expect(states).toEqual(["5"]);
  });

  test("that throws is a violation, and told as null", () => {
    const states: (string | null)[] = [];
    const { world } = run(
      puppet({}, { replicated: () => { throw new Error("no"); } }),
      { nodes: 1, workload: { clients: 0, until: ms(20) } },
      { onReplicated: (_, __, ___, state) => void states.push(state) },
    );
    expect([states, world.watch.violations.map(({ message }) => message)]).toEqual([[null], ["replicated threw Error: no"]]);
  });
});

test("a world of one node and no latency works: it talks to itself and is answered", () => {
  const { seen } = run(puppet({ n1: [[ms(1), (_, ctx) => ctx.send("n1", { type: "Note" } as never)]] }), { nodes: 1, network: { latency: constant(0) }, workload: { clients: 1, think: constant(ms(5)), until: ms(6) } });
  expect([seen.of("deliver").length, seen.of("ok").length]).toEqual([3, 1]);
});

test("names that nobody has are refused by name", () => {
  const { world } = build(puppet({}), { workload: { clients: 1 } });
  expect(() => world.endpoint("n9")).toThrow("there is no node or client named n9");
  expect(() => world.nodeNamed("c1")).toThrow("there is no node named c1");
  expect(() => world.clientNamed("n1")).toThrow("there is no client named n1");
});

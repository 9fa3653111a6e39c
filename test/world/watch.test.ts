import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import { Log, type Ctx, type Invariant, type Value, type View } from "../../sim/protocol.ts";
import { applyChange, type Shown } from "../../sim/trace/change.ts";
import type { Annotation, Violation } from "../../sim/trace/event.ts";
import { TraceState } from "../../sim/trace/state.ts";
import { build, constant, fault, puppet, run, type Act, type Recording } from "./build.ts";
import { busy, trouble } from "./busy.ts";

type Change = Extract<Annotation, { type: "change" }>;
const changes = (seen: Recording): Change[] => seen.annotations.filter((one) => one.type === "change");
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** An invariant that calls a function on each change and reply, for what it sees. */
function watching(name: string, onChange: Invariant["onChange"], onReply?: Invariant["onReply"]): Invariant {
  return { name, summary: "", begin: () => ({}), ...(onChange !== undefined && { onChange }), ...(onReply !== undefined && { onReply }) };
}

const set = (x: Value): Act => (state) => (state.x = x);
const state = { boot: () => ({ x: 0 }) };

describe("what a node shows", () => {
  test("is recorded at its boot as a whole, and then what changed: x", () => {
    const { seen } = run(puppet({ n1: [[ms(1), set(5)], [ms(2), () => {}], [ms(3), set(5)]] }, { boot: () => ({ x: 0, y: [1] }) }), { nodes: 1 });
    expect(changes(seen).map(({ change }) => change)).toEqual([
      { x: { type: "set", value: 0 }, y: { type: "set", value: [1] } },
      { x: { type: "set", value: 5 } },
    ]);
  });

  test("belongs to the event whose handler changed it, and stands before what the handler did", () => {
    const { seen } = run(puppet({ n1: [[ms(1), (s, ctx) => ((s.x = 5), ctx.emit("said"), ctx.send("n1", { type: "Note" } as never))]] }, state), { nodes: 1 });
    const [timer] = seen.of("timer");
    expect(changes(seen)[1]?.event).toBe(timer?.id);
    const kinds = seen.lines.map((line) => JSON.parse(line) as { kind?: string; type?: string }).map(({ kind, type }) => kind ?? type);
    expect(kinds.slice(kinds.indexOf("timer"))).toEqual(["timer", "change", "emit", "send", "deliver", "end"]);
  });

  test("is the state where the protocol has no inspect, what inspect gives where it has: y", () => {
    const { seen } = run(puppet({}, { ...state, inspect: ({ x }: { x: number }) => ({ y: x }) }), { nodes: 1 });
    expect(changes(seen)[0]?.change).toEqual({ y: { type: "set", value: 0 } });
  });

  test("property: its changes fold back to it, at every step of a busy run, and so does the trace's state", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 60 }), (seed, steps) => {
        const { world, seen } = build(busy, trouble(seed));
        const folded = new Map<number, Shown>();
        const trace = new TraceState(4);
        let event = 0;
        let annotation = 0;
        for (let more = true; more; ) {
          more = !world.runUntil(ms(300), steps);
          for (; event < seen.events.length; event += 1) trace.event(seen.events[event] as never);
          for (; annotation < seen.annotations.length; annotation += 1) {
            const one = seen.annotations[annotation] as Annotation;
            trace.annotation(one);
            if (one.type === "change") folded.set(one.node, applyChange(folded.get(one.node), one.change));
          }
          for (const node of world.nodes) {
            expect(trace.nodes[node.index]).toMatchObject({ status: node.isUp ? (node.isPaused ? "paused" : "up") : "down", incarnation: node.incarnation });
            if (!node.isUp) continue;
            expect(plain(folded.get(node.index))).toEqual(plain(node.show()));
            expect(plain(trace.nodes[node.index]?.shown)).toEqual(plain(node.show()));
          }
          expect(trace.operations.size).toBe(seen.of("invoke").length - seen.of("ok", "fail", "info").length);
        }
      }),
      { numRuns: 6, seed: 71 },
    );
  });

  test("of a log is recorded by what was cut and appended", () => {
    const acts: [number, Act][] = [[ms(1), (s) => (s.log = s.log.append("b").append("c"))], [ms(2), (s) => (s.log = s.log.truncate(1).append("d"))]];
    const { seen } = run(puppet({ n1: acts }, { boot: () => ({ log: Log.of<Value>(["a"]) }) }), { nodes: 1 });
    expect(changes(seen).slice(1).map(({ change }) => change)).toEqual([
      { log: { type: "log", from: 1, entries: ["b", "c"] } },
      { log: { type: "log", from: 1, entries: ["d"] } },
    ]);
  });
});

describe("an invariant", () => {
  /** What the view shows at each call: node, before, shown, incarnation. */
  function calls(script: { [node: string]: [number, Act][] }, faults: ReturnType<typeof fault>[] = []): unknown[] {
    const seen: unknown[] = [];
    const invariant = watching("looks", (_, node, view) => void seen.push([node, view.before(node)?.["x"], view.shown(node)?.["x"], view.incarnation(node)]));
    run(puppet(script, { ...state, invariants: [invariant] }), { nodes: 2, faults });
    return seen;
  }

  test("is called at each boot and change, and not where nothing changed", () => {
    expect(calls({ n1: [[ms(1), set(5)], [ms(2), set(5)], [ms(3), set(6)]] })).toEqual([
      ["n1", undefined, 0, 1], ["n2", undefined, 0, 1], ["n1", 0, 5, 1], ["n1", 5, 6, 1],
    ]);
  });

  test("sees what the node showed before its crash as before, and the new incarnation: 5, then 0 in life 2", () => {
    expect(calls({ n1: [[ms(1), set(5)]] }, [fault("restart", "n1", { at: ms(2) })]).slice(2)).toEqual([["n1", 0, 5, 1], ["n1", 5, 0, 2]]);
  });

  test("is called at a boot that changes nothing as well, so that it hears of the new life", () => {
    expect(calls({}, [fault("restart", "n1", { at: ms(2) })]).slice(2)).toEqual([["n1", 0, 0, 2]]);
  });

  test("sees of the other nodes what they show now, before and after being the same", () => {
    const seen: unknown[] = [];
    const invariant = watching("looks", (_, node, view) => void (node === "n1" && seen.push([view.before("n2")?.["x"], view.shown("n2")?.["x"]])));
    run(puppet({ n2: [[ms(1), set(7)]], n1: [[ms(2), set(8)]] }, { ...state, invariants: [invariant] }), { nodes: 2 });
    expect(seen).toEqual([[undefined, undefined], [7, 7]]);
  });

  test("sees who is up: not a crashed node, and a paused one; and nothing of a node that is not there", () => {
    let last: unknown;
    const invariant = watching("looks", (_, __, view) => void (last = [view.nodes, view.nodes.map((id) => view.isUp(id)), view.isUp("n9"), view.shown("n9"), view.incarnation("n9")]));
    run(puppet({ n1: [[ms(5), set(1)]] }, { ...state, invariants: [invariant] }), { faults: [fault("crash", "n2", { at: ms(1) }), fault("pause", "n3", { at: ms(1) })] });
    expect(last).toEqual([["n1", "n2", "n3"], [true, false, true], false, undefined, 0]);
  });

  test("is given a snapshot: what the node changes in place later is not in it", () => {
    const kept: unknown[] = [];
    const invariant = watching("keeps", (_, __, view) => void kept.push(view.shown("n1")?.["list"]));
    const act: Act = (s) => s.list.push(2);
    run(puppet({ n1: [[ms(1), act]] }, { boot: () => ({ list: [1] }), invariants: [invariant] }), { nodes: 1 });
    expect(kept).toEqual([[1], [1, 2]]);
  });

  test("is called in a copy of the world as in the original: for a change at 3 ms alone", () => {
    const calls: [string, number][] = [];
    let which = "original";
    const invariant = watching("counts", (_, node, view) => void calls.push([`${which} ${node}`, view.shown(node)?.["x"] as number]));
    const { world } = build(puppet({ n1: [[ms(2), () => {}], [ms(3), set(6)]] }, { ...state, invariants: [invariant] }), { nodes: 1 });
    world.runUntil(ms(1));
    const copy = world.copy();
    calls.length = 0;
    for (const [name, one] of [["original", world], ["copy", copy]] as const) {
      which = name;
      one.runUntil(ms(9));
    }
    expect(calls).toEqual([["original n1", 6], ["copy n1", 6]]);
  });

  const asking = { clients: 1, think: constant(ms(5)), until: ms(6) };

  test("is called with each reply when it leaves, and sees what the handler made of the node: 9", () => {
    const seen: unknown[] = [];
    const looks = watching("looks", undefined, (_, node, request, reply, view) => void seen.push([node, request.client, reply.type, view.before(node)?.["x"], view.shown(node)?.["x"]]));
    const answer = (s: { x: number }, request: never, ctx: Ctx): void => ((s.x = 9), ctx.reply(request, { type: "ok" }));
    run(puppet({}, { ...state, onRequest: { read: answer, write: answer }, invariants: [looks] } as never), { nodes: 1, workload: asking });
    expect(seen).toEqual([["n1", "c1", "ok", 0, 9]]);
  });

  test("is called with a reply that persist held back when it leaves, at 7 ms, and a breach names the send", () => {
    const looks = watching("looks", undefined, () => ({ message: "left", nodes: ["n1"] }));
    const answer = (s: { x: number }, request: never, ctx: Ctx): void => ((s.x = 9), ctx.persist(), ctx.reply(request, { type: "ok" }));
    const { world, seen } = run(puppet({}, { ...state, durable: ["x"], onRequest: { read: answer, write: answer }, invariants: [looks] } as never), { nodes: 1, workload: asking });
    const reply = seen.of("send").find(({ name }) => name === "reply");
    expect(world.watch.violations).toEqual([{ invariant: "looks", time: ms(7), nodes: ["n1"], message: "left", event: reply?.id }]);
  });
});

describe("a breach", () => {
  const breaching = (nodesOf: (call: number) => string[]): Violation[] => {
    let call = 0;
    const invariant = watching("never", () => ({ message: `breach ${call}`, nodes: nodesOf(call++) }));
    const acts = [1, 2, 3, 4].map((at): [number, Act] => [ms(at), set(at)]);
    return run(puppet({ n1: acts }, { ...state, invariants: [invariant] }), { nodes: 1 }).world.watch.violations;
  };

  test("is reported once for its invariant and nodes: of five the first", () => {
    expect(breaching(() => ["n1"]).map(({ message }) => message)).toEqual(["breach 0"]);
  });

  test("about the same nodes in another order is the same", () => {
    expect(breaching((call) => (call % 2 === 0 ? ["n1", "n2"] : ["n2", "n1"])).map(({ nodes }) => nodes)).toEqual([["n1", "n2"]]);
  });

  test("about other nodes is another: n1, then n1 and n2", () => {
    expect(breaching((call) => (call < 2 ? ["n1"] : ["n1", "n2"])).map(({ nodes }) => nodes)).toEqual([["n1"], ["n1", "n2"]]);
  });

  test("has its time and the event after which it showed, and does not end the run", () => {
    const invariant = watching("x stays below 5", (_, node, view: View<any>) => (view.shown(node).x >= 5 ? { message: `${node} shows ${view.shown(node).x}`, nodes: [node] } : undefined));
    const { world, seen } = run(puppet({ n1: [[ms(1), set(4)], [ms(2), set(5)]] }, { ...state, invariants: [invariant] }), { nodes: 1 });
    const timer = seen.of("timer").at(-1);
    const violation = { invariant: "x stays below 5", time: ms(2), nodes: ["n1"], message: "n1 shows 5", event: timer?.id };
    expect(world.watch.violations).toEqual([violation]);
    expect(seen.annotations.filter(({ type }) => type === "violation")).toEqual([{ type: "violation", event: timer?.id, violation }]);
    expect(seen.events.at(-1)).toMatchObject({ kind: "end", reason: "duration" });
  });

  test("of one invariant does not keep another from its own", () => {
    const one = watching("one", () => ({ message: "a", nodes: ["n1"] }));
    const two = watching("two", () => ({ message: "b", nodes: ["n1"] }));
    const { world } = run(puppet({}, { ...state, invariants: [one, two] }), { nodes: 1 });
    expect(world.watch.violations.map(({ invariant }) => invariant)).toEqual(["one", "two"]);
  });

  test("is not looked for where invariants are off", () => {
    const invariant = watching("never", () => ({ message: "a", nodes: [] }));
    expect(run(puppet({}, { ...state, invariants: [invariant] }), {}, { invariants: false }).world.watch.violations).toEqual([]);
  });
});

describe("a protocol's own function that throws is a violation, and the run goes on", () => {
  const fails = (): never => {
    throw new RangeError("no");
  };
  const good = watching("good", () => ({ message: "seen", nodes: ["n1"] }));

  test("an invariant's onChange, once for its node; the others are asked all the same", () => {
    const { world, seen } = run(puppet({ n1: [[ms(1), set(1)]] }, { ...state, invariants: [watching("bad", fails), good] }), { nodes: 1 });
    expect(world.watch.violations.map(({ invariant, message }) => [invariant, message])).toEqual([["bad", "bad threw RangeError: no"], ["good", "seen"]]);
    expect(seen.of("timer", "end").length).toBe(2);
  });

  test("an invariant's onReply", () => {
    const { world } = run(puppet({}, { ...state, invariants: [watching("bad", undefined, fails)] }), { nodes: 1, workload: { clients: 1, rate: 100 } });
    expect(world.watch.violations.map(({ message }) => message)).toEqual(["bad threw RangeError: no"]);
  });

  test("a breach that names no nodes", () => {
    const { world } = run(puppet({}, { ...state, invariants: [watching("bad", () => "two leaders" as never)] }), { nodes: 1 });
    expect(world.watch.violations[0]?.message).toContain("bad threw TypeError");
  });

  test("inspect: the node is up, shows nothing new, and its handlers go on", () => {
    const { world, seen } = run(puppet({ n1: [[ms(1), (_, ctx) => ctx.emit("on")]] }, { ...state, inspect: fails }), { nodes: 1 });
    expect(world.watch.violations.map(({ invariant, nodes, message }) => [invariant, nodes, message])).toEqual([["inspect", ["n1"], "inspect threw RangeError: no"]]);
    expect([seen.of("emit").length, seen.of("crash").length, changes(seen).length]).toEqual([1, 0, 0]);
  });
});

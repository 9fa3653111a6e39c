import { describe, expect, test } from "vitest";
import { explainDifference, type ComparedRun, type Difference } from "../../sim/explain/index.ts";
import { compareRuns } from "../../sim/trace/compare.ts";
import { readTrace } from "../../sim/trace/decode.ts";
import { TraceEncoder } from "../../sim/trace/encode.ts";
import { TraceEvent, type TraceHeader } from "../../sim/trace/event.ts";
import { EventLookup } from "../../sim/trace/lookup.ts";
import { traceKinds } from "../../sim/trace/schema.ts";
import { concatBytes } from "../../sim/trace/value.ts";

const header: TraceHeader = {
  version: 1, program: "0.1.0", protocol: "raft", seed: 1, scenario: "Two nodes", source: "", nodes: ["n1", "n2"], clients: ["c1"], durationNs: 10e9, kinds: traceKinds,
};
const ms = (count: number): number => count * 1e6;

function runOf(events: readonly Partial<TraceEvent>[], { seed = 1, complete = true } = {}): ComparedRun {
  const pieces: Uint8Array[] = [];
  const encoder = new TraceEncoder({ ...header, seed }, (bytes) => pieces.push(bytes));
  events.forEach((event, id) => encoder.event(Object.assign(new TraceEvent(), event, { id })));
  encoder.finish(null, complete);
  const trace = readTrace(concatBytes(pieces));
  return { events: new EventLookup(trace), names: trace.header, words: { Ping: (message: { text: string }) => `Ping ${message.text}` } };
}

/** What two runs have in common, and how each goes on. */
function explained(a: readonly Partial<TraceEvent>[], b: readonly Partial<TraceEvent>[], options: { seeds?: readonly [number, number]; complete?: boolean } = {}): Difference {
  const [seedA, seedB] = options.seeds ?? [1, 1];
  const [runA, runB] = [runOf([...common, ...a], { seed: seedA, ...(options.complete !== undefined && { complete: options.complete }) }), runOf([...common, ...b], { seed: seedB })];
  return explainDifference(compareRuns(runA.events, runB.events), runA, runB) as Difference;
}

const at = { nodeTime: ms(5), time: ms(5) };
/** Event 2 is the send of a message, 3 the beginning of a persist. */
const common: readonly Partial<TraceEvent>[] = [
  { kind: "boot", node: 0, incarnation: 1 },
  { kind: "boot", node: 1, incarnation: 1 },
  { kind: "send", ...at, cause: 0, node: 0, incarnation: 1, message: 0, peer: 1, bytes: 9, name: "Ping", data: { type: "Ping", text: "x" } },
  { kind: "persist", ...at, cause: 0, node: 0, incarnation: 1, bytes: 9 },
];
const arrives = (time: number): Partial<TraceEvent> => ({ kind: "deliver", time, nodeTime: time, cause: 2, node: 1, incarnation: 1, message: 0, peer: 0, name: "Ping" });
const timer = (time: number, node = 0): Partial<TraceEvent> => ({ kind: "timer", time, nodeTime: time, cause: node, node, incarnation: 1, name: "tick" });
const end = (time: number, reason = "duration"): Partial<TraceEvent> => ({ kind: "end", time, reason });

describe("what differs first", () => {
  test("is how long a message is under way, where it arrives at another time; and by the seed, where the seeds differ", () => {
    const seeds = explained([arrives(ms(6)), end(ms(9))], [arrives(ms(7)), end(ms(9))], { seeds: [1, 2] });
    expect(seeds).toMatchObject({ event: 4, timeNs: ms(6), kind: "chance", what: "how long a message is under way" });
    expect(seeds.detail).toBe("n1→n2 Ping arrives: 1ms after event 2 (n1→n2 Ping x) in a, and 2ms after it in b. It is drawn, and the seeds differ.");
    expect(explained([arrives(ms(6))], [arrives(ms(7))]).detail).toMatch(/ It is drawn from the same seed on both sides: /);
  });

  test("is the earlier of two events, and the other run has it later under another number", () => {
    const difference = explained([timer(ms(6)), arrives(ms(7))], [arrives(ms(7)), timer(ms(8))]);
    expect(difference).toMatchObject({ kind: "chance", what: "when a timer fires" });
    expect(difference.detail).toMatch(/^n1 timer tick: 6ms after event 0 \(n1 boots\) in a, and 8ms after it in b, as event 5 there\./);
    expect(difference.b.counterpart).toEqual({ event: 5, timeNs: ms(8), text: "n1 timer tick", common: false });
    expect(difference.a.counterpart).toMatchObject({ event: 5, text: "n1→n2 Ping arrives" });
  });

  test("is whether a message arrives, where one run loses it", () => {
    const lost: Partial<TraceEvent> = { kind: "drop", time: ms(5), cause: 2, node: 1, message: 0, peer: 0, name: "Ping", reason: "loss" };
    const difference = explained([timer(ms(5), 1), arrives(ms(6))], [lost, timer(ms(5), 1)]);
    expect(difference).toMatchObject({ kind: "chance", what: "whether a message arrives" });
    expect(difference.detail).toMatch(/^n1→n2 Ping lost: loss at 5ms in b; in a n1→n2 Ping arrives at 6ms, as event 5\./);
  });

  test.each([[6, 7], [7, 6]])("is a fault, where it loses a message that arrives in the other run, be that at %i ms or the loss", (lostAt, arrivedAt) => {
    const lost: Partial<TraceEvent> = { kind: "drop", time: ms(lostAt), cause: 2, node: 1, message: 0, peer: 0, name: "Ping", reason: "cut", fault: 0 };
    expect(explained([lost], [arrives(ms(arrivedAt))])).toMatchObject({ kind: "fault", what: "what a fault does, to whom and when" });
  });

  test.each<[string, Partial<TraceEvent>, string, string]>([
    ["a fault", { kind: "fault", time: ms(6), fault: 0, name: "isolate", data: { nodes: ["n1"], did: true } }, "fault", "what a fault does, to whom and when"],
    ["a crash by a fault", { kind: "crash", time: ms(6), node: 0, fault: 0, name: "unsynced" }, "fault", "what a fault does, to whom and when"],
    ["a sync", { kind: "synced", time: ms(6), cause: 3, node: 0 }, "chance", "how long a sync takes"],
    ["an operation", { kind: "invoke", time: ms(6), node: 2, operation: 0, process: 0, name: "read", key: "k1" }, "chance", "what the clients ask, and when"],
    ["a copy of a message", { kind: "duplicate", time: ms(6), cause: 2, node: 0, message: 1, peer: 1, name: "Ping", of: 0 }, "chance", "whether a message is doubled"],
    ["a handler that throws", { kind: "crash", time: ms(6), cause: 2, node: 0, name: "unsynced", reason: "onTimer.tick threw Error: no" }, "effects", "what a handler does"],
    ["something said in the protocol's words", { kind: "emit", time: ms(6), cause: 2, node: 0, name: "election.won", data: null }, "effects", "what a handler does"],
    ["a client's question", { kind: "send", time: ms(6), node: 2, operation: 0, attempt: 1, message: 1, peer: 0, name: "read", data: {} }, "effects", "which node a client asks, and when"],
    ["a client's answer", { kind: "ok", time: ms(6), cause: 2, node: 2, operation: 0, process: 0, name: "read" }, "effects", "what a client learns of its operation"],
    ["bit rot", { kind: "damage", time: ms(6), node: 0, fault: 1, reason: "bitrot" }, "fault", "what a fault does, to whom and when"],
  ])("is named for %s", (_, event, kind, what) => {
    const difference = explained([event, arrives(ms(7)), end(ms(9))], [arrives(ms(7)), end(ms(9))]);
    expect(difference).toMatchObject({ event: 4, kind, what });
    expect(difference.detail).toMatch(/ at 6ms in a; b has nothing like it, up to its end\./);
  });

  test("is what a handler does, where the same one leads to something else", () => {
    const [emits, sends]: Partial<TraceEvent>[] = [{ kind: "emit", ...at, cause: 3, node: 0, name: "stepped.down", data: null }, { kind: "send", ...at, cause: 3, node: 0, message: 1, peer: 1, name: "Ping", data: { type: "Ping", text: "y" } }];
    const difference = explained([emits as Partial<TraceEvent>], [sends as Partial<TraceEvent>]);
    expect(difference).toMatchObject({ kind: "effects", what: "what a handler does" });
    expect(difference.detail).toBe("Event 3 (n1 persists 9B) leads to “n1 emits stepped.down” in a, and to “n1→n2 Ping y” in b.");
  });

  test("is what is said, where the same message says something else: with its fields", () => {
    const says = (text: string): Partial<TraceEvent> => ({ kind: "send", ...at, cause: 3, node: 0, message: 1, peer: 1, bytes: 5, name: "Ping", data: { type: "Ping", text } });
    const difference = explained([says("y")], [says("z")]);
    expect(difference).toMatchObject({ kind: "effects", fields: [{ field: "data.text", a: "y", b: "z" }] });
    expect(difference.detail).toBe("n1→n2 Ping y: it differs in data.text.");
  });

  test("is what a clock shows, where nothing else differs", () => {
    const difference = explained([arrives(ms(6))], [{ ...arrives(ms(6)), nodeTime: ms(8) }]);
    expect(difference).toMatchObject({ kind: "chance", what: "what a node's clock shows" });
    expect(difference.detail).toMatch(/^n1→n2 Ping arrives: on its own clock at 6ms in a, and at 8ms in b\./);
  });

  test("is where a run ends: by its time, by an interruption, or because nothing more is there", () => {
    expect(explained([end(ms(8))], [arrives(ms(9)), end(ms(10))])).toMatchObject({ kind: "end", detail: "a ends at 8ms, when its time is over, and b goes on. Up to there, the 4 events before it, the runs are the same." });
    const interrupted = explained([{ kind: "info", time: ms(8), node: 2, name: "read", reason: "end of run" }, end(ms(8), "interrupted")], [arrives(ms(9))], { complete: false });
    expect(interrupted).toMatchObject({ kind: "end", detail: expect.stringMatching(/^a was interrupted at 8ms, and b goes on\./) as string });
    expect(explained([end(ms(8))], [end(ms(9))]).detail).toMatch(/^a ends at 8ms, when its time is over, and b ends at 9ms, when its time is over\./);
    expect(explained([], [arrives(ms(9))])).toMatchObject({ kind: "end", detail: expect.stringMatching(/^a has no more than 4 events, and b goes on\./) as string, a: { here: null, causes: [] }, fields: [] });
  });
});

describe("what led to it", () => {
  test("is told from the event back through its causes, and what both have is marked", () => {
    const difference = explained([arrives(ms(6))], [timer(ms(6), 1)]);
    expect(difference.a.causes).toEqual([
      { event: 4, timeNs: ms(6), text: "n1→n2 Ping arrives", common: false },
      { event: 2, timeNs: ms(5), text: "n1→n2 Ping x", common: true },
      { event: 0, timeNs: 0, text: "n1 boots", common: true },
    ]);
    expect(difference.b.causes.map(({ event }) => event)).toEqual([4, 1]);
    expect([difference.a.isCut, difference.b.isCut]).toEqual([false, false]);
  });

  test("is cut after as many causes as are asked for", () => {
    const [a, b] = [runOf([...common, arrives(ms(6))]), runOf([...common, arrives(ms(7))])];
    const difference = explainDifference(compareRuns(a.events, b.events), a, b, { causes: 1, context: 2 }) as Difference;
    expect(difference.a.causes.map(({ event }) => event)).toEqual([4, 2]);
    expect(difference.a.isCut).toBe(true);
    expect(difference.a.context.map(({ event, common: isCommon }) => [event, isCommon])).toEqual([[2, true], [3, true], [4, false]]);
  });
});

test("a message that this version's words cannot say is told by its fields", () => {
  const older = (text: string): Partial<TraceEvent> => ({ kind: "send", ...at, cause: 3, node: 0, message: 1, peer: 1, bytes: 5, name: "Ping", data: { type: "Ping", old: text } });
  const [a, b] = [runOf([...common, older("y")]), runOf([...common, older("z")])];
  const words = { Ping: (message: { text: string }) => message.text.toString() };
  const difference = explainDifference(compareRuns(a.events, b.events), { ...a, words }, { ...b, words }) as Difference;
  expect([difference.a.text, difference.b.text]).toEqual(["n1→n2 Ping old y", "n1→n2 Ping old z"]);
});

test("equal runs have no difference", () => {
  const [a, b] = [runOf(common), runOf(common)];
  expect(explainDifference(compareRuns(a.events, b.events), a, b)).toBeUndefined();
});

test("runs whose events are the same and whose bytes are not are told apart from those that differ", () => {
  const run = runOf(common);
  expect(explainDifference({ type: "encoding" }, run, run)).toMatchObject({ event: null, timeNs: null, kind: "encoding", a: { here: null } });
});

import { describe, expect, test } from "vitest";
import type { TraceEvent } from "../../sim/trace/event.ts";
import { ShownLog } from "../../sim/trace/log.ts";
import { TraceState } from "../../sim/trace/state.ts";
import { busyRun, emptyEvent } from "./arbitrary.ts";

/** A state after these events, each a millisecond after the one before. */
function after(events: readonly Partial<TraceEvent>[], state = new TraceState(2)): TraceState {
  events.forEach((event, id) => state.event({ ...emptyEvent(id, id * 1_000_000), ...event }));
  return state;
}

const statuses = (state: TraceState): string => state.nodes.map(({ status, incarnation }) => `${status} ${incarnation}`).join(", ");

describe("the state of the cluster", () => {
  test("follows its nodes through boot, pause, resume and crash", () => {
    expect(statuses(new TraceState(2))).toBe("down 0, down 0");
    expect(statuses(after([{ kind: "boot", node: 0, incarnation: 1 }]))).toBe("up 1, down 0");
    expect(statuses(after([{ kind: "boot", node: 1, incarnation: 1 }, { kind: "pause", node: 1, incarnation: 1 }]))).toBe("down 0, paused 1");
    expect(statuses(after([{ kind: "pause", node: 1, incarnation: 1 }, { kind: "resume", node: 1, incarnation: 1 }]))).toBe("down 0, up 1");
    expect(statuses(after([{ kind: "pause", node: 0, incarnation: 2 }, { kind: "crash", node: 0, incarnation: 2 }]))).toBe("down 2, down 0");
  });

  test("knows the messages under way: sent or duplicated, and neither delivered nor dropped", () => {
    const send = { kind: "send", node: 0, peer: 1, message: 5, name: "Ping", operation: 3 } as const;
    const sent = after([send]);
    expect([...sent.messages]).toEqual([[5, { from: 0, to: 1, name: "Ping", sentAt: 0, operation: 3, eventId: 0 }]]);
    const duplicate = { ...send, kind: "duplicate", message: 6, of: 5 } as const;
    const duplicated = after([send, duplicate, { kind: "deliver", node: 1, peer: 0, message: 5 }]);
    expect([...duplicated.messages]).toEqual([[6, { from: 0, to: 1, name: "Ping", sentAt: 1_000_000, operation: 3, eventId: 1 }]]);
    expect(after([send, { kind: "drop", node: 1, peer: 0, message: 5 }]).messages.size).toBe(0);
  });

  test("knows the faults that are under way, but not those that found nobody", () => {
    const state = after([
      { kind: "fault", fault: 0, name: "partition", data: { name: "the cut", nodes: ["n1"], did: true } },
      { kind: "fault", fault: 1, name: "crash", data: { nodes: ["n2"], did: true } },
      { kind: "fault", fault: 2, name: "pause", data: { nodes: [], did: false } },
      { kind: "faultEnd", fault: 1, name: "crash", data: null },
    ]);
    expect([...state.faults]).toEqual([[0, { kind: "partition", name: "the cut", data: { name: "the cut", nodes: ["n1"], did: true }, since: 0 }]]);
  });

  test.each(["ok", "fail", "info"] as const)("knows the operations that are pending, until %s", (kind) => {
    const invoke = { kind: "invoke", node: 2, operation: 4, process: 0, name: "write", key: "k1", data: 7 } as const;
    expect([...after([invoke]).operations]).toEqual([[4, { client: 2, f: "write", key: "k1", value: 7, since: 0 }]]);
    expect(after([invoke, { kind, node: 2, operation: 4, process: 0 }]).operations.size).toBe(0);
  });

  test("shows what the changes add up to, also of a node that is down", () => {
    const state = after([{ kind: "boot", node: 0, incarnation: 1 }]);
    state.annotation({ type: "change", event: 0, node: 0, change: { term: { type: "set", value: 1 }, log: { type: "log", from: 0, entries: ["a"] } } });
    const before = state.nodes[0]?.shown;
    state.annotation({ type: "change", event: 0, node: 0, change: { log: { type: "log", from: 1, entries: ["b"] } } });
    after([{ kind: "crash", node: 0, incarnation: 1 }], state);
    expect(state.nodes[0]?.shown).toEqual({ term: 1, log: ShownLog.of(["a", "b"]) });
    expect(JSON.stringify(before)).toBe('{"term":1,"log":["a"]}');
  });

  test("counts violations, and says the last event and its time", () => {
    const state = after([{ kind: "timer" }, { kind: "timer" }]);
    state.annotation({ type: "violation", event: 1, violation: { invariant: "i", time: 1, nodes: [], message: "m", event: 1 } });
    expect([state.lastEvent, state.time, state.violations]).toEqual([1, 1_000_000, 1]);
  });

  test("goes on in a copy without touching the original, and comes back from plain data", () => {
    const state = new TraceState(3);
    let copy: TraceState | undefined;
    let plain = "";
    let half = "";
    busyRun(2000, (event, annotations) => {
      if (event.id === 1000) {
        copy = state.copy();
        half = JSON.stringify(state.toPlain());
        plain = JSON.stringify(copy.toPlain());
      }
      state.event(event);
      for (const annotation of annotations) state.annotation(annotation);
    });
    expect(plain).toBe(half);
    expect(JSON.stringify(copy?.toPlain())).toBe(half);
    expect(JSON.stringify(state.toPlain())).not.toBe(half);
    const rebuilt = TraceState.fromPlain(JSON.parse(half) as ReturnType<TraceState["toPlain"]>);
    expect(JSON.stringify(rebuilt.toPlain())).toBe(half);
    expect(rebuilt.nodes[0]?.shown?.log).toBeInstanceOf(ShownLog);
  });
});

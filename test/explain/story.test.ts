import { describe, expect, test } from "vitest";
import { describeLeftOut, Story } from "../../sim/explain/index.ts";
import { TraceEvent } from "../../sim/trace/event.ts";

const names = { nodes: ["n1", "n2", "n3"], clients: ["c1"] };
const S = 1_000_000_000;

function story(events: readonly Partial<TraceEvent>[], options: { atMost?: number } = {}): Story {
  const told = new Story({ names, ...options });
  events.forEach((fields, id) => told.event(Object.assign(new TraceEvent(), { id, ...fields })));
  return told;
}

function texts(told: Story): string[] {
  return told.tell().moments.map((moment) => `${moment.timeNs / S} ${moment.kind}: ${moment.text}`);
}

test("a leader that is cut off: the fault, the outage, the new leader, the end of the fault", () => {
  const told = story([
    { kind: "boot", node: 0, incarnation: 1, time: 0 },
    { kind: "emit", name: "election.won", node: 0, data: { term: 1 }, time: 0.2 * S },
    { kind: "invoke", node: 3, operation: 0, time: 4.9 * S },
    { kind: "ok", node: 3, operation: 0, time: 4.9 * S },
    { kind: "fault", name: "partition", fault: 0, data: { nodes: ["n1"], did: true, groups: [["n1"], ["n2", "n3"]] }, time: 5 * S },
    { kind: "invoke", node: 3, operation: 1, time: 5.1 * S },
    { kind: "info", node: 3, operation: 1, reason: "timeout", time: 6.1 * S },
    { kind: "emit", name: "election.won", node: 1, data: { term: 2 }, time: 6.2 * S },
    { kind: "invoke", node: 3, operation: 2, time: 6.3 * S },
    { kind: "ok", node: 3, operation: 2, time: 6.8 * S },
    { kind: "faultEnd", name: "partition", fault: 0, data: { nodes: ["n1"], did: true }, time: 10 * S },
    { kind: "end", time: 20 * S },
  ]);
  expect(texts(told)).toEqual([
    "0.2 leader: n1 is elected leader of term 1",
    "5 fault: n1 is cut off from n2 and n3",
    "5.1 outage: no operation is answered for 1.5s",
    "6.2 leader: n2 is elected leader of term 2",
    "10 fault: the partition of n1 ends",
  ]);
});

test("a crash that lies in wait is told by its fault when it begins, and by the node when it strikes", () => {
  const told = story([
    { kind: "fault", name: "crash", fault: 0, data: { nodes: ["n2"], did: true, lose: "unsynced", amid: "sync" }, time: S },
    { kind: "crash", node: 1, fault: 0, name: "unsynced", reason: "amid a sync", time: 2 * S },
  ]);
  expect(texts(told)).toEqual(["1 fault: n2 will crash in the middle of its next sync, and what was not synced is lost", "2 node: n2 crashes amid a sync"]);
});

test("a crash is told by its fault and by the node's return; a handler that throws, by itself", () => {
  const told = story([
    { kind: "fault", name: "crash", fault: 0, data: { name: "the power fails", nodes: ["n2"], did: true, lose: "unsynced" }, time: S },
    { kind: "crash", node: 1, fault: 0, name: "unsynced", time: S },
    { kind: "faultEnd", name: "crash", fault: 0, data: { nodes: ["n2"] }, time: 2 * S },
    { kind: "boot", node: 1, incarnation: 2, fault: 0, time: 2 * S },
    { kind: "crash", node: 2, reason: "TypeError: no such entry", time: 3 * S },
  ]);
  expect(texts(told)).toEqual([
    "1 fault: the power fails: n2 crashes, and what was not synced is lost",
    "2 node: n2 is back",
    "3 node: n3 crashes: TypeError: no such entry",
  ]);
});

test("an outage that lasts to the end of the run is told at its end", () => {
  const told = story([{ kind: "invoke", node: 3, operation: 0, time: S }, { kind: "end", time: 4 * S }]);
  expect(texts(told)).toEqual(["1 outage: no operation is answered for 3s"]);
});

describe("of a long run", () => {
  const busy = Array.from({ length: 100 }, (_, n) => ({ kind: "emit", name: "election.won", node: n % 3, data: { term: n + 1 }, time: n * S }) as const);

  test("at most 40 moments are told, the rest is counted", () => {
    const { moments, leftOut } = story(busy).tell();
    expect(moments).toHaveLength(40);
    expect(leftOut).toEqual({ violation: 0, fault: 0, outage: 0, leader: 60, node: 0 });
    expect(describeLeftOut(leftOut)).toBe("not shown: 60 × change of leader");
    expect(describeLeftOut(story([]).tell().leftOut)).toBe("");
  });

  test("each kind of moment has its turn: 100 elections leave room for every one of 5 violations", () => {
    const told = story(busy, { atMost: 10 });
    for (let n = 0; n < 5; n += 1) {
      const violation = { invariant: "election safety", time: 200 * S + n, nodes: ["n1", "n2"], message: "two leaders in term 3", event: 500 + n };
      told.annotation({ type: "violation", event: 500 + n, violation });
    }
    const { moments, leftOut } = told.tell();
    expect(moments.map((moment) => moment.kind).filter((kind) => kind === "violation")).toHaveLength(5);
    expect(moments.at(-1)).toEqual({ timeNs: 200 * S + 4, event: 504, kind: "violation", text: "election safety is violated: two leaders in term 3" });
    expect(leftOut).toMatchObject({ violation: 0, leader: 95 });
  });
});

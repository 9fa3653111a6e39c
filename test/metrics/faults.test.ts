import { describe, expect, test } from "vitest";
import { Metrics } from "../../sim/metrics/index.ts";
import type { TraceEvent } from "../../sim/trace/event.ts";
import { byTime, operation } from "./events.ts";

const MS = 1_000_000;
const S = 1_000 * MS;

function fold(...events: Partial<TraceEvent>[]): Metrics {
  const metrics = new Metrics({ nodes: 5, fromNs: 0, untilNs: 60 * S });
  for (const event of byTime(events)) metrics.event(event);
  return metrics;
}

const begin = (fault: number, time: number, data: object = { did: true, nodes: ["n1"] }): Partial<TraceEvent> => ({ kind: "fault", fault, name: "isolate", time, data });
const end = (fault: number, time: number): Partial<TraceEvent> => ({ kind: "faultEnd", fault, name: "isolate", time, data: null });
const emit = (name: string, time: number): Partial<TraceEvent> => ({ kind: "emit", name, node: 2, time });
/** One operation after the other, answered in 10 ms each, from one time to another. */
const steady = (from: number, until: number, first: number): Partial<TraceEvent>[] =>
  Array.from({ length: Math.round((until - from) / (10 * MS)) }, (_, n) => operation(first + n, from + n * 10 * MS, from + (n + 1) * 10 * MS, "ok")).flat();

/** Answers until 5 s, none until 5.4 s, and from then on again. */
const outage = [...steady(4 * S, 5 * S, 0), ...operation(900, 5 * S, 5.4 * S, "ok"), ...steady(5.4 * S, 12 * S, 1000)];

describe("what a fault costs", () => {
  test("an outage of 400 ms from its beginning on: noticed by an election after 150 ms, 400 ms unavailable, over after 400 ms", () => {
    const metrics = fold(...outage, begin(0, 5 * S), emit("election.started", 5.15 * S), emit("election.won", 5.3 * S), end(0, 10 * S), { kind: "end", time: 12 * S });
    expect(metrics.faultCost(0)).toEqual({ detectionNs: 150 * MS, unavailableNs: 400 * MS, recoveryNs: 400 * MS });
    expect(metrics.values()).toMatchObject({ "unavailable.total": 400 * MS, "faults.detection.mean": 150 * MS, "faults.unavailable.mean": 400 * MS, "faults.unavailable.max": 400 * MS, "faults.recovery.max": 400 * MS });
  });

  test("counts the part of an outage that lies after its beginning", () => {
    expect(fold(...outage, begin(0, 5.1 * S), end(0, 10 * S)).faultCost(0)).toEqual({ detectionNs: null, unavailableNs: 300 * MS, recoveryNs: 300 * MS });
  });

  test("nothing where clients got their answers, whatever was waited for in between", () => {
    expect(fold(...steady(0, 12 * S, 0), begin(0, 5 * S), end(0, 6 * S)).faultCost(0)).toEqual({ detectionNs: null, unavailableNs: 0, recoveryNs: 0 });
  });

  test("is unknown where nobody asked for anything", () => {
    expect(fold(...steady(0, 4 * S, 0), begin(0, 5 * S), end(0, 6 * S), { kind: "end", time: 12 * S }).faultCost(0)).toEqual({ detectionNs: null, unavailableNs: null, recoveryNs: null });
  });

  test("is what it was when the run ended, and not over, where answers never came back", () => {
    const hung = [...steady(4 * S, 5 * S, 0), { ...operation(900, 5 * S, 99 * S, "ok")[0] }];
    expect(fold(...hung, begin(0, 5 * S), { kind: "end", time: 9 * S }).faultCost(0)).toEqual({ detectionNs: null, unavailableNs: 4 * S, recoveryNs: null });
  });

  test("adds the aftermath to it, until the next fault begins", () => {
    const late = [...steady(4 * S, 7 * S, 0), ...operation(900, 7 * S, 7.5 * S, "ok"), ...steady(7.5 * S, 8 * S, 1000), ...operation(2000, 8 * S, 8.5 * S, "ok"), ...steady(8.5 * S, 9 * S, 3000)];
    const metrics = fold(...late, begin(0, 5 * S), end(0, 6 * S), begin(1, 8 * S), end(1, 8.1 * S));
    expect(metrics.faultCost(0)).toEqual({ detectionNs: null, unavailableNs: 500 * MS, recoveryNs: 2.5 * S });
    expect(metrics.faultCost(1)).toEqual({ detectionNs: null, unavailableNs: 500 * MS, recoveryNs: 500 * MS });
  });

  test("goes on where the next fault finds nobody, or only lies in wait: the outage is over 500 ms after it began, not “not over”", () => {
    const nobody = begin(1, 5.2 * S, { did: false, nodes: [] });
    const lurking = begin(2, 5.3 * S, { did: true, nodes: ["n1"], amid: "sync" });
    expect(fold(...outage, begin(0, 4.9 * S), end(0, 5.1 * S), nobody, lurking).faultCost(0)).toEqual({ detectionNs: null, unavailableNs: 400 * MS, recoveryNs: 500 * MS });
  });

  test("is none of a heal, which is no trouble and ends nobody's account: 500 ms of the fault before it", () => {
    const metrics = fold(...outage, begin(0, 4.9 * S), end(0, 5.1 * S), { ...begin(1, 5.2 * S), name: "heal" });
    expect([metrics.faultCost(0).recoveryNs, metrics.faultCost(1)]).toEqual([500 * MS, { detectionNs: null, unavailableNs: null, recoveryNs: null }]);
  });

  test("is shared where faults overlap: both answer for the outage, each from its own beginning", () => {
    const metrics = fold(...outage, begin(0, 4.9 * S), begin(1, 5.2 * S), end(0, 6 * S), end(1, 6 * S), emit("leader.stepped-down", 5.25 * S));
    expect([metrics.faultCost(0), metrics.faultCost(1)]).toEqual([
      { detectionNs: 350 * MS, unavailableNs: 400 * MS, recoveryNs: 500 * MS },
      { detectionNs: 50 * MS, unavailableNs: 200 * MS, recoveryNs: 200 * MS },
    ]);
  });

  test("begins for a crash that lies in wait when it strikes", () => {
    const lurking = begin(0, 2 * S, { did: true, nodes: ["n1"], amid: "sync" });
    const crash = { kind: "crash", fault: 0, node: 0, time: 5 * S } as const;
    expect(fold(...outage, lurking, crash, end(0, 10 * S)).faultCost(0)).toEqual({ detectionNs: null, unavailableNs: 400 * MS, recoveryNs: 400 * MS });
    expect(fold(...outage, lurking, end(0, 10 * S)).faultCost(0).unavailableNs).toBeNull();
  });

  test("is nothing that is known where it struck nobody", () => {
    expect(fold(...outage, begin(0, 5 * S, { did: false, nodes: [] })).faultCost(0)).toEqual({ detectionNs: null, unavailableNs: null, recoveryNs: null });
  });

  test("what the protocol does anyway is no sign that it noticed; an error of the disk is one, of that fault alone", () => {
    const metrics = fold(...outage, begin(0, 5 * S), begin(1, 5 * S), emit("entry.committed", 5.1 * S), { kind: "diskError", fault: 1, node: 3, time: 5.2 * S });
    expect([metrics.faultCost(0).detectionNs, metrics.faultCost(1).detectionNs]).toEqual([null, 200 * MS]);
  });
});

describe("an outage", () => {
  const total = (took: number): number | null => fold(...operation(0, 0, took, "ok")).values()["unavailable.total"] as number | null;

  test("is a wait of 100 ms or more", () => {
    expect([total(99 * MS), total(100 * MS)]).toEqual([0, 100 * MS]);
  });

  test("is none that is usual: where operations take 300 ms one after the other, the wait for each is not, and one of 2 s is", () => {
    const slow = Array.from({ length: 20 }, (_, n) => operation(n, n * 300 * MS, (n + 1) * 300 * MS, "ok")).flat();
    const first = 300 * MS; // Nothing is usual yet.
    expect(fold(...slow).values()["unavailable.total"]).toBe(first);
    expect(fold(...slow, ...operation(99, 6 * S, 8 * S, "ok")).values()["unavailable.total"]).toBe(first + 2 * S);
  });
});

test("a copy of the fold goes its own way with faults and outages under way", () => {
  const before = byTime([...steady(4 * S, 5 * S, 0), begin(0, 5 * S), { ...operation(900, 5 * S, 9 * S, "ok")[0] }]);
  const metrics = new Metrics({ nodes: 5, fromNs: 0, untilNs: 60 * S });
  for (const event of before) metrics.event(event);
  const copy = metrics.copy();
  for (const event of byTime([operation(900, 5 * S, 9 * S, "ok")[1] as Partial<TraceEvent>])) copy.event(event);
  expect(copy.faultCost(0)).toEqual({ detectionNs: null, unavailableNs: 4 * S, recoveryNs: 4 * S });
  expect(metrics.faultCost(0)).toEqual({ detectionNs: null, unavailableNs: 0, recoveryNs: 0 });
});

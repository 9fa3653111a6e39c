import { describe, expect, it } from "vitest";
import { Recovery } from "../../sim/check/recovery.ts";
import { TraceEvent } from "../../sim/trace/event.ts";
import { runScenario } from "./running.ts";
import { mistakes, scenarioOf } from "./support.ts";

/** Two nodes, so that clients are the endpoints from 2 on: c1, c2, … */
const clientOf = (endpoint: number): string => `c${endpoint - 1}`;
const C1 = 2;
const C2 = 3;

interface Happening extends Partial<TraceEvent> {
  readonly kind: TraceEvent["kind"];
  readonly time: number;
}

function recoveryFrom(events: readonly Happening[]): Recovery {
  const recovery = new Recovery();
  events.forEach((event, id) => recovery.event(Object.assign(new TraceEvent(), { id }, event)));
  return recovery;
}

const invoke = (time: number, node: number, operation: number): Happening => ({ kind: "invoke", time, node, operation });
const ok = (time: number, node: number, operation: number): Happening => ({ kind: "ok", time, node, operation });
const info = (time: number, node: number, operation: number, reason = "timeout"): Happening => ({ kind: "info", time, node, operation, reason });
const fault = (time: number): Happening => ({ kind: "fault", time });
const faultEnd = (time: number): Happening => ({ kind: "faultEnd", time });

/** The verdict with 100 allowed, at the end of a run of 1000. */
const judged = (events: readonly Happening[], end = 1000): readonly [verdict: string, time: number | null] => {
  const recovery = recoveryFrom(events);
  return [recovery.verdict(100, end, clientOf).verdict, recovery.timeToRecover()];
};

describe("progress after the last fault", () => {
  it("is made when every client has an answer in time: the later one counts, 80", () => {
    expect(judged([fault(100), faultEnd(500), invoke(510, C1, 0), invoke(520, C2, 1), ok(540, C1, 0), ok(580, C2, 1)])).toEqual(["pass", 80]);
  });

  it("a fault that finds nobody gives nobody more time, and one that lay in wait counts from when it strikes", () => {
    const idle = (time: number, id: number): Happening => ({ kind: "fault", time, fault: id, data: { did: false } });
    const began: readonly Happening[] = [fault(100), faultEnd(200), invoke(210, C1, 0)];
    expect(judged([...began, idle(450, 7), { kind: "faultEnd", time: 460, fault: 7 }, ok(500, C1, 0)])).toEqual(["fail", 300]);
    expect(judged([...began, ok(250, C1, 0), idle(300, 7), { kind: "crash", time: 500, fault: 7 }, invoke(510, C1, 1), ok(570, C1, 1)])).toEqual(["pass", 70]);
  });

  it("a comparison that was false is an answer; a refusal is none", () => {
    const mismatch: Happening = { kind: "fail", time: 550, node: C1, operation: 0, reason: "mismatch" };
    expect(judged([faultEnd(500), invoke(510, C1, 0), mismatch])).toEqual(["pass", 50]);
    expect(judged([faultEnd(500), invoke(510, C1, 0), { ...mismatch, reason: "no leader" }])).toEqual(["fail", null]);
  });

  it("an answer to what was asked before does not count", () => {
    expect(judged([invoke(490, C1, 0), faultEnd(500), ok(505, C1, 0), invoke(510, C1, 1), info(900, C1, 1)])).toEqual(["fail", null]);
    expect(judged([invoke(490, C1, 0), faultEnd(500), ok(505, C1, 0), invoke(510, C1, 1), ok(590, C1, 1)])).toEqual(["pass", 90]);
  });

  it("one client of two that gets nothing is enough to fail", () => {
    expect(judged([faultEnd(500), invoke(510, C1, 0), ok(520, C1, 0), invoke(510, C2, 1)])).toEqual(["fail", null]);
  });

  it("a client whose first operation comes later has its time from then", () => {
    expect(judged([faultEnd(500), invoke(700, C1, 0), ok(790, C1, 0)])).toEqual(["pass", 290]);
    expect(judged([faultEnd(500), invoke(700, C1, 0), ok(810, C1, 0)])).toEqual(["fail", 310]);
  });

  it("a client that stopped before is not asked, and one that still waits for what it began before is", () => {
    expect(judged([invoke(10, C2, 0), ok(20, C2, 0), faultEnd(500), invoke(510, C1, 1), ok(520, C1, 1)])).toEqual(["pass", 20]);
    expect(judged([invoke(490, C2, 0), faultEnd(500), invoke(510, C1, 1), ok(520, C1, 1)])).toEqual(["fail", null]);
  });

  it("what is pending at the end for less than its time is held against nobody", () => {
    const events = [faultEnd(500), invoke(510, C1, 0), ok(520, C1, 0), invoke(950, C2, 1), info(1000, C2, 1, "end of run")];
    expect(judged(events)[0]).toBe("pass");
  });

  it("nobody knows where no client began anything, or the run ends too soon after the last fault", () => {
    expect(judged([invoke(10, C1, 0), ok(20, C1, 0), faultEnd(500)])).toEqual(["unknown", null]);
    expect(judged([faultEnd(950), invoke(960, C1, 0)])).toEqual(["unknown", null]);
    expect(judged([faultEnd(950), invoke(960, C1, 0), ok(970, C1, 0), invoke(980, C2, 1)])).toEqual(["unknown", null]);
    expect(judged([faultEnd(950), invoke(960, C1, 0), ok(970, C1, 0)])).toEqual(["pass", 20]);
  });

  it("begins anew with each fault that ends, and with one that begins and stays", () => {
    const first = [faultEnd(300), invoke(310, C1, 0), ok(320, C1, 0)];
    expect(judged([...first, faultEnd(500), invoke(510, C1, 1)])).toEqual(["fail", null]);
    expect(judged([...first, fault(500), invoke(510, C1, 1), ok(570, C1, 1)])).toEqual(["pass", 70]);
  });

  it("without any fault it begins with the run, and there is nothing to recover from", () => {
    expect(judged([invoke(10, C1, 0), ok(20, C1, 0)])).toEqual(["pass", null]);
    expect(judged([invoke(10, C1, 0)])).toEqual(["fail", null]);
  });

  it("a failure names the client that fared worst and its last answer, and points to its first operation", () => {
    const S = 1_000_000_000;
    const events = [invoke(S, C1, 0), ok(2 * S, C1, 0), faultEnd(5 * S), invoke(5 * S, C2, 1), invoke(6 * S, C1, 2), info(7 * S, C1, 2), ok(9 * S, C2, 1)];
    const { verdict, detail, failure } = recoveryFrom(events).verdict(2 * S, 20 * S, clientOf);
    expect([verdict, detail]).toEqual([
      "fail",
      "c1, and 1 more like it, got no answer to what it began after 5s, when the last fault had ended, to the end of the run at 20s; its last one came at 2s, and allowed were 2s",
    ]);
    expect(failure).toMatchObject({ event: 4, time: 6 * S });
  });
});

describe("`progress` in a scenario", () => {
  it("true means within five seconds, and false that it must not be made", () => {
    expect(scenarioOf("expect: { invariants: off, progress: true }").expect).toEqual([{ type: "progress", within: 5_000_000_000, holds: true }]);
    expect(scenarioOf("expect: { invariants: off, progress: { within: 2s } }").expect).toEqual([{ type: "progress", within: 2_000_000_000, holds: true }]);
    expect(scenarioOf("expect: { invariants: off, progress: false }").expect).toEqual([{ type: "progress", within: 5_000_000_000, holds: false }]);
  });

  it.each([
    [
      "a fault that ends too late",
      "faults: [{ at: 5s, for: 4s, pause: n1 }]\nexpect: { progress: { within: 2s } }",
      "4:21 `progress` needs 2s of the workload after the last fault's end at 9s; the workload ends at 10s",
    ],
    ["one that ends just in time", "faults: [{ at: 5s, for: 3s, pause: n1 }]\nexpect: { progress: { within: 2s } }"],
    [
      "a fault that stays counts from its beginning",
      "faults: [{ at: 9s, crash: n1 }]\nexpect: { progress: { within: 2s } }",
      "4:21 `progress` needs 2s of the workload after the beginning of a fault that stays at 9s; the workload ends at 10s",
    ],
    [
      "a workload that stops before",
      "workload: { until: 8s }\nfaults: [{ at: 5s, for: 2s, pause: n1 }]\nexpect: { progress: { within: 2s } }",
      "5:21 `progress` needs 2s of the workload after the last fault's end at 7s; the workload ends at 8s",
    ],
    [
      "convergence takes its time of the workload",
      "faults: [{ at: 5s, for: 2s, pause: n1 }]\nexpect: { progress: { within: 2s }, converged: { within: 2s } }",
      "4:21 `progress` needs 2s of the workload after the last fault's end at 7s; the workload ends at 8s",
    ],
    [
      "more than the whole run",
      "expect: { progress: { within: 11s } }",
      "3:21 `progress` needs 11s of the workload after the workload's beginning at 0s; the workload ends at 10s",
    ],
    ["nobody who could get on", "workload: { clients: 0 }\nexpect: { progress: true }", "4:21 `progress` asks how clients get on, and there are none"],
    ["no time", "expect: { progress: {} }", "3:21 the key `within` is missing"],
    ["a word", "expect: { progress: soon }", "3:21 expected true or false, found `soon`"],
  ])("%s", (_what, text, ...expected) => expect(mistakes(text)).toEqual(expected));

  it("a duration that would suffice does", () => {
    const faults = "faults: [{ at: 5s, for: 4s, pause: n1 }]\nexpect: { progress: { within: 2s }, converged: { within: 1s } }";
    expect(mistakes(`duration: 12s\n${faults}`)).toEqual([]);
    expect(mistakes(`duration: 11999ms\n${faults}`)).toHaveLength(1);
  });
});

describe("a run", () => {
  const raft = (faults: string, expected: string): string => `version: 1\nprotocol: raft\nduration: 6s\nworkload: { clients: 2, rate: 50/s }\nfaults: [${faults}]\nexpect: { invariants: off, ${expected} }`;
  const progressOf = (text: string) => runScenario(text).expectations[0];

  it("of a cluster whose leader crashes goes on within two seconds, by the recovery time that its report has", () => {
    const { verdict, metrics } = runScenario(raft("{ at: 2s, crash: leader }", 'progress: { within: 2s }, recovery.time: "<= 2s"'));
    expect(verdict).toBe("pass");
    expect(metrics["recovery.timeNs"]).toBeGreaterThan(150_000_000); // The least election timeout.
  });

  it("of a cluster that keeps no majority does not go on, whatever else is well", () => {
    expect(progressOf(raft("{ at: 2s, crash: majority }", "progress: { within: 2s }"))).toMatchObject({ name: "progress", verdict: "fail" });
    expect(progressOf(raft("{ at: 2s, crash: majority }", "progress: { within: 2s }"))?.detail).toMatch(/^c[12], and 1 more like it, got no answer to what it began after 2s, when the last fault had set in, to the end of the run at 6s; its last one came at 1\.\d+s, and allowed were 2s\.$/);
    expect(progressOf(raft("{ at: 500ms, crash: majority }", "progress: false"))).toMatchObject({ verdict: "pass", detail: expect.stringMatching(/^As expected, it does not hold: c[12]/) });
  });

  it("without a fault has nothing to recover from", () => {
    expect(runScenario(raft("", "progress: true")).metrics["recovery.timeNs"]).toBeNull();
  });
});

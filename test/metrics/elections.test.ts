import { describe, expect, test } from "vitest";
import { Metrics, type MetricValues } from "../../sim/metrics/index.ts";
import type { TraceEvent } from "../../sim/trace/event.ts";
import { byTime } from "./events.ts";

const started = (node: number, time: number): Partial<TraceEvent> => ({ kind: "emit", name: "election.started", node, time });
const won = (node: number, time: number): Partial<TraceEvent> => ({ kind: "emit", name: "election.won", node, time });
const steppedDown = (node: number, time: number): Partial<TraceEvent> => ({ kind: "emit", name: "leader.stepped-down", node, time });
const crash = (node: number, time: number): Partial<TraceEvent> => ({ kind: "crash", node, time });
/** A message of a leader is lost on its way to each of these. */
const dropped = (leader: number, to: readonly number[], time: number, reason = "cut"): Partial<TraceEvent>[] => to.map((node) => ({ kind: "drop", node, peer: leader, time, reason }));
const heard = (leader: number, by: readonly number[], time: number): Partial<TraceEvent>[] => by.map((node) => ({ kind: "deliver", node, peer: leader, time }));

function measured(...events: Partial<TraceEvent>[]): MetricValues {
  const fold = new Metrics({ nodes: 5, fromNs: 0, untilNs: 10_000 });
  for (const event of byTime(events)) fold.event(event);
  return fold.values();
}

describe("the time to elect", () => {
  test("begins with the run: a first leader at 170 took 170", () => {
    expect(measured(started(2, 160), won(2, 170))).toMatchObject({ "election.time": 170, "election.time.max": 170, "elections.started": 1, "leader.changes": 1 });
  });

  test("is unknown while nobody has been elected, as in protocols without leaders", () => {
    expect(measured(started(2, 160))).toMatchObject({ "election.time": null, "election.time.p50": null, "election.time.max": null });
  });

  test("begins with the leader's crash, whoever crashes beside it and however many elections fail", () => {
    const events = [won(0, 100), crash(3, 400), crash(0, 1000), started(1, 1150), started(2, 1160), started(1, 1340), won(1, 1350)];
    expect(measured(...events)).toMatchObject({ "election.time": 350, "election.time.p50": 100 });
  });

  test("begins when the leader steps down; that a former one does means nothing", () => {
    expect(measured(won(0, 100), won(1, 500), steppedDown(0, 550), steppedDown(1, 700), won(2, 900))["election.time"]).toBe(200);
  });

  test("begins when the leader pauses, but not when it went on before anybody was elected", () => {
    const pause = (time: number): Partial<TraceEvent> => ({ kind: "pause", node: 0, time });
    const resume = (time: number): Partial<TraceEvent> => ({ kind: "resume", node: 0, time });
    expect(measured(won(0, 100), pause(1000), won(1, 1300), resume(1500))["election.time"]).toBe(300);
    expect(measured(won(0, 100), pause(1000), resume(1100), pause(5000), won(1, 5250))["election.time"]).toBe(250);
  });

  test("begins with the message by which the leader lost its majority, not with the first that is lost", () => {
    const events = [won(0, 100), ...dropped(0, [1], 900), ...dropped(0, [2], 1000), ...dropped(0, [3], 1010), won(4, 1200)];
    expect(measured(...events)["election.time"]).toBe(190);
  });

  test("begins anew where the leader was heard by a majority again, and a message lost by chance means nothing", () => {
    const cutOff = dropped(0, [1, 2, 3, 4], 1000);
    const events = [won(0, 100), ...cutOff, ...heard(0, [1, 2, 3], 1100), ...dropped(0, [1, 2, 3], 1500, "loss"), ...dropped(0, [2, 3], 2000), won(4, 2160)];
    expect(measured(...events)["election.time"]).toBe(160);
  });

  test("begins with the successor's call where the leader was only slow, and steps down afterwards", () => {
    expect(measured(won(0, 100), started(3, 800), won(3, 830), steppedDown(0, 840))["election.time"]).toBe(30);
  });

  test("of 100 elections that took 1 … 100, the median is 50, p99 99 and the longest 100", () => {
    const events = Array.from({ length: 100 }, (_, n) => [crash(0, 1000 * n), won(0, 1000 * n + n + 1)]).flat();
    // The first of them begins with the run, at the same instant as its crash.
    expect(measured(...events)).toMatchObject({ "election.time.p50": 50, "election.time.p99": 99, "election.time.max": 100, "leader.changes": 100 });
  });
});

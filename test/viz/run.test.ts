import { expect, test } from "vitest";
import type { TraceFooter } from "../../sim/trace/event.ts";
import { Session, speeds } from "../../viz/model/session.ts";
import { openSynthetic } from "./open.ts";

const { run, events } = openSynthetic(5_000);

test("a jump goes to the nearest beginning or end of a fault, or crash, or restart, in its direction", () => {
  const expected = events.filter((event) => event.kind === "fault" || event.kind === "faultEnd" || event.kind === "crash" || (event.kind === "boot" && event.id > 5)).map((event) => event.id);
  expect(run.jumpsTo("fault")).toEqual(expected);
  for (const event of [0, expected[0]!, expected[0]! + 1, expected[2]!, expected.at(-1)!]) {
    expect(run.next("fault", event)).toBe(expected.find((each) => each > event) ?? -1);
    expect(run.previous("fault", event)).toBe(expected.findLast((each) => each < event) ?? -1);
  }
});

test("changes of leader are the events at which a node began to lead: two in the made-up run", () => {
  const won = events.filter((event) => event.kind === "emit" && event.name === "election.won").map((event) => event.id);
  expect(won).toHaveLength(2);
  expect(run.jumpsTo("leader")).toEqual(won);
});

test("the effects of an event are the events that name it as their cause", () => {
  for (const { id } of events.filter((event) => event.id % 97 === 0)) {
    expect([...run.effects(id)]).toEqual(events.filter((event) => event.cause === id).map((event) => event.id));
  }
});

test("the chain of causes leads back one by one and ends where nothing caused it", () => {
  const reply = events.findLast((event) => event.kind === "ok")!;
  const chain = run.causes(reply.id, 100);
  expect(chain[0]).toBe(reply.cause);
  expect(events[chain.at(-1)!]!.cause).toBe(-1);
  expect(run.causes(reply.id, 2)).toEqual(chain.slice(0, 2));
});

test("a partition's cuts go both ways between its groups, and end with it", () => {
  const [partition] = run.story.faults;
  expect(partition!.groups).toEqual([[2, 1], [0, 3, 4]]);
  expect(partition!.cuts).toHaveLength(12);
  expect(partition!.cuts).toContainEqual([2, 0]);
  expect(partition!.cuts).toContainEqual([0, 2]);
  expect(run.faultsAt(partition!.begin)).toHaveLength(1);
  expect(run.faultsAt(partition!.end)).toHaveLength(0);
});

test("a message's place is the share of its time that has passed", () => {
  const flight = run.flights.start.findIndex((start, index) => run.kindOf(run.flights.end[index]!) === "deliver" && run.timeOf(run.flights.end[index]!) > run.timeOf(start));
  const [left, arrives] = [run.timeOf(run.flights.start[flight]!), run.timeOf(run.flights.end[flight]!)];
  expect(run.flightAt(flight, left).progress).toBe(0);
  expect(run.flightAt(flight, left + (arrives - left) / 4).progress).toBeCloseTo(0.25, 9);
  expect(run.flightAt(flight, arrives + 5).progress).toBe(1);
});

test("a run opens on its first violation", () => {
  expect(run.opening()).toBe(run.story.troubles[0]!.event);
  expect(run.story.troubles[0]).toMatchObject({ type: "violation", title: "log matching", expected: false });
});

/** The made-up run without its violation, and with these expectations. */
function without(expectations: readonly object[]): number {
  const opened = openSynthetic(1_500, ({ result }: TraceFooter) => ({ ...(result as object), expectations }));
  const { story } = opened.run;
  return Object.assign(Object.create(opened.run) as typeof opened.run, { story: { ...story, troubles: story.troubles.filter((trouble) => trouble.type === "expectation") } }).opening();
}

test("without a violation it opens on what refutes an expectation: one that failed before one that was to fail", () => {
  const asked = { name: "linearizable", verdict: "pass", detail: "As expected, it does not hold", event: 50 };
  const failed = { name: "monotonicReads", verdict: "fail", detail: "…", event: 90 };
  expect(without([asked, failed])).toBe(90);
  expect(without([asked])).toBe(50);
});

test("without any trouble it opens on the first fault", () => {
  expect(without([{ name: "linearizable", verdict: "pass", detail: "…" }])).toBe(300);
});

test("steps go by one event, and from between two events back to the one that has just happened", () => {
  const session = new Session(run);
  session.goTo(1_000);
  session.step(1);
  expect(session.event).toBe(1_001);
  session.step(-1);
  expect(session.event).toBe(1_000);
  const gap = events.find((event) => event.id > 1_000 && events[event.id + 1]!.time - event.time > 10)!;
  session.goToTime(gap.time + 5);
  expect(session.event).toBe(gap.id);
  session.step(-1);
  expect([session.event, session.timeNs]).toEqual([gap.id, gap.time]);
  session.goTo(-5);
  expect(session.event).toBe(0);
  session.goTo(1e9);
  expect(session.event).toBe(run.count - 1);
});

test("playing goes by virtual time and stops at the end", () => {
  const session = new Session(run);
  session.goTo(0);
  session.speed = 0.01;
  session.togglePlaying();
  session.advance(500);
  expect(session.timeNs).toBe(5_000_000);
  session.speed = 100;
  session.advance(1e9);
  expect([session.playing, session.event]).toEqual([false, run.count - 1]);
});

test("a session opens with the moment in view and a message taking about half a second", () => {
  const session = new Session(run);
  expect(session.window[0]).toBeLessThan(session.position);
  expect(session.window[1]).toBeGreaterThan(session.position);
  const onScreenMs = run.story.typicalFlightNs / session.speed / 1e6;
  expect(onScreenMs).toBeGreaterThan(200);
  expect(onScreenMs).toBeLessThanOrEqual(500);
  expect(speeds).toContain(session.speed);
});

test("the window never leaves the run, nor becomes narrower than can be drawn", () => {
  const session = new Session(run);
  session.setWindow(-1e12, 1e15);
  expect(session.window).toEqual([0, session.axis.length]);
  session.setWindow(5e8, 5e8);
  expect(session.window[1] - session.window[0]).toBe(2_000);
  session.pan(-1e9);
  expect(session.window[0]).toBe(0);
});

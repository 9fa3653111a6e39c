import { expect, test } from "vitest";
import { ShownLog } from "../../sim/trace/log.ts";
import { TraceState } from "../../sim/trace/state.ts";
import { openSynthetic } from "./open.ts";

const { run, recorder, events, annotations, desk } = openSynthetic(5_000);
const nodes = run.nodes.length;

/** The state after every so many events, folded from the beginning by the trace's own code. */
function* folded(step: number): Generator<TraceState> {
  const state = new TraceState(nodes);
  let next = 0;
  for (const event of events) {
    state.event(event);
    for (; annotations[next]?.event === event.id; next += 1) state.annotation(annotations[next]!);
    if (event.id % step === 0) yield state;
  }
}

const plain = (value: unknown): unknown => (value instanceof ShownLog ? value.slice() : value);

test("what the nodes show at any event is what a fold over the trace up to it gives", () => {
  let compared = 0;
  for (const state of folded(37)) {
    for (let node = 0; node < nodes; node += 1) {
      const shown = Object.fromEntries(recorder.fields.nodeAt(state.lastEvent, node).map(({ field, value }) => [field, plain(value)]));
      const expected = Object.fromEntries(Object.entries(state.nodes[node]!.shown ?? {}).map(([field, value]) => [field, plain(value)]));
      expect(shown, `n${node + 1} at ${state.lastEvent}`).toEqual(expected);
      compared += 1;
    }
  }
  expect(compared).toBe(5 * Math.ceil(5_001 / 37));
});

test("messages in flight, open operations, faults under way and nodes that are up are those of the fold, at any event", () => {
  for (const state of folded(53)) {
    const event = state.lastEvent;
    const inFlight = run.flights.openAt(event).map((flight) => run.columns.message[run.flights.start[flight]!]);
    expect(new Set(inFlight)).toEqual(new Set(state.messages.keys()));
    const open = run.operations.openAt(event).map((operation) => run.columns.operation[run.operations.start[operation]!]);
    expect(new Set(open)).toEqual(new Set(state.operations.keys()));
    expect(run.faultsAt(event).map((fault) => fault.fault)).toEqual([...state.faults.keys()]);
    for (let node = 0; node < nodes; node += 1) {
      expect(run.spanAt(node, event)?.status ?? "down").toBe(state.nodes[node]!.status);
      expect(run.spanAt(node, event)?.role ?? "").toBe(state.nodes[node]!.shown?.["role"] ?? "");
    }
  }
});

test("an event is given back whole, with all of its fields", () => {
  for (const event of events.filter(({ id }) => id % 101 === 0)) expect({ ...recorder.eventAt(event.id) }).toEqual({ ...event });
});

test("a field that an event changed is since that event, and the one before it shows the old value", () => {
  const won = events.find((event) => event.kind === "emit" && event.name === "election.won")!;
  expect(desk.details(won.id)!.changes).toEqual([{ node: 2, field: "role", before: "candidate", after: "leader", log: undefined }]);
  expect(recorder.fields.sinceAt(won.id, 2, "role")).toBe(won.id);
  expect(recorder.fields.valueAt(won.id - 1, 2, "role")).toBe("candidate");
});

test("the page gets a log's rows in view and its length, not the log", () => {
  const event = events.length - 1;
  const whole = recorder.fields.valueAt(event, 4, "log") as ShownLog;
  const shown = desk.shown({ event, field: "log", top: "tail", rows: 7, node: undefined });
  expect(shown.open!.top).toBe(whole.length - 7);
  expect(shown.open!.of[4]).toEqual({ type: "log", length: whole.length, entries: whole.slice(whole.length - 7) });
  expect(shown.nodes[4]!.find((field) => field.name === "log")).toMatchObject({ value: undefined, summary: { type: "log", length: whole.length } });
  expect(JSON.stringify(desk.shown({ event, field: "log", top: 3, rows: 2, node: undefined }).open!.of[4])).toBe(JSON.stringify({ type: "log", length: whole.length, entries: whole.slice(3, 5) }));
});

test("what the page is told survives a structured clone", () => {
  const event = events.length - 1;
  const shown = desk.shown({ event, field: "log", top: "tail", rows: 7, node: 1 });
  expect(structuredClone(shown)).toEqual(shown);
  const details = desk.details(100)!;
  expect(structuredClone(details).sentence).toBe(details.sentence);
});

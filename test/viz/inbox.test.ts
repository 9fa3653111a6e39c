import { expect, test } from "vitest";
import { protocols } from "../../protocols/index.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { run as runScenario } from "../../sim/scenario/run.ts";
import { TraceEvent, type TraceHeader } from "../../sim/trace/event.ts";
import { traceKinds } from "../../sim/trace/schema.ts";
import { Recorder } from "../../viz/model/recorder.ts";
import { Run } from "../../viz/model/run.ts";

const text = JSON.stringify({ version: 1, protocol: "raft", nodes: 3, duration: "1s", cpu: { perMessage: "3ms", inbox: 6 }, workload: { rate: "400/s" } });
const header: TraceHeader = {
  version: 1, program: "", protocol: "raft", seed: 1, scenario: "", source: text, durationNs: 1e9, kinds: traceKinds,
  nodes: ["n1", "n2", "n3"], clients: ["c1", "c2", "c3"],
};
const recorder = new Recorder(header);
const events: TraceEvent[] = [];
const scenario = parseScenario(text, { file: "busy.yaml", protocols: (name) => protocols[name], protocolNames: ["raft"] });
runScenario(scenario, { sinks: [recorder, { event: (event) => void events.push(Object.assign(new TraceEvent(), event)) }] });
const run = new Run(recorder.finish({ digest: "", complete: true, result: null }));

test("the badge of a busy node counts what has arrived and is neither handled nor lost, at most the inbox and what is served", () => {
  const waiting = new Map<number, number>();
  let most = 0;
  for (const event of events) {
    if (event.kind === "arrive") waiting.set(event.message, event.node);
    if (event.kind === "deliver" || event.kind === "drop") waiting.delete(event.message);
    if (event.id % 29 !== 0) continue;
    const expected = [0, 1, 2].map((node) => [...waiting.values()].filter((at) => at === node).length);
    expect(run.waitingAt(event.id), `after event ${event.id}`).toEqual(expected);
    most = Math.max(most, ...expected);
  }
  expect(most).toBe(7); // Six wait, and the one that is served has waited.
});

test("a message that waits is on its way no longer: it has reached its node", () => {
  const arrival = events.find(({ kind }) => kind === "arrive")!;
  const onTheWay = (event: number): number[] => run.inFlight(event, run.timeOf(event), 1_000).flights.map(({ flight }) => run.columns.message[run.flights.start[flight]!]!);
  expect([onTheWay(arrival.id - 1).includes(arrival.message), onTheWay(arrival.id).includes(arrival.message)]).toEqual([true, false]);
});

test("an event keeps its place in the queue", () => {
  const arrival = events.find(({ kind, queue }) => kind === "arrive" && queue > 1)!;
  expect(recorder.eventAt(arrival.id)).toEqual(arrival);
});

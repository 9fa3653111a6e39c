import { TraceEvent } from "../../sim/trace/event.ts";

/** An event by hand: only what matters is said. */
export function event(fields: Partial<TraceEvent>): TraceEvent {
  return Object.assign(new TraceEvent(), fields);
}

/** Events in order of time, numbered from 0. */
export function numbered(events: readonly Partial<TraceEvent>[]): TraceEvent[] {
  return events.map((fields, id) => event({ id, ...fields }));
}

/** One operation of client c1 (endpoint 5 of a five-node cluster): an invocation, and its completion where it has one. */
export function operation(number: number, from: number, until: number, kind: "ok" | "fail" | "info", more: Partial<TraceEvent> = {}): Partial<TraceEvent>[] {
  const common = { node: 5, operation: number, name: "write", key: "k1", ...more };
  return [
    { ...common, reason: "", kind: "invoke", time: from },
    { ...common, kind, time: until },
  ];
}

/** By time; at equal times in the order given. */
export function byTime(events: readonly Partial<TraceEvent>[]): TraceEvent[] {
  return numbered([...events].sort((a, b) => (a.time ?? 0) - (b.time ?? 0)));
}

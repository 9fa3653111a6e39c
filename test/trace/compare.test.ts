import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commonBlocks, compareRuns, differingFields } from "../../sim/trace/compare.ts";
import { readTrace, Trace } from "../../sim/trace/decode.ts";
import { TraceEncoder } from "../../sim/trace/encode.ts";
import { clearEvent, type TraceBlock, TraceEvent } from "../../sim/trace/event.ts";
import { BLOCK_EVENTS } from "../../sim/trace/layout.ts";
import { EventLookup } from "../../sim/trace/lookup.ts";
import { concatBytes } from "../../sim/trace/value.ts";
import { anyEvents, emptyEvent, header } from "./arbitrary.ts";

/** A trace in memory of these events. */
function traceOf(events: Iterable<TraceEvent>): Uint8Array {
  const pieces: Uint8Array[] = [];
  const encoder = new TraceEncoder(header, (bytes) => pieces.push(bytes));
  for (const event of events) encoder.event(event);
  encoder.finish(null, true);
  return concatBytes(pieces);
}

/** A lookup that counts which blocks are read. */
function countingLookup(bytes: Uint8Array): { readonly lookup: EventLookup; readonly read: Set<number> } {
  const read = new Set<number>();
  const source = { name: "the trace", size: bytes.length, read: (offset: number, length: number) => (read.add(offset), bytes.subarray(offset, offset + length)) };
  const trace = new Trace(source);
  const blocks = new Set(trace.blocks.map(({ offset }) => offset));
  read.clear();
  return { lookup: new EventLookup(trace), get read() { return new Set([...read].filter((offset) => blocks.has(offset))); } };
}

/** A long run of timers. From event `from` on, every one is what `change` makes of it. */
function* timers(count: number, from = Infinity, change: (event: TraceEvent) => void = () => {}): Generator<TraceEvent> {
  const event = emptyEvent(0, 0);
  for (let id = 0; id < count; id += 1) {
    clearEvent(event);
    Object.assign(event, { id, kind: "timer", time: id * 1000, nodeTime: id * 1000, cause: id - 1, node: id % 3, incarnation: 1, name: "tick" });
    if (id >= from) change(event);
    yield event;
  }
}

const later = (event: TraceEvent): void => void (event.time += 1);

/** The same by reading both from the start. */
function firstDifferenceByReading(a: readonly TraceEvent[], b: readonly TraceEvent[]): number {
  const text = (event: TraceEvent | undefined): string => JSON.stringify(event, (_, value) => (typeof value === "number" && !Number.isSafeInteger(value) || Object.is(value, -0) ? `number ${Object.is(value, -0) ? "-0" : value}` : (value as unknown)));
  for (let id = 0; ; id += 1) if (text(a[id]) !== text(b[id])) return id;
}

describe("comparing two runs", () => {
  test("finds exactly the first event that differs, wherever it lies, and reads one block of each", () => {
    const count = 40_000;
    const original = traceOf(timers(count));
    const places = fc.oneof(fc.integer({ min: 0, max: count - 1 }), fc.constantFrom(0, BLOCK_EVENTS - 1, BLOCK_EVENTS, BLOCK_EVENTS + 1, 9 * BLOCK_EVENTS, count - 1));
    fc.assert(
      fc.property(places, (at) => {
        const [a, b] = [countingLookup(original), countingLookup(traceOf(timers(count, at, later)))];
        expect(compareRuns(a.lookup, b.lookup)).toEqual({ type: "event", event: at, a: expect.objectContaining({ id: at, time: at * 1000 }), b: expect.objectContaining({ id: at, time: at * 1000 + 1 }) });
        expect([a.read.size, b.read.size]).toEqual([1, 1]);
      }),
      { numRuns: 25 },
    );
  });

  test("finds a single event that differs, though all after it are the same again", () => {
    const only = (at: number) => (event: TraceEvent) => void (event.id === at && (event.key = "other"));
    for (const at of [0, 4096, 9_999, 19_999]) {
      const [a, b] = [readTrace(traceOf(timers(20_000))), readTrace(traceOf(timers(20_000, at, only(at))))];
      expect(compareRuns(new EventLookup(a), new EventLookup(b))).toMatchObject({ type: "event", event: at });
    }
  });

  test("agrees with reading both from the start, for any two runs with a common beginning", () => {
    fc.assert(
      fc.property(anyEvents, anyEvents, fc.nat({ max: 60 }), (events, others, keep) => {
        const kept = events.slice(0, keep);
        const end = kept.at(-1)?.time ?? 0;
        const other = [...kept, ...others.map((event) => Object.assign(new TraceEvent(), event, { id: event.id + kept.length, time: event.time + end, nodeTime: event.nodeTime === 0 ? 0 : event.nodeTime + end, cause: -1 }))];
        const [a, b] = [new EventLookup(readTrace(traceOf(events))), new EventLookup(readTrace(traceOf(other)))];
        const found = compareRuns(a, b);
        const read = Array.from({ length: a.count }, (_, id) => a.at(id) as TraceEvent);
        const readOther = Array.from({ length: b.count }, (_, id) => b.at(id) as TraceEvent);
        if (found.type === "equal") expect(readOther).toEqual(read);
        else expect(found).toMatchObject({ type: "event", event: firstDifferenceByReading(read, readOther) });
      }),
      { numRuns: 200 },
    );
  });

  test.each([0, 1, 4095, 4096, 4097, 8192, 10_000])("of which one is the first %i events of the other, names the event that it lacks", (length) => {
    const [short, long] = [countingLookup(traceOf(timers(length))), countingLookup(traceOf(timers(12_000)))];
    expect(compareRuns(short.lookup, long.lookup)).toEqual({ type: "event", event: length, a: undefined, b: expect.objectContaining({ id: length }) });
    expect(compareRuns(long.lookup, short.lookup)).toMatchObject({ type: "event", event: length, b: undefined });
    expect(long.read.size).toBe(1);
  });

  test("that are equal reads no block at all", () => {
    const [a, b] = [countingLookup(traceOf(timers(10_000))), countingLookup(traceOf(timers(10_000)))];
    expect(compareRuns(a.lookup, b.lookup)).toEqual({ type: "equal" });
    expect([a.read.size, b.read.size]).toEqual([0, 0]);
  });

  test("whose blocks are cut in other places compares them event by event", () => {
    const recut = (trace: Trace, size: number): EventLookup => {
      // A writer of another time, with blocks of another size: its digests are others, for names and times begin anew with each block.
      const lookup = new EventLookup(trace);
      const all = Array.from({ length: lookup.count }, (_, id) => lookup.at(id) as TraceEvent);
      const blocks = Array.from({ length: Math.ceil(all.length / size) }, (_, index): TraceBlock => {
        const events = all.slice(index * size, index * size + size);
        return { offset: 0, bytes: 0, event: index * size, timeNs: 0, events: events.length, keyframe: false, digest: `${trace.footer.digest} by ${size}, ${index}` };
      });
      return new EventLookup({
        header: trace.header,
        footer: { ...trace.footer, digest: `${trace.footer.digest} by ${size}`, blocks },
        blocks,
        blockOf: (event) => Math.floor(event / size),
        forEach: (sink, from = 0, to = blocks.length) => all.slice(from * size, to * size).forEach((event) => sink.event(event)),
      });
    };
    const [a, b] = [readTrace(traceOf(timers(700))), readTrace(traceOf(timers(700, 400, later)))];
    expect(compareRuns(new EventLookup(a), recut(b, 64))).toMatchObject({ type: "event", event: 400 });
    expect(compareRuns(recut(a, 100), recut(b, 64))).toMatchObject({ type: "event", event: 400 });
    expect(compareRuns(new EventLookup(a), recut(a, 64))).toEqual({ type: "encoding" });
  });
});

describe("the bisection", () => {
  const lines = (digests: readonly string[]): TraceBlock[] => digests.map((digest, index) => ({ offset: 0, bytes: 0, event: index * 4, timeNs: 0, events: 4, keyframe: false, digest }));

  test("looks at no more blocks than the logarithm of their number, and finds how many are common", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(), (count, place) => {
        const common = place % (count + 1);
        let looked = 0;
        const watched = (side: string): TraceBlock[] =>
          new Proxy([] as TraceBlock[], {
            get: (_, index) => {
              if (index === "length") return count;
              looked += 1;
              const at = Number(index);
              return lines([at < common ? `same ${at}` : `${side} ${at}`])[0];
            },
          });
        expect(commonBlocks(watched("a"), watched("b"))).toBe(common);
        expect(looked).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(count + 1)));
      }),
    );
  });

  test("takes digests at different numbers of events for different", () => {
    const [a, b] = [lines(["x", "y"]), lines(["x", "y"])];
    expect(commonBlocks(a, b)).toBe(2);
    expect(commonBlocks(a, [a[0] as TraceBlock, { ...(b[1] as TraceBlock), events: 3 }])).toBe(1);
    expect(commonBlocks(a, [])).toBe(0);
  });
});

describe("the fields that differ", () => {
  const event = (parts: Partial<TraceEvent>): TraceEvent => Object.assign(emptyEvent(7, 100), parts);

  test("are named with both values, inside plain data by their path, and the event's number is none of them", () => {
    const a = event({ kind: "send", node: 0, data: { type: "Append", term: 1, entries: [{ index: 4 }], gone: true } });
    const b = event({ kind: "send", node: 1, data: { type: "Append", term: 2, entries: [{ index: 5 }, { index: 6 }] } });
    expect(differingFields(a, Object.assign(b, { id: 8 }))).toEqual([
      { field: "node", a: 0, b: 1 },
      { field: "data.term", a: 1, b: 2 },
      { field: "data.entries.0.index", a: 4, b: 5 },
      { field: "data.entries.1", a: undefined, b: { index: 6 } },
      { field: "data.gone", a: true, b: undefined },
    ]);
  });

  test("are none where both are the same, NaN included; 0 and -0 are not the same", () => {
    expect(differingFields(event({ data: { x: NaN } }), event({ data: { x: NaN } }))).toEqual([]);
    expect(differingFields(event({ data: 0 }), event({ data: -0 }))).toEqual([{ field: "data", a: 0, b: -0 }]);
    expect(differingFields(event({ data: [] }), event({ data: {} }))).toEqual([{ field: "data", a: [], b: {} }]);
  });

  test("may be the order of the names in a record, by which the digest differs too", () => {
    const [a, b] = [{ x: 1, y: 2 }, { y: 2, x: 1 }];
    expect(differingFields(event({ data: a }), event({ data: b }))).toEqual([{ field: "data", a, b }]);
  });
});

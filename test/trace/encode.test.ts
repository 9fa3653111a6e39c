import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf } from "../../sim/trace/digest.ts";
import { readTrace } from "../../sim/trace/decode.ts";
import { TraceEncoder } from "../../sim/trace/encode.ts";
import { type Annotation, eventKinds, eventSchema, type TraceEvent, UNMEASURED } from "../../sim/trace/event.ts";
import { fieldForm, traceKinds } from "../../sim/trace/schema.ts";
import { sizeOf } from "../../sim/trace/value.ts";
import { anyAnnotation, anyEvents, anyValue, busyRun, emptyEvent, header } from "./arbitrary.ts";
import { slowDigest } from "./slow-digest.ts";
import { Recording, writeBusyTrace, writeTrace } from "./recording.ts";

/** Events with what is said after each. */
const anyRun: fc.Arbitrary<{ event: TraceEvent; annotations: Annotation[] }[]> = anyEvents.chain((events) =>
  fc.tuple(...events.map((event) => fc.array(anyAnnotation(event.id), { maxLength: 2 }).map((annotations) => ({ event, annotations })))),
);

function digestOfEvents(events: readonly TraceEvent[]): string {
  const encoder = new TraceEncoder(header);
  for (const event of events) encoder.event(event);
  return encoder.digest();
}

describe("the encoder", () => {
  test("writes what a reader gives back: every event and annotation, in order", () => {
    const comesBack = fc.property(anyRun, fc.boolean(), (run, complete) => {
      const { bytes, recording, encoder } = writeTrace(
        (sink) => {
          for (const { event, annotations } of run) {
            sink.event(event);
            for (const annotation of annotations) sink.annotation(annotation);
          }
        },
        { verdict: "pass" },
        complete,
      );
      const trace = readTrace(bytes);
      const back = new Recording();
      trace.forEach(back);
      expect(back.records).toEqual(recording.records);
      expect(trace.header).toEqual(header);
      expect(trace.footer).toMatchObject({ digest: encoder.digest(), events: run.length, complete, result: { verdict: "pass" } });
      trace.verifyDigest();
    });
    fc.assert(comesBack, { numRuns: 150 });
  });

  test("measures what nobody has: the event gets the size of its data, and the bytes are those of one that was measured before", () => {
    const wide = fc.array(anyValue, { minLength: 14, maxLength: 40 }).map((list) => Object.fromEntries(list.map((value, index) => [`f${index}`, value])));
    const data = fc.oneof(anyValue, wide, fc.integer({ min: 0, max: 20_000 }).map((length) => "x".repeat(length)));
    const isSame = fc.property(fc.array(data, { maxLength: 12 }), (list) => {
      const sends = list.map((each, id): TraceEvent => ({ ...emptyEvent(id, id), kind: "send", message: id, data: each, bytes: sizeOf(each) }));
      const unmeasured = sends.map((event) => ({ ...event, bytes: UNMEASURED }));
      expect(digestOfEvents(unmeasured)).toBe(digestOfEvents(sends));
      expect(unmeasured).toEqual(sends);
    });
    fc.assert(isSame, { numRuns: 200 });
  });

  test("refuses an event without data that nobody has measured, and goes on as if it had not been", () => {
    const encoder = new TraceEncoder(header);
    expect(() => encoder.event({ ...emptyEvent(0, 0), kind: "persist", bytes: UNMEASURED })).toThrow(new RangeError("a persist has no data by which it could be measured"));
    encoder.event(emptyEvent(0, 0));
    expect(encoder.digest()).toBe(digestOfEvents([emptyEvent(0, 0)]));
  });

  test("gives the same digest with and without a file, annotations, and questions in between", () => {
    const isSame = fc.property(anyRun, (run) => {
      const { encoder } = writeTrace((sink) => {
        for (const { event, annotations } of run) {
          sink.event(event);
          for (const annotation of annotations) sink.annotation(annotation);
        }
      });
      const alone = new TraceEncoder(header);
      for (const { event } of run) {
        alone.event(event);
        alone.digest();
      }
      expect(alone.digest()).toBe(encoder.digest());
    });
    fc.assert(isSame, { numRuns: 60 });
  });

  test("gives the same digest over several blocks with and without a file", () => {
    const alone = new TraceEncoder(header);
    busyRun(10_000, (event) => alone.event(event));
    expect(writeBusyTrace(10_000).encoder.digest()).toBe(alone.digest());
  });

  test("gives another digest when any field of any event is another", () => {
    const differs = fc.property(anyEvents, fc.nat(), fc.nat(), anyValue, (events, which, fieldNumber, other) => {
      fc.pre(events.length > 0);
      const event = events[which % events.length] as TraceEvent;
      const { fields } = eventSchema[event.kind];
      const field = fields[fieldNumber % fields.length] as keyof TraceEvent;
      const before = digestOfEvents(events);
      const changed = events.map((one) => (one === event ? Object.assign({ ...one }, { [field]: another(one[field], other) }) : one));
      expect(digestOfEvents(changed)).not.toBe(before);
    });
    fc.assert(differs, { numRuns: 200 });
  });

  test("gives another digest when events change places, or one is left out", () => {
    const first = { ...emptyEvent(0, 5), kind: "timer" as const, node: 1, name: "a" };
    const second = { ...emptyEvent(1, 5), kind: "timer" as const, node: 2, name: "a" };
    const inOrder = digestOfEvents([first, second]);
    expect(digestOfEvents([{ ...second, id: 0 }, { ...first, id: 1 }])).not.toBe(inOrder);
    expect(digestOfEvents([first])).not.toBe(inOrder);
    expect(digestOfEvents([])).toBe(digestOf(new Uint8Array(0)));
  });

  test("goes on in a copy as it would have itself, also in the middle of a block and across its end", () => {
    const whole = new TraceEncoder(header);
    let copy: TraceEncoder | undefined;
    let writing: TraceEncoder | undefined;
    const source = new TraceEncoder(header, () => {});
    busyRun(6000, (event) => {
      if (event.id === 3000) copy = whole.copy();
      if (event.id === 3000) writing = source.copy();
      whole.event(event);
      copy?.event(event);
      writing?.event(event);
      if (event.id < 3500) source.event(event);
    });
    expect(copy?.digest()).toBe(whole.digest());
    expect(writing?.digest()).toBe(whole.digest());
    expect(copy?.events).toBe(6000);
  });

  test("leaves out an event that it refuses, and is as it was before", () => {
    const clean = new TraceEncoder(header);
    const tried = new TraceEncoder(header);
    busyRun(200, (event) => {
      const bad = { ...event, kind: "emit" as const, name: `unheard of ${event.id}`, data: { fine: [1, 2, 3], [`key ${event.id}`]: () => 1 } };
      expect(() => tried.event(bad)).toThrow(TypeError);
      clean.event(event);
      tried.event(event);
    });
    expect(tried.digest()).toBe(clean.digest());
  });

  test.each<[string, Partial<TraceEvent>]>([
    ["a time before the last one", { time: 4 }],
    ["a fraction of a nanosecond", { time: 5.5 }],
    ["a cause that comes later", { cause: 7 }],
    ["a node's number that is none", { node: NaN }],
    ["an id out of turn", { id: 3 }],
  ])("refuses %s", (_, wrong) => {
    const encoder = new TraceEncoder(header);
    encoder.event({ ...emptyEvent(0, 5), kind: "timer" });
    const before = encoder.digest();
    expect(() => encoder.event({ ...emptyEvent(1, 6), kind: "timer", ...wrong })).toThrow(RangeError);
    expect(encoder.digest()).toBe(before);
  });

  test("refuses an annotation that is no plain data, and goes on", () => {
    const { bytes } = writeTrace((sink) => {
      sink.event({ ...emptyEvent(0, 5), kind: "timer" });
      expect(() => sink.annotation({ type: "log", event: 0, node: 0, level: "debug", text: "x", fields: { f: () => 1 } })).toThrow(TypeError);
      sink.annotation({ type: "log", event: 0, node: 0, level: "warn", text: "fine", fields: {} });
    });
    const back = new Recording();
    readTrace(bytes).forEach(back);
    expect(back.records.slice(1)).toEqual([{ type: "log", event: 0, node: 0, level: "warn", text: "fine", fields: {} }]);
  });

  test("takes nothing after its end", () => {
    const encoder = new TraceEncoder(header);
    encoder.finish(null, true);
    expect(() => encoder.event(emptyEvent(0, 0))).toThrow("an event after the end of the trace");
    expect(() => encoder.finish(null, true)).toThrow("the trace has been finished before");
  });

  test("gives every piece a buffer of its own, so that a caller may keep it", () => {
    const pieces: Uint8Array[] = [];
    const encoder = new TraceEncoder(header, (bytes) => pieces.push(bytes));
    busyRun(9000, (event) => encoder.event(event));
    encoder.finish(null, true);
    expect(new Set(pieces.map((piece) => piece.buffer)).size).toBe(pieces.length);
  });

  test("spends at most as much again on keyframes as on what lies between them, and a little", () => {
    const { bytes } = writeBusyTrace(40_000);
    const withoutKeyframes = writeTrace((sink) => busyRun(40_000, (event) => sink.event(event))).bytes.length;
    expect(bytes.length).toBeLessThan(2.5 * withoutKeyframes);
    expect(readTrace(bytes).blocks.filter((block) => block.keyframe).length).toBeGreaterThan(1);
  });
});

describe("the bytes of an event", () => {
  test("are, for a timer and a send, what the schema says they are, and the digest is taken over just these", () => {
    const encoder = new TraceEncoder(header);
    encoder.event({ ...emptyEvent(0, 300), kind: "timer", node: 1, incarnation: 1, nodeTime: 298, name: "tick" });
    const place = { cause: 0, node: 1, incarnation: 1, nodeTime: 310, operation: 2, attempt: 1 };
    const message = { message: 5, peer: 0, bytes: 9, name: "tick", data: { type: "P", n: [-1, 200] } };
    encoder.event({ ...emptyEvent(1, 310), kind: "send", ...place, ...message });
    const bytes = [
      ...[8, 0xac, 0x02, 0], // timer; after 300 ns; no cause
      ...[2, 1, 3, 0, 4, 0x74, 0x69, 0x63, 0x6b, 1, 0], // node 1; incarnation 1; clock -2; name 0 "tick"; key 1 ""
      ...[4, 10, 1], // send; after 10 ns; one event ago
      ...[2, 1, 0, 3, 1, 10, 1, 9, 0], // node; incarnation; clock 0; operation 2; attempt 1; message +5; peer 0; bytes 9; name 0
      ...[0xa2, 0, 4, 0x74, 0x79, 0x70, 0x65, 0x81, 0x50, 1, 1, 0x6e, 0xb2, 0xff, 0xc3, 0xc8, 0x01], // { type: "P", n: [-1, 200] }
    ];
    expect(encoder.digest()).toBe(slowDigest(new Uint8Array(bytes)));
  });
});

describe("the schema", () => {
  test("says that fields added after version 1 are values, which old programs can pass over", () => {
    expect(fieldForm("somethingNew")).toBe("value");
    const known = ["node", "nodeTime", "message", "name", "data"];
    expect(known.map(fieldForm)).toEqual(["id", "clock", "message", "name", "value"]);
  });

  test("lists every kind in a trace's header, in the order of the codes", () => {
    expect(traceKinds.map(({ kind }) => kind)).toEqual([...eventKinds]);
    expect(readTrace(writeTrace(() => {}).bytes).header.kinds).toEqual(traceKinds);
  });
});

/** Another value for a field of an event than the one that it has. */
function another(value: unknown, other: unknown): unknown {
  if (typeof value === "number") return value === 8 ? 9 : 8;
  if (typeof value === "string") return `${value}!`;
  return [value, other];
}

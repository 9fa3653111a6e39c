import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTrace, Trace, TraceError } from "../../sim/trace/decode.ts";
import { type Annotation, type TraceEvent, type TraceFooter, TRACE_VERSION } from "../../sim/trace/event.ts";
import {
  BLOCK_EVENTS, makeBeginning, makeBlockSection, makeJsonSection, makeTail, parseJson, SECTION_HEAD_BYTES, VERSION_END,
} from "../../sim/trace/layout.ts";
import { memorySource } from "../../sim/trace/source.ts";
import { TraceState } from "../../sim/trace/state.ts";
import { ByteWriter, concatBytes } from "../../sim/trace/value.ts";
import { header } from "./arbitrary.ts";
import { Recording, writeBusyTrace, writeTrace } from "./recording.ts";

const busy = writeBusyTrace(10_000);
const small = writeBusyTrace(40);

function errorOf(bytes: Uint8Array, read: (trace: Trace) => void = () => {}): TraceError {
  try {
    read(readTrace(bytes));
  } catch (error) {
    expect(error).toBeInstanceOf(TraceError);
    return error as TraceError;
  }
  throw new Error("the trace was read without an error");
}

const readAll = (trace: Trace): void => {
  trace.forEach(new Recording());
  trace.verifyDigest();
  trace.stateAtBlock(trace.blocks.length);
};

describe("a trace", () => {
  test("of 10,000 events has blocks of 4096, 4096 and 1808, each with its first event and its digest", () => {
    const { blocks, footer } = readTrace(busy.bytes);
    expect(blocks.map(({ event, events }) => [event, events])).toEqual([[0, 4096], [4096, 4096], [8192, 1808]]);
    expect(blocks.map(({ timeNs }) => timeNs)).toEqual([0, 4096, 8192].map((id) => busy.recording.events[id]?.time));
    expect(blocks[2]?.digest).toBe(footer.digest);
    expect(new Set(blocks.map(({ digest }) => digest)).size).toBe(3);
  });

  test("gives the digest of a run that ended at the block's end as the block's digest", () => {
    expect(readTrace(busy.bytes).blocks[0]?.digest).toBe(writeBusyTrace(BLOCK_EVENTS).encoder.digest());
  });

  test("can be read block by block, each alone and in any order, with the same outcome", () => {
    const trace = readTrace(busy.bytes);
    const parts = [2, 0, 1].map((index) => {
      const part = new Recording();
      trace.forEach(part, index, index + 1);
      return part.records;
    });
    expect([...(parts[1] ?? []), ...(parts[2] ?? []), ...(parts[0] ?? [])]).toEqual(busy.recording.records);
  });

  test("asks its source for one block's bytes only, to read one block", () => {
    const asked: [number, number][] = [];
    const source = memorySource(busy.bytes);
    const trace = new Trace({ ...source, read: (offset, length) => (asked.push([offset, offset + length]), source.read(offset, length)) });
    const block = trace.blocks[1];
    asked.length = 0;
    trace.forEach(new Recording(), 1, 2);
    expect(Math.min(...asked.map(([from]) => from))).toBe(block?.offset);
    expect(Math.max(...asked.map(([, to]) => to))).toBe((block?.offset ?? 0) + (block?.bytes ?? 0));
  });

  test("has at every block the state that a fold from the start arrives at", () => {
    const long = writeBusyTrace(9 * BLOCK_EVENTS + 5);
    const trace = readTrace(long.bytes);
    const fold = new TraceState(header.nodes.length);
    for (let index = 0; index <= trace.blocks.length; index += 1) {
      expect(trace.stateAtBlock(index).toPlain()).toEqual(fold.toPlain());
      if (index < trace.blocks.length) trace.forEach(fold, index, index + 1);
    }
    expect(trace.blocks.filter((block) => block.keyframe).length).toBeGreaterThanOrEqual(3);
    expect(fold.violations).toBe(1);
  });

  test("knows in which block an event is", () => {
    const trace = readTrace(busy.bytes);
    expect([0, 4095, 4096, 8191, 8192, 9999, 12_000].map((id) => trace.blockOf(id))).toEqual([0, 0, 1, 1, 2, 2, 2]);
  });

  test("of nothing at all is a trace too", () => {
    const trace = readTrace(writeTrace(() => {}, null).bytes);
    expect(trace.footer).toMatchObject({ events: 0, blocks: [], result: null });
    expect(trace.stateAtBlock(0).toPlain()).toEqual(new TraceState(3).toPlain());
    trace.verifyDigest();
  });

  test("may begin with an annotation", () => {
    const begin: Annotation = { type: "log", event: -1, node: -1, level: "info", text: "begin", fields: null };
    const { bytes, recording } = writeTrace((sink) => sink.annotation(begin));
    const back = new Recording();
    readTrace(bytes).forEach(back);
    expect(back.records).toEqual(recording.records);
  });

  test("does not swallow an error of the one that it is given to", () => {
    const sink = { event: (): void => { throw new RangeError("a mistake elsewhere"); } };
    expect(() => readTrace(small.bytes).forEach(sink)).toThrow("a mistake elsewhere");
  });
});

describe("a broken trace", () => {
  test("that is cut anywhere is refused as cut short", () => {
    const isCut = fc.property(fc.nat({ max: small.bytes.length - 1 }), (length) => {
      expect(errorOf(small.bytes.slice(0, length)).kind).toBe("cut short");
    });
    const examples = [0, 1, 7, 8, 11, 12, 13, VERSION_END + 5, small.bytes.length - 1, small.bytes.length - 9];
    fc.assert(isCut, { numRuns: 300, examples: examples.map((length): [number] => [length]) });
  });

  test("that is cut says how much of it is there", () => {
    const { blocks } = readTrace(busy.bytes);
    const second = blocks[1] as { offset: number };
    const third = blocks[2] as { offset: number; bytes: number };
    const message = (length: number): string => errorOf(busy.bytes.slice(0, length)).message;
    expect(message(0)).toBe("the trace is cut short: it is empty.");
    expect(message(9)).toBe("the trace is cut short: it ends within its first 12 bytes.");
    expect(message(100)).toBe("the trace is cut short: it ends within its header.");
    expect(message(second.offset - 1)).toBe("the trace is cut short: it ends without its footer, after 0 complete blocks with 0 events.");
    expect(message(second.offset)).toBe("the trace is cut short: it ends without its footer, after 1 complete block with 4096 events.");
    expect(message(third.offset + 1000)).toBe("the trace is cut short: it ends without its footer, after 2 complete blocks with 8192 events.");
    expect(message(third.offset + third.bytes)).toBe("the trace is cut short: it ends without its footer, after 3 complete blocks with 10000 events.");
    expect(message(busy.bytes.length - 3)).toBe("the trace is cut short: it ends within its last bytes, after 3 complete blocks with 10000 events.");
  });

  test("of which any one byte is another is refused when it is read", () => {
    const isNoticed = fc.property(fc.nat({ max: small.bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = small.bytes.slice();
      bytes[at] = (bytes[at] as number) ^ flip;
      errorOf(bytes, readAll);
    });
    fc.assert(isNoticed, { numRuns: 1000 });
  });

  test("of which a byte of any place at all is another is refused", () => {
    const bytes = small.bytes.slice();
    for (let at = 0; at < bytes.length; at += 1) {
      bytes[at] = (bytes[at] as number) ^ 0x10;
      errorOf(bytes, readAll);
      bytes[at] = (bytes[at] as number) ^ 0x10;
    }
  });

  test("says which block is damaged, and still gives the others", () => {
    const bytes = busy.bytes.slice();
    const middle = readTrace(bytes).blocks[1] as { offset: number };
    bytes[middle.offset + 5000] = (bytes[middle.offset + 5000] as number) ^ 1;
    expect(errorOf(bytes, readAll).message).toBe("the trace is damaged: block 1 does not match its checksum.");
    const others = new Recording();
    readTrace(bytes).forEach(others, 2, 3);
    expect(others.events.length).toBe(1808);
  });

  test("that has something after its end is refused", () => {
    const error = errorOf(concatBytes([small.bytes, new Uint8Array(20)]));
    expect(error.message).toBe("the trace is damaged: its end does not match its checksum.");
  });

  test("that is something else is refused by name", () => {
    expect(errorOf(new TextEncoder().encode("{\"process\":0}\n")).message).toBe("the trace is not a Splitbrain trace.");
    const named = (): Trace => readTrace(new Uint8Array([0x1f, 0x8b, 8]), "run.trace");
    expect(named).toThrow("run.trace is not a Splitbrain trace.");
  });

  test("that is newer is refused by its version", () => {
    const bytes = concatBytes([makeBeginning(TRACE_VERSION + 1), small.bytes.slice(VERSION_END)]);
    const message = "the trace was written by a newer Splitbrain (trace version 2); this one reads up to 1.";
    expect(errorOf(bytes)).toMatchObject({ kind: "newer", message });
  });

  test("that has a version from before the first is refused", () => {
    const bytes = concatBytes([makeBeginning(0), small.bytes.slice(VERSION_END)]);
    expect(errorOf(bytes).message).toBe("the trace is damaged: there is no trace version 0.");
  });

  test("whose block was written wrong, with a right checksum, is refused and not misread", () => {
    const makesNoSense = fc.property(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ maxLength: 30 }), (events, annotations) => {
      const bytes = handMade(header, [{ events, annotations, count: 3 }]);
      try {
        readTrace(bytes).forEach(new Recording());
      } catch (error) {
        expect(error).toBeInstanceOf(TraceError);
        expect((error as TraceError).message).toMatch(/^the trace is damaged: block 0 cannot be decoded, .*\.$/);
      }
    });
    fc.assert(makesNoSense, { numRuns: 300 });
  });

  test("whose events are others than its digest says is refused by verifyDigest", () => {
    const { blocks } = readTrace(busy.bytes);
    const footer = parseJson(footerOf(busy.bytes)) as TraceFooter;
    const wrong = { ...footer, blocks: blocks.map((block, index) => (index === 1 ? { ...block, digest: "0123456789abcdef" } : block)) };
    const section = makeJsonSection("footer", wrong);
    const end = (blocks[2]?.offset ?? 0) + (blocks[2]?.bytes ?? 0);
    const bytes = concatBytes([busy.bytes.slice(0, end), section, makeTail(section.length)]);
    const message = "the trace is damaged: block 1 does not lead to the digest that its footer names.";
    expect(errorOf(bytes, (trace) => trace.verifyDigest()).message).toBe(message);
  });
});

describe("a trace of another program", () => {
  test("may have fields at the end of a kind that this one does not know, and kinds too", () => {
    const kinds = [{ kind: "timer", fields: ["node", "name", "mood", "key"] }, { kind: "eclipse", fields: ["node", "shadow"] }];
    const out = new ByteWriter();
    // timer at 7: node 2, name "tick" (new), mood ["x", 1], key "" (new); eclipse at 9, cause 0: node 0, shadow true.
    for (const byte of [0, 7, 0, 3, 0, 4, ..."tick".split("").map((letter) => letter.charCodeAt(0)), 0xb2, 0x81, 0x78, 1, 1, 0]) out.byte(byte);
    for (const byte of [1, 2, 1, 1, 0xc2]) out.byte(byte);
    const back = new Recording();
    readTrace(handMade({ ...header, kinds }, [{ events: out.slice(), annotations: new Uint8Array(0), count: 2 }])).forEach(back);
    expect(back.events[0]).toMatchObject({ id: 0, kind: "timer", time: 7, cause: -1, node: 2, name: "tick", key: "" });
    expect(back.events[1]).toMatchObject({ id: 1, kind: "eclipse", time: 9, cause: 0, node: 0, data: null });
  });

  test("of an older version is upgraded step by step as it is read", () => {
    const old = concatBytes([makeBeginning(0), small.bytes.slice(VERSION_END)]);
    const table = {
      0: {
        header: (before: typeof header) => ({ ...before, protocol: "renamed" }),
        event: (event: TraceEvent) => { event.name = event.name === "heartbeat" ? "beat" : event.name; },
        annotation: <A extends { readonly event: number }>(annotation: A): A => ({ ...annotation, event: annotation.event + 1000 }),
        state: <S extends { readonly time: number }>(state: S): S => ({ ...state, time: state.time + 1 }),
      },
    };
    const trace = new Trace(memorySource(old), table);
    const back = new Recording();
    trace.forEach(back);
    expect(trace.header.protocol).toBe("renamed");
    expect(new Set(back.events.filter(({ kind }) => kind === "timer").map(({ name }) => name))).toEqual(new Set(["beat"]));
    expect(back.records.filter((record) => "type" in record).every((record) => "event" in record && record.event >= 1000)).toBe(true);
    expect(trace.stateAtBlock(0).time).toBe(1);
  });
});

/** The content of a trace's footer section. */
function footerOf(bytes: Uint8Array): Uint8Array {
  const last = readTrace(bytes).blocks.at(-1) as { offset: number; bytes: number };
  return bytes.slice(last.offset + last.bytes + SECTION_HEAD_BYTES, bytes.length - makeTail(0).length);
}

/** A trace file whose blocks hold these bytes. */
function handMade(head: unknown, blocks: readonly { events: Uint8Array; annotations: Uint8Array; count: number }[]): Uint8Array {
  const pieces = [makeBeginning(1), makeJsonSection("header", head)];
  const lines: TraceFooter["blocks"][number][] = [];
  let firstEvent = 0;
  for (const { events, annotations, count } of blocks) {
    const section = makeBlockSection({ firstEvent, count, timeNs: 0, keyframe: new Uint8Array(0), events, annotations });
    lines.push({ offset: concatBytes(pieces).length, bytes: section.length, event: firstEvent, timeNs: 0, events: count, keyframe: false, digest: "" });
    pieces.push(section);
    firstEvent += count;
  }
  const footer = makeJsonSection("footer", { digest: "", events: firstEvent, complete: true, blocks: lines, result: null } satisfies TraceFooter);
  return concatBytes([...pieces, footer, makeTail(footer.length)]);
}

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { TraceEncoder } from "../../sim/trace/encode.ts";
import { type Annotation, eventKinds, type TraceEvent } from "../../sim/trace/event.ts";
import { readTraceFile } from "../../sim/trace/file.node.ts";
import { header } from "./arbitrary.ts";
import { Recording } from "./recording.ts";

const folder = new URL("golden/", import.meta.url);
const trace = readTraceFile(new URL("v1.trace", folder).pathname);
const lines = readFileSync(new URL("v1.jsonl", folder), "utf8").trimEnd().split("\n");

/**
 * A trace of version 1 as its first program wrote it, with every kind of event and annotation, and beside it what it
 * says. Both stay as they are for good: users have such files, and each later program must read them.
 */
describe("the golden trace of version 1", () => {
  test("is read to the letter", () => {
    const back = new Recording();
    trace.forEach(back);
    // Fields that were added since have their empty values.
    expect(back.records.map((record) => JSON.stringify(record).replace(/,"queue":0\}$/, "}"))).toEqual(lines);
    const { kinds } = trace.header;
    expect(new Set(back.events.map(({ kind }) => kind))).toEqual(new Set(kinds.map(({ kind }) => kind)));
    expect(eventKinds.slice(0, kinds.length)).toEqual(kinds.map(({ kind }) => kind));
  });

  test("has the digest 8cdc5e8b1e75bea8, over the bytes of its events", () => {
    expect(trace.footer).toMatchObject({ digest: "8cdc5e8b1e75bea8", events: 26, complete: true, result: { verdict: "fail" } });
    trace.verifyDigest();
  });

  // If this fails on purpose, because a field or kind was added, digests of old and new programs can no longer be compared:
  // that belongs into the changelog.
  test("is written with that digest by today's encoder too", () => {
    const encoder = new TraceEncoder(header);
    const records = lines.map((line) => JSON.parse(line) as TraceEvent | Annotation);
    for (const record of records) if ("kind" in record) encoder.event(record);
    expect(encoder.digest()).toBe("8cdc5e8b1e75bea8");
  });

  test("ends with one leader's log cut, a message, a fault and an operation left open", () => {
    const state = trace.stateAtBlock(1);
    expect(JSON.stringify(state.nodes[0]?.shown)).toBe('{"term":1,"log":[{"term":1,"f":"write"}],"kv":{"schlüssel":null}}');
    expect(state.nodes.map(({ status }) => status)).toEqual(["up", "up", "down"]);
    expect([[...state.messages.keys()], [...state.faults.keys()], [...state.operations.keys()]]).toEqual([[2], [0], [3]]);
    expect([state.time, state.violations]).toEqual([5_000_000_000, 1]);
  });
});

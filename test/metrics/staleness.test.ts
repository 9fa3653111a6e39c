import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Metrics, type MetricValues } from "../../sim/metrics/index.ts";
import { REMEMBERED } from "../../sim/metrics/staleness.ts";
import type { TraceEvent } from "../../sim/trace/event.ts";
import { byTime } from "./events.ts";

const config = { nodes: 1, fromNs: 0, untilNs: 1_000_000 };

interface Op {
  readonly f: "read" | "write" | "cas";
  readonly value: unknown;
  readonly from: number;
  readonly until: number;
  readonly end?: "ok" | "fail" | "info";
  readonly key?: string;
}

function events(ops: readonly Op[]): TraceEvent[] {
  return byTime(
    ops.flatMap(({ f, value, from, until, end = "ok", key = "k" }, operation) => [
      { kind: "invoke", operation, name: f, key, data: f === "read" ? null : value, time: from, node: 1 },
      { kind: end, operation, name: f, key, data: value, time: until, node: 1 },
    ]),
  );
}

function measured(all: readonly TraceEvent[]): MetricValues {
  const fold = new Metrics(config);
  for (const event of all) fold.event(event);
  return fold.values();
}

const of = (...ops: Op[]): MetricValues => measured(events(ops));

describe("staleness", () => {
  const w1: Op = { f: "write", value: 1, from: 0, until: 10 };
  const w2: Op = { f: "write", value: 2, from: 20, until: 30 };
  const w3: Op = { f: "write", value: 3, from: 40, until: 50 };

  test("of a read at 100 that returns the first of three writes is 70 and two versions: the second had completed at 30", () => {
    expect(of(w1, w2, w3, { f: "read", value: 1, from: 100, until: 110 })).toMatchObject({
      "staleness.share": 1, "staleness.time.max": 70, "staleness.versions.max": 2, "staleness.time.p50": 70, "staleness.versions.p99": 2,
    });
  });

  test("of a read that returns the newest value, or one that is still being written, is nothing", () => {
    const pending: Op = { f: "write", value: 4, from: 90, until: 200 };
    expect(of(w1, w2, w3, pending, { f: "read", value: 3, from: 100, until: 110 }, { f: "read", value: 4, from: 100, until: 110 })).toMatchObject({
      "staleness.share": 0, "staleness.time.max": 0, "staleness.versions.max": 0,
    });
  });

  test("counts no write that was concurrent with the one whose value was read: neither is older", () => {
    expect(of({ ...w1, until: 25 }, w2, { f: "read", value: 1, from: 100, until: 110 })["staleness.share"]).toBe(0);
  });

  test("counts no write that had not completed when the read was invoked", () => {
    expect(of(w1, w2, { f: "read", value: 1, from: 25, until: 90 })["staleness.share"]).toBe(0);
  });

  test("of a read of nothing begins with the first write that completed; every key is for itself", () => {
    const other: Op = { f: "read", value: null, from: 100, until: 110, key: "other" };
    expect(of(w1, w2, { f: "read", value: null, from: 100, until: 110 }, other)).toMatchObject({ "staleness.share": 0.5, "staleness.time.max": 90, "staleness.versions.max": 2 });
  });

  test("a cas writes its second value where it is ok; one that failed or is unknown makes nothing older", () => {
    const cas = (end: "ok" | "fail" | "info"): Op => ({ f: "cas", value: [1, 2], from: 20, until: 30, end });
    const read: Op = { f: "read", value: 1, from: 100, until: 110 };
    expect([of(w1, cas("ok"), read), of(w1, cas("fail"), read), of(w1, cas("info"), read)].map((values) => values["staleness.versions.max"])).toEqual([1, 0, 0]);
    expect(of(w1, cas("ok"), { ...read, value: 2 })["staleness.share"]).toBe(0);
  });

  test("is unknown where nothing is written, as in a counter, and where nothing is read", () => {
    expect(of({ f: "read", value: 5, from: 0, until: 1 })["staleness.time.max"]).toBeNull();
    expect(of(w1)).toMatchObject({ "staleness.share": null, "staleness.time.p50": null });
  });

  test(`of a value older than all writes that are remembered is that of the oldest of them, at least ${REMEMBERED} versions`, () => {
    const writes = Array.from({ length: 10 * REMEMBERED }, (_, n): Op => ({ f: "write", value: n, from: 10 * n, until: 10 * n + 5 }));
    const versions = of(...writes, { f: "read", value: 0, from: 1e6, until: 1e6 + 1 })["staleness.versions.max"] as number;
    expect(versions).toBeGreaterThanOrEqual(REMEMBERED);
    expect(versions).toBeLessThanOrEqual(2 * REMEMBERED);
  });

  test("property: it is what the definition says, read by read, over all pairs of writes", () => {
    const drawn = fc.record({ f: fc.constantFrom("read", "write", "write"), from: fc.nat(60), took: fc.integer({ min: 1, max: 20 }), end: fc.constantFrom("ok", "ok", "ok", "info"), pick: fc.nat(), key: fc.constantFrom("a", "b") });
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 25 }), (list) => {
        const writes = list.flatMap((one, index) => (one.f === "write" ? [{ ...one, index }] : []));
        const ops = list.map(({ f, from, took, end, pick, key }, index): Op => {
          const candidates = [null, ...writes.filter((write) => write.key === key && write.from < from + took).map((write) => write.index)];
          return { f: f as "read" | "write", value: f === "write" ? index : candidates[pick % candidates.length], from, until: from + took, end: f === "read" ? "ok" : (end as "ok" | "info"), key };
        });
        const all = events(ops);
        expect(measured(all)["staleness.versions.max"]).toBe(bruteForce(all).versions);
        expect(measured(all)["staleness.time.max"]).toBe(bruteForce(all).time);
      }),
    );
  });
});

/** By the definition, with the whole history at hand. */
function bruteForce(all: readonly TraceEvent[]): { versions: number | null; time: number | null } {
  const ends = new Map(all.filter(({ kind }) => kind !== "invoke").map((event) => [event.operation, event]));
  const writes = all.filter(({ kind, name }) => kind === "invoke" && name === "write");
  const reads = all.filter(({ kind, name }) => kind === "invoke" && name === "read");
  if (writes.length === 0 || reads.length === 0) return { versions: null, time: null };
  const completed = (operation: number): number => (ends.get(operation)?.kind === "ok" ? (ends.get(operation) as TraceEvent).id : Infinity);
  const each = reads.map((read) => {
    const value = (ends.get(read.operation) as TraceEvent).data;
    const source = writes.find((write) => write.data === value);
    const after = source === undefined ? -1 : completed(source.operation);
    const newer = writes.filter((write) => write.key === read.key && write.id > after && completed(write.operation) < read.id);
    const since = Math.min(read.time, ...newer.map((write) => (ends.get(write.operation) as TraceEvent).time));
    return { versions: newer.length, time: read.time - since };
  });
  return { versions: Math.max(...each.map(({ versions }) => versions)), time: Math.max(...each.map(({ time }) => time)) };
}

test("a copy of the fold remembers the writes, and goes its own way", () => {
  const all = events([{ f: "write", value: 1, from: 0, until: 10 }, { f: "write", value: 2, from: 20, until: 30 }, { f: "read", value: 1, from: 100, until: 110 }]);
  const fold = new Metrics(config);
  for (const event of all.slice(0, 3)) fold.event(event);
  const copy = fold.copy();
  for (const event of all.slice(3)) copy.event(event);
  expect(copy.values()["staleness.time.max"]).toBe(70);
  expect(fold.values()["staleness.time.max"]).toBeNull();
});

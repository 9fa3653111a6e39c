import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { metricInfo, Metrics, metrics, metricsJson, type MetricValues } from "../../sim/metrics/index.ts";
import type { TraceEvent } from "../../sim/trace/event.ts";
import { byTime, numbered, operation } from "./events.ts";

const MS = 1_000_000;
const config = { nodes: 5, fromNs: 0, untilNs: 1_000 * MS };

function measured(events: readonly TraceEvent[], of = config): MetricValues {
  const fold = new Metrics(of);
  for (const event of events) fold.event(event);
  return fold.values();
}

describe("operations and availability", () => {
  test("six operations, of which three are ok and one a mismatch, are 4 / 6 available", () => {
    const values = measured(
      byTime([
        ...operation(0, 0, 10, "ok"),
        ...operation(1, 5, 20, "ok"),
        ...operation(2, 30, 40, "ok"),
        ...operation(3, 30, 50, "fail", { reason: "mismatch", name: "cas" }),
        ...operation(4, 30, 60, "fail", { reason: "overloaded" }),
        ...operation(5, 30, 1000, "info", { reason: "timeout" }),
      ]),
    );
    expect(values).toMatchObject({
      "operations.invoked": 6,
      "operations.ok": 3,
      "operations.mismatch": 1,
      "operations.fail": 1,
      "operations.info": 1,
      availability: 4 / 6,
    });
  });

  test("an operation that is still pending counts against availability", () => {
    expect(measured(byTime([...operation(0, 0, 10, "ok"), { kind: "invoke", operation: 1, node: 5, time: 20 }]))["availability"]).toBe(0.5);
  });

  test("a run without operations has no availability, no latency and no cost of an operation", () => {
    const values = measured(numbered([{ kind: "send", node: 0, peer: 1, bytes: 10 }, { kind: "synced", node: 0 }]));
    expect(values).toMatchObject({
      "operations.invoked": 0,
      availability: null,
      "unavailable.longest": null,
      "latency.p50": null,
      "latency.mean": null,
      "latency.cas.max": null,
      "messages.sent": 1,
      "messages.perOperation": null,
      "bytes.perOperation": null,
      syncs: 1,
      "syncs.perOperation": null,
    });
  });

  test("200 answers in half a second of the workload are 400 a second", () => {
    const events = Array.from({ length: 200 }, (_, n) => operation(n, 100 * MS + n, 100 * MS + n + 1, "ok")).flat();
    const values = measured([...byTime(events), ...numbered([{ kind: "end", time: 2_000 * MS }])], { nodes: 5, fromNs: 100 * MS, untilNs: 600 * MS });
    expect(values["operations.perSecond"]).toBe(400);
  });

  test("requests that a client sends again are retries; replies and the nodes' own messages are not", () => {
    const values = measured(
      numbered([
        { kind: "send", node: 5, peer: 0, attempt: 1, operation: 0 },
        { kind: "send", node: 5, peer: 1, attempt: 2, operation: 0 },
        { kind: "send", node: 5, peer: 2, attempt: 3, operation: 0 },
        { kind: "send", node: 2, peer: 5, attempt: 3, operation: 0 },
        { kind: "send", node: 2, peer: 1, attempt: 3, operation: 0 },
      ]),
    );
    expect(values["operations.retries"]).toBe(2);
  });

  test("a request that is sent to be safe is a hedge, and no retry; both are requests", () => {
    const values = measured(
      numbered([
        { kind: "send", node: 5, peer: 0, attempt: 1, operation: 0, data: { key: "k1" } },
        { kind: "send", node: 5, peer: 1, attempt: 2, operation: 0, data: { key: "k1", hedge: true } },
        { kind: "send", node: 5, peer: 2, attempt: 3, operation: 0, data: { key: "k1" } },
      ]),
    );
    expect(values).toMatchObject({ "operations.requests": 3, "operations.hedges": 1, "operations.retries": 1 });
  });
});

describe("the longest outage", () => {
  const longest = (events: readonly TraceEvent[]): number | null => measured(events)["unavailable.longest"] as number | null;

  test("is the longest time from one answer to the next while operations are pending: 412", () => {
    const events = [...operation(0, 0, 100, "ok"), ...operation(1, 90, 512, "ok"), ...operation(2, 400, 520, "ok")];
    expect(longest(byTime(events))).toBe(412);
  });

  test("does not count time in which nothing was pending", () => {
    expect(longest(byTime([...operation(0, 0, 10, "ok"), ...operation(1, 5000, 5030, "ok")]))).toBe(30);
  });

  test("is not cut into pieces by operations that time out: eight of 1000 before an answer that took 1 are 8001, and the pauses between do not count", () => {
    const timeouts = Array.from({ length: 8 }, (_, n) => operation(n + 1, 10 + n * 1005, 1010 + n * 1005, "info")).flat();
    expect(longest(byTime([...operation(0, 0, 10, "ok"), ...timeouts, ...operation(9, 8050, 8051, "ok")]))).toBe(8001);
  });

  test("runs to the end where nothing is answered any more", () => {
    const end = { kind: "end", time: 900 } as const;
    expect(longest(byTime([...operation(0, 0, 10, "ok"), { kind: "invoke", operation: 1, time: 100 }, end]))).toBe(800);
    expect(longest(byTime([...operation(0, 0, 10, "ok"), ...operation(1, 100, 700, "info"), end]))).toBe(600);
  });

  test("a mismatch is an answer, a refusal is none", () => {
    const during = (kind: Partial<TraceEvent>) => byTime([...operation(0, 0, 100, "ok"), ...operation(1, 1, 50, "fail", kind)]);
    expect(longest(during({ reason: "mismatch" }))).toBe(50);
    expect(longest(during({ reason: "overloaded" }))).toBe(100);
  });

  test("points to the answer after which it began", () => {
    const fold = new Metrics(config);
    for (const event of byTime([...operation(0, 0, 100, "ok"), ...operation(1, 90, 512, "ok")])) fold.event(event);
    expect(fold.momentOf("unavailable.longest")).toEqual({ event: 2, timeNs: 100 });
  });

  /** Second by second: a second is one of waiting where an operation is pending in all of it. */
  test("property: it is what counting instant by instant gives", () => {
    const end = fc.constantFrom("ok" as const, "info" as const, "fail" as const);
    const operations = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 30 }), end), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(operations, (drawn) => {
        const events = byTime(drawn.flatMap(([from, took, kind], n) => operation(n, from, from + took, kind)));
        let waited = 0;
        let most = 0;
        for (let second = 0; second < 100; second += 1) {
          if (drawn.some(([from, took, kind]) => kind === "ok" && from + took === second)) waited = 0;
          if (drawn.some(([from, took]) => from <= second && second < from + took)) waited += 1;
          most = Math.max(most, waited);
        }
        expect(longest(events)).toBe(most);
      }),
    );
  });
});

describe("latency", () => {
  const took = (durations: readonly number[], more: Partial<TraceEvent> = {}): TraceEvent[] =>
    byTime(durations.flatMap((ns, n) => operation(n, n * 1000, n * 1000 + ns, "ok", more)));

  test("percentiles are by nearest rank: of 1 … 100, the median is 50, p95 95, p99 99, p999 and the longest 100", () => {
    const values = measured(took(Array.from({ length: 100 }, (_, n) => 100 - n)));
    expect(values).toMatchObject({ "latency.p50": 50, "latency.p95": 95, "latency.p99": 99, "latency.p999": 100, "latency.max": 100, "latency.mean": 51 });
  });

  test("of 15, 20, 35, 40 and 50, the median is 35 and p95 is 50", () => {
    expect(measured(took([35, 15, 50, 20, 40]))).toMatchObject({ "latency.p50": 35, "latency.p95": 50, "latency.mean": 32 });
  });

  test("each kind of operation has its own, also one of a protocol's own model", () => {
    const events = [...operation(0, 0, 7, "ok", { name: "read" }), ...operation(1, 0, 9, "fail", { name: "cas", reason: "mismatch" }), ...operation(2, 0, 50, "ok", { name: "append" })];
    expect(measured(byTime(events))).toMatchObject({
      "latency.read.p50": 7,
      "latency.cas.max": 9,
      "latency.append.mean": 50,
      "latency.write.p99": null,
      "latency.max": 50,
    });
  });

  test("what was refused or is unknown has no latency", () => {
    expect(measured(byTime([...operation(0, 0, 7, "info"), ...operation(1, 0, 9, "fail", { reason: "overloaded" })]))["latency.max"]).toBeNull();
  });

  test("an answer whose invocation is missing, in a trace read from its middle, is left out", () => {
    const values = measured(numbered([{ kind: "ok", operation: 3, time: 900, name: "read" }]));
    expect(values).toMatchObject({ "operations.ok": 1, "latency.max": null });
  });

  test("a failed expectation points to the slowest answer", () => {
    const fold = new Metrics(config);
    for (const event of took([10, 900, 20])) fold.event(event);
    expect(fold.momentOf("latency.p99")).toEqual({ event: 3, timeNs: 1900 });
    expect(fold.momentOf("latency.read.p99")).toBeUndefined();
  });

  test("property: a percentile is the least number that the share of numbers does not exceed", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(999), { minLength: 1, maxLength: 300 }), (durations) => {
        const values = measured(took(durations));
        const sorted = [...durations].sort((a, b) => a - b);
        for (const [name, perMille] of [["p50", 500], ["p95", 950], ["p99", 990], ["p999", 999], ["max", 1000]] as const) {
          const least = sorted.find((candidate) => durations.filter((ns) => ns <= candidate).length * 1000 >= perMille * durations.length);
          expect(values[`latency.${name}`]).toBe(least);
        }
      }),
    );
  });
});

describe("messages, disks and the cluster", () => {
  test("one write of a five-node Raft costs 8 messages between nodes, 1310 bytes and 3 syncs", () => {
    const peers = [1, 2, 3, 4];
    const events = byTime([
      ...operation(0, 0, 100, "ok"),
      { kind: "send", node: 5, peer: 0, attempt: 1, bytes: 70, time: 1 },
      ...peers.map((peer) => ({ kind: "send", node: 0, peer, bytes: 300, time: 2 }) as const),
      ...peers.map((peer) => ({ kind: "deliver", node: peer, peer: 0, time: 3 }) as const),
      ...[0, 1, 2].map((node) => ({ kind: "synced", node, time: 4 }) as const),
      ...peers.map((node) => ({ kind: "send", node, peer: 0, bytes: node === 1 ? 35 : 25, time: 5 }) as const),
      { kind: "drop", node: 0, peer: 4, reason: "loss", time: 6 },
      { kind: "duplicate", node: 0, peer: 3, time: 6 },
      { kind: "send", node: 0, peer: 5, bytes: 50, time: 7 },
      { kind: "deliver", node: 5, peer: 0, time: 8 },
    ]);
    expect(measured(events)).toMatchObject({
      "messages.sent": 8,
      "messages.delivered": 4,
      "messages.dropped": 1,
      "messages.duplicated": 1,
      "messages.perOperation": 8,
      "bytes.sent": 1310,
      "bytes.perOperation": 1310,
      syncs: 3,
      "syncs.perOperation": 3,
    });
  });

  test("messages that are lost are counted by the reason; what a full inbox turns away, clients' requests included, is shed", () => {
    const drop = (reason: string, peer = 0): Partial<TraceEvent> => ({ kind: "drop", node: 1, peer, reason });
    const values = measured(numbered([drop("loss"), drop("cut"), drop("cut"), drop("queue"), drop("checksum"), drop("reset"), drop("inbox"), drop("inbox", 5), drop("down", 5)]));
    expect(values).toMatchObject({
      "messages.dropped": 7,
      "messages.dropped.loss": 1,
      "messages.dropped.cut": 2,
      "messages.dropped.down": 0,
      "messages.dropped.queue": 1,
      "messages.dropped.checksum": 1,
      "messages.dropped.reset": 1,
      "messages.dropped.inbox": 1,
      "messages.shed": 2,
    });
  });

  test("of inboxes that had 1, 2, 2 and 7 messages in them the mean is 3 and the most 7; where nobody waited nothing is known", () => {
    const values = measured(numbered([1, 2, 2, 7].map((queue) => ({ kind: "arrive", node: 0, queue }))));
    expect(values).toMatchObject({ "inbox.mean": 3, "inbox.p99": 7, "inbox.max": 7 });
    expect(measured([])).toMatchObject({ "inbox.mean": null, "inbox.max": null });
  });

  test("of messages that wait for their links it is known how many wait and for how long; where nobody had to, nothing is", () => {
    const waits = [[1, 2], [2, 4], [3, 6], [2, 4]] as const;
    const values = measured(numbered(waits.map(([queue, ms]) => ({ kind: "wait", node: 0, peer: 5, queue, data: ms * MS }))));
    expect(values).toMatchObject({ "link.queue.mean": 2, "link.queue.p99": 3, "link.queue.max": 3, "link.wait.mean": 4 * MS, "link.wait.p99": 6 * MS, "link.wait.max": 6 * MS });
    expect(measured([])).toMatchObject({ "link.queue.max": null, "link.wait.mean": null, "link.wait.max": null });
  });

  test("what fails and rots on disks is counted where it happens, and what nodes find of it when they start", () => {
    const values = measured(numbered([
      { kind: "diskError", node: 0, name: "sync", reason: "failed" },
      { kind: "damage", node: 0, reason: "lost" },
      { kind: "damage", node: 0, reason: "lost" },
      { kind: "damage", node: 1, reason: "bitrot" },
      { kind: "recover", node: 1, name: "halt", reason: "bitrot" },
    ]));
    expect(values).toMatchObject({ "disk.errors": 1, "disk.damaged": 3, "disk.found": 1 });
  });

  test("elections, crashes and the faults that struck somebody are counted", () => {
    const values = measured(
      numbered([
        { kind: "emit", name: "election.started", node: 0 },
        { kind: "emit", name: "election.started", node: 1 },
        { kind: "emit", name: "election.won", node: 1 },
        { kind: "fault", name: "crash", data: { nodes: ["n2"], did: true } },
        { kind: "crash", node: 1, name: "unsynced" },
        { kind: "fault", name: "crash", data: { nodes: [], did: false } },
      ]),
    );
    expect(values).toMatchObject({ "elections.started": 2, "leader.changes": 1, "faults.begun": 1, "nodes.crashes": 1 });
  });
});

describe("the registry", () => {
  test("every value has an entry, and every entry a value", () => {
    expect(Object.keys(measured([]))).toEqual(Object.keys(metrics));
  });

  test("durations get the suffix Ns in JSON, and nothing else does", () => {
    const json = metricsJson({ "latency.p50": 3_100_000, "unavailable.longest": 412_000_000, availability: 0.987, "bytes.perOperation": 1310, "latency.append.p99": null });
    expect(json).toEqual({ "latency.p50Ns": 3_100_000, "unavailable.longestNs": 412_000_000, availability: 0.987, "bytes.perOperation": 1310, "latency.append.p99Ns": null });
  });

  test("the latency of an operation that only a protocol knows has a meaning; other names have none", () => {
    expect(metricInfo("latency.append.p99")?.unit).toBe("duration");
    expect(metricInfo("latency.append.p98")).toBeUndefined();
    expect(metricInfo("latency.p98")).toBeUndefined();
    expect(metricInfo("constructor")).toBeUndefined();
    expect(metricInfo("latency.append.toString")).toBeUndefined();
  });

  test("what is not an event is set by name; a name that does not exist is an error", () => {
    const fold = new Metrics(config);
    fold.set("convergence.time", 1_200 * MS);
    expect(fold.values()["convergence.time"]).toBe(1_200 * MS);
    expect(() => fold.set("convergence", 1)).toThrow(RangeError);
  });
});

test("property: a copy goes its own way, and a fold from its copy equals a fold of everything", () => {
  const end = fc.constantFrom("ok" as const, "info" as const, "fail" as const);
  const operations = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 30 }), end, fc.constantFrom("read", "write")), { maxLength: 20 });
  fc.assert(
    fc.property(operations, fc.nat(40), (drawn, cut) => {
      const events = byTime(drawn.flatMap(([from, took, kind, name], n) => operation(n, from, from + took, kind, { name })));
      const original = new Metrics(config);
      for (const event of events.slice(0, cut)) original.event(event);
      const before = original.values();
      const copy = original.copy();
      for (const event of events.slice(cut)) copy.event(event);
      expect(original.values()).toEqual(before);
      expect(copy.values()).toEqual(measured(events));
    }),
  );
});

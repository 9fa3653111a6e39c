import { describe, expect, test } from "vitest";
import { Metrics, type Cost, type Prices } from "../../sim/metrics/index.ts";
import type { TraceEvent } from "../../sim/trace/event.ts";
import { byTime, numbered, operation } from "./events.ts";

const HOUR = 3_600_000_000_000;
const zones = ["eu-a", "eu-b", "us-a", "eu-a", ""];
const GB = 1_000_000_000;

function fold(events: readonly TraceEvent[], prices?: Prices): Metrics {
  const metrics = new Metrics({ nodes: 3, fromNs: 0, untilNs: HOUR, zones, prices });
  for (const event of events) metrics.event(event);
  return metrics;
}

/** Nodes 0 … 2 and clients 3 and 4, by their places in `zones`. */
const send = (node: number, peer: number, bytes: number, attempt = 0): Partial<TraceEvent> => ({ kind: "send", node, peer, bytes, attempt });

describe("traffic", () => {
  test("is counted by the border that it crosses: zones of a region, and regions", () => {
    const events = numbered([send(0, 1, 100), send(1, 0, 10), send(0, 2, 7), send(2, 1, 5), send(0, 0, 1000)]);
    expect(fold(events).values()).toMatchObject({ "bytes.crossZone": 122, "bytes.crossRegion": 12, "bytes.sent": 1122 });
  });

  test("of clients counts where they stand in a zone", () => {
    const events = numbered([send(3, 0, 50), send(3, 1, 60), send(2, 3, 70), send(4, 1, 80)]);
    expect(fold(events).values()).toMatchObject({ "bytes.crossZone": 130, "bytes.crossRegion": 70, "bytes.sent": 0 });
  });

  test("is unknown where nobody stands in a zone", () => {
    const metrics = new Metrics({ nodes: 3, fromNs: 0, untilNs: HOUR, zones: ["", "", ""] });
    for (const event of numbered([send(0, 1, 100)])) metrics.event(event);
    expect(metrics.values()).toMatchObject({ "bytes.crossZone": null, "bytes.crossRegion": null, "bytes.crossZone.perOperation": null });
  });

  test("zones whose names say no region are regions of their own", () => {
    const metrics = new Metrics({ nodes: 2, fromNs: 0, untilNs: HOUR, zones: ["eu", "us"] });
    for (const event of numbered([send(0, 1, 100)])) metrics.event(event);
    expect(metrics.values()).toMatchObject({ "bytes.crossZone": 100, "bytes.crossRegion": 100 });
  });
});

describe("the bill", () => {
  const prices: Prices = { currency: "EUR", perNodeHour: 0.1, perMillionRequests: 0.4, perMillionSyncs: 2, perGBWritten: 0.5, perGBAcrossZones: 0.01, perGBAcrossRegions: 0.02 };
  /** Half an hour, in which a million operations are too many to write down: four, of which three are answered. */
  const run = byTime([
    ...operation(0, 0, 10, "ok", { node: 4 }),
    ...operation(1, 0, 10, "ok", { node: 4 }),
    ...operation(2, 0, 10, "fail", { node: 4, reason: "mismatch" }),
    ...operation(3, 0, 10, "info", { node: 4, reason: "timeout" }),
    ...[1, 2, 3, 4].map((attempt) => ({ ...send(4, 0, 1, attempt), time: 1 })),
    { ...send(0, 1, 3 * GB), time: 2 },
    { ...send(0, 2, 5 * GB), time: 2 },
    { kind: "synced", node: 0, time: 3 },
    { kind: "persist", node: 0, bytes: GB, time: 3 },
    { kind: "write", node: 0, bytes: GB, time: 3 },
    { kind: "end", time: HOUR / 2 },
  ]);

  test("names every item: three nodes for half an hour, four requests, a sync, 2 GB written, 3 GB and 5 GB sent", () => {
    const cost = fold(run, prices).cost() as Cost;
    expect(cost.items.map(({ item, quantity, unit, price }) => [item, quantity, unit, price])).toEqual([
      ["nodes", 1.5, "node hours", 0.1],
      ["requests", 4e-6, "million requests", 0.4],
      ["syncs", 1e-6, "million syncs", 2],
      ["written", 2, "GB", 0.5],
      ["crossZone", 3, "GB", 0.01],
      ["crossRegion", 5, "GB", 0.02],
    ]);
    expect(cost.currency).toBe("EUR");
    expect(cost.total).toBeCloseTo(0.15 + 1.6e-6 + 2e-6 + 1 + 0.03 + 0.1, 12);
  });

  test("says what a million answered operations cost: the total over 3, a million times", () => {
    const metrics = fold(run, prices);
    const total = 0.15 + 1.6e-6 + 2e-6 + 1 + 0.03 + 0.1;
    expect(metrics.values()["cost.perMillionOperations"]).toBeCloseTo((total / 3) * 1e6, 4);
    expect(metrics.values()["cost.perMillionOperations.nodes"]).toBeCloseTo((0.15 / 3) * 1e6, 6);
    expect(metrics.values()["cost.crossRegion"]).toBeCloseTo(0.1, 12);
  });

  test("holds what has a price, and nothing else", () => {
    const metrics = fold(run, { currency: "USD", perMillionSyncs: 3 });
    expect(metrics.cost()?.items.map(({ item }) => item)).toEqual(["syncs"]);
    expect(metrics.values()).toMatchObject({ "cost.total": 3e-6, "cost.syncs": 3e-6, "cost.nodes": null, "cost.perMillionOperations": 1 });
  });

  test("is unknown without prices, and by the operation where none was answered", () => {
    expect(fold(run).cost()).toBeUndefined();
    expect(fold(run).values()).toMatchObject({ "cost.total": null, "cost.perMillionOperations": null });
    const idle = fold(numbered([{ kind: "end", time: HOUR }]), prices);
    expect(idle.values()).toMatchObject({ "cost.total": 0.3, "cost.perMillionOperations": null });
  });

  test("what was written is counted by the operation, too: 2 GB for 3 answers", () => {
    expect(fold(run).values()).toMatchObject({ "bytes.written": 2 * GB, "bytes.written.perOperation": (2 * GB) / 3 });
  });
});

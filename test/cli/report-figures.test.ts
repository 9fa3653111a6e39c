import { expect, test } from "vitest";
import { clientRows, clusterRows } from "../../sim/cli/report-figures.ts";
import { Metrics, metricsJson } from "../../sim/metrics/index.ts";

const MS = 1_000_000;

/** The figures of a run in which nothing happened, but for these. */
function figures(given: { readonly [name: string]: number | null }) {
  return { metrics: { ...metricsJson(new Metrics({ nodes: 3, fromNs: 0, untilNs: 1 }).values()), ...given } };
}

const rowOf = (rows: readonly string[][], name: string): string | undefined => rows.find(([called]) => called === `  ${name}`)?.[1];

test("what never happened has no row: no retries, hedges, outdated reads, elections, zones, queues, damage or convergence", () => {
  const calm = figures({});
  expect(clientRows(calm).map(([name]) => name?.trim())).toEqual(["operations", "availability", "latency"]);
  expect(clusterRows(calm).map(([name]) => name?.trim())).toEqual(["per operation", "messages"]);
});

test("requests are told where some were sent again or to hedge", () => {
  const stormy = { "operations.requests": 41_612, "operations.retries": 39_880 };
  expect(rowOf(clientRows(figures(stormy)), "requests")).toBe("41,612, of which 39,880 sent again");
  expect(rowOf(clientRows(figures({ ...stormy, "operations.hedges": 338 })), "requests")).toBe("41,612, of which 39,880 sent again, 338 to hedge");
});

test("queues before links and nodes, with what they turned away", () => {
  const rows = clusterRows(figures({ "link.queue.p99": 52, "link.queue.max": 59, "link.wait.maxNs": 1_540 * MS, "messages.dropped.queue": 12, "inbox.p99": 3, "inbox.max": 200, "messages.shed": 7 }));
  expect(rowOf(rows, "busy links")).toBe("p99 52 waiting, at most 59, and for 1.54s; 12 dropped");
  expect(rowOf(rows, "inboxes")).toBe("p99 3 waiting, at most 200; 7 turned away");
});

test("damage to disks is told though nobody noticed it, and nodes that agree in no time at all did so", () => {
  const rows = clusterRows(figures({ "disk.damaged": 95, "convergence.timeNs": 0 }));
  expect(rowOf(rows, "disks")).toBe("0 failed writes and syncs, 95 places damaged, found at 0 starts");
  expect(rowOf(rows, "convergence")).toBe("all nodes agreed 0s after the last write and fault");
});

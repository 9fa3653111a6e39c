/** The parts of a run's report about figures: what the clients saw, and what it took the cluster. What never happened has no row. */
import { formatMetric } from "../explain/index.ts";
import { metricInfo } from "../metrics/index.ts";
import type { RunResult } from "../scenario/result.ts";

type Figures = Pick<RunResult, "metrics">;

/** A metric by the name that it has in expectations: as a number, 0 where nothing was measured, and in words. */
interface Figure {
  number(name: string): number;
  text(name: string): string;
}

function figuresOf({ metrics }: Figures): Figure {
  const unitOf = (name: string) => metricInfo(name)?.unit ?? "number";
  const value = (name: string): number | null => metrics[unitOf(name) === "duration" ? `${name}Ns` : name] ?? null;
  return { number: (name) => value(name) ?? 0, text: (name) => formatMetric(value(name), unitOf(name)) };
}

export function clientRows(result: Figures): string[][] {
  const { number, text } = figuresOf(result);
  const rows = [
    ["  operations", `${text("operations.invoked")} invoked: ${text("operations.ok")} ok, ${text("operations.mismatch")} mismatch, ${text("operations.fail")} failed, ${text("operations.info")} unknown`],
  ];
  const more = [
    ...(number("operations.retries") > 0 ? [`${text("operations.retries")} sent again`] : []),
    ...(number("operations.hedges") > 0 ? [`${text("operations.hedges")} to hedge`] : []),
  ];
  if (more.length > 0) rows.push(["  requests", `${text("operations.requests")}, of which ${more.join(", ")}`]);
  rows.push(["  availability", `${text("availability")}, longest without an answer ${text("unavailable.longest")}`]);
  // Only where some read was outdated: most stores are proud that none is.
  if (number("staleness.share") > 0) rows.push(["  staleness", `${text("staleness.share")} of the reads outdated, by at most ${text("staleness.time.max")} and ${text("staleness.versions.max")} versions`]);
  rows.push(["  latency", `p50 ${text("latency.p50")}, p99 ${text("latency.p99")}, max ${text("latency.max")}`]);
  if (result.metrics["recovery.timeNs"] != null) rows.push(["  recovery", `every client answered again ${text("recovery.time")} after the last fault`]);
  return rows;
}

export function clusterRows(result: Figures): string[][] {
  const { number, text } = figuresOf(result);
  const rows = [
    ["  per operation", `${text("messages.perOperation")} messages, ${text("bytes.perOperation")}, ${text("syncs.perOperation")} syncs, ${text("bytes.written.perOperation")} written`],
    ["  messages", `${text("messages.sent")} sent between nodes, ${text("messages.dropped")} dropped`],
  ];
  if (number("leader.changes") > 0) rows.push(["  elections", `${text("elections.started")} started, ${text("leader.changes")} won, at most ${text("election.time.max")} without a leader`]);
  if (result.metrics["bytes.crossZone"] != null) rows.push(["  across zones", `${text("bytes.crossZone.perOperation")} per operation, of which ${text("bytes.crossRegion.perOperation")} across regions`]);
  if (number("link.queue.max") > 0) rows.push(["  busy links", `p99 ${text("link.queue.p99")} waiting, at most ${text("link.queue.max")}, and for ${text("link.wait.max")}; ${text("messages.dropped.queue")} dropped`]);
  if (number("messages.shed") > 0 || number("inbox.max") > 0) rows.push(["  inboxes", `p99 ${text("inbox.p99")} waiting, at most ${text("inbox.max")}; ${text("messages.shed")} turned away`]);
  if (number("disk.errors") + number("disk.damaged") + number("disk.found") > 0) rows.push(["  disks", `${text("disk.errors")} failed writes and syncs, ${text("disk.damaged")} places damaged, found at ${text("disk.found")} starts`]);
  if (result.metrics["convergence.timeNs"] != null) rows.push(["  convergence", `all nodes agreed ${text("convergence.time")} after the last write and fault`]);
  return rows;
}

/**
 * How long the queues before busy nodes were. The figures are of the messages that had to wait: of the others, which
 * found the node idle, the trace says nothing.
 */
import type { TraceEvent } from "../trace/event.ts";
import { Histogram } from "./histogram.ts";
import type { MetricInfo, MetricValues } from "./metric.ts";

const length = (which: string): MetricInfo => ({ unit: "number", summary: `Messages in a busy node's inbox when one more had come, that one included: ${which}.` });

export const inboxMetrics: Readonly<Record<string, MetricInfo>> = {
  "inbox.mean": length("the mean"),
  "inbox.p99": length("the 99th percentile"),
  "inbox.max": length("the most"),
};

export class Inbox {
  #lengths = new Histogram();

  arrive(event: TraceEvent): void {
    this.#lengths.add(event.queue);
  }

  report(values: MetricValues): void {
    values["inbox.mean"] = this.#lengths.mean;
    values["inbox.p99"] = this.#lengths.percentile(990);
    values["inbox.max"] = this.#lengths.max;
  }

  copy(): Inbox {
    const copy = new Inbox();
    copy.#lengths = this.#lengths.copy();
    return copy;
  }
}

/**
 * How long the queues before busy links were. The figures are of the messages that had to wait, clients' included: of the
 * others, which found their link idle, the trace says nothing; and what found the queue full is counted as dropped.
 */
import type { TraceEvent } from "../trace/event.ts";
import { Histogram } from "./histogram.ts";
import type { MetricInfo, MetricValues } from "./metric.ts";

const length = (which: string): MetricInfo => ({ unit: "number", summary: `Messages that waited for a busy link when one more had come, that one included: ${which}.` });
const wait = (which: string): MetricInfo => ({ unit: "duration", summary: `How long a message waited for its link that had to: ${which}.` });

export const linkMetrics: Readonly<Record<string, MetricInfo>> = {
  "link.queue.mean": length("the mean"),
  "link.queue.p99": length("the 99th percentile"),
  "link.queue.max": length("the most"),
  "link.wait.mean": wait("the mean"),
  "link.wait.p99": wait("the 99th percentile"),
  "link.wait.max": wait("the longest"),
};

export class LinkQueues {
  #lengths = new Histogram();
  #waits = new Histogram();

  wait(event: TraceEvent): void {
    this.#lengths.add(event.queue);
    this.#waits.add(event.data as number);
  }

  report(values: MetricValues): void {
    values["link.queue.mean"] = this.#lengths.mean;
    values["link.queue.p99"] = this.#lengths.percentile(990);
    values["link.queue.max"] = this.#lengths.max;
    values["link.wait.mean"] = this.#waits.mean === null ? null : Math.round(this.#waits.mean);
    values["link.wait.p99"] = this.#waits.percentile(990);
    values["link.wait.max"] = this.#waits.max;
  }

  copy(): LinkQueues {
    const copy = new LinkQueues();
    copy.#lengths = this.#lengths.copy();
    copy.#waits = this.#waits.copy();
    return copy;
  }
}

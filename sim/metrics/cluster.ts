/** What happened to the cluster itself: crashes, and faults. */
import type { TraceEvent } from "../trace/event.ts";
import type { MetricInfo, MetricValues } from "./metric.ts";

export const clusterMetrics = {
  "faults.begun": { unit: "count", summary: "Faults that began and struck somebody." },
  "nodes.crashes": { unit: "count", summary: "Times that a node stopped at once, by a fault or by its own error." },
} as const satisfies Record<string, MetricInfo>;

export class Cluster {
  faults = 0;
  crashes = 0;

  fault(event: TraceEvent): void {
    const struck = event.data as { readonly did?: boolean } | null;
    if (struck?.did !== false) this.faults += 1;
  }

  report(values: MetricValues): void {
    values["faults.begun"] = this.faults;
    values["nodes.crashes"] = this.crashes;
  }

  copy(): Cluster {
    return Object.assign(new Cluster(), this);
  }
}

/** How soon the replicas agreed. Not a fold over events: whoever checks convergence sets it. */
import type { MetricInfo } from "./metric.ts";

export const convergenceMetrics = {
  "convergence.time": {
    unit: "duration",
    summary: "From the workload's and the last temporary fault's end until all running nodes show the same, to the end of the run.",
  },
} as const satisfies Record<string, MetricInfo>;

/** How soon clients got on. Not a fold over events: whoever checks progress sets it. */
import type { MetricInfo } from "./metric.ts";

export const progressMetrics = {
  "recovery.time": {
    unit: "duration",
    summary: "From the end of the last fault, or the beginning of one that stays, until every client that went on had an answer to what it began after that.",
  },
} as const satisfies Record<string, MetricInfo>;

/** What durability cost: a sync is the dearest thing that a node does. */
import type { MetricInfo, MetricValues } from "./metric.ts";
import { ratio } from "./metric.ts";

export const diskMetrics = {
  syncs: { unit: "count", summary: "Syncs that nodes' disks finished." },
  "syncs.perOperation": { unit: "number", summary: "Syncs of all nodes for each operation answered (ok and mismatch)." },
} as const satisfies Record<string, MetricInfo>;

export class Disks {
  syncs = 0;

  report(values: MetricValues, answered: number): void {
    values["syncs"] = this.syncs;
    values["syncs.perOperation"] = ratio(this.syncs, answered);
  }

  copy(): Disks {
    return Object.assign(new Disks(), this);
  }
}

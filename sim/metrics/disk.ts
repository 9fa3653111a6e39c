/**
 * What durability cost: a sync is the dearest thing that a node does, and what is written wears the disk out. And how
 * often disks failed: what they lost or changed is counted where it happens, whether or not anybody ever notices.
 */
import type { MetricInfo, MetricValues } from "./metric.ts";
import { ratio } from "./metric.ts";

export const diskMetrics = {
  syncs: { unit: "count", summary: "Syncs that nodes' disks finished." },
  "syncs.perOperation": { unit: "number", summary: "Syncs of all nodes for each operation answered (ok and mismatch)." },
  "bytes.written": { unit: "bytes", summary: "Size of what all nodes wrote: of what a persist changed, and of what a file was given." },
  "bytes.written.perOperation": { unit: "bytes", summary: "Bytes that all nodes wrote for each operation answered: write amplification." },
  "disk.errors": { unit: "count", summary: "Writes and syncs that failed, of which nodes heard." },
  "disk.damaged": { unit: "count", summary: "Places of disks that are not as they were written: rotten, lost or misdirected, whether or not it was noticed." },
  "disk.found": { unit: "count", summary: "Starts at which a node found its disk damaged, by a checksum." },
} as const satisfies Record<string, MetricInfo>;

export class Disks {
  syncs = 0;
  bytes = 0;
  errors = 0;
  damaged = 0;
  found = 0;

  report(values: MetricValues, answered: number): void {
    values["syncs"] = this.syncs;
    values["syncs.perOperation"] = ratio(this.syncs, answered);
    values["bytes.written"] = this.bytes;
    values["bytes.written.perOperation"] = ratio(this.bytes, answered);
    values["disk.errors"] = this.errors;
    values["disk.damaged"] = this.damaged;
    values["disk.found"] = this.found;
  }

  copy(): Disks {
    return Object.assign(new Disks(), this);
  }
}

/** What happened to the cluster itself: crashes, faults, changes of leader. */
import type { TraceEvent } from "../trace/event.ts";
import type { MetricInfo, MetricMoment, MetricValues } from "./metric.ts";

export const clusterMetrics = {
  "faults.begun": { unit: "count", summary: "Faults that began and struck somebody." },
  "nodes.crashes": { unit: "count", summary: "Times that a node stopped at once, by a fault or by its own error." },
  "elections.started": { unit: "count", summary: "Elections that nodes called (the protocol's event election.started)." },
  "leader.changes": { unit: "count", summary: "Elections that were won, the first included (the protocol's event election.won)." },
} as const satisfies Record<string, MetricInfo>;

export class Cluster {
  faults = 0;
  crashes = 0;
  electionsStarted = 0;
  electionsWon = 0;
  /** The last election that was won. */
  lastWon: MetricMoment | undefined;

  emit(event: TraceEvent): void {
    if (event.name === "election.started") this.electionsStarted += 1;
    else if (event.name === "election.won") {
      this.electionsWon += 1;
      this.lastWon = { event: event.id, timeNs: event.time };
    }
  }

  fault(event: TraceEvent): void {
    const struck = event.data as { readonly did?: boolean } | null;
    if (struck?.did !== false) this.faults += 1;
  }

  report(values: MetricValues): void {
    values["faults.begun"] = this.faults;
    values["nodes.crashes"] = this.crashes;
    values["elections.started"] = this.electionsStarted;
    values["leader.changes"] = this.electionsWon;
  }

  copy(): Cluster {
    return Object.assign(new Cluster(), this);
  }
}

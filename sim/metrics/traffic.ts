/**
 * What crossed the borders of zones and regions: what a cloud's bill counts by the gigabyte. It is counted when it is
 * sent, whether or not it arrives, between all that stand in a zone, clients included.
 */
import type { TraceEvent } from "../trace/event.ts";
import type { MetricInfo, MetricValues } from "./metric.ts";
import { ratio } from "./metric.ts";

export const trafficMetrics = {
  "bytes.crossZone": { unit: "bytes", summary: "Size of the messages sent from one zone to another, of the same region or not; clients in zones included." },
  "bytes.crossZone.perOperation": { unit: "bytes", summary: "Bytes from one zone to another for each operation answered." },
  "bytes.crossRegion": { unit: "bytes", summary: "Size of the messages sent from one region to another; clients in zones included." },
  "bytes.crossRegion.perOperation": { unit: "bytes", summary: "Bytes from one region to another for each operation answered." },
} as const satisfies Record<string, MetricInfo>;

const BETWEEN_ZONES = 1;
const BETWEEN_REGIONS = 2;

export class Traffic {
  /** Bytes from zone to zone, those from region to region among them. */
  crossZone = 0;
  crossRegion = 0;
  readonly #zones: readonly string[];
  /** By sender and receiver: which border lies between them. Empty where nobody stands in a zone. */
  readonly #borders: Uint8Array;

  /** `zones`: of each endpoint, "" for one in none. */
  constructor(zones: readonly string[]) {
    const isUsed = zones.some((zone) => zone !== "");
    this.#zones = zones;
    this.#borders = isUsed ? Uint8Array.from(zones.flatMap((from) => zones.map((to) => borderOf(from, to)))) : new Uint8Array(0);
  }

  get isMeasured(): boolean {
    return this.#borders.length > 0;
  }

  send(event: TraceEvent): void {
    if (this.#borders.length === 0) return;
    const border = this.#borders[event.node * this.#zones.length + event.peer];
    if (border === BETWEEN_ZONES || border === BETWEEN_REGIONS) this.crossZone += event.bytes;
    if (border === BETWEEN_REGIONS) this.crossRegion += event.bytes;
  }

  report(values: MetricValues, answered: number): void {
    const isMeasured = this.isMeasured;
    values["bytes.crossZone"] = isMeasured ? this.crossZone : null;
    values["bytes.crossZone.perOperation"] = isMeasured ? ratio(this.crossZone, answered) : null;
    values["bytes.crossRegion"] = isMeasured ? this.crossRegion : null;
    values["bytes.crossRegion.perOperation"] = isMeasured ? ratio(this.crossRegion, answered) : null;
  }

  copy(): Traffic {
    return Object.assign(new Traffic(this.#zones), this);
  }
}

function borderOf(from: string, to: string): number {
  if (from === "" || to === "" || from === to) return 0;
  return regionOf(from) === regionOf(to) ? BETWEEN_ZONES : BETWEEN_REGIONS;
}

/** The zone `eu-a` lies in the region `eu`; a zone whose name says no region is one of its own. */
function regionOf(zone: string): string {
  const dash = zone.lastIndexOf("-");
  return dash < 0 ? zone : zone.slice(0, dash);
}

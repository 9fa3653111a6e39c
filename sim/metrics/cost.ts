/**
 * What a run would have cost by a price list, and what a million operations cost by it. Clouds bill nodes by the hour,
 * requests by the million, and traffic that crosses the border of a zone or region by the gigabyte (of 10^9 bytes).
 */
import type { MetricInfo, MetricValues } from "./metric.ts";

/** A price list. What has no price is no item. */
export interface Prices {
  /** Its code, such as USD. */
  readonly currency: string;
  readonly perNodeHour?: number | undefined;
  readonly perMillionRequests?: number | undefined;
  readonly perMillionSyncs?: number | undefined;
  readonly perGBAcrossZones?: number | undefined;
  readonly perGBAcrossRegions?: number | undefined;
  readonly perGBWritten?: number | undefined;
}

/** How much there was of what has a price. */
export interface Quantities {
  /** Nodes times virtual time. */
  readonly nodeNs: number;
  /** Clients' requests, with those that were sent again. */
  readonly requests: number;
  readonly syncs: number;
  /** From zone to zone of one region, and from region to region. */
  readonly bytesAcrossZones: number;
  readonly bytesAcrossRegions: number;
  readonly bytesWritten: number;
}

export const costItems = {
  nodes: { price: "perNodeHour", unit: "node hours", what: "the nodes, by the hour of virtual time", quantity: ({ nodeNs }: Quantities) => nodeNs / 3.6e12 },
  requests: { price: "perMillionRequests", unit: "million requests", what: "clients' requests, those sent again included", quantity: ({ requests }: Quantities) => requests / 1e6 },
  syncs: { price: "perMillionSyncs", unit: "million syncs", what: "syncs of the nodes' disks", quantity: ({ syncs }: Quantities) => syncs / 1e6 },
  written: { price: "perGBWritten", unit: "GB", what: "what the nodes wrote to their disks", quantity: ({ bytesWritten }: Quantities) => bytesWritten / 1e9 },
  crossZone: { price: "perGBAcrossZones", unit: "GB", what: "messages from zone to zone of a region", quantity: ({ bytesAcrossZones }: Quantities) => bytesAcrossZones / 1e9 },
  crossRegion: { price: "perGBAcrossRegions", unit: "GB", what: "messages from region to region", quantity: ({ bytesAcrossRegions }: Quantities) => bytesAcrossRegions / 1e9 },
} as const;
export type CostItem = keyof typeof costItems;

const items = Object.keys(costItems) as CostItem[];

export const costMetrics: Readonly<Record<string, MetricInfo>> = {
  "cost.total": { unit: "money", summary: "What the run cost by the scenario's prices." },
  ...described("cost", "What the run cost"),
  "cost.perMillionOperations": { unit: "money", summary: "What a million operations that are answered cost at the rate of this run." },
  ...described("cost.perMillionOperations", "Of what a million operations cost"),
};

function described(prefix: string, what: string): Record<string, MetricInfo> {
  return Object.fromEntries(items.map((item) => [`${prefix}.${item}`, { unit: "money", summary: `${what}: ${costItems[item].what}.` }]));
}

/** The bill of a run. */
export interface Cost {
  readonly currency: string;
  readonly items: readonly CostLine[];
  readonly total: number;
  /** Null where no operation was answered. */
  readonly perMillionOperations: number | null;
}

export interface CostLine {
  readonly item: CostItem;
  /** How much of it, and in which unit. */
  readonly quantity: number;
  readonly unit: string;
  /** Of one unit. */
  readonly price: number;
  readonly cost: number;
  readonly perMillionOperations: number | null;
}

/** The bill by a price list, of what has a price; undefined without one. */
export function costOf(prices: Prices | undefined, quantities: Quantities, answered: number): Cost | undefined {
  if (prices === undefined) return undefined;
  const lines: CostLine[] = [];
  for (const item of items) {
    const { price: key, unit, quantity: measure } = costItems[item];
    const price = prices[key];
    if (price === undefined) continue;
    const quantity = rounded(measure(quantities));
    const cost = rounded(quantity * price);
    lines.push({ item, quantity, unit, price, cost, perMillionOperations: perMillion(cost, answered) });
  }
  const total = rounded(lines.reduce((sum, { cost }) => sum + cost, 0));
  return { currency: prices.currency, items: lines, total, perMillionOperations: perMillion(total, answered) };
}

export function reportCost(values: MetricValues, cost: Cost | undefined): void {
  if (cost === undefined) return;
  values["cost.total"] = cost.total;
  values["cost.perMillionOperations"] = cost.perMillionOperations;
  for (const line of cost.items) {
    values[`cost.${line.item}`] = line.cost;
    values[`cost.perMillionOperations.${line.item}`] = line.perMillionOperations;
  }
}

function perMillion(cost: number, answered: number): number | null {
  return answered === 0 ? null : rounded((cost / answered) * 1e6);
}

/** To twelve digits: 0.3, and not 0.30000000000000004. */
function rounded(amount: number): number {
  return Number(amount.toPrecision(12));
}

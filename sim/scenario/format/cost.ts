/** `cost`: what things are paid for with. */
import type { FieldsShape, FileShape } from "../shape.ts";

const price = (summary: string): FileShape => ({ type: "number", min: 0, summary });

export const cost: FieldsShape = {
  type: "fields",
  noun: "price",
  summary: "A price list, so that the report says what the run cost, and what a million operations do.",
  fields: {
    currency: { type: "text", default: "USD", summary: "The code of the currency that all prices are in." },
    perNodeHour: price("Of a node, by the hour of virtual time."),
    perMillionRequests: price("Of a million requests of clients; those that are sent again are requests too."),
    perMillionSyncs: price("Of a million syncs of the nodes' disks."),
    perGBWritten: price("Of a gigabyte (10^9 bytes) that nodes write to their disks."),
    perGBAcrossZones: price("Of a gigabyte sent from one zone to another of the same region."),
    perGBAcrossRegions: price("Of a gigabyte sent from one region to another. A zone `eu-a` lies in the region `eu`."),
  },
};

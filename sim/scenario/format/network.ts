/** `network`: what messages suffer. */
import { ms } from "../../kernel/time.ts";
import type { FieldsShape, FileShape } from "../shape.ts";

/** The settings of a link; those of a network have defaults, and those of an exception fall back to the network's. */
const settings = {
  latency: { type: "distribution", summary: "One way, per message." },
  loss: { type: "ratio", summary: "The share of messages that are lost." },
  duplicate: { type: "ratio", summary: "The share of messages that arrive twice." },
  corrupt: { type: "ratio", summary: "The share of messages that are changed on their way." },
  checksum: { type: "boolean", summary: "Whether a changed message is noticed, and dropped; false: it is delivered changed." },
  bandwidth: { type: "bandwidth", summary: "Of each direction between two endpoints, in bits (1Gbps) or bytes (10MiB/s) a second. Default: no limit." },
  queue: { type: "size", summary: "Bytes that may wait for a link with a bandwidth; what finds it full is dropped. Default: no limit." },
  fifo: { type: "boolean", summary: "Connections that keep the order and send again what is lost, as TCP does; false: datagrams." },
} as const satisfies { readonly [name: string]: FileShape };

const withDefaults = {
  ...settings,
  loss: { ...settings.loss, default: 0 },
  duplicate: { ...settings.duplicate, default: 0 },
  corrupt: { ...settings.corrupt, default: 0 },
  checksum: { ...settings.checksum, default: true },
  fifo: { ...settings.fifo, default: false },
} as const;

const zoneLink: FileShape = {
  type: "either",
  scalar: { type: "distribution", summary: "One way, both ways alike." },
  map: { type: "fields", fields: settings, summary: "Any settings of a link." },
};

export const ZONE_PATTERN = "^[A-Za-z][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*$";

export const network: FieldsShape = {
  type: "fields",
  summary: "What messages between nodes suffer, and clients' messages the latency of.",
  fields: {
    ...withDefaults,
    latency: { ...settings.latency, default: { type: "lognormal", median: ms(1), p99: ms(5) } },
    links: {
      type: "list",
      of: {
        type: "fields",
        fields: {
          from: { type: "ends", summary: "Who sends: a node, a client, all, zone(eu), or a list of those." },
          to: { type: "ends", summary: "Who receives." },
          ...settings,
        },
        required: ["from", "to"],
      },
      summary: "Exceptions, each for one direction; the first that matches wins, and what it leaves out is as elsewhere.",
    },
    zones: {
      type: "fields",
      fields: {},
      others: { pattern: ZONE_PATTERN, shape: zoneLink, shapeOf: () => zoneLink },
      summary: "Latency, or any settings, between two zones or regions (eu-us: 80ms), both ways, or within one (eu: 1ms). The most particular wins.",
    },
  },
};

/** `workload.network` */
export const clientNetwork: FieldsShape = {
  type: "fields",
  summary: "What clients' messages suffer.",
  fields: { ...withDefaults, latency: { ...settings.latency, summary: "One way, per message. Default: that of `network`." } },
  elsewhere: {
    links: "exceptions stand under `network.links`, and may name clients",
    zones: "zones stand under `network.zones`, and `workload.at` says who stands where",
  },
};

/** `workload.at` */
export const clientZones: FieldsShape = {
  type: "fields",
  fields: {},
  others: { pattern: ZONE_PATTERN, shape: { type: "integer", min: 0 }, shapeOf: () => ({ type: "integer", min: 0 }) },
  summary: "How many clients stand in a zone or region, the first ones first; the others stand nowhere, and have the network's latency.",
};

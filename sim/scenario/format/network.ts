/** `network`: what messages suffer. */
import { ms } from "../../kernel/time.ts";
import type { FieldsShape, FileShape } from "../shape.ts";

const share = (summary: string): FileShape => ({ type: "ratio", default: 0, summary });

export const network: FieldsShape = {
  type: "fields",
  summary: "What messages between nodes suffer, and clients' messages the latency of.",
  fields: {
    latency: { type: "distribution", default: { type: "lognormal", median: ms(1), p99: ms(5) }, summary: "One way, per message." },
    loss: share("The share of messages that are lost."),
    duplicate: share("The share of messages that arrive twice."),
  },
};

/** `workload.network` */
export const clientNetwork: FieldsShape = {
  type: "fields",
  summary: "What clients' messages suffer.",
  fields: {
    latency: { type: "distribution", summary: "One way, per message. Default: that of `network`." },
    loss: share("The share of messages that are lost."),
    duplicate: share("The share of messages that arrive twice."),
  },
};

/** What a node stands on: `clocks`, `disk`, `cpu`. */
import { ms } from "../../kernel/time.ts";
import type { FieldsShape } from "../shape.ts";

export const clocks: FieldsShape = {
  type: "fields",
  summary: "The nodes' own clocks; each node draws its own from the ranges.",
  fields: {
    offset: { type: "durationRange", signed: true, default: [0, 0], summary: "How far a clock is ahead from the start." },
    drift: { type: "driftRange", default: [0, 0], summary: "How much too fast a clock runs." },
  },
};

export const disk: FieldsShape = {
  type: "fields",
  summary: "The nodes' disks.",
  fields: {
    sync: { type: "distribution", default: { type: "constant", value: ms(1) }, summary: "How long a sync takes." },
    write: { type: "distribution", default: { type: "constant", value: 0 }, summary: "Added before the sync, per write." },
  },
};

export const cpu: FieldsShape = {
  type: "fields",
  summary: "The nodes' CPUs: what a message costs, so that nodes queue, saturate and slow down. Without it messages cost nothing.",
  fields: {
    perMessage: { type: "distribution", summary: "Service time of a message: its handler runs when that is over." },
    cores: { type: "integer", min: 1, max: 1_000, default: 1, summary: "As many messages are served at a time; with more than one, those of an ordered connection may be handled out of order." },
    inbox: { type: "integer", min: 0, default: 1_000, summary: "Messages that may wait; what finds the inbox full is shed." },
  },
  required: ["perMessage"],
};

/** What a node stands on: `clocks`, `disk`. */
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

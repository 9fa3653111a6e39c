/** The rate of an open loop: one for good, or stages. */
import { isSeq } from "yaml";
import type { RateStage } from "../world/config.ts";
import type { Reader } from "./reader.ts";
import type { FieldsShape, ShapeOf } from "./shape.ts";
import type { Spot } from "./spot.ts";
import { found, textOf } from "./spot.ts";

/** One stage, as `{ for: 5s, rate: 100/s..1000/s }`. */
export const rateStage: FieldsShape = {
  type: "fields",
  required: ["rate"],
  fields: {
    for: { type: "duration", min: 1, summary: "How long it lasts. The last one may leave it out: to the end of the workload." },
    rate: { type: "rateRamp", summary: "Operations a second, all clients together; a range is a ramp from its first to its second rate." },
  },
};

export function readRates(_shape: ShapeOf<"rates">, spot: Spot, reader: Reader): number | RateStage[] | undefined {
  if (textOf(spot) !== undefined) return reader.read({ type: "rate" }, spot) as number | undefined;
  if (!isSeq(spot.node)) return reader.report(spot, `expected a rate such as 200/s, or a list of stages, found ${found(spot)}`, "a stage is { for: 5s, rate: 100/s..1000/s }");
  const { items } = spot.node;
  if (items.length === 0) return reader.report(spot, "no stage is given", "a stage is { for: 5s, rate: 100/s..1000/s }");
  const stages = items.map((item, position) => readStage(reader.below(spot, item, position), position === items.length - 1, reader));
  if (stages.some((stage) => stage === undefined)) return undefined;
  const read = stages as RateStage[];
  if (read.every(({ from, to }) => from === 0 && to === 0)) return reader.report(spot, "all rates are 0: some operation must happen");
  return read;
}

function readStage(spot: Spot, isLast: boolean, reader: Reader): RateStage | undefined {
  const held = reader.read(rateStage, spot) as { readonly for?: number; readonly rate?: readonly [number, number] } | undefined;
  if (held === undefined) return undefined;
  const { rate } = held;
  const hasEnd = reader.keyAt(`${spot.path}.for`) !== undefined;
  if (!hasEnd && !isLast) return reader.report(spot, "this stage does not say how long it lasts, and another follows: `for` is missing");
  if (rate === undefined || (hasEnd && held.for === undefined)) return undefined;
  if (!hasEnd && rate[0] !== rate[1]) return reader.report(reader.spotOf(`${spot.path}.rate`), "a ramp has an end: `for` is missing");
  return { lasts: held.for, from: rate[0], to: rate[1] };
}

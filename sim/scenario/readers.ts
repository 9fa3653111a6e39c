/** The table of readers, one for each shape. */
import { isMap, isSeq } from "yaml";
import { readFault, readFields } from "./collections.ts";
import { readMetric, readOneOrMany, readVary } from "./experiment/read.ts";
import { leaves } from "./leaves.ts";
import type { Reader, Readers } from "./reader.ts";
import type { ShapeOf } from "./shape.ts";
import type { Spot } from "./spot.ts";
import { found } from "./spot.ts";

function readEither(shape: ShapeOf<"either">, spot: Spot, reader: Reader): unknown {
  return reader.read(isMap(spot.node) ? shape.map : shape.scalar, spot);
}

function readList(shape: ShapeOf<"list">, spot: Spot, reader: Reader): unknown {
  if (!isSeq(spot.node)) return reader.report(spot, `expected a list, found ${found(spot)}`);
  return spot.node.items.map((item, position) => reader.read(shape.of, reader.below(spot, item, position)));
}

export const readers: Readers = {
  ...leaves,
  fields: readFields,
  fault: readFault,
  either: readEither,
  list: readList,
  oneOrMany: readOneOrMany,
  metric: readMetric,
  vary: readVary,
  anything: () => undefined,
};

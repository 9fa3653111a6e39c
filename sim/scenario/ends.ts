/** One side of an exception among the links: `n1`, `[n1, c2]`, `all`, `zone(eu)`. */
import { isSeq } from "yaml";
import type { Reader } from "./reader.ts";
import { readCall } from "./selectors.ts";
import type { ShapeOf } from "./shape.ts";
import type { Spot } from "./spot.ts";
import { found, textOf } from "./spot.ts";
import { QuantityError } from "./quantities.ts";

/** Some endpoints: `all` are the nodes; a zone's are its nodes, and the clients that stand in it. */
export type End = { readonly type: "name"; readonly name: string } | { readonly type: "zone"; readonly zone: string } | { readonly type: "all" };

export function readEnds(_shape: ShapeOf<"ends">, spot: Spot, reader: Reader): End[] | undefined {
  if (isSeq(spot.node) && spot.node.items.length === 0) return reader.report(spot, "an empty list names no end of a link");
  const spots = isSeq(spot.node) ? spot.node.items.map((item, position) => reader.below(spot, item, position)) : [spot];
  const ends = spots.map((one) => readEnd(one, reader)).filter((end) => end !== undefined);
  return ends.length === spots.length ? ends : undefined;
}

function readEnd(spot: Spot, reader: Reader): End | undefined {
  const text = textOf(spot);
  if (text === undefined) return reader.report(spot, `expected a node, a client, all or zone(eu), found ${found(spot)}`);
  if (text === "all") return { type: "all" };
  try {
    const call = readCall(text, ["zone"]);
    if (call === undefined) {
      reader.selected.push({ spot, name: text });
      return { type: "name", name: text };
    }
    const { zone } = call as { readonly zone: string };
    reader.selected.push({ spot, zone });
    return { type: "zone", zone };
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    return reader.reportPart(spot, error);
  }
}

/** Readers of what only an experiment has. */
import { isMap, isScalar, isSeq } from "yaml";
import { metricInfo, metrics } from "../../metrics/index.ts";
import { didYouMean } from "../diagnostics.ts";
import { MOST_CELLS } from "../format/experiment.ts";
import { quote } from "../quantities.ts";
import type { Reader } from "../reader.ts";
import type { ShapeOf } from "../shape.ts";
import type { Spot } from "../spot.ts";
import { extent, found, textOf } from "../spot.ts";
import { variedPaths } from "./vary.ts";

export function readOneOrMany(shape: ShapeOf<"oneOrMany">, spot: Spot, reader: Reader): unknown[] | undefined {
  if (!isSeq(spot.node)) {
    const one = reader.read(shape.of, spot);
    return one === undefined ? undefined : [one];
  }
  if (spot.node.items.length === 0) return reader.report(spot, "this list is empty");
  return spot.node.items.map((item, position) => reader.read(shape.of, reader.below(spot, item, position))).filter((one) => one !== undefined);
}

export function readMetric({ served }: ShapeOf<"metric">, spot: Spot, reader: Reader): string | undefined {
  const name = textOf(spot);
  if (name === undefined) return reader.report(spot, `expected a metric's name such as latency.p99, found ${found(spot)}`);
  const operation = /^latency\.([^.]+)\.[^.]+$/.exec(name)?.[1];
  if (metricInfo(name) === undefined) return reader.report(spot, `unknown metric ${quote(name)}${didYouMean(name, Object.keys(metrics))}`, "`splitbrain list metrics` shows them");
  if (operation === undefined || served === undefined || served.includes(operation)) return name;
  return reader.report(spot, `the protocol does not serve the operation ${quote(operation)}${didYouMean(operation, served)}`);
}

/** What would not be an experiment: seeds are what `repeat` is for, and an experiment has no experiments. */
const notVaried: { readonly [key: string]: string } = {
  seed: "each cell is run under `repeat` seeds, which are the same for all",
  experiment: "an experiment cannot vary itself",
  version: "the format is what it is",
};

/** True where it is right: what it holds is read from the document. */
export function readVary(_shape: ShapeOf<"vary">, spot: Spot, reader: Reader): true | undefined {
  if (!isMap(spot.node)) return reader.report(spot, `expected paths with their values, such as { network.loss: [0%, 1%] }, found ${found(spot)}`);
  const { length } = reader.diagnostics;
  const seen = new Set<string>();
  for (const { key, value } of spot.node.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const keySpot = reader.below(spot, key, name);
    if (seen.has(name)) reader.report(keySpot, `the path ${quote(name)} stands twice`);
    seen.add(name);
    const why = notVaried[name.split(".")[0] as string];
    if (why !== undefined) reader.report(keySpot, `${quote(name)} cannot vary: ${why}`);
    checkChoices(name, reader.below(spot, value ?? key, name), reader);
  }
  if (spot.node.items.length === 0) reader.report(spot, "nothing varies here");
  const cells = variedPaths(reader.document).reduce((product, { choices }) => product * choices.length, 1);
  if (cells > MOST_CELLS) reader.report(spot, `these are ${cells} combinations; ${MOST_CELLS} at most are run`);
  return reader.diagnostics.length === length ? true : undefined;
}

function checkChoices(path: string, spot: Spot, reader: Reader): void {
  const { node } = spot;
  if (!isSeq(node) && !isMap(node)) {
    const [from, to] = extent(node);
    const text = spot.source.text.slice(from + spot.source.offset, to + spot.source.offset);
    return void reader.report(spot, `expected a list of values for ${quote(path)}, or a map of names to values, found ${found(spot)}`, isScalar(node) ? `[${text}]` : undefined);
  }
  if (node.items.length === 0) return void reader.report(spot, `there is no value for ${quote(path)}`);
  const items = isSeq(node) ? node.items.map((item) => reader.below(spot, item, "")) : node.items.map(({ key, value }) => reader.below(spot, value ?? key, ""));
  const labels = new Set<string>();
  for (const item of items) {
    if (item.node === null || (isScalar(item.node) && item.node.value === null)) reader.report(item, "a value is missing here");
    const label = isScalar(item.node) ? textOf(item) : JSON.stringify(item.node?.toJS(reader.document.yaml));
    if (label === undefined) continue;
    if (isSeq(node) && labels.has(label)) reader.report(item, `the value ${quote(label)} stands twice`);
    labels.add(label);
  }
}

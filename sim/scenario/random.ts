/**
 * `random`: a schedule of faults drawn from the seed. It is drawn when the file is read, and put in the place of the
 * `random` item as the faults that a person would have written there: what is then read, run, recorded and reported is a
 * file with an explicit list, so that replaying that list gives the same digest.
 */
import type { Node } from "yaml";
import { Alias, isMap, isSeq, visit } from "yaml";
import type { YAMLSeq } from "yaml";
import { Streams } from "../kernel/stream.ts";
import type { AnyProtocol } from "../protocol.ts";
import type { ScenarioDocument } from "./document.ts";
import type { ScenarioFile } from "./file.ts";
import { paramsOf, randomItems, sceneOf, type RandomParams } from "./random/item.ts";
import { drawable } from "./random/kinds.ts";
import { drawSchedule, type DrawnFault } from "./random/schedule.ts";
import type { Scene } from "./random/victims.ts";
import { windowOf } from "./random/window.ts";
import type { Reader } from "./reader.ts";
import type { RandomSchedule } from "./scenario.ts";

/** A file whose random schedules have been drawn. */
export interface DrawnFile {
  /** The scenario's text with the explicit list. */
  readonly text: string;
  readonly random: RandomSchedule;
}

/** Draws every random schedule of a file without mistakes. Undefined where it has none. The document is changed. */
export function drawRandom(file: ScenarioFile, protocol: AnyProtocol, reader: Reader): DrawnFile | undefined {
  const items = randomItems(file);
  if (items.length === 0) return undefined;
  const scene = sceneOf(file, protocol, reader.zones);
  const streams = new Streams(file.seed as number);
  const seen = new Map<string, number>();
  const schedules = items.map(([position, item]): [number, DrawnFault[]] => {
    const { kinds: asked, ...params } = paramsOf(item) as Required<RandomParams>;
    const kinds = Object.keys(drawable).filter((kind) => asked?.includes(kind) ?? isUsual(kind, scene));
    // Named for what it says, however it is written; equal items are told apart by their number, as faults are.
    const { at, for: lasts, between } = item.common;
    const text = JSON.stringify([asked === undefined ? "usual" : kinds, params.intensity, params.phases, params.heal, at, lasts, between]);
    const nth = (seen.get(text) ?? 0) + 1;
    seen.set(text, nth);
    const root = `faults/random/${text}${nth === 1 ? "" : `#${nth}`}`;
    const stream = streams.get(root);
    const { from, until } = windowOf(file, item, reader) as NonNullable<ReturnType<typeof windowOf>>;
    const [fromNs, untilNs] = [stream.between(...from), stream.between(...until)];
    const name = item.common["name"] as string | undefined;
    return [position, drawSchedule({ ...params, kinds, name, fromNs, untilNs }, scene, stream, streams.get(`${root}/moments`))];
  });
  const list = reader.spotOf("faults").node as YAMLSeq<Node>;
  replaceItems(reader.document, list, new Map(schedules));
  const schedule = list.toJS(reader.document.yaml) as object[];
  const kinds = countKinds(schedules.flatMap(([, drawn]) => drawn));
  return { text: reader.document.yaml.toString({ lineWidth: 0 }), random: { schedule, kinds } };
}

/** Where `kinds` is left out: what makes sense for the scenario, and what a protocol can be asked to survive. */
function isUsual(kind: string, scene: Scene): boolean {
  const { lacks, isOnlyNamed } = drawable[kind] as (typeof drawable)[string];
  return lacks?.(scene) === undefined && isOnlyNamed?.(scene) !== true;
}

function countKinds(drawn: readonly DrawnFault[]): RandomSchedule["kinds"] {
  const counts = Object.keys(drawable).map((kind) => ({ kind, count: drawn.filter((fault) => Object.hasOwn(fault, kind)).length }));
  return counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
}

/** Puts the faults in the place of the items that they were drawn for. */
function replaceItems(document: ScenarioDocument, list: YAMLSeq<Node>, schedules: ReadonlyMap<number, readonly DrawnFault[]>): void {
  keepAnchors(document, list.items.filter((_, position) => schedules.has(position)).map((item) => document.resolve(item)));
  const { yaml } = document;
  // A file in braces, such as JSON, has no room for comments; any other gets a fault a line.
  const isInBraces = isMap(document.root) && document.root.flow === true;
  if (!isInBraces) list.flow = false;
  list.items = list.items.flatMap((item, position) => {
    const drawn = schedules.get(position);
    if (drawn === undefined) return [item];
    const nodes = drawn.map((fault) => yaml.createNode(fault, { flow: true, aliasDuplicateObjects: false }) as Node);
    const [first] = nodes;
    if (first !== undefined && !isInBraces) first.commentBefore = commentOf(document, item, nodes.length);
    return nodes;
  });
}

/** What stood there, as a comment: what was said about it, and the item itself. */
function commentOf(document: ScenarioDocument, item: Node, count: number): string {
  const text = JSON.stringify(document.resolve(item)?.toJS(document.yaml));
  const said = item.commentBefore ?? "";
  return `${said === "" ? "" : `${said}\n`} ${count} drawn in the place of ${text}`;
}

/** Aliases elsewhere of what is taken out get a copy of it. */
export function keepAnchors(document: ScenarioDocument, removed: readonly (Node | null)[]): void {
  const gone = new Set<unknown>();
  for (const item of removed) {
    if (isMap(item) || isSeq(item)) visit(item, { Node: (_, node) => void gone.add(node) });
  }
  visit(document.yaml, {
    Alias(_, alias: Alias) {
      const target = document.resolve(alias);
      if (target === null || !gone.has(target)) return undefined;
      const copy = target.clone() as Node & { anchor?: string };
      delete copy.anchor;
      return copy;
    },
  });
}

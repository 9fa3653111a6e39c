/** Whom a fault strikes: `leader`, `random(2)`, `[n1, follower]`. Names are held against the nodes at the end. */
import { isSeq } from "yaml";
import type { Selector } from "../world/config.ts";
import { faults } from "../world/faults/index.ts";
import { didYouMean, oneOf } from "./diagnostics.ts";
import { parseCall } from "./distributions.ts";
import { failAt, piece, QuantityError, quote } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import type { ShapeOf } from "./shape.ts";
import type { Spot } from "./spot.ts";
import { found, textOf } from "./spot.ts";
import { checkZone } from "./zones.ts";

export const selectorWords = ["leader", "followers", "follower", "random", "minority", "majority", "all", "rest"] as const;

const CALL = { random: "random(2)", zone: "zone(eu)" } as const;
const CALLS = Object.values(CALL).join(", ");

/** True for what no node may be called. */
export function isSelectorWord(name: string): boolean {
  return (selectorWords as readonly string[]).includes(name);
}

export function readSelector(_shape: ShapeOf<"selector">, spot: Spot, reader: Reader): Selector | undefined {
  if (!isSeq(spot.node)) return readOne(spot, reader);
  if (spot.node.items.length === 0) return reader.report(spot, "an empty list selects nobody");
  const all = spot.node.items.map((item, position) => readOne(reader.below(spot, item, position), reader));
  const of = all.filter((one) => one !== undefined);
  return of.length === all.length ? { type: "list", of } : undefined;
}

function readOne(spot: Spot, reader: Reader): Selector | undefined {
  const text = textOf(spot);
  const words = `selectors: ${selectorWords.join(", ")}, ${CALLS}`;
  if (text === undefined) return reader.report(spot, `expected a node or a selector, found ${found(spot)}`, words);
  if (text === "random") return { type: "random", count: 1 };
  if (isSelectorWord(text)) return { type: text } as Selector;
  try {
    const call = readCall(text, ["random", "zone"]);
    reader.selected.push({ spot, ...(call ?? { name: text }) });
    if (call === undefined) return { type: "node", node: text };
    return "count" in call ? { type: "random", count: call.count } : { type: "zone", zone: call.zone };
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    return reader.reportPart(spot, error);
  }
}

/** What `random(2)` or `zone(eu)` says; undefined where the text is a name. Throws a QuantityError on a call that is none of these. */
export function readCall(text: string, calls: readonly ("random" | "zone")[]): { readonly count: number } | { readonly zone: string } | undefined {
  const call = parseCall(piece(text));
  if (call === undefined) return undefined;
  const name = calls.find((known) => known === call.name.text);
  if (name === undefined) failAt(call.name, `unknown selector ${quote(call.name.text)}${didYouMean(call.name.text, calls)}`, `expected ${oneOf(calls.map((known) => CALL[known]))}`);
  const [argument, second] = call.arguments;
  if (name === "zone") {
    if (argument === undefined || second !== undefined) failAt(piece(text), "zone takes one zone or region: zone(eu)");
    return { zone: argument.text };
  }
  if (argument === undefined || second !== undefined) failAt(piece(text), "random takes one count: random(2)");
  const isCount = /^\d+$/.test(argument.text) && Number(argument.text) >= 1;
  if (!isCount) failAt(argument, `random takes a count from 1 on, found ${quote(argument.text)}`);
  return { count: Number(argument.text) };
}

/** `[[leader, n2], rest]` */
export function readGroups({ count }: ShapeOf<"groups">, spot: Spot, reader: Reader): Selector[] | undefined {
  const example = count === 3 ? "[[n1, n2], n3, [n4, n5]]" : "[[leader, n2], rest]";
  if (!isSeq(spot.node)) return reader.report(spot, `expected groups such as ${example}, found ${found(spot)}`);
  const { length } = spot.node.items;
  if (count !== undefined && length !== count) return reader.report(spot, `expected ${count} groups such as ${example}, found ${length}`);
  if (length === 0) return reader.report(spot, "a partition needs a group");
  const all = spot.node.items.map((item, position) => readSelector({ type: "selector" }, reader.below(spot, item, position), reader));
  const groups = all.filter((group) => group !== undefined);
  if (groups.filter(({ type }) => type === "rest").length > 1) return reader.report(spot, "`rest` stands twice; there is only one rest");
  return groups.length === all.length ? groups : undefined;
}

/** `[n1, n2]` */
export function readLink(_shape: ShapeOf<"link">, spot: Spot, reader: Reader): [Selector, Selector] | undefined {
  const items = isSeq(spot.node) ? spot.node.items : [];
  if (items.length !== 2) return reader.report(spot, `expected a link's two ends such as [n1, n2], found ${found(spot)}`);
  const [from, to] = items.map((item, position) => readSelector({ type: "selector" }, reader.below(spot, item, position), reader));
  return from === undefined || to === undefined ? undefined : [from, to];
}

/** What selectors may name. Undefined where the file is wrong about it. */
export interface Cast {
  readonly nodes: readonly string[] | undefined;
  readonly clients: number | undefined;
  /** Zones and regions. */
  readonly zones: readonly string[];
}

/** Every name in a selector must be a node's, or a client's where clients can be struck; every zone one; no more may be drawn than there are. */
export function checkSelected(reader: Reader, cast: Cast): void {
  for (const { spot, name, zone, count } of reader.selected) {
    if (zone !== undefined && cast.nodes !== undefined) checkZone(reader, spot, zone, cast.zones);
    if (name !== undefined) checkName(reader, spot, name, cast);
    const nodes = cast.nodes?.length ?? Infinity;
    if (count !== undefined && count > nodes) reader.report(spot, `there are only ${nodes} nodes; ${quote(textOf(spot) as string)} asks for more`);
  }
}

function checkName(reader: Reader, spot: Spot, name: string, { nodes, clients, zones }: Cast): void {
  if (nodes === undefined || nodes.includes(name)) return;
  const [part, kind] = spot.where.split(".") as [string, string];
  const client = /^c([1-9]\d*)$/.exec(name);
  if (client !== null && part === "faults" && faults[kind]?.strikesClients !== true) {
    const striking = Object.values(faults).filter(({ strikesClients }) => strikesClients === true);
    const cure = `clients stand outside; only ${oneOf(striking.map((fault) => fault.kind), "and")} may name them`;
    return reader.report(spot, `a fault of the kind \`${kind}\` cannot strike a client`, cure);
  }
  if (client !== null) {
    if (clients === undefined || Number(client[1]) <= clients) return;
    const cure = clients === 0 ? "the workload has no clients" : `clients: c1 to c${clients}`;
    return reader.report(spot, `there is no client ${quote(name)}`, cure);
  }
  const listed = nodes.length > 10 ? `${nodes.slice(0, 3).join(", ")}, … ${nodes[nodes.length - 1]}` : nodes.join(", ");
  const words = part === "faults" ? selectorWords : ["all"];
  // Where only a number differs, no node is meant more than another.
  const candidates = [...nodes.filter((node) => letters(node) !== letters(name)), ...words];
  const cure = `nodes: ${listed}; or ${words.join(", ")}, ${part === "faults" ? CALLS : CALL.zone}`;
  if (zones.includes(name)) return reader.report(spot, `there is no node ${quote(name)}, did you mean \`zone(${name})\`?`, cure);
  return reader.report(spot, `there is no node ${quote(name)}${didYouMean(name, candidates)}`, cure);
}

const letters = (name: string): string => name.replace(/\d/g, "");

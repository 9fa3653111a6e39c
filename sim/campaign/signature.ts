/**
 * A cluster's state as a campaign tells states apart: small and abstract, so that runs that differ in names, counts and
 * times alone come by the same ones, and a new one is news.
 */
import type { Value } from "../protocol.ts";
import { hash32 } from "./hash.ts";

/** What one node is to show of itself; undefined while it is down. */
export type NodeSignature = Value | undefined;

/**
 * The cluster's signature, as eight hexadecimal digits. Of each node's fields numbers count by their rank among the nodes
 * alone (whose term is higher, whose log is longer), everything else as it is, and the nodes have no order and no names.
 */
export function clusterSignature(nodes: readonly NodeSignature[]): string {
  const fields = nodes.map(fieldsOf);
  const ranks = ranksOf(fields);
  const texts = fields.map((of) => (of === undefined ? "down" : of.map(([name, value]) => textOf(name, value, ranks)).join(" ")));
  return hash32(texts.sort().join("\n"));
}

type Fields = readonly (readonly [name: string, value: Value])[];

function fieldsOf(signature: NodeSignature): Fields | undefined {
  if (signature === undefined) return undefined;
  const isRecord = typeof signature === "object" && signature !== null && !Array.isArray(signature);
  return isRecord ? Object.entries(signature) : [["", signature]];
}

type Ranks = ReadonlyMap<string, readonly number[]>;

/** The different numbers of each field, in order. */
function ranksOf(nodes: readonly (Fields | undefined)[]): Ranks {
  const numbers = new Map<string, number[]>();
  for (const [name, value] of nodes.flatMap((fields) => fields ?? [])) {
    if (typeof value !== "number") continue;
    const known = numbers.get(name);
    if (known === undefined) numbers.set(name, [value]);
    else if (!known.includes(value)) known.push(value);
  }
  for (const known of numbers.values()) known.sort((a, b) => a - b);
  return numbers;
}

function textOf(name: string, value: Value, ranks: Ranks): string {
  return `${name}=${typeof value === "number" ? ranks.get(name)?.indexOf(value) : JSON.stringify(value)}`;
}

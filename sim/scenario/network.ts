/** The network between nodes, with what the file leaves out filled in; and where everybody stands. */
import type { LinkConfig, NetworkConfig } from "../world/config.ts";
import { isWithin } from "../world/link.ts";
import type { End } from "./ends.ts";
import type { LinkFile, NetworkFile, ScenarioFile } from "./file.ts";
import type { Reader } from "./reader.ts";
import { checkZone, checkZonePairs, sidesOf, withRegions } from "./zones.ts";

/** A link of which nothing is said but how long a message takes. */
export function plainLink(latency: LinkConfig["latency"]): LinkConfig {
  return { latency, loss: 0, duplicate: 0, corrupt: 0, checksum: true, fifo: false };
}

/** The endpoints, nodes first, and where they stand. */
export interface Places {
  readonly names: readonly string[];
  readonly nodes: number;
  /** Of each endpoint; "" for one that stands in none. */
  readonly zones: readonly string[];
}

/** Only for a file without mistakes. */
export function placesOf({ nodes = [], workload }: ScenarioFile, clients: number, reader: Reader): Places {
  const at = Object.entries(workload?.at ?? {}).flatMap(([zone, count]) => new Array<string>(count ?? 0).fill(zone));
  const names = [...nodes, ...Array.from({ length: clients }, (_, position) => `c${position + 1}`)];
  const zones = names.map((_, position) => (position < nodes.length ? reader.zones[position] : at[position - nodes.length]) ?? "");
  return { names, nodes: nodes.length, zones };
}

/** Only for a file without mistakes. */
export function networkConfig(file: ScenarioFile, places: Places): NetworkConfig {
  const { links = [], zones = {}, ...usual } = file.network as NetworkFile & Pick<LinkConfig, "latency">;
  const known = withRegions(places.zones);
  const pairs = Object.entries(zones).flatMap(([key, value]) => {
    const [sides] = sidesOf(key, known);
    if (sides === undefined || value === undefined) return []; // Nodes stand in no zones here.
    return [{ a: sides[0], b: sides[1], link: "type" in value ? { latency: value } : value }];
  });
  return { ...plainLink(usual.latency), ...usual, links: links.flatMap((link) => exceptions(link, places)), zones: pairs };
}

/**
 * One exception of the file. Clients that it names have all of it; those that only stand in a zone of it take its
 * latency alone, for all else is said of them in `workload.network`.
 */
function exceptions({ from = [], to = [], ...link }: LinkFile & { readonly from?: readonly End[]; readonly to?: readonly End[] }, places: Places): NetworkConfig["links"][number][] {
  const [allFrom, allTo] = [from, to].map((ends) => places.names.filter((_, index) => ends.some((end) => isAt(end, index, places)))) as [string[], string[]];
  const isWhole = (ends: readonly End[]) => (name: string): boolean => {
    const isNamed = ends.some((end) => end.type === "name" && end.name === name);
    return isNamed || places.names.indexOf(name) < places.nodes;
  };
  const [wholeFrom, wholeTo] = [allFrom.filter(isWhole(from)), allTo.filter(isWhole(to))];
  const whole = { from: wholeFrom, to: wholeTo, link };
  if (wholeFrom.length === allFrom.length && wholeTo.length === allTo.length) return [whole];
  return [whole, { from: allFrom, to: allTo, link: link.latency === undefined ? {} : { latency: link.latency } }];
}

function isAt(end: End, index: number, { names, nodes, zones }: Places): boolean {
  if (end.type === "name") return names[index] === end.name;
  return end.type === "all" ? index < nodes : isWithin(zones[index] as string, end.zone);
}

/** What may be named as a zone in this file. */
export function knownZones({ workload }: ScenarioFile, reader: Reader): string[] {
  return withRegions([...reader.zones, ...Object.keys(workload?.at ?? {})]);
}

/** Notes what contradicts itself in the network, and zones that nobody stands in. */
export function checkNetwork(file: ScenarioFile, clients: number | undefined, reader: Reader): void {
  checkLink(file.network, "network", reader);
  checkLink(file.workload?.network, "workload.network", reader);
  (file.network?.links ?? []).forEach((link, position) => checkLink(link, `network.links.${position}`, reader));
  for (const key of Object.keys(file.network?.zones ?? {})) checkLink(file.network?.zones?.[key], `network.zones.${key}`, reader);
  checkQueues(file, reader);
  checkPlaced(file, clients, reader);
  if (file.nodes !== undefined) checkZones(file, reader);
}

/** A connection delivers everything once. */
function checkLink(link: unknown, path: string, reader: Reader): void {
  const { duplicate = 0, fifo } = (link ?? {}) as LinkFile;
  if (fifo !== true || duplicate === 0) return;
  reader.report(reader.spotOf(`${path}.duplicate`), "`duplicate` and `fifo: true` exclude each other: a connection delivers everything once");
}

/** A link without a limit keeps nobody waiting. */
function checkQueues({ network, workload }: ScenarioFile, reader: Reader): void {
  const all: [path: string, link: LinkFile | undefined][] = [
    ["network", network],
    ...(network?.links ?? []).map((link, position): [string, LinkFile] => [`network.links.${position}`, link]),
    ...Object.entries(network?.zones ?? {}).map(([key, link]): [string, LinkFile] => [`network.zones.${key}`, (link ?? {}) as LinkFile]),
    ["workload.network", workload?.network],
  ];
  // What one of these leaves out may come from another.
  if (all.some(([path]) => reader.keyAt(`${path}.bandwidth`) !== undefined)) return;
  for (const [path] of all) {
    const key = reader.keyAt(`${path}.queue`);
    if (key !== undefined) reader.report(key, "`queue` goes with `bandwidth`, which is missing: without a limit nothing waits");
  }
}

function checkPlaced({ workload }: ScenarioFile, clients: number | undefined, reader: Reader): void {
  const placed = Object.values(workload?.at ?? {}).reduce<number>((sum, count) => sum + (count ?? 0), 0);
  if (clients === undefined || placed <= clients) return;
  reader.report(reader.spotOf("workload.at"), `${placed} clients stand in zones here; there ${clients === 1 ? "is only 1" : `are only ${clients}`}`);
}

/**
 * Where nodes stand in zones, every zone that is named must be one of theirs, or one where clients stand of which
 * `network.zones` speaks. Where they stand in none, a table of latencies says nothing yet, and is no mistake.
 */
function checkZones(file: ScenarioFile, reader: Reader): void {
  if (reader.zones.length === 0) return;
  const pairs = Object.keys(file.network?.zones ?? {});
  const known = knownZones(file, reader);
  const ofNodes = withRegions(reader.zones);
  for (const zone of Object.keys(file.workload?.at ?? {})) {
    if (pairs.some((key) => sidesOf(key, known).some((sides) => sides.includes(zone)))) continue;
    const hint = `zones: ${ofNodes.join(", ")}; one without nodes must stand in \`network.zones\``;
    checkZone(reader, reader.keyAt(`workload.at.${zone}`) ?? reader.spotOf("workload.at"), zone, ofNodes, hint);
  }
  checkZonePairs(reader, pairs, known);
}

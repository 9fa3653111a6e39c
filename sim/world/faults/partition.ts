import type { Selector } from "../config.ts";
import { isWithin } from "../link.ts";
import { selectGroups } from "../select.ts";
import type { World } from "../world.ts";
import { NOBODY, type FaultDefinition } from "./fault.ts";

/**
 * Groups of nodes that do not see each other. A node in no group sees nobody; a client in no group sees everybody, unless
 * `workload.at` puts it in a zone: then it goes with the nodes of that zone, where these stay together.
 * What is in flight across the cut when it falls is lost if it would arrive while the cut lasts.
 */
export const partition: FaultDefinition = {
  kind: "partition",
  summary: "Groups of nodes that do not see each other; a node in no group sees nobody.",
  source: "Brewer, “Towards robust distributed systems”, PODC 2000; Jepsen's partition nemesis.",
  params: { type: "groups", summary: "Who sees each other. A node in no group sees nobody." },
  strikesClients: true,
  choose(world, fault) {
    const groups = selectGroups(world, fault.params.value as readonly Selector[], fault.stream);
    if (groups === undefined) return NOBODY;
    const placed = withClients(world, groups);
    return { nodes: placed[0] ?? [], groups: placed, did: cutsOf(world, placed).length > 0 };
  },
  begin(world, fault, { groups }) {
    if (groups !== undefined) for (const [a, b] of cutsOf(world, groups)) world.network.cut(fault.id, a, b);
  },
  end(world, fault) {
    world.network.mend(fault.id);
  },
};

/** A client that stands in a zone, and in no group, goes with the nodes of its zone where these are all in one group. */
function withClients({ config, nodes }: World, groups: readonly (readonly number[])[]): (readonly number[])[] {
  const isGrouped = (endpoint: number): boolean => groups.some((group) => group.includes(endpoint));
  const places = config.zones.map((zone, endpoint) => ({ zone, endpoint }));
  const placed = places.filter(({ zone, endpoint }) => endpoint >= nodes.length && zone !== "" && !isGrouped(endpoint));
  const groupOf = (zone: string): readonly number[] | undefined => {
    const near = places.filter((place) => place.endpoint < nodes.length && isWithin(place.zone, zone));
    return near.length === 0 ? undefined : groups.find((group) => near.every(({ endpoint }) => group.includes(endpoint)));
  };
  return groups.map((group) => [...group, ...placed.filter(({ zone }) => groupOf(zone) === group).map(({ endpoint }) => endpoint)]);
}

/** Every direction between two endpoints that no longer see each other. */
function cutsOf(world: World, groups: readonly (readonly number[])[]): [from: number, to: number][] {
  const groupOf = new Map<number, number>();
  groups.forEach((members, group) => members.forEach((member) => groupOf.set(member, group)));
  const sides = [...groupOf.keys(), ...world.nodes.map((node) => node.index).filter((node) => !groupOf.has(node))];
  const isTogether = (a: number, b: number): boolean => groupOf.has(a) && groupOf.get(a) === groupOf.get(b);
  return sides.flatMap((a) => sides.filter((b) => a !== b && !isTogether(a, b)).map((b): [number, number] => [a, b]));
}

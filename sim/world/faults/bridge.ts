import type { Selector } from "../config.ts";
import { selectGroups } from "../select.ts";
import type { World } from "../world.ts";
import { NOBODY, type FaultDefinition } from "./fault.ts";

/**
 * Two halves that do not see each other, and between them nodes that both see: quorums still overlap, and what one half
 * decides the other hears of, if at all, through the middle. A node in no group sees nobody; a client in no group sees
 * everybody.
 */
export const bridge: FaultDefinition = {
  kind: "bridge",
  summary: "Two halves that do not see each other, and between them one node, or more, that both see.",
  source: "Cloudflare's outage of 2 November 2020, in Jensen et al., “Examining Raft's behaviour during partial network failures”, HAOC 2021; Jepsen's bridge nemesis.",
  params: { type: "groups", count: 3, summary: "One half, who stands between, the other half. A node in no group sees nobody." },
  strikesClients: true,
  choose(world, fault) {
    const groups = selectGroups(world, fault.params.value as readonly Selector[], fault.stream);
    if (groups === undefined) return NOBODY;
    return { nodes: groups[1] ?? [], groups, did: cutsOf(world, groups).length > 0 };
  },
  begin(world, fault, { groups = [] }) {
    for (const [a, b] of cutsOf(world, groups)) world.network.cutBothWays(fault.id, a, b);
  },
  end(world, fault) {
    world.network.mend(fault.id);
  },
};

/** The pairs that no longer see each other. */
function cutsOf(world: World, [near = [], middle = [], far = []]: readonly (readonly number[])[]): [a: number, b: number][] {
  const named = [...near, ...middle, ...far];
  const forgotten = world.nodes.map((node) => node.index).filter((node) => !named.includes(node));
  const halves = near.flatMap((a) => far.map((b): [number, number] => [a, b]));
  const alone = forgotten.flatMap((a) => [...named, ...forgotten.filter((b) => b > a)].map((b): [number, number] => [a, b]));
  return [...halves, ...alone];
}

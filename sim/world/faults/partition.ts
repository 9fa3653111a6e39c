import type { Selector } from "../config.ts";
import { selectGroups } from "../select.ts";
import { NOBODY, type FaultDefinition } from "./fault.ts";

/**
 * Groups of nodes that do not see each other. A node in no group sees nobody; a client in no group sees everybody.
 * What is in flight across the cut when it falls is lost if it would arrive while the cut lasts.
 */
export const partition: FaultDefinition = {
  kind: "partition",
  summary: "Groups of nodes that do not see each other; a node in no group sees nobody.",
  source: "Brewer, “Towards robust distributed systems”, PODC 2000; Jepsen's partition nemesis.",
  params: { type: "groups" },
  choose(world, fault) {
    const groups = selectGroups(world, fault.params.value as readonly Selector[], fault.stream);
    if (groups === undefined) return NOBODY;
    return { nodes: groups[0] ?? [], groups, did: groups[0]?.length !== world.nodes.length };
  },
  begin(world, fault, { groups = [] }) {
    const groupOf = new Map<number, number>();
    groups.forEach((members, group) => members.forEach((member) => groupOf.set(member, group)));
    const sides = [...groupOf.keys(), ...world.nodes.map((node) => node.index).filter((node) => !groupOf.has(node))];
    for (const a of sides) {
      for (const b of sides) {
        if (a === b || (groupOf.has(a) && groupOf.get(a) === groupOf.get(b))) continue;
        world.network.cut(fault.id, a, b);
      }
    }
  },
  end(world, fault) {
    world.network.mend(fault.id);
  },
};

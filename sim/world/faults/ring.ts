import type { Selector } from "../config.ts";
import { selectNodes } from "../select.ts";
import { shuffled } from "../shuffle.ts";
import type { FaultDefinition } from "./fault.ts";

/**
 * The struck nodes stand in a ring, in an order that is drawn, and each sees itself and its next neighbours on both
 * sides: a majority of them, and no two the same. Links are cut both ways or not at all, so that whoever hears a node is
 * heard by it. Where neighbours alone leave everybody one short of a majority, each sees who stands opposite too. So
 * everybody sees the least majority that there is; but of three nodes, seven, eleven and so on, where each would have an
 * odd number of peers, which no graph has: there one node sees one more. Of three the one in the middle sees all, and
 * that is a bridge; two nodes see each other, and nothing changes. Who is not struck sees everybody.
 *
 * Jepsen cuts the links of five nodes so, and those of larger clusters by chance, where two may see the same.
 */
export const ring: FaultDefinition = {
  kind: "ring",
  summary: "Each node sees a majority, and no two the same: itself and its neighbours in a ring of drawn order.",
  source: "Jepsen's majorities-ring nemesis; partial partitions in Alfatafta et al., OSDI 2020.",
  params: { type: "selector", summary: "Who stands in the ring: `all`. Who does not sees everybody." },
  choose(world, fault) {
    const nodes = selectNodes(world, fault.params.value as Selector, fault.stream).map((node) => node.index);
    const order = shuffled(nodes, fault.stream);
    // Whom each sees, itself first.
    const groups = order.map((node, at) => [node, ...order.filter((_, other) => other !== at && isSeen(at, other, order.length))]);
    return { nodes: order, groups, did: groups.some((seen) => seen.length < order.length) };
  },
  begin(world, fault, { nodes, groups = [] }) {
    groups.forEach((seen, at) => {
      for (const other of nodes) if (!seen.includes(other)) world.network.cutBothWays(fault.id, nodes[at] as number, other);
    });
  },
  end(world, fault) {
    world.network.mend(fault.id);
  },
};

/** Whether two places in a ring of so many see each other. */
export function isSeen(one: number, other: number, size: number): boolean {
  const apart = Math.abs(one - other);
  const peers = Math.floor(size / 2); // Of a majority, without oneself.
  if (Math.min(apart, size - apart) <= Math.floor(peers / 2)) return true;
  return peers % 2 === 1 && apart === peers;
}

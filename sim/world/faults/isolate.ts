import type { Selector } from "../config.ts";
import { select } from "../select.ts";
import type { FaultDefinition } from "./fault.ts";

/** Each struck node is alone: it sees no other node, and none sees it. Clients still reach it. */
export const isolate: FaultDefinition = {
  kind: "isolate",
  summary: "Each struck node is alone: no other node sees it. Clients still do, unless they are struck too.",
  source: "The smallest partition of Bailis and Kingsbury, “The network is reliable”, ACM Queue 12(7), 2014.",
  params: { type: "selector", summary: "Who is alone, each for itself." },
  strikesClients: true,
  choose(world, fault) {
    const nodes = select(world, fault.params.value as Selector, fault.stream);
    return { nodes, did: nodes.some((alone) => world.isClient(alone) || world.nodes.length > 1) };
  },
  begin(world, fault, { nodes }) {
    for (const alone of nodes) {
      // A struck client loses every node; a struck node keeps the clients that are not struck.
      for (const node of world.nodes) world.network.cutBothWays(fault.id, alone, node.index);
      for (const other of nodes) if (world.isClient(other)) world.network.cutBothWays(fault.id, alone, other);
    }
  },
  end(world, fault) {
    world.network.mend(fault.id);
  },
};

import type { Selector } from "../config.ts";
import { selectNodes } from "../select.ts";
import type { FaultDefinition } from "./fault.ts";

/** A stop and a start; nothing synced is lost. A node that is down for another reason starts too. With `for`, it stays down so long. */
export const restart: FaultDefinition = {
  kind: "restart",
  summary: "A stop and a start, nothing synced being lost; a crashed node starts again.",
  source: "Rolling restarts; Yuan et al., “Simple testing can prevent most critical failures”, OSDI 2014.",
  params: { type: "selector" },
  endsAtOnce: true,
  choose(world, fault) {
    const nodes = selectNodes(world, fault.params.value as Selector, fault.stream);
    return { nodes: nodes.map((node) => node.index), did: nodes.length > 0 };
  },
  begin(world, fault, struck) {
    for (const index of struck.nodes) {
      world.node(index).forgetDown();
      world.node(index).holdDown(fault.id, "unsynced", fault.streamName);
    }
  },
  end(world, fault, struck) {
    for (const index of struck.nodes) world.node(index).releaseDown(fault.id);
  },
};

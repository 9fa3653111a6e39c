import type { Selector } from "../config.ts";
import { selectNodes } from "../select.ts";
import type { FaultDefinition } from "./fault.ts";

/**
 * The struck nodes stop and do not know it: messages and timers wait, and all come at once when they go on. Where messages
 * take time, what was half served goes on with the time that was left of it, and the inbox sheds what finds it full. The
 * clock goes on: a lease or timeout that ran out meanwhile is noticed after what waited before it.
 */
export const pause: FaultDefinition = {
  kind: "pause",
  summary: "Nodes stop and do not know it; messages and timers wait until they go on.",
  source: "Stop-the-world collections and migrating virtual machines; Burrows, “The Chubby lock service”, OSDI 2006, §2.4.",
  params: { type: "selector" },
  choose(world, fault) {
    const nodes = selectNodes(world, fault.params.value as Selector, fault.stream);
    return { nodes: nodes.map((node) => node.index), did: nodes.some((node) => node.isRunning) };
  },
  begin(world, fault, struck) {
    for (const index of struck.nodes) world.node(index).holdPaused(fault.id);
  },
  end(world, fault, struck) {
    for (const index of struck.nodes) world.node(index).releasePaused(fault.id);
  },
};

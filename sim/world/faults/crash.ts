import type { Selector } from "../config.ts";
import { selectNodes } from "../select.ts";
import type { FaultDefinition } from "./fault.ts";

/**
 * The struck nodes stop at once: memory, timers and unsent messages are gone. What is on disk stays, but for what `lose`
 * says. They come back after `for`, or at a `restart`.
 */
export const crash: FaultDefinition = {
  kind: "crash",
  summary: "Nodes stop at once, losing memory and, as `lose` says, nothing on disk, what was not synced, or the whole disk.",
  source: "Pillai et al., “All file systems are not created equal”, OSDI 2014, on what survives; Schlichting and Schneider, TOCS 1(3), 1983.",
  params: { type: "selector" },
  beside: {
    lose: { type: "choice", of: ["nothing", "unsynced", "disk"], default: "unsynced", summary: "What is lost of the disk: nothing, what was not synced, or all." },
  },
  choose(world, fault) {
    const nodes = selectNodes(world, fault.params.value as Selector, fault.stream);
    return { nodes: nodes.map((node) => node.index), did: nodes.some((node) => node.isUp) };
  },
  begin(world, fault, struck) {
    const lose = fault.params["lose"] as "nothing" | "unsynced" | "disk";
    for (const index of struck.nodes) world.node(index).holdDown(fault.id, lose);
  },
  end(world, fault, struck) {
    for (const index of struck.nodes) world.node(index).releaseDown(fault.id);
  },
};

import type { Selector } from "../config.ts";
import { selectNodes } from "../select.ts";
import type { FaultDefinition } from "./fault.ts";

/** A clock jumps by `by` and stays there, or runs at another rate while the fault lasts. */
export const skew: FaultDefinition = {
  kind: "skew",
  summary: "Clocks jump by `by` and stay so, or drift by `drift` while the fault lasts.",
  source: "Corbett et al., “Spanner”, OSDI 2012, §3; Jepsen's clock nemesis.",
  params: {
    type: "fields",
    fields: { nodes: { type: "selector" }, by: { type: "duration", signed: true }, drift: { type: "drift" } },
    required: ["nodes"],
    oneOf: [["by", "drift"]],
  },
  choose(world, fault) {
    const nodes = selectNodes(world, (fault.params.value as { nodes: Selector }).nodes, fault.stream);
    return { nodes: nodes.map((node) => node.index), did: nodes.length > 0 };
  },
  begin(world, fault, struck) {
    const { by, drift } = fault.params.value as { by?: number; drift?: number };
    for (const index of struck.nodes) {
      if (by !== undefined) world.node(index).jumpClock(by);
      if (drift !== undefined) world.node(index).addDrift(drift);
    }
  },
  end(world, fault, struck) {
    const { drift } = fault.params.value as { drift?: number };
    if (drift === undefined) return; // A jump stays.
    for (const index of struck.nodes) world.node(index).addDrift(-drift);
  },
};

import type { Selector } from "../config.ts";
import { takesTime } from "../cpu.ts";
import { selectNodes } from "../select.ts";
import type { FaultDefinition } from "./fault.ts";

/**
 * Every service of the struck nodes takes `by` times as long, that of a message half-served as well. Factors of several
 * faults multiply; one below 1 makes a node faster. A crash does not end it: the machine is slow, and not the process.
 */
export const slowCpu: FaultDefinition = {
  kind: "slowCpu",
  summary: "Nodes take `by` times as long to serve a message, so that they queue, saturate and shed.",
  source: "Gunawi et al., “Fail-slow at scale: evidence of hardware performance faults in large production systems”, FAST 2018, §3: throttled CPUs.",
  params: {
    type: "fields",
    fields: {
      nodes: { type: "selector" },
      by: { type: "number", min: 0.001, max: 1_000_000, summary: "How many times as long a service takes." },
    },
    required: ["nodes", "by"],
  },
  choose(world, fault) {
    const nodes = selectNodes(world, (fault.params.value as { nodes: Selector }).nodes, fault.stream);
    return { nodes: nodes.map((node) => node.index), did: nodes.length > 0 && takesTime(world.config.cpu.perMessage) };
  },
  begin(world, fault, struck) {
    const by = (fault.params.value as { by: number }).by;
    for (const index of struck.nodes) world.node(index).cpu.slowDown(fault.id, by);
  },
  end(world, fault, struck) {
    for (const index of struck.nodes) world.node(index).cpu.endSlowness(fault.id);
  },
};

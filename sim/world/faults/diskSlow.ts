import type { Distribution } from "../../kernel/distribution.ts";
import type { Selector } from "../config.ts";
import { chooseDisks, mendDisks, worsenDisks } from "./disks.ts";
import type { FaultDefinition } from "./fault.ts";

/**
 * A disk that works and is slow: every sync that begins while it lasts takes `by` longer, drawn anew each time. One that
 * is under way already is not slowed. What waits for a sync waits longer, and later writes share the next one.
 */
export const diskSlow: FaultDefinition = {
  kind: "diskSlow",
  summary: "Latency is added to every sync of these nodes' disks.",
  source: "Gunawi et al., “Fail-slow at scale: evidence of hardware performance faults in large production systems”, FAST 2018: disks and SSDs.",
  params: {
    type: "fields",
    fields: { nodes: { type: "selector" }, by: { type: "distribution", summary: "Added to each sync." } },
    required: ["nodes", "by"],
  },
  choose: (world, fault) => chooseDisks(world, fault, (fault.params.value as { nodes: Selector }).nodes),
  begin(world, fault, struck) {
    worsenDisks(world, fault, struck, { type: "slow", by: (fault.params.value as { by: Distribution }).by });
  },
  end: mendDisks,
};

import type { Distribution } from "../../kernel/distribution.ts";
import type { FaultDefinition } from "./fault.ts";
import { chooseLinks, eachDirection, linkShape } from "./links.ts";

/** Latency added to every message on some links, each way. */
export const slow: FaultDefinition = {
  kind: "slow",
  summary: "Latency is added to every message between these nodes and the others, each way.",
  source: "Huang et al., “Gray failure: the Achilles' heel of cloud-scale systems”, HotOS 2017.",
  params: linkShape({ by: { type: "distribution", summary: "Added to the latency of each message." } }),
  strikesClients: true,
  choose: chooseLinks,
  begin(world, fault, struck) {
    const by = (fault.params.value as { by: Distribution }).by;
    eachDirection(struck, (from, to) => world.network.worsen({ fault: fault.id, stream: fault.streamName, type: "slow", by }, from, to));
  },
  end(world, fault) {
    world.network.mend(fault.id);
  },
};

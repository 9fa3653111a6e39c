import type { FaultDefinition } from "./fault.ts";
import { chooseLinks, eachDirection, linkShape } from "./links.ts";

/** A share of the messages on some links is lost, beside what the network loses anyway. */
export const flaky: FaultDefinition = {
  kind: "flaky",
  summary: "A share of the messages between these nodes and the others is lost, each way.",
  source: "Bailis and Kingsbury, “The network is reliable”, ACM Queue 12(7), 2014: lossy links and failing NICs.",
  params: linkShape({ loss: { type: "ratio", summary: "The share of messages that are lost, each way." } }),
  strikesClients: true,
  choose: chooseLinks,
  begin(world, fault, struck) {
    const rate = (fault.params.value as { loss: number }).loss;
    eachDirection(struck, (from, to) => world.network.worsen({ fault: fault.id, stream: fault.streamName, type: "loss", rate }, from, to));
  },
  end(world, fault) {
    world.network.mend(fault.id);
  },
};

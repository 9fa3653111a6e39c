import type { FaultDefinition } from "./fault.ts";
import { chooseLinks, eachDirection, linkShape } from "./links.ts";

/**
 * A share of the messages on some links has a bit changed on its way. The receiver's checksum notices and drops it; with
 * `checksum: false` on the link it is delivered changed, under the same type.
 */
export const corrupt: FaultDefinition = {
  kind: "corrupt",
  summary: "A share of the messages between these nodes and the others is changed on its way: dropped, or with `checksum: false` delivered so.",
  source: "Stone and Partridge, “When the CRC and TCP checksum disagree”, SIGCOMM 2000; Amazon S3's outage of 20 July 2008: one bit of a gossiped message.",
  params: linkShape({ rate: { type: "ratio", summary: "The share of messages that are changed, each way." } }),
  strikesClients: true,
  choose: chooseLinks,
  begin(world, fault, struck) {
    const rate = (fault.params.value as { rate: number }).rate;
    eachDirection(struck, (from, to) => world.network.worsen({ fault: fault.id, stream: fault.streamName, type: "corrupt", rate }, from, to));
  },
  end(world, fault) {
    world.network.mend(fault.id);
  },
};

import type { FaultDefinition } from "./fault.ts";
import { chooseLinks, eachDirection, linkShape } from "./links.ts";

/** A share of the messages on some links arrives twice, each copy with a latency of its own. */
export const duplicate: FaultDefinition = {
  kind: "duplicate",
  summary: "A share of the messages between these nodes and the others arrives twice, each copy in its own time.",
  source: "Saltzer, Reed and Clark, “End-to-end arguments in system design”, TOCS 2(4), 1984, on duplicate suppression.",
  params: linkShape({ rate: { type: "ratio", summary: "The share of messages that arrive twice, each way." } }),
  strikesClients: true,
  choose: chooseLinks,
  begin(world, fault, struck) {
    const rate = (fault.params.value as { rate: number }).rate;
    eachDirection(struck, (from, to) => world.network.worsen({ fault: fault.id, stream: fault.streamName, type: "duplicate", rate }, from, to));
  },
  end(world, fault) {
    world.network.mend(fault.id);
  },
};

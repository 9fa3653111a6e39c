import type { Selector } from "../config.ts";
import { selectSides } from "../select.ts";
import { NOBODY, type FaultDefinition } from "./fault.ts";

/** One direction of some links is cut: those of `from` are no longer heard by those of `to`, and still hear them. */
export const block: FaultDefinition = {
  kind: "block",
  summary: "One way only: what `from` sends does not reach `to`, while the other direction works.",
  source: "Alfatafta et al., “Toward a generic fault tolerance technique for partial network partitioning”, OSDI 2020.",
  params: { type: "fields", fields: { from: { type: "selector", summary: "Who is not heard." }, to: { type: "selector", summary: "By whom." } }, required: ["from", "to"] },
  strikesClients: true,
  choose(world, fault) {
    const { from, to } = fault.params.value as { from: Selector; to: Selector };
    const sides = selectSides(world, [from, to], fault.stream);
    if (sides === undefined) return NOBODY;

    const [senders, receivers] = sides;
    const did = senders.some((a) => receivers.some((b) => a !== b));
    return { nodes: senders, groups: sides, did };
  },
  begin(world, fault, { groups: [senders = [], receivers = []] = [] }) {
    for (const a of senders) for (const b of receivers) if (a !== b) world.network.cut(fault.id, a, b);
  },
  end(world, fault) {
    world.network.mend(fault.id);
  },
};

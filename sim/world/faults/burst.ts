import type { Distribution } from "../../kernel/distribution.ts";
import type { FaultDefinition } from "./fault.ts";
import { chooseLinks, eachDirection, linkShape } from "./links.ts";

/**
 * Loss that comes in bursts. Each direction of a link goes from a good state, in which this fault loses nothing, to a bad
 * one, in which it loses its share, and back; it begins good, and how long it stays is drawn anew each time. The states
 * pass with time, whether or not messages come. In the long run loss × E[bad] / (E[good] + E[bad]) of the messages are lost.
 */
export const burst: FaultDefinition = {
  kind: "burst",
  summary: "Loss in bursts: a link turns from good to bad and back, and loses a share of its messages while it is bad.",
  source: "Gilbert, “Capacity of a burst-noise channel”, Bell System Technical Journal 39, 1960; Elliott, same journal 42, 1963.",
  params: linkShape({
    loss: { type: "ratio", summary: "The share of messages that are lost in the bad state; in the good one none." },
    good: { type: "distribution", summary: "How long a direction stays good, each time; it begins so. At least 1us." },
    bad: { type: "distribution", summary: "How long it stays bad, each time. At least 1us." },
  }),
  strikesClients: true,
  choose: chooseLinks,
  begin(world, fault, struck) {
    const { loss: rate, good, bad } = fault.params.value as { loss: number; good: Distribution; bad: Distribution };
    // Each occurrence has streams of its own for its states: how many an earlier one went through depends on its messages.
    const states = `${fault.streamName}/${fault.stream.below(2 ** 32)}`;
    eachDirection(struck, (from, to) =>
      world.network.worsen({ fault: fault.id, stream: fault.streamName, type: "burst", rate, weather: { good, bad, states, since: world.now } }, from, to),
    );
  },
  end(world, fault) {
    world.network.mend(fault.id);
  },
};

import type { Selector } from "../config.ts";
import { selectNodes } from "../select.ts";
import type { FaultDefinition } from "./fault.ts";

/** By how much clocks jump, in nanoseconds; how they drift, in parts per billion; or that they stand still. */
interface Skew {
  readonly by?: number;
  readonly drift?: number;
  readonly stopped?: boolean;
}

/**
 * A clock jumps by `by`, forwards or backwards, and stays there; or it runs at another rate, or not at all, while the
 * fault lasts. What it gained or lost by then it keeps: nothing sets it right, unless a second fault makes it jump back.
 * Timers follow the rate and never jump: they stand on a monotonic clock, which a correction of the time of day leaves
 * alone. While the clock stands still no timer fires, and the node sees no time pass.
 */
export const skew: FaultDefinition = {
  kind: "skew",
  summary: "Clocks jump by `by` and stay so; or they drift by `drift`, or stand still, while the fault lasts.",
  source: "Corbett et al., “Spanner”, OSDI 2012, §3; Jepsen's clock nemesis.",
  params: {
    type: "fields",
    fields: {
      nodes: { type: "selector", summary: "Whose clocks." },
      by: { type: "duration", signed: true, summary: "How far they jump, forwards or backwards." },
      drift: { type: "drift", summary: "How much faster they run, or slower." },
      stopped: { type: "boolean", summary: "Whether they stand still." },
    },
    required: ["nodes"],
    oneOf: [["by", "drift", "stopped"]],
  },
  choose(world, fault) {
    const nodes = selectNodes(world, (fault.params.value as { nodes: Selector }).nodes, fault.stream);
    const { stopped } = fault.params.value as Skew;
    return { nodes: nodes.map((node) => node.index), did: nodes.length > 0 && stopped !== false };
  },
  begin(world, fault, struck) {
    const { by, drift, stopped } = fault.params.value as Skew;
    for (const index of struck.nodes) {
      if (by !== undefined) world.node(index).jumpClock(by);
      if (drift !== undefined) world.node(index).turnClock((clock, now) => clock.addDrift(now, drift));
      if (stopped === true) world.node(index).turnClock((clock, now) => clock.stop(now));
    }
  },
  end(world, fault, struck) {
    const { drift, stopped } = fault.params.value as Skew; // A jump stays.
    for (const index of struck.nodes) {
      if (drift !== undefined) world.node(index).turnClock((clock, now) => clock.addDrift(now, -drift));
      if (stopped === true) world.node(index).turnClock((clock, now) => clock.start(now));
    }
  },
};

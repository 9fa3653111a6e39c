import type { FaultDefinition } from "./fault.ts";

/** Everything ends now: links mend, nodes restart and resume. A clock that jumped stays where it is. */
export const heal: FaultDefinition = {
  kind: "heal",
  summary: "Every fault under way ends now: links mend, nodes restart and resume.",
  source: "The final phase of Jepsen's nemeses.",
  params: { type: "choice", of: ["all"] },
  instant: true,
  choose(world) {
    const nodes = world.schedules.struck();
    return { nodes, did: nodes.length > 0 };
  },
  begin(world) {
    world.schedules.endAll();
  },
  end() {},
};

/** `random`: a schedule of faults that is drawn from the seed. */
import { drawable } from "../random/kinds.ts";
import type { FaultKind } from "../shape.ts";

/** Kinds that a schedule may be drawn of: all but `heal`, which would end what the others began. */
export const drawableKinds: readonly string[] = Object.keys(drawable);

/**
 * Made of the world's faults when the file is read: each seed switches whole kinds on or off, as in Groce et al., “Swarm
 * testing”, ISSTA 2012. Trouble and calm take turns, and the last phase is calm.
 */
export const random: FaultKind = {
  summary:
    "A schedule drawn from the seed: each seed switches whole kinds on or off, and draws when, for how long, whom and how hard they strike. " +
    "In the last phase everything has healed, or, with heal: quorum, all but the nodes outside of a majority.",
  source: "Groce et al., “Swarm testing”, ISSTA 2012.",
  company: ["at", "for", "between", "name"],
  params: {
    type: "fields",
    fields: {
      kinds: {
        type: "list",
        of: { type: "choice", of: drawableKinds },
        summary:
          "What may go wrong. Default: all kinds that make sense here, but bit rot, lost and misdirected writes, which few protocols survive. " +
          "A crash that loses the whole disk is never drawn.",
      },
      intensity: { type: "ratio", default: 0.3, summary: "The share of its time in which something is wrong, on average over seeds." },
      moments: {
        type: "boolean",
        default: true,
        summary: "In half of the seeds some faults wait for events of the protocol, if it declares any, and not for a time; false: none does.",
      },
      phases: { type: "boolean", default: true, summary: "Phases of much trouble and of none take turns; false: faults come evenly." },
      heal: {
        type: "choice",
        of: ["all", "quorum"],
        default: "all",
        summary: "What works in the last phase: everything, or only a majority drawn from the seed, the other nodes staying broken.",
      },
    },
  },
};

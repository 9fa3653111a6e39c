/** `experiment`: a matrix of settings, many seeds each; and `stop`, which ends a run before its duration. */
import type { AnyProtocol } from "../../protocol.ts";
import type { FieldsShape, FileShape } from "../shape.ts";

/** The word for “an invariant is violated” among a protocol's events. */
export const VIOLATION = "violation";

/** Beyond this a matrix is a slip of the finger. */
export const MOST_CELLS = 10_000;
const MOST_SEEDS = 1_000_000;

const eventsOf = (protocol: AnyProtocol): string[] => [...Object.keys(protocol.events ?? {}), VIOLATION];

/** When a run ends before its duration. */
export function stop(protocol: AnyProtocol | undefined): FileShape {
  const event: FileShape = { type: "event", ...(protocol !== undefined && { of: eventsOf(protocol) }) };
  return {
    type: "either",
    scalar: event,
    map: {
      type: "fields",
      required: ["event"],
      fields: {
        event: { ...event, summary: "A protocol's event, or `violation`: an invariant is violated." },
        nth: { type: "integer", min: 1, default: 1, summary: "Its how many-th occurrence in the run." },
        after: { type: "duration", default: 0, summary: "How much later the run ends." },
      },
    },
    summary: "A run ends at this event of the protocol, or at the first `violation`, rather than at `duration`.",
  };
}

const plot = (served: readonly string[] | undefined): FieldsShape => ({
  type: "fields",
  noun: "setting of a plot",
  summary: "What the page shows: { cdf: election.time, by: options.electionTimeout, x: log }",
  oneOf: [["cdf", "line", "heat"]],
  fields: {
    cdf: { type: "metric", ...(served !== undefined && { served }), summary: "The distribution over the runs, a curve for each cell." },
    line: { type: "metric", ...(served !== undefined && { served }), summary: "The mean with its interval, over the values of a setting." },
    heat: { type: "metric", ...(served !== undefined && { served }), summary: "The mean, over the values of two settings." },
    by: { type: "oneOrMany", of: { type: "text" }, summary: "Which settings: of a line the one that goes to the right, then those that make curves; of a heat map two. Default: all that vary." },
    x: { type: "choice", of: ["linear", "log"], default: "linear", summary: "The scale to the right." },
    y: { type: "choice", of: ["linear", "log"], default: "linear", summary: "The scale upwards." },
  },
});

export function experiment(protocol: AnyProtocol | undefined): FieldsShape {
  const served = protocol === undefined ? undefined : Object.keys(protocol.onRequest);
  const metric: FileShape = { type: "metric", ...(served !== undefined && { served }) };
  return {
    type: "fields",
    summary: "What `sweep` runs: each combination of settings under many seeds. `run` runs the first once.",
    fields: {
      repeat: { type: "integer", min: 1, max: MOST_SEEDS, summary: "How many seeds each cell is run under, the same for all. Default: 100." },
      vary: { type: "vary", summary: "Paths of settings with the values that each takes, a list, or a map of names to values; all combinations are run." },
      stop: stop(protocol),
      measure: { type: "oneOrMany", of: metric, summary: "Metrics to collect: `splitbrain list metrics`." },
      plot: { type: "oneOrMany", of: plot(served) },
      reference: { type: "text", summary: "Published figures to hold the result against: a bundled one by its name, or a file." },
    },
  };
}

/** `workload`: what clients do. */
import { ms, seconds } from "../../kernel/time.ts";
import type { AnyProtocol } from "../../protocol.ts";
import type { FieldsShape } from "../shape.ts";
import { clientNetwork, clientZones } from "./network.ts";
import { script } from "./script.ts";

/** Beyond these a scenario is a slip of the finger, and would exhaust the machine before the run began. */
const MOST_CLIENTS = 10_000;
const MOST_KEYS = 1_000_000;

const retry: FieldsShape = {
  type: "fields",
  summary: "When and how an unanswered operation is tried again, until its timeout.",
  fields: {
    after: { type: "duration", min: 1, default: ms(200), summary: "How long an attempt waits for its reply before another node is asked." },
    backoff: { type: "duration", default: ms(10), summary: "The pause before the second attempt; it doubles with each." },
    max: { type: "duration", default: ms(500), summary: "The longest pause." },
    jitter: { type: "ratio", default: 0.5, summary: "The share of a pause that is drawn; 100% is full jitter." },
    attempts: { type: "integer", min: 1, summary: "How often an operation is tried at most; redirections that are followed and hedges do not count. Default: no limit." },
    budget: { type: "ratio", summary: "What a client may ask beyond each operation's first request, as a share of its operations: retries and hedges. Default: no limit." },
  },
};

const keys: FieldsShape = {
  type: "fields",
  summary: "The keys that operations are about: k1, k2, …",
  fields: {
    count: { type: "integer", min: 1, max: MOST_KEYS, default: 5, summary: "How many there are." },
    distribution: { type: "keyDistribution", summary: "uniform, zipf(0.99), hotspot(10% 90%) (the first tenth of the keys has 90% of the operations) or sequential. Default: uniform." },
  },
};

const values: FieldsShape = {
  type: "fields",
  summary: "What is written: texts of a size, each unique in the run. Without it: the numbers 1, 2, 3, …",
  required: ["size"],
  fields: {
    size: { type: "sizeDistribution", summary: "Of each value: 1KiB, 100B..1KiB, lognormal(200B 4KiB) or another distribution." },
  },
};

const bursts: FieldsShape = {
  type: "fields",
  summary: "Again and again another rate takes the place of the usual one, in an open loop.",
  required: ["every", "for", "rate"],
  fields: {
    every: { type: "duration", min: 1, summary: "From one beginning to the next; the first is so long after the workload's." },
    for: { type: "duration", min: 1, summary: "How long each lasts." },
    rate: { type: "rate", summary: "Operations a second while it lasts, all clients together." },
  },
};

const hedge = (served: readonly string[] | undefined): FieldsShape => ({
  type: "fields",
  summary: "What is not answered soon is asked of another node as well, and the first answer counts.",
  required: ["after"],
  fields: {
    after: { type: "duration", min: 1, summary: "How long after a request the next is sent." },
    most: { type: "integer", min: 2, default: 2, summary: "As many are under way at a time, the first one included." },
    operations: {
      type: "list",
      of: served === undefined ? { type: "text" } : { type: "choice", of: served },
      summary: "Which operations: [read]. Default: all. A node that does not know the session may do twice what is asked twice.",
    },
  },
});

export function workload(protocol: AnyProtocol | undefined): FieldsShape {
  const served = protocol === undefined ? undefined : Object.keys(protocol.onRequest);
  return {
    type: "fields",
    summary: "What clients do. Without it: 3 clients and 100 operations a second, of the kinds that the protocol serves.",
    fields: {
      clients: { type: "integer", min: 0, max: MOST_CLIENTS, default: 3, summary: "How many sessions: c1, c2, …" },
      rate: {
        type: "rates",
        summary: "Open loop: operations a second, all clients together; or stages, each { for: 5s, rate: 100/s..1000/s }. Default: 100/s, where `think` is not given.",
      },
      bursts,
      arrivals: {
        type: "choice",
        of: ["poisson", "regular"],
        summary: "Open loop: each client's operations come as a Poisson process, or all evenly spaced and the clients in turn. Default: poisson.",
      },
      think: { type: "distribution", summary: "Closed loop: a client's pause between a completion and its next operation. Excludes `rate`." },
      script: script(served),
      keys,
      values,
      operations: {
        type: "weights",
        ...(served === undefined ? {} : { of: served }),
        summary: "Operations by weight. Default: read 50, write 50, or all that the protocol serves alike.",
      },
      from: { type: "duration", default: 0, summary: "When the first operations begin." },
      until: { type: "duration", summary: "When the last begin. Default: `duration`, or so much before it as `converged` asks for." },
      timeout: { type: "duration", min: 1, default: seconds(1), summary: "After which nothing is known of an operation, and the client goes on." },
      retry: { type: "either", scalar: { type: "boolean" }, map: retry, summary: "When an operation is tried again; false: never." },
      hedge: hedge(served),
      target: {
        type: "choice",
        of: ["any", "leader", "nearest", "sticky"],
        summary: "Which node a client asks first; nearest: of those that messages reach soonest, by the network's latencies, one at random. Default: what the protocol's client side says, or any.",
      },
      at: clientZones,
      network: clientNetwork,
    },
  };
}

/** `workload`: what clients do. */
import { ms, seconds } from "../../kernel/time.ts";
import type { AnyProtocol } from "../../protocol.ts";
import type { FieldsShape } from "../shape.ts";
import { clientNetwork } from "./network.ts";

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
    jitter: { type: "ratio", default: 0.5, summary: "The share of a pause that is drawn." },
  },
};

const keys: FieldsShape = {
  type: "fields",
  summary: "The keys that operations are about: k1, k2, …",
  fields: {
    count: { type: "integer", min: 1, max: MOST_KEYS, default: 5, summary: "How many there are." },
    distribution: { type: "keyDistribution", summary: "uniform, zipf(0.99) or sequential. Default: uniform." },
  },
};

export function workload(protocol: AnyProtocol | undefined): FieldsShape {
  const served = protocol === undefined ? undefined : Object.keys(protocol.onRequest);
  return {
    type: "fields",
    summary: "What clients do. Without it: 3 clients and 100 operations a second, of the kinds that the protocol serves.",
    fields: {
      clients: { type: "integer", min: 0, max: MOST_CLIENTS, default: 3, summary: "How many sessions: c1, c2, …" },
      rate: { type: "rate", summary: "Open loop: operations a second, all clients together. Default: 100/s, where `think` is not given." },
      think: { type: "distribution", summary: "Closed loop: a client's pause between a completion and its next operation. Excludes `rate`." },
      keys,
      operations: {
        type: "weights",
        ...(served === undefined ? {} : { of: served }),
        summary: "Operations by weight. Default: read 50, write 50, or all that the protocol serves alike.",
      },
      from: { type: "duration", default: 0, summary: "When the first operations begin." },
      until: { type: "duration", summary: "When the last begin. Default: `duration`, or so much before it as `converged` asks for." },
      timeout: { type: "duration", min: 1, default: seconds(1), summary: "After which nothing is known of an operation, and the client goes on." },
      retry: { type: "either", scalar: { type: "boolean" }, map: retry, summary: "When an operation is tried again; false: never." },
      target: {
        type: "choice",
        of: ["any", "leader", "sticky"],
        summary: "Which node a client asks first. Default: what the protocol's client side says, or any.",
      },
      network: clientNetwork,
    },
  };
}

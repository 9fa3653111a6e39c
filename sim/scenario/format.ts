/** The scenario file, described once: the validator, the defaults and the JSON Schema all come from here. */
import { ms, seconds } from "../kernel/time.ts";
import { metricInfo, metrics } from "../metrics/index.ts";
import type { AnyProtocol } from "../protocol.ts";
import { faults } from "../world/faults/index.ts";
import type { FieldsShape, FileShape } from "./shape.ts";

/** Levels of consistency that an expectation may name, with what they promise. */
export const levels: { readonly [level: string]: string } = {
  linearizable: "Every operation takes effect at one instant between its invocation and its completion.",
  readYourWrites: "A session's reads see the session's earlier writes, or newer ones.",
  monotonicReads: "A session's reads never go back to an older value.",
};

/** `converged: true` means within this time. */
export const CONVERGED_WITHIN = seconds(1);

/** Beyond these a scenario is a slip of the finger, and would exhaust the machine before the run began. */
const MOST_NODES = 1_000;
const MOST_CLIENTS = 10_000;
const MOST_KEYS = 1_000_000;

const share = (summary: string): FileShape => ({ type: "ratio", default: 0, summary });

const network: FieldsShape = {
  type: "fields",
  summary: "What messages between nodes suffer, and clients' messages the latency of.",
  fields: {
    latency: { type: "distribution", default: { type: "lognormal", median: ms(1), p99: ms(5) }, summary: "One way, per message." },
    loss: share("The share of messages that are lost."),
    duplicate: share("The share of messages that arrive twice."),
  },
};

const clocks: FieldsShape = {
  type: "fields",
  summary: "The nodes' own clocks; each node draws its own from the ranges.",
  fields: {
    offset: { type: "durationRange", signed: true, default: [0, 0], summary: "How far a clock is ahead from the start." },
    drift: { type: "driftRange", default: [0, 0], summary: "How much too fast a clock runs." },
  },
};

const disk: FieldsShape = {
  type: "fields",
  summary: "The nodes' disks.",
  fields: {
    sync: { type: "distribution", default: { type: "constant", value: ms(1) }, summary: "How long a sync takes." },
    write: { type: "distribution", default: { type: "constant", value: 0 }, summary: "Added before the sync, per write." },
  },
};

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

function workload(protocol: AnyProtocol | undefined): FieldsShape {
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
      network: {
        type: "fields",
        summary: "What clients' messages suffer.",
        fields: {
          latency: { type: "distribution", summary: "One way, per message. Default: that of `network`." },
          loss: share("The share of messages that are lost."),
          duplicate: share("The share of messages that arrive twice."),
        },
      },
    },
  };
}

function faultItem(protocol: AnyProtocol | undefined): FileShape {
  const events = protocol?.events === undefined ? undefined : Object.keys(protocol.events);
  return {
    type: "fault",
    summary: "One fault: when, how long, what, and whom it strikes.",
    kinds: faults,
    common: {
      at: { type: "durationRange", summary: "When it begins; drawn from a range." },
      every: { type: "durationRange", min: 1, summary: "The time between the beginnings of a series, drawn anew each time." },
      between: { type: "window", summary: "Within what a series keeps. Default: the whole run." },
      when: { type: "event", ...(events === undefined ? {} : { of: events }), summary: "The protocol's event that it waits for." },
      nth: { type: "integer", min: 1, summary: "Which occurrence of the event. Default: 1." },
      after: { type: "durationRange", summary: "How long after the event. Default: at once." },
      for: { type: "durationRange", min: 1, summary: "How long it lasts. Default: to the end, or until a `heal`." },
      name: { type: "text", summary: "What reports call it." },
    },
  };
}

const isExpected = (summary: string): FileShape => ({ type: "boolean", summary: `${summary} false: it must not hold.` });

function expect(protocol: AnyProtocol | undefined): FieldsShape {
  const fields: { [name: string]: FileShape } = {
    invariants: {
      type: "switch",
      words: ["off"],
      default: true,
      summary: "The protocol's own invariants. false: one must break; off: none is evaluated.",
    },
  };
  for (const level in levels) fields[level] = isExpected(levels[level] as string);
  fields["converged"] = {
    type: "either",
    scalar: { type: "boolean" },
    map: {
      type: "fields",
      fields: { within: { type: "duration", min: 1, summary: "How soon after the workload and the last temporary fault." } },
      required: ["within"],
    },
    summary: "All running nodes show the same state in the end. true means { within: 1s }; false: they must not.",
  };
  for (const metric in metrics) {
    const info = metrics[metric] as (typeof metrics)[string];
    fields[metric] = { type: "comparison", unit: info.unit, summary: info.summary };
  }
  const served = protocol === undefined ? undefined : Object.keys(protocol.onRequest);
  return {
    type: "fields",
    summary: "What must hold. Any metric may stand here with a comparison.",
    noun: "expectation or metric",
    fields,
    others: {
      pattern: "^latency\\.[A-Za-z][A-Za-z0-9_-]*\\.(p50|p95|p99|p999|max|mean)$",
      shape: { type: "comparison", unit: "duration" },
      shapeOf: (name) => operationMetric(name, served),
    },
  };
}

/** `latency.append.p99`, where the protocol serves `append`. */
function operationMetric(name: string, served: readonly string[] | undefined): FileShape | undefined {
  const info = metricInfo(name);
  const f = name.split(".")[1] as string;
  if (info === undefined || (served !== undefined && !served.includes(f))) return undefined;
  return { type: "comparison", unit: info.unit, summary: info.summary };
}

/** The options of a protocol, with its mutants. */
export function optionsShape(protocol: AnyProtocol): FieldsShape {
  const own = (protocol.options ?? {}) as { readonly [name: string]: FileShape };
  const mutants = Object.keys(protocol.mutants ?? {});
  return {
    type: "fields",
    noun: "option",
    summary: `The options of ${protocol.name}.`,
    fields: { ...own, mutant: { type: "mutant", of: mutants, summary: "A small named mistake, to be put in place of the right rule." } },
  };
}

/** The whole file, for one protocol, or for any where it is not known. */
export function scenarioShape(protocol: AnyProtocol | undefined, protocolNames: readonly string[]): FieldsShape {
  return {
    type: "fields",
    required: ["version", "protocol"],
    fields: {
      version: { type: "version", summary: "The version of this format." },
      name: { type: "text", summary: "In one line. Default: the file's name." },
      description: { type: "text", default: "", summary: "What it shows, in a sentence or two." },
      protocol: { type: "protocol", names: protocolNames, summary: "A built-in protocol, or a module of one's own: ./my-protocol.ts" },
      options: protocol === undefined ? { type: "anything", summary: "The protocol's own options." } : optionsShape(protocol),
      nodes: { type: "nodes", default: 3, max: MOST_NODES, summary: "How many (n1, n2, …), or a list of names." },
      seed: { type: "integer", min: 0, default: 1, summary: "What all chance is drawn from." },
      duration: { type: "duration", min: 1, default: seconds(10), summary: "Of virtual time." },
      network,
      clocks,
      disk,
      workload: workload(protocol),
      faults: { type: "list", of: faultItem(protocol), summary: "What goes wrong, in any order." },
      expect: expect(protocol),
    },
  };
}

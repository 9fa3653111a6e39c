/** The JSON Schema of what `run --json` prints. Fields are only ever added within a version, so further ones are allowed. */

const verdict = { enum: ["pass", "fail", "unknown"] } as const;
const nodes = { type: "array", items: { type: "string" } } as const;
const count = { type: "integer", minimum: 0 } as const;
const nanoseconds = (description: string) => ({ type: "integer", minimum: 0, description }) as const;
const orNull = { type: ["integer", "null"], minimum: 0 } as const;
const eventId = { type: "integer", minimum: 0, description: "The id of an event of the trace." } as const;

function object(properties: { readonly [name: string]: object }, optional: readonly string[] = []): object {
  return { type: "object", properties, required: Object.keys(properties).filter((name) => !optional.includes(name)) };
}

const expectation = object(
  {
    name: { type: "string" },
    verdict,
    detail: { type: "string", description: "Why, in a sentence." },
    event: eventId,
    atNs: nanoseconds("Virtual time of the event that a failure points to."),
  },
  ["event", "atNs"],
);

const violation = object({
  invariant: { type: "string" },
  at: { type: "string", description: "Virtual time, for people." },
  atNs: nanoseconds("Virtual time."),
  nodes,
  message: { type: "string" },
  event: eventId,
});

const fault = object({
  name: { type: "string" },
  fault: { type: "string", description: "Its kind: partition, crash, …" },
  fromNs: nanoseconds("Virtual time at which it began."),
  untilNs: { type: ["integer", "null"], minimum: 0, description: "Virtual time at which it ended; null where it lasted to the end of the run." },
  nodes,
  did: { type: "boolean", description: "False where it found nobody to strike, or changed nothing." },
  detectionNs: { ...orNull, description: "From its beginning until the cluster showed that it noticed, such as by an election; null where it never did." },
  unavailableNs: { ...orNull, description: "How long clients got no answer, until the next fault began after its end; null where nobody asked for anything." },
  recoveryNs: { ...orNull, description: "From its beginning until that was over for good; 0 where clients always got answers, null where it was not over." },
});

const cost = object({
  currency: { type: "string" },
  items: {
    type: "array",
    items: object({
      item: { type: "string" },
      quantity: { type: "number", minimum: 0, description: "How much of it, in its unit." },
      unit: { type: "string" },
      price: { type: "number", minimum: 0, description: "Of one unit." },
      cost: { type: "number", minimum: 0 },
      perMillionOperations: { type: ["number", "null"], minimum: 0 },
    }),
  },
  total: { type: "number", minimum: 0 },
  perMillionOperations: { type: ["number", "null"], minimum: 0, description: "Null where no operation was answered." },
});

export const resultSchema: object = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "The result of a Splitbrain run, version 1",
  ...object(
    {
      version: { const: 1 },
      scenario: { type: "string" },
      protocol: { type: "string" },
      mutant: { type: "string" },
      seed: count,
      verdict,
      digest: { type: "string", pattern: "^[0-9a-f]{16}$", description: "A hash over every event of the run in order." },
      events: count,
      virtualTime: { type: "string" },
      virtualTimeNs: nanoseconds("How long the run was, in virtual time."),
      wallTimeMs: { type: "number", minimum: 0 },
      interrupted: { type: "boolean", description: "True where the run was ended before its time." },
      stopped: { type: "string", description: "The event at which it ended before its duration, as its scenario asks." },
      expectations: { type: "array", items: expectation },
      sometimes: { type: "array", items: object({ name: { type: "string" }, reached: { type: "boolean" } }), description: "What the scenario's `sometimes` names, and whether this run came by it. It does not count in the verdict." },
      violations: { type: "array", items: violation },
      faults: { type: "array", items: fault },
      schedule: { type: "array", items: { type: "object" }, description: "Where the scenario asks for a random schedule: its whole `faults` as they were drawn, which give the same digest." },
      metrics: { type: "object", additionalProperties: { type: ["number", "null"] }, description: "By name; durations are nanoseconds under a name that ends in Ns." },
      cost: { ...cost, description: "The bill, where the scenario gives prices." },
      files: object({ trace: { type: "string" }, history: { type: "string" }, schedule: { type: "string" } }, ["trace", "history", "schedule"]),
    },
    ["mutant", "interrupted", "stopped", "sometimes", "schedule", "cost"],
  ),
};

/** `workload.script`: operations one by one, for when it matters which there are. */
import type { FieldsShape, FileShape } from "../shape.ts";

/** Beyond this a script is no longer one that a person writes; a rate is meant. */
export const MOST_SCRIPTED = 100_000;

/** `served`: the protocol's operations, where they are known. */
export function script(served: readonly string[] | undefined): FileShape {
  const key: FileShape = { type: "text", summary: "The operation, and the key that it is about." };
  const item: FieldsShape = {
    type: "fields",
    noun: "setting or operation",
    summary: "One operation: { at: 1.2s, client: c1, write: k1, to: n3 }",
    required: ["at", "client"],
    fields: {
      at: { type: "duration", summary: "When it is invoked." },
      client: { type: "text", summary: "Whose it is: c1, c2, …" },
      to: { type: "text", summary: "The node that is asked first. Default: as `target` says." },
      ...Object.fromEntries((served ?? []).map((f) => [f, key])),
    },
    ...(served === undefined ? { others: { pattern: "^(?!(at|client|to)$)[A-Za-z][A-Za-z0-9_-]*$", shape: key, shapeOf: () => key } } : { oneOf: [served] }),
  };
  return {
    type: "list",
    of: item,
    summary: "The operations themselves, each at its time, instead of a loop: excludes `rate`, `think` and what draws operations. What is written is unique as ever.",
  };
}

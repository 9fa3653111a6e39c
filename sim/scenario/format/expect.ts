/** `expect`: what must hold. */
import { levels as judged } from "../../check/index.ts";
import { seconds } from "../../kernel/time.ts";
import { metricInfo, metrics } from "../../metrics/index.ts";
import type { AnyProtocol } from "../../protocol.ts";
import type { FieldsShape, FileShape } from "../shape.ts";

/** Levels of consistency that an expectation may name as they are, with what they promise. */
export const levels: { readonly [level: string]: string } = Object.fromEntries(
  Object.entries(judged).flatMap(([name, { summary }]) => (name.includes("(") ? [] : [[name, `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`]])),
);

/** Levels with an argument: versions, or a time. */
export const LEVEL_WITH_ARGUMENT = "^(kAtomic\\([1-9][0-9]{0,3}\\)|boundedStaleness\\([0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h)\\))$";

export function isLevel(name: string): boolean {
  return Object.hasOwn(levels, name) || new RegExp(LEVEL_WITH_ARGUMENT).test(name);
}

/** The latency of an operation of a protocol's own model, as a pattern. */
export const OPERATION_METRIC = "^latency\\.[A-Za-z][A-Za-z0-9_-]*\\.(p50|p95|p99|p999|max|mean)$";

/** `converged: true` means within this time. */
export const CONVERGED_WITHIN = seconds(1);

/** `progress: true` means within this time. */
export const PROGRESS_WITHIN = seconds(5);

/** `kAtomic(2)`, `boundedStaleness(1s)` */
const ofLevel: FileShape = { type: "boolean", summary: "A read may return any of the last k values, or what was replaced at most so long before it began. false: it must not hold." };

const isExpected = (summary: string): FileShape => ({ type: "boolean", summary: `${summary} false: it must not hold.` });

export function expect(protocol: AnyProtocol | undefined): FieldsShape {
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
  fields["progress"] = {
    type: "either",
    scalar: { type: "boolean" },
    map: {
      type: "fields",
      fields: { within: { type: "duration", min: 1, summary: "How soon after the last temporary fault's end, or after a client's first operation after it." } },
      required: ["within"],
    },
    summary: "After the last temporary fault every client gets answers again. true means { within: 5s }; false: some client must not.",
  };
  const ofMetrics = metricFields(protocol);
  return {
    type: "fields",
    summary: "What must hold. Any metric may stand here with a comparison.",
    noun: "expectation or metric",
    fields: { ...fields, ...ofMetrics.fields },
    others: { ...ofMetrics.others, shapeOf: (name) => (isLevel(name) ? ofLevel : ofMetrics.others.shapeOf(name)), more: { [LEVEL_WITH_ARGUMENT]: ofLevel } },
  };
}

/** Any metric, with a comparison. */
export function metricFields(protocol: AnyProtocol | undefined): Required<Pick<FieldsShape, "fields" | "others">> {
  const fields: { [name: string]: FileShape } = {};
  for (const metric in metrics) {
    const info = metrics[metric] as (typeof metrics)[string];
    fields[metric] = { type: "comparison", unit: info.unit, summary: info.summary };
  }
  const served = protocol === undefined ? undefined : Object.keys(protocol.onRequest);
  return {
    fields,
    others: {
      pattern: OPERATION_METRIC,
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

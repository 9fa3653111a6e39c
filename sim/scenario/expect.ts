/** The expectations of a file, in its order. */
import type { AnyProtocol } from "../protocol.ts";
import { modelOf } from "../check/index.ts";
import { CONVERGED_WITHIN, isLevel, PROGRESS_WITHIN } from "./format/index.ts";
import type { ScenarioFile } from "./file.ts";
import type { Comparison } from "./leaves.ts";
import type { Reader } from "./reader.ts";
import type { Expectation } from "./scenario.ts";

/** Notes expectations that the protocol gives nothing to judge by. */
export function checkExpect(file: ScenarioFile, protocol: AnyProtocol, reader: Reader): void {
  for (const level of Object.keys(file.expect ?? {}).filter(isLevel)) {
    const why = whyNotJudged(level, protocol);
    if (why !== undefined) reader.report(reader.spotOf(`expect.${level}`), why);
  }
  if (file.expect?.["converged"] !== undefined && protocol.replicated === undefined) {
    const why = `the protocol ${protocol.name} does not say what must converge: it declares no \`replicated\``;
    reader.report(reader.spotOf("expect.converged"), why);
  }
}

/** Levels that ask nothing of what the operations mean. */
const OF_ANY_MODEL: readonly string[] = ["linearizable", "sequential"];

function whyNotJudged(level: string, { name, model }: AnyProtocol): string | undefined {
  if (model === undefined) return `the protocol ${name} does not say what its history means: it declares no \`model\``;
  if (OF_ANY_MODEL.includes(level) || modelOf(model).access !== undefined) return undefined;
  return `${level} is judged by what reads and writes of registers show, and the model of the protocol ${name} is ${model}`;
}

/** Only for a file without mistakes. */
export function expectations(file: ScenarioFile, reader: Reader): Expectation[] {
  const given = Object.keys(file.expect ?? {});
  // Invariants come first where the file does not say where.
  const isOrdered = reader.keyAt("expect.invariants") !== undefined;
  const order = isOrdered ? given : ["invariants", ...given.filter((name) => name !== "invariants")];
  return order.map((name) => expectation(name, file.expect?.[name])).filter((one) => one !== undefined);
}

function expectation(name: string, value: unknown): Expectation | undefined {
  if (value === "off") return undefined;
  if (name === "invariants") return { type: "invariants", holds: value as boolean };
  if (isLevel(name)) return { type: "consistency", level: name, holds: value as boolean };
  const usual = name === "converged" ? CONVERGED_WITHIN : PROGRESS_WITHIN;
  if (name === "converged" || name === "progress") {
    if (typeof value === "boolean") return { type: name, within: usual, holds: value };
    return { type: name, within: (value as { within: number }).within, holds: true };
  }
  return { type: "metric", metric: name, ...(value as Comparison) };
}

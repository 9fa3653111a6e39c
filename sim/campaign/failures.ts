import type { RunResult } from "../scenario/result.ts";
import type { Failure } from "./job.ts";

/** Every way in which a run failed: the invariants that broke, in the order in which they did, then other expectations. */
export function failuresOf(result: RunResult): Failure[] {
  const invariants = result.expectations.some(({ name, verdict }) => name === "invariants" && verdict === "fail");
  const broken = invariants ? result.violations.map(({ invariant, message, event }): Failure => ({ name: invariant, message, shape: shapeOf(invariant, message), event })) : [];
  const failed = result.expectations
    .filter(({ name, verdict }) => verdict === "fail" && !(name === "invariants" && broken.length > 0))
    .map(({ name, detail, event }): Failure => ({ name, message: detail, shape: name, event: event ?? -1 }));
  return [...broken, ...failed];
}

/** The name, and the message with what differs between runs taken out: names, numbers, and how many of them there are. */
function shapeOf(name: string, message: string): string {
  const plain = message.replace(/\b[A-Za-z-]*\d[\w.-]*\b/g, "#").replace(/#(,? (and )?#)+/g, "#");
  return `${name}: ${plain}`;
}

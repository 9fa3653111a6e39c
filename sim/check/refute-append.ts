/** Why a get of appended texts cannot be explained, where a sentence can say it. Only for keys that nobody put. */
import type { Operation } from "./history.ts";
import type { Refutation } from "./models/model.ts";
import { type Words, shown } from "./words.ts";

export function refuteAppend(until: readonly Operation[], culprit: Operation, words: Words): Refutation | undefined {
  if (culprit.f !== "get" || until.some(({ f }) => f === "put")) return undefined;
  return lacks(until, culprit, words) ?? leavesOff(until, culprit, words);
}

/** A text whose append had completed before the get began is not in what it returned. */
function lacks(until: readonly Operation[], culprit: Operation, words: Words): Refutation | undefined {
  const returned = culprit.output as string;
  const lost = until.find((operation) => operation.f === "append" && operation.returned < culprit.invoked && !returned.includes(operation.input as string));
  if (lost === undefined) return undefined;
  return { detail: `${words.did(culprit)}, without ${shown(lost.input)}, although ${words.hadDone(lost)}`, operations: [lost, culprit] };
}

/** What was returned does not continue what had been returned before the get began. */
function leavesOff(until: readonly Operation[], culprit: Operation, words: Words): Refutation | undefined {
  const returned = culprit.output as string;
  const other = until.find(({ f, outcome, output, returned: end }) => f === "get" && outcome === "ok" && end < culprit.invoked && !returned.startsWith(output as string));
  if (other === undefined) return undefined;
  return { detail: `${words.did(culprit)}, which does not continue what ${words.hadDone(other).replace("had returned", "returned")}`, operations: [other, culprit] };
}

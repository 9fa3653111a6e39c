/** Why what was seen of a set cannot be explained, where a sentence can say it. One function a reason. */
import type { Operation } from "./history.ts";
import type { Refutation } from "./models/model.ts";
import { same } from "./models/plain.ts";
import { type Words, shown } from "./words.ts";

interface Case {
  readonly culprit: Operation;
  readonly until: readonly Operation[];
  readonly words: Words;
}

export function refuteSet(until: readonly Operation[], culprit: Operation, words: Words): Refutation | undefined {
  const found = { culprit, until, words };
  if (culprit.f !== "read" && typeof culprit.output !== "boolean") return undefined;
  // What changed nothing found the element there where it was to be added, and not there where it was to be removed.
  if (culprit.f !== "read") return (culprit.f === "add") === culprit.output ? isThere(found, culprit.input) : isNotThere(found, culprit.input);
  const seen = culprit.output as readonly unknown[];
  for (const value of seen) {
    const reason = isNotThere(found, value);
    if (reason !== undefined) return reason;
  }
  for (const { f, input } of until) {
    const reason = f === "add" && !seen.some((value) => same(value, input)) ? isThere(found, input) : undefined;
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** It was seen, and nobody had added it, or not since it was removed. */
function isNotThere({ culprit, until, words }: Case, value: unknown): Refutation | undefined {
  const saw = words.did(culprit) + (culprit.f === "read" ? `, with ${shown(value)}` : culprit.f === "contains" ? "" : `, as if ${shown(value)} had been there`);
  const adds = until.filter((other) => other !== culprit && other.f === "add" && same(other.input, value));
  if (adds.length === 0) return { detail: `${saw}, although nobody had added ${shown(value)}`, operations: [culprit] };
  const removal = until.find(({ f, input, invoked, returned }) => f === "remove" && same(input, value) && returned < culprit.invoked && adds.every((add) => add.returned < invoked));
  if (removal === undefined) return undefined;
  return { detail: `${saw}, although ${words.hadDone(removal)} and nobody added ${shown(value)} again`, operations: [...adds, removal, culprit] };
}

/** It was not seen, although it had been added and nobody removed it. */
function isThere({ culprit, until, words }: Case, value: unknown): Refutation | undefined {
  const saw = words.did(culprit) + (culprit.f === "read" ? `, without ${shown(value)}` : culprit.f === "contains" ? "" : `, as if ${shown(value)} had not been there`);
  const added = until.find(({ f, input, returned }) => f === "add" && same(input, value) && returned < culprit.invoked);
  if (added === undefined || until.some((other) => other !== culprit && other.f === "remove" && same(other.input, value))) return undefined;
  return { detail: `${saw}, although ${words.hadDone(added)} and nobody removed ${shown(value)}`, operations: [added, culprit] };
}

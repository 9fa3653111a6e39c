/** Why a lock cannot have been acquired, or released, where a sentence can say it. */
import type { Operation } from "./history.ts";
import type { Refutation } from "./models/model.ts";
import type { Words } from "./words.ts";

/** Two of one kind, and between the beginning of the one and the end of the other nobody did the opposite. */
export function refuteMutex(until: readonly Operation[], culprit: Operation, words: Words): Refutation | undefined {
  const isAcquired = culprit.f === "acquire";
  const opposites = until.filter(({ f }) => f !== culprit.f);
  if (!isAcquired && opposites.length === 0) return { detail: `${words.did(culprit)}, although nobody had acquired it`, operations: [culprit] };
  const isAlone = (other: Operation): boolean => {
    const [from, to] = [Math.min(other.invoked, culprit.invoked), Math.max(other.returned, culprit.returned)];
    return opposites.every(({ invoked, returned }) => returned < from || invoked > to);
  };
  const rival = until.find((other) => other !== culprit && other.f === culprit.f && other.returned < culprit.returned && isAlone(other));
  if (rival === undefined) return undefined;
  return { detail: `${words.did(culprit)}, although ${words.hadDone(rival)} and nobody ${isAcquired ? "released" : "acquired"} it in between`, operations: [rival, culprit] };
}

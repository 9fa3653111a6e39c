/** Which operation of a part that has no legal order is the first that cannot be explained, and why, in words. */
import { decide } from "./decide.ts";
import type { Operation } from "./history.ts";
import type { Model, Refutation } from "./models/model.ts";
import type { Words } from "./words.ts";

export type FullRefutation = Refutation & { readonly culprit: Operation };

/**
 * The culprit is the operation whose completion ends the shortest beginning of the part that has no legal order: a
 * beginning of a linearizable history is linearizable, so it is found by bisection. `budget` is in configurations, for all
 * beginnings together; one that is not decided within it counts as legal, so that the culprit is then a later one.
 */
export function culpritOf(part: readonly Operation[], model: Model, budget: number, words: Words): FullRefutation {
  const returned = part.filter(({ outcome }) => outcome !== "info").sort((a, b) => a.returned - b.returned);
  let left = budget;
  let low = 0;
  let high = returned.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const decision = decide(new Map([["", beginning(part, returned[middle]!)]]), model, left);
    left -= decision.explored;
    if (decision.failed.length > 0) high = middle;
    else low = middle + 1;
  }
  const culprit = returned[high]!;
  const until = part.filter(({ invoked }) => invoked < culprit.returned);
  return { ...(model.refute?.(until, culprit, words) ?? plain(until, culprit, words)), culprit };
}

/** The part up to an operation's return: what had not returned by then is open. */
function beginning(part: readonly Operation[], last: Operation): Operation[] {
  return part
    .filter(({ invoked }) => invoked < last.returned)
    .map((operation) => (operation.returned <= last.returned ? operation : { ...operation, outcome: "info", output: null, returned: Infinity }));
}

function plain(until: readonly Operation[], culprit: Operation, words: Words): Refutation {
  const on = culprit.key === "" ? "" : ` on ${culprit.key}`;
  return { detail: `${words.did(culprit)}, and no order of the ${until.length} operations${on} up to then explains what the clients saw`, operations: [culprit] };
}

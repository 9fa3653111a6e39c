/** Which operation of a part that has no legal order is the first that cannot be explained, and why, in words. */
import { decide } from "./decide.ts";
import type { Operation } from "./history.ts";
import type { Model, Refutation } from "./models/model.ts";
import type { Words } from "./words.ts";

/** Where the fast way found a culprit, a search looks for an earlier one with so many operations of all its configurations together. */
const LOOKED_AT = 2_000_000;

export type FullRefutation = Refutation & { readonly culprit: Operation };

/**
 * The culprit is the operation whose completion ends the shortest beginning of the part that has no legal order: a
 * beginning of a linearizable history is linearizable, so it is found by bisection. `budget` is in configurations, for all
 * beginnings together; one that is not decided within it counts as legal, so that the culprit is then a later one.
 */
export function culpritOf(part: readonly Operation[], model: Model, budget: number, words: Words): FullRefutation {
  const returned = part.filter(({ outcome }) => outcome !== "info").sort((a, b) => a.returned - b.returned);
  let left = budget;
  const fails = (last: Operation): boolean => {
    const decision = decide(new Map([["", beginning(part, last)]]), model, left);
    left -= decision.explored;
    return decision.failed.length > 0;
  };
  const failsFast = (last: Operation): boolean => model.fast?.judge(beginning(part, last, true)).verdict === "fail";

  // The fast way is mostly right about the first: then one look at what comes before it is enough.
  let high = returned.length - 1;
  if (failsFast(returned[high]!)) {
    high = firstThat(failsFast, returned, high);
    left = Math.min(left, Math.ceil(LOOKED_AT / part.length));
  }
  // What an open operation returns later was foreseen: without it the beginning may be legal, and the culprit a later one.
  const { failed, undecided, explored } = decide(new Map([["", beginning(part, returned[high]!)]]), model, left);
  left -= explored;
  if (failed.length === 0 && undecided.length === 0) high = firstThat(fails, returned, returned.length - 1);
  else if (high > 0 && fails(returned[high - 1]!)) high = firstThat(fails, returned, high - 1);

  const culprit = returned[high]!;
  const until = part.filter(({ invoked }) => invoked < culprit.returned);
  return { ...(model.refute?.(until, culprit, words) ?? plain(until, culprit, words)), culprit };
}

/** The position of the first of a list that has a property which all later ones have, too, as does the one at `known`. */
function firstThat(has: (operation: Operation) => boolean, list: readonly Operation[], known: number): number {
  let low = 0;
  let high = known;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (has(list[middle]!)) high = middle;
    else low = middle + 1;
  }
  return high;
}

/**
 * The part up to an operation's return: what had not returned by then is open. Where it is `foreseen` what those return that
 * did, a beginning of a linearizable history is linearizable still.
 */
export function beginning(part: readonly Operation[], last: Operation, foreseen = false): Operation[] {
  return part
    .filter(({ invoked }) => invoked < last.returned)
    .map((operation) => (operation.returned <= last.returned ? operation : { ...operation, outcome: "info", output: foreseen ? operation.output : null, returned: Infinity }));
}

function plain(until: readonly Operation[], culprit: Operation, words: Words): Refutation {
  const on = culprit.key === "" ? "" : ` on ${culprit.key}`;
  return { detail: `${words.did(culprit)}, and no order of the ${until.length} operations${on} up to then explains what the clients saw`, operations: [culprit] };
}

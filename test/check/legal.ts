/** Whether a witness is one: replayed by the rules of brute.ts, and sharing nothing with the checkers. */
import type { Operation } from "../../sim/check/history.ts";
import type { Rules } from "./brute.ts";

/** What is wrong with an order of a part's operations; undefined where it is legal and keeps the relation. */
export function flawOf<State>(part: readonly Operation[], order: readonly Operation[], initial: State, rules: Rules<State>, before: (a: Operation, b: Operation) => boolean): string | undefined {
  if (new Set(order).size !== order.length) return "an operation stands in it twice";
  if (order.some((operation) => !part.includes(operation))) return "an operation of another part stands in it";
  const missing = part.find((operation) => operation.outcome !== "info" && !order.includes(operation));
  if (missing !== undefined) return `operation ${missing.index} returned and is not in it`;
  let state = initial;
  for (const [position, operation] of order.entries()) {
    const late = order.slice(position + 1).find((later) => before(later, operation));
    if (late !== undefined) return `operation ${operation.index} stands before ${late.index}, which must come first`;
    const next = rules(state, operation);
    if (next === undefined) return `operation ${operation.index} cannot happen in ${JSON.stringify(state)}`;
    state = next.state;
  }
  return undefined;
}

export const inRealTime = (a: Operation, b: Operation): boolean => a.returned < b.invoked;
export const inSession = (a: Operation, b: Operation): boolean => a.client === b.client && a.returned < b.invoked;

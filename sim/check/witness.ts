/** From the order that an algorithm found to a legal order of everything that returned: the witness of a pass. */
import type { Operation } from "./history.ts";

/**
 * The order, with what returned and was left out because it constrains nothing: it stands where it was invoked, which is
 * legal anywhere. Every operation takes effect at the latest invocation of those up to it, which is before it returned.
 */
export function withTheRest(order: readonly Operation[], part: readonly Operation[]): readonly Operation[] {
  const placed = new Set(order);
  const rest = part.filter((operation) => operation.outcome !== "info" && !placed.has(operation));
  if (rest.length === 0) return order;
  return inOnePass([order, rest.sort((a, b) => a.invoked - b.invoked)]);
}

/** Orders that do not constrain each other, as one, by the instants at which their operations may take effect. */
export function inOnePass(orders: readonly (readonly Operation[])[]): readonly Operation[] {
  const effects = orders.flatMap((order) => {
    let at = -Infinity;
    return order.map((operation) => ({ operation, at: (at = Math.max(at, operation.invoked)) }));
  });
  return effects.sort((a, b) => a.at - b.at).map(({ operation }) => operation);
}

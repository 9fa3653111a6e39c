/**
 * Bounded staleness in time, or Δ-atomicity (Golab, Li and Shah, “Analyzing consistency properties for fun and profit”,
 * PODC 2011): a read may return a value that was replaced at most so long before it was invoked. It is decided as
 * linearizability of the history in which every read began that much earlier.
 */
import type { Operation } from "./history.ts";
import { linearizable } from "./linearizable.ts";
import type { Model } from "./models/model.ts";
import type { Verdict } from "./verdict.ts";

/** `boundNs`: nanoseconds of the history's time. */
export function boundedStaleness(name: string, boundNs: number, operations: readonly Operation[], model: Model, budget: number): Verdict {
  const isRead = (operation: Operation): boolean => model.access?.(operation)?.type === "read" || model.access?.(operation)?.type === "mismatch";
  return { ...linearizable(begunEarlier(operations, isRead, boundNs), model, budget), consistency: name };
}

interface End {
  readonly operation: Operation;
  readonly returns: boolean;
  readonly time: number;
  readonly position: number;
}

/** The same operations with their ends in the new order. Ends at one time keep their order. */
function begunEarlier(operations: readonly Operation[], moves: (operation: Operation) => boolean, boundNs: number): Operation[] {
  const ends = operations.flatMap((operation): End[] => {
    const begins = { operation, returns: false, time: operation.invokedAt - (moves(operation) ? boundNs : 0), position: operation.invoked };
    return operation.returned === Infinity ? [begins] : [begins, { operation, returns: true, time: operation.returnedAt, position: operation.returned }];
  });
  ends.sort((a, b) => a.time - b.time || a.position - b.position);
  const invoked = new Map<Operation, number>();
  const returned = new Map<Operation, number>();
  ends.forEach(({ operation, returns }, position) => (returns ? returned : invoked).set(operation, position));
  return operations.map((operation) => ({ ...operation, invoked: invoked.get(operation)!, returned: returned.get(operation) ?? Infinity }));
}

/**
 * What the checkers of sessions share: one sweep over a history in the order of its events. A session is a client; in it A
 * comes before B if A completed before B was invoked, so that operations that were open together are not ordered.
 */
import type { Operation } from "./history.ts";
import type { Model } from "./models/model.ts";
import { Origins, type Sight } from "./origins.ts";
import type { Verdict } from "./verdict.ts";
import { Words, count, shown } from "./words.ts";

/** What a session must not fall behind: the newest that it has written, or seen, of a part. */
export interface Mark {
  /** The operation that set it. */
  readonly operation: Operation;
  /** What is older than this invocation breaks the guarantee. */
  readonly invoked: number;
}

/** A guarantee: what a completed operation obliges its session to, and how a breach is told. */
export interface Guarantee {
  readonly name: string;
  /** The mark that a completed operation sets; undefined: none. */
  marks(operation: Operation, origins: Origins): Mark | undefined;
  /** One sentence on a sight that is older than a mark. */
  tell(sight: Sight, mark: Mark, words: Words): string;
}

/** The verdict of a guarantee on a history; the operation that breaks it first, by its completion, is the culprit. */
export function judgeSessions(operations: readonly Operation[], model: Model, guarantee: Guarantee): Verdict {
  const origins = new Origins(operations, model);
  const words = new Words(operations);
  const base = { consistency: guarantee.name, model: model.name, algorithm: "scan of sessions", operations: operations.length, explored: operations.length };
  const breach = firstBreach(operations, model, guarantee, origins);
  if (breach === undefined) {
    const sessions = new Set(operations.map(({ client }) => client)).size;
    return { ...base, verdict: "pass", detail: `${count(operations.length, "operation")} in ${count(sessions, "session")} keep the order of their sessions` };
  }

  const { sight, mark } = breach;
  const culprit = sight.operation;
  const detail = mark === undefined ? `${words.did(culprit)}${unwritten(culprit)}` : guarantee.tell(sight, mark, words);
  const involved = mark === undefined ? [culprit.index] : [mark.operation.index, culprit.index];
  return { ...base, verdict: "fail", detail, failure: { key: culprit.key, operations: involved, event: culprit.returnEvent, time: words.timed ? culprit.returnedAt : 0 } };
}

export function unwritten(culprit: Operation): string {
  return culprit.f === "cas" ? `, although nobody had written ${shown((culprit.input as readonly unknown[])[0])}` : ", which nobody had written";
}

interface Breach {
  readonly sight: Sight;
  /** Undefined: the value was never written, so that it has no place in any order. */
  readonly mark: Mark | undefined;
}

function firstBreach(operations: readonly Operation[], model: Model, guarantee: Guarantee, origins: Origins): Breach | undefined {
  const marks = new Map<string, Mark>();
  const atInvocation = new Map<Operation, Mark | undefined>();
  for (const { operation, returns } of eventsOf(operations)) {
    const place = `${operation.client}\u0000${model.part(operation)}`;
    if (!returns) {
      atInvocation.set(operation, marks.get(place));
      continue;
    }
    const sight = origins.seen(operation);
    const mark = atInvocation.get(operation);
    atInvocation.delete(operation);
    if (sight !== undefined && sight.age === undefined) return { sight, mark: undefined };
    if (sight !== undefined && mark !== undefined && sight.age!.returned < mark.invoked) return { sight, mark };
    const next = guarantee.marks(operation, origins);
    const current = marks.get(place);
    if (next !== undefined && (current === undefined || next.invoked > current.invoked)) marks.set(place, next);
  }
  return undefined;
}

/** The invocations and returns of a history, in order. */
export function eventsOf(operations: readonly Operation[]): { readonly operation: Operation; readonly returns: boolean; readonly at: number }[] {
  const events = operations.flatMap((operation) => {
    const invocation = { operation, returns: false, at: operation.invoked };
    return operation.outcome === "info" ? [invocation] : [invocation, { operation, returns: true, at: operation.returned }];
  });
  return events.sort((a, b) => a.at - b.at);
}

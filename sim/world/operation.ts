import type { Request, Value } from "../protocol.ts";

/** An operation that has not completed. Its lists are replaced, not changed, so that a copy of it may share them. */
export interface PendingOperation {
  readonly operation: number;
  readonly sequence: number;
  readonly process: number;
  readonly f: string;
  readonly key: string;
  readonly value: Value;
  readonly invokeEvent: number;
  /** The kernel's handles; 0 where there is none. */
  readonly timeout: number;
  impatience: number;
  hedge: number;
  retry: number;
  /** The last attempt, from 1. */
  attempt: number;
  /** The node that was asked last but for hedges, or is to be asked after the pause. */
  node: number;
  /** The requests that are waited for: the first since the last pause, those that hedge it, and where redirections led. */
  underWay: readonly { readonly attempt: number; readonly node: number }[];
  /** Where nodes are asked in an order: those that had their turn. */
  asked: readonly number[];
  /** Redirections followed since the last pause: followed at once, but not round and round. */
  hops: number;
  /** How often it has paused before another attempt. */
  pauses: number;
  /** The last attempt's request. */
  request: Request | undefined;
}

/** What the history says that an operation returned: of a read the value, of others what they were asked for, unless the protocol says more. */
export function returned({ f, value }: PendingOperation, replied: Value | undefined): Value {
  if (f === "read") return replied ?? null;
  return f === "write" || f === "cas" ? value : (replied ?? value);
}

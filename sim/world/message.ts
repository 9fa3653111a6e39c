import type { AnyMessage, Reply, Request } from "../protocol.ts";

/** A message on its way. Immutable, so that copies of a world may share it. */
export interface Flight {
  /** Its number in the run. */
  readonly id: number;
  /** Endpoints. */
  readonly from: number;
  readonly to: number;
  /** The message's type, a request's operation, or `reply`. */
  readonly name: string;
  readonly body: { readonly type: "message"; readonly message: AnyMessage } | { readonly type: "request"; readonly request: Request } | { readonly type: "reply"; readonly reply: Reply };
  /** The operation and attempt that it serves; -1 and 0 where none. */
  readonly operation: number;
  readonly attempt: number;
  /** The event that sent it. */
  readonly sentBy: number;
}

import type { Stream } from "../kernel/stream.ts";
import type { AnyMessage, Reply, Request } from "../protocol.ts";
import { sizeOf } from "../trace/value.ts";
import { corrupted } from "./corruption.ts";

/** `hedge`: it is asked while another request of the same operation is under way. */
export interface RequestBody {
  readonly type: "request";
  readonly request: Request;
  readonly hedge?: true;
}

/** A message on its way. Immutable, so that copies of a world may share it. */
export interface Flight {
  /** It is its own event in the kernel's queue: another object for each message would cost memory, and time to collect it. */
  readonly type: "deliver";
  /** Its number in the run. */
  readonly id: number;
  /** Endpoints. */
  readonly from: number;
  readonly to: number;
  /** The message's type, a request's operation, or `reply`. */
  readonly name: string;
  readonly body: { readonly type: "message"; readonly message: AnyMessage } | RequestBody | { readonly type: "reply"; readonly reply: Reply };
  /** The operation and attempt that it serves; -1 and 0 where none. */
  readonly operation: number;
  readonly attempt: number;
  /** The event that sent it. */
  readonly sentBy: number;
}

/** What a message says, as the trace keeps it. What its event says already is left out. */
export function contentsOf(body: Flight["body"]): unknown {
  if (body.type === "message") return body.message;
  if (body.type === "reply") return body.reply;
  const { key, value, sequence, firstOpen, token } = body.request;
  const contents = { key, value, sequence, firstOpen };
  if (token === null && body.hedge !== true) return contents;
  return { ...contents, ...(token !== null && { token }), ...(body.hedge && { hedge: true }) };
}

/** The size of a message, by the canonical encoding of its contents. */
export function bytesOf(body: Flight["body"]): number {
  return sizeOf(contentsOf(body));
}

/**
 * A message whose contents were changed on their way; itself where there is nothing to change. What finds its handler or
 * its client stays, and so does where a reply points to: a name that nobody has would be thrown away as no message at all.
 */
export function corruptedBody(body: Flight["body"], stream: Stream): Flight["body"] {
  if (body.type === "message") {
    const message = corrupted(body.message, stream);
    return message === body.message ? body : { type: "message", message };
  }
  if (body.type === "reply") {
    const reply = corrupted(body.reply, stream, ["type", "to"]);
    return reply === body.reply ? body : { type: "reply", reply };
  }
  return { type: "request", request: Object.freeze({ ...body.request, ...corrupted(contentsOf(body) as Partial<Request>, stream) }) };
}

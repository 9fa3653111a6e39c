import type { Stream } from "../kernel/stream.ts";
import type { AnyMessage, ClientId, Ctx, Disk, DurationRange, Log, LogLevel, NodeId, Reply, Request, Value } from "../protocol.ts";
import type { Capture } from "./capture.ts";
import { freeze } from "./freeze.ts";

/** What a handler asked for, applied in order when it has returned. */
export type Effect =
  /** A send. The message's way goes on with this very object as its body. */
  | { readonly type: "message"; readonly to: number; readonly message: AnyMessage }
  | { readonly type: "reply"; readonly to: number; readonly request: Request; readonly reply: Reply }
  | { readonly type: "setTimer"; readonly name: string; readonly key: string; readonly after: number }
  | { readonly type: "cancelTimer"; readonly name: string; readonly key: string }
  /** The capture is undefined where nothing durable changed since the last. */
  | { readonly type: "persist"; readonly capture: Capture | undefined }
  | { readonly type: "write"; readonly file: string; readonly how: "append" | "truncate"; readonly data: Value; readonly contents: Log<Value> }
  | { readonly type: "sync"; readonly token: Value }
  | { readonly type: "emit"; readonly event: string; readonly fields: { readonly [key: string]: Value } | null }
  | { readonly type: "sometimes"; readonly name: string }
  | { readonly type: "log"; readonly level: LogLevel; readonly text: string; readonly fields: { readonly [key: string]: Value } | null };

/** Nothing, one effect, or several in order. */
export type Asked = Effect | Effect[] | undefined;

/** What effects inherit from the event whose handler asked for them. */
export interface Origin {
  readonly event: number;
  readonly operation: number;
  readonly attempt: number;
}

/** What a context needs of its node. */
export interface ContextHost {
  readonly id: NodeId;
  /** Whether messages and replies are frozen. */
  readonly isStrict: boolean;
  readonly clockNow: number;
  /** What `persist()` would save now; undefined where it is what was saved last: `last`, or what the disk was given before. */
  capture(last: Capture | undefined): Capture | undefined;
  /** The number of a node or client. RangeErrors where there is none of that name. */
  nodeNamed(name: NodeId): number;
  clientNamed(name: ClientId): number;
  readFile(file: string): Log<Value>;
}

const NO_FIELDS = null;

/** The context that a node's handlers see. It collects effects, and does nothing itself but draw. */
export class NodeContext implements Ctx<AnyMessage, string, unknown, unknown> {
  readonly self: NodeId;
  readonly nodes: readonly NodeId[];
  readonly peers: readonly NodeId[];
  readonly options: unknown;
  readonly rules: unknown;
  readonly disk: Disk;
  /** What the handler that is running has asked for: one effect stands for itself, because most handlers ask for no more. */
  #asked: Asked;
  /** Files written by the handler that is running, as it sees them. */
  #unsaved = new Map<string, Log<Value>>();
  /** What the handler that is running has captured last. */
  #captured: Capture | undefined;
  readonly #host: ContextHost;
  readonly #isStrict: boolean;
  readonly #stream: Stream;

  constructor(host: ContextHost, nodes: readonly NodeId[], options: unknown, rules: unknown, stream: Stream) {
    this.#host = host;
    this.#isStrict = host.isStrict;
    this.#stream = stream;
    this.self = host.id;
    this.nodes = nodes;
    this.peers = Object.freeze(nodes.filter((node) => node !== host.id));
    this.options = options;
    this.rules = rules;
    this.disk = {
      append: (file, entry) => this.#write(file, "append", freeze(entry), this.disk.read(file).append(entry)),
      truncate: (file, length) => this.#write(file, "truncate", length, this.disk.read(file).truncate(length)),
      sync: (token = null) => void this.#ask({ type: "sync", token: freeze(token) }),
      read: (file) => this.#unsaved.get(file) ?? host.readFile(file),
    };
  }

  get now(): number {
    return this.#host.clockNow;
  }

  send(to: NodeId, message: AnyMessage): void {
    this.#ask({ type: "message", to: this.#host.nodeNamed(to), message: this.#isStrict ? freeze(message) : message });
  }

  setTimer(name: string, after: DurationRange, key = ""): void {
    this.#ask({ type: "setTimer", name, key, after: this.#draw(name, after) });
  }

  cancelTimer(name: string, key = ""): void {
    this.#ask({ type: "cancelTimer", name, key });
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError("ctx.pick: the list is empty");
    return list[this.#stream.below(list.length)] as T;
  }

  persist(): void {
    const capture = this.#host.capture(this.#captured);
    this.#captured = capture ?? this.#captured;
    this.#ask({ type: "persist", capture });
  }

  reply(request: Request, reply: Reply): void {
    requireReply(reply);
    if (reply.type === "redirect" && typeof reply.to === "string") this.#host.nodeNamed(reply.to);
    this.#ask({ type: "reply", to: this.#host.clientNamed(request.client), request, reply: this.#isStrict ? freeze(reply) : reply });
  }

  emit(event: string, fields?: { readonly [key: string]: Value }): void {
    this.#ask({ type: "emit", event, fields: fields === undefined ? NO_FIELDS : freeze(fields) });
  }

  sometimes(name: string): void {
    this.#ask({ type: "sometimes", name });
  }

  log(level: LogLevel, text: string, fields?: { readonly [key: string]: Value }): void {
    this.#ask({ type: "log", level, text, fields: fields === undefined ? NO_FIELDS : freeze(fields) });
  }

  /** The effects of the handler that has just returned. */
  take(): Asked {
    const asked = this.#asked;
    this.#asked = undefined;
    this.#captured = undefined;
    if (this.#unsaved.size > 0) this.#unsaved = new Map();
    return asked;
  }

  #ask(effect: Effect): void {
    if (this.#asked === undefined) this.#asked = effect;
    else if (Array.isArray(this.#asked)) this.#asked.push(effect);
    else this.#asked = [this.#asked, effect];
  }

  #write(file: string, how: "append" | "truncate", data: Value, contents: Log<Value>): void {
    this.#unsaved.set(file, contents);
    this.#ask({ type: "write", file, how, data, contents });
  }

  #draw(name: string, after: DurationRange): number {
    const [min, max] = typeof after === "number" ? [after, after] : after;
    if (!(Number.isSafeInteger(min) && Number.isSafeInteger(max) && min >= 0 && min <= max)) {
      throw new RangeError(`ctx.setTimer("${name}"): a time to wait is a whole number of nanoseconds from 0, or such a range, not ${String(after)}`);
    }
    return min === max ? min : this.#stream.between(min, max);
  }
}

/** What a client could make nothing of must fail where it is said. */
function requireReply(reply: Reply): void {
  const { type } = reply;
  if (type !== "ok" && type !== "fail" && type !== "redirect") throw new TypeError(`ctx.reply: a reply is ok, fail or redirect, not ${String(type)}`);
  if (type === "fail" && typeof reply.error !== "string") throw new TypeError("ctx.reply: a reply that fails says why: { type: \"fail\", error: \"…\" }");
}

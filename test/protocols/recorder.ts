/** A context that does nothing but write down what a handler asks for, so that one rule can be looked at alone. */
import { Log } from "../../sim/protocol.ts";
import type { AnyMessage, AnyProtocol, Ctx, Disk, DurationRange, NodeId } from "../../sim/protocol.ts";
import type { Reply, Request, Shape, Value } from "../../sim/protocol.ts";

export type Asked<Message> =
  | readonly ["send", NodeId, Message]
  | readonly ["reply", number, Reply]
  | readonly ["persist"]
  | readonly ["sync", Value]
  | readonly ["setTimer", string, DurationRange]
  | readonly ["cancelTimer", string]
  | readonly ["emit", string, unknown];

export class RecordingCtx<Message extends AnyMessage, Timer extends string, Options, Rules>
  implements Ctx<Message, Timer, Options, Rules>
{
  readonly self: NodeId;
  readonly nodes: readonly NodeId[];
  readonly peers: readonly NodeId[];
  readonly options: Options;
  readonly rules: Rules;
  readonly disk: Disk;
  now = 0;
  asked: Asked<Message>[] = [];
  /** What was marked by `sometimes`, beside what was asked for: it has no effect. */
  readonly marked: string[] = [];

  constructor(protocol: AnyProtocol, self: NodeId, count: number, options: Partial<Options> = {}) {
    this.self = self;
    this.nodes = Array.from({ length: count }, (_, index) => `n${index + 1}`);
    this.peers = this.nodes.filter((node) => node !== self);
    const shapes = Object.entries(protocol.options ?? {}) as [string, Shape & { default: unknown }][];
    this.options = { ...Object.fromEntries(shapes.map(([name, shape]) => [name, shape.default])), ...options } as Options;
    this.rules = protocol.rules as Rules;
    const nowhere = (): void => {
      throw new Error("the protocol keeps no files");
    };
    const sync = (token: Value = null): void => void this.asked.push(["sync", token]);
    this.disk = { append: nowhere, truncate: nowhere, sync, read: () => Log.of<Value>() };
  }

  send(to: NodeId, message: Message): void {
    this.asked.push(["send", to, message]);
  }
  setTimer(name: Timer, after: DurationRange): void {
    this.asked.push(["setTimer", name, after]);
  }
  cancelTimer(name: Timer): void {
    this.asked.push(["cancelTimer", name]);
  }
  pick<T>(list: readonly T[]): T {
    return list[0] as T;
  }
  persist(): void {
    this.asked.push(["persist"]);
  }
  reply(request: Request, reply: Reply): void {
    this.asked.push(["reply", request.operation, reply]);
  }
  emit(event: string, fields?: unknown): void {
    this.asked.push(["emit", event, fields]);
  }
  sometimes(name: string): void {
    this.marked.push(name);
  }
  log(): void {}

  /** What was asked for since the last call. */
  take(): Asked<Message>[] {
    const asked = this.asked;
    this.asked = [];
    return asked;
  }

  /** The messages among it. */
  sent(): readonly (readonly [NodeId, Message])[] {
    return this.take().flatMap((asked) => (asked[0] === "send" ? [[asked[1], asked[2]] as const] : []));
  }

  /** The replies to clients among it, by operation. */
  replies(): readonly (readonly [number, Reply])[] {
    return this.take().flatMap((asked) => (asked[0] === "reply" ? [[asked[1], asked[2]] as const] : []));
  }
}

interface Session {
  readonly client?: string;
  readonly sequence?: number;
  readonly firstOpen?: number;
  readonly attempt?: number;
}

/** A client's request. The operation has the number of its place in the session. */
export function request(f: string, key: string, value: Value, session: Session = {}): Request {
  const { client = "c1", sequence = 1, firstOpen = 1, attempt = 1 } = session;
  const operation = sequence;
  return { operation, attempt, client, sequence, firstOpen, f, key, value, token: null };
}

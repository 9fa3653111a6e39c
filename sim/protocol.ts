/**
 * The one interface between a protocol and the world. A protocol is plain data and handlers; the world owns the state,
 * calls one handler at a time, and applies the effects that the handler asked for, in order, when it has returned.
 */
import type { Nanoseconds } from "./kernel/time.ts";

export { ms, seconds, us } from "./kernel/time.ts";

/** The name of a node: `n1`, `eu-2`. */
export type NodeId = string;
/** The name of a client, which is also its session: `c1`. */
export type ClientId = string;

/** Plain data: what messages, entries, client values and event fields are made of. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** Every message has a type, by which its handler is found and which the trace shows. */
export interface AnyMessage {
  readonly type: string;
}

/** A client's request: plain data, so it may be kept in the state and answered later, by another handler. */
export interface Request {
  /** The operation's number in the run. All attempts of one operation share it. */
  readonly operation: number;
  /** Counts the attempts of the operation, from 1. */
  readonly attempt: number;
  /** The session. */
  readonly client: ClientId;
  /** The operation's number in its session, from 1: a protocol that remembers it applies a retried request once. */
  readonly sequence: number;
  /** The lowest sequence number that the session still waits for; what is below it will not be asked for again. */
  readonly firstOpen: number;
  /** What is asked: `read`, `write`, `cas`, or an operation of the protocol's own model. */
  readonly f: string;
  readonly key: string;
  /** `write`: the value; `cas`: `[expected, new]`; `read`: null. */
  readonly value: Value;
  /** What the protocol's client side keeps for the session, see {@link ClientSide}. */
  readonly token: Value;
}

/** What a node answers a client. */
export type Reply =
  /** It happened. `value` is what a read returned. */
  | { readonly type: "ok"; readonly value?: Value; readonly token?: Value }
  /** It did not happen and never will, for any attempt. `mismatch`: the comparison of a `cas` was false. */
  | { readonly type: "fail"; readonly error: string; readonly value?: Value; readonly token?: Value }
  /** This attempt did nothing here: ask `to`, or somebody else where it is left out. */
  | { readonly type: "redirect"; readonly to?: NodeId | undefined };

/** A duration, or a range from which the world draws one evenly. In nanoseconds, inclusive. */
export type DurationRange = Nanoseconds | readonly [min: Nanoseconds, max: Nanoseconds];

export type LogLevel = "debug" | "info" | "warn" | "error";

/** A node's disk, for protocols that study it. Nothing is held back here; what is not synced may be lost in a crash. */
export interface Disk {
  /** Adds an entry at the end of a file, which begins empty. */
  append(file: string, entry: Value): void;
  /** Keeps the first `length` entries of a file. */
  truncate(file: string, length: number): void;
  /** Asks for everything written so far to be made durable; then the protocol's `onSynced` is called with `token`. */
  sync(token?: Value): void;
  /** What a file holds as this node sees it, unsynced writes included. After a crash: what survived. */
  read(file: string): Log<Value>;
}

/**
 * What a handler may ask of the world. Chance is asked for as data (`setTimer` with a range, `pick`), so that the
 * simulator draws it, an explorer branches on it, and a real runtime rolls it.
 */
export interface Ctx<Message extends AnyMessage = AnyMessage, Timer extends string = string, Options = unknown, Rules = unknown> {
  readonly self: NodeId;
  /** All nodes of the cluster, this one included, in a fixed order. */
  readonly nodes: readonly NodeId[];
  /** All nodes but this one. */
  readonly peers: readonly NodeId[];
  readonly options: Options;
  /** The protocol's replaceable rules; a mutant replaces one of them. */
  readonly rules: Rules;
  /** This node's own clock in nanoseconds, which may be wrong. */
  readonly now: Nanoseconds;
  readonly disk: Disk;
  /** Sends a message, which is frozen from here on. Held back while an earlier `persist()` of this node is under way. */
  send(to: NodeId, message: Message): void;
  /** Sets a timer, in place of one of the same name and key. Runs on this node's clock; a crash cancels it. */
  setTimer(name: Timer, after: DurationRange, key?: string): void;
  cancelTimer(name: Timer, key?: string): void;
  /** One of a list, each as likely; throws on an empty list. */
  pick<T>(list: readonly T[]): T;
  /**
   * Saves the durable part of the state as it is at this call, atomically, and holds back this node's later sends and
   * replies, of later handlers too, until it is on disk. Free where nothing durable changed since the last save.
   */
  persist(): void;
  /** Answers a request; held back as `send` is. */
  reply(request: Request, reply: Reply): void;
  /** Says what happened in the protocol's words (`election.won`): part of the run, its digest and its metrics. */
  emit(event: string, fields?: { readonly [key: string]: Value }): void;
  /**
   * Marks that something good or rare has come about (`an uncommitted entry was cut off`), so that a campaign can say what
   * it never reached, and search where it is reached. In a run it is a line for people, as {@link Ctx.log} writes one, and
   * no event: what a protocol marks may grow without a single digest changing, and nothing can be made to wait for it.
   * What scenarios and metrics go by is for {@link Ctx.emit}.
   */
  sometimes(name: string): void;
  /** Says something to people; never part of the digest. */
  log(level: LogLevel, text: string, fields?: { readonly [key: string]: Value }): void;
}

/** What a node hears of its disk: a write found no space, or a sync failed. */
export interface DiskError {
  readonly operation: "write" | "sync";
  /** `full`: no space; nothing of the write was kept. `failed`: an I/O error. */
  readonly reason: "full" | "failed";
  /** The file that was to be written; undefined for what `persist()` saves, and for a sync. */
  readonly file?: string | undefined;
}

/**
 * What a node does at its start when a checksum says that its disk is damaged: it stays down, begins with an empty
 * disk, or keeps a file's entries before the damaged one (what `persist()` saved has none: it is discarded). What is
 * right depends on the protocol: Alagappan et al., “Protocol-aware recovery for consensus-based storage”, FAST 2018.
 */
export type Recovery = "halt" | "discard" | "truncate";

/** A setting of a protocol or a parameter of a fault: what may stand there, in the scenario file's terms. */
export type Shape =
  | { readonly type: "boolean"; readonly default?: boolean; readonly summary?: string }
  | { readonly type: "integer" | "number"; readonly min?: number; readonly max?: number; readonly default?: number; readonly summary?: string }
  /** `1%`, held as a share from 0 to 1. */
  | { readonly type: "ratio"; readonly default?: number; readonly summary?: string }
  /** `20ms`, held in nanoseconds. */
  | { readonly type: "duration"; readonly min?: Nanoseconds; readonly max?: Nanoseconds; readonly signed?: boolean; readonly default?: Nanoseconds; readonly summary?: string }
  /** `150ms..300ms`, or one duration, held as `[min, max]` in nanoseconds. */
  | { readonly type: "durationRange"; readonly min?: Nanoseconds; readonly max?: Nanoseconds; readonly signed?: boolean; readonly default?: readonly [Nanoseconds, Nanoseconds]; readonly summary?: string }
  /** `500ppm`, held in parts per billion (500000); signed. */
  | { readonly type: "drift"; readonly default?: number; readonly summary?: string }
  | { readonly type: "distribution"; readonly summary?: string }
  | { readonly type: "choice"; readonly of: readonly string[]; readonly default?: string; readonly summary?: string }
  | { readonly type: "text"; readonly default?: string; readonly summary?: string }
  /** Whom a fault strikes. */
  | { readonly type: "selector"; readonly summary?: string }
  /** A list of selectors, a group each; where said, exactly so many. */
  | { readonly type: "groups"; readonly count?: number; readonly summary?: string }
  /** `[from, to]`, two selectors. */
  | { readonly type: "link"; readonly summary?: string }
  /** A map of keys, or something else. */
  | { readonly type: "either"; readonly scalar: Shape; readonly map: Shape; readonly summary?: string }
  | { readonly type: "fields"; readonly fields: { readonly [name: string]: Shape }; readonly required?: readonly string[]; readonly oneOf?: readonly (readonly string[])[]; readonly summary?: string };

/** The shapes of a protocol's options; each should have a default. */
export type OptionShapes<Options> = { readonly [Name in keyof Options]: Shape };

/** What an invariant may see: what every node showed last through `inspect`. */
export interface View<Shown> {
  readonly nodes: readonly NodeId[];
  /** What the node shows now, or showed when it was last up; undefined before its first boot. */
  shown(node: NodeId): Shown | undefined;
  /** What the node showed before the change that is being checked; undefined at its first boot. */
  before(node: NodeId): Shown | undefined;
  /** False while the node is down. A paused node is up. */
  isUp(node: NodeId): boolean;
  /** Counts a node's boots, from 1. A change of it since the last check means that volatile state began afresh. */
  incarnation(node: NodeId): number;
}

/** A broken invariant, in one sentence, with the nodes that it is about. */
export interface Breach {
  readonly message: string;
  readonly nodes: readonly NodeId[];
}

/**
 * A property of what the nodes show, evaluated after every event that changed it. `Memory` is plain data (Maps, Sets,
 * arrays, records, logs): what the invariant must remember of the past. A breach is reported once for each invariant
 * and set of nodes.
 */
export interface Invariant<Shown = any, Memory = any> {
  readonly name: string;
  readonly summary: string;
  begin(nodes: readonly NodeId[]): Memory;
  /** Called when what `node` shows has changed, and at each of its boots. */
  onChange?(memory: Memory, node: NodeId, view: View<Shown>): Breach | undefined;
  /** Called when a reply of `node` leaves for a client. */
  onReply?(memory: Memory, node: NodeId, request: Request, reply: Reply, view: View<Shown>): Breach | undefined;
}

/** The client's half of a protocol. */
export interface ClientSide {
  /** Which node a client asks first unless the workload says otherwise. */
  readonly target?: "any" | "leader" | "sticky";
  /** A session's token at its start; sent along with every request. */
  readonly token?: Value;
  /** The session's token after a reply. */
  onReply?(token: Value, request: Request, reply: Reply): Value;
}

type MessageHandlers<State, Message extends AnyMessage, C> = {
  readonly [Type in Message["type"]]: (state: State, message: Extract<Message, { readonly type: Type }>, from: NodeId, ctx: C) => void;
};
type TimerHandlers<State, Timer extends string, C> = {
  readonly [Name in Timer]: (state: State, ctx: C, key: string) => void;
};
type RequestHandlers<State, C> = { readonly [f: string]: (state: State, request: Request, ctx: C) => void };

/** A small named mistake: the parts of a protocol that it replaces. */
export type Mutant<P extends AnyProtocol = AnyProtocol> = {
  readonly summary: string;
  /** Options of the protocol without which its mistake changes nothing, such as `preVote: true` where only pre-votes are wrong. */
  readonly needs?: { readonly [option: string]: string | number | boolean };
  readonly onMessage?: Partial<P["onMessage"]>;
  readonly onTimer?: Partial<P["onTimer"]>;
  readonly onRequest?: Partial<P["onRequest"]>;
  readonly rules?: Partial<P["rules"]>;
  readonly durable?: P["durable"];
  readonly onDiskError?: P["onDiskError"];
  readonly onDisconnect?: P["onDisconnect"];
  readonly recovery?: P["recovery"];
};

/**
 * A protocol. `State` is a flat record of scalars, arrays, plain records whose values are frozen or scalar, and
 * {@link Log}s: no closures, no classes with hidden state, no promises; so it can be copied one level deep.
 */
export interface Protocol<State extends object = any, Message extends AnyMessage = any, Timer extends string = any, Options = any, Rules = any, Shown = any> {
  readonly name: string;
  readonly summary?: string;
  readonly options?: OptionShapes<Options>;
  readonly rules?: Rules;
  /** The version of the messages on the wire; nodes of different versions may meet. 1 unless said otherwise. */
  readonly wireVersion?: number;
  /** At every start: fresh volatile state. The world then restores the durable part, and calls `onStart`. */
  boot(ctx: Ctx<Message, Timer, Options, Rules>): State;
  /** After the durable part has been restored. */
  onStart?(state: State, ctx: Ctx<Message, Timer, Options, Rules>): void;
  readonly onMessage: MessageHandlers<State, Message, Ctx<Message, Timer, Options, Rules>>;
  readonly onTimer?: TimerHandlers<State, Timer, Ctx<Message, Timer, Options, Rules>>;
  readonly onRequest: RequestHandlers<State, Ctx<Message, Timer, Options, Rules>>;
  /** Everything written before a `disk.sync(token)` is durable now. */
  onSynced?(state: State, token: Value, ctx: Ctx<Message, Timer, Options, Rules>): void;
  /**
   * An ordered connection (`network.fifo`) to a peer broke: what was under way to it, oldest first, is lost. Without it
   * nothing is done, as with datagrams.
   */
  onDisconnect?(state: State, peer: NodeId, lost: readonly Message[], ctx: Ctx<Message, Timer, Options, Rules>): void;
  /** A write or a sync failed. Without it the node stops, as a process that panics does. */
  onDiskError?(state: State, error: DiskError, ctx: Ctx<Message, Timer, Options, Rules>): void;
  /** What it does about a damaged disk at its start; `halt` unless said otherwise. */
  readonly recovery?: Recovery | ((options: Options) => Recovery);
  /** The fields of the state that `persist()` captures. */
  readonly durable?: readonly (keyof State & string)[];
  /**
   * What a viewer and an invariant may see: a flat record of scalars, arrays, plain records and logs, `role` and `term`
   * among them where the protocol has such. `role: "leader"` makes a node the `leader` of selectors. Without it, the state.
   */
  inspect?(state: State): Shown;
  /** What must be equal on all nodes in the end. */
  replicated?(state: State): Value;
  /** What the clients' history means: `kv`, `register`, `counter`, … */
  readonly model?: string;
  /**
   * What it promises whatever goes wrong, beside its invariants, as a scenario's `expect` says it: `{ linearizable: true }`,
   * `{ converged: { within: "2s" } }`. Whoever draws scenarios for it asks for that.
   */
  readonly promises?: { readonly [expectation: string]: Value };
  readonly client?: ClientSide;
  readonly invariants?: readonly Invariant<Shown, any>[];
  /** The events that it emits, with what they mean. Where given, a scenario's `when:` is checked against it. */
  readonly events?: { readonly [event: string]: string };
  /** What it marks by `ctx.sometimes`, with what each means: those that a campaign never reached are reported. */
  readonly sometimes?: { readonly [name: string]: string };
  /** How its messages read in words: `AppendEntries term 1 prev 1/2`. */
  readonly words?: { readonly [Type in Message["type"]]?: (message: Extract<Message, { readonly type: Type }>) => string };
  /**
   * Small and abstract: what distinguishes states, for coverage and exploration. Best a flat record without names of nodes
   * and clients: of each field, numbers count by their order among the nodes alone, and everything else as it is. Without
   * it, the role and the term that `inspect` shows.
   */
  signature?(state: State): Value;
  readonly mutants?: { readonly [name: string]: any };
}

export type AnyProtocol = Protocol;

/** Declares a protocol: it returns what it is given, with its types checked. */
export function defineProtocol<State extends object, Message extends AnyMessage = never, Timer extends string = never, Options = {}, Rules = {}, Shown = any>(
  protocol: Protocol<State, Message, Timer, Options, Rules, Shown>,
): Protocol<State, Message, Timer, Options, Rules, Shown> {
  return protocol;
}

/** The protocol with one of its mutants' parts in place. Throws a RangeError on a name that it does not have. */
export function withMutant(protocol: AnyProtocol, name: string): AnyProtocol {
  const mutant = protocol.mutants?.[name] as Mutant | undefined;
  if (mutant === undefined) throw new RangeError(`${protocol.name} has no mutant ${name}`);
  return {
    ...protocol,
    onMessage: { ...protocol.onMessage, ...(mutant.onMessage as AnyProtocol["onMessage"]) },
    onTimer: { ...protocol.onTimer, ...(mutant.onTimer as AnyProtocol["onTimer"]) },
    onRequest: { ...protocol.onRequest, ...(mutant.onRequest as AnyProtocol["onRequest"]) },
    rules: { ...protocol.rules, ...mutant.rules },
    durable: mutant.durable ?? protocol.durable ?? [],
    ...(mutant.onDiskError !== undefined && { onDiskError: mutant.onDiskError }),
    ...(mutant.onDisconnect !== undefined && { onDisconnect: mutant.onDisconnect }),
    ...(mutant.recovery !== undefined && { recovery: mutant.recovery }),
  };
}

/**
 * A long list as an immutable value: appending and cutting give a new log and leave the old one as it was, and copying
 * costs nothing. Logs of one history share a buffer, of which each sees a prefix; only an append to a log that is not
 * the longest of its buffer copies entries. Entries are frozen when they are appended.
 */
export class Log<Entry> {
  static readonly #empty = new Log<never>([], 0);
  readonly #buffer: Entry[];
  readonly length: number;

  private constructor(buffer: Entry[], length: number) {
    this.#buffer = buffer;
    this.length = length;
  }

  /** A log of these entries. */
  static of<Entry>(entries: readonly Entry[] = []): Log<Entry> {
    // Each empty log needs a buffer of its own only once something is appended to it, see append().
    if (entries.length === 0) return Log.#empty;
    for (const entry of entries) Object.freeze(entry);
    return new Log(entries.slice(), entries.length);
  }

  /** The entry at a position from 0, or undefined outside. */
  at(position: number): Entry | undefined {
    return position >= 0 && position < this.length ? this.#buffer[position] : undefined;
  }

  append(entry: Entry): Log<Entry> {
    Object.freeze(entry);
    const isLongest = this.length > 0 && this.#buffer.length === this.length;
    const buffer = isLongest ? this.#buffer : this.#buffer.slice(0, this.length);
    buffer.push(entry);
    return new Log(buffer, this.length + 1);
  }

  /** The first `length` entries. */
  truncate(length: number): Log<Entry> {
    if (length >= this.length) return this;
    return length <= 0 ? Log.#empty : new Log(this.#buffer, length);
  }

  /** The entries from one position up to, and without, another. */
  slice(from = 0, to = this.length): Entry[] {
    return this.#buffer.slice(Math.max(0, from), Math.min(to, this.length));
  }

  /** How many entries at the beginning two logs have in common, entries being compared by identity. */
  commonPrefix(other: Log<Entry>): number {
    const shorter = Math.min(this.length, other.length);
    if (this.#buffer === other.#buffer) return shorter;
    let common = 0;
    while (common < shorter && this.#buffer[common] === other.#buffer[common]) common += 1;
    return common;
  }

  toJSON(): Entry[] {
    return this.slice();
  }

  *[Symbol.iterator](): Iterator<Entry> {
    for (let position = 0; position < this.length; position += 1) yield this.#buffer[position] as Entry;
  }
}

/** A copy of a protocol's state that shares nothing that may change: one level deep, by the rules for states. */
export function copyState<State extends object>(state: State): State {
  const copy = { ...state };
  for (const field in copy) {
    const value: unknown = copy[field];
    if (typeof value !== "object" || value === null || value instanceof Log) continue;
    copy[field] = (Array.isArray(value) ? value.slice() : { ...value }) as typeof copy[typeof field];
  }
  return copy;
}

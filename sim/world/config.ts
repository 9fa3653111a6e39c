/** What the world is told before a run: a scenario's contents in ready units, without its text. */
import type { Distribution } from "../kernel/distribution.ts";
import type { Nanoseconds } from "../kernel/time.ts";
import type { NodeId } from "../protocol.ts";

export interface WorldConfig {
  readonly seed: number;
  /** Virtual time at which the run ends. */
  readonly duration: Nanoseconds;
  readonly nodes: readonly NodeId[];
  /** The zone of each endpoint, nodes first, then clients; "" for one in no zone. A zone `eu-a` lies in the region `eu`. */
  readonly zones: readonly string[];
  /** The protocol's options, checked and with their defaults. */
  readonly options: { readonly [name: string]: unknown };
  readonly network: NetworkConfig;
  readonly clocks: ClockConfig;
  readonly disk: DiskConfig;
  readonly cpu: CpuConfig;
  readonly workload: WorkloadConfig;
  readonly faults: readonly FaultConfig[];
}

/** One direction of a link. Shares are from 0 to 1, per message. */
export interface LinkConfig {
  /** One way, per message; propagation alone, beside what bandwidth and queue add. */
  readonly latency: Distribution;
  readonly loss: number;
  readonly duplicate: number;
  readonly corrupt: number;
  /** True: what is corrupted is noticed and dropped. False: it is delivered changed. */
  readonly checksum: boolean;
  /** Bytes a second; undefined: no limit. */
  readonly bandwidth?: number | undefined;
  /** Bytes that may wait for the link; what finds it full is dropped. Undefined: no limit. */
  readonly queue?: number | undefined;
  /** A connection that keeps the order, as TCP does; otherwise datagrams, which overtake each other. */
  readonly fifo: boolean;
}

/** The links between nodes: the usual one, and the exceptions. */
export interface NetworkConfig extends LinkConfig {
  /** By direction, endpoints by name; the first that matches wins. They go before zones. */
  readonly links: readonly { readonly from: readonly string[]; readonly to: readonly string[]; readonly link: Partial<LinkConfig> }[];
  /** Between the endpoints of two zones or regions, both ways; the most particular wins. */
  readonly zones: readonly { readonly a: string; readonly b: string; readonly link: Partial<LinkConfig> }[];
}

export interface ClockConfig {
  /** Each node draws its own from the range, in nanoseconds. */
  readonly offset: readonly [Nanoseconds, Nanoseconds];
  /** Each node draws its own from the range, in parts per billion. */
  readonly drift: readonly [number, number];
}

export interface DiskConfig {
  readonly sync: Distribution;
  /** Added before the sync, per write. */
  readonly write: Distribution;
}

export interface CpuConfig {
  /** Service time of a message: it is handled when that is over. `constant(0)`: nodes are never busy. */
  readonly perMessage: Distribution;
  /** As many messages are served at a time. */
  readonly cores: number;
  /** Messages that may wait; what finds the inbox full is shed. Undefined: no limit. */
  readonly inbox?: number | undefined;
}

export type KeyDistribution =
  | { readonly type: "uniform" | "sequential" }
  | { readonly type: "zipf"; readonly exponent: number }
  /** The first keys, so many of all, get so much of all operations. Shares from 0 to 1. */
  | { readonly type: "hotspot"; readonly keys: number; readonly operations: number };

/** A stage of an open loop: operations a second, all clients together, from its beginning to its end, in a straight line. */
export interface RateStage {
  /** Undefined: to the end of the workload, at the rate of its beginning. */
  readonly lasts?: Nanoseconds | undefined;
  readonly from: number;
  readonly to: number;
}

/** Again and again another rate, which takes the place of the usual one; the first time `every` after the beginning. */
export interface BurstConfig {
  readonly every: Nanoseconds;
  readonly lasts: Nanoseconds;
  readonly rate: number;
}

export interface WorkloadConfig {
  readonly clients: number;
  /** Open loop: operations a second, all clients together; or in stages, the last of which goes on at the rate of its end. */
  readonly rate?: number | readonly RateStage[] | undefined;
  readonly bursts?: BurstConfig | undefined;
  /** An open loop's: a Poisson process for each client, or evenly spaced, the clients taking turns. Undefined: poisson. */
  readonly arrivals?: "poisson" | "regular" | undefined;
  /** Closed loop: the pause between an operation's completion and the next. Exactly one of `rate`, `think` and `script`. */
  readonly think?: Distribution | undefined;
  /** The operations themselves, in the order of their times: nothing of them is drawn. */
  readonly script?: readonly ScriptedOperation[] | undefined;
  readonly keys: { readonly count: number; readonly distribution: KeyDistribution };
  /** The size of what is written, in bytes by the canonical encoding, where nanoseconds stand elsewhere. Undefined: numbers. */
  readonly values?: { readonly size: Distribution } | undefined;
  /** Operation by weight, in the file's order. */
  readonly operations: readonly { readonly f: string; readonly weight: number }[];
  readonly from: Nanoseconds;
  readonly until: Nanoseconds;
  /** After which an operation ends as `info`. */
  readonly timeout: Nanoseconds;
  readonly retry: RetryConfig;
  readonly hedge?: HedgeConfig | undefined;
  readonly target: "any" | "leader" | "nearest" | "sticky";
  /** What clients' messages suffer. */
  readonly network: LinkConfig;
}

/** An operation at a time of its own. */
export interface ScriptedOperation {
  readonly at: Nanoseconds;
  /** Counts from 0. */
  readonly client: number;
  readonly f: string;
  readonly key: string;
  /** The node that is asked first, from 0; undefined: as the workload's policy says. */
  readonly to?: number | undefined;
}

export interface RetryConfig {
  /** False: one attempt only. */
  readonly enabled: boolean;
  /** How long an attempt waits for its reply before another node is asked. */
  readonly after: Nanoseconds;
  /** The pause before the second attempt; it doubles with each, up to `max`, and `jitter` is the share of it that is drawn. */
  readonly backoff: Nanoseconds;
  readonly max: Nanoseconds;
  readonly jitter: number;
  /** How often an operation is tried at most; redirections that are followed and hedges do not count. Undefined: no limit. */
  readonly attempts?: number | undefined;
  /** For each operation a client may send so many requests more, retries and hedges: a share. Undefined: no limit. */
  readonly budget?: number | undefined;
}

/** Hedged requests: what is not answered soon is asked of another node as well, and the first answer counts. */
export interface HedgeConfig {
  /** How long after a request the next is sent. */
  readonly after: Nanoseconds;
  /** As many are under way at a time, the first one included. */
  readonly most: number;
  /** Which operations; undefined: all. */
  readonly operations?: readonly string[] | undefined;
}

/** Whom a fault strikes; resolved when it begins. */
export type Selector =
  | { readonly type: "node"; readonly node: string }
  | { readonly type: "list"; readonly of: readonly Selector[] }
  | { readonly type: "leader" | "followers" | "follower" | "minority" | "majority" | "all" | "rest" }
  /** The nodes of a zone or region, and the clients that stand in it. */
  | { readonly type: "zone"; readonly zone: string }
  | { readonly type: "random"; readonly count: number };

export interface FaultConfig {
  /** The kind: `partition`, `crash`, … */
  readonly kind: string;
  readonly name?: string | undefined;
  /** When it begins. */
  readonly start:
    | { readonly type: "at"; readonly at: readonly [Nanoseconds, Nanoseconds] }
    | { readonly type: "every"; readonly every: readonly [Nanoseconds, Nanoseconds]; readonly between: readonly [Nanoseconds, Nanoseconds] }
    /** Only occurrences within `between` count; undefined: all. */
    | { readonly type: "when"; readonly event: string; readonly nth: number; readonly after: readonly [Nanoseconds, Nanoseconds]; readonly between?: readonly [Nanoseconds, Nanoseconds] | undefined };
  /** How long it lasts; undefined: to the end or until a `heal`. */
  readonly lasts?: readonly [Nanoseconds, Nanoseconds] | undefined;
  /** The fault's own parameters, by the shape that its file declares. */
  readonly params: any;
  /** The fault as text, by which its random streams are named. */
  readonly text: string;
}

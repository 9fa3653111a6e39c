/** What the world is told before a run: a scenario's contents in ready units, without its text. */
import type { Distribution } from "../kernel/distribution.ts";
import type { Nanoseconds } from "../kernel/time.ts";
import type { NodeId } from "../protocol.ts";

export interface WorldConfig {
  readonly seed: number;
  /** Virtual time at which the run ends. */
  readonly duration: Nanoseconds;
  readonly nodes: readonly NodeId[];
  /** The protocol's options, checked and with their defaults. */
  readonly options: { readonly [name: string]: unknown };
  readonly network: NetworkConfig;
  readonly clocks: ClockConfig;
  readonly disk: DiskConfig;
  readonly workload: WorkloadConfig;
  readonly faults: readonly FaultConfig[];
}

export interface NetworkConfig {
  /** One way, per message. */
  readonly latency: Distribution;
  /** Shares from 0 to 1, per message. */
  readonly loss: number;
  readonly duplicate: number;
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

export type KeyDistribution = { readonly type: "uniform" } | { readonly type: "zipf"; readonly exponent: number } | { readonly type: "sequential" };

export interface WorkloadConfig {
  readonly clients: number;
  /** Open loop: operations a second, all clients together. */
  readonly rate?: number | undefined;
  /** Closed loop: the pause between an operation's completion and the next. Exactly one of `rate` and `think`. */
  readonly think?: Distribution | undefined;
  readonly keys: { readonly count: number; readonly distribution: KeyDistribution };
  /** Operation by weight, in the file's order. */
  readonly operations: readonly { readonly f: string; readonly weight: number }[];
  readonly from: Nanoseconds;
  readonly until: Nanoseconds;
  /** After which an operation ends as `info`. */
  readonly timeout: Nanoseconds;
  readonly retry: RetryConfig;
  readonly target: "any" | "leader" | "sticky";
  /** What clients' messages suffer. */
  readonly network: NetworkConfig;
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
}

/** Whom a fault strikes; resolved when it begins. */
export type Selector =
  | { readonly type: "node"; readonly node: string }
  | { readonly type: "list"; readonly of: readonly Selector[] }
  | { readonly type: "leader" | "followers" | "follower" | "minority" | "majority" | "all" | "rest" }
  | { readonly type: "random"; readonly count: number };

export interface FaultConfig {
  /** The kind: `partition`, `crash`, … */
  readonly kind: string;
  readonly name?: string | undefined;
  /** When it begins. */
  readonly start:
    | { readonly type: "at"; readonly at: readonly [Nanoseconds, Nanoseconds] }
    | { readonly type: "every"; readonly every: readonly [Nanoseconds, Nanoseconds]; readonly between: readonly [Nanoseconds, Nanoseconds] }
    | { readonly type: "when"; readonly event: string; readonly nth: number; readonly after: readonly [Nanoseconds, Nanoseconds] };
  /** How long it lasts; undefined: to the end or until a `heal`. */
  readonly lasts?: readonly [Nanoseconds, Nanoseconds] | undefined;
  /** The fault's own parameters, by the shape that its file declares. */
  readonly params: any;
  /** The fault as text, by which its random streams are named. */
  readonly text: string;
}

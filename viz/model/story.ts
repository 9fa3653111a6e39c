/**
 * What a run comes to, beside its events: who played which role when, which faults were under way, what was broken. Small,
 * so it is kept as plain objects.
 */
import type { TraceHeader } from "../../sim/trace/event.ts";
import type { RunResult } from "../../sim/scenario/result.ts";

export type NodeStatus = "up" | "down" | "paused";

/** A stretch in which a node's status, role and term stayed the same: from one event up to, and without, another. */
export interface Span {
  readonly node: number;
  readonly from: number;
  readonly until: number;
  readonly status: NodeStatus;
  /** As the node shows it, or showed it when it went down; empty where it shows none. */
  readonly role: string;
  /** -1 where it shows none. */
  readonly term: number;
}

/** One occurrence of a fault. */
export interface FaultSpan {
  /** The fault's number in the run. */
  readonly fault: number;
  readonly kind: string;
  /** The scenario's name for it, or the kind. */
  readonly name: string;
  readonly begin: number;
  /** The event at which it ended, or NEVER. */
  readonly end: number;
  readonly did: boolean;
  /** Endpoints that it struck, by number. */
  readonly nodes: readonly number[];
  /** Of a cut: its groups; nodes that it leaves alone are groups of one. */
  readonly groups: readonly (readonly number[])[];
  /** Directed links that it cuts. */
  readonly cuts: readonly (readonly [from: number, to: number])[];
}

/** A broken invariant or expectation, at the event at which it shows. */
export interface Trouble {
  readonly type: "violation" | "expectation";
  readonly event: number;
  readonly title: string;
  readonly message: string;
  readonly nodes: readonly string[];
  /** The scenario asked for it: a weakness that was to show. */
  readonly expected: boolean;
}

/** The rest of what the page knows of a run. */
export interface Story {
  readonly header: TraceHeader;
  readonly digest: string;
  readonly complete: boolean;
  readonly result: RunResult | undefined;
  /** By node, in order of time. */
  readonly spans: readonly (readonly Span[])[];
  readonly faults: readonly FaultSpan[];
  readonly troubles: readonly Trouble[];
  /** Events at which a node became leader. */
  readonly elections: readonly number[];
  /** Events at which a node stopped or started after its first boot. */
  readonly stops: readonly number[];
  /** Message types, the most frequent first, with how often each was sent. */
  readonly messageTypes: readonly { readonly name: string; readonly count: number }[];
  /** Fields that nodes show, in the order in which they first did. */
  readonly fields: readonly { readonly name: string; readonly shape: "scalar" | "record" | "log" }[];
  /** Half of the messages that arrive are under way for at most this long, in nanoseconds. */
  readonly typicalFlightNs: number;
}

/** How an operation ended. */
export const outcomes = ["pending", "ok", "fail", "info", "mismatch"] as const;
export type Outcome = (typeof outcomes)[number];

import { copyState, Log, type AnyProtocol, type Breach, type Invariant, type NodeId, type Reply, type Request, type View } from "../protocol.ts";
import { diffShown } from "../trace/change.ts";
import type { Violation } from "../trace/event.ts";
import { isForbidden } from "./forbidden.ts";
import type { Recorder } from "./record.ts";

type Shown = { [field: string]: unknown };

/** What the watch needs to know of a node. */
export interface WatchedNode {
  readonly index: number;
  readonly id: NodeId;
  readonly isUp: boolean;
  readonly incarnation: number;
  /** What the node shows now, by the protocol's `inspect`. */
  show(): Shown;
}

/**
 * Watches what the nodes show: records what changed, and evaluates the invariants on each change and reply. It never
 * touches the run: with or without it, the same events happen.
 */
export class Watch {
  readonly violations: Violation[] = [];
  readonly #recorder: Recorder;
  readonly #invariants: readonly Invariant[];
  readonly #memories: unknown[];
  readonly #shown: (Shown | undefined)[];
  #before: Shown | undefined;
  #beforeNode = -1;
  /** Breaches reported so far: one for each invariant and set of nodes. */
  readonly #reported = new Set<string>();
  readonly #view: View<Shown>;

  constructor(protocol: AnyProtocol, nodes: readonly WatchedNode[], recorder: Recorder, evaluates: boolean) {
    this.#recorder = recorder;
    this.#invariants = evaluates ? (protocol.invariants ?? []) : [];
    const names = nodes.map((node) => node.id);
    this.#memories = this.#invariants.map((invariant) => invariant.begin(names));
    this.#shown = nodes.map(() => undefined);
    const byName = new Map(nodes.map((node) => [node.id, node]));
    this.#view = {
      nodes: names,
      shown: (id) => this.#shown[byName.get(id)?.index ?? -1],
      before: (id) => (byName.get(id)?.index === this.#beforeNode ? this.#before : this.#shown[byName.get(id)?.index ?? -1]),
      isUp: (id) => byName.get(id)?.isUp ?? false,
      incarnation: (id) => byName.get(id)?.incarnation ?? 0,
    };
  }

  /** A handler of the node has run, in the event `event` at `time`: records what changed, and evaluates. */
  onHandled(node: WatchedNode, event: number, time: number): void {
    const before = this.#shown[node.index];
    const now = this.ask(node, "inspect", event, time, () => node.show());
    if (now === undefined) return;
    const change = diffShown(before ?? {}, now);
    if (change === undefined && before !== undefined) return;

    const shown: Shown = { ...before };
    for (const field in change) {
      if (field in now) shown[field] = keep(now[field]);
      else delete shown[field];
    }
    this.#shown[node.index] = shown;
    this.#before = before;
    this.#beforeNode = node.index;
    if (this.#recorder.isWatched) this.#recorder.annotate({ type: "change", event, node: node.index, change: change ?? {} });
    this.#invariants.forEach((invariant, index) => {
      if (invariant.onChange === undefined) return;
      this.#report(invariant, this.ask(node, invariant.name, event, time, () => invariant.onChange?.(this.#memories[index], node.id, this.#view)), event, time);
    });
    this.#beforeNode = -1;
    this.#before = undefined;
  }

  /** A reply of the node leaves for a client. */
  onReply(node: WatchedNode, request: Request, reply: Reply, event: number, time: number): void {
    this.#invariants.forEach((invariant, index) => {
      if (invariant.onReply === undefined) return;
      this.#report(invariant, this.ask(node, invariant.name, event, time, () => invariant.onReply?.(this.#memories[index], node.id, request, reply, this.#view)), event, time);
    });
  }

  /** A handler threw: a violation of its protocol. */
  onThrow(node: WatchedNode, message: string, event: number, time: number): void {
    this.#add({ invariant: "handlers return", time, nodes: [node.id], message, event });
  }

  copy(protocol: AnyProtocol, nodes: readonly WatchedNode[], recorder: Recorder): Watch {
    const copy = new Watch(protocol, nodes, recorder, this.#invariants.length > 0);
    this.#shown.forEach((shown, index) => (copy.#shown[index] = shown));
    this.#memories.forEach((memory, index) => (copy.#memories[index] = copyMemory(memory)));
    copy.violations.push(...this.violations);
    for (const reported of this.#reported) copy.#reported.add(reported);
    return copy;
  }

  #report(invariant: Invariant, breach: Breach | undefined, event: number, time: number): void {
    if (breach === undefined) return;
    const identity = `${invariant.name} ${[...breach.nodes].sort().join(" ")}`;
    if (this.#reported.has(identity)) return;
    this.#reported.add(identity);
    this.#add({ invariant: invariant.name, time, nodes: breach.nodes, message: breach.message, event });
  }

  /** What a protocol's own function of states gives; one that throws is a violation of the protocol, reported once. */
  ask<T>(node: WatchedNode, what: string, event: number, time: number, ask: () => T): T | undefined {
    try {
      return ask();
    } catch (error) {
      if (isForbidden(error)) throw error;
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.#report({ name: what, summary: "", begin: () => null }, { message: `${what} threw ${text}`, nodes: [node.id] }, event, time);
      return undefined;
    }
  }

  #add(violation: Violation): void {
    this.violations.push(violation);
    this.#recorder.annotate({ type: "violation", event: violation.event, violation });
  }
}

/** What is kept of a field, whose record or array the protocol goes on changing. */
function keep(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Log || Object.isFrozen(value)) return value;
  return Array.isArray(value) ? value.slice() : { ...value };
}

/** A deep copy of an invariant's memory; frozen things and logs are shared. */
function copyMemory(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Log || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return value.map(copyMemory);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copyMemory(item)]));
  if (value instanceof Set) return new Set([...value].map(copyMemory));
  const copy = copyState(value) as Shown;
  for (const field in copy) copy[field] = copyMemory(copy[field]);
  return copy;
}

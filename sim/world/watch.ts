import { Log, type AnyProtocol, type Breach, type Invariant, type NodeId, type Reply, type Request, type View } from "../protocol.ts";
import { ShownTracker, type Shown } from "../trace/change.ts";
import type { Violation } from "../trace/event.ts";
import { isForbidden } from "./forbidden.ts";
import type { Recorder } from "./record.ts";
import { thrownInWords } from "./thrown.ts";

/** What the watch needs to know of a node. */
export interface WatchedNode {
  readonly index: number;
  readonly id: NodeId;
  readonly isUp: boolean;
  readonly incarnation: number;
  /** What the node shows now, by the protocol's `inspect`. */
  show(): Shown;
  /** What must converge, as text; null while the node is down. */
  replicated(): string | null;
}

/** An invariant, and what it remembers. */
interface Evaluated {
  readonly invariant: Invariant;
  memory: unknown;
}

/**
 * Watches what the nodes show: records what changed, and evaluates the invariants on each change and reply. It never
 * touches the run: with or without it, the same events happen.
 */
export class Watch {
  readonly violations: Violation[] = [];
  readonly #recorder: Recorder;
  readonly #evaluated: readonly Evaluated[];
  /** Those of them that look at changes, and at replies. */
  readonly #ofChanges: readonly Evaluated[];
  readonly #ofReplies: readonly Evaluated[];
  readonly #trackers: readonly ShownTracker[];
  /** The boot of each node that was looked at last. */
  readonly #incarnations: number[];
  /** The node whose change is being checked, and what it shows and showed before. */
  #changing: WatchedNode | undefined;
  #shown: Shown | undefined;
  #before: Shown | undefined;
  /** Breaches reported so far: one for each invariant and set of nodes. */
  readonly #reported = new Set<string>();
  readonly #view: View<Shown>;

  constructor(protocol: AnyProtocol, nodes: readonly WatchedNode[], recorder: Recorder, evaluates: boolean) {
    this.#recorder = recorder;
    const names = nodes.map((node) => node.id);
    const invariants = evaluates ? (protocol.invariants ?? []) : [];
    this.#evaluated = invariants.map((invariant) => ({ invariant, memory: invariant.begin(names) }));
    this.#ofChanges = this.#evaluated.filter(({ invariant }) => invariant.onChange !== undefined);
    this.#ofReplies = this.#evaluated.filter(({ invariant }) => invariant.onReply !== undefined);
    this.#trackers = nodes.map(() => new ShownTracker());
    this.#incarnations = nodes.map(() => 0);
    this.#view = this.#makeView(nodes);
  }

  /** Nearly all that an invariant asks is of the node that changed, so that is answered without looking the name up. */
  #makeView(nodes: readonly WatchedNode[]): View<Shown> {
    const byName = new Map(nodes.map((node) => [node.id, node]));
    const shown = (id: NodeId): Shown | undefined => this.#trackers[byName.get(id)?.index ?? -1]?.current;
    return {
      nodes: nodes.map((node) => node.id),
      shown: (id) => (id === this.#changing?.id ? this.#shown : shown(id)),
      before: (id) => (id === this.#changing?.id ? this.#before : shown(id)),
      isUp: (id) => byName.get(id)?.isUp ?? false,
      incarnation: (id) => (id === this.#changing?.id ? this.#changing.incarnation : (byName.get(id)?.incarnation ?? 0)),
    };
  }

  /**
   * A handler of the node has run, in the event `event` at `time`, and its effects are still to be applied: records what
   * changed. So a change follows its event, and who looks at a reply that leaves sees what the handler made of the node.
   */
  onChanged(node: WatchedNode, event: number, time: number): void {
    try {
      const tracker = this.#trackers[node.index] as ShownTracker;
      const before = tracker.current;
      const isChanged = tracker.look(node.show());
      const isBoot = this.#incarnations[node.index] !== node.incarnation;
      if (!isChanged && !isBoot) return;
      this.#incarnations[node.index] = node.incarnation;
      this.#changing = node;
      this.#shown = tracker.current;
      this.#before = before;
      if (isChanged && this.#recorder.isAnnotated) this.#recorder.annotate({ type: "change", event, node: node.index, change: tracker.change() });
    } catch (error) {
      this.#onThrown(error, "inspect", node, event, time);
    }
  }

  /** The handler's effects are applied: evaluates the invariants on what changed, or began anew. */
  onHandled(node: WatchedNode, event: number, time: number): void {
    if (this.#changing === undefined) return;
    for (let index = 0; index < this.#ofChanges.length; index += 1) {
      const { invariant, memory } = this.#ofChanges[index] as Evaluated;
      try {
        const breach = invariant.onChange?.(memory, node.id, this.#view);
        if (breach !== undefined) this.#report(invariant.name, breach, event, time);
      } catch (error) {
        this.#onThrown(error, invariant.name, node, event, time);
      }
    }
    this.#changing = undefined;
    this.#shown = undefined;
    this.#before = undefined;
  }

  /** A reply of the node leaves for a client. */
  onReply(node: WatchedNode, request: Request, reply: Reply, event: number, time: number): void {
    for (const { invariant, memory } of this.#ofReplies) {
      try {
        const breach = invariant.onReply?.(memory, node.id, request, reply, this.#view);
        if (breach !== undefined) this.#report(invariant.name, breach, event, time);
      } catch (error) {
        this.#onThrown(error, invariant.name, node, event, time);
      }
    }
  }

  /** What the node shows now; undefined where it cannot say. */
  look(node: WatchedNode, event: number, time: number): Shown | undefined {
    try {
      return node.show();
    } catch (error) {
      this.#onThrown(error, "inspect", node, event, time);
      return undefined;
    }
  }

  /** What the node shows of what must converge, as text; null while it is down. */
  replicated(node: WatchedNode, event: number, time: number): string | null {
    try {
      return node.replicated();
    } catch (error) {
      this.#onThrown(error, "replicated", node, event, time);
      return null;
    }
  }

  /** A handler threw: a violation of its protocol. */
  onThrow(node: WatchedNode, message: string, event: number, time: number): void {
    this.#report("handlers return", { message, nodes: [node.id] }, event, time);
  }

  copy(protocol: AnyProtocol, nodes: readonly WatchedNode[], recorder: Recorder): Watch {
    const copy = new Watch(protocol, nodes, recorder, this.#evaluated.length > 0);
    this.#trackers.forEach((tracker, index) => ((copy.#trackers as ShownTracker[])[index] = tracker.copy()));
    this.#incarnations.forEach((incarnation, index) => (copy.#incarnations[index] = incarnation));
    this.#evaluated.forEach(({ memory }, index) => ((copy.#evaluated[index] as Evaluated).memory = copyMemory(memory)));
    copy.violations.push(...this.violations);
    for (const reported of this.#reported) copy.#reported.add(reported);
    return copy;
  }

  /** A protocol's own function of states that throws is a violation of the protocol, reported once. */
  #onThrown(error: unknown, asked: string, node: WatchedNode, event: number, time: number): void {
    if (isForbidden(error)) throw error;
    const text = thrownInWords(error);
    this.#report(asked, { message: `${asked} threw ${text}`, nodes: [node.id] }, event, time);
  }

  #report(invariant: string, breach: Breach, event: number, time: number): void {
    const identity = `${invariant} ${[...breach.nodes].sort().join(" ")}`;
    if (this.#reported.has(identity)) return;
    this.#reported.add(identity);
    this.#add({ invariant, time, nodes: breach.nodes, message: breach.message, event });
  }

  #add(violation: Violation): void {
    this.violations.push(violation);
    this.#recorder.annotate({ type: "violation", event: violation.event, violation });
  }
}

/** A deep copy of an invariant's memory; frozen things and logs are shared. */
function copyMemory(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Log || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return value.map(copyMemory);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copyMemory(item)]));
  if (value instanceof Set) return new Set([...value].map(copyMemory));
  const copy: { [field: string]: unknown } = { ...value };
  for (const field in copy) copy[field] = copyMemory(copy[field]);
  return copy;
}

/** Plays what nodes show, one change after another, to one invariant, as the world does. */
import type { Breach, Invariant, NodeId, Reply, Request, View } from "../../sim/protocol.ts";

export class Stage<Shown extends object> {
  readonly #invariant: Invariant<Shown>;
  readonly #memory: unknown;
  readonly #shown = new Map<NodeId, Shown>();
  readonly #incarnations = new Map<NodeId, number>();
  readonly #nodes: readonly NodeId[];
  readonly #blank: Shown;

  constructor(invariant: Invariant<Shown>, nodes: readonly NodeId[], blank: Shown) {
    this.#invariant = invariant;
    this.#nodes = nodes;
    this.#blank = blank;
    this.#memory = invariant.begin(nodes);
  }

  /** The node shows this, and otherwise what it showed before; what the invariant says to it. */
  shows(node: NodeId, change: Partial<Shown>): string | undefined {
    const before = this.#shown.get(node);
    this.#shown.set(node, { ...(before ?? this.#blank), ...change });
    return this.#invariant.onChange?.(this.#memory, node, this.#view(node, before))?.message;
  }

  /** The node starts again, and shows this, and otherwise what a fresh one shows. */
  boots(node: NodeId, change: Partial<Shown>): string | undefined {
    this.#incarnations.set(node, (this.#incarnations.get(node) ?? 1) + 1);
    return this.shows(node, { ...this.#blank, ...change });
  }

  replies(node: NodeId, request: Request, reply: Reply): string | undefined {
    const view = this.#view(node, this.#shown.get(node));
    const breach: Breach | undefined = this.#invariant.onReply?.(this.#memory, node, request, reply, view);
    return breach?.message;
  }

  #view(node: NodeId, before: Shown | undefined): View<Shown> {
    return {
      nodes: this.#nodes,
      shown: (id) => this.#shown.get(id),
      before: (id) => (id === node ? before : this.#shown.get(id)),
      isUp: () => true,
      incarnation: (id) => this.#incarnations.get(id) ?? 1,
    };
  }
}

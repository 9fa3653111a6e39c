/** What the tables of the state panel have in common: a column a node, under its name. */
import { h, setAttribute } from "../dom.ts";
import { termToken } from "../model/palette.ts";
import type { View } from "../view.ts";

/** One way to look at the state. */
export interface StateTable {
  readonly element: HTMLElement;
  update(): void;
  resize(): void;
}

/** The nodes' names over their columns, with the shape of their role. */
export class NodeHeads {
  readonly cells: readonly HTMLElement[];
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
    this.cells = view.run.nodes.map((name, node) => {
      const select = (): void => view.session.select(view.session.selectedNode === node ? undefined : node);
      return h("button", { type: "button", class: "node-head", click: select }, h("i", { class: "lane-dot" }), h("span", {}, name));
    });
  }

  update(): void {
    const { run, session } = this.#view;
    this.cells.forEach((cell, node) => {
      const span = run.spanAt(node, session.event);
      const role = span === undefined || span.status === "down" ? "down" : span.role || "none";
      setAttribute(cell, "class", `node-head role-${role}${session.selectedNode === node ? " is-selected" : ""}`);
      setAttribute(cell, "style", `--term: var(${termToken(span?.term ?? -1)})`);
      setAttribute(cell, "title", `${run.nodes[node]}: ${role === "none" ? "up" : role}`);
    });
  }
}

/** All fields of all nodes: a row a field, a column a node, what the current event changed marked. */
import { formatCount } from "../../sim/explain/units.ts";
import { formatValue } from "../../sim/explain/value.ts";
import { h, setAttribute, setText } from "../dom.ts";
import type { FieldShown } from "../model/wire.ts";
import type { View } from "../view.ts";
import { NodeHeads, type StateTable } from "./stateTable.ts";

export class FieldTable implements StateTable {
  readonly element: HTMLElement;
  readonly #view: View;
  readonly #heads: NodeHeads;
  readonly #rows: { readonly field: string; readonly cells: readonly HTMLElement[] }[];

  constructor(view: View) {
    this.#view = view;
    this.#heads = new NodeHeads(view);
    this.#rows = view.run.story.fields.map(({ name }) => ({ field: name, cells: view.run.nodes.map(() => h("td")) }));
    this.element = h("div", { class: "record-table", style: `--nodes: ${view.run.nodes.length}` },
      h("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": "All fields" },
        h("table", {},
          h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "field"), ...this.#heads.cells.map((cell) => h("th", { scope: "col" }, cell)))),
          h("tbody", {}, ...this.#rows.map(({ field, cells }) => h("tr", {}, h("th", { scope: "row" }, field), ...cells))),
        ),
      ),
    );
  }

  resize(): void {}

  update(): void {
    this.#heads.update();
    const { shown } = this.#view;
    if (shown === undefined) return;
    for (const { field, cells } of this.#rows) {
      cells.forEach((cell, node) => {
        const value = shown.nodes[node]?.find((each) => each.name === field);
        setText(cell, value === undefined ? "–" : shortText(value));
        setAttribute(cell, "class", value?.since === shown.event ? "is-changed" : value === undefined ? "is-missing" : "");
        setAttribute(cell, "title", value === undefined ? undefined : `since event ${value.since}`);
      });
    }
  }
}

function shortText({ value, summary }: FieldShown): string {
  if (summary?.type === "log") return `${formatCount(summary.length)} entries`;
  if (summary?.type === "record") return `${formatCount(summary.size)} keys`;
  return formatValue(value, 28);
}

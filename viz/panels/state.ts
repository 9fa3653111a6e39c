/** What the nodes show, side by side: their logs, their records, or all their fields. */
import { h, setAttribute } from "../dom.ts";
import type { Panel, View } from "../view.ts";
import { FieldTable } from "./fieldTable.ts";
import { LogTable } from "./logTable.ts";
import { RecordTable } from "./recordTable.ts";
import type { StateTable } from "./stateTable.ts";

export function statePanel(view: View): Panel {
  return new StatePanel(view);
}

class StatePanel implements Panel {
  readonly element: HTMLElement;
  readonly #view: View;
  readonly #tabs: { readonly field: string | undefined; readonly button: HTMLButtonElement }[];
  readonly #body = h("div", { class: "state-body" });
  readonly #tables = new Map<string | undefined, StateTable>();

  constructor(view: View) {
    this.#view = view;
    const fields = view.run.story.fields.filter((field) => field.shape !== "scalar");
    const names: (string | undefined)[] = [...fields.filter((field) => field.shape === "log"), ...fields.filter((field) => field.shape === "record")].map((field) => field.name);
    this.#tabs = [...names, undefined].map((field) => ({
      field,
      button: h("button", { type: "button", role: "tab", click: () => view.session.setTab(field) }, field === undefined ? "All fields" : titleOf(field)),
    }));
    this.element = h("section", { class: "panel state", "aria-label": "What the nodes show" },
      h("div", { class: "panel-head" }, h("h2", {}, "State"), h("div", { class: "segmented", role: "tablist" }, ...this.#tabs.map((tab) => tab.button))),
      this.#body,
    );
  }

  resize(): void {
    this.#table().resize();
  }

  update(): void {
    const { session } = this.#view;
    for (const { field, button } of this.#tabs) setAttribute(button, "aria-selected", String(field === session.tab));
    const table = this.#table();
    if (this.#body.firstChild !== table.element) {
      this.#body.replaceChildren(table.element);
      table.resize();
    }
    table.update();
  }

  #table(): StateTable {
    const field = this.#view.session.tab;
    const known = this.#tables.get(field);
    if (known !== undefined) return known;
    const shape = this.#view.run.story.fields.find((each) => each.name === field)?.shape;
    const table = field === undefined ? new FieldTable(this.#view) : shape === "log" ? new LogTable(this.#view, field) : new RecordTable(this.#view, field);
    this.#tables.set(field, table);
    return table;
  }
}

/** `matchIndex` as `Match index`. */
export function titleOf(field: string): string {
  const words = field.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

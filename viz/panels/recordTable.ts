/** A record of every node as a table: a row a key, a column a node, and what differs between nodes marked. */
import { formatCount } from "../../sim/explain/units.ts";
import { h, setAttribute, setText } from "../dom.ts";
import { cellText, variants } from "../model/entries.ts";
import type { View } from "../view.ts";
import { NodeHeads, type StateTable } from "./stateTable.ts";

/** A table of more rows is searched, not read; the rest is counted. */
const ROWS_UP_TO = 300;

interface Row {
  readonly element: HTMLTableRowElement;
  readonly key: HTMLElement;
  readonly cells: readonly HTMLElement[];
}

export class RecordTable implements StateTable {
  readonly element: HTMLElement;
  readonly #view: View;
  readonly #field: string;
  readonly #heads: NodeHeads;
  readonly #body = h("tbody");
  readonly #note = h("p", { class: "table-note" });
  readonly #rows: Row[] = [];

  constructor(view: View, field: string) {
    this.#view = view;
    this.#field = field;
    this.#heads = new NodeHeads(view);
    const heads = this.#heads.cells.map((cell) => h("th", { scope: "col" }, cell));
    this.element = h("div", { class: "record-table", style: `--nodes: ${view.run.nodes.length}` },
      h("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": field }, h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "key"), ...heads)), this.#body)),
      h("div", { class: "log-foot" }, this.#note),
    );
  }

  resize(): void {}

  update(): void {
    this.#heads.update();
    const open = this.#view.shown?.open;
    if (open?.field !== this.#field) return;
    const records = open.of.map((field) => (field.type === "record" ? field.record : undefined));
    const keys = [...new Set(records.flatMap((record) => Object.keys(record ?? {})))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    let different = 0;
    keys.slice(0, ROWS_UP_TO).forEach((key, at) => {
      const isSame = this.#drawRow(this.#row(at), key, records.map((record) => (record === undefined ? undefined : record[key])));
      if (!isSame) different += 1;
    });
    for (let at = Math.min(keys.length, ROWS_UP_TO); at < this.#rows.length; at += 1) (this.#rows[at] as Row).element.hidden = true;
    setText(this.#note, noteOf(keys.length, different));
  }

  #row(at: number): Row {
    const known = this.#rows[at];
    if (known !== undefined) return known;
    const key = h("th", { scope: "row" });
    const cells = this.#view.run.nodes.map(() => h("td", {}, h("span", { class: "cell-main" }), h("span", { class: "cell-rest" })));
    const row = { element: h("tr", {}, key, ...cells), key, cells };
    this.#rows.push(row);
    this.#body.append(row.element);
    return row;
  }

  /** True where all nodes hold the same. */
  #drawRow(row: Row, key: string, values: readonly unknown[]): boolean {
    row.element.hidden = false;
    setText(row.key, key);
    const variant = variants(values);
    const isSame = values.every((value, node) => variant[node] === 0 && (value === undefined) === (values[0] === undefined));
    row.cells.forEach((cell, node) => {
      const value = values[node];
      const { main, rest, full } = value === undefined ? { main: "–", rest: "", full: "" } : cellText(value);
      setAttribute(cell, "class", `variant-${isSame ? 0 : Math.min(3, variant[node] ?? 0)}${value === undefined ? " is-missing" : ""}${isSame ? "" : " is-different"}`);
      setText(cell.firstElementChild as Element, main);
      setText(cell.lastElementChild as Element, rest);
      setAttribute(cell, "title", full === "" ? undefined : full);
    });
    return isSame;
  }
}

function noteOf(keys: number, different: number): string {
  if (keys === 0) return "Nothing here yet.";
  const left = keys > ROWS_UP_TO ? `, the first ${formatCount(ROWS_UP_TO)} shown` : "";
  const rows = `${formatCount(keys)} ${keys === 1 ? "key" : "keys"}${left}`;
  return different === 0 ? `${rows}: all nodes agree` : `${rows}: nodes differ in ${formatCount(different)}`;
}

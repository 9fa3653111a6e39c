/** The nodes' logs as columns: a row an index, the hue the entry's term, filled where it is committed. */
import { formatCount } from "../../sim/explain/units.ts";
import { h, setAttribute, setText } from "../dom.ts";
import { entryText, termOf, variants } from "../model/entries.ts";
import { termClass } from "../model/palette.ts";
import type { OpenField } from "../model/wire.ts";
import type { View } from "../view.ts";
import { NodeHeads, type StateTable } from "./stateTable.ts";

const ROW = 22;

interface Row {
  readonly element: HTMLElement;
  readonly index: HTMLElement;
  readonly cells: readonly HTMLElement[];
}

export class LogTable implements StateTable {
  readonly element: HTMLElement;
  readonly #view: View;
  readonly #field: string;
  readonly #heads: NodeHeads;
  readonly #scroll = h("div", { class: "log-scroll", tabindex: 0, role: "region", "aria-label": "Logs" });
  readonly #spacer = h("div", { class: "log-spacer" });
  readonly #follow = h("button", { type: "button", class: "follow-button" }, "Follow the tail");
  readonly #summary = h("p", { class: "table-note" });
  readonly #rows: Row[] = [];
  #isFollowing = true;
  #ownScroll = -1;
  #height = 0;
  #longest = -1;
  #filledAt = 0;

  constructor(view: View, field: string) {
    this.#view = view;
    this.#field = field;
    this.#heads = new NodeHeads(view);
    this.#scroll.append(this.#spacer);
    this.#scroll.addEventListener("scroll", () => this.#scrolled());
    this.#scroll.addEventListener("pointerover", (event) => this.#nameCell(event.target as HTMLElement));
    this.#follow.addEventListener("click", () => this.#setFollowing(true));
    this.element = h("div", { class: "log-table", style: `--nodes: ${view.run.nodes.length}` },
      h("div", { class: "log-head" }, h("span", { class: "log-index" }, "index"), ...this.#heads.cells),
      this.#scroll,
      h("div", { class: "log-foot" }, this.#summary, this.#follow),
    );
    this.#setFollowing(true);
  }

  resize(): void {
    this.#height = this.#scroll.clientHeight;
    const count = Math.max(3, Math.ceil(this.#height / ROW) + 1);
    this.#view.rows = { ...this.#view.rows, count };
    this.#want();
  }

  update(): void {
    this.#heads.update();
    const { shown } = this.#view;
    if (this.#view.rows.count < 3) this.resize();
    if (shown?.open?.field !== this.#field) return;
    const { of, top } = shown.open;
    const longest = Math.max(0, ...of.map((field) => (field.type === "log" ? field.length : 0)));
    if (longest !== this.#longest) {
      this.#longest = longest;
      this.#spacer.style.height = `${longest * ROW}px`;
      // A shorter log makes the browser scroll by itself, which is nobody's wish.
      this.#filledAt = performance.now();
    }
    const commits = shown.nodes.map((fields) => fields.find((field) => field.name === "commitIndex")?.value);
    const rows = Math.min(longest - top, this.#view.rows.count + (this.#isFollowing ? 0 : 2));
    for (let at = 0; at < rows; at += 1) this.#drawRow(this.#row(at), top + at, of, commits, at);
    for (let at = rows; at < this.#rows.length; at += 1) (this.#rows[at] as Row).element.hidden = true;
    if (this.#isFollowing) this.#scrollTo(longest * ROW);
    const highest = commits.reduce<number>((most, commit) => (typeof commit === "number" && commit > most ? commit : most), 0);
    setText(this.#summary, longest === 0 ? "The logs are empty." : `${formatCount(longest)} entries in the longest log${highest > 0 ? `, ${formatCount(highest)} committed` : ""}`);
  }

  #row(at: number): Row {
    const known = this.#rows[at];
    if (known !== undefined) return known;
    const index = h("span", { class: "log-index" });
    const cells = this.#view.run.nodes.map(() => h("span", { class: "log-cell" }));
    const row = { element: h("div", { class: "log-row" }, index, ...cells), index, cells };
    this.#rows.push(row);
    this.#scroll.append(row.element);
    return row;
  }

  #drawRow(row: Row, position: number, of: readonly OpenField[], commits: readonly unknown[], at: number): void {
    const index = position + 1;
    row.element.hidden = false;
    row.element.style.transform = `translateY(${position * ROW}px)`;
    setText(row.index, String(index));
    const entries = of.map((field) => (field.type === "log" ? field.entries[at] : undefined));
    const differs = variants(entries);
    row.cells.forEach((cell, node) => {
      const entry = entries[node];
      const commit = commits[node];
      const isCommitted = typeof commit === "number" && index <= commit;
      const isLastCommitted = commit === index;
      setAttribute(cell, "class", `log-cell${entry === undefined ? "" : ` of-term ${termClass(termOf(entry))}`}${entry === undefined ? " is-empty" : ""}${isCommitted ? " is-committed" : ""}${isLastCommitted ? " is-commit-mark" : ""}${(differs[node] ?? 0) > 0 ? " is-different" : ""}`);
      setText(cell, entry === undefined ? "" : entryText(entry));
    });
  }

  /** A tooltip, made when somebody points: making all of them at each step would cost more than the cells. */
  #nameCell(cell: HTMLElement): void {
    const row = this.#rows.find((each) => each.element === cell.parentElement);
    const node = row?.cells.indexOf(cell) ?? -1;
    const open = this.#view.shown?.open;
    const field = open?.of[node];
    if (row === undefined || open === undefined || field?.type !== "log") return;
    const index = Number(row.index.textContent);
    const entry = field.entries[index - 1 - open.top];
    const state = cell.classList.contains("is-committed") ? "committed" : "not known to be committed";
    cell.title = entry === undefined ? "" : `${this.#view.run.nodes[node]} [${index}] term ${termOf(entry)}: ${entryText(entry)}, ${state}`;
  }

  /** A scroll that is not ours is the reader's: from then on the reader's place stays. */
  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroll;
    if (Math.abs(scrollTop - this.#ownScroll) < 2 || (this.#isFollowing && performance.now() - this.#filledAt < 200)) return;
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - 2;
    this.#setFollowing(isAtEnd);
  }

  #setFollowing(isFollowing: boolean): void {
    this.#isFollowing = isFollowing;
    this.#follow.hidden = isFollowing;
    this.#want();
  }

  #want(): void {
    const top = this.#isFollowing ? "tail" : Math.max(0, Math.floor(this.#scroll.scrollTop / ROW));
    this.#view.rows = { ...this.#view.rows, top };
    this.#view.session.onChange();
  }

  #scrollTo(end: number): void {
    // Reading the place back would make the browser lay the page out at once.
    const top = Math.max(0, end - this.#height);
    if (top === this.#ownScroll) return;
    this.#ownScroll = top;
    this.#scroll.scrollTop = top;
  }
}

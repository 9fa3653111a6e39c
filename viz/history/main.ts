/** The page of a history: the verdict in words, and the picture, from the data that stand in the page itself. */
import "../style/tokens.css";
import "../style/document.css";
import "./page.css";
import "./history.css";
import { formatTime } from "../../sim/explain/units.ts";
import { h } from "../dom.ts";
import { themeButton } from "../themeButton.ts";
import type { HistoryData, OperationData } from "./data.ts";
import { HistoryPicture } from "./picture.ts";

function header(data: HistoryData): HTMLElement {
  return h("header", {},
    h("div", { class: "title" }, h("h1", {}, h("span", { class: `chip is-${data.verdict}` }, data.verdict), ` ${data.title}`), themeButton()),
    h("p", { class: "facts" }, ...data.facts.map((fact) => h("span", {}, fact))),
    h("p", { class: `detail is-${data.verdict}` }, data.detail),
    data.leftOut !== undefined && h("p", { class: "facts" }, data.leftOut),
  );
}

/** What refutes it, as a table: the same for everybody, and for those whose screen reader reads it. */
function refutation(data: HistoryData): HTMLElement | undefined {
  if (data.refutation.length === 0) return undefined;
  const rows = data.refutation.map((at, place) => row(data, data.operations[at]!, place === data.refutation.length - 1));
  const about = data.cycle.length > 0 ? "Each must come before the next, and the last before the first." : "They have no legal order by themselves; without any of them there would be one.";
  return h("section", {}, h("h2", {}, "What refutes it"), h("p", { class: "about" }, about),
    data.cycle.length > 0 && h("ol", { class: "reasons" }, ...data.cycle.map(({ why }) => h("li", {}, why))),
    h("div", { class: "table-box" }, h("table", {}, h("tbody", {}, ...rows))),
  );
}

function row({ clients, isTimed }: HistoryData, { row: at, what, outcome, invoked, returned, invokedNs, returnedNs }: OperationData, isLast: boolean): HTMLElement {
  const [begun, end] = isTimed ? [formatTime(invokedNs), formatTime(returnedNs ?? 0)] : [`event ${invoked + 1}`, `event ${(returned ?? 0) + 1}`];
  const ended = outcome === "info" ? `from ${begun}, never answered` : `${begun} to ${end}`;
  return h("tr", { class: isLast ? "is-culprit" : "" }, h("th", { scope: "row" }, clients[at]!), h("td", {}, what), h("td", {}, outcome === "mismatch" ? "the comparison was false" : ""), h("td", { class: "quiet" }, ended));
}

function legend(data: HistoryData): HTMLElement {
  const item = (name: string, look: string): HTMLElement => h("span", { class: "legend-item" }, h("i", { class: `swatch ${look}` }), name);
  return h("footer", {},
    h("div", { class: "legend" }, item("looks", "is-look"), item("changes", "is-change"), item("the comparison was false", "is-mismatch"), item("never answered", "is-open"),
      data.witness.length > 0 && item("where it took effect, in a legal order", "is-point"), data.refutation.length > 0 && item("the first that is impossible", "is-culprit")),
    h("p", {}, "Drag to move, wheel to zoom, click to select. ", ...["← →", "next operation", "↑ ↓", "next client", "n", "next found, or next that refutes it", "j", "first impossible", "/", "find", "+ − 0", "zoom", "x", "axis"].map((text, at) => (at % 2 === 0 ? h("kbd", {}, text) : ` ${text}  `))),
  );
}

function show(data: HistoryData): void {
  document.title = `${data.title} · ${data.verdict} · Splitbrain`;
  const picture = new HistoryPicture(data);
  document.body.replaceChildren(header(data), h("section", { class: "picture" }, picture.element), refutation(data) ?? "", legend(data));
  picture.start();
}

show(JSON.parse(document.getElementById("data")!.textContent!) as HistoryData);

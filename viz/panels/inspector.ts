/** Everything about the current event, or about the selected node. */
import { formatBytes, formatCount, formatDuration } from "../../sim/explain/units.ts";
import { formatValue } from "../../sim/explain/value.ts";
import { h, icon } from "../dom.ts";
import { momentText } from "../model/clocktext.ts";
import { entryText, termOf } from "../model/entries.ts";
import { termToken } from "../model/palette.ts";
import type { Details, FieldDifference, FieldShown, Mention } from "../model/wire.ts";
import type { Panel, View } from "../view.ts";
import { tree } from "./tree.ts";

export function inspectorPanel(view: View): Panel {
  return new InspectorPanel(view);
}

class InspectorPanel implements Panel {
  readonly element: HTMLElement;
  readonly #view: View;
  readonly #body = h("div", { class: "inspector-body" });
  readonly #tabs = h("div", { class: "segmented", role: "tablist", "aria-label": "Inspect" });
  #drawn: unknown;

  constructor(view: View) {
    this.#view = view;
    this.element = h("section", { class: "panel inspector", "aria-label": "Inspector" }, h("div", { class: "panel-head" }, h("h2", {}, "Inspector"), this.#tabs), this.#body);
  }

  update(): void {
    const { session, details, shown } = this.#view;
    const subject = session.selectedNode === undefined ? details : shown?.node;
    if (subject === undefined || subject === this.#drawn) return;
    this.#drawn = subject;
    this.#drawTabs();
    const parts = session.selectedNode === undefined ? eventParts(this.#view, details as Details) : nodeParts(this.#view, session.selectedNode, shown?.node ?? []);
    this.#body.replaceChildren(...parts);
  }

  #drawTabs(): void {
    const { session, run } = this.#view;
    const tab = (words: string, isOpen: boolean, open: () => void) => h("button", { type: "button", role: "tab", "aria-selected": String(isOpen), click: open }, words);
    const node = session.selectedNode;
    this.#tabs.replaceChildren(tab("Event", node === undefined, () => session.select(undefined)), ...(node === undefined ? [] : [tab(run.nodes[node] ?? "", true, () => {})]));
  }
}

function eventParts(view: View, details: Details): HTMLElement[] {
  const { event, sentence } = details;
  const { run } = view;
  const parts: HTMLElement[] = [];
  for (const trouble of run.troublesAt(event.id)) {
    parts.push(h("div", { class: `callout ${trouble.expected ? "is-warn" : "is-bad"}` }, h("strong", {}, trouble.type === "violation" ? `Violated: ${trouble.title}` : trouble.expected ? `Shown, as expected: ${trouble.title}` : `Fails: ${trouble.title}`), h("p", {}, trouble.message)));
  }
  parts.push(h("p", { class: "event-sentence" }, sentence), h("p", { class: "event-means" }, firstSentence(details.means)));
  parts.push(factList(view, details));
  if (details.operation !== undefined) parts.push(section("Operation", mention(view, details.operation.begin), details.operation.end === undefined ? h("p", { class: "hint" }, "never returned") : mention(view, details.operation.end)));
  if (details.changes.length > 0) parts.push(section("What changed", ...details.changes.map((change) => changeLine(view, change))));
  if (details.lines.length > 0) parts.push(section("Said", ...details.lines.map((line) => h("p", { class: `log-line is-${line.level}` }, h("span", { class: "log-level" }, line.level), ` ${line.text} ${line.fields === null || line.fields === undefined ? "" : formatValue(line.fields, 200)}`))));
  const hasContents = details.contents !== null && details.contents !== undefined;
  if (hasContents) parts.push(section(event.kind === "deliver" || event.kind === "drop" ? "What it carried" : "Contents", tree(details.contents)));
  parts.push(causeSection(view, details));
  return parts;
}

function factList(view: View, { event, counterpart }: Details): HTMLElement {
  const { run } = view;
  const skew = event.nodeTime - event.time;
  const rows: [string, Node | string][] = [
    ["time", momentText(event.time)],
    ["event", `${formatCount(event.id)}, ${event.kind}`],
  ];
  if (event.node >= 0) rows.push(["where", `${run.endpoints[event.node]}${event.incarnation > 1 ? `, boot ${event.incarnation}` : ""}`]);
  if (event.nodeTime !== 0 && skew !== 0) rows.push(["its clock", `${momentText(event.nodeTime)} (${skew > 0 ? "+" : "−"}${formatDuration(Math.abs(skew))})`]);
  if (event.name !== "") rows.push(["name", event.name]);
  if (event.key !== "") rows.push(["key", event.key]);
  if (event.reason !== "") rows.push(["reason", event.reason]);
  if (event.message >= 0) rows.push(["message", `${formatCount(event.message)}${event.bytes > 0 ? `, ${formatBytes(event.bytes)}` : ""}`]);
  else if (event.bytes > 0) rows.push(["bytes", formatBytes(event.bytes)]);
  if (event.operation >= 0) rows.push(["operation", `${formatCount(event.operation)}${event.attempt > 1 ? `, attempt ${event.attempt}` : ""}`]);
  if (event.fault >= 0) rows.push(["fault", faultLink(view, event.fault)]);
  if (counterpart !== undefined) {
    const isLater = counterpart.event > event.id;
    const apart = Math.abs(counterpart.timeNs - event.time);
    const when = apart === 0 ? "at the same instant" : `${formatDuration(apart)} ${isLater ? "later" : "earlier"}`;
    rows.push([isLater ? "ends" : "was sent", link(view, counterpart.event, `${when}: ${run.kindOf(counterpart.event)}`)]);
  }
  return h("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function faultLink(view: View, number: number): Node | string {
  const fault = view.run.story.faults.find((each) => each.fault === number);
  return fault === undefined ? String(number) : link(view, fault.begin, fault.name);
}

function causeSection(view: View, { cause, effects, effectCount }: Details): HTMLElement {
  const rest = effectCount - effects.length;
  return section("Cause and effects",
    cause === undefined ? h("p", { class: "hint" }, "Nothing in the run caused it.") : h("div", { class: "mention-group" }, h("span", { class: "mention-title" }, "caused by"), mention(view, cause)),
    effects.length === 0 ? h("p", { class: "hint" }, "It caused nothing.") : h("div", { class: "mention-group" }, h("span", { class: "mention-title" }, effectCount === 1 ? "its effect" : `its ${formatCount(effectCount)} effects`), ...effects.map((effect) => mention(view, effect))),
    rest > 0 && h("p", { class: "hint" }, `and ${formatCount(rest)} more`),
  );
}

function section(title: string, ...children: (Node | string | false)[]): HTMLElement {
  return h("section", { class: "inspector-section" }, h("h3", {}, title), ...children);
}

/** What follows the first sentence is about fields. */
function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}

function goTo(view: View, event: number): void {
  view.session.playing = false;
  view.session.goTo(event);
  view.session.keepInView();
}

function link(view: View, event: number, words: string): HTMLElement {
  return h("button", { type: "button", class: "link", click: () => goTo(view, event) }, words);
}

/** An event as a line that leads to it. */
function mention(view: View, { event, timeNs, sentence }: Mention): HTMLElement {
  return h("button", { type: "button", class: "mention", click: () => goTo(view, event), title: `event ${event}` }, h("span", { class: "mention-time" }, momentText(timeNs)), h("span", {}, sentence));
}

function changeLine(view: View, { node, field, before, after, log }: FieldDifference): HTMLElement {
  const name = h("span", { class: "change-name" }, `${view.run.nodes[node]} ${field}`);
  if (log === undefined) {
    return h("div", { class: "change" }, name, h("span", { class: "change-values" }, before !== undefined && h("del", {}, formatValue(before, 60)), before !== undefined && " → ", h("ins", {}, after === undefined ? "gone" : formatValue(after, 80))));
  }
  const entries = log.appended.slice(-6).map((entry) => h("span", { class: "entry-chip", style: `--term: var(${termToken(termOf(entry))})` }, entryText(entry)));
  return h("div", { class: "change" }, name, h("span", { class: "change-values" },
    log.cut > 0 && h("del", {}, `cut by ${formatCount(log.cut)} `),
    h("span", {}, `${log.appended.length > 0 ? `+${formatCount(log.appended.length)}, ` : ""}${formatCount(log.length)} entries `),
    ...entries,
  ));
}

function nodeParts(view: View, node: number, fields: readonly FieldShown[]): HTMLElement[] {
  const { run, session } = view;
  const span = run.spanAt(node, session.event);
  const status = span === undefined || span.status === "down" ? "down" : span.status;
  const head = h("p", { class: "event-sentence" }, `${run.nodes[node]} is ${status}${span?.role ? `, ${span.role}` : ""}${span !== undefined && span.term >= 0 ? ` in term ${span.term}` : ""}`);
  const since = span === undefined ? undefined : h("p", { class: "event-means" }, "since ", link(view, span.from, momentText(run.timeOf(span.from))));
  const rows = fields.map((field) => nodeField(view, field));
  return [head, ...(since === undefined ? [] : [since]), h("div", { class: "node-fields" }, ...rows)];
}

/** A field with when it last changed; marked where the current event changed it. */
function nodeField(view: View, { name, value, summary, since }: FieldShown): HTMLElement {
  const isNew = since === view.session.event;
  const large = typeof value === "object" && value !== null && formatValue(value, 200).length > 48;
  const words = summary?.type === "log" ? `${formatCount(summary.length)} entries` : "";
  return h("div", { class: `node-field${isNew ? " is-changed" : ""}` },
    h("div", { class: "node-field-head" }, h("span", { class: "node-field-name" }, name), isNew ? h("span", { class: "changed-mark" }, icon("check"), "changed now") : link(view, since, `since ${momentText(view.run.timeOf(since))}`)),
    large || summary?.type === "log" ? h("details", { open: summary?.type !== "log" && !Array.isArray(value) }, h("summary", {}, words || formatValue(value, 44)), tree(value)) : h("span", { class: "leaf" }, formatValue(value, 200)),
  );
}

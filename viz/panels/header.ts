/** Which run this is, how it was judged, and what else may be opened. */
import { showHistory } from "./historyDialog.ts";
import { formatCount, formatDuration } from "../../sim/explain/units.ts";
import type { ExpectationResult } from "../../sim/scenario/result.ts";
import type { TraceHeader } from "../../sim/trace/event.ts";
import { h, icon, iconButton, s, setText } from "../dom.ts";
import { currentTheme, onThemeChange, toggleTheme } from "../theme.ts";
import type { Panel, View } from "../view.ts";
import type { BundledScenario } from "../scenarios.ts";

/** What the header can ask of the page. */
export interface PageActions {
  openFile(): void;
  runScenario(scenario: BundledScenario, seed?: number): void;
  showHelp(): void;
  home(): void;
  /** Where the run was made in the page: saves its trace as a file. */
  saveTrace?(): void;
}

export function brand(home?: () => void): HTMLElement {
  const mark = s("svg", { viewBox: "0 0 32 32", width: 22, height: 22, "aria-hidden": "true", class: "mark" }, s("path", { d: "M14.2 4a12 12 0 0 0 0 24z" }), s("path", { d: "M17.8 4a12 12 0 0 1 0 24z" }));
  if (home === undefined) return h("span", { class: "brand" }, mark, "Splitbrain");
  return h("button", { type: "button", class: "brand", title: "All bundled scenarios", "aria-label": "Splitbrain: all bundled scenarios", click: home }, mark);
}

export function themeButton(): HTMLButtonElement {
  const button = iconButton("moon", "", "t", toggleTheme);
  const show = (): void => {
    const isDark = currentTheme() === "dark";
    button.replaceChildren(icon(isDark ? "sun" : "moon"));
    button.setAttribute("aria-label", isDark ? "Light theme" : "Dark theme");
    button.title = isDark ? "Light theme (t)" : "Dark theme (t)";
  };
  onThemeChange(show);
  show();
  return button;
}

export function headerPanel(view: View, actions: PageActions, scenarios: readonly BundledScenario[]): Panel {
  const { run } = view;
  const { header, digest, result, complete } = run.story;
  const element = h(
    "header",
    { class: "header" },
    brand(actions.home),
    h("div", { class: "run-title" },
      h("h1", { title: header.scenario }, header.scenario),
      h("p", { class: "run-facts" }, ...facts(view)),
    ),
    h("div", { class: "verdicts", role: "group", "aria-label": "Verdicts" }, ...(result?.expectations ?? []).map((expectation) => verdictChip(view, expectation)), !complete && h("span", { class: "chip is-unknown" }, "interrupted")),
    h("div", { class: "header-actions" },
      h("button", { type: "button", class: "text-button", title: "What the clients saw, and why it is right or wrong (h)", click: () => showHistory(view) }, icon("rows"), h("span", {}, "History")),
      digestButton(digest),
      scenarioMenu(actions, scenarios, header),
      h("button", { type: "button", class: "text-button", title: "Open a trace file (o), or drop it anywhere", click: actions.openFile }, icon("folder"), h("span", {}, "Open")),
      actions.saveTrace !== undefined && h("button", { type: "button", class: "text-button", title: "Save this run's trace as a file", click: actions.saveTrace }, icon("save"), h("span", {}, "Save")),
      themeButton(),
      iconButton("question", "Keys and help", "?", actions.showHelp),
    ),
  );
  return { element, update() {} };
}

function facts(view: View): HTMLElement[] {
  const { header, result } = view.run.story;
  const count = (number: number, what: string) => `${formatCount(number)} ${what}${number === 1 ? "" : "s"}`;
  const parts = [
    result?.mutant === undefined ? header.protocol : `${header.protocol}, mutant ${result.mutant}`,
    `seed ${header.seed}`,
    count(header.nodes.length, "node"),
    count(header.clients.length, "client"),
    formatDuration(view.run.endNs),
    count(view.run.count, "event"),
  ];
  return parts.map((part) => h("span", {}, part));
}

function verdictChip(view: View, { name, verdict, detail, event }: ExpectationResult): HTMLElement {
  const mark = verdict === "unknown" ? h("span", { class: "chip-mark", "aria-hidden": "true" }, "?") : icon(verdict === "pass" ? "check" : "cross");
  // What passes and still points to an event is a weakness that the scenario asked to see.
  const words = verdict === "pass" && event !== undefined ? `${name === "invariants" ? "invariants broken" : `not ${name}`}, as expected` : name;
  const label = `${name}: ${verdict}. ${detail}`;
  const target = event ?? (verdict === "fail" && name === "invariants" ? view.run.story.troubles[0]?.event : undefined);
  if (target === undefined) return h("span", { class: `chip is-${verdict}`, title: detail, "aria-label": label, role: "img" }, mark, h("span", {}, words));
  const jump = (): void => {
    view.session.goTo(target);
    view.session.keepInView();
  };
  return h("button", { type: "button", class: `chip is-${verdict}`, title: `${detail} — show`, "aria-label": label, click: jump }, mark, h("span", {}, words));
}

function digestButton(digest: string): HTMLElement {
  const text = h("code", {}, digest);
  const button = h("button", { type: "button", class: "digest", title: "The digest of all events: the same scenario and seed give the same one everywhere. Copy", "aria-label": `Digest ${digest}: copy` }, text);
  button.addEventListener("click", () => {
    void navigator.clipboard?.writeText(digest).then(() => {
      setText(text, "copied");
      setTimeout(() => setText(text, digest), 900);
    });
  });
  return button;
}

function scenarioMenu(actions: PageActions, scenarios: readonly BundledScenario[], header: TraceHeader): HTMLElement | undefined {
  if (scenarios.length === 0) return undefined;
  const list = h("div", { class: "menu-list" });
  const menu = h("details", { class: "menu" }, h("summary", { class: "text-button", title: "Run a bundled scenario here, in the browser" }, icon("play"), h("span", {}, "Run")), list);
  const item = (title: string, below: string, run: () => void): HTMLElement =>
    h("button", { type: "button", class: "menu-item", click: () => { menu.open = false; run(); } }, h("strong", {}, title), h("span", {}, below));
  const same = scenarios.find((scenario) => scenario.title === header.scenario);
  if (same !== undefined) list.append(item("The same with another seed", `${same.id}, seed ${header.seed + 1}`, () => actions.runScenario(same, header.seed + 1)));
  list.append(...scenarios.map((scenario) => item(scenario.title, scenario.id, () => actions.runScenario(scenario))));
  // A menu closes by a click elsewhere and by Escape.
  document.addEventListener("pointerdown", (event) => { if (!menu.contains(event.target as Node)) menu.open = false; });
  menu.addEventListener("keydown", (event) => { if (event.key === "Escape") menu.open = false; });
  return menu;
}

/** What the page shows when it has no run: scenarios to run here, and how to bring a trace. */
import { h, icon } from "../dom.ts";
import type { BundledScenario } from "../scenarios.ts";
import { brand, themeButton, type PageActions } from "./header.ts";

/** A problem to be told above the list: a file that could not be read, a scenario that does not exist. */
export interface Notice {
  readonly title: string;
  readonly message: string;
}

export function welcomePage(actions: PageActions, scenarios: readonly BundledScenario[], notice: Notice | undefined): HTMLElement {
  const seed = h("input", { type: "number", min: 0, step: 1, placeholder: "as written", "aria-label": "Seed", class: "seed" });
  const run = (scenario: BundledScenario) => actions.runScenario(scenario, seed.value === "" ? undefined : Number(seed.value));
  return h(
    "main",
    { class: "welcome" },
    h("div", { class: "welcome-bar" }, brand(), themeButton()),
    h("div", { class: "welcome-column" },
      h("h1", {}, "Watch a cluster come apart,", h("br"), "and see what it does about it."),
      h("p", { class: "lead" }, "Pick a scenario to run it right here in the browser, or open the trace of a run that you have made."),
      notice !== undefined && h("div", { class: "callout is-bad", role: "alert" }, h("strong", {}, notice.title), h("p", {}, notice.message)),
      h("div", { class: "welcome-open" },
        h("button", { type: "button", class: "primary-button", click: actions.openFile }, icon("folder"), "Open a trace"),
        h("span", { class: "hint" }, "or drop a file anywhere on this page"),
        h("label", { class: "seed-label" }, "Seed", seed),
      ),
      scenarioList(scenarios, run),
    ),
  );
}

function scenarioList(scenarios: readonly BundledScenario[], run: (scenario: BundledScenario) => void): HTMLElement {
  const protocols = [...new Set(scenarios.map((scenario) => scenario.protocol))];
  return h(
    "div",
    { class: "scenario-groups" },
    ...protocols.map((protocol) =>
      h("section", { class: "scenario-group" },
        h("h2", {}, protocol),
        h("div", { class: "scenario-cards" }, ...scenarios.filter((scenario) => scenario.protocol === protocol).map((scenario) => scenarioCard(scenario, run))),
      ),
    ),
  );
}

function scenarioCard(scenario: BundledScenario, run: (scenario: BundledScenario) => void): HTMLElement {
  return h("button", { type: "button", class: "scenario-card", "data-scenario": scenario.id, click: () => run(scenario) },
    h("strong", {}, scenario.title),
    h("span", { class: "scenario-description" }, scenario.description),
    h("code", {}, scenario.id),
  );
}

export function loadingPage(what: string): { element: HTMLElement; progress(text: string, share: number): void } {
  const bar = h("div", { class: "progress-bar" });
  const text = h("p", { class: "hint" }, " ");
  const element = h("main", { class: "loading", "aria-busy": "true" }, h("div", { class: "loading-box" }, h("p", { class: "loading-title" }, what), h("div", { class: "progress", role: "progressbar", "aria-label": what }, bar), text));
  return {
    element,
    progress(words, share) {
      text.textContent = words;
      bar.style.width = `${Math.round(share * 100)}%`;
    },
  };
}

/** Finds a run to show: the trace that is served beside the page, a scenario that the address names, or what is dropped on it. */
import "./style/tokens.css";
import "./style/page.css";
import "./style/panels.css";
import "./style/timeline.css";
import "./history/history.css";
import { formatCount } from "../sim/explain/units.ts";
import { handleKey } from "./keys.ts";
import { Link, OpenError, type Opened } from "./model/link.ts";
import type { PageActions } from "./panels/header.ts";
import { helpDialog } from "./panels/help.ts";
import { loadingPage, welcomePage, type Notice } from "./panels/welcome.ts";
import { scenarioOf, scenarios, type BundledScenario } from "./scenarios.ts";
import { Viewer } from "./viewer.ts";

const app = document.getElementById("app") as HTMLElement;
const help = helpDialog();
const filePicker = Object.assign(document.createElement("input"), { type: "file", hidden: true });
const link = new Link(() => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }));
let viewer: Viewer | undefined;
/** The part of the address after `?` that is shown now. */
let started = "";

const actions: PageActions = {
  openFile: () => filePicker.click(),
  showHelp: () => (help.open ? help.close() : help.showModal()),
  home: () => {
    history.pushState(null, "", "?scenarios");
    void start();
  },
  runScenario: (scenario, seed) => {
    const query = new URLSearchParams({ scenario: scenario.id, ...(seed !== undefined && { seed: String(seed) }) });
    history.pushState(null, "", `?${query.toString().replaceAll("%2F", "/")}`);
    void start();
  },
};

function show(element: HTMLElement): void {
  viewer?.close();
  viewer = undefined;
  app.replaceChildren(element);
}

function welcome(notice?: Notice): void {
  document.title = "Splitbrain replay";
  show(welcomePage(actions, scenarios, notice));
}

async function load(title: string, begin: () => Promise<Opened>): Promise<void> {
  const loading = loadingPage(title);
  show(loading.element);
  link.onProgress = (events, share) => loading.progress(`${formatCount(events)} events`, share);
  try {
    const { data, trace } = await begin();
    const opened = new Viewer(data, link, { ...actions, ...(trace !== undefined && { saveTrace: () => save(trace, data.story.header.scenario) }) }, scenarios);
    show(opened.element);
    viewer = opened;
    opened.start();
  } catch (error) {
    welcome({ title: error instanceof OpenError ? error.title : "This could not be opened", message: error instanceof Error ? error.message : String(error) });
  }
}

/** Gives the trace to the browser's downloads. */
function save(trace: Uint8Array<ArrayBuffer>, name: string): void {
  const address = URL.createObjectURL(new Blob([trace]));
  const fileName = `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}.trace`;
  Object.assign(document.createElement("a"), { href: address, download: fileName }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function runScenario(scenario: BundledScenario, seed: number | undefined): Promise<void> {
  return load(`Running “${scenario.title}”`, () => link.run(scenario.id, scenario.source, seed));
}

async function openFile(file: File): Promise<void> {
  history.pushState(null, "", "?file");
  started = location.search;
  await load(`Reading ${file.name}`, async () => link.open(await file.arrayBuffer()));
}

/** What the address asks for; else the trace that is served beside the page; else the list of scenarios. */
async function start(): Promise<void> {
  started = location.search;
  const query = new URLSearchParams(location.search);
  if (query.has("scenarios")) return welcome();
  if (query.has("file")) return welcome({ title: "Open the file again", message: "A page that is loaded anew no longer has the file that it was given." });
  const id = query.get("scenario");
  if (id !== null) {
    const scenario = scenarioOf(id);
    const seed = query.get("seed");
    if (scenario === undefined) return welcome({ title: "There is no such scenario", message: `No bundled scenario is called ${id}.` });
    return runScenario(scenario, seed !== null && /^\d+$/.test(seed) ? Number(seed) : undefined);
  }
  const response = await fetch("./trace").catch(() => undefined);
  if (response === undefined || !response.ok) return welcome();
  await load("Reading the trace", async () => link.open(await response.arrayBuffer()));
}

function takeDrops(): void {
  window.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("is-dropping");
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) document.body.classList.remove("is-dropping");
  });
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("is-dropping");
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void openFile(file);
  });
}

filePicker.addEventListener("change", () => {
  const file = filePicker.files?.[0];
  filePicker.value = "";
  if (file !== undefined) void openFile(file);
});
window.addEventListener("keydown", (event) => {
  if (handleKey(event, viewer, actions)) event.preventDefault();
});
window.addEventListener("popstate", () => {
  // A change of the part after # alone is the viewer's own matter.
  if (location.search !== started) void start();
});
document.body.append(filePicker, help);
takeDrops();
void start();

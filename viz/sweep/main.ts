/** The page of a sweep: plots and tables from the data that stand in the page itself. It needs no network and no server. */
import "../style/tokens.css";
import "../style/document.css";
import "./sweep.css";
import { h } from "../dom.ts";
import { themeButton } from "../themeButton.ts";
import { drawCdf } from "./cdf.ts";
import type { PlotData, SweepPage } from "./data.ts";
import { drawHeat } from "./heat.ts";
import { drawLines } from "./lines.ts";
import { extremesTable, figuresTable, publishedTable } from "./tables.ts";

const drawings = { cdf: drawCdf, line: drawLines, heat: drawHeat } as const;

function header(page: SweepPage): HTMLElement {
  return h(
    "header",
    {},
    h("div", { class: "title" }, h("h1", {}, page.title), themeButton()),
    page.description !== "" && h("p", { class: "about" }, page.description),
    h("p", { class: "facts" }, ...page.facts.map((fact) => h("span", {}, fact)), h("span", { class: `chip is-${page.verdict}` }, page.outcomes)),
    page.failures.length > 0 && h("ul", { class: "failures" }, ...page.failures.map((failure) => h("li", {}, failure))),
  );
}

function section(title: string, about: string, ...content: Node[]): HTMLElement {
  return h("section", {}, h("h2", {}, title), about !== "" && h("p", { class: "about" }, about), ...content);
}

function plotSection(page: SweepPage, plot: PlotData): HTMLElement {
  const by = plot.by.map((axis) => page.axes[axis]!.path).join(" and ");
  const titles = { cdf: `Distribution of ${plot.metric}`, line: `${plot.metric}${by === "" ? "" : ` over ${by}`}`, heat: `${plot.metric} over ${by}` } as const;
  const abouts = {
    cdf: "The share of all runs whose value is at most that to the right.",
    line: "The mean over the runs of each cell; the band is its 95 % interval.",
    heat: "The mean over the runs of each cell.",
  } as const;
  return section(titles[plot.kind], `${page.metrics[plot.metric]!.summary} ${abouts[plot.kind]}`, drawings[plot.kind](page, plot));
}

/** More lines would push the rest out of sight. */
const MOST_LINES = 12;

function folded(page: SweepPage, table: HTMLElement): HTMLElement {
  if (page.cells.length <= MOST_LINES) return table;
  return h("details", {}, h("summary", {}, `All ${page.cells.length} cells`), table);
}

function publishedSection(page: SweepPage): HTMLElement[] {
  const { reference } = page;
  if (reference === undefined) return [];
  const sources = h("p", { class: "about" }, `${reference.title}. ${reference.source}.`, ...reference.notes.map((note) => h("span", { class: "note" }, ` ${note}`)));
  if (reference.cells.length === 0) return [section("Beside what was published", "The published figures have no curve for any of these cells.", sources)];
  const about = "Each figure is ours, and how far it lies from the published one. The distance is the largest difference between the two curves (Kolmogorov and Smirnov); beside it the one that two samples of the same distribution exceed in 5 % of all cases.";
  return [section("Beside what was published", about, sources, publishedTable(page))];
}

function footer(page: SweepPage): HTMLElement {
  return h(
    "footer",
    {},
    h("p", {}, "Made by ", h("code", {}, page.command), ` with Splitbrain ${page.program}. The same command gives the same figures on every machine.`),
    h("p", {}, "Intervals are 95 %, by the bootstrap: of means bias-corrected and accelerated (BCa), of percentiles plain. All cells are run under the same seeds, so that differences from the first cell are taken seed by seed."),
  );
}

function show(page: SweepPage): void {
  document.title = `${page.title} · Splitbrain`;
  const measured = Object.keys(page.metrics);
  const main = h(
    "main",
    {},
    ...page.plots.map((plot) => plotSection(page, plot)),
    ...publishedSection(page),
    ...measured.map((metric) => section(metric, page.metrics[metric]!.summary, folded(page, figuresTable(page, metric)))),
    ...measured.slice(0, 1).map((metric) => section(`Where ${metric} was greatest`, "One run of each cell.", extremesTable(page, metric))),
  );
  document.body.replaceChildren(header(page), main, footer(page));
}

show(JSON.parse(document.getElementById("data")!.textContent!) as SweepPage);

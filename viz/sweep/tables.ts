/** The figures themselves, in tables. */
import { scaleLinear } from "d3";
import { h, s } from "../dom.ts";
import type { Figures, SweepPage, Unit } from "./data.ts";
import { cellName, figure, interval, percent, signed } from "./format.ts";

function head(...names: (string | HTMLElement)[]): HTMLElement {
  const cells = names.map((name) => h("th", { scope: "col", class: typeof name === "string" ? undefined : name.className }, name));
  return h("thead", {}, h("tr", {}, ...cells));
}

/** A line a cell: the mean with its interval, percentiles, and how far it is from the first cell. */
export function figuresTable(page: SweepPage, metric: string): HTMLElement {
  const { unit } = page.metrics[metric]!;
  const all = page.cells.map(({ figures }) => figures[metric] ?? null);
  const hasMissing = all.some((figures) => figures === null || figures.missing > 0);
  const hasDifferences = page.cells.length > 1;
  const names = [...page.axes.map(({ path }) => path), "mean", "95 % interval", "", "p50", "p95", "p99", "max", "runs", ...(hasMissing ? ["without"] : []), ...(hasDifferences ? ["from the first"] : [])];
  const drawn = whiskers(all);
  const rows = page.cells.map((cell, at) => {
    const figures = all[at] ?? null;
    const cells = figures === null ? Array.from({ length: 7 }, () => h("td", {}, "–")) : figureCells(figures, unit, drawn(figures));
    const missing = hasMissing ? [h("td", {}, String(figures?.missing ?? cell.runs))] : [];
    const difference = hasDifferences ? [h("td", { title: "The mean of the differences seed by seed, and its 95 % interval" }, ...differenceParts(figures, unit))] : [];
    return h("tr", {}, ...cell.at.map((value, axis) => h("th", { scope: "row" }, page.axes[axis]!.values[value]!)), ...cells, h("td", {}, String(cell.runs)), ...missing, ...difference);
  });
  return h("div", { class: "table-box" }, h("table", { class: "figures" }, head(...names), h("tbody", {}, ...rows)));
}

/** The difference, and its interval below it. */
function differenceParts(figures: Figures | null, unit: Unit): (string | HTMLElement)[] {
  if (figures?.difference === undefined) return ["–"];
  const { mean, ci95 } = figures.difference;
  return [signed(mean, unit), h("span", { class: "off" }, interval(ci95, unit))];
}

function figureCells(figures: Figures, unit: Unit, whisker: Node): HTMLElement[] {
  const { mean, ci95, p50, p95, p99, max } = figures;
  const cells = [h("td", {}, h("b", {}, figure(mean, unit))), h("td", {}, interval(ci95, unit)), h("td", { class: "whisker-cell" }, whisker)];
  return [...cells, ...[p50, p95, p99, max].map((value) => h("td", {}, figure(value, unit)))];
}

const WHISKER_WIDTH = 140;

/** Means and intervals on one scale, so that they can be compared down the column. */
function whiskers(all: readonly (Figures | null)[]): (figures: Figures) => Node {
  const ends = all.flatMap((figures) => (figures === null ? [] : [figures.mean, ...(figures.ci95 ?? [])]));
  const x = scaleLinear([Math.min(...ends), Math.max(...ends)], [5, WHISKER_WIDTH - 5]);
  return ({ mean, ci95 }) =>
    s("svg", { viewBox: `0 0 ${WHISKER_WIDTH} 14`, width: WHISKER_WIDTH, height: 14, "aria-hidden": "true" },
      s("line", { class: "whisker-base", x1: 0, x2: WHISKER_WIDTH, y1: 7, y2: 7 }),
      ci95 !== null && s("line", { class: "whisker-range", x1: x(ci95[0]), x2: x(ci95[1]), y1: 7, y2: 7 }),
      s("circle", { class: "whisker-dot", cx: x(mean), cy: 7, r: 3.2 }));
}

/** Every cell beside its published curve. */
export function publishedTable(page: SweepPage): HTMLElement {
  const reference = page.reference!;
  const { unit } = page.metrics[reference.metric]!;
  const shares = [...new Set(reference.cells.flatMap(({ quantiles }) => quantiles.map(({ quantile }) => quantile)))].sort((a, b) => a - b);
  const names = [...page.axes.map(({ path }) => path), ...shares.map((share) => `p${Number((share * 100).toFixed(1))}`), "distance", "5 % of chance", "trials"];
  const rows = reference.cells.map(({ cell, quantiles, distance, criticalDistance, trials }) => {
    const { at } = page.cells[cell]!;
    const cells = shares.map((share) => {
      const one = quantiles.find(({ quantile }) => quantile === share);
      if (one === undefined || one.measured === null) return h("td", {}, "–");
      const off = one.measured / one.reference - 1;
      return h("td", { title: `published ${figure(one.reference, unit)}` }, figure(one.measured, unit), h("span", { class: Math.abs(off) > 0.1 ? "off is-far" : "off" }, `${off > 0 ? "+" : ""}${percent(off)}`));
    });
    return h("tr", {}, ...at.map((value, axis) => h("th", { scope: "row" }, page.axes[axis]!.values[value]!)), ...cells, h("td", {}, distance.toFixed(3)), h("td", {}, criticalDistance === null ? "–" : criticalDistance.toFixed(3)), h("td", {}, trials === null ? "–" : String(trials)));
  });
  return h("div", { class: "table-box" }, h("table", { class: "figures" }, head(...names), h("tbody", {}, ...rows)));
}

const MOST_EXTREMES = 10;

/** The run of each cell that took most, the greatest first, and how to see it again. */
export function extremesTable(page: SweepPage, metric: string): HTMLElement {
  const { unit } = page.metrics[metric]!;
  const extremes = page.cells.flatMap((cell) => {
    const extreme = cell.figures[metric]?.extreme;
    return extreme === undefined ? [] : [{ cell, extreme }];
  });
  extremes.sort((a, b) => b.extreme.value - a.extreme.value);
  const rows = extremes.slice(0, MOST_EXTREMES).map(({ cell, extreme }) => {
    return h("tr", {}, h("th", { scope: "row" }, cellName(page, cell)), h("td", {}, figure(extreme.value, unit)), h("td", {}, String(extreme.seed)), h("td", { class: "command" }, h("code", {}, extreme.command)));
  });
  return h("div", { class: "table-box" }, h("table", { class: "figures" }, head("cell", "most", "seed", h("span", { class: "command" }, "to run it again")), h("tbody", {}, ...rows)));
}

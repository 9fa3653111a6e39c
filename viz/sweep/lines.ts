/** Means over the values of one setting, each with the band of its interval; a curve for each combination of the others. */
import { area, line, max, min, scaleLinear, scaleLog, scalePoint, type NumberValue } from "d3";
import { h, s } from "../dom.ts";
import { curveColour } from "./colour.ts";
import type { AxisData, CellData, Figures, PlotData, SweepPage } from "./data.ts";
import { cellName, figure, interval } from "./format.ts";
import { drawBottom, drawLeft, emphasise, frame, HEIGHT, legendOf, MARGIN, pointIn, ticksOf, WIDTH, type Frame, type NumberScale } from "./frame.ts";

interface Point {
  readonly cell: CellData;
  readonly figures: Figures;
  readonly x: number;
}

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
}

export function drawLines(page: SweepPage, plot: PlotData): HTMLElement {
  const { unit } = page.metrics[plot.metric]!;
  const axis = page.axes[plot.by[0]!]!;
  const across = placesOf(axis, plot.x === "log");
  const curves = curvesOf(page, plot, across.places);
  const legend = curves.length > 1 ? legendOf(curves, (at) => emphasise(box.svg, at)) : undefined;
  const box = frame(`${plot.metric} over ${axis.path}`, legend);

  const y = upwards(curves, plot.y === "log");
  curves.forEach(({ points, colour }, at) => {
    const low = ({ figures }: Point): number => y(figures.ci95?.[0] ?? figures.mean);
    const high = ({ figures }: Point): number => y(figures.ci95?.[1] ?? figures.mean);
    const middle = ({ figures }: Point): number => y(figures.mean);
    const x = (point: Point): number => point.x;
    box.marks.append(s("path", { class: "band", fill: colour, d: area<Point>(x, low, high)(points) ?? "", "data-curve": at }));
    box.marks.append(s("path", { class: "curve", stroke: colour, d: line<Point>(x, middle)(points) ?? "", "data-curve": at }));
    for (const point of points) {
      box.marks.append(s("line", { class: "whisker", stroke: colour, x1: point.x, x2: point.x, y1: low(point), y2: high(point), "data-curve": at }));
      box.marks.append(s("circle", { class: "dot", fill: colour, cx: point.x, cy: middle(point), r: 3.5, "data-curve": at }));
    }
  });
  drawLeft(box.svg, y, (value) => figure(Number(value), unit), ticksOf(y, plot.y === "log", 6));
  across.draw(box.svg);
  follow(box, page, plot, curves, across.places);
  return box.element;
}

interface Across {
  /** For each value of the axis where it stands. */
  readonly places: readonly number[];
  readonly draw: (svg: SVGSVGElement) => void;
}

/** Quantities stand where they belong; what is no quantity stands in the file's order. */
function placesOf({ path, values, numbers, unit }: AxisData, isLog: boolean): Across {
  const range = [MARGIN.left + 24, WIDTH - MARGIN.right - 24];
  if (numbers === undefined) {
    const scale = scalePoint(values.map(String), range).padding(0.2);
    return { places: values.map((value) => scale(value)!), draw: (svg) => drawBottom(svg, scale, path) };
  }
  const domain = [min(numbers)!, max(numbers)!];
  const scale: NumberScale = isLog && domain[0]! > 0 ? scaleLog(domain, range) : scaleLinear(domain, range);
  // The values themselves are the ticks while they can be told apart.
  const ticks = numbers.length <= 12 ? numbers : ticksOf(scale, isLog, 9);
  const nameOf = (value: NumberValue): string => values[numbers.indexOf(Number(value))] ?? figure(Number(value), unit);
  return { places: numbers.map((value) => scale(value)), draw: (svg) => drawBottom(svg, scale, path, nameOf, ticks) };
}

function curvesOf(page: SweepPage, { metric, by }: PlotData, places: readonly number[]): Curve[] {
  const [across] = by as [number];
  const others = page.axes.map((_, axis) => axis).filter((axis) => axis !== across);
  const groups = new Map<string, Point[]>();
  for (const cell of page.cells) {
    const name = cellName(page, cell, others);
    const figures = cell.figures[metric];
    const points = groups.get(name) ?? [];
    groups.set(name, points);
    if (figures != null) points.push({ cell, figures, x: places[cell.at[across]!]! });
  }
  return [...groups].map(([name, points], at) => ({ name, colour: curveColour(at, groups.size), points: points.sort((a, b) => a.x - b.x) }));
}

function upwards(curves: readonly Curve[], isLog: boolean): NumberScale {
  const all = curves.flatMap(({ points }) => points.flatMap(({ figures }) => [figures.mean, ...(figures.ci95 ?? [])]));
  const [from, to] = [min(all) ?? 0, max(all) ?? 1];
  const range = [HEIGHT - MARGIN.bottom, MARGIN.top];
  if (isLog && from > 0) return scaleLog([from / 1.1, to * 1.1], range);
  // A scale from nothing shows how much there is; what hardly varies far from it gets one of its own.
  const fromZero = from >= 0 && from < to * 0.7;
  const room = (to - from || Math.abs(to) || 1) * 0.08;
  return scaleLinear([fromZero ? 0 : from - room, to + room], range).nice();
}

function follow(box: Frame, page: SweepPage, { metric }: PlotData, curves: readonly Curve[], places: readonly number[]): void {
  const { unit } = page.metrics[metric]!;
  const cursor = s("line", { class: "cursor", y1: MARGIN.top, y2: HEIGHT - MARGIN.bottom, visibility: "hidden" });
  box.svg.append(cursor);
  box.svg.addEventListener("pointerleave", () => {
    cursor.setAttribute("visibility", "hidden");
    box.tooltip.hide();
  });
  box.svg.addEventListener("pointermove", (event) => {
    const [left] = pointIn(box.svg, event);
    const nearest = places.reduce((best, place) => (Math.abs(place - left) < Math.abs(best - left) ? place : best));
    const here = curves.flatMap(({ points, colour }) => points.filter(({ x }) => x === nearest).map((point) => ({ ...point, colour })));
    if (here.length === 0) return;
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, String(nearest));
    cursor.setAttribute("visibility", "visible");
    const rows = here.map(({ cell, figures, colour }) =>
      h("tr", {}, h("td", {}, h("span", { class: "swatch", style: `background:${colour}` }), cellName(page, cell)), h("td", {}, figure(figures.mean, unit)), h("td", { class: "quiet" }, interval(figures.ci95, unit))),
    );
    box.tooltip.show(nearest / WIDTH, MARGIN.top / HEIGHT, h("table", {}, h("tr", { class: "quiet" }, h("td"), h("td", {}, "mean"), h("td", {}, "95 % interval")), ...rows));
  });
}

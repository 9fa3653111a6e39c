/** Distributions: for each cell the share of its runs that is at most a value, and the published ones beside them, dashed. */
import { bisectRight, curveStepAfter, line, scaleLinear, scaleLog } from "d3";
import { h, s } from "../dom.ts";
import { curveColour } from "./colour.ts";
import type { PlotData, Steps, SweepPage } from "./data.ts";
import { cellName, figure, percent } from "./format.ts";
import { drawBottom, drawLeft, emphasise, frame, HEIGHT, legendOf, MARGIN, pointIn, ticksOf, WIDTH, type NumberScale } from "./frame.ts";

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly steps: Steps;
  readonly published: Steps | undefined;
  readonly isSparse: boolean;
}

export function drawCdf(page: SweepPage, plot: PlotData): HTMLElement {
  const { unit } = page.metrics[plot.metric]!;
  const curves = curvesOf(page, plot);
  const published = curves.find((curve) => curve.published !== undefined);
  const legend = legendOf(curves, (at) => emphasise(box.svg, at), published && publishedNote(published.isSparse));
  const box = frame(`Distribution of ${plot.metric}`, legend);

  const x = scaleOver(curves, plot.x === "log");
  const y = scaleLinear([0, 1], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  curves.forEach(({ steps, published, colour, isSparse }, at) => {
    if (published !== undefined) box.marks.append(...publishedMarks(published, x, y, isSparse).map((mark) => marked(mark, colour, at)));
    box.marks.append(marked(s("path", { class: "curve", d: pathOf(steps, x, y) }), colour, at));
  });
  drawLeft(box.svg, y, (share) => percent(Number(share)));
  drawBottom(box.svg, x, plot.metric, (value) => figure(Number(value), unit), ticksOf(x, plot.x === "log", 9));
  follow(box, curves, x, (value) => figure(value, unit));
  return box.element;
}

function publishedNote(isSparse: boolean): HTMLElement {
  const mark = isSparse ? s("circle", { cx: 14, cy: 5, r: 4, class: "ring", stroke: "currentColor" }) : s("path", { d: "M0 5h28", class: "published", stroke: "currentColor" });
  return h("span", { class: "legend-note" }, s("svg", { viewBox: "0 0 28 10", width: 28, height: 10, "aria-hidden": "true" }, mark), "published");
}

function curvesOf(page: SweepPage, plot: PlotData): Curve[] {
  const shown = page.cells.map((cell, at) => ({ cell, at })).filter(({ cell }) => cell.figures[plot.metric] !== null);
  return shown.map(({ cell, at }, order) => {
    const published = page.reference?.metric === plot.metric ? page.reference.cells.find((one) => one.cell === at) : undefined;
    return { name: cellName(page, cell), colour: curveColour(order, shown.length), steps: cell.figures[plot.metric]!.curve, published: published?.curve, isSparse: published?.isSparse ?? false };
  });
}

function scaleOver(curves: readonly Curve[], isLog: boolean): NumberScale {
  const all = curves.flatMap(({ steps, published }) => [...ends(steps), ...(published === undefined ? [] : ends(published))]);
  const [from, to] = [Math.min(...all), Math.max(...all)];
  const range = [MARGIN.left, WIDTH - MARGIN.right];
  if (!isLog || from <= 0) return scaleLinear([Math.min(from, to - Math.abs(to) * 0.01), to === from ? from + 1 : to], range).nice();
  return scaleLog([from / 1.05, to * 1.05], range);
}

const ends = ({ values }: Steps): number[] => (values.length === 0 ? [] : [values[0]!, values.at(-1)!]);

function marked(mark: SVGElement, colour: string, curve: number): SVGElement {
  mark.setAttribute("stroke", colour);
  mark.dataset["curve"] = String(curve);
  return mark;
}

/** A staircase; single quantiles, between which nothing is known, are rings. */
function publishedMarks(steps: Steps, x: NumberScale, y: NumberScale, isSparse: boolean): SVGElement[] {
  if (!isSparse) return [s("path", { class: "curve published", d: pathOf(steps, x, y) })];
  return steps.values.map((value, at) => s("circle", { class: "ring", cx: x(value), cy: y(steps.shares[at]!), r: 4 }));
}

function pathOf({ values, shares }: Steps, x: NumberScale, y: NumberScale): string {
  const draw = line<number>((at) => x(at < 0 ? values[0]! : values[at]!), (at) => y(at < 0 ? 0 : shares[at]!)).curve(curveStepAfter);
  return draw([-1, ...values.map((_, at) => at)]) ?? "";
}

/** A line at the pointer, and what share of each curve lies to its left. */
function follow(box: ReturnType<typeof frame>, curves: readonly Curve[], x: NumberScale, format: (value: number) => string): void {
  const cursor = s("line", { class: "cursor", y1: MARGIN.top, y2: HEIGHT - MARGIN.bottom, visibility: "hidden" });
  box.svg.append(cursor);
  box.svg.addEventListener("pointerleave", () => {
    cursor.setAttribute("visibility", "hidden");
    box.tooltip.hide();
  });
  box.svg.addEventListener("pointermove", (event) => {
    const [left] = pointIn(box.svg, event);
    const at = Math.min(WIDTH - MARGIN.right, Math.max(MARGIN.left, left));
    const value = x.invert(at);
    for (const end of ["x1", "x2"]) cursor.setAttribute(end, String(at));
    cursor.setAttribute("visibility", "visible");
    const rows = curves.map(({ name, colour, steps, published, isSparse }) =>
      h("tr", {}, h("td", {}, h("span", { class: "swatch", style: `background:${colour}` }), name), h("td", {}, percent(shareAt(steps, value))), h("td", { class: "quiet" }, published === undefined || isSparse ? "" : percent(shareAt(published, value)))),
    );
    const hasPublished = curves.some(({ published, isSparse }) => published !== undefined && !isSparse);
    box.tooltip.show(at / WIDTH, MARGIN.top / HEIGHT, h("b", {}, `within ${format(value)}`), h("table", {}, hasPublished && h("tr", { class: "quiet" }, h("td"), h("td", {}, "ours"), h("td", {}, "published")), ...rows));
  });
}

function shareAt({ values, shares }: Steps, value: number): number {
  const count = bisectRight(values, value);
  return count === 0 ? 0 : shares[count - 1]!;
}

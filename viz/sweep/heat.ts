/** The mean over two settings, as a map of colours with the figures in it. */
import { max, min, scaleBand, scaleLinear, scaleLog } from "d3";
import { h, s } from "../dom.ts";
import { rampColour } from "./colour.ts";
import type { Figures, PlotData, SweepPage } from "./data.ts";
import { figure, interval } from "./format.ts";
import { drawBottom, drawLeft, frame, HEIGHT, MARGIN, WIDTH } from "./frame.ts";

/** Smaller fields have no room for their figure. */
const LEAST_FIELD = 54;

/** A logarithmic `y` is that of the colours. */
export function drawHeat(page: SweepPage, { metric, by, y: colours }: PlotData): HTMLElement {
  const { unit } = page.metrics[metric]!;
  const [across, up] = by.map((axis) => page.axes[axis]!) as [SweepPage["axes"][number], SweepPage["axes"][number]];
  const x = scaleBand(across.values.map(String), [MARGIN.left + 40, WIDTH - MARGIN.right]).padding(0.03);
  const y = scaleBand(up.values.map(String), [HEIGHT - MARGIN.bottom, MARGIN.top]).padding(0.05);
  const fields = fieldsOf(page, metric, by as [number, number]);
  const means = fields.map(({ mean }) => mean);
  const [least, most] = [min(means) ?? 0, max(means) ?? 1];
  const domain = least === most ? [least - 1, most + 1] : [least, most];
  const shareOf = colours === "log" && least > 0 ? scaleLog(domain, [0, 1]) : scaleLinear(domain, [0, 1]);

  const box = frame(`${metric} over ${across.path} and ${up.path}`, ramp(figure(least, unit), figure(most, unit)));
  for (const { columns, rows, mean, figures } of fields) {
    const share = shareOf(mean);
    const [left, top] = [x(across.values[columns]!)!, y(up.values[rows]!)!];
    const field = s("rect", { class: "field", x: left, y: top, width: x.bandwidth(), height: y.bandwidth(), rx: 3, style: `fill:${rampColour(share)}` });
    field.addEventListener("pointerleave", () => box.tooltip.hide());
    field.addEventListener("pointerenter", () => {
      const where = `${across.values[columns]!} and ${up.values[rows]!}`;
      const one = figures.length === 1 ? [h("div", { class: "quiet" }, interval(figures[0]!.ci95, unit))] : [h("div", { class: "quiet" }, `over ${figures.length} cells`)];
      box.tooltip.show((left + x.bandwidth() / 2) / WIDTH, top / HEIGHT, h("b", {}, `${figure(mean, unit)}`), h("div", {}, where), ...one);
    });
    box.marks.append(field);
    if (x.bandwidth() < LEAST_FIELD || y.bandwidth() < 18) continue;
    box.marks.append(s("text", { class: share > 0.32 ? "field-text is-on" : "field-text", x: left + x.bandwidth() / 2, y: top + y.bandwidth() / 2 }, figure(mean, unit)));
  }
  drawBottom(box.svg, x, across.path);
  drawLeft(box.svg, y, undefined, undefined, false);
  box.svg.append(s("text", { class: "axis-name", x: 4, y: 11 }, up.path));
  return box.element;
}

interface Field {
  readonly columns: number;
  readonly rows: number;
  readonly mean: number;
  readonly figures: readonly Figures[];
}

/** Where further settings vary, a field is the mean over them. */
function fieldsOf(page: SweepPage, metric: string, [across, up]: readonly [number, number]): Field[] {
  const groups = new Map<string, { columns: number; rows: number; figures: Figures[] }>();
  for (const { at, figures: all } of page.cells) {
    const figures = all[metric];
    if (figures == null) continue;
    const [columns, rows] = [at[across]!, at[up]!];
    const group = groups.get(`${columns}/${rows}`) ?? { columns, rows, figures: [] };
    group.figures.push(figures);
    groups.set(`${columns}/${rows}`, group);
  }
  return [...groups.values()].map((group) => ({ ...group, mean: group.figures.reduce((sum, { mean }) => sum + mean, 0) / group.figures.length }));
}

function ramp(least: string, most: string): HTMLElement {
  const stops = Array.from({ length: 11 }, (_, at) => rampColour(at / 10)).join(", ");
  return h("div", { class: "legend" }, least, h("span", { class: "ramp", style: `background:linear-gradient(to right, ${stops})` }), most);
}

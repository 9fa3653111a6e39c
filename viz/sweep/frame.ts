/** What every plot has: a drawing with margins, axes with units, a tooltip, and a legend. */
import { axisBottom, axisLeft, select, type AxisDomain, type AxisScale, type ScaleContinuousNumeric } from "d3";
import { h, s } from "../dom.ts";

export const WIDTH = 960;
export const HEIGHT = 400;
export const MARGIN = { top: 14, right: 18, bottom: 44, left: 72 } as const;

export type NumberScale = ScaleContinuousNumeric<number, number>;

export interface Frame {
  /** The whole, to be put into the page. */
  readonly element: HTMLElement;
  readonly svg: SVGSVGElement;
  /** Where what is shown goes, beneath the axes. */
  readonly marks: SVGGElement;
  readonly tooltip: Tooltip;
}

export function frame(label: string, legend?: HTMLElement): Frame {
  const marks = s("g");
  const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label, class: "plot" }, marks);
  const tooltip = new Tooltip();
  const element = h("div", { class: "plot-box" }, svg, tooltip.element, legend);
  return { element, svg, marks, tooltip };
}

/** An axis below, with its name. */
export function drawBottom<Domain extends AxisDomain>(svg: SVGSVGElement, scale: AxisScale<Domain>, name: string, format?: (value: Domain) => string, ticks?: readonly Domain[]): void {
  const axis = axisBottom(scale).tickSizeOuter(0).tickPadding(8);
  if (format !== undefined) axis.tickFormat(format);
  if (ticks !== undefined) axis.tickValues([...ticks]);
  const group = s("g", { class: "axis", transform: `translate(0 ${HEIGHT - MARGIN.bottom})` });
  svg.append(group);
  select(group).call(axis);
  svg.append(s("text", { class: "axis-name", x: WIDTH - MARGIN.right, y: HEIGHT - 4, "text-anchor": "end" }, name));
}

/** An axis to the left, with lines across. */
export function drawLeft<Domain extends AxisDomain>(svg: SVGSVGElement, scale: AxisScale<Domain>, format?: (value: Domain) => string, ticks?: readonly Domain[], lines = true): void {
  const axis = axisLeft(scale).tickSizeOuter(0).tickPadding(8);
  if (lines) axis.tickSizeInner(-(WIDTH - MARGIN.left - MARGIN.right));
  if (format !== undefined) axis.tickFormat(format);
  if (ticks !== undefined) axis.tickValues([...ticks]);
  const group = s("g", { class: "axis left", transform: `translate(${MARGIN.left} 0)` });
  svg.prepend(group);
  select(group).call(axis);
}

/** Few enough ticks to be read; on a logarithmic scale 1, 2 and 5 of each power of ten, or the powers alone. */
export function ticksOf(scale: NumberScale, isLog: boolean, most: number): number[] {
  if (!isLog) return scale.ticks(most);
  const [from = 1, to = 10] = scale.domain();
  const powers: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power += 1) powers.push(10 ** power);
  const all = powers.flatMap((power) => [1, 2, 5].map((digit) => digit * power)).filter((value) => value >= from * 0.999 && value <= to * 1.001);
  return all.length <= most * 1.6 ? all : powers.filter((value) => value >= from && value <= to);
}

/** What stands beside the pointer. */
export class Tooltip {
  readonly element = h("div", { class: "tooltip", role: "status", hidden: true });

  /** At a place of the drawing, from 0 to 1 in both directions. */
  show(x: number, y: number, ...content: Node[]): void {
    this.element.replaceChildren(...content);
    this.element.hidden = false;
    this.element.style.left = `${x * 100}%`;
    this.element.style.top = `${y * 100}%`;
    this.element.classList.toggle("to-left", x > 0.6);
  }

  hide(): void {
    this.element.hidden = true;
  }
}

/** Where the pointer is, in the drawing's own units. */
export function pointIn(svg: SVGSVGElement, event: PointerEvent): [x: number, y: number] {
  const box = svg.getBoundingClientRect();
  return [((event.clientX - box.left) / box.width) * WIDTH, ((event.clientY - box.top) / box.height) * HEIGHT];
}

export interface LegendItem {
  readonly name: string;
  readonly colour: string;
}

/** Names with their colours; pointing at one lets the others step back. */
export function legendOf(items: readonly LegendItem[], onPoint: (at: number | undefined) => void, note?: Node): HTMLElement {
  const entries = items.map(({ name, colour }, at) =>
    h("button", { type: "button", class: "legend-item", pointerenter: () => onPoint(at), pointerleave: () => onPoint(undefined), focus: () => onPoint(at), blur: () => onPoint(undefined) }, h("span", { class: "swatch", style: `background:${colour}` }), name),
  );
  return h("div", { class: "legend" }, ...entries, note);
}

/** Lets all but one of some marks step back. */
export function emphasise(marks: ParentNode, at: number | undefined): void {
  for (const mark of marks.querySelectorAll<SVGElement>("[data-curve]")) mark.classList.toggle("is-faint", at !== undefined && mark.dataset["curve"] !== String(at));
}

/** Draws the operations of a history on a canvas: bars, the points at which they took effect, and what refutes it. */
import type { ScaleLinear } from "d3";
import { color, font } from "../theme.ts";
import type { HistoryData } from "./data.ts";
import { BAR, type Layout } from "./layout.ts";

export interface Look {
  readonly data: HistoryData;
  readonly layout: Layout;
  /** From the axis' units to pixels. */
  readonly x: ScaleLinear<number, number>;
  readonly width: number;
  readonly height: number;
  /** How far the rows are scrolled. */
  readonly scroll: number;
  readonly selected: number | undefined;
  readonly hovered: number | undefined;
  /** Operations that step back. */
  readonly isFaint: (operation: number) => boolean;
  readonly refuting: ReadonlySet<number>;
  readonly culprit: number | undefined;
}

const LEAST_TEXT = 34;
const MOST_POINTS = 600;

export function paint(context: CanvasRenderingContext2D, look: Look): void {
  context.clearRect(0, 0, look.width, look.height);
  paintRows(context, look);
  const { data, layout, x, width } = look;
  context.font = font(11, 500);
  context.textBaseline = "middle";
  for (let at = 0; at < data.operations.length; at += 1) {
    const { from, to } = layout.extents[at]!;
    const [left, right] = [x(from), x(to)];
    const top = layout.tops[at]! - look.scroll;
    if (right < 0 || left > width || top < -BAR || top > look.height) continue;
    paintBar(context, look, at, left, Math.max(left + 3, right), top);
  }
  const points = [...layout.points].filter(([, point]) => x(point) >= -4 && x(point) <= width + 4);
  // Many points next to each other would be a black band.
  if (points.length <= MOST_POINTS) for (const [at, point] of points) paintPoint(context, look, at, x(point));
  paintCycle(context, look);
}

function paintRows(context: CanvasRenderingContext2D, { layout, width, scroll }: Look): void {
  context.strokeStyle = color("--line");
  context.lineWidth = 1;
  for (const { top, height } of layout.rows) {
    const y = Math.round(top + height - scroll) - 0.5;
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(width, y);
    context.stroke();
  }
}

function paintBar(context: CanvasRenderingContext2D, look: Look, at: number, left: number, right: number, top: number): void {
  const { kind, outcome, what } = look.data.operations[at]!;
  const isCulprit = at === look.culprit;
  const ink = isCulprit ? "--bad" : kind === "look" ? "--message-5" : "--message-1";
  context.globalAlpha = look.isFaint(at) ? 0.16 : 1;
  const width = right - left;
  context.beginPath();
  context.roundRect(left, top, width, BAR, outcome === "info" ? [4, 0, 0, 4] : 4);
  context.fillStyle = fillOf(context, color(ink), left, right, outcome === "info");
  context.fill();
  context.strokeStyle = color(ink);
  context.lineWidth = isCulprit || at === look.selected ? 2 : 1;
  context.setLineDash(outcome === "mismatch" ? [3, 2] : []);
  if (outcome !== "info") context.stroke();
  context.setLineDash([]);
  if (at === look.selected || at === look.hovered) {
    context.strokeStyle = color("--ink");
    context.strokeRect(left - 2.5, top - 2.5, width + 5, BAR + 5);
  }
  if (width >= LEAST_TEXT) paintText(context, what, left, right, top, look.width);
  context.globalAlpha = 1;
}

/** What never ended fades out to the right. */
function fillOf(context: CanvasRenderingContext2D, ink: string, left: number, right: number, isOpen: boolean): string | CanvasGradient {
  const strong = ink.replace(/^rgb\((.*)\)$/, "rgba($1, 0.22)");
  if (!isOpen) return strong;
  const gradient = context.createLinearGradient(left, 0, Math.min(right, left + 160), 0);
  gradient.addColorStop(0, strong);
  gradient.addColorStop(1, ink.replace(/^rgb\((.*)\)$/, "rgba($1, 0.03)"));
  return gradient;
}

function paintText(context: CanvasRenderingContext2D, what: string, left: number, right: number, top: number, width: number): void {
  const [from, to] = [Math.max(left, 0) + 6, Math.min(right, width) - 5];
  const text = fitted(context, what, to - from);
  if (text === "") return;
  context.fillStyle = color("--ink");
  context.fillText(text, from, top + BAR / 2 + 0.5);
}

function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  const room = Math.floor((text.length * width) / context.measureText(text).width) - 1;
  return room < 3 ? "" : `${text.slice(0, room)}…`;
}

/** Where it took effect: a mark across the bar. */
function paintPoint(context: CanvasRenderingContext2D, look: Look, at: number, x: number): void {
  const top = look.layout.tops[at]! - look.scroll;
  if (top < -BAR || top > look.height) return;
  context.globalAlpha = look.isFaint(at) ? 0.16 : 1;
  context.fillStyle = color("--ink");
  context.fillRect(x - 0.75, top - 1, 1.5, BAR + 2);
  context.beginPath();
  context.arc(x, top - 1, 2.75, 0, 2 * Math.PI);
  context.fill();
  context.globalAlpha = 1;
}

interface Arrow {
  readonly kind: string;
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  readonly isDown: boolean;
}

/** What a bar is left by lies right of what it is reached by. */
const LEFT_AT = 0.66;
const REACHED_AT = 0.34;

function paintCycle(context: CanvasRenderingContext2D, look: Look): void {
  const arrows = look.data.cycle.map(({ from, to, kind }) => arrowOf(look, from, to, kind));
  context.strokeStyle = context.fillStyle = color("--bad");
  context.lineWidth = 1.5;
  for (const { fromX, fromY, toX, toY, isDown } of arrows) {
    const bend = (isDown ? 1 : -1) * (Math.abs(toY - fromY) < 8 ? 34 : Math.abs(toY - fromY) / 2);
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.bezierCurveTo(fromX, fromY + bend, toX, toY - bend, toX, toY);
    context.stroke();
    paintHead(context, toX, toY, isDown);
  }
  arrows.forEach((arrow, at) => paintKind(context, arrow, at));
}

/** From what must come first to what must come after it. */
function arrowOf({ layout, x, width, scroll }: Look, from: number, to: number, kind: string): Arrow {
  const [a, b] = [layout.extents[from]!, layout.extents[to]!];
  const [fromX, toX] = [x(a.from) + LEFT_AT * (Math.min(width, x(a.to)) - x(a.from)), x(b.from) + REACHED_AT * (Math.min(width, x(b.to)) - x(b.from))];
  const isDown = layout.tops[to]! > layout.tops[from]! || (layout.tops[to] === layout.tops[from] && toX > fromX);
  return { kind, fromX, toX, isDown, fromY: layout.tops[from]! - scroll + (isDown ? BAR : 0), toY: layout.tops[to]! - scroll + (isDown ? 0 : BAR) };
}

/** On the middle of its arrow, which would else strike it through; `at` moves those of arrows that cross apart. */
function paintKind(context: CanvasRenderingContext2D, { kind, fromX, fromY, toX, toY }: Arrow, at: number): void {
  context.font = font(11, 600);
  const share = at % 2 === 0 ? 0.36 : 0.64;
  // Of a curve that begins and ends upright, a third of the way along.
  const ease = share * share * (3 - 2 * share);
  const [x, y] = [fromX + (toX - fromX) * ease, fromY + (toY - fromY) * (1.5 * share * (1 - share) + share ** 3)];
  const half = context.measureText(kind).width / 2;
  context.fillStyle = color("--panel");
  context.fillRect(x - half - 3, y - 7, 2 * half + 6, 14);
  context.fillStyle = color("--bad");
  context.fillText(kind, x - half, y);
}

function paintHead(context: CanvasRenderingContext2D, x: number, y: number, isDown: boolean): void {
  const back = isDown ? -7 : 7;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - 4, y + back);
  context.lineTo(x + 4, y + back);
  context.fill();
}

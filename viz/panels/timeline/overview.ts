/** The whole run in a strip: faults, who led, how operations ended; with the window as a brush over it. */
import * as d3 from "d3";
import { h, s } from "../../dom.ts";
import { Picture } from "./brush.ts";
import { termToken } from "../../model/palette.ts";
import { NEVER } from "../../model/intervals.ts";
import type { Span } from "../../model/story.ts";
import type { View } from "../../view.ts";
import { outcomeTokens } from "./paintOperations.ts";
import type { Lanes } from "./lanes.ts";

const HEIGHT = 52;
const NO_LANES: Lanes = { faults: { top: 0, height: 0, middle: 0, rows: 0 }, nodes: [], operations: undefined, height: HEIGHT };

export class Overview {
  readonly element: HTMLElement;
  readonly #view: View;
  readonly #canvas = h("canvas");
  readonly #svg = s("svg", { class: "overview-brush" });
  readonly #playhead = s("line", { class: "overview-playhead", y1: 0, y2: HEIGHT });
  readonly #group: d3.Selection<SVGGElement, unknown, null, undefined>;
  readonly #brush: d3.BrushBehavior<unknown>;
  #width = 0;
  #painted = "";
  #isMoving = false;
  /** The window that the brush was placed for. */
  #placed = "";

  constructor(view: View) {
    this.#view = view;
    const group = s("g");
    this.#svg.append(group, this.#playhead);
    this.element = h("div", { class: "overview", title: "The whole run: drag the window, or its edges" }, this.#canvas, this.#svg as unknown as HTMLElement);
    this.#brush = d3.brushX<unknown>().on("brush end", (event: d3.D3BrushEvent<unknown>) => this.#brushed(event));
    this.#group = d3.select(group);
  }

  resize(): void {
    this.#width = this.element.clientWidth;
    const ratio = devicePixelRatio;
    this.#canvas.width = Math.round(this.#width * ratio);
    this.#canvas.height = Math.round(HEIGHT * ratio);
    this.#brush.extent([[0, 0], [this.#width, HEIGHT]]).handleSize(8);
    this.#group.call(this.#brush);
    this.#painted = "";
    this.#placed = "";
  }

  update(): void {
    if (this.#width === 0) return;
    const { session } = this.#view;
    const { axis, window } = session;
    if (this.#painted !== axis.kind) {
      this.#painted = axis.kind;
      this.#paint();
    }
    const x = (position: number): number => (position / axis.length) * this.#width;
    // A window of less than a few pixels could not be taken hold of.
    const middle = (x(window[0]) + x(window[1])) / 2;
    const half = Math.max(3, (x(window[1]) - x(window[0])) / 2);
    const key = `${window.join(" ")} ${axis.kind} ${this.#width}`;
    if (key !== this.#placed) {
      this.#placed = key;
      this.#isMoving = true;
      this.#group.call(this.#brush.move, [Math.max(0, middle - half), Math.min(this.#width, middle + half)]);
      this.#isMoving = false;
    }
    const at = String(x(session.position));
    this.#playhead.setAttribute("x1", at);
    this.#playhead.setAttribute("x2", at);
  }

  #brushed(event: d3.D3BrushEvent<unknown>): void {
    if (this.#isMoving || event.sourceEvent === null || event.sourceEvent === undefined) return;
    const { session } = this.#view;
    const scale = session.axis.length / this.#width;
    const selection = event.selection as [number, number] | null;
    if (selection !== null && selection[1] - selection[0] > 2) {
      // The shown brush may be wider than the window, so moving it keeps the window's own width.
      const width = session.window[1] - session.window[0];
      const isMove = event.mode === "drag";
      const middle = ((selection[0] + selection[1]) / 2) * scale;
      if (isMove) session.setWindow(middle - width / 2, middle + width / 2);
      else session.setWindow(selection[0] * scale, selection[1] * scale);
      return;
    }
    if (event.type !== "end") return;
    // A click: the window goes there, and the moment with it.
    const [x] = d3.pointer(event.sourceEvent, this.#svg);
    session.goToPosition(x * scale);
    session.keepInView();
  }

  #paint(): void {
    const { run, session } = this.#view;
    const context = this.#canvas.getContext("2d");
    if (context === null) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.#width, HEIGHT);
    const picture = new Picture(context, this.#view, NO_LANES, this.#width, [0, session.axis.length]);
    paintFaultStrip(picture);
    paintLeaders(picture);
    paintOutcomes(picture);
    for (const trouble of run.story.troubles) {
      context.fillStyle = picture.color(trouble.expected ? "--warn" : "--bad");
      context.fillRect(picture.xOf(trouble.event) - 1, 0, 2, HEIGHT);
    }
  }
}

function paintFaultStrip(picture: Picture): void {
  const { context } = picture;
  for (const fault of picture.view.run.story.faults) {
    const [left, right] = [picture.xOf(fault.begin), Math.min(picture.width, picture.xOf(fault.end))];
    context.globalAlpha = fault.did ? 1 : 0.4;
    context.fillStyle = picture.color("--fault-soft");
    context.fillRect(left, 0, Math.max(1.5, right - left), HEIGHT);
    context.fillStyle = picture.color("--fault");
    context.fillRect(left, 4, Math.max(2, right - left), 3);
  }
  context.globalAlpha = 1;
}

/** Leaders of all nodes in one line; where two lead at a time, one above the other. */
function paintLeaders(picture: Picture): void {
  const { context, view } = picture;
  const leading = view.run.story.spans.flat().filter((span: Span) => span.role === "leader" && span.status !== "down");
  leading.sort((a, b) => a.term - b.term || a.from - b.from);
  for (const span of leading) {
    const [left, right] = [picture.xOf(span.from), span.until >= view.run.count ? picture.width : picture.xOf(span.until)];
    const rivals = leading.filter((other) => other.node !== span.node && other.from < span.until && other.until > span.from);
    const row = rivals.some((other) => other.term < span.term) ? 1 : 0;
    context.globalAlpha = 0.9;
    context.fillStyle = picture.color(termToken(span.term));
    context.fillRect(left, 11 + row * 4, Math.max(1, right - left), rivals.length > 0 ? 3 : 7);
  }
  context.globalAlpha = 1;
}

function paintOutcomes(picture: Picture): void {
  const { context, view } = picture;
  const { run } = view;
  const width = Math.ceil(picture.width / 2);
  const good = new Uint32Array(width);
  const bad = new Uint32Array(width);
  for (let operation = 0; operation < run.operations.count; operation += 1) {
    const end = run.operations.end[operation] as number;
    if (end === NEVER) continue;
    const column = Math.min(width - 1, Math.floor(picture.xOf(end) / 2));
    const outcome = run.outcomeOf(operation);
    const of = outcome === "info" || outcome === "fail" ? bad : good;
    of[column] = (of[column] as number) + 1;
  }
  const most = good.reduce((high, count, column) => Math.max(high, count + (bad[column] as number)), 1);
  const room = 24;
  for (let column = 0; column < width; column += 1) {
    const [ok, lost] = [((good[column] as number) / most) * room, ((bad[column] as number) / most) * room];
    context.fillStyle = picture.color(outcomeTokens.ok);
    context.globalAlpha = 0.5;
    if (ok > 0) context.fillRect(column * 2, HEIGHT - 3 - ok, 1.6, ok);
    context.fillStyle = picture.color(outcomeTokens.info);
    context.globalAlpha = 0.95;
    if (lost > 0) context.fillRect(column * 2, HEIGHT - 3 - ok - Math.max(2, lost), 1.6, Math.max(2, lost));
  }
  context.globalAlpha = 1;
}

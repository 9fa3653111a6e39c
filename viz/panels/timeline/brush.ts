/** What the timeline's painters share: a canvas, its colours, and where the window lies. */
import type { Axis } from "../../model/axis.ts";
import { firstAbove, firstAtLeast } from "../../model/columns.ts";
import { NEVER } from "../../model/intervals.ts";
import { color, font } from "../../theme.ts";
import type { View } from "../../view.ts";
import type { Lanes } from "./lanes.ts";

/** One picture to be painted. */
export class Picture {
  readonly context: CanvasRenderingContext2D;
  readonly view: View;
  readonly lanes: Lanes;
  readonly width: number;
  readonly axis: Axis;
  readonly from: number;
  readonly to: number;
  /** Events in the window, and one to either side, so that what leads out of it is drawn. */
  readonly firstEvent: number;
  readonly lastEvent: number;

  constructor(context: CanvasRenderingContext2D, view: View, lanes: Lanes, width: number, window: readonly [number, number] = view.session.window) {
    this.context = context;
    this.view = view;
    this.lanes = lanes;
    this.width = width;
    this.axis = view.session.axis;
    [this.from, this.to] = window;
    this.firstEvent = Math.max(0, firstAtLeast(this.axis.position, this.from) - 1);
    this.lastEvent = Math.min(view.run.count - 1, firstAbove(this.axis.position, this.to));
  }

  /** Pixels of a position. */
  x(position: number): number {
    return ((position - this.from) / (this.to - this.from)) * this.width;
  }

  /** Pixels of an event; of one that never came, beyond the right edge. */
  xOf(event: number): number {
    return event >= NEVER ? this.width + 1e4 : this.x(this.axis.position[event] ?? this.axis.length);
  }

  color(token: string): string {
    return color(token);
  }

  font(size: number, weight = 400): string {
    return font(size, weight);
  }

  /** A text that is cut to a width; nothing where only a letter or two would fit. */
  text(words: string, x: number, y: number, room: number): void {
    if (room < 18) return;
    const { context } = this;
    let text = words;
    if (context.measureText(text).width > room) {
      let keep = Math.floor((text.length * room) / context.measureText(text).width);
      while (keep > 0 && context.measureText(`${words.slice(0, keep)}…`).width > room) keep -= 1;
      if (keep < 2) return;
      text = `${words.slice(0, keep)}…`;
    }
    context.fillText(text, x, y);
  }

  /** Slanted lines across a box. */
  hatch(x: number, y: number, width: number, height: number, gap: number, token: string, alpha: number): void {
    const { context } = this;
    const [left, right] = [Math.max(-20, x), Math.min(this.width + 20, x + width)];
    if (right <= left) return;
    context.save();
    context.beginPath();
    context.rect(left, y, right - left, height);
    context.clip();
    context.beginPath();
    const start = left - height - ((left - height) % gap);
    for (let at = start; at < right; at += gap) {
      context.moveTo(at, y + height);
      context.lineTo(at + height, y);
    }
    context.globalAlpha = alpha;
    context.strokeStyle = this.color(token);
    context.lineWidth = 1;
    context.stroke();
    context.restore();
  }
}

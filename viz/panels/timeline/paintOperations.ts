/** Paints what the clients asked: each operation from its call to its end while they are few, and how they ended while they are many. */
import type { Outcome } from "../../model/story.ts";
import { NEVER } from "../../model/intervals.ts";
import type { Picture } from "./brush.ts";
import type { Lane } from "./lanes.ts";

const OPERATIONS_UP_TO = 600;
const ROW = 11.5;
const LOWEST_ROW = 2.5;

export const outcomeTokens: { readonly [Kind in Outcome]: string } = { pending: "--ink-3", ok: "--good", mismatch: "--good", fail: "--bad", info: "--warn" };

/** An operation's bar, for whoever points at it. */
export interface OperationBar {
  readonly operation: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
}

/** Returns the bars, or nothing where they were counted instead. */
export function paintOperations(picture: Picture): OperationBar[] {
  const lane = picture.lanes.operations;
  if (lane === undefined) return [];
  const { operations } = picture.view.run;
  if (operations.countBegunIn(picture.firstEvent, picture.lastEvent) > OPERATIONS_UP_TO) {
    paintCounts(picture, lane);
    return [];
  }
  return paintBars(picture, lane);
}

function paintBars(picture: Picture, lane: Lane): OperationBar[] {
  const { context } = picture;
  const { run } = picture.view;
  const free: number[] = [];
  const placed: { operation: number; left: number; right: number; row: number }[] = [];
  context.textBaseline = "middle";
  context.font = picture.font(10, 500);
  run.operations.visitTouching(picture.firstEvent, picture.lastEvent, (operation) => {
    const left = picture.xOf(run.operations.start[operation] as number);
    const end = run.operations.end[operation] as number;
    const right = Math.max(left + 2, end === NEVER ? picture.x(picture.axis.length) : picture.xOf(end));
    let row = free.findIndex((until) => until <= left);
    if (row < 0) row = free.length;
    free[row] = right + 2;
    placed.push({ operation, left, right, row });
  });
  const high = Math.max(LOWEST_ROW, Math.min(ROW, (lane.height - 20) / Math.max(1, free.length)));
  const rows = Math.max(1, Math.floor((lane.height - 20) / high));
  const bars = placed.map(({ operation, left, right, row }): OperationBar => ({ operation, left, right, top: lane.top + 16 + (row % rows) * high, height: high }));
  for (const bar of bars) paintBar(picture, bar);
  return bars;
}

function paintBar(picture: Picture, { operation, left, right, top, height }: OperationBar): void {
  const { context, width } = picture;
  const { run } = picture.view;
  const outcome = run.outcomeOf(operation);
  const [from, to] = [Math.max(-4, left), Math.min(width + 4, right)];
  const bar = Math.max(1.5, height - 2);
  context.fillStyle = picture.color(outcomeTokens[outcome]);
  context.globalAlpha = outcome === "ok" || outcome === "mismatch" ? (height < ROW ? 0.5 : 0.24) : height < ROW ? 0.7 : 0.42;
  context.beginPath();
  context.roundRect(from, top, to - from, bar, Math.min(2, bar / 2));
  context.fill();
  context.globalAlpha = 1;
  context.fillRect(from, top, 1.5, bar);
  if (right - left < 34 || height < ROW) return;
  const start = run.operations.start[operation] as number;
  context.fillStyle = picture.color("--ink-2");
  const key = run.columns.words[run.columns.key[start] as number] ?? "";
  picture.text(`${run.nameOf(start)} ${key}`, Math.max(4, left + 5), top + bar / 2 + 0.5, to - Math.max(4, left + 5) - 2);
}

/** Columns of ends: what succeeded from below, what failed or is unknown on top of it. */
function paintCounts(picture: Picture, lane: Lane): void {
  const { context } = picture;
  const { run } = picture.view;
  const width = Math.ceil(picture.width / 2);
  const counts = { ok: new Uint32Array(width), info: new Uint32Array(width), fail: new Uint32Array(width) };
  run.operations.visitTouching(picture.firstEvent, picture.lastEvent, (operation) => {
    const end = run.operations.end[operation] as number;
    if (end === NEVER) return;
    const column = Math.floor(picture.xOf(end) / 2);
    if (column < 0 || column >= width) return;
    const outcome = run.outcomeOf(operation);
    const of = outcome === "info" ? counts.info : outcome === "fail" ? counts.fail : counts.ok;
    of[column] = (of[column] as number) + 1;
  });
  let most = 1;
  for (let column = 0; column < width; column += 1) most = Math.max(most, (counts.ok[column] as number) + (counts.info[column] as number) + (counts.fail[column] as number));
  const base = new Float64Array(width);
  const room = lane.height - 20;
  for (const outcome of ["ok", "info", "fail"] as const) {
    context.fillStyle = picture.color(outcomeTokens[outcome]);
    context.globalAlpha = outcome === "ok" ? 0.55 : 0.95;
    context.beginPath();
    for (let column = 0; column < width; column += 1) {
      const count = counts[outcome][column] as number;
      if (count === 0) continue;
      const high = Math.max(1, (count / most) * room);
      context.rect(column * 2, lane.top + lane.height - 3 - (base[column] as number) - high, 1.6, high);
      base[column] = (base[column] as number) + high;
    }
    context.fill();
  }
  context.globalAlpha = 1;
}

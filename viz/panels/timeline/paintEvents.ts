/**
 * Paints what happened on the lanes: each message as an arrow while there are few enough in the window to follow, and
 * how much went on in each pixel's column while there are more.
 */
import { codeOf } from "../../model/columns.ts";
import { NEVER } from "../../model/intervals.ts";
import type { Picture } from "./brush.ts";
import { LEADER_BAR } from "./paintLanes.ts";

/** More arrows than these would neither be told apart nor be drawn within a frame. */
export const ARROWS_UP_TO = 4000;
const DOTS_UP_TO = 6000;
const HEADS_UP_TO = 900;
/** So few arrows have their names written along them. */
const NAMES_UP_TO = 40;

/** What was drawn one by one, and what was counted. */
export interface Drawn {
  readonly events: number;
  readonly messages: number;
  readonly isBinned: boolean;
}

/** One line to draw. */
export interface Arrow {
  readonly flight: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly isLost: boolean;
}

export function paintEvents(picture: Picture): Drawn {
  const { run } = picture.view;
  const events = Math.max(0, picture.lastEvent - picture.firstEvent + 1);
  const messages = run.flights.countBegunIn(picture.firstEvent, picture.lastEvent);
  if (messages > ARROWS_UP_TO) {
    paintDensity(picture);
    return { events, messages, isBinned: true };
  }
  const arrows = arrowsIn(picture);
  paintArrows(picture, arrows);
  if (arrows.length <= NAMES_UP_TO) paintNames(picture, arrows);
  return { events, messages, isBinned: false };
}

/** Every message that touches the window, as a line from lane to lane. */
export function arrowsIn(picture: Picture): Arrow[] {
  const { run } = picture.view;
  const { node, peer, kind } = run.columns;
  const arrows: Arrow[] = [];
  run.flights.visitTouching(picture.firstEvent, picture.lastEvent, (flight) => {
    const start = run.flights.start[flight] as number;
    const end = run.endOfWay(flight);
    const [from, to] = [node[start] as number, peer[start] as number];
    const [middle1, middle2] = [laneY(picture, from), laneY(picture, to)];
    if (middle1 === undefined || middle2 === undefined) return;
    // From rim to rim of the bars, which so stay legible.
    const down = Math.sign(middle2 - middle1);
    const y1 = middle1 + down * rimOf(picture, from, start);
    const y2 = middle2 - down * rimOf(picture, to, end);
    const x1 = picture.xOf(start);
    const isLost = end !== NEVER && kind[end] === codeOf.drop;
    const x2 = end === NEVER ? picture.x(picture.axis.length) : picture.xOf(end);
    arrows.push(isLost ? lostArrow(flight, x1, y1, x2, y2) : { flight, x1, y1, x2, y2, isLost });
  });
  return arrows;
}

/** Half the height of a node's bar at an event. */
function rimOf(picture: Picture, endpoint: number, event: number): number {
  if (endpoint >= picture.lanes.nodes.length) return 0;
  const span = picture.view.run.spanAt(endpoint, Math.min(event, picture.view.run.count - 1));
  return span?.role === "leader" && span.status !== "down" ? LEADER_BAR / 2 + 1 : 2;
}

/** What is lost goes half of its way; what is lost at once, a little way ahead. */
function lostArrow(flight: number, x1: number, y1: number, x2: number, y2: number): Arrow {
  const reach = Math.max(-26, Math.min(26, (y2 - y1) * 0.45));
  if (x2 - x1 < 6) return { flight, x1, y1, x2: x1 + 6, y2: y1 + reach, isLost: true };
  return { flight, x1, y1, x2: x1 + (x2 - x1) * 0.6, y2: y1 + (y2 - y1) * 0.6, isLost: true };
}

export function laneY(picture: Picture, endpoint: number): number | undefined {
  const { lanes } = picture;
  const lane = lanes.nodes[endpoint];
  if (lane !== undefined) return lane.middle;
  return lanes.operations === undefined ? undefined : lanes.operations.top + 7;
}

/** The height at which an event is drawn; faults stand in their own lane, operations in theirs. */
export function eventYOf(picture: Picture, event: number): number | undefined {
  const { run } = picture.view;
  const kind = run.columns.kind[event];
  if (kind === codeOf.fault || kind === codeOf.faultEnd) return picture.lanes.faults.middle;
  if (kind === codeOf.end) return undefined;
  return laneY(picture, run.nodeOf(event));
}

/** One path a style: a stroke for each arrow would take a hundred times as long. */
function paintArrows(picture: Picture, arrows: readonly Arrow[]): void {
  const { context } = picture;
  const withHeads = arrows.length <= HEADS_UP_TO;
  const byStyle = new Map<string, Arrow[]>();
  for (const arrow of arrows) {
    const style = styleOf(picture, arrow);
    const group = byStyle.get(style);
    if (group === undefined) byStyle.set(style, [arrow]);
    else group.push(arrow);
  }
  const crowd = Math.min(1, Math.max(0.28, 260 / Math.max(1, arrows.length)));
  for (const [style, group] of byStyle) {
    const [token = "", isReply, isLost, isClient] = style.split("|");
    context.globalAlpha = (isClient === "true" ? 0.5 : isReply === "true" ? 0.55 : 0.95) * crowd;
    context.strokeStyle = context.fillStyle = picture.color(token);
    // A line of one pixel is drawn several times as fast as a wider one.
    context.lineWidth = withHeads ? 1.15 : 1;
    context.setLineDash(isLost === "true" ? [2, 3] : []);
    context.beginPath();
    for (const { x1, y1, x2, y2 } of group) {
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
    }
    context.stroke();
    context.setLineDash([]);
    if (isLost === "true") paintCrosses(picture, group);
    else if (withHeads) paintHeads(picture, group);
  }
  context.globalAlpha = 1;
}

/** The message's type beside the middle of its arrow, where the arrow is flat enough to carry it and none is near. */
function paintNames(picture: Picture, arrows: readonly Arrow[]): void {
  const { context } = picture;
  const { run } = picture.view;
  context.font = picture.font(10, 500);
  context.textBaseline = "bottom";
  context.textAlign = "center";
  const written: { x: number; y: number }[] = [];
  for (const arrow of arrows) {
    const start = run.flights.start[arrow.flight] as number;
    const name = run.nameOf(start);
    const room = Math.hypot(arrow.x2 - arrow.x1, arrow.y2 - arrow.y1) - 24;
    const [x, y] = [(arrow.x1 + arrow.x2) / 2, (arrow.y1 + arrow.y2) / 2];
    if (Math.abs(arrow.x2 - arrow.x1) < 40 || context.measureText(name).width > room) continue;
    if (written.some((other) => Math.abs(other.x - x) < 90 && Math.abs(other.y - y) < 22)) continue;
    written.push({ x, y });
    context.save();
    context.translate(x, y);
    context.rotate(Math.atan2(arrow.y2 - arrow.y1, arrow.x2 - arrow.x1));
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeStyle = picture.color("--panel");
    context.strokeText(name, 0, -2);
    context.fillStyle = picture.color((styleOf(picture, arrow).split("|")[0] as string) || "--ink-2");
    context.fillText(name, 0, -2);
    context.restore();
  }
  context.textAlign = "start";
}

function styleOf(picture: Picture, arrow: Arrow): string {
  const { run, palette } = picture.view;
  const start = run.flights.start[arrow.flight] as number;
  const style = palette.styleOf(run.nameOf(start), run.nodeOf(start), run.columns.peer[start] as number);
  return `${style.color}|${style.isReply}|${arrow.isLost}|${style.family === "client"}`;
}

function paintHeads(picture: Picture, arrows: readonly Arrow[]): void {
  const { context } = picture;
  context.beginPath();
  for (const { x1, y1, x2, y2 } of arrows) {
    const length = Math.hypot(x2 - x1, y2 - y1) || 1;
    const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
    const [tipX, tipY] = [x2 - ux * 3, y2 - uy * 3];
    context.moveTo(tipX, tipY);
    context.lineTo(tipX - ux * 6 - uy * 2.6, tipY - uy * 6 + ux * 2.6);
    context.lineTo(tipX - ux * 6 + uy * 2.6, tipY - uy * 6 - ux * 2.6);
  }
  context.fill();
}

function paintCrosses(picture: Picture, arrows: readonly Arrow[]): void {
  const { context } = picture;
  context.lineWidth = 1.4;
  context.beginPath();
  for (const { x2, y2 } of arrows) {
    context.moveTo(x2 - 3, y2 - 3);
    context.lineTo(x2 + 3, y2 + 3);
    context.moveTo(x2 + 3, y2 - 3);
    context.lineTo(x2 - 3, y2 + 3);
  }
  context.stroke();
}

/** Events that are no messages, on the lane of their node: a diamond says something, a square saves, a smaller one is a timer. They stand beside the bar. */
export function paintDots(picture: Picture): void {
  if (picture.lastEvent - picture.firstEvent > DOTS_UP_TO) return;
  const { context, lanes, view } = picture;
  const { kind, node } = view.run.columns;
  const marks: { readonly code: number; readonly token: string; readonly shape: "diamond" | "square" | "dot" }[] = [
    { code: codeOf.timer, token: "--ink-3", shape: "dot" },
    { code: codeOf.persist, token: "--ink-3", shape: "square" },
    { code: codeOf.emit, token: "--ink-2", shape: "diamond" },
    ...[codeOf.diskError, codeOf.damage, codeOf.recover, codeOf.disconnect].map((code) => ({ code, token: "--bad", shape: "diamond" as const })),
  ];
  for (const { code, token, shape } of marks) {
    context.fillStyle = picture.color(token);
    context.beginPath();
    for (let event = picture.firstEvent; event <= picture.lastEvent; event += 1) {
      if (kind[event] !== code) continue;
      const lane = lanes.nodes[node[event] as number];
      if (lane !== undefined) markAt(context, shape, picture.xOf(event), lane.middle + (shape === "diamond" ? -12 : 11));
    }
    context.fill();
  }
}

function markAt(context: CanvasRenderingContext2D, shape: "diamond" | "square" | "dot", x: number, y: number): void {
  if (shape === "square") context.rect(x - 1.5, y - 1.5, 3, 3);
  else if (shape === "dot") context.rect(x - 1, y - 1, 2, 2);
  else {
    context.moveTo(x, y - 3.5);
    context.lineTo(x + 3.5, y);
    context.lineTo(x, y + 3.5);
    context.lineTo(x - 3.5, y);
    context.closePath();
  }
}

/** Events of each node in each pixel's column, as a hill below its bar; lost messages as a hill above it. */
function paintDensity(picture: Picture): void {
  const { context, lanes } = picture;
  const width = Math.ceil(picture.width);
  const nodes = lanes.nodes.length;
  const { events, lost } = countByColumn(picture, width, nodes);
  const most = usuallyAtMost(events);
  for (let node = 0; node < nodes; node += 1) {
    const lane = lanes.nodes[node];
    if (lane === undefined) continue;
    const room = lane.height / 2 - 5;
    paintHill(context, events.subarray(node * width, (node + 1) * width), lane.top + lane.height - 1, -room, most, picture.color("--ink-3"), 0.5);
    paintHill(context, lost.subarray(node * width, (node + 1) * width), lane.top + 1, room * 0.7, Math.max(4, most / 4), picture.color("--bad"), 0.6);
  }
}

/** What all but one column in fifty stay below, so that one spike does not flatten the rest. */
function usuallyAtMost(counts: Uint32Array): number {
  const some = counts.filter((count) => count > 0).sort();
  return Math.max(1, some[Math.floor(some.length * 0.98)] ?? 1);
}

function countByColumn(picture: Picture, width: number, nodes: number): { events: Uint32Array; lost: Uint32Array } {
  const { node, kind } = picture.view.run.columns;
  const { position } = picture.axis;
  const events = new Uint32Array(width * nodes);
  const lost = new Uint32Array(width * nodes);
  const scale = picture.width / (picture.to - picture.from);
  const drop = codeOf.drop;
  for (let event = picture.firstEvent; event <= picture.lastEvent; event += 1) {
    const at = node[event] as number;
    if (at < 0 || at >= nodes) continue;
    const column = (((position[event] as number) - picture.from) * scale) | 0;
    if (column < 0 || column >= width) continue;
    const cell = at * width + column;
    events[cell] = (events[cell] as number) + 1;
    if (kind[event] === drop) lost[cell] = (lost[cell] as number) + 1;
  }
  return { events, lost };
}

/** An area over the columns, its height by the root of the count, so that little is still seen beside much. */
function paintHill(context: CanvasRenderingContext2D, counts: Uint32Array, base: number, room: number, most: number, color: string, alpha: number): void {
  context.beginPath();
  let isAny = false;
  for (let column = 0; column < counts.length; column += 1) {
    const count = counts[column] as number;
    if (count === 0) continue;
    isAny = true;
    const height = Math.min(1, Math.sqrt(count / most)) * room;
    context.rect(column, base, 1, height);
  }
  if (!isAny) return;
  context.globalAlpha = alpha;
  context.fillStyle = color;
  context.fill();
  context.globalAlpha = 1;
}

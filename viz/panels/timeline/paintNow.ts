/** Paints what changes with the moment: the playhead, the current event with its cause and effects, what is pointed at. */
import { codeOf, firstAtLeast } from "../../model/columns.ts";
import { NEVER } from "../../model/intervals.ts";
import type { Picture } from "./brush.ts";
import { eventYOf } from "./paintEvents.ts";

/** Effects beyond these are in the inspector, not in the picture. */
const EFFECTS_UP_TO = 24;

export function paintNow(picture: Picture, hovered: number | undefined): void {
  const { session } = picture.view;
  if (!session.playing) paintCone(picture, session.event);
  if (hovered !== undefined && hovered !== session.event) paintRing(picture, hovered, "--ink-2", 5);
  paintPlayhead(picture);
  paintRing(picture, session.event, "--accent", 6);
}

function paintPlayhead(picture: Picture): void {
  const { context, lanes, width } = picture;
  const x = picture.x(picture.view.session.position);
  if (x < -8 || x > width + 8) return;
  context.strokeStyle = picture.color("--accent");
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, lanes.height);
  context.stroke();
}

/** One hop: the cause of an event, and its effects. */
function paintCone(picture: Picture, event: number): void {
  const { run } = picture.view;
  const { cause } = run.columns;
  const { context } = picture;
  context.strokeStyle = picture.color("--accent");
  context.lineWidth = 2.25;
  context.beginPath();
  const by = cause[event] as number;
  if (by >= 0) line(picture, by, event);
  for (const effect of run.effects(event).subarray(0, EFFECTS_UP_TO)) line(picture, event, effect);
  lineOfMessage(picture, event);
  context.stroke();
}

/** From one event to another, each on its lane. */
function line(picture: Picture, from: number, to: number): void {
  const [y1, y2] = [eventYOf(picture, from), eventYOf(picture, to)];
  if (y1 === undefined || y2 === undefined) return;
  picture.context.moveTo(picture.xOf(from), y1);
  picture.context.lineTo(picture.xOf(to), y2);
}

/** A message that was sent for no reason in the run still has its way. */
function lineOfMessage(picture: Picture, event: number): void {
  const { run } = picture.view;
  const kind = run.columns.kind[event];
  if (kind !== codeOf.send && kind !== codeOf.duplicate) return;
  for (const effect of run.effects(event)) if (run.columns.message[effect] === run.columns.message[event]) return;
  const flight = firstAtLeast(run.flights.start, event);
  const end = run.flights.end[flight];
  if (end !== undefined && end !== NEVER) line(picture, event, end);
}

function paintRing(picture: Picture, event: number, token: string, radius: number): void {
  const { context, width } = picture;
  const x = picture.xOf(event);
  const y = eventYOf(picture, event);
  if (y === undefined || x < -10 || x > width + 10) return;
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  context.fillStyle = picture.color("--panel");
  context.fill();
  context.strokeStyle = picture.color(token);
  context.lineWidth = 2;
  context.stroke();
  context.beginPath();
  context.arc(x, y, 2, 0, 7);
  context.fillStyle = picture.color(token);
  context.fill();
}

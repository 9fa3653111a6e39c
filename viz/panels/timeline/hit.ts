/** Which event lies under the pointer. */
import { toSegment } from "../../model/geometry.ts";
import { NEVER } from "../../model/intervals.ts";
import type { Picture } from "./brush.ts";
import { arrowsIn, ARROWS_UP_TO, eventYOf } from "./paintEvents.ts";
import type { OperationBar } from "./paintOperations.ts";
import { FAULT_ROW } from "./lanes.ts";

const REACH = 9;

/** The nearest event to a point, or undefined where none is near. */
export function eventAt(picture: Picture, x: number, y: number, bars: readonly OperationBar[], rowOf: readonly number[]): number | undefined {
  const { lanes } = picture;
  if (y < lanes.faults.top + lanes.faults.height) return troubleAt(picture, x) ?? faultAt(picture, x, y, rowOf);
  if (lanes.operations !== undefined && y >= lanes.operations.top + 12) return operationAt(picture, x, y, bars);
  return nearestMark(picture, x, y) ?? arrowAt(picture, x, y) ?? inLane(picture, x, y);
}

function troubleAt(picture: Picture, x: number): number | undefined {
  return picture.view.run.story.troubles.find((trouble) => Math.abs(picture.xOf(trouble.event) - x) < 7)?.event;
}

function faultAt(picture: Picture, x: number, y: number, rowOf: readonly number[]): number | undefined {
  const { faults } = picture.view.run.story;
  const row = Math.floor((y - picture.lanes.faults.top - 5) / FAULT_ROW);
  const hit = faults.findIndex((fault, index) => Math.min(picture.lanes.faults.rows - 1, rowOf[index] as number) === row && picture.xOf(fault.begin) - 4 <= x && x <= Math.max(picture.xOf(fault.begin) + 8, picture.xOf(fault.end) + 4));
  const fault = faults[hit];
  if (fault === undefined) return undefined;
  const isEnd = fault.end !== NEVER && Math.abs(x - picture.xOf(fault.end)) < Math.min(12, Math.abs(x - picture.xOf(fault.begin)));
  return isEnd ? fault.end : fault.begin;
}

function operationAt(picture: Picture, x: number, y: number, bars: readonly OperationBar[]): number | undefined {
  const { operations } = picture.view.run;
  const bar = bars.find(({ left, right, top, height }) => x >= left - 2 && x <= right + 2 && y >= top - 1 && y <= top + height);
  if (bar === undefined) return undefined;
  const end = operations.end[bar.operation] as number;
  return end !== NEVER && x > bar.right - Math.min(14, (bar.right - bar.left) / 2) ? end : operations.start[bar.operation];
}

/** An event that is drawn, within reach of the pointer in both directions. */
function nearestMark(picture: Picture, x: number, y: number): number | undefined {
  let best: number | undefined;
  let reach = REACH * REACH;
  for (const event of eventsNear(picture, x)) {
    const at = eventYOf(picture, event);
    if (at === undefined) continue;
    const distance = (picture.xOf(event) - x) ** 2 + (at - y) ** 2;
    if (distance > reach || (distance === reach && best !== undefined)) continue;
    reach = distance;
    best = event;
  }
  return best;
}

/** Events within reach to the left and the right, at most a few thousand. */
function* eventsNear(picture: Picture, x: number): Generator<number> {
  const { axis } = picture;
  const at = picture.from + (x / picture.width) * (picture.to - picture.from);
  const middle = axis.eventAt(at);
  for (let event = middle, left = 2000; event >= 0 && left > 0 && picture.xOf(event) > x - REACH; event -= 1, left -= 1) yield event;
  for (let event = middle + 1, left = 2000; event < picture.view.run.count && left > 0 && picture.xOf(event) < x + REACH; event += 1, left -= 1) yield event;
}

/** The end of an arrow that passes under the pointer: the nearer one. */
function arrowAt(picture: Picture, x: number, y: number): number | undefined {
  const { run } = picture.view;
  if (run.flights.countBegunIn(picture.firstEvent, picture.lastEvent) > ARROWS_UP_TO) return undefined;
  let best: number | undefined;
  let reach = 5;
  for (const { flight, x1, y1, x2, y2 } of arrowsIn(picture)) {
    const { distance, share } = toSegment(x, y, x1, y1, x2, y2);
    if (distance >= reach) continue;
    reach = distance;
    const end = run.flights.end[flight] as number;
    best = share < 0.5 || end === NEVER ? run.flights.start[flight] : end;
  }
  return best;
}

/** While events are counted and not drawn: the nearest one of the lane's node. */
function inLane(picture: Picture, x: number, y: number): number | undefined {
  const { run } = picture.view;
  const node = picture.lanes.nodes.findIndex((lane) => y >= lane.top && y < lane.top + lane.height);
  let best: number | undefined;
  let reach = REACH;
  for (const event of eventsNear(picture, x)) {
    const distance = Math.abs(picture.xOf(event) - x);
    if (run.nodeOf(event) !== node || distance >= reach) continue;
    reach = distance;
    best = event;
  }
  return best;
}

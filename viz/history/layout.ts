/** Where each operation stands: a row a client, and in it a lane for each that was open together with others. */
import type { HistoryData, OperationData } from "./data.ts";

export type AxisKind = "order" | "time";

/** From left to right, in the axis' own units. */
export interface Extent {
  readonly from: number;
  readonly to: number;
  /** It never ended: the bar has no right end. */
  readonly isOpen: boolean;
}

export interface Row {
  readonly client: string;
  readonly top: number;
  readonly height: number;
}

export interface Layout {
  readonly rows: readonly Row[];
  /** By operation. */
  readonly extents: readonly Extent[];
  readonly tops: readonly number[];
  readonly height: number;
  /** Where the axis ends; it begins at 0. */
  readonly length: number;
  /** By operation: where it took effect, as far as the witness says. */
  readonly points: ReadonlyMap<number, number>;
}

export const BAR = 20;
const GAP = 4;
const ROW_GAP = 8;
/** Where arrows go from row to row, there is room between them for what they say. */
const CYCLE_GAP = 36;

export function layoutOf(data: HistoryData, axis: AxisKind): Layout {
  const ends = data.operations.flatMap((operation) => [startOf(operation, axis), endOf(operation, axis) ?? 0]);
  const last = ends.reduce((most, end) => Math.max(most, end), 1);
  const length = last * 1.02;
  const extents = data.operations.map((operation): Extent => {
    const end = endOf(operation, axis);
    return { from: startOf(operation, axis), to: end ?? length, isOpen: end === undefined };
  });
  const { rows, tops, height } = stack(data, extents);
  return { rows, extents, tops, height, length, points: pointsOf(data, extents) };
}

const startOf = ({ invoked, invokedNs }: OperationData, axis: AxisKind): number => (axis === "time" ? invokedNs : invoked);
const endOf = ({ returned, returnedNs }: OperationData, axis: AxisKind): number | undefined => (axis === "time" ? returnedNs : returned) ?? undefined;

/** An operation takes the first lane of its client that is free again; in the order of events, so that both axes agree. */
function stack({ clients, operations, cycle }: HistoryData, extents: readonly Extent[]): Pick<Layout, "rows" | "tops" | "height"> {
  const lanes: number[][] = clients.map(() => []);
  const laneOf = operations.map(({ row, invoked, returned }) => {
    const own = lanes[row]!;
    const free = own.findIndex((until) => until < invoked);
    const lane = free < 0 ? own.length : free;
    own[lane] = returned ?? Infinity;
    return lane;
  });
  const gap = cycle.length > 0 ? CYCLE_GAP : ROW_GAP;
  let top = 0;
  const rows = clients.map((client, at): Row => {
    const height = Math.max(1, lanes[at]!.length) * (BAR + GAP) + gap;
    const row = { client, top, height };
    top += height;
    return row;
  });
  const tops = operations.map(({ row }, at) => rows[row]!.top + gap / 2 + laneOf[at]! * (BAR + GAP));
  return { rows, tops, height: Math.max(top, extents.length === 0 ? 40 : top) };
}

/** As early as the witness allows; those that could all take effect at the same moment share the room up to the next. */
function pointsOf({ witness }: HistoryData, extents: readonly Extent[]): Map<number, number> {
  const points = new Map<number, number>();
  for (const { order } of witness) {
    // An operation takes effect before its own end, and before those that follow it.
    const latest = new Map<number, number>();
    let until = Infinity;
    for (const operation of [...order].reverse()) latest.set(operation, (until = Math.min(until, extents[operation]!.isOpen ? Infinity : extents[operation]!.to)));
    let group: number[] = [];
    let at = -Infinity;
    const place = (next: number): void => {
      if (group.length === 0) return;
      const to = Math.min(next, latest.get(group[0]!)!, at + 0.5 * group.length * shortest(extents, group));
      group.forEach((operation, position) => points.set(operation, at + ((to - at) * (position + 0.5)) / group.length));
      group = [];
    };
    for (const operation of order) {
      const { from } = extents[operation]!;
      if (from > at) {
        place(from);
        at = from;
      }
      group.push(operation);
    }
    place(Infinity);
  }
  return points;
}

function shortest(extents: readonly Extent[], group: readonly number[]): number {
  return group.reduce((least, operation) => Math.min(least, extents[operation]!.to - extents[operation]!.from), Infinity);
}

/** Which operation a place of the drawing belongs to. */
export function operationAt(layout: Layout, x: number, y: number, slack: number): number | undefined {
  let found: number | undefined;
  for (let at = 0; at < layout.tops.length; at += 1) {
    const top = layout.tops[at]!;
    if (y < top || y > top + BAR) continue;
    const { from, to } = layout.extents[at]!;
    if (x >= from - slack && x <= to + slack) found = at;
  }
  return found;
}

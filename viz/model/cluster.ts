/**
 * Where the nodes stand. In a whole cluster each has its place on a circle. When a partition leaves groups that cannot
 * talk to each other, each group draws together and the groups move apart, with as little turning as possible.
 */
import type { FaultSpan } from "./story.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Directed links that the faults under way cut, each once, as `from * width + to`. */
export function cutLinks(faults: readonly FaultSpan[], width: number): Set<number> {
  return new Set(faults.flatMap((fault) => fault.cuts.map(([from, to]) => from * width + to)));
}

/** Groups of nodes that hear each other, directly or through others; the one with the lowest node first. */
export function groupsUnder(cuts: ReadonlySet<number>, nodes: number, width: number): number[][] {
  const group = Array.from({ length: nodes }, (_, node) => node);
  const rootOf = (node: number): number => (group[node] === node ? node : rootOf(group[node] as number));
  for (let a = 0; a < nodes; a += 1) {
    for (let b = a + 1; b < nodes; b += 1) {
      if (cuts.has(a * width + b) || cuts.has(b * width + a)) continue;
      const [low, high] = [rootOf(a), rootOf(b)].sort((x, y) => x - y) as [number, number];
      group[high] = low;
    }
  }
  const groups = new Map<number, number[]>();
  for (let node = 0; node < nodes; node += 1) groups.set(rootOf(node), [...(groups.get(rootOf(node)) ?? []), node]);
  return [...groups.values()];
}

/** A node's place in the whole cluster, as an angle: the first at the top, the others clockwise. */
export function homeAngle(node: number, nodes: number): number {
  return -Math.PI / 2 + (2 * Math.PI * node) / nodes;
}

/** The angle of every node when the cluster has come apart into groups. Two groups stand side by side. */
export function anglesOf(groups: readonly (readonly number[])[], nodes: number): number[] {
  if (groups.length < 2) return Array.from({ length: nodes }, (_, node) => homeAngle(node, nodes));
  const ordered = [...groups].sort((a, b) => meanAngle(a, nodes) - meanAngle(b, nodes));
  const gap = Math.min(0.5, Math.PI / groups.length);
  const step = (2 * Math.PI - gap * groups.length) / Math.max(1, nodes);
  const angles = new Array<number>(nodes).fill(0);
  let angle = 0;
  for (const group of ordered) {
    for (const node of group) {
      angles[node] = angle + step / 2;
      angle += step;
    }
    angle += gap;
  }
  const least = meanOfAngles(angles.map((at, node) => homeAngle(node, nodes) - at));
  if (groups.length > 2) return angles.map((at) => at + least);
  // Panels are wide: the two groups are turned on until they stand side by side.
  const middle = meanOfAngles((ordered[0] as readonly number[]).map((node) => angles[node] as number));
  const turn = Math.cos(middle + least) < 0 ? Math.PI - middle : -middle;
  return angles.map((at) => at + turn);
}

function meanAngle(group: readonly number[], nodes: number): number {
  return meanOfAngles(group.map((node) => homeAngle(node, nodes)));
}

/** The direction in which the sum of the unit vectors points; the first angle where they cancel out. */
function meanOfAngles(angles: readonly number[]): number {
  const x = angles.reduce((sum, angle) => sum + Math.cos(angle), 0);
  const y = angles.reduce((sum, angle) => sum + Math.sin(angle), 0);
  return Math.hypot(x, y) < 1e-9 ? (angles[0] ?? 0) : Math.atan2(y, x);
}

/** How far groups move apart, in radii. */
const APART = 0.4;

/** Points on an ellipse; when the cluster has come apart, on one in pieces, each moved away from the middle. */
export function placesOf(groups: readonly (readonly number[])[], nodes: number, center: Point, radius: Point): Point[] {
  if (nodes === 1) return [center];
  const angles = anglesOf(groups, nodes);
  const points = angles.map((angle) => ({ x: Math.cos(angle), y: Math.sin(angle) }));
  if (groups.length > 1) {
    for (const group of groups) {
      const away = meanOfAngles(group.map((node) => angles[node] as number));
      for (const node of group) {
        const { x, y } = points[node] as Point;
        points[node] = { x: x + APART * Math.cos(away), y: y + APART * Math.sin(away) };
      }
    }
  }
  const isApart = groups.length > 1;
  const [wide, high] = [fit(points.map((point) => point.x), isApart), fit(points.map((point) => point.y), isApart)];
  return points.map(({ x, y }) => ({ x: center.x + radius.x * wide(x), y: center.y + radius.y * high(y) }));
}

/** Stretches coordinates over -1 to 1; those of a whole cluster stay as they are. */
function fit(values: readonly number[], isApart: boolean): (value: number) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!isApart || high - low < 0.2) return (value) => value;
  return (value) => ((value - (low + high) / 2) * 2) / (high - low);
}

/** A point on the way from one place to another, which bends to its left, so that the way back is another one. */
export function alongWay(from: Point, to: Point, progress: number, bend = 0.09): Point {
  const control = { x: (from.x + to.x) / 2 + (to.y - from.y) * bend, y: (from.y + to.y) / 2 - (to.x - from.x) * bend };
  const rest = 1 - progress;
  return {
    x: rest * rest * from.x + 2 * rest * progress * control.x + progress * progress * to.x,
    y: rest * rest * from.y + 2 * rest * progress * control.y + progress * progress * to.y,
  };
}

/** Distances, for whoever points at something. */

/** How far a point is from a segment, and at which share of it the nearest place lies. */
export function toSegment(x: number, y: number, x1: number, y1: number, x2: number, y2: number): { distance: number; share: number } {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const squared = dx * dx + dy * dy;
  const share = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / squared));
  return { distance: Math.hypot(x - x1 - share * dx, y - y1 - share * dy), share };
}

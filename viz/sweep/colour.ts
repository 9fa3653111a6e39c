/** Which colour a curve has: a hue of its own while there are few, a place on a ramp where there are many. */
const HUES = 8;
/** The order in which the hues are taken: neighbours differ most. */
const ORDER = [1, 0, 2, 3, 6, 5, 4, 7];

export function curveColour(at: number, count: number): string {
  if (count <= HUES) return `var(--term-${ORDER[at] as number})`;
  return rampColour(count === 1 ? 0 : at / (count - 1));
}

/** From 0 to 1: from the page's own colour to the accent, and on to a warm one. */
export function rampColour(share: number): string {
  const percent = (value: number): string => `${Math.round(value * 100)}%`;
  if (share <= 0.5) return `color-mix(in oklab, var(--accent) ${percent(0.12 + share * 1.76)}, var(--panel))`;
  return `color-mix(in oklab, var(--fault) ${percent((share - 0.5) * 2)}, var(--accent))`;
}

/** A protocol's own options as arbitraries, from their shapes. */
import fc from "fast-check";
import type { AnyProtocol, Shape } from "../../protocol.ts";
import { formatDuration, formatDurationRange, formatRatio } from "../../scenario/quantities.ts";

/** Values for an option, as a scenario would say them; the first is what it shrinks to. */
export type Choices = { readonly [option: string]: readonly unknown[] };

/** Everything that takes time gets slower or faster together, because what waits for what depends on the proportions. */
const PACES = [1, 0.5, 2] as const;

/**
 * What stands under `options`; what has its default is left out, and shrinks to that. `given`: values in place of those that
 * the shapes allow. `withChoices`: false where only one of several ways may be right.
 */
export function settings(protocol: AnyProtocol, given: Choices, withChoices: boolean): fc.Arbitrary<object> {
  const shapes = (protocol.options ?? {}) as { readonly [name: string]: Shape };
  const free = Object.entries(shapes).filter(([name, { type }]) => !Object.hasOwn(given, name) && (withChoices || type !== "choice"));
  const fixed = Object.entries(given).map(([name, values]): [string, fc.Arbitrary<unknown>] => [name, fc.constantFrom(...values)]);
  const untimed = free.map(([name, shape]): [string, fc.Arbitrary<unknown>] => [name, fc.constantFrom(undefined, ...valuesOf(shape))]);
  return fc.record({ values: fc.record(Object.fromEntries([...fixed, ...untimed])), pace: fc.constantFrom(...PACES) }).map(({ values, pace }) => {
    const timed = pacedAll(free.map(([, shape]) => shape), pace) ? free.map(([name, shape]): [string, unknown] => [name, paced(shape, pace)]) : [];
    return Object.fromEntries([...Object.entries(values), ...timed].filter(([, value]) => value !== undefined));
  });
}

/** Other values than the default, without what takes time. */
function valuesOf(shape: Shape): unknown[] {
  switch (shape.type) {
    case "boolean":
      return shape.default === undefined ? [false, true] : [!shape.default];
    case "choice":
      return shape.of.filter((value) => value !== shape.default);
    case "integer":
    case "number": {
      const { default: usual, min = -Infinity, max = Infinity } = shape;
      if (usual === undefined) return [];
      const others = [2, 1 / 4, 1 / 16].map((factor) => (shape.type === "integer" ? Math.ceil(usual * factor) : usual * factor));
      return [...new Set(others)].filter((value) => value !== usual && value >= min && value <= max);
    }
    case "ratio":
      return shape.default === undefined || shape.default === 0 ? [] : [formatRatio(shape.default / 2)];
    default:
      return [];
  }
}

/** Undefined for what takes no time, and for what stays as it is. */
function paced(shape: Shape, pace: number): string | undefined {
  const range = timesOf(shape);
  if (range === undefined || pace === 1) return undefined;
  const [min, max] = range.map((time) => Math.round(time * pace)) as [number, number];
  return shape.type === "duration" ? formatDuration(min) : formatDurationRange([min, max]);
}

/** Whether all of them may have that pace: where one may not, they would be out of proportion. */
function pacedAll(shapes: readonly Shape[], pace: number): boolean {
  return shapes.every((shape) => {
    const { min = -Infinity, max = Infinity } = shape as { readonly min?: number; readonly max?: number };
    return (timesOf(shape) ?? []).every((time) => time * pace >= min && time * pace <= max);
  });
}

/** The default of what takes time, in nanoseconds, from and to. */
function timesOf(shape: Shape): readonly number[] | undefined {
  if (shape.type === "duration" && shape.default !== undefined) return [shape.default];
  return shape.type === "durationRange" ? shape.default : undefined;
}

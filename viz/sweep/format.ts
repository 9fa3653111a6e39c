/** Numbers of a sweep in words. */
import { formatMetric, NOTHING } from "../../sim/explain/index.ts";
import type { CellData, SweepPage, Unit } from "./data.ts";

/** A mean of counts is no count. */
export function figure(value: number | null, unit: Unit): string {
  if (value === null) return NOTHING;
  return formatMetric(value, unit === "count" && !Number.isInteger(value) ? "number" : unit);
}

export function interval(range: readonly [number, number] | null, unit: Unit): string {
  return range === null ? NOTHING : `${figure(range[0], unit)} to ${figure(range[1], unit)}`;
}

export const signed = (value: number, unit: Unit): string => `${value > 0 ? "+" : ""}${figure(value, unit)}`;

export const percent = (share: number): string => `${Number((share * 100).toFixed(1))}%`;

/** `150ms..155ms`, or where several settings vary `gossipPeriod 10ms, fanout 2`: a cell by all or some of them. */
export function cellName({ axes }: SweepPage, { at }: CellData, which: readonly number[] = axes.map((_, axis) => axis)): string {
  if (axes.length === 0) return "all runs";
  return which.map((axis) => `${axes.length > 1 ? `${shortName(axes[axis]!.path)} ` : ""}${axes[axis]!.values[at[axis]!]!}`).join(", ");
}

/** A setting by the last part of its path. */
const shortName = (path: string): string => path.slice(path.lastIndexOf(".") + 1);

/** How hard a fault strikes, as its event carries it, in the words of a scenario file. */
import { formatDuration, formatRatio } from "./units.ts";
import { formatValue } from "./value.ts";

/** A distribution of durations as plain data; a constant reads as the duration alone. Anything else reads as any value. */
export function formatDistribution(distribution: unknown): string {
  if (typeof distribution !== "object" || distribution === null) return formatValue(distribution);
  const { type, parts, shape, ...parameters } = distribution as { readonly [name: string]: unknown };
  if (type === "constant") return formatDuration(Number(parameters["value"]));
  if (type === "uniform") return `${formatDuration(Number(parameters["min"]))} to ${formatDuration(Number(parameters["max"]))}`;
  if (type === "mix") return `mix(${(parts as readonly { weight: number; of: unknown }[]).map(({ weight, of }) => `${formatRatio(weight)} ${formatDistribution(of)}`).join(" ")})`;
  const values = Object.values(parameters);
  if (typeof type !== "string" || !values.every((value) => typeof value === "number")) return formatValue(distribution);
  return `${type}(${[...values.map(formatDuration), ...(shape === undefined ? [] : [String(shape)])].join(" ")})`;
}

/** A share from 0 to 1, as `30%`. */
export function formatShare(share: unknown): string {
  return typeof share === "number" ? formatRatio(share) : formatValue(share);
}

/** Nanoseconds as a length of time. */
export function formatTimeSpan(span: unknown): string {
  return typeof span === "number" ? formatDuration(span) : formatValue(span);
}

/** Parts per billion, as `500ppm`. */
export function formatDrift(drift: unknown): string {
  return typeof drift === "number" ? `${drift / 1000}ppm` : formatValue(drift);
}

/** What a metric is: its unit, and what it says in one sentence. */
export type MetricUnit = "count" | "ratio" | "duration" | "bytes" | "money" | "number";

/**
 * Durations are nanoseconds; ratios go from 0 to 1; money is in the scenario's currency; a `number` is anything else, such
 * as messages per operation.
 */
export interface MetricInfo {
  readonly unit: MetricUnit;
  readonly summary: string;
}

/** Metrics by name; null where nothing was measured. */
export type MetricValues = Record<string, number | null>;

/** Where a metric's value shows best in the run, such as the slowest operation's completion. */
export interface MetricMoment {
  /** The id of the trace event. */
  readonly event: number;
  /** Virtual time in nanoseconds. */
  readonly timeNs: number;
}

/** A part of a whole, or null where there is no whole. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** An operation that has been invoked and not completed. */
export interface Invocation {
  /** The id of its event. */
  readonly event: number;
  readonly timeNs: number;
}

/** Within what a random schedule keeps: by default the workload's time, but for the calm phase that the run ends with. */
import type { FaultItem } from "../collections.ts";
import type { FaultTimes, ScenarioFile } from "../file.ts";
import type { Reader } from "../reader.ts";
import { convergedWithin, progressWithin, workloadUntil } from "../workload.ts";

/** What everything that is drawn keeps within, each end drawn from a range of nanoseconds. */
export interface Window {
  readonly from: readonly [number, number];
  readonly until: readonly [number, number];
}

/** Undefined where the file is wrong about it. It may be empty, or reach beyond the run. */
export function windowOf(file: ScenarioFile, { common }: FaultItem, reader: Reader): Window | undefined {
  const { at, for: lasts, between } = common as FaultTimes;
  if (between !== undefined) return { from: [between[0], between[0]], until: [between[1], between[1]] };
  const workloadFrom = file.workload?.from;
  const end = latestEnd(file, reader);
  if (workloadFrom === undefined || end === undefined) return undefined;

  const from = at ?? [workloadFrom, workloadFrom];
  if (lasts !== undefined) return { from, until: [from[0] + lasts[0], from[1] + lasts[1]] };
  const until = end - (progressWithin(file) ?? usualCalm(end - from[1]));
  return { from, until: [until, until] };
}

/** Trouble must be over by then: clients go on after it, and replicas have their time to converge. */
function latestEnd(file: ScenarioFile, reader: Reader): number | undefined {
  const until = workloadUntil(file, reader);
  if (until === undefined || file.duration === undefined) return undefined;
  return Math.min(until, file.duration - (convergedWithin(file) ?? 0));
}

/** A fifth of the time, where nothing says how much calm is needed. */
const usualCalm = (whole: number): number => Math.floor(whole / 5);

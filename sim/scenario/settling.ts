/** When a run is quiet, and whether it then lasts long enough for convergence and progress to be judged. */
import type { AnyProtocol } from "../protocol.ts";
import { faults as kinds } from "../world/faults/index.ts";
import type { FaultItem } from "./collections.ts";
import type { FaultTimes, ScenarioFile } from "./file.ts";
import { formatDuration } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import { windowOf } from "./random/window.ts";
import { clientsOf, convergedWithin, progressWithin, workloadUntil } from "./workload.ts";

/** The latest that something which ends may end, and what that is. */
interface End {
  readonly at: number;
  readonly what: string;
}

/** `converged` must have its time after the workload's and the last temporary fault's end. */
export function checkSettled(file: ScenarioFile, protocol: AnyProtocol, reader: Reader): void {
  const within = convergedWithin(file);
  const { duration } = file;
  if (within === undefined || duration === undefined) return;
  const at = reader.spotOf("expect.converged");
  if (within >= duration) {
    const why = `\`converged\` needs ${formatDuration(within)} after everything else; the whole run lasts ${formatDuration(duration)}`;
    return reader.report(at, why);
  }
  const last = lastEnd(file, protocol, reader);
  if (last.at + within <= duration) return;
  const needed = `\`converged\` needs ${formatDuration(within)} after ${last.what} at ${formatDuration(last.at)}`;
  reader.report(at, `${needed}; the run ends at ${formatDuration(duration)}`, `\`duration: ${formatDuration(last.at + within)}\` would suffice`);
}

function lastEnd(file: ScenarioFile, protocol: AnyProtocol, reader: Reader): End {
  const until = workloadUntil(file, reader);
  const hasClients = clientsOf(file, protocol, reader) !== 0;
  const ends: End[] = [{ at: 0, what: "the start" }];
  if (hasClients && until !== undefined) ends.push({ at: until, what: "the workload's end" });
  return latest([...ends, ...faultEnds(file, reader)]);
}

const latest = (ends: readonly End[]): End => ends.reduce((last, end) => (end.at > last.at ? end : last));

function faultEnds(file: ScenarioFile, reader: Reader): End[] {
  return (file.faults ?? []).flatMap((item) => {
    const at = item === undefined ? undefined : item.kind === "random" ? windowOf(file, item, reader)?.until[1] : endOf(item, file);
    if (item === undefined || at === undefined) return [];
    const what = item.kind === "random" ? "the end of a random schedule" : "the last fault's end";
    return [{ at, what: item.common["every"] === undefined ? what : "the end of a series of faults" }];
  });
}

/** `progress` must have its time after the last change that faults make, and clients must go on through it. */
export function checkProgress(file: ScenarioFile, protocol: AnyProtocol, reader: Reader): void {
  const within = progressWithin(file);
  const until = workloadUntil(file, reader);
  const from = file.workload?.from;
  if (within === undefined || until === undefined || from === undefined || file.duration === undefined) return;
  const at = reader.spotOf("expect.progress");
  if (clientsOf(file, protocol, reader) === 0) return void reader.report(at, "`progress` asks how clients get on, and there are none");

  const stays = (file.faults ?? []).filter((item) => item !== undefined && isOpen(item)).map((item) => (item?.common as FaultTimes).at?.[1]);
  const starts = stays.filter((start) => start !== undefined).map((start) => ({ at: start, what: "the beginning of a fault that stays" }));
  const last = latest([{ at: from, what: "the workload's beginning" }, ...starts, ...faultEnds(file, reader)]);
  if (last.at + within <= until) return;
  const needed = `\`progress\` needs ${formatDuration(within)} of the workload after ${last.what} at ${formatDuration(last.at)}`;
  reader.report(at, `${needed}; the workload ends at ${formatDuration(until)}`, enough(last.at + within, file, reader));
}

/** What would let the workload go on until then. */
function enough(until: number, file: ScenarioFile, reader: Reader): string {
  const settings: string[] = [];
  const duration = until + (convergedWithin(file) ?? 0);
  if (reader.at("workload.until") !== undefined) settings.push(`\`until: ${formatDuration(until)}\` in the workload`);
  if (duration > (file.duration as number)) settings.push(`\`duration: ${formatDuration(duration)}\``);
  return `${settings.join(" and ")} would suffice`;
}

/** The latest that a fault may end; undefined where it stays, or where nobody knows when it begins or strikes. */
function endOf({ kind, params, common }: FaultItem, file: ScenarioFile): number | undefined {
  const times = common as FaultTimes;
  if (params["amid"] !== undefined || !isTemporary(kind, times, file)) return undefined;
  if (times.when !== undefined) return times.between?.[1];
  if (times.every !== undefined) return times.between?.[1] ?? file.duration;
  if (times.at === undefined) return undefined;
  const end = times.at[1] + (times.for?.[1] ?? 0);
  return times.for === undefined ? end : Math.min(end, healedAfter(times.at[1], file));
}

/** What has a `for`, what happens in an instant, and a `heal` that has something to end. */
function isTemporary(kind: string, times: FaultTimes, file: ScenarioFile): boolean {
  if (times.for !== undefined) return true;
  if (kind === "heal") return (file.faults ?? []).some((other) => other !== undefined && isOpen(other));
  return kind === "restart";
}

function isOpen({ kind, common }: FaultItem): boolean {
  return common["for"] === undefined && kinds[kind]?.instant !== true && kind !== "restart" && kind !== "random";
}

/** The first certain `heal` at or after a time, which ends what is under way. */
function healedAfter(time: number, file: ScenarioFile): number {
  let first = Infinity;
  for (const item of file.faults ?? []) {
    if (item?.kind !== "heal") continue;
    const at = (item.common as FaultTimes).at;
    if (at !== undefined && at[0] >= time) first = Math.min(first, at[1]);
  }
  return first;
}

/** The list of faults: what every item needs beside its own parameters, and its text. */
import { isMap } from "yaml";
import type { FaultConfig } from "../world/config.ts";
import { takesTime } from "../world/cpu.ts";
import { faults as kinds } from "../world/faults/index.ts";
import type { FaultItem } from "./collections.ts";
import type { FaultTimes, ScenarioFile } from "./file.ts";
import { oneOf } from "./diagnostics.ts";
import { formatDuration, quote } from "./quantities.ts";
import type { Reader } from "./reader.ts";

/** Notes faults whose times contradict themselves, or the run's end. */
export function checkFaults(file: ScenarioFile, reader: Reader): void {
  for (const [position, item] of (file.faults ?? []).entries()) {
    if (item === undefined) continue;
    const path = `faults.${position}`;
    checkCompany(item, path, reader);
    checkTimes(item.common as FaultTimes, path, file.duration, reader);
    if (item.kind === "slowCpu") checkSlowed(file, path, reader);
    if (item.params["amid"] === "sync") checkSyncing(path, reader);
  }
}

function checkSyncing(path: string, reader: Reader): void {
  const applied = reader.keyAt(`${path}.applied`);
  if (applied !== undefined) reader.report(applied, "`applied` counts effects: it goes with `amid: effects`");
}

/** A factor on a service time needs one. */
function checkSlowed({ cpu }: ScenarioFile, path: string, reader: Reader): void {
  const isWrong = cpu !== undefined && cpu.perMessage === undefined;
  if (isWrong || (cpu?.perMessage !== undefined && takesTime(cpu.perMessage))) return;
  reader.report(reader.keyAt(`${path}.slowCpu`) ?? reader.spotOf(path), "`slowCpu` slows nothing down: messages cost no time here", "give them a service time: `cpu: { perMessage: 1ms }`");
}

/** Keys that mean nothing without one of others. */
const needs: readonly (readonly [key: string, ...others: string[]])[] = [
  ["between", "every", "when"],
  ["nth", "when"],
  ["after", "when"],
  ["applied", "amid"],
];

function checkCompany({ kind }: FaultItem, path: string, reader: Reader): void {
  if (kind === "random") return; // What is drawn has times of its own.
  for (const [name, ...others] of needs) {
    const key = reader.keyAt(`${path}.${name}`);
    if (key === undefined || others.some((other) => reader.keyAt(`${path}.${other}`) !== undefined)) continue;
    reader.report(key, `\`${name}\` goes with ${oneOf(others.map(quote))}, which is missing`);
  }
  const lasts = reader.keyAt(`${path}.for`);
  if (lasts === undefined || kinds[kind]?.instant !== true) return;
  reader.report(lasts, `\`${kind}\` happens in an instant: it takes no \`for\``);
}

function checkTimes(times: FaultTimes, path: string, duration: number | undefined, reader: Reader): void {
  if (duration === undefined) return;
  const end = formatDuration(duration);
  if (times.at !== undefined && times.at[1] >= duration) {
    reader.report(reader.spotOf(`${path}.at`), `this fault would begin at ${formatDuration(times.at[1])}; the run ends at ${end}`);
  }
  if (times.between !== undefined && times.between[1] > duration) {
    reader.report(reader.spotOf(`${path}.between`), `this window ends at ${formatDuration(times.between[1])}; the run ends at ${end}`);
  }
  const isSeries = times.every !== undefined;
  if (times.for === undefined || (!isSeries && times.between === undefined)) return;
  const [from, until] = times.between ?? [0, duration];
  if (times.for[0] > until - from) {
    const why = `this is longer than the window${isSeries ? " of the series" : ""}, ${formatDuration(until - from)}: it would never happen`;
    reader.report(reader.spotOf(`${path}.for`), why);
  }
}

/** The faults in ready units. Only for a file without mistakes. */
export function faultConfigs(file: ScenarioFile, reader: Reader): FaultConfig[] {
  return (file.faults ?? []).map((item, position) => {
    const { kind, params, common } = item as FaultItem;
    const times = common as FaultTimes;
    const start = startOf(times, file.duration as number);
    return { kind, name: times.name, start, lasts: times.for, params, text: faultText(kind, position, reader) };
  });
}

function startOf(times: FaultTimes, duration: number): FaultConfig["start"] {
  if (times.at !== undefined) return { type: "at", at: times.at };
  if (times.every !== undefined) return { type: "every", every: times.every, between: times.between ?? [0, duration] };
  return { type: "when", event: times.when as string, nth: times.nth ?? 1, after: times.after ?? [0, 0], ...(times.between !== undefined && { between: times.between }) };
}

const commonKeys = ["at", "every", "between", "when", "nth", "after", "for"];

/** The item as one line of JSON, its keys in a fixed order and without its name, which changes nothing of what happens. */
function faultText(kind: string, position: number, reader: Reader): string {
  const node = reader.spotOf(`faults.${position}`).node;
  const item = (isMap(node) ? node.toJS(reader.document.yaml) : {}) as { readonly [key: string]: unknown };
  const beside = Object.keys(item).filter((key) => key !== "name" && key !== kind && !commonKeys.includes(key));
  const order = [...commonKeys, kind, ...beside.sort()].filter((key) => Object.hasOwn(item, key));
  return JSON.stringify(Object.fromEntries(order.map((key) => [key, item[key]])));
}

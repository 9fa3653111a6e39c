/** What contradicts itself in how clients come, ask again, and what they write. */
import { LARGEST_VALUE } from "../world/values.ts";
import type { RetryFile, ScenarioFile, WorkloadFile } from "./file.ts";
import { formatDuration, formatSize } from "./quantities.ts";
import type { Reader } from "./reader.ts";

/** `until`: when the workload ends; undefined where that is not known. */
export function checkLoop(file: ScenarioFile, until: number | undefined, reader: Reader): void {
  const { workload } = file;
  if (workload === undefined) return;
  checkKind(reader);
  checkBursts(workload, until, reader);
  checkStages(workload, until, reader);
  checkHedge(workload, reader);
  checkValues(workload, reader);
}

/** A loop is open or closed. */
function checkKind(reader: Reader): void {
  const think = reader.keyAt("workload.think");
  if (think === undefined) return;
  const hint = "rate: operations come whether or not earlier ones are done; think: each client waits for its own";
  for (const name of ["rate", "bursts", "arrivals"]) {
    if (reader.keyAt(`workload.${name}`) !== undefined) reader.report(think, `\`${name}\` and \`think\` exclude each other`, hint);
  }
}

function checkBursts({ bursts, from }: WorkloadFile, until: number | undefined, reader: Reader): void {
  if (bursts?.every === undefined) return;
  if (bursts.for !== undefined && bursts.for >= bursts.every) {
    reader.report(reader.spotOf("workload.bursts.for"), `a burst of ${formatDuration(bursts.for)} every ${formatDuration(bursts.every)} never ends`);
  }
  if (until === undefined || from === undefined || until <= from || from + bursts.every < until) return;
  const why = `the first burst would begin at ${formatDuration(from + bursts.every)}; the workload ends at ${formatDuration(until)}`;
  reader.report(reader.spotOf("workload.bursts.every"), why);
}

/** Every stage begins within the workload. */
function checkStages({ rate, from }: WorkloadFile, until: number | undefined, reader: Reader): void {
  if (typeof rate !== "object" || until === undefined || from === undefined || until <= from) return;
  let begins = from;
  for (const [position, { lasts = Infinity }] of rate.entries()) {
    if (begins >= until) {
      const why = `this stage would begin at ${formatDuration(begins)}; the workload ends at ${formatDuration(until)}`;
      return reader.report(reader.spotOf(`workload.rate.${position}`), why);
    }
    begins += lasts;
  }
}

/** A hedge comes while an attempt still waits, which it does up to `retry.after`. */
function checkHedge({ hedge, retry, timeout = Infinity }: WorkloadFile, reader: Reader): void {
  if (hedge?.operations?.length === 0) reader.report(reader.spotOf("workload.hedge.operations"), "no operation is hedged");
  if (hedge?.after === undefined) return;
  const patience = typeof retry === "object" ? ((retry as RetryFile).after ?? 0) : retry === false ? Infinity : 0;
  const [waits, what] = patience < timeout ? [patience, "`retry.after`"] : [timeout, "`timeout`"];
  if (waits === 0 || hedge.after < waits) return;
  reader.report(reader.spotOf("workload.hedge.after"), `a hedge would never be sent: ${what} ends the wait after ${formatDuration(waits)}`);
}

function checkValues({ values }: WorkloadFile, reader: Reader): void {
  const size = values?.size;
  const largest = size?.type === "constant" ? size.value : size?.type === "uniform" ? size.max : 0;
  if (largest > LARGEST_VALUE) reader.report(reader.spotOf("workload.values.size"), `a value has at most ${formatSize(LARGEST_VALUE)}`);
}

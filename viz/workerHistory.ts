/** Judges the history of the open run, for its picture. Only the worker imports this. */
import { protocols } from "../protocols/index.ts";
import { check, levelOf, modelOf, operationsOf } from "../sim/check/index.ts";
import { HistoryLog } from "../sim/scenario/logs.ts";
import type { HistoryData } from "./history/data.ts";
import { historyData } from "./history/history-data.ts";
import type { Recorder, RunData } from "./model/recorder.ts";

/** Configurations: what a person waits for. */
const BUDGET = 500_000;

/** The verdict is on the level that the scenario asks for first, and on linearizability where it asks for none. */
export function historyOf(recorder: Recorder, story: RunData["story"]): HistoryData {
  const { header, result } = story;
  const log = new HistoryLog(header.nodes.length, header.clients);
  for (let row = 0; row < recorder.count; row += 1) if (recorder.process(row) >= 0) log.event(recorder.eventAt(row));
  const operations = operationsOf(log.events);
  const model = protocols[header.protocol]?.model;
  const asked = (result?.expectations ?? []).map(({ name }) => name).filter(isLevel);
  const failed = result?.expectations.find(({ name, verdict, event }) => isLevel(name) && (verdict === "fail" || event !== undefined))?.name;
  const verdict = check(operations, { consistency: failed ?? asked[0] ?? "linearizable", model: model === undefined ? undefined : modelOf(model), budget: BUDGET, minimal: true });
  return historyData(header.scenario, operations, verdict);
}

function isLevel(name: string): boolean {
  try {
    return levelOf(name) !== undefined;
  } catch {
    return false;
  }
}

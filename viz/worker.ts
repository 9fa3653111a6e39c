/** Reads a trace, or runs a scenario, away from the page; then answers questions about the run. */
import type { Words } from "../sim/explain/event.ts";
import { readTrace, TraceError } from "../sim/trace/decode.ts";
import { buffersOf } from "./model/columns.ts";
import { Desk } from "./model/desk.ts";
import { Recorder, type RunData } from "./model/recorder.ts";
import type { Answer, Ask } from "./model/wire.ts";
import type { HistoryData } from "./history/data.ts";
import { historyOf } from "./workerHistory.ts";
import { complaintOf, traceOf, wordsOf } from "./workerRun.ts";

const PROGRESS_MS = 80;

let desk: Desk | undefined;
let opened: { readonly recorder: Recorder; readonly story: RunData["story"] } | undefined;
let reportedAt = 0;

function send(answer: Answer, transfer: Transferable[] = []): void {
  postMessage(answer, { transfer });
}

/** Not more often than people can see. */
function reportProgress(events: number, share: number): void {
  const now = performance.now();
  if (now - reportedAt < PROGRESS_MS) return;
  reportedAt = now;
  send({ type: "progress", events, share });
}

function open(bytes: Uint8Array): { recorder: Recorder; data: RunData; words: Words } {
  const trace = readTrace(bytes, "This file");
  const recorder = new Recorder(trace.header);
  const blocks = trace.blocks.length;
  for (let block = 0; block < blocks; block += 1) {
    trace.forEach(recorder, block, block + 1);
    reportProgress(recorder.count, block / blocks);
  }
  return { recorder, data: recorder.finish(trace.footer), words: wordsOf(trace.header.protocol) };
}

function begin(ask: Extract<Ask, { type: "open" | "run" }>): void {
  const began = performance.now();
  try {
    const bytes = ask.type === "open" ? new Uint8Array(ask.bytes) : traceOf(ask.scenario, ask.source, ask.seed, reportProgress);
    const { recorder, data, words } = open(bytes);
    desk = new Desk(recorder, data, words);
    opened = { recorder, story: data.story };
    const { columns, effects, flights, operations } = data;
    const buffers = [...buffersOf(columns), effects.events.buffer, effects.offset.buffer, flights.start.buffer, flights.arrived.buffer, flights.end.buffer, operations.start.buffer, operations.end.buffer, operations.outcome.buffer];
    // The recorder has copied what it keeps, so the trace's bytes may go to the page, to be saved there.
    const trace = ask.type === "run" ? bytes : undefined;
    send({ type: "opened", data, tookMs: performance.now() - began, trace }, [...buffers, ...(trace === undefined ? [] : [trace.buffer])] as ArrayBuffer[]);
  } catch (error) {
    send({ type: "failed", title: titleOf(error, ask.type), message: complaintOf(error) ?? (error instanceof Error ? error.message : String(error)) });
  }
}

function titleOf(error: unknown, doing: "open" | "run"): string {
  if (complaintOf(error) !== undefined) return "This scenario cannot be run";
  if (!(error instanceof TraceError)) return doing === "run" ? "The simulator stopped by a mistake of its own; please report it" : "This trace could not be opened";
  const titles = { foreign: "This is not a trace", newer: "This trace is from a newer version", "cut short": "This trace is cut short", damaged: "This trace is damaged" } as const;
  return titles[error.kind];
}

function judged(): HistoryData | string {
  if (opened === undefined) return "No run is open.";
  try {
    return historyOf(opened.recorder, opened.story);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

self.onmessage = ({ data: ask }: MessageEvent<Ask>): void => {
  if (ask.type === "open" || ask.type === "run") return begin(ask);
  if (desk === undefined) return;
  const { ticket } = ask;
  if (ask.type === "history") return send({ type: "history", ticket, history: judged() });
  if (ask.type === "shown") send({ type: "shown", ticket, shown: desk.shown(ask.want) });
  else if (ask.type === "details") send({ type: "details", ticket, details: desk.details(ask.event) });
  else send({ type: "sentences", ticket, sentences: ask.events.map((event) => desk?.sentence(event) ?? "") });
};

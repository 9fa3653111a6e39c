/** Runs a bundled scenario with the simulator itself. Only the worker imports this. */
import type { Words } from "../sim/explain/event.ts";
import type { Recorder, RunData } from "./model/recorder.ts";
import type { Ask } from "./model/wire.ts";

export function wordsOf(_protocol: string): Words {
  return {};
}

export function runScenario(_ask: Extract<Ask, { type: "run" }>, _onProgress: (events: number, share: number) => void): { recorder: Recorder; data: RunData; words: Words } {
  throw new Error("not yet");
}

/** Runs of scenario texts with the bundled protocols. */
import { parseScenario } from "../../sim/scenario/parse.ts";
import type { RunResult } from "../../sim/scenario/result.ts";
import { run } from "../../sim/scenario/run.ts";
import { bundledContext } from "./bundled.ts";

export function runScenario(text: string, seed?: number): RunResult {
  return run(parseScenario(text, { ...bundledContext, seed })).result;
}

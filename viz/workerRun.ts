/** Runs a bundled scenario with the simulator itself. Only the worker imports this. */
import { protocols } from "../protocols/index.ts";
import type { Words } from "../sim/explain/event.ts";
import { formatDiagnostics, InputError } from "../sim/scenario/diagnostics.ts";
import { parseScenario } from "../sim/scenario/parse.ts";
import { Run } from "../sim/scenario/run.ts";

/** Steps between two looks at the clock. */
const STEPS = 2_000;

/** How a protocol's messages read; nothing for protocols that are not built in. */
export function wordsOf(protocol: string): Words {
  return protocols[protocol]?.words ?? {};
}

/** Runs a scenario to its end and gives the bytes of its trace, the same that the command line writes. */
export function traceOf(id: string, source: string, seed: number | undefined, onProgress: (events: number, share: number) => void): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  const scenario = parseScenario(source, { file: `${id}.yaml`, protocols: (name) => protocols[name], protocolNames: Object.keys(protocols), seed });
  const run = new Run(scenario, { write: (bytes) => void chunks.push(bytes) });
  while (run.advance(STEPS)) onProgress(run.events, run.virtualTimeNs / run.durationNs);
  run.finish();
  return joined(chunks);
}

/** What to tell people about a scenario that cannot be run. */
export function complaintOf(error: unknown): string | undefined {
  return error instanceof InputError ? formatDiagnostics(error.diagnostics, { color: false }) : undefined;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

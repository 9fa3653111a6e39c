/**
 * What memory takes: of one pending event, and of a run as it grows. Without a trace and without a history that somebody
 * wants, a run remembers what is pending, and its protocol's state: four times the events take no more. Peaks are measured
 * in processes of their own.
 */
import { execFileSync } from "node:child_process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { EventQueue } from "../../sim/kernel/queue.ts";
import { defineProtocol, type Value } from "../../sim/protocol.ts";
import { Run } from "../../sim/scenario/run.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";
import { steadyScenario } from "./steady.ts";

export interface PendingRow {
  readonly pending: number;
  /** Bytes of memory for each of them: of the queue alone, and with a message as its payload. */
  readonly queueBytes: number;
  readonly messageBytes: number;
}

export interface GrowthRow {
  readonly protocol: string;
  readonly events: number;
  readonly peakMiB: number;
  /** What was in use at the end, without what could be collected. */
  readonly liveMiB: number;
}

/** Memory of events that are pending, so many at a time. */
export function memoryPerEvent(counts: readonly number[] = [10_000, 100_000, 1_000_000]): PendingRow[] {
  const shared = { type: "settle" };
  return counts.map((pending) => ({ pending, queueBytes: measure(pending, () => shared), messageBytes: measure(pending, message) }));
}

function message(id: number): object {
  const body = { type: "message", message: Object.freeze({ type: "Ping", round: id }) };
  return { type: "deliver", id, from: 0, to: 1, name: "Ping", body, operation: -1, attempt: 0, sentBy: id };
}

function measure(pending: number, payload: (id: number) => object): number {
  const before = memoryInUse();
  const queue = new EventQueue<object>();
  for (let id = 0; id < pending; id += 1) queue.push(id, payload(id));
  const bytes = memoryInUse() - before;
  if (queue.size !== pending) throw new Error("events are missing");
  return bytes / pending;
}

let collect: (() => void) | undefined;

/** Bytes of the heap and of typed arrays, after a collection. */
function memoryInUse(): number {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

interface State {
  readonly values: { [key: string]: Value };
}

/** Answers at once from what it holds, and tells the others: its state does not grow. */
const answers = defineProtocol<State, { readonly type: "Set"; readonly key: string; readonly value: Value }>({
  name: "answers",
  model: "kv",
  boot: () => ({ values: {} }),
  onMessage: {
    Set(state: State, { key, value }) {
      state.values[key] = value;
    },
  },
  onRequest: {
    read: (state: State, request, ctx) => ctx.reply(request, { type: "ok", value: state.values[request.key] ?? null }),
    write(state: State, request, ctx) {
      state.values[request.key] = request.value;
      for (const peer of ctx.peers) ctx.send(peer, { type: "Set", key: request.key, value: request.value });
      ctx.reply(request, { type: "ok" });
    },
  },
});

const protocols = ["answers", "raft"] as const;

function scenarioOf(protocol: string): Scenario {
  const steady = steadyScenario(36_000);
  return protocol === "raft" ? steady : { ...steady, protocol: answers, protocolName: "answers" };
}

/** Prints the peak of this process, which does nothing but this run, as JSON. */
export function printGrowth(protocol: string, events: number): void {
  const run = new Run(scenarioOf(protocol), { history: false });
  while (run.events < events) run.advance(10_000);
  const liveMiB = memoryInUse() / 2 ** 20;
  run.interrupt();
  run.finish();
  console.log(JSON.stringify({ protocol, events, peakMiB: process.resourceUsage().maxRSS / 1024, liveMiB } satisfies GrowthRow));
}

/** The engine lets its nursery grow with the rate of allocation, which is not what is asked about. */
const SMALL_NURSERY = "--max-semi-space-size=1";

/** Runs of a million events and of four, of a protocol whose state stays as it is and of one whose log grows. `program`: this bench, bundled. */
export function growth(program: string, millions: readonly number[] = [1, 4]): GrowthRow[] {
  return protocols.flatMap((protocol) =>
    millions.map((million) => JSON.parse(execFileSync(process.execPath, [SMALL_NURSERY, program, "--growth", protocol, String(million * 1e6)], { encoding: "utf8" })) as GrowthRow),
  );
}

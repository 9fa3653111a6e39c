/** The consistency levels by name, and how each is judged. */
import { boundedStaleness } from "./bounded-staleness.ts";
import { judgeCausal } from "./causal.ts";
import { CheckError } from "./check-error.ts";
import type { Operation } from "./history.ts";
import { isolationLevels } from "./isolation/levels.ts";
import { kAtomic } from "./k-atomic.ts";
import { linearizable } from "./linearizable.ts";
import type { Model } from "./models/model.ts";
import { monotonicReads } from "./monotonic-reads.ts";
import { monotonicWrites } from "./monotonic-writes.ts";
import { pram } from "./pram.ts";
import { readYourWrites } from "./read-your-writes.ts";
import { sequential } from "./sequential.ts";
import { judgeSessions } from "./session.ts";
import type { Verdict } from "./verdict.ts";
import { writesFollowReads } from "./writes-follow-reads.ts";

/** A consistency level, and how it is judged. `budget` is in configurations. */
export interface Level {
  readonly summary: string;
  judge(operations: readonly Operation[], model: Model, budget: number): Verdict;
}

export const levels: { readonly [name: string]: Level } = {
  linearizable: { summary: "one legal order, each operation between its invocation and its return", judge: linearizable },
  sequential: { summary: "one legal order of all keys together, which keeps the order of each session", judge: sequential },
  causalMemory: { summary: "causal, and each session explains all of its reads by one order", judge: (operations, model, budget) => judgeCausal("causalMemory", operations, registers(model), budget) },
  causalConvergence: { summary: "causal, and all agree on the order of concurrent writes", judge: (operations, model, budget) => judgeCausal("causalConvergence", operations, registers(model), budget) },
  causal: { summary: "no read returns what was overwritten by something that came before it causally", judge: (operations, model, budget) => judgeCausal("causal", operations, registers(model), budget) },
  pram: { summary: "each session sees the writes of each other one in the order in which they were made", judge: (operations, model, budget) => pram(operations, registers(model), budget) },
  readYourWrites: { summary: "what a session reads is not older than what it has written", judge: (operations, model) => judgeSessions(operations, registers(model), readYourWrites) },
  monotonicReads: { summary: "what a session reads is not older than what it has read", judge: (operations, model) => judgeSessions(operations, registers(model), monotonicReads) },
  monotonicWrites: { summary: "who has seen a write sees nothing older than what its session had written before", judge: (operations, model) => monotonicWrites(operations, registers(model)) },
  writesFollowReads: { summary: "who has seen a write sees nothing older than what its session had read before", judge: (operations, model) => writesFollowReads(operations, registers(model)) },
  "kAtomic(2)": { summary: "as linearizable, but a read may return any of the last k values", judge: (operations, model, budget) => kAtomic(2, operations, registers(model), budget) },
  "boundedStaleness(1s)": {
    summary: "as linearizable, but a read may return what was replaced at most so long before it began",
    judge: (operations, model, budget) => boundedStaleness("boundedStaleness(1s)", NS_PER.s!, operations, registers(model), budget),
  },
};

/** The level of a name, with its argument where it takes one. Throws a CheckError. */
export function levelOf(name: string): Level {
  const level = Object.hasOwn(levels, name) ? levels[name] : withArgument(name);
  if (level !== undefined) return level;
  throw new CheckError(`there is no level ${name}; there are ${[...Object.keys(levels), ...Object.keys(isolationLevels)].join(", ")}`);
}

const NS_PER: { readonly [unit: string]: number } = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

function withArgument(name: string): Level | undefined {
  const [, what, argument = ""] = /^(\w+)(?:\((.*)\))?$/.exec(name) ?? [];
  if (what === "kAtomic") {
    if (!/^[1-9]\d{0,3}$/.test(argument)) throw new CheckError(`${name}: expected a whole number of versions from 1, as in kAtomic(2)`);
    return { summary: levels["kAtomic(2)"]!.summary, judge: (operations, model, budget) => kAtomic(Number(argument), operations, registers(model), budget) };
  }
  if (what !== "boundedStaleness") return undefined;
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)$/.exec(argument) ?? [];
  if (number === undefined) throw new CheckError(`${name}: expected a duration, as in boundedStaleness(1s)`);
  const boundNs = Math.round(Number(number) * NS_PER[unit]!);
  return { summary: levels["boundedStaleness(1s)"]!.summary, judge: (operations, model, budget) => boundedStaleness(name, boundNs, operations, registers(model), budget) };
}

function registers(model: Model): Model {
  if (model.access !== undefined) return model;
  throw new CheckError(`this level is not supported yet for the model ${model.name}`);
}

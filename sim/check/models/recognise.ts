/** Which model a history stands for, by the names of its operations. */
import type { HistoryEvent, Operation } from "../history.ts";
import { counter } from "./counter.ts";
import { kvAppend } from "./kv-append.ts";
import { kv } from "./kv.ts";
import { log } from "./log.ts";
import type { Model } from "./model.ts";
import { mutex } from "./mutex.ts";
import { priorityQueue } from "./priority-queue.ts";
import { queue } from "./queue.ts";
import { set } from "./set.ts";
import { stack } from "./stack.ts";

/** Where names fit several, the first is meant. */
const candidates: readonly Model[] = [kv, kvAppend, mutex, queue, stack, priorityQueue, log, set, counter];

/** Undefined where they stand for none. */
export function recognise(history: readonly (HistoryEvent | Operation)[]): string | undefined {
  const used = new Set(history.map(({ f }) => f));
  if (used.size === 0) return undefined;
  if (used.size === 1 && used.has("txn")) return ofTransactions(history);
  if (used.has("transfer") && [...used].every((f) => f === "init" || f === "transfer" || f === "read")) return "bank";
  const fits = ({ functions }: Model): boolean => [...used].every((f) => functions.includes(f));
  const model = candidates.find(fits);
  // A set and a counter are both added to and read; what is read tells them apart.
  return model === set && fits(counter) && !history.some((one) => one.f === "read" && Array.isArray(resultOf(one))) ? counter.name : model?.name;
}

function resultOf(one: HistoryEvent | Operation): unknown {
  if ("outcome" in one) return one.output;
  return one.type === "ok" ? one.value : undefined;
}

/** Who appends means lists, who writes means registers; where all only read, what they read tells. */
function ofTransactions(history: readonly (HistoryEvent | Operation)[]): string | undefined {
  let model = "rw-register";
  for (const one of history) {
    const value = "outcome" in one ? (one.output ?? one.input) : one.value;
    for (const step of Array.isArray(value) ? (value as readonly unknown[]) : []) {
      if (!Array.isArray(step)) return undefined;
      if (step[0] === "append") return "list-append";
      if (step[0] === "w") return "rw-register";
      if (step[0] === "r" && Array.isArray(step[2])) model = "list-append";
    }
  }
  return model;
}

/** Which model a history stands for, by the names of its operations. */
import type { HistoryEvent } from "../history.ts";
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
export function recognise(history: readonly HistoryEvent[]): string | undefined {
  const used = new Set(history.map(({ f }) => f));
  if (used.size === 0) return undefined;
  if (used.size === 1 && used.has("txn")) return transactional(history);
  if (used.has("transfer") && [...used].every((f) => f === "init" || f === "transfer" || f === "read")) return "bank";
  const fits = ({ functions }: Model): boolean => [...used].every((f) => functions.includes(f));
  const model = candidates.find(fits);
  // A set and a counter are both added to and read; what is read tells them apart.
  return model === set && fits(counter) && !history.some(({ f, type, value }) => f === "read" && type === "ok" && Array.isArray(value)) ? counter.name : model?.name;
}

/** By the first of its steps that writes; one whose transactions only read is taken for registers unless they read lists. */
function transactional(history: readonly HistoryEvent[]): string {
  let readsLists = false;
  for (const { value } of history) {
    for (const step of Array.isArray(value) ? (value as unknown[]) : []) {
      if (!Array.isArray(step)) continue;
      if (step[0] === "append") return "list-append";
      if (step[0] === "w") return "rw-register";
      readsLists ||= Array.isArray(step[2]);
    }
  }
  return readsLists ? "list-append" : "rw-register";
}

import type { Selector } from "../config.ts";
import { chooseDisks, mendDisks, worsenDisks } from "./disks.ts";
import type { FaultDefinition } from "./fault.ts";

/**
 * No space is left: nothing is kept of what is appended to a file or saved by `persist()`; to cut a file works. The node
 * hears of it a millisecond later (`onDiskError`, of the operation `write`, `full`). What a `persist()` in vain holds
 * back is held until a later one is durable, and a sync asked for between a write in vain and its error confirms nothing.
 * A protocol without `onDiskError` stops, loses what it had not synced, and starts again when the fault has ended.
 */
export const diskFull: FaultDefinition = {
  kind: "diskFull",
  summary: "No space is left on disks: nothing of what is written is kept, and nodes hear of it, or stop and start when it ends.",
  source: "Yuan et al., “Simple testing can prevent most critical failures”, OSDI 2014: error handling that nobody had tried; etcd's NOSPACE alarm.",
  params: { type: "selector" },
  choose: (world, fault) => chooseDisks(world, fault, fault.params.value as Selector),
  begin: (world, fault, struck) => worsenDisks(world, fault, struck, { type: "full" }),
  end: mendDisks,
};

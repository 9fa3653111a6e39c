import { priorityQueueWay } from "../fast/priority-queue.ts";
import { refuteContainer } from "../refute-container.ts";
import { plainModel, returns } from "./plain.ts";

/** In rising order; a number may be there more than once. */
type Items = readonly number[];

/** Numbers, of which the least comes first. `deleteMin` and `peek` return null where it is empty. */
export const priorityQueue = plainModel<Items>({
  name: "priority-queue",
  summary: "numbers, the least first (one queue for each key), empty at first: insert, deleteMin, peek",
  initial: [],
  changes: {
    insert: (items, { input }) => [...items, input as number].sort((a, b) => a - b),
    deleteMin: (items, call) => (returns(call, items[0] ?? null) ? items.slice(1) : undefined),
  },
  fast: priorityQueueWay,
  refute: refuteContainer("priority-queue"),
  looks: { peek: (items, call) => returns(call, items[0] ?? null) },
  elements: ({ f, input, output, known }) => (f === "insert" ? [input] : !known ? undefined : output === null ? [] : [output]),
  misfit: ({ f, input }) => (f === "insert" && typeof input !== "number" ? "insert takes a number" : undefined),
});

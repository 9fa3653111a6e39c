import { queueWay } from "../fast/queue.ts";
import { refuteContainer } from "../refute-container.ts";
import { plainModel, returns } from "./plain.ts";

type Items = readonly unknown[];

const take = (items: Items): Items => items.slice(1);

/** First in, first out, empty at first. `dequeue` and `peek` return null where it is empty. */
export const queue = plainModel<Items>({
  name: "queue",
  summary: "first in, first out (one for each key), empty at first: enqueue, dequeue, peek",
  initial: [],
  changes: {
    enqueue: (items, { input }) => [...items, input],
    dequeue: (items, call) => (returns(call, items[0] ?? null) ? take(items) : undefined),
  },
  fast: queueWay,
  refute: refuteContainer("queue"),
  looks: { peek: (items, call) => returns(call, items[0] ?? null) },
  elements: ({ f, input, output, known }) => (f === "enqueue" ? [input] : !known ? undefined : output === null ? [] : [output]),
  misfit: ({ f, input }) => (f === "enqueue" && input === null ? "enqueue takes a value" : undefined),
});

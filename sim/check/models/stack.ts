import { stackWay } from "../fast/stack.ts";
import { refuteContainer } from "../refute-container.ts";
import { plainModel, returns } from "./plain.ts";

type Items = readonly unknown[];

/** Last in, first out, empty at first. `pop` and `peek` return null where it is empty. */
export const stack = plainModel<Items>({
  name: "stack",
  summary: "last in, first out (one for each key), empty at first: push, pop, peek",
  initial: [],
  changes: {
    push: (items, { input }) => [...items, input],
    pop: (items, call) => (returns(call, items.at(-1) ?? null) ? items.slice(0, -1) : undefined),
  },
  fast: stackWay,
  refute: refuteContainer("stack"),
  looks: { peek: (items, call) => returns(call, items.at(-1) ?? null) },
  elements: ({ f, input, output, known }) => (f === "push" ? [input] : !known ? undefined : output === null ? [] : [output]),
  misfit: ({ f, input }) => (f === "push" && input === null ? "push takes a value" : undefined),
});

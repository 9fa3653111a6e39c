import { type Call, plainModel, returns } from "./plain.ts";

/** A number, 0 at first. What `add` returns is not looked at: some return the old value, some the new one, most nothing. */
export const counter = plainModel<number>({
  name: "counter",
  summary: "a number (one for each key), 0 at first: add, increment, decrement, read",
  initial: 0,
  changes: {
    add: (sum, { input }) => sum + (input as number),
    increment: (sum, call) => sum + stepOf(call),
    decrement: (sum, call) => sum - stepOf(call),
  },
  looks: { read: (sum, call) => returns(call, sum) },
  misfit(call) {
    const { f, input, output, known } = call;
    if (f === "read") return !known || isNumber(output) ? undefined : "read returns a whole number";
    if (f === "add") return isNumber(input) ? undefined : "add takes a whole number";
    return isNumber(stepOf(call)) ? undefined : `${f} takes a whole number, or nothing`;
  },
});

function stepOf({ input }: Call): number {
  return input === null ? 1 : (input as number);
}

function isNumber(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

import { logWay } from "../fast/log.ts";
import { type Call, plainModel, returns } from "./plain.ts";

type Entries = readonly unknown[];

/**
 * A log that is only added to. `append` may return the entry's offset, from 0; `read` of an offset returns what is there,
 * null beyond the end, and `read` of nothing the whole log; `length` its length.
 */
export const log = plainModel<Entries>({
  name: "log",
  summary: "entries by offset (one log for each key), empty at first: append, read, length",
  initial: [],
  changes: {
    append: (entries, call) => (tellsOffset(call) && call.output !== entries.length ? undefined : [...entries, call.input]),
  },
  fast: logWay,
  looks: {
    read: (entries, call) => returns(call, call.input === null ? entries : (entries[call.input as number] ?? null)),
    length: (entries, call) => returns(call, entries.length),
  },
  misfit({ f, input, output, known }) {
    if (f === "append") return input === null ? "append takes a value" : undefined;
    if (f === "length") return !known || Number.isSafeInteger(output) ? undefined : "length returns a number";
    if (input !== null && !(Number.isSafeInteger(input) && (input as number) >= 0)) return "read takes an offset from 0, or nothing";
    return input === null && known && !Array.isArray(output) ? "read without an offset returns the list of all entries" : undefined;
  },
});

/** A completion that repeats what was appended says nothing of the offset. */
function tellsOffset({ known, input, output }: Call): boolean {
  return known && Number.isSafeInteger(output) && output !== input;
}

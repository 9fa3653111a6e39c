/** Read your writes (Terry et al., PDIS 1994): what a session reads is not older than what it has written. */
import type { Guarantee } from "./session.ts";
import { shown } from "./words.ts";

export const readYourWrites: Guarantee = {
  name: "readYourWrites",
  marks(operation, origins) {
    return operation.outcome === "ok" && origins.written(operation) !== undefined ? { operation, invoked: operation.invoked } : undefined;
  },
  tell({ operation }, mark, words) {
    const own = words.hadDone(mark.operation).replace(/^.*?'s /, "its own ");
    return `${words.did(operation)}, ${seenOf(operation)}which is older, after ${own}`;
  },
};

/** A comparison says what it found only in its argument. */
export function seenOf({ f, input }: { readonly f: string; readonly input: unknown }): string {
  return f === "cas" ? `finding ${shown((input as readonly unknown[])[0])}, ` : "";
}

/** Monotonic reads (Terry et al., PDIS 1994): what a session reads is not older than what it has read before. */
import { seenOf } from "./read-your-writes.ts";
import type { Guarantee } from "./session.ts";

export const monotonicReads: Guarantee = {
  name: "monotonicReads",
  marks(operation, origins) {
    const sight = origins.seen(operation);
    return sight?.age === undefined ? undefined : { operation, invoked: sight.age.invoked };
  },
  tell({ operation }, mark, words) {
    const earlier = words.hadDone(mark.operation).replace(/^.*?'s /, "its earlier ");
    return `${words.did(operation)}, ${seenOf(operation)}which is older, after ${earlier}`;
  },
};

/** Monotonic writes (Terry et al., PDIS 1994): who has seen a write sees nothing older than what its session had written before. */
import { judgePassedOn, type PassedGuarantee } from "./passed-on.ts";
import { readYourWrites, seenOf } from "./read-your-writes.ts";
import type { Operation } from "./history.ts";
import type { Model } from "./models/model.ts";
import type { Verdict } from "./verdict.ts";

const guarantee: PassedGuarantee = {
  name: "monotonicWrites",
  marks: readYourWrites.marks,
  tell({ sight: { operation }, mark, through, seenBy }, words) {
    return `${words.did(operation)}, ${seenOf(operation)}which is older than what ${words.hadDone(mark.operation)}, although ${words.did(seenBy)} had shown what the same session wrote after that (${through.f} ${words.began(through)})`;
  },
};

export function monotonicWrites(operations: readonly Operation[], model: Model): Verdict {
  return judgePassedOn(operations, model, guarantee);
}

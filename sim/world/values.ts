/** What clients write. */
import { sampler } from "../kernel/distribution.ts";
import type { Stream } from "../kernel/stream.ts";
import type { Value } from "../protocol.ts";
import type { WorkloadConfig } from "./config.ts";

/** A longer tail is cut here: values are held by the history, the trace and every node. Bytes. */
export const LARGEST_VALUE = 1_048_576;

/** What a text takes in the canonical encoding beside its own bytes, up to which length. */
const HEADS: readonly (readonly [bytes: number, below: number])[] = [[1, 32], [2, 128], [3, 16_384], [4, Infinity]];

/** Slices of one text share its memory until somebody reads them. */
let dots = ".";

/**
 * Makes the n-th value written in a run: n itself, or a text `#n......` of a size that is drawn. The dot after n makes it
 * unique as a part of other texts too, so a text is longer than asked where there is no room for that.
 */
export function valueMaker({ values }: Pick<WorkloadConfig, "values">): (nth: number, stream: () => Stream) => Value {
  if (values === undefined) return (nth) => nth;
  const size = sampler(values.size);
  return (nth, stream) => padded(`#${nth}.`, lengthOf(Math.min(size(stream()), LARGEST_VALUE)));
}

function padded(text: string, length: number): string {
  while (dots.length < length) dots += dots;
  return length <= text.length ? text : text + dots.slice(0, length - text.length);
}

/** How long a text of so many bytes is. There is none of 33 or 130 bytes, among others: it is one byte smaller. */
function lengthOf(bytes: number): number {
  const [head] = HEADS.find(([head, below]) => bytes - head < below) as readonly [number, number];
  return bytes - head;
}

/** The state of the cluster as bytes, by which a reader can begin in the middle of a trace. */
import { type PlainTraceState, TraceState } from "./state.ts";
import { ByteReader, ByteWriter, NameReader, Names, readValue, writeValue } from "./value.ts";

export function writeKeyframe(state: TraceState): Uint8Array {
  const out = new ByteWriter();
  writeValue(state.toPlain(), out, new Names());
  return out.slice();
}

/** The state as plain data, see {@link TraceState.fromPlain}. */
export function readKeyframe(bytes: Uint8Array): PlainTraceState {
  return readValue(new ByteReader(bytes), new NameReader()) as PlainTraceState;
}

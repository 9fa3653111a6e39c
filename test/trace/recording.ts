/** Traces in memory, and what a reader gives back, for the tests of this folder. */
import type { Annotation, TraceEvent, TraceSink } from "../../sim/trace/event.ts";
import { TraceEncoder } from "../../sim/trace/encode.ts";
import { concatBytes } from "../../sim/trace/value.ts";
import { busyRun, header } from "./arbitrary.ts";

/** Everything that a sink is given, in order. */
export class Recording implements TraceSink {
  readonly records: (TraceEvent | Annotation)[] = [];

  event(event: TraceEvent): void {
    this.records.push({ ...event });
  }

  annotation(annotation: Annotation): void {
    this.records.push(annotation);
  }

  get events(): TraceEvent[] {
    return this.records.filter((record): record is TraceEvent => "kind" in record);
  }
}

export interface Written {
  readonly bytes: Uint8Array;
  readonly encoder: TraceEncoder;
  readonly recording: Recording;
}

/** A trace file in memory, of what `feed` says. */
export function writeTrace(feed: (sink: Required<Pick<TraceSink, "event" | "annotation">>) => void, result: unknown = { verdict: "pass" }, complete = true): Written {
  const pieces: Uint8Array[] = [];
  const encoder = new TraceEncoder(header, (bytes) => pieces.push(bytes));
  const recording = new Recording();
  feed({
    event(event) {
      recording.event(event);
      encoder.event(event);
    },
    annotation(annotation) {
      recording.annotation(annotation);
      encoder.annotation(annotation);
    },
  });
  encoder.finish(result, complete);
  return { bytes: concatBytes(pieces), encoder, recording };
}

/** A trace of several blocks. */
export function writeBusyTrace(count: number): Written {
  return writeTrace((sink) => {
    busyRun(count, (event, annotations) => {
      sink.event(event);
      for (const annotation of annotations) sink.annotation(annotation);
    });
  });
}

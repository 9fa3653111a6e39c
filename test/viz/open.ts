/** A made-up run as the viewer's worker and page hold it. */
import { Desk } from "../../viz/model/desk.ts";
import { Recorder, type RunData } from "../../viz/model/recorder.ts";
import { Run } from "../../viz/model/run.ts";
import type { Annotation, TraceFooter, TraceSink } from "../../sim/trace/event.ts";
import { TraceEvent } from "../../sim/trace/event.ts";
import { TraceEncoder } from "../../sim/trace/encode.ts";
import { syntheticHeader, syntheticRun } from "./synthetic.ts";

export interface Opened {
  readonly recorder: Recorder;
  readonly data: RunData;
  readonly run: Run;
  readonly desk: Desk;
  readonly events: readonly TraceEvent[];
  readonly annotations: readonly Annotation[];
}

/** Records a made-up run, and keeps what went into it. */
export function openSynthetic(count: number, result?: (footer: TraceFooter) => unknown): Opened {
  const recorder = new Recorder(syntheticHeader());
  const events: TraceEvent[] = [];
  const annotations: Annotation[] = [];
  const both: TraceSink = {
    event(event) {
      events.push(Object.assign(new TraceEvent(), event));
      recorder.event(event);
    },
    annotation(annotation) {
      annotations.push(annotation);
      recorder.annotation(annotation);
    },
  };
  const { footer } = syntheticRun(both, count);
  const data = recorder.finish(result === undefined ? footer : { ...footer, result: result(footer) });
  return { recorder, data, run: new Run(data), desk: new Desk(recorder, data, {}), events, annotations };
}

/** The same run as a trace file. */
export function syntheticTrace(count: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  const encoder = new TraceEncoder(syntheticHeader(), (bytes) => void chunks.push(bytes));
  const { footer } = syntheticRun(encoder, count);
  encoder.finish(footer.result, true);
  return Buffer.concat(chunks);
}

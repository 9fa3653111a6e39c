/** Watches for the event at which a run ends before its duration. */
import type { Annotation, TraceEvent, TraceSink } from "../trace/event.ts";
import { VIOLATION } from "./format/experiment.ts";
import type { Stop } from "./scenario.ts";

export class StopWatch implements TraceSink {
  readonly takesAnnotations = true;
  /** Virtual time at which the run is to end; undefined until it is known. */
  endNs: number | undefined;
  readonly stop: Stop;
  readonly #onKnown: () => void;
  #left: number;
  #nowNs = 0;

  /** `onKnown` is called when `endNs` is, in the middle of an event. */
  constructor(stop: Stop, onKnown: () => void) {
    this.stop = stop;
    this.#onKnown = onKnown;
    this.#left = stop.nth;
  }

  event(event: TraceEvent): void {
    this.#nowNs = event.time;
    if (event.kind === "emit" && event.name === this.stop.event) this.#occur(event.time);
  }

  annotation(annotation: Annotation): void {
    if (annotation.type === "violation" && this.stop.event === VIOLATION) this.#occur(this.#nowNs);
  }

  #occur(timeNs: number): void {
    this.#left -= 1;
    if (this.#left !== 0) return;
    this.endNs = timeNs + this.stop.afterNs;
    this.#onKnown();
  }
}

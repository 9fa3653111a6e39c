/** A run as lines that a person can read and a golden file can keep. */
import type { EventKind, TraceEvent, TraceSink } from "../trace/event.ts";
import { describeEvent, type Words } from "./event.ts";
import type { Names } from "./names.ts";
import { formatTime } from "./units.ts";

export interface TranscriptOptions {
  readonly names: Names;
  /** How the protocol's messages read. */
  readonly words?: Words | undefined;
  /** Kinds of events that get no line. */
  readonly without?: readonly EventKind[];
  /** Lines beyond this number are counted, not kept. */
  readonly atMost?: number;
}

const TIME_WIDTH = 12;

/** Watches a run and keeps a line an event: `     1.204ms  n1→n2 AppendEntries term 1 prev 1/2`. */
export class Transcript implements TraceSink {
  readonly lines: string[] = [];
  readonly #options: TranscriptOptions;
  #more = 0;

  constructor(options: TranscriptOptions) {
    this.#options = options;
  }

  event(event: TraceEvent): void {
    if (this.#options.without?.includes(event.kind)) return;
    if (this.lines.length >= (this.#options.atMost ?? Infinity)) {
      this.#more += 1;
      return;
    }
    this.lines.push(transcriptLine(event, this.#options.names, this.#options.words));
  }

  /** The lines as a text that ends in a newline, with how many were left out. */
  text(): string {
    const more = this.#more === 0 ? [] : [`${" ".repeat(TIME_WIDTH)}  … and ${this.#more} more`];
    return [...this.lines, ...more].map((line) => `${line}\n`).join("");
  }
}

/** One line: the exact time, then the event. */
export function transcriptLine(event: TraceEvent, names: Names, words?: Words): string {
  return `${formatTime(event.time).padStart(TIME_WIDTH)}  ${describeEvent(event, names, words)}`;
}

/** The events as lines of text. */
export function transcript(events: Iterable<TraceEvent>, options: TranscriptOptions): string {
  const sink = new Transcript(options);
  for (const event of events) sink.event(event);
  return sink.text();
}

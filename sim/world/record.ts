import { clearEvent, TraceEvent, type Annotation, type EventKind, type TraceSink } from "../trace/event.ts";

/**
 * Numbers the events of a run and hands each to whoever watches. One object serves for all events: `begin` empties it,
 * the caller fills in what its kind carries, and `commit` passes it on.
 */
export class Recorder {
  readonly #sinks: readonly TraceSink[];
  readonly #event = new TraceEvent();
  #nextId = 0;

  constructor(sinks: readonly TraceSink[]) {
    this.#sinks = sinks;
  }

  /** False where nobody watches: events are numbered, and not built. */
  get isWatched(): boolean {
    return this.#sinks.length > 0;
  }

  /** How many events there have been, which is the next one's id. */
  get events(): number {
    return this.#nextId;
  }

  /** Numbers an event that nobody watches. */
  skip(): number {
    return this.#nextId++;
  }

  begin(kind: EventKind, time: number, cause: number): TraceEvent {
    const event = this.#event;
    clearEvent(event);
    event.kind = kind;
    event.time = time;
    event.cause = cause;
    event.id = this.#nextId;
    return event;
  }

  /** Hands the event begun last to the watchers; its id. */
  commit(): number {
    for (const sink of this.#sinks) sink.event(this.#event);
    return this.#nextId++;
  }

  annotate(annotation: Annotation): void {
    for (const sink of this.#sinks) sink.annotation?.(annotation);
  }

  /** A recorder that goes on numbering from here, for other watchers. */
  fork(sinks: readonly TraceSink[]): Recorder {
    const fork = new Recorder(sinks);
    fork.#nextId = this.#nextId;
    return fork;
  }
}

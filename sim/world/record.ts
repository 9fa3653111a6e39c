import { clearEvent, TraceEvent, UNMEASURED, type Annotation, type EventKind, type TraceSink } from "../trace/event.ts";
import { sizeOf } from "../trace/value.ts";

/**
 * Numbers the events of a run and hands each to whoever watches. One object serves for all events: `begin` empties it,
 * the caller fills in what its kind carries, and `commit` passes it on.
 */
export class Recorder {
  readonly #sinks: readonly TraceSink[];
  readonly #annotated: readonly TraceSink[];
  /** Those who hear lines for people: these, and who takes nothing else. */
  readonly #listening: readonly TraceSink[];
  /** Whether the first watcher measures, so that the others meet events with their sizes. */
  readonly #isMeasured: boolean;
  readonly #event = new TraceEvent();
  #nextId = 0;

  constructor(sinks: readonly TraceSink[]) {
    this.#sinks = sinks;
    this.#listening = sinks.filter((sink) => sink.annotation !== undefined && sink.takesAnnotations !== false);
    this.#annotated = this.#listening.filter((sink) => sink.takesAnnotations !== "lines");
    this.#isMeasured = sinks[0]?.measures === true;
  }

  /** False where nobody watches: events are numbered, and not built. */
  get isWatched(): boolean {
    return this.#sinks.length > 0;
  }

  /** False where nobody would hear an annotation, but for lines. */
  get isAnnotated(): boolean {
    return this.#annotated.length > 0;
  }

  /** False where nobody would hear a line. */
  get isHeard(): boolean {
    return this.#listening.length > 0;
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

  /** The `bytes` of an event with this data: its size, or that it is still to be measured. */
  bytesOf(data: unknown): number {
    return this.#isMeasured ? UNMEASURED : sizeOf(data);
  }

  /** Hands the event begun last to the watchers, if there are any; its id. */
  commit(): number {
    const sinks = this.#sinks;
    for (let index = 0; index < sinks.length; index += 1) (sinks[index] as TraceSink).event(this.#event);
    return this.#nextId++;
  }

  annotate(annotation: Annotation): void {
    for (const sink of this.#annotated) sink.annotation?.(annotation);
  }

  /** Hands on a line for people. */
  say(line: Extract<Annotation, { readonly type: "log" }>): void {
    for (const sink of this.#listening) sink.annotation?.(line);
  }

  /** A recorder that goes on numbering from here, for other watchers. */
  fork(sinks: readonly TraceSink[]): Recorder {
    const fork = new Recorder(sinks);
    fork.#nextId = this.#nextId;
    return fork;
  }
}

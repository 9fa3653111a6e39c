/** Events of a trace by their number. Only the blocks that are asked for are read, and the last few are kept. */
import type { Trace } from "./decode.ts";
import { TraceEvent, type TraceBlock } from "./event.ts";

/** What is asked of a trace here. */
export type Searchable = Pick<Trace, "blocks" | "forEach" | "blockOf" | "header" | "footer">;

/** Enough for the place that is looked at, and for causes that lie a little back. */
const KEPT_BLOCKS = 4;

export class EventLookup {
  readonly trace: Searchable;
  /** Blocks in the order in which they were used last, the latest at the end. */
  readonly #kept = new Map<number, readonly TraceEvent[]>();
  #firstEvent = 0;
  /** The block used last, and its events. */
  #events: readonly TraceEvent[] = [];

  constructor(trace: Searchable) {
    this.trace = trace;
  }

  /** How many events there are. */
  get count(): number {
    return this.trace.footer.events;
  }

  /** An event, which is the caller's to keep; undefined where the trace has none of that number. Throws a TraceError on damage. */
  at(id: number): TraceEvent | undefined {
    if (id < 0 || id >= this.count) return undefined;
    const index = id - this.#firstEvent;
    return index >= 0 && index < this.#events.length ? this.#events[index] : this.#turnTo(id);
  }

  #turnTo(id: number): TraceEvent | undefined {
    const number = this.trace.blockOf(id);
    const events = this.#kept.get(number) ?? this.#read(number);
    this.#kept.delete(number);
    this.#kept.set(number, events);
    if (this.#kept.size > KEPT_BLOCKS) this.#kept.delete(this.#kept.keys().next().value as number);
    this.#events = events;
    this.#firstEvent = (this.trace.blocks[number] as TraceBlock).event;
    return events[id - this.#firstEvent];
  }

  #read(number: number): TraceEvent[] {
    const events: TraceEvent[] = [];
    this.trace.forEach({ event: (event) => void events.push(Object.assign(new TraceEvent(), event)) }, number, number + 1);
    return events;
  }
}

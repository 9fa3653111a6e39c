/** The loop: virtual time, and the events that are to come. It knows what an event means only through its handler. */
import { EventQueue } from "./queue.ts";

/** Why {@link Kernel.runWhile} ended. */
export type RunEnd = "condition" | "empty" | "limit" | "interrupted";

export class Kernel<T> {
  /** Virtual time in nanoseconds. */
  now = 0;
  readonly #handle: (payload: T) => void;
  #queue = new EventQueue<T>();
  #running = false;
  #interrupted = false;

  /** `handle` is called with each event's payload, at its time, and may schedule and cancel others. */
  constructor(handle: (payload: T) => void) {
    this.#handle = handle;
  }

  /** Schedules an event `after` nanoseconds from now; returns its handle. RangeError where that is no whole number from 0. */
  schedule(after: number, payload: T): number {
    if (!(after >= 0)) throw new RangeError(`an event must be scheduled 0 or more nanoseconds from now, not ${after}`);
    return this.#queue.push(this.now + after, payload);
  }

  /** Schedules an event at a virtual time; returns its handle. RangeError where that is before now or no whole number. */
  scheduleAt(time: number, payload: T): number {
    if (time < this.now) throw new RangeError(`an event at ${time} ns would be in the past: it is ${this.now} ns`);
    return this.#queue.push(time, payload);
  }

  /** Takes an event out before its time. False where it has run, is running or was cancelled. */
  cancel(handle: number): boolean {
    return this.#queue.cancel(handle);
  }

  /** How many events are to come. */
  get pending(): number {
    return this.#queue.size;
  }

  /** Virtual time of the next event; Infinity where there is none. */
  nextTime(): number {
    return this.#queue.nextTime();
  }

  /** Runs one event. False where there is none. An interrupt does not hold it back. */
  step(): boolean {
    this.#enter();
    try {
      if (this.#queue.size === 0) return false;
      this.#runNext();
      return true;
    } finally {
      this.#running = false;
    }
  }

  /**
   * Runs every event at or before `time` and sets the time to it: true. False where `maxEvents` had run or an interrupt
   * came first; calling it again goes on from there. RangeError where `time` is before now.
   */
  runUntil(time: number, maxEvents = Infinity): boolean {
    if (!(time >= this.now && time <= Number.MAX_SAFE_INTEGER && Math.floor(time) === time)) {
      throw new RangeError(`cannot run until ${time} ns: it is ${this.now} ns`);
    }
    this.#enter();
    try {
      for (let ran = 0; !this.#interrupted; ran += 1) {
        if (this.#queue.nextTime() > time) {
          this.now = time;
          return true;
        }
        if (ran >= maxEvents) return false;
        this.#runNext();
      }
      this.#interrupted = false;
      return false;
    } finally {
      this.#running = false;
    }
  }

  /** Runs events while a condition holds, which is asked before each; says why it ended. Time stays at the last event. */
  runWhile(condition: () => boolean, maxEvents = Infinity): RunEnd {
    this.#enter();
    try {
      for (let ran = 0; !this.#interrupted; ran += 1) {
        if (!condition()) return "condition";
        if (this.#queue.size === 0) return "empty";
        if (ran >= maxEvents) return "limit";
        this.#runNext();
      }
      this.#interrupted = false;
      return "interrupted";
    } finally {
      this.#running = false;
    }
  }

  /**
   * Ends the current run after the event that is running. Between two runs it ends the next one before its first event,
   * so that a signal that arrives between slices of a long run is not lost.
   */
  interrupt(): void {
    this.#interrupted = true;
  }

  /** A kernel with the same time and pending events, under the same handles, which goes its own way from here. */
  copy(handle: (payload: T) => void): Kernel<T> {
    const copy = new Kernel<T>(handle);
    copy.now = this.now;
    copy.#queue = this.#queue.copy();
    return copy;
  }

  #enter(): void {
    if (this.#running) throw new Error("a handler must not run the kernel that runs it");
    this.#running = true;
  }

  #runNext(): void {
    const payload = this.#queue.pop() as T;
    this.now = this.#queue.poppedTime;
    this.#handle(payload);
  }
}

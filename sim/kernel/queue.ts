/**
 * The event queue: a 4-ary heap on typed arrays, whose events live in pooled slots. Events come out by time, and those
 * of one time in the order in which they were pushed.
 *
 * A popped or cancelled event stays in the heap as a dead entry until it is at the root or more than half of the heap
 * is dead. So cancelling costs nothing but a mark, and the first event that a handler schedules takes the place of the
 * one that is being handled: one walk down the heap, instead of one down for the pop and one up for the push. Keeping
 * every event's position, so as to take it out at once, was measured too: for timers that each message resets it is
 * no faster, and where nothing is cancelled a fifth slower.
 */

const LATEST = Number.MAX_SAFE_INTEGER;
/** A handle is generation × SLOT_RANGE + slot; the generation counts how often the slot has been used. */
const SLOT_RANGE = 2 ** 24;

/** Where numbers would leave their range. Given to a queue only to test what happens there. */
export interface QueueLimits {
  /** How many slots there may be, so how many events may be pending. */
  readonly slots: number;
  /** How often a slot is used before it is given up: with more, handles would leave the safe integers. */
  readonly generations: number;
  /** How many events are pushed before the pending ones are numbered afresh. */
  readonly sequences: number;
}
const LIMITS: QueueLimits = { slots: SLOT_RANGE, generations: 2 ** 29 - 1, sequences: 2 ** 31 - 1 };

// The root is at position 1 and the children of position p at 4p - 2 … 4p + 1. Large arrays begin 16 bytes into a page
// with the usual allocators, so that four children lie in one line of the processor's cache.
const ROOT = 1;
/** Positions behind the last one, so that the children of any entry can be read. Like all free ones they hold Infinity. */
const PADDING = 4;
/** With fewer dead entries than this, compacting is not worth its while. */
const FEW = 64;

export class EventQueue<T> {
  /** Virtual time of the event that was popped last. */
  poppedTime = 0;

  // By position in the heap. Behind the last entry #slots holds the free slots.
  #times = new Float64Array(ROOT);
  #slots = new Int32Array(ROOT);
  // By slot: first the sequence number of its event, then its generation.
  #stamps = new Int32Array(0);
  /** By slot; undefined where the slot is free or its event was popped or cancelled. */
  #payloads: (T | undefined)[] = [];

  /** The position behind the last entry. */
  #end = ROOT;
  /** The position behind the last one that there is room for. */
  #full = ROOT;
  /** Slots in use and free, and those given up. */
  #slotCount = 0;
  /** Dead entries in the heap. */
  #dead = 0;
  #rootIsDead = false;
  /** The sequence number given last. */
  #sequence = 0;
  readonly #limits: QueueLimits;

  constructor(limits = LIMITS) {
    this.#limits = limits;
    this.#grow(64);
  }

  /** Events that are pending; popped and cancelled ones are not. */
  get size(): number {
    return this.#end - ROOT - this.#dead;
  }

  /**
   * Adds an event and returns its handle, a positive safe integer. RangeError where `time` is not a whole number from 0
   * to 2^53 - 1, TypeError where the payload is undefined. Copies of the queue share the payload: do not change it.
   */
  push(time: number, payload: T): number {
    if (!(time >= 0 && time <= LATEST && Math.floor(time) === time) || payload === undefined) throw refusal(time);
    const position = this.#rootIsDead ? ROOT : this.#end;
    if (position === this.#full || this.#sequence === this.#limits.sequences) this.#makeRoom();
    let slot = this.#slots[position]!;
    if (this.#stamps[2 * slot + 1] === this.#limits.generations) slot = this.#addSlots(1);

    const stamps = this.#stamps;
    const generation = stamps[2 * slot + 1]! + 1;
    stamps[2 * slot + 1] = generation;
    stamps[2 * slot] = ++this.#sequence;
    this.#payloads[slot] = payload;
    if (this.#rootIsDead) {
      this.#dead -= 1;
      this.#sink(ROOT, time, slot);
      // What has come up may have been cancelled before.
      this.#rootIsDead = this.#payloads[this.#slots[ROOT]!] === undefined;
    } else {
      this.#end = position + 1;
      this.#rise(position, time, slot);
    }
    return generation * SLOT_RANGE + slot;
  }

  /** Takes an event out before its time. False where it has been popped or cancelled already. */
  cancel(handle: number): boolean {
    const slot = handle & (SLOT_RANGE - 1);
    const generation = (handle - slot) / SLOT_RANGE;
    if (this.#stamps[2 * slot + 1] !== generation || this.#payloads[slot] === undefined) return false;
    this.#payloads[slot] = undefined;
    this.#dead += 1;
    if (slot === this.#slots[ROOT]) this.#rootIsDead = true;
    else if (this.#dead > FEW && 2 * this.#dead > this.#end - ROOT) this.#compact();
    return true;
  }

  /** Time of the next event; Infinity where there is none. */
  nextTime(): number {
    if (this.#rootIsDead) this.#dropDeadRoots();
    return this.#times[ROOT]!;
  }

  /** Takes out the next event and returns its payload; its time is then `poppedTime`. Undefined where there is none. */
  pop(): T | undefined {
    if (this.#rootIsDead) this.#dropDeadRoots();
    if (this.#end === ROOT) return undefined;
    const slot = this.#slots[ROOT]!;
    const payload = this.#payloads[slot];
    this.#payloads[slot] = undefined;
    this.poppedTime = this.#times[ROOT]!;
    this.#rootIsDead = true;
    this.#dead += 1;
    return payload;
  }

  /** A queue of the same events under the same handles, which goes its own way from here. Payloads are shared. */
  copy(): EventQueue<T> {
    const copy = new EventQueue<T>(this.#limits);
    copy.poppedTime = this.poppedTime;
    copy.#times = this.#times.slice();
    copy.#slots = this.#slots.slice();
    copy.#stamps = this.#stamps.slice();
    copy.#payloads = this.#payloads.slice();
    copy.#end = this.#end;
    copy.#full = this.#full;
    copy.#slotCount = this.#slotCount;
    copy.#dead = this.#dead;
    copy.#rootIsDead = this.#rootIsDead;
    copy.#sequence = this.#sequence;
    return copy;
  }

  #dropDeadRoots(): void {
    const times = this.#times;
    const slots = this.#slots;
    do {
      const freed = slots[ROOT]!;
      this.#end -= 1;
      const time = times[this.#end]!;
      const slot = slots[this.#end]!;
      times[this.#end] = Infinity;
      slots[this.#end] = freed;
      this.#dead -= 1;
      if (this.#end > ROOT) this.#sink(ROOT, time, slot);
    } while (this.#end > ROOT && this.#payloads[slots[ROOT]!] === undefined);
    this.#rootIsDead = false;
  }

  /** Puts an entry at a position or above it. It is the youngest of all, so it stays below others of its time. */
  #rise(position: number, time: number, slot: number): void {
    const times = this.#times;
    const slots = this.#slots;
    while (position > ROOT) {
      const parent = (position + 2) >> 2;
      const parentTime = times[parent]!;
      if (time >= parentTime) break;
      times[position] = parentTime;
      slots[position] = slots[parent]!;
      position = parent;
    }
    times[position] = time;
    slots[position] = slot;
  }

  /** Puts an entry at a position or below it. */
  #sink(position: number, time: number, slot: number): void {
    const times = this.#times;
    const slots = this.#slots;
    const end = this.#end;
    for (let first = 4 * position - 2; first < end; first = 4 * position - 2) {
      const time0 = times[first]!;
      const time1 = times[first + 1]!;
      const time2 = times[first + 2]!;
      const time3 = times[first + 3]!;
      // Chosen by arithmetic: which child is the next is a toss-up, and a branch on it would be mispredicted half the time.
      const left = first + +(time1 < time0);
      const right = first + 2 + +(time3 < time2);
      const leftTime = times[left]!;
      const rightTime = times[right]!;
      let child = left + ((right - left) & -(rightTime < leftTime));
      if (+(time0 === time1) | +(time2 === time3) | +(leftTime === rightTime)) child = this.#firstChild(first);
      const childTime = times[child]!;
      if (time < childTime || (time === childTime && this.#isOlder(slot, slots[child]!))) break;
      times[position] = childTime;
      slots[position] = slots[child]!;
      position = child;
    }
    times[position] = time;
    slots[position] = slot;
  }

  /** Which of the four children from a position on comes first, where some have the same time. */
  #firstChild(first: number): number {
    const times = this.#times;
    const slots = this.#slots;
    let best = first;
    for (let child = first + 1; child < first + 4; child += 1) {
      if (times[child]! < times[best]! || (times[child] === times[best] && this.#isOlder(slots[child]!, slots[best]!))) best = child;
    }
    return best;
  }

  #isOlder(slot: number, other: number): boolean {
    return this.#stamps[2 * slot]! < this.#stamps[2 * other]!;
  }

  /** Takes every dead entry out of the heap. Where the others come to lie has no effect on their order of coming out. */
  #compact(): void {
    const times = this.#times;
    const slots = this.#slots;
    let kept = ROOT;
    for (let position = ROOT; position < this.#end; position += 1) {
      const slot = slots[position]!;
      if (this.#payloads[slot] === undefined) continue;
      times[kept] = times[position]!;
      slots[position] = slots[kept]!;
      slots[kept] = slot;
      kept += 1;
    }
    times.fill(Infinity, kept, this.#end);
    this.#end = kept;
    this.#dead = 0;
    this.#rootIsDead = false;
    for (let position = (kept + 1) >> 2; position >= ROOT; position -= 1) this.#sink(position, times[position]!, slots[position]!);
  }

  /** Numbers the entries from 1 in the order in which they were pushed. */
  #renumber(): void {
    const oldestFirst = this.#slots.slice(ROOT, this.#end).sort((a, b) => this.#stamps[2 * a]! - this.#stamps[2 * b]!);
    this.#sequence = 0;
    for (const slot of oldestFirst) this.#stamps[2 * slot] = ++this.#sequence;
  }

  /** What is seldom to be done before a push. */
  #makeRoom(): void {
    if (this.#sequence === this.#limits.sequences) this.#renumber();
    if (this.#end === this.#full && !this.#rootIsDead) this.#grow(2 * (this.#full - ROOT));
  }

  #grow(capacity: number): void {
    const full = ROOT + capacity;
    const firstNew = this.#addSlots(full - this.#full);
    const times = new Float64Array(full + PADDING).fill(Infinity);
    const slots = new Int32Array(full + PADDING);
    times.set(this.#times.subarray(0, this.#end));
    slots.set(this.#slots.subarray(0, this.#end));
    for (let position = this.#full; position < full; position += 1) slots[position] = firstNew + position - this.#full;
    this.#times = times;
    this.#slots = slots;
    this.#full = full;
  }

  /** Makes new slots, of which it returns the first. */
  #addSlots(count: number): number {
    const first = this.#slotCount;
    if (first + count > this.#limits.slots) throw new RangeError(`more than ${this.#limits.slots} events are pending`);
    this.#slotCount += count;
    if (2 * this.#slotCount > this.#stamps.length) {
      const stamps = new Int32Array(Math.max(2 * this.#slotCount, 2 * this.#stamps.length));
      stamps.set(this.#stamps);
      this.#stamps = stamps;
    }
    while (this.#payloads.length < this.#slotCount) this.#payloads.push(undefined);
    return first;
  }
}

function refusal(time: number): Error {
  if (time >= 0 && time <= LATEST && Math.floor(time) === time) return new TypeError("an event must have a payload");
  return new RangeError(`an event's time must be a whole number of nanoseconds from 0 to 2^53 - 1, not ${time}`);
}

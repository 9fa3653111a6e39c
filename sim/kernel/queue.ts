/**
 * The event queue: a 4-ary heap on typed arrays, whose events live in pooled slots. Events come out by time, and those
 * of one time in the order in which they were pushed.
 *
 * A popped or cancelled event stays in the heap as a dead entry until it is at the root or until more than half of the
 * heap is dead. That makes cancelling a timer cheap, and lets the first event that a handler schedules take the dead
 * root's place: one walk down the heap instead of a walk down for the pop and one up for the push.
 */

/** What the payload of a dead entry or a free slot is. */
const NOTHING = Symbol("no payload");
/** A handle is generation × SLOTS + slot, so that many events can be pending at a time. */
const SLOTS = 2 ** 24;
/** How often a slot is used before it is given up: with more, handles would leave the safe integers. */
const GENERATIONS = 2 ** 29 - 1;
/** Below this many entries the heap is not worth compacting. */
const FEW = 64;
/** Entries behind the last one at Infinity, so that a node with fewer than four children needs no case of its own. */
const PADDING = 4;

export class EventQueue<T> {
  /** Virtual time of the event that was popped last. */
  poppedTime = 0;

  // By position in the heap. Behind the last entry, #slots holds the free slots and #times Infinity.
  #times: Float64Array;
  #slots: Int32Array;
  // By slot.
  #stamps: Float64Array;
  #payloads: (T | typeof NOTHING)[];

  /** Entries in the heap, dead ones included. */
  #entries = 0;
  #capacity = 0;
  #dead = 0;
  #rootIsDead = false;
  /** Events pushed so far. */
  #pushed = 0;
  /** Slots that are in use or free, and those given up. */
  #slotCount = 0;
  readonly #maxHandle: number;

  /** `capacity`: events to have room for at first; `maxGeneration`: how often a slot is used, for tests. */
  constructor(capacity = 64, maxGeneration = GENERATIONS) {
    this.#maxHandle = maxGeneration * SLOTS;
    this.#times = new Float64Array(0);
    this.#slots = new Int32Array(0);
    this.#stamps = new Float64Array(0);
    this.#payloads = [];
    this.#grow(Math.max(1, capacity));
  }

  /** Events that are pending, cancelled ones not counted. */
  get size(): number {
    return this.#entries - this.#dead;
  }

  /**
   * Adds an event and returns its handle, which is never 0. RangeError where `time` is not a non-negative safe
   * integer. What is pushed must not be changed afterwards: copies of the queue share it.
   */
  push(time: number, payload: T): number {
    if (!(time >= 0 && time <= Number.MAX_SAFE_INTEGER && Math.floor(time) === time)) throw badTime(time);
    const position = this.#rootIsDead ? 0 : this.#entries;
    if (position === this.#capacity) this.#grow(2 * position);
    let slot = this.#slots[position]!;
    if (this.#stamps[2 * slot + 1]! > this.#maxHandle) slot = this.#freshSlot();

    this.#payloads[slot] = payload;
    const handle = this.#stamps[2 * slot + 1]!;
    this.#stamps[2 * slot] = ++this.#pushed;
    if (this.#rootIsDead) {
      this.#rootIsDead = false;
      this.#dead -= 1;
      this.#sink(0, time, slot);
    } else {
      this.#entries += 1;
      this.#rise(position, time, slot);
    }
    return handle;
  }

  /** Takes an event out before its time. False where it has been popped or cancelled already. */
  cancel(handle: number): boolean {
    const slot = handle & (SLOTS - 1);
    if (this.#stamps[2 * slot + 1] !== handle || this.#payloads[slot] === NOTHING) return false;
    this.#kill(slot);
    if (slot === this.#slots[0]) this.#rootIsDead = true;
    else if (this.#dead > FEW && 2 * this.#dead > this.#entries) this.#compact();
    return true;
  }

  /** Time of the next event; Infinity where there is none. */
  nextTime(): number {
    if (this.#rootIsDead) this.#dropDeadRoots();
    return this.#times[0]!;
  }

  /** Takes out the next event and returns its payload; its time is `poppedTime`. Undefined where there is none. */
  pop(): T | undefined {
    if (this.#rootIsDead) this.#dropDeadRoots();
    if (this.#entries === 0) return undefined;
    const slot = this.#slots[0]!;
    const payload = this.#payloads[slot] as T;
    this.poppedTime = this.#times[0]!;
    this.#kill(slot);
    this.#rootIsDead = true;
    return payload;
  }

  /** A queue of the same events under the same handles, which goes its own way from here. Payloads are shared. */
  copy(): EventQueue<T> {
    const copy = new EventQueue<T>(1, this.#maxHandle / SLOTS);
    copy.poppedTime = this.poppedTime;
    copy.#times = this.#times.slice();
    copy.#slots = this.#slots.slice();
    copy.#stamps = this.#stamps.slice();
    copy.#payloads = this.#payloads.slice();
    copy.#entries = this.#entries;
    copy.#capacity = this.#capacity;
    copy.#dead = this.#dead;
    copy.#rootIsDead = this.#rootIsDead;
    copy.#pushed = this.#pushed;
    copy.#slotCount = this.#slotCount;
    return copy;
  }

  /** Makes the handle stale and lets go of the payload. The entry stays in the heap. */
  #kill(slot: number): void {
    this.#payloads[slot] = NOTHING;
    this.#stamps[2 * slot + 1]! += SLOTS;
    this.#dead += 1;
  }

  #dropDeadRoots(): void {
    do {
      const slot = this.#slots[0]!;
      const last = --this.#entries;
      const time = this.#times[last]!;
      const moved = this.#slots[last]!;
      this.#times[last] = Infinity;
      this.#slots[last] = slot;
      this.#dead -= 1;
      if (last > 0) this.#sink(0, time, moved);
    } while (this.#entries > 0 && this.#payloads[this.#slots[0]!] === NOTHING);
    this.#rootIsDead = false;
  }

  /** Puts an entry at a position or above it. */
  #rise(position: number, time: number, slot: number): void {
    const times = this.#times;
    const slots = this.#slots;
    while (position > 0) {
      const parent = (position - 1) >> 2;
      const parentTime = times[parent]!;
      // The entry is the youngest of its time, so it stays below its equals.
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
    const stamps = this.#stamps;
    const entries = this.#entries;
    for (let first = 4 * position + 1; first < entries; first = 4 * position + 1) {
      const time0 = times[first]!;
      const time1 = times[first + 1]!;
      const time2 = times[first + 2]!;
      const time3 = times[first + 3]!;
      const left = first + +(time1 < time0);
      const right = first + 2 + +(time3 < time2);
      const leftTime = times[left]!;
      const rightTime = times[right]!;
      let child = left + ((right - left) & -(rightTime < leftTime));
      if (+(time0 === time1) | +(time2 === time3) | +(leftTime === rightTime)) child = this.#firstOfEquals(first);
      const childTime = times[child]!;
      if (time < childTime || (time === childTime && stamps[2 * slot]! < stamps[2 * slots[child]!]!)) break;
      times[position] = childTime;
      slots[position] = slots[child]!;
      position = child;
    }
    times[position] = time;
    slots[position] = slot;
  }

  /** The child that comes first, where some have the same time. */
  #firstOfEquals(first: number): number {
    const times = this.#times;
    let best = first;
    for (let child = first + 1; child < first + 4; child += 1) {
      if (times[child]! < times[best]! || (times[child]! === times[best]! && this.#stamps[2 * this.#slots[child]!]! < this.#stamps[2 * this.#slots[best]!]!)) best = child;
    }
    return best;
  }

  /** Takes every dead entry out of the heap. Which order the rest lies in does not matter: it comes out the same. */
  #compact(): void {
    const times = this.#times;
    const slots = this.#slots;
    let kept = 0;
    for (let position = 0; position < this.#entries; position += 1) {
      const slot = slots[position]!;
      if (this.#payloads[slot] === NOTHING) continue;
      times[kept] = times[position]!;
      slots[position] = slots[kept]!;
      slots[kept] = slot;
      kept += 1;
    }
    times.fill(Infinity, kept, this.#entries);
    this.#entries = kept;
    this.#dead = 0;
    this.#rootIsDead = false;
    for (let position = (kept - 2) >> 2; position >= 0; position -= 1) this.#sink(position, times[position]!, slots[position]!);
  }

  /** A slot that was never used, in place of one whose generations are used up. */
  #freshSlot(): number {
    const slot = this.#slotCount;
    this.#addSlots(1);
    return slot;
  }

  #grow(capacity: number): void {
    const times = new Float64Array(capacity + PADDING).fill(Infinity);
    times.set(this.#times.subarray(0, this.#entries));
    const slots = new Int32Array(capacity + PADDING);
    slots.set(this.#slots.subarray(0, this.#entries));
    for (let position = this.#capacity; position < capacity; position += 1) slots[position] = this.#slotCount + position - this.#capacity;
    this.#addSlots(capacity - this.#capacity);
    this.#times = times;
    this.#slots = slots;
    this.#capacity = capacity;
  }

  #addSlots(count: number): void {
    const slotCount = this.#slotCount + count;
    if (slotCount > SLOTS) throw new RangeError(`more than ${SLOTS} events are pending`);
    if (2 * slotCount > this.#stamps.length) {
      const room = Math.max(slotCount, this.#stamps.length);
      const stamps = new Float64Array(2 * room);
      stamps.set(this.#stamps);
      for (let slot = this.#stamps.length / 2; slot < room; slot += 1) stamps[2 * slot + 1] = SLOTS + slot;
      this.#stamps = stamps;
    }
    while (this.#payloads.length < slotCount) this.#payloads.push(NOTHING);
    this.#slotCount = slotCount;
  }
}

function badTime(time: number): RangeError {
  return new RangeError(`an event's time must be a whole, non-negative number of nanoseconds below 2^53, not ${time}`);
}

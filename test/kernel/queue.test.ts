import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventQueue, type QueueLimits } from "../../sim/kernel/queue.ts";

/** The queue as one would define it: a list, searched from the front for the earliest. */
class NaiveQueue {
  events: { time: number; payload: number }[] = [];

  push(time: number, payload: number): void {
    this.events.push({ time, payload });
  }

  pop(): { time: number; payload: number } | undefined {
    const times = this.events.map((event) => event.time);
    const first = times.indexOf(Math.min(...times));
    return first === -1 ? undefined : this.events.splice(first, 1)[0];
  }

  cancel(payload: number): boolean {
    const position = this.events.findIndex((event) => event.payload === payload);
    if (position !== -1) this.events.splice(position, 1);
    return position !== -1;
  }

  copy(): NaiveQueue {
    const copy = new NaiveQueue();
    copy.events = this.events.slice();
    return copy;
  }
}

interface Pair {
  queue: EventQueue<number>;
  /** Handles by payload; payloads count from 0. */
  handles: number[];
}

function popsAlike(queue: EventQueue<number>, model: NaiveQueue): void {
  const expected = model.pop();
  expect(queue.nextTime()).toBe(expected?.time ?? Infinity);
  expect(queue.pop()).toBe(expected?.payload);
  if (expected !== undefined) expect(queue.poppedTime).toBe(expected.time);
  expect(queue.size).toBe(model.events.length);
}

function drainsAlike(queue: EventQueue<number>, model: NaiveQueue): void {
  const drained: unknown[] = [];
  for (let payload = queue.pop(); payload !== undefined; payload = queue.pop()) drained.push({ time: queue.poppedTime, payload });
  const expected: unknown[] = [];
  for (let event = model.pop(); event !== undefined; event = model.pop()) expected.push(event);
  expect(drained).toEqual(expected);
  expect(queue.size).toBe(0);
}

type Command = fc.Command<NaiveQueue, Pair>;

const push = (time: number): Command => ({
  check: () => true,
  run(model, pair) {
    const payload = pair.handles.length;
    pair.handles.push(pair.queue.push(time, payload));
    model.push(time, payload);
    expect(pair.queue.size).toBe(model.events.length);
  },
  toString: () => `push(${time})`,
});

const pop: Command = { check: () => true, run: (model, pair) => popsAlike(pair.queue, model), toString: () => "pop" };

const cancel = (pick: number): Command => ({
  check: () => true,
  run(model, pair) {
    if (pair.handles.length === 0) return;
    const payload = pick % pair.handles.length;
    expect(pair.queue.cancel(pair.handles[payload]!)).toBe(model.cancel(payload));
    expect(pair.queue.size).toBe(model.events.length);
  },
  toString: () => `cancel(${pick})`,
});

/** Takes a copy, drains one of the two, and goes on with the other. */
const copy = (goOnWithCopy: boolean): Command => ({
  check: () => true,
  run(model, pair) {
    const copied = pair.queue.copy();
    drainsAlike(goOnWithCopy ? pair.queue : copied, model.copy());
    if (goOnWithCopy) pair.queue = copied;
  },
  toString: () => `copy(${goOnWithCopy})`,
});

/** Mostly few different times, so that many events share one. */
const time = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 5 }) }, fc.maxSafeNat());
const commands = fc.commands(
  [
    ...Array.from({ length: 5 }, () => time.map(push)),
    fc.constant(pop),
    fc.constant(pop),
    fc.nat().map(cancel),
    fc.nat().map(cancel),
    fc.boolean().map(copy),
  ],
  { maxCommands: 80, size: "max" },
);

const NARROW: QueueLimits = { slots: 1000, generations: 2, sequences: 40 };

describe("an event queue", () => {
  test.each<[string, QueueLimits | undefined]>([
    ["with its usual limits", undefined],
    ["whose slots wear out after 2 uses and whose sequence numbers end at 40", NARROW],
  ])("%s does what a list searched for the earliest event does, push, pop, cancel and copy in any order", (_, limits) => {
    fc.assert(
      fc.property(commands, (run) => {
        const pair: Pair = { queue: new EventQueue<number>(limits), handles: [] };
        const model = new NaiveQueue();
        fc.modelRun(() => ({ model, real: pair }), run);
        drainsAlike(pair.queue, model);
      }),
      { numRuns: 150 },
    );
  });

  test("does so over 4,000 steps too, while it grows to hundreds of events and is compacted", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 30), { minLength: 4000, maxLength: 4000, size: "max" }), fc.integer({ min: 1, max: 1000 }), (steps, spread) => {
        const queue = new EventQueue<number>();
        const model = new NaiveQueue();
        const handles: number[] = [];
        for (const step of steps) {
          const choice = step % 100;
          const pick = Math.floor(step / 100);
          if (choice < 50) {
            model.push(pick % spread, handles.length);
            handles.push(queue.push(pick % spread, handles.length));
          } else if (choice < 85) {
            const recent = handles.length - 1 - (pick % 300);
            if (recent >= 0 && queue.cancel(handles[recent]!) !== model.cancel(recent)) throw new Error(`cancel of ${recent} differs`);
          } else if (queue.pop() !== model.pop()?.payload) throw new Error("pop differs");
        }
        drainsAlike(queue, model);
      }),
      { numRuns: 10 },
    );
  });

  test("hands out 1,000 events of one time in the order in which they were pushed", () => {
    const queue = new EventQueue<number>();
    for (let number = 0; number < 1000; number += 1) queue.push(7, number);
    const popped = Array.from({ length: 1000 }, () => queue.pop());
    expect(popped).toEqual(Array.from({ length: 1000 }, (_, number) => number));
  });

  test("keeps the order of pushing also where pops and cancels come between, and after it was compacted", () => {
    const queue = new EventQueue<number>();
    const handles = Array.from({ length: 500 }, (_, number) => queue.push(10 + (number % 3), number));
    handles.forEach((handle, number) => number % 4 !== 0 && queue.cancel(handle));
    expect(queue.size).toBe(125);
    const popped: number[] = [];
    for (let payload = queue.pop(); payload !== undefined; payload = queue.pop()) popped.push(payload);
    const left = Array.from({ length: 125 }, (_, index) => index * 4);
    expect(popped).toEqual([0, 1, 2].flatMap((rest) => left.filter((number) => number % 3 === rest)));
  });

  test("an event that is pushed in the place of the popped one comes after others of its time", () => {
    const queue = new EventQueue<string>();
    queue.push(1, "first");
    queue.push(5, "second");
    expect(queue.pop()).toBe("first");
    queue.push(5, "third");
    expect([queue.pop(), queue.pop(), queue.pop()]).toEqual(["second", "third", undefined]);
  });

  test("takes an event of an earlier time than the one popped last", () => {
    const queue = new EventQueue<string>();
    queue.push(10, "late");
    queue.pop();
    queue.push(3, "early");
    expect([queue.nextTime(), queue.pop(), queue.poppedTime]).toEqual([3, "early", 3]);
  });

  test("a handle is a positive safe integer, and never that of another event", () => {
    const queue = new EventQueue<number>({ slots: 1000, generations: 3, sequences: 1000 });
    const seen = new Set<number>();
    for (let round = 0; round < 300; round += 1) {
      const handle = queue.push(round, round);
      expect(Number.isSafeInteger(handle) && handle > 0).toBe(true);
      seen.add(handle);
      if (round % 2 === 0) queue.pop();
      else queue.cancel(handle);
    }
    expect(seen.size).toBe(300);
  });

  test("a handle whose slot is in use again cancels nothing", () => {
    const queue = new EventQueue<string>();
    const stale = queue.push(1, "popped");
    queue.pop();
    const cancelled = queue.push(2, "cancelled");
    expect(queue.cancel(cancelled)).toBe(true);
    const fresh = queue.push(3, "fresh");
    expect([queue.cancel(stale), queue.cancel(cancelled), queue.size]).toEqual([false, false, 1]);
    expect(queue.cancel(fresh)).toBe(true);
    expect([queue.cancel(fresh), queue.size, queue.pop()]).toEqual([false, 0, undefined]);
  });

  test.each([0, -1, 1, 2 ** 24, 2 ** 24 + 63, 2 ** 25 + 1, 1.5, NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER, 2 ** 60])(
    "%d, which was never a handle of it, cancels nothing",
    (handle) => {
      const queue = new EventQueue<string>();
      queue.push(1, "popped");
      queue.pop();
      const slotZero = queue.push(1, "stays");
      expect(slotZero).not.toBe(handle);
      expect([queue.cancel(handle), queue.size, queue.pop()]).toEqual([false, 1, "stays"]);
    },
  );

  test("a timer that is reset 100,000 times needs no more than 256 slots", () => {
    const queue = new EventQueue<number>({ slots: 256, generations: 2 ** 20, sequences: 2 ** 20 });
    for (let node = 0; node < 20; node += 1) queue.push(1_000_000_000 + node, node);
    let timer = queue.push(150, 0);
    let cancelled = 0;
    for (let reset = 1; reset <= 100_000; reset += 1) {
      cancelled += +queue.cancel(timer);
      timer = queue.push(150 + reset, reset);
    }
    expect([cancelled, queue.size, queue.pop()]).toEqual([100_000, 21, 100_000]);
  });

  test("refuses the event for which there is no slot, and keeps the others", () => {
    const queue = new EventQueue<number>({ slots: 64, generations: 10, sequences: 1000 });
    for (let number = 0; number < 64; number += 1) queue.push(number, number);
    expect(() => queue.push(64, 64)).toThrow(new RangeError("more than 64 events are pending"));
    expect(Array.from({ length: 65 }, () => queue.pop())).toEqual([...Array(64).keys(), undefined]);
  });

  test.each([-1, 0.5, NaN, Infinity, -Infinity, 2 ** 53])("refuses the time %d and stays as it was", (wrong) => {
    const queue = new EventQueue<string>();
    queue.push(4, "stays");
    expect(() => queue.push(wrong, "refused")).toThrow(RangeError);
    expect([queue.size, queue.nextTime(), queue.pop(), queue.pop()]).toEqual([1, 4, "stays", undefined]);
  });

  test("takes the earliest and the latest time that there are", () => {
    const queue = new EventQueue<string>();
    queue.push(Number.MAX_SAFE_INTEGER, "last");
    queue.push(0, "first");
    expect([queue.pop(), queue.poppedTime, queue.pop(), queue.poppedTime]).toEqual(["first", 0, "last", 9007199254740991]);
  });

  test("refuses undefined as a payload, for that is what an empty queue pops; null, 0 and false are payloads", () => {
    const queue = new EventQueue<unknown>();
    expect(() => queue.push(1, undefined)).toThrow(TypeError);
    for (const payload of [null, 0, false]) queue.push(1, payload);
    expect([queue.pop(), queue.pop(), queue.pop(), queue.pop()]).toEqual([null, 0, false, undefined]);
  });

  test("a handle from before a copy cancels in both, each for itself", () => {
    const queue = new EventQueue<string>();
    const a = queue.push(1, "a");
    queue.push(2, "b");
    const copied = queue.copy();
    expect(copied.cancel(a)).toBe(true);
    expect([copied.pop(), queue.pop(), queue.cancel(a)]).toEqual(["b", "a", false]);
  });

  test("grows to 100,000 events that come out sorted", () => {
    const queue = new EventQueue<number>();
    let state = 1;
    const times: number[] = [];
    for (let number = 0; number < 100_000; number += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      times.push(state);
      queue.push(state, number);
    }
    times.sort((a, b) => a - b);
    const popped = times.map(() => (queue.pop(), queue.poppedTime));
    expect(popped).toEqual(times);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Kernel } from "../../sim/kernel/loop.ts";

/** A kernel of texts that writes down what it runs, as "time text". */
function recorder(): { kernel: Kernel<string>; ran: string[] } {
  const ran: string[] = [];
  const kernel: Kernel<string> = new Kernel((text) => ran.push(`${kernel.now} ${text}`));
  return { kernel, ran };
}

describe("scheduling", () => {
  test("an event runs at its time, and those of one time in the order in which they were scheduled", () => {
    const { kernel, ran } = recorder();
    kernel.schedule(5, "c");
    kernel.schedule(2, "a");
    kernel.scheduleAt(5, "d");
    kernel.scheduleAt(2, "b");
    expect([kernel.pending, kernel.nextTime()]).toEqual([4, 2]);
    expect(kernel.runUntil(10)).toBe(true);
    expect(ran).toEqual(["2 a", "2 b", "5 c", "5 d"]);
    expect([kernel.now, kernel.pending, kernel.nextTime()]).toEqual([10, 0, Infinity]);
  });

  test("an event scheduled by a handler for now runs now, after the others of now", () => {
    const ran: string[] = [];
    const kernel: Kernel<string> = new Kernel((text) => {
      ran.push(`${kernel.now} ${text}`);
      if (text === "a") kernel.schedule(0, "a's");
    });
    kernel.schedule(3, "a");
    kernel.schedule(3, "b");
    kernel.schedule(4, "c");
    kernel.runUntil(3);
    expect(ran).toEqual(["3 a", "3 b", "3 a's"]);
  });

  test("schedule counts from now, scheduleAt from the start", () => {
    const { kernel, ran } = recorder();
    kernel.runUntil(100);
    kernel.schedule(5, "relative");
    kernel.scheduleAt(105, "absolute");
    kernel.runUntil(200);
    expect(ran).toEqual(["105 relative", "105 absolute"]);
  });

  test("refuses the past, fractions, NaN, and times beyond 2^53 - 1", () => {
    const { kernel } = recorder();
    kernel.runUntil(100);
    for (const time of [99, 0, -1, 100.5, NaN, 2 ** 53, Infinity]) expect(() => kernel.scheduleAt(time, "x")).toThrow(RangeError);
    for (const after of [-1, 0.5, NaN, Number.MAX_SAFE_INTEGER, Infinity]) expect(() => kernel.schedule(after, "x")).toThrow(RangeError);
    expect(kernel.pending).toBe(0);
    kernel.scheduleAt(100, "now");
    kernel.scheduleAt(Number.MAX_SAFE_INTEGER, "the last moment");
    expect(kernel.pending).toBe(2);
  });

  test("a cancelled event does not run; one that is running or has run cannot be cancelled", () => {
    const ran: string[] = [];
    const couldCancel: boolean[] = [];
    const kernel: Kernel<string> = new Kernel((text) => {
      ran.push(text);
      if (text === "a") couldCancel.push(kernel.cancel(a), kernel.cancel(b), kernel.cancel(b));
    });
    const a = kernel.schedule(1, "a");
    const b = kernel.schedule(1, "b");
    kernel.schedule(2, "c");
    kernel.runUntil(5);
    expect([ran, couldCancel, kernel.cancel(a)]).toEqual([["a", "c"], [false, true, false], false]);
  });
});

describe("step", () => {
  test("runs one event and sets the time to it; without one it is false and time stands still", () => {
    const { kernel, ran } = recorder();
    kernel.schedule(7, "a");
    kernel.schedule(9, "b");
    expect([kernel.step(), kernel.now, kernel.step(), kernel.now, kernel.step(), kernel.now]).toEqual([true, 7, true, 9, false, 9]);
    expect(ran).toEqual(["7 a", "9 b"]);
  });
});

describe("runUntil", () => {
  test("runs what is at the time itself, and leaves what is a nanosecond later", () => {
    const { kernel, ran } = recorder();
    for (const time of [9, 10, 11]) kernel.scheduleAt(time, "x");
    expect(kernel.runUntil(10)).toBe(true);
    expect([ran, kernel.now, kernel.nextTime()]).toEqual([["9 x", "10 x"], 10, 11]);
  });

  test("after maxEvents it is false, with the time at the last event, and goes on when called again", () => {
    const { kernel, ran } = recorder();
    for (const time of [1, 2, 3]) kernel.scheduleAt(time, "x");
    expect([kernel.runUntil(10, 2), kernel.now, ran.length]).toEqual([false, 2, 2]);
    expect([kernel.runUntil(10, 1), kernel.now, ran.length]).toEqual([true, 10, 3]);
  });

  test("with maxEvents 0 it runs nothing, and gets there only if there is nothing to run", () => {
    const { kernel, ran } = recorder();
    kernel.scheduleAt(5, "x");
    expect([kernel.runUntil(4, 0), kernel.now]).toEqual([true, 4]);
    expect([kernel.runUntil(5, 0), kernel.now, ran]).toEqual([false, 4, []]);
  });

  test("refuses a time before now, and one that is no whole number", () => {
    const { kernel } = recorder();
    kernel.runUntil(10);
    for (const time of [9, -1, 10.5, NaN, Infinity, 2 ** 53]) expect(() => kernel.runUntil(time)).toThrow(RangeError);
    expect([kernel.runUntil(10), kernel.now]).toEqual([true, 10]);
  });

  test("an error of a handler comes out; the event counts as run, and the rest can be run", () => {
    const ran: string[] = [];
    const kernel = new Kernel<string>((text) => {
      ran.push(text);
      if (text === "b") throw new Error("of the handler");
    });
    for (const text of ["a", "b", "c"]) kernel.schedule(1, text);
    expect(() => kernel.runUntil(5)).toThrow("of the handler");
    expect([kernel.now, kernel.pending, kernel.runUntil(5), ran]).toEqual([1, 1, true, ["a", "b", "c"]]);
  });
});

describe("runWhile", () => {
  test("asks before each event and says why it ended", () => {
    const { kernel, ran } = recorder();
    for (const time of [1, 2, 3, 4]) kernel.scheduleAt(time, "x");
    let asked = 0;
    expect(kernel.runWhile(() => (asked++, ran.length < 2))).toBe("condition");
    expect([asked, ran.length, kernel.now]).toEqual([3, 2, 2]);
    expect(kernel.runWhile(() => true, 1)).toBe("limit");
    expect(kernel.runWhile(() => true)).toBe("empty");
    expect([ran.length, kernel.now]).toEqual([4, 4]);
    expect(kernel.runWhile(() => false)).toBe("condition");
  });
});

describe("interrupt", () => {
  test("from a handler ends the run after that event, and the run goes on when called again", () => {
    const ran: string[] = [];
    const kernel: Kernel<string> = new Kernel((text) => {
      ran.push(text);
      if (text === "b") kernel.interrupt();
      if (text === "b") ran.push("rest of b");
    });
    for (const text of ["a", "b", "c"]) kernel.schedule(1, text);
    expect([kernel.runUntil(5), kernel.now, kernel.pending]).toEqual([false, 1, 1]);
    expect([kernel.runUntil(5), kernel.now]).toEqual([true, 5]);
    expect(ran).toEqual(["a", "b", "rest of b", "c"]);
  });

  test("is heard also by the last event before the time: the run has not got there yet", () => {
    const kernel: Kernel<string> = new Kernel(() => kernel.interrupt());
    kernel.schedule(1, "a");
    expect([kernel.runUntil(5), kernel.now]).toEqual([false, 1]);
    expect([kernel.runUntil(5), kernel.now]).toEqual([true, 5]);
  });

  test("between two runs ends the next one before its first event, once", () => {
    const { kernel, ran } = recorder();
    kernel.schedule(1, "a");
    kernel.interrupt();
    kernel.interrupt();
    expect([kernel.runUntil(5), kernel.now, ran.length]).toEqual([false, 0, 0]);
    expect([kernel.runUntil(5), ran.length]).toEqual([true, 1]);
    kernel.interrupt();
    expect([kernel.runWhile(() => true), kernel.runWhile(() => true)]).toEqual(["interrupted", "empty"]);
  });

  test("is not passed on to a copy", () => {
    const { kernel } = recorder();
    kernel.schedule(1, "a");
    kernel.interrupt();
    expect(kernel.copy(() => {}).runUntil(5)).toBe(true);
  });
});

test("a handler that runs its own kernel is an error", () => {
  const kernel: Kernel<string> = new Kernel((text) => {
    if (text === "step") kernel.step();
    if (text === "runUntil") kernel.runUntil(100);
    if (text === "runWhile") kernel.runWhile(() => true);
  });
  for (const text of ["step", "runUntil", "runWhile"]) {
    kernel.schedule(1, text);
    expect(() => kernel.step()).toThrow("must not run the kernel");
  }
  kernel.schedule(1, "else");
  expect(kernel.step()).toBe(true);
});

/** A small world whose events schedule and cancel others by what they carry alone. */
class Cascade {
  readonly ran: string[] = [];
  kernel: Kernel<number>;
  handles: number[] = [];

  constructor() {
    this.kernel = new Kernel((payload) => this.handle(payload));
  }

  handle(payload: number): void {
    this.ran.push(`${this.kernel.now} ${payload}`);
    const mixed = Math.imul(payload + 1, 0x9e3779b1) >>> 0;
    if (mixed % 5 < 2) this.handles.push(this.kernel.schedule(mixed % 17, (payload + 7) & 1023));
    if (mixed % 7 < 3) this.handles.push(this.kernel.schedule(mixed % 5, (payload * 3) & 1023));
    if (mixed % 3 === 0 && this.handles.length > 0) this.kernel.cancel(this.handles[mixed % this.handles.length]!);
  }

  copy(): Cascade {
    const copy = new Cascade();
    copy.handles = this.handles.slice();
    copy.kernel = this.kernel.copy((payload) => copy.handle(payload));
    return copy;
  }
}

describe("a copy", () => {
  test("runs the same events at the same times as the original, whichever runs first, and neither sees the other", () => {
    const starts = fc.array(fc.tuple(fc.nat(30), fc.nat(1023)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(starts, fc.nat(60), fc.boolean(), (events, steps, copyFirst) => {
        const original = new Cascade();
        for (const [time, payload] of events) original.handles.push(original.kernel.schedule(time, payload));
        for (let step = 0; step < steps; step += 1) original.kernel.step();
        const copy = original.copy();
        expect([copy.kernel.now, copy.kernel.pending]).toEqual([original.kernel.now, original.kernel.pending]);

        const before = original.ran.length;
        for (const world of copyFirst ? [copy, original] : [original, copy]) world.kernel.runWhile(() => true, 300);
        expect(copy.ran).toEqual(original.ran.slice(before));
        expect(copy.kernel.now).toBe(original.kernel.now);
      }),
      { numRuns: 100 },
    );
  });

  test("a run cut into slices of any size is the run in one piece", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }), (slices) => {
        const begin = (): Cascade => {
          const world = new Cascade();
          for (let number = 0; number < 40; number += 1) world.kernel.schedule(number % 10, number * 11);
          return world;
        };
        const whole = begin();
        const sliced = begin();
        whole.kernel.runUntil(60, 2000);
        let left = 2000;
        for (let turn = 0; left > 0; turn += 1) {
          const slice = Math.min(left, slices[turn % slices.length]!);
          if (sliced.kernel.runUntil(60, slice)) break;
          left -= slice;
        }
        expect(sliced.ran).toEqual(whole.ran);
        expect(sliced.kernel.now).toBe(whole.kernel.now);
      }),
      { numRuns: 30 },
    );
  });
});

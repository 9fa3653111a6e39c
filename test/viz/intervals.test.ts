import fc from "fast-check";
import { expect, test } from "vitest";
import { firstAbove, firstAtLeast } from "../../viz/model/columns.ts";
import { Intervals, NEVER } from "../../viz/model/intervals.ts";

const EVENTS = 5_000;

/** Spans over five keyframes' worth of events, some without an end. */
const spans = fc
  .array(fc.record({ start: fc.nat(EVENTS - 1), length: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 4_000 }), fc.constant(NEVER)) }), { maxLength: 200 })
  .map((list) => list.sort((a, b) => a.start - b.start).map(({ start, length }) => ({ start, end: length === NEVER ? NEVER : Math.min(EVENTS, start + length) })));

const intervalsOf = (list: readonly { start: number; end: number }[]): Intervals =>
  new Intervals(Int32Array.from(list, ({ start }) => start), Int32Array.from(list, ({ end }) => end), EVENTS);

test("what is open at an event is what a look at every interval finds", () => {
  fc.assert(
    fc.property(spans, fc.array(fc.nat(EVENTS), { minLength: 1, maxLength: 20 }), (list, events) => {
      const intervals = intervalsOf(list);
      for (const event of events) {
        const expected = list.flatMap(({ start, end }, index) => (start <= event && end > event ? [index] : []));
        expect(intervals.openAt(event)).toEqual(expected);
      }
    }),
    { numRuns: 200, seed: 5 },
  );
});

test("what touches a window is what a look at every interval finds, each once", () => {
  fc.assert(
    fc.property(spans, fc.nat(EVENTS), fc.nat(3_000), (list, from, width) => {
      const found: number[] = [];
      intervalsOf(list).visitTouching(from, from + width, (index) => void found.push(index));
      const expected = list.flatMap(({ start, end }, index) => (start <= from + width && end >= from ? [index] : []));
      expect(found.sort((a, b) => a - b)).toEqual(expected);
    }),
    { numRuns: 200, seed: 6 },
  );
});

test("how many begin in a window counts both of its ends", () => {
  const intervals = intervalsOf([{ start: 3, end: 5 }, { start: 3, end: NEVER }, { start: 7, end: 9 }]);
  expect([intervals.countBegunIn(3, 7), intervals.countBegunIn(4, 6), intervals.countBegunIn(4, 7), intervals.countBegunIn(8, 2)]).toEqual([3, 0, 1, 0]);
});

test("binary searches stand where a search one by one stands", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 60 }), fc.nat(50), (list, bound) => {
      const sorted = list.sort((a, b) => a - b);
      const above = sorted.findIndex((value) => value > bound);
      const least = sorted.findIndex((value) => value >= bound);
      expect(firstAbove(sorted, bound)).toBe(above < 0 ? sorted.length : above);
      expect(firstAtLeast(sorted, bound)).toBe(least < 0 ? sorted.length : least);
    }),
    { seed: 7 },
  );
});

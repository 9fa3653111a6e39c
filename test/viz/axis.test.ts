import fc from "fast-check";
import { expect, test } from "vitest";
import { Axis, axisKinds } from "../../viz/model/axis.ts";

const times = fc.array(fc.oneof(fc.nat(3), fc.nat(1_000_000), fc.nat(10_000_000_000)), { minLength: 2, maxLength: 80 }).map((gaps) => {
  let time = 0;
  return Float64Array.from(gaps, (gap) => (time += gap));
});

test("on every axis later events never stand further left, and a position leads back to its event", () => {
  fc.assert(
    fc.property(times, fc.constantFrom(...axisKinds), (time, kind) => {
      const axis = new Axis(kind, time);
      for (let event = 0; event < time.length; event += 1) {
        if (event > 0) expect(axis.position[event]!).toBeGreaterThanOrEqual(axis.position[event - 1]!);
        // Of events at one position the last is found.
        expect(axis.position[axis.eventAt(axis.position[event]!)]).toBe(axis.position[event]);
        expect(axis.eventAt(axis.position[event]!)).toBeGreaterThanOrEqual(event);
      }
    }),
    { seed: 9 },
  );
});

test("a moment between two events lies between them, and its position leads back to its time", () => {
  fc.assert(
    fc.property(times, fc.constantFrom(...axisKinds), fc.double({ min: 0, max: 1, noNaN: true }), (time, kind, share) => {
      const axis = new Axis(kind, time);
      const event = time.findIndex((at, index) => index + 1 < time.length && time[index + 1]! > at);
      if (event < 0) return;
      const moment = time[event]! + share * (time[event + 1]! - time[event]!);
      const position = axis.ofMoment(event, moment);
      expect(position).toBeGreaterThanOrEqual(axis.position[event]!);
      expect(position).toBeLessThanOrEqual(axis.position[event + 1]!);
      expect(Math.abs(axis.timeAt(position) - moment)).toBeLessThan(1e-6 * (time.at(-1)! + 1));
    }),
    { seed: 10 },
  );
});

test("squeezing leaves short gaps as they are and a quiet second no wider than a few of them", () => {
  // A hundred events a microsecond apart, a silence of a second, and a hundred more.
  const time = Float64Array.from({ length: 200 }, (_, event) => event * 1_000 + (event >= 100 ? 1e9 : 0));
  const axis = new Axis("squeezed", time);
  const gap = (event: number): number => axis.position[event + 1]! - axis.position[event]!;
  expect(gap(10)).toBe(1_000);
  expect(gap(150)).toBe(1_000);
  expect(gap(99)).toBeLessThan(1e9 / 10);
  expect(gap(99)).toBeGreaterThan(1_000);
});

test("the axis of order takes one step an event", () => {
  expect([...new Axis("order", Float64Array.of(0, 0, 7, 900)).position]).toEqual([0, 1, 2, 3]);
});

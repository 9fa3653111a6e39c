import fc from "fast-check";
import { expect, test } from "vitest";
import { addressText, parseAddress, type Address } from "../../viz/model/address.ts";
import { axisKinds } from "../../viz/model/axis.ts";

const whole = fc.nat({ max: 2 ** 31 });
const addresses: fc.Arbitrary<Address> = fc.record({
  event: fc.option(whole, { nil: undefined }),
  timeNs: fc.option(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { nil: undefined }),
  selected: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
  window: fc.option(fc.tuple(whole, fc.integer({ min: 1, max: 1e9 })).map(([from, width]) => [from, from + width] as const), { nil: undefined }),
  axis: fc.constantFrom(...axisKinds),
  tab: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
});

test("an address that is written and read is the same", () => {
  fc.assert(
    fc.property(addresses, (address) => {
      // The axis of time is what an address means when it says nothing.
      expect(parseAddress(`#${addressText(address)}`)).toEqual({ ...address, axis: address.axis === "time" ? undefined : address.axis });
    }),
    { seed: 11 },
  );
});

test("an address reads as e=1234&sel=n2", () => {
  expect(addressText({ event: 1234, selected: "n2" })).toBe("e=1234&sel=n2");
});

test("what makes no sense in an address is left out, and never throws", () => {
  expect(parseAddress("#e=-4&t=x&w=9-3&axis=sideways&sel=")).toEqual({ event: undefined, timeNs: undefined, selected: undefined, window: undefined, axis: undefined, tab: undefined });
  expect(parseAddress("#e=12&%%%").event).toBe(12);
  fc.assert(fc.property(fc.string(), (hash) => void parseAddress(hash)), { seed: 12 });
});

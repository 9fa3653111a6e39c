import fc from "fast-check";
import { expect, test } from "vitest";
import { applyChange, type Shown } from "../../sim/trace/change.ts";
import type { Change, FieldChange } from "../../sim/trace/event.ts";
import { ShownLog } from "../../sim/trace/log.ts";
import { FieldHistory } from "../../viz/model/fields.ts";

const key = fc.constantFrom("a", "b", "c", "__proto__", "constructor");
const fieldChange: fc.Arbitrary<FieldChange> = fc.oneof(
  fc.record({ type: fc.constant("set" as const), value: fc.oneof(fc.integer(), fc.constant(null), fc.constant(undefined), fc.array(fc.integer(), { maxLength: 3 })) }),
  fc.record({ type: fc.constant("record" as const), set: fc.array(fc.tuple(key, fc.integer())).map((pairs) => Object.fromEntries(pairs)), gone: fc.uniqueArray(key, { maxLength: 2 }) }).map((change) => ({ ...change, gone: change.gone.filter((name) => !Object.hasOwn(change.set, name)) })),
);
const logChange = fc.record({ type: fc.constant("log" as const), from: fc.nat(8), entries: fc.array(fc.integer(), { maxLength: 4 }) });
/** One field for records and scalars, one for a log: a field that is a log stays one. */
const change: fc.Arbitrary<Change> = fc.oneof(fieldChange.map((x) => ({ x })), logChange.map((log) => ({ log })), fc.tuple(fieldChange, logChange).map(([x, log]) => ({ x, log })));

const plain = (value: unknown): unknown => (value instanceof ShownLog ? value.slice() : value);

test("a field's value at any event equals applying all changes up to it, whatever the changes", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), change), { minLength: 1, maxLength: 120 }), (steps) => {
      const history = new FieldHistory(1);
      const states = new Map<number, Shown>();
      let event = 0;
      let state: Shown = {};
      for (const [gap, next] of steps) {
        event += gap; // No gap: two changes after one event.
        history.push(event, 0, next);
        state = applyChange(state, next);
        states.set(event, state);
      }
      for (const [at, expected] of states) {
        for (const field of ["x", "log"]) expect(plain(history.valueAt(at, 0, field))).toEqual(plain(Object.hasOwn(expected, field) ? expected[field] : undefined));
      }
    }),
    { numRuns: 300, seed: 71 },
  );
});

test("a record of a thousand keys that changes ten thousand times is not copied at each change", () => {
  const history = new FieldHistory(1);
  for (let event = 0; event < 10_000; event += 1) history.push(event, 0, { kv: { type: "record", set: { [`k${event % 1000}`]: event }, gone: [] } });
  expect(history.valueAt(9_999, 0, "kv")).toMatchObject({ k0: 9_000, k999: 9_999 });
  expect(history.valueAt(5_500, 0, "kv")).toMatchObject({ k500: 5_500, k501: 4_501 });
  expect(Object.keys(history.valueAt(42, 0, "kv") as object)).toHaveLength(43);
});

test("before its first change a field has no value and no event", () => {
  const history = new FieldHistory(2);
  history.push(10, 1, { term: { type: "set", value: 3 } });
  expect([history.valueAt(9, 1, "term"), history.sinceAt(9, 1, "term"), history.valueAt(10, 1, "term"), history.sinceAt(99, 1, "term")]).toEqual([undefined, -1, 3, 10]);
  expect(history.nodeAt(99, 0)).toEqual([]);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Log } from "../../sim/protocol.ts";
import { applyChange, diffShown, ShownTracker, type Shown, snapshotShown } from "../../sim/trace/change.ts";
import { ShownLog } from "../../sim/trace/log.ts";
import { setField } from "../../sim/trace/value.ts";
import { anyText } from "./arbitrary.ts";

/** Nothing but data, logs being arrays: what two sides must agree on. */
function plain(shown: Shown | undefined): unknown {
  return shown === undefined ? undefined : JSON.parse(JSON.stringify(shown));
}

type State = { [field: string]: unknown };

/** One thing that a handler may do to a state. */
type Step =
  | { readonly do: "scalar"; readonly field: string; readonly value: unknown }
  | { readonly do: "push" | "drop" | "replace"; readonly field: string; readonly value: number }
  | { readonly do: "put"; readonly field: string; readonly key: string; readonly value: unknown }
  | { readonly do: "take"; readonly field: string; readonly key: string }
  | { readonly do: "append"; readonly value: number }
  | { readonly do: "truncate"; readonly length: number }
  | { readonly do: "forget" | "undefine"; readonly field: string }
  | { readonly do: "nothing" };

const scalar = fc.oneof(fc.constantFrom(null, true, false, NaN), fc.integer(), fc.string({ maxLength: 3 }), fc.constant(Object.freeze({ term: 1 })));
const key = fc.oneof(fc.constantFrom("a", "b", "c", "constructor", "__proto__", "toString"), anyText);
const fields = ["term", "role", "votes", "kv"] as const;
const anyField = fc.constantFrom(...fields);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("scalar" as const), field: anyField, value: scalar }),
  fc.record({ do: fc.constantFrom("push" as const, "drop" as const, "replace" as const), field: fc.constant("votes"), value: fc.nat({ max: 9 }) }),
  fc.record({ do: fc.constant("put" as const), field: fc.constant("kv"), key, value: scalar }),
  fc.record({ do: fc.constant("take" as const), field: fc.constant("kv"), key }),
  fc.record({ do: fc.constant("append" as const), value: fc.nat() }),
  fc.record({ do: fc.constant("truncate" as const), length: fc.nat({ max: 6 }) }),
  fc.record({ do: fc.constantFrom("forget" as const, "undefine" as const), field: anyField }),
  fc.constant({ do: "nothing" as const }),
);

/** Changes a state in place, as a protocol does. */
function act(state: State, step: Step): void {
  switch (step.do) {
    case "scalar": state[step.field] = step.value; break;
    case "push": list(state, step.field).push(step.value); break;
    case "drop": list(state, step.field).pop(); break;
    case "replace": list(state, step.field)[0] = step.value; break;
    case "put": setField(record(state, step.field), step.key, step.value); break;
    case "take": delete record(state, step.field)[step.key]; break;
    case "append": state.log = logOf(state).append({ value: step.value }); break;
    case "truncate": state.log = logOf(state).truncate(step.length); break;
    case "forget": delete state[step.field]; break;
    case "undefine": state[step.field] = undefined; break;
    case "nothing": break;
  }
}

function list(state: State, field: string): unknown[] {
  if (!Array.isArray(state[field])) state[field] = [];
  return state[field] as unknown[];
}

function record(state: State, field: string): { [key: string]: unknown } {
  const value = state[field];
  if (typeof value !== "object" || value === null || Array.isArray(value) || Object.isFrozen(value)) state[field] = {};
  return state[field] as { [key: string]: unknown };
}

const logOf = (state: State): Log<unknown> => (state.log instanceof Log ? state.log : Log.of());
const newState = (): State => ({ term: 1, role: "follower", votes: [1, 2], kv: { a: 1 }, log: Log.of([{ value: 0 }]) });

describe("the change of what a node shows", () => {
  test("leads from any state to any other that a handler makes of it", () => {
    const leads = fc.property(fc.array(fc.array(anyStep, { maxLength: 4 }), { maxLength: 8 }), (handlers) => {
      const state = newState();
      let rebuilt = applyChange(undefined, diffShown(undefined, state) ?? {});
      let before = snapshotShown(state);
      for (const steps of handlers) {
        for (const step of steps) act(state, step);
        const old = JSON.stringify(rebuilt);
        const change = diffShown(before, state);
        const next = change === undefined ? rebuilt : applyChange(rebuilt, change);
        expect(plain(next)).toEqual(plain(state));
        expect(JSON.stringify(rebuilt)).toBe(old);
        rebuilt = next;
        before = snapshotShown(state);
      }
    });
    fc.assert(leads, { numRuns: 400 });
  });

  test("is what a tracker says too, whose snapshots stay as they were", () => {
    const agrees = fc.property(fc.array(fc.array(anyStep, { maxLength: 4 }), { maxLength: 8 }), fc.nat({ max: 7 }), (handlers, copyAt) => {
      const state = newState();
      let tracker = new ShownTracker();
      expect(tracker.update(state)).toEqual(diffShown(undefined, state));
      handlers.forEach((steps, index) => {
        const before = tracker.current;
        const text = JSON.stringify(before);
        for (const step of steps) act(state, step);
        if (index === copyAt) tracker = tracker.copy();
        const change = tracker.update(state);
        expect(change).toEqual(diffShown(before, state));
        expect(plain(tracker.current)).toEqual(plain(state));
        expect(JSON.stringify(before)).toBe(text);
        if (change === undefined) expect(tracker.current).toBe(before);
        else expect(tracker.previous).toBe(before);
      });
    });
    fc.assert(agrees, { numRuns: 400 });
  });

  test("is undefined exactly where nothing changed", () => {
    const state = newState();
    const before = snapshotShown(state);
    expect(diffShown(before, state)).toBeUndefined();
    expect(diffShown(before, newStateWith({ votes: [1, 2], kv: { a: 1 }, log: state.log }))).toBeUndefined();
    expect(diffShown({ at: NaN }, { at: NaN })).toBeUndefined();
    expect(diffShown({ a: 1 }, { a: 1, b: undefined })).toBeUndefined();
  });

  test("sees through values that are made anew at each look but are equal", () => {
    const look = (): Shown => ({ peers: { n2: { next: 1, match: [0] }, n3: { next: 2, match: [] } }, list: [{ a: 1 }] });
    const tracker = new ShownTracker();
    tracker.update(look());
    expect(tracker.update(look())).toBeUndefined();
    expect(diffShown(look(), { ...look(), list: [{ a: 2 }] })).toEqual({ list: { type: "set", value: [{ a: 2 }] } });
  });

  test("is told by the smallest means: a field, keys of a record, the end of a log", () => {
    const state = newState();
    const before = snapshotShown(state);
    (state.kv as State).b = 2;
    delete (state.kv as State).a;
    state.log = (state.log as Log<unknown>).append({ value: 1 }).append({ value: 2 });
    state.term = 2;
    expect(diffShown(before, state)).toEqual({
      term: { type: "set", value: 2 },
      kv: { type: "record", set: { b: 2 }, gone: ["a"] },
      log: { type: "log", from: 1, entries: [{ value: 1 }, { value: 2 }] },
    });
  });

  test("of a log that was cut and went on in another way begins where the two part", () => {
    const log = Log.of([{ value: 0 }, { value: 1 }, { value: 2 }]);
    const other = log.truncate(1).append({ value: 9 });
    expect(diffShown({ log }, { log: other })).toEqual({ log: { type: "log", from: 1, entries: [{ value: 9 }] } });
    expect(diffShown({ log }, { log: log.truncate(2) })).toEqual({ log: { type: "log", from: 2, entries: [] } });
    expect(diffShown({ log: null }, { log: log.truncate(1) })).toEqual({ log: { type: "log", from: 0, entries: [{ value: 0 }] } });
    expect(applyChange({}, diffShown(undefined, { log: Log.of() }) ?? {}).log).toBeInstanceOf(ShownLog);
  });

  test("does not take what a record inherits for what it has", () => {
    expect(diffShown({ kv: { constructor: 1 } }, { kv: {} })).toEqual({ kv: { type: "record", set: {}, gone: ["constructor"] } });
    expect(diffShown({ kv: { a: 1 } }, { kv: { constructor: 5 } })).toEqual({ kv: { type: "record", set: { constructor: 5 }, gone: ["a"] } });
    const before = JSON.parse('{"kv":{}}') as Shown;
    const after = JSON.parse('{"kv":{"__proto__":{}}}') as Shown;
    expect(JSON.stringify(applyChange(before, diffShown(before, after) ?? {}))).toBe('{"kv":{"__proto__":{}}}');
  });
});

describe("a shown log", () => {
  test("is an immutable value: whatever is made of it, every older one stays as it was", () => {
    const steps = fc.array(fc.record({ of: fc.nat(), from: fc.nat({ max: 8 }), entries: fc.array(fc.nat(), { maxLength: 4 }) }), { maxLength: 30 });
    const stays = fc.property(steps, (changes) => {
      const logs = [ShownLog.empty];
      const arrays: number[][] = [[]];
      for (const { of, from, entries } of changes) {
        const which = of % logs.length;
        logs.push((logs[which] as ShownLog).changed(from, entries));
        arrays.push([...(arrays[which] as number[]).slice(0, from), ...entries]);
      }
      logs.forEach((log, index) => {
        const array = arrays[index] as number[];
        expect([...log]).toEqual(array);
        expect(log.toJSON()).toEqual(array);
        expect(log.length).toBe(array.length);
        expect(log.slice(1, 3)).toEqual(array.slice(1, 3));
        expect([log.at(-1), log.at(0), log.at(array.length)]).toEqual([undefined, array[0], undefined]);
      });
    });
    fc.assert(stays);
  });

  test("has in common with another what both begin with", () => {
    const log = ShownLog.of(["a", "b", "c"]);
    const other = log.changed(1, ["x"]);
    expect(log.commonPrefix(other)).toBe(1);
    expect(log.commonPrefix(log.changed(3, ["d"]))).toBe(3);
  });

  test("of 100,000 appends, all of them kept, copies no entries", () => {
    let log = ShownLog.empty;
    const kept: ShownLog[] = [];
    for (let index = 0; index < 100_000; index += 1) kept.push((log = log.changed(index, [index])));
    expect(kept[99_999]?.at(99_999)).toBe(99_999);
    expect(kept[500]?.length).toBe(501);
  });
});

function newStateWith(fields: State): State {
  return { ...newState(), ...fields };
}

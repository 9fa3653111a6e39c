import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, defineModel, type HistoryEvent, type ModelDefinition, modelOf, type Operation, readHistory } from "../../sim/check/index.ts";
import { bruteForce, type Rules } from "./brute.ts";
import { type Deed, operationsFrom } from "./histories.ts";

/** An object, told once more in the plainest way: what an operation returns, and what is then there. */
interface Told<State> {
  readonly initial: State;
  readonly operations: { readonly [f: string]: (state: State, input: any) => readonly [output: unknown, next: State] };
  readonly inputs: { readonly [f: string]: readonly unknown[] };
  /** What operations return that do not say what they saw. */
  readonly mute?: readonly string[];
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

const objects: { readonly [model: string]: Told<any> } = {
  mutex: {
    initial: false,
    operations: { acquire: (held) => [!held, true], release: (held) => [held, false] },
    inputs: { acquire: [null], release: [null] },
  },
  "semaphore(2)": {
    initial: 2,
    operations: { acquire: (free, input) => [free >= (input ?? 1), free - (input ?? 1)], release: (free, input) => [free + (input ?? 1) <= 2, free + (input ?? 1)] },
    inputs: { acquire: [null, 2], release: [null, 2] },
  },
  counter: {
    initial: 0,
    operations: { add: (sum, by) => [null, sum + by], increment: (sum) => [null, sum + 1], decrement: (sum) => [null, sum - 1], read: (sum) => [sum, sum] },
    inputs: { add: [2, -1], increment: [null], decrement: [null], read: [null] },
    mute: ["add", "increment", "decrement"],
  },
  set: {
    initial: new Set(),
    operations: {
      add: (set: Set<number>, x) => [!set.has(x), new Set([...set, x])],
      remove: (set: Set<number>, x) => [set.has(x), new Set([...set].filter((y) => y !== x))],
      contains: (set: Set<number>, x) => [set.has(x), set],
      read: (set: Set<number>) => [sorted([...set]), set],
    },
    inputs: { add: [1, 2], remove: [1, 2], contains: [1, 2], read: [null] },
  },
  queue: {
    initial: [],
    operations: { enqueue: (items, x) => [null, [...items, x]], dequeue: (items) => [items[0] ?? null, items.slice(1)], peek: (items) => [items[0] ?? null, items] },
    inputs: { enqueue: [1, 2], dequeue: [null], peek: [null] },
    mute: ["enqueue"],
  },
  stack: {
    initial: [],
    operations: { push: (items, x) => [null, [x, ...items]], pop: (items) => [items[0] ?? null, items.slice(1)], peek: (items) => [items[0] ?? null, items] },
    inputs: { push: [1, 2], pop: [null], peek: [null] },
    mute: ["push"],
  },
  "priority-queue": {
    initial: [],
    operations: { insert: (items, x) => [null, sorted([...items, x])], deleteMin: (items) => [items[0] ?? null, items.slice(1)], peek: (items) => [items[0] ?? null, items] },
    inputs: { insert: [1, 2, 3], deleteMin: [null], peek: [null] },
    mute: ["insert"],
  },
  log: {
    initial: [],
    operations: {
      append: (entries, x) => [entries.length, [...entries, x]],
      read: (entries, at) => [at === null ? entries : (entries[at] ?? null), entries],
      length: (entries) => [entries.length, entries],
    },
    inputs: { append: [7, 8], read: [null, 0, 1], length: [null] },
  },
  "multi-register": {
    initial: {},
    operations: {
      txn: (values: Record<string, unknown>, steps: readonly (readonly [string, string, unknown])[]) => {
        const next = { ...values };
        const output = steps.map(([f, key, value]) => {
          if (f === "w") next[key] = value;
          return [f, key, next[key] ?? null];
        });
        return [output, next];
      },
    },
    inputs: { txn: [[["w", "x", 1]], [["w", "x", 2], ["w", "y", 2]], [["r", "x", null], ["r", "y", null]], [["r", "x", null], ["w", "x", 3]]] },
  },
};

/** Locks return nothing, and what cannot be is not there: for them the output is whether the operation was possible. */
const guarded = (model: string): boolean => model === "mutex" || model.startsWith("semaphore");

function rulesOf(model: string): Rules<unknown> {
  const { operations, mute = [] } = objects[model]!;
  return (state, { f, input, output, outcome }) => {
    const [returned, next] = operations[f]!(state, input);
    if (guarded(model)) return returned === true ? { state: next } : undefined;
    if (outcome === "info" || mute.includes(f)) return { state: next };
    return JSON.stringify(returned) === JSON.stringify(output) ? { state: next } : undefined;
  };
}

/** Histories that come from a run of the object, its operations in some real order around theirs, and then perhaps changed. */
function historyOf(model: string): fc.Arbitrary<Operation[]> {
  const { initial, operations, inputs } = objects[model]!;
  const call = fc.oneof(...Object.entries(inputs).map(([f, values]) => fc.record({ f: fc.constant(f), input: fc.constantFrom(...values) })));
  const step = fc.record({ call, before: fc.integer({ min: 0, max: 5 }), after: fc.integer({ min: 0, max: 5 }), isOpen: fc.integer({ min: 0, max: 6 }).map((n) => n === 0) });
  const run = fc.array(step, { minLength: 1, maxLength: 7 }).map((steps) => {
    let state = initial;
    const deeds: (Deed & { from: number; to: number })[] = [];
    steps.forEach(({ call: { f, input }, before, after, isOpen }, position) => {
      const [output, next] = operations[f]!(state, input);
      if (guarded(model) && output !== true) return;
      state = next;
      deeds.push({ f, input, output: guarded(model) ? null : output, outcome: isOpen ? "info" : "ok", from: 2 * position - before, to: 2 * position + after });
    });
    return deeds;
  });
  // A change that may or may not make it wrong: what one returned becomes what another did, or one is over before it was.
  const change = fc.option(fc.record({ at: fc.nat(), from: fc.nat(), shift: fc.integer({ min: -9, max: 9 }) }), { nil: undefined });
  return fc.tuple(run, change).map(([deeds, changed]) => {
    if (changed === undefined || deeds.length === 0) return operationsFrom(deeds);
    const at = changed.at % deeds.length;
    const other = deeds[changed.from % deeds.length]!;
    const deed = deeds[at]!;
    const output = other.f === deed.f && other.input === deed.input ? other.output : deed.output;
    return operationsFrom(deeds.with(at, { ...deed, output, from: deed.from + changed.shift, to: deed.to + changed.shift }));
  });
}

describe("generated histories against every order there is", () => {
  for (const model of Object.keys(objects)) {
    test(`${model}: 1,000 histories, no disagreement, and both verdicts among them`, () => {
      const seen = { pass: 0, fail: 0 };
      fc.assert(
        fc.property(historyOf(model), (operations) => {
          const holds = bruteForce(operations, objects[model]!.initial, rulesOf(model));
          expect(check(operations, { model }).verdict).toBe(holds ? "pass" : "fail");
          seen[holds ? "pass" : "fail"] += 1;
        }),
        { numRuns: 1000 },
      );
      expect(Math.min(seen.pass, seen.fail)).toBeGreaterThan(10);
    });
  }
});

const event = (process: number, type: HistoryEvent["type"], f: string, value: unknown): HistoryEvent => ({ process, client: `c${process}`, type, f, key: "", value, time: 0 });
const ran = (...calls: readonly (readonly [f: string, input: unknown, output: unknown])[]): HistoryEvent[] => calls.flatMap(([f, input, output]) => [event(1, "invoke", f, input), event(1, "ok", f, output)]);

describe("models by example", () => {
  test("a lock that two hold at a time, a queue out of order, a set that forgets: each fails, with the operation that shows it", () => {
    expect(check(ran(["acquire", null, null], ["acquire", null, null]), { model: "mutex" }).verdict).toBe("fail");
    const swapped = check(ran(["enqueue", 1, 1], ["enqueue", 2, 2], ["dequeue", null, 2]), { model: "queue" });
    expect([swapped.verdict, swapped.failure?.operations]).toEqual(["fail", [2]]);
    expect(swapped.detail).toBe("dequeue by c1 returned 2 (event 6), and no order of the 3 operations up to then explains what the clients saw");
    expect(check(ran(["add", "a", null], ["read", null, []]), { model: "set" }).verdict).toBe("fail");
    expect(check(ran(["add", "a", null], ["read", null, ["a"]]), { model: "set" }).verdict).toBe("pass");
  });

  test("a semaphore has the permits that its name says", () => {
    const three = ran(["acquire", null, null], ["acquire", 2, null]);
    expect([check(three, { model: "semaphore(3)" }).verdict, check(three, { model: "semaphore(2)" }).verdict]).toEqual(["pass", "fail"]);
    expect(() => modelOf("semaphore(0)")).toThrow("there is no model semaphore(0)");
  });

  test("an operation in a shape that the model does not have is a mistake", () => {
    expect(() => check(ran(["add", "one", null]), { model: "counter" })).toThrow("add takes a whole number");
    expect(() => check(ran(["txn", [["delete", "x", 1]], []]), { model: "multi-register" })).toThrow("txn takes and returns a list of");
  });

  test("operations' names, and what reads return, tell the model", () => {
    const recognised = (...calls: readonly (readonly [f: string, input: unknown, output: unknown])[]): string | undefined => readHistory(ran(...calls).map((one) => JSON.stringify(one)).join("\n")).model;
    expect(recognised(["acquire", null, null])).toBe("mutex");
    expect(recognised(["enqueue", 1, null], ["dequeue", null, 1])).toBe("queue");
    expect(recognised(["add", 1, null], ["read", null, 1])).toBe("counter");
    expect(recognised(["add", 1, null], ["read", null, [1]])).toBe("set");
    expect(recognised(["append", 1, 0], ["read", 0, 1])).toBe("log");
    expect(recognised(["push", 1, null], ["pop", null, 1])).toBe("stack");
    expect(recognised(["fly", 1, null])).toBeUndefined();
  });
});

describe("a model of one's own", () => {
  /** A register whose write may be lost. */
  const lossy: ModelDefinition<number> = {
    name: "lossy-register",
    initial: 0,
    functions: ["read", "write"],
    isNondeterministic: true,
    next: (value, { f, input, output, outcome }) => (f === "write" ? [value, input as number] : outcome === "info" || output === value ? [value] : []),
  };
  const register = defineModel<number>({ name: "own-register", initial: 0, next: (value, { f, input, output }) => (f === "write" ? [input as number] : output === value ? [value] : []), pure: ({ f }) => f === "read" });

  test("may leave open what happens: any way that explains the history counts, and one way counts to its end", () => {
    const model = defineModel(lossy);
    expect(check(ran(["write", 1, null], ["read", null, 0]), { model }).verdict).toBe("pass");
    expect(check(ran(["write", 1, null], ["read", null, 0], ["read", null, 1]), { model }).verdict).toBe("fail");
    expect(check(ran(["write", 1, null], ["write", 2, null], ["read", null, 1], ["read", null, 1]), { model }).verdict).toBe("pass");
    expect(check(ran(["write", 1, null], ["read", null, 0]), { model: register }).verdict).toBe("fail");
  });

  test("says so where it does not own up to leaving things open, and where it is no model", () => {
    expect(() => check(ran(["write", 1, null]), { model: defineModel({ ...lossy, isNondeterministic: false }) })).toThrow("does not say isNondeterministic: true");
    expect(() => defineModel({ name: "x", initial: 0 } as never)).toThrow("the model x has no function next(state, operation)");
  });

  test("agrees with the built-in one: the queue told by a user, 500 histories", () => {
    const told = objects.queue!;
    const own = defineModel<unknown>({
      name: "own-queue",
      initial: [],
      next(state, operation) {
        const after = rulesOf("queue")(state, operation);
        return after === undefined ? [] : [after.state];
      },
      pure: ({ f }) => f === "peek",
    });
    expect(told.initial).toEqual([]);
    const agrees = (operations: Operation[]): boolean => check(operations, { model: own }).verdict === check(operations, { model: "queue" }).verdict;
    fc.assert(fc.property(historyOf("queue"), agrees), { numRuns: 500 });
  });
});

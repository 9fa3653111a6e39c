/** Objects told once more, independently of the models that they test, and histories of them. */
import fc from "fast-check";
import type { Operation } from "../../sim/check/history.ts";
import type { Rules } from "./brute.ts";
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

export const objects: { readonly [model: string]: Told<any> } = {
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
export const guarded = (model: string): boolean => model === "mutex" || model.startsWith("semaphore");

export function rulesOf(model: string): Rules<unknown> {
  const { operations, mute = [] } = objects[model]!;
  return (state, { f, input, output, outcome }) => {
    const [returned, next] = operations[f]!(state, input);
    if (guarded(model)) return returned === true ? { state: next } : undefined;
    if (outcome === "info" || mute.includes(f)) return { state: next };
    return JSON.stringify(returned) === JSON.stringify(output) ? { state: next } : undefined;
  };
}

/** Histories that come from a run of the object, its operations in some real order around theirs, and then perhaps changed. */
export function historyOf(model: string): fc.Arbitrary<Operation[]> {
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

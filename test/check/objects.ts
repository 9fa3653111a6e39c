/** Objects told once more in the plainest way, and histories that come from a run of one and were perhaps changed. */
import fc from "fast-check";
import type { Operation } from "../../sim/check/history.ts";
import type { Rules } from "./brute.ts";
import { operationsFrom, type Placed } from "./histories.ts";

/** What an operation returns, and what is then there. */
export interface Told<State> {
  readonly initial: State;
  readonly operations: { readonly [f: string]: (state: State, input: any) => readonly [output: unknown, next: State] };
  readonly inputs: { readonly [f: string]: readonly unknown[] };
  /** What operations return that do not say what they saw. */
  readonly mute?: readonly string[];
  /** Locks return nothing, and what cannot be is not there: the output is whether the operation was possible. */
  readonly isGuarded?: boolean;
  /** Operations whose inputs are to be unique: they are numbered, in a mixed order. */
  readonly unique?: readonly string[];
}

export function rulesOf({ operations, mute = [], isGuarded = false }: Told<any>): Rules<any> {
  return (state, { f, input, output, outcome }) => {
    const [returned, next] = operations[f]!(state, input);
    if (isGuarded) return returned === true ? { state: next } : undefined;
    if (outcome === "info" || mute.includes(f)) return { state: next };
    return JSON.stringify(returned) === JSON.stringify(output) ? { state: next } : undefined;
  };
}

/** How a run is generated. */
export interface Shape {
  /** How many operations, 1 at least unless said otherwise. */
  readonly most: number;
  readonly least?: number;
  /** How far an operation's interval reaches to each side of its instant, at most; instants are 2 apart. */
  readonly reach?: number;
  /** One in so many never returns; 0: all return. */
  readonly open?: number;
}

/** Half of them are changed, mostly to be wrong: what some returned becomes what others did, or some are over before they were. */
export function historyOf(told: Told<any>, { most, least = 1, reach = 5, open = 7 }: Shape): fc.Arbitrary<Operation[]> {
  const call = fc.oneof(...Object.entries(told.inputs).map(([f, values]) => fc.record({ f: fc.constant(f), input: fc.constantFrom(...values) })));
  const side = fc.integer({ min: 0, max: reach });
  const step = fc.record({ call, before: side, after: side, isOpen: open === 0 ? fc.constant(false) : fc.integer({ min: 1, max: open }).map((n) => n === open), number: fc.integer({ min: 0, max: 9 }) });
  const run = fc.array(step, { minLength: least, maxLength: most, size: "max" }).map((steps) => runOf(told, steps));
  const change = fc.record({ at: fc.nat(), from: fc.nat(), loses: fc.integer({ min: 0, max: 3 }).map((n) => n === 0), shift: fc.oneof(fc.constant(0), fc.integer({ min: -12, max: 12 })) });
  const changes = fc.oneof(fc.constant([]), fc.array(change, { minLength: 1, maxLength: 4, size: "max" }));
  return fc.tuple(run, changes).map(([deeds, list]) => operationsFrom(withoutAnswers(deeds.length === 0 ? [] : list.reduce((before, one) => changed(told, before, one), deeds))));
}

interface Drawn {
  readonly call: { readonly f: string; readonly input: unknown };
  readonly before: number;
  readonly after: number;
  readonly isOpen: boolean;
  readonly number: number;
}

function runOf(told: Told<any>, steps: readonly Drawn[]): Placed[] {
  let state = told.initial;
  const deeds: Placed[] = [];
  steps.forEach(({ call: { f, input: drawn }, before, after, isOpen, number }, position) => {
    const input = told.unique?.includes(f) !== true ? drawn : typeof drawn === "string" ? `${number}.${position} ` : 100 * number + position + 1;
    const [output, next] = told.operations[f]!(state, input);
    if (told.isGuarded === true && output !== true) return;
    state = next;
    deeds.push({ f, input, output: told.isGuarded === true ? null : output, outcome: isOpen ? "info" : "ok", from: 2 * position - before, to: 2 * position + after });
  });
  return deeds;
}

interface Change {
  readonly at: number;
  readonly from: number;
  readonly shift: number;
  /** Whether something is missing in what was returned. */
  readonly loses: boolean;
}

function changed(told: Told<any>, deeds: readonly Placed[], { at, from, shift, loses }: Change): Placed[] {
  const deed = deeds[at % deeds.length]!;
  const alike = deeds.filter(({ f, input }) => f === deed.f && (input === deed.input || told.unique?.includes(f) === true));
  const { output } = alike[from % alike.length]!;
  return deeds.with(at % deeds.length, { ...deed, output: loses ? without(output, from) : output, from: deed.from + shift, to: deed.to + shift });
}

function without(output: unknown, place: number): unknown {
  if (typeof output === "string") return output.slice(0, -1);
  return Array.isArray(output) && typeof output[0] === "number" ? output.filter((_, at) => at !== place % output.length) : output;
}

/** What never returned said nothing. */
function withoutAnswers(deeds: readonly Placed[]): Placed[] {
  return deeds.map((deed) => (deed.outcome === "info" ? { ...deed, output: null } : deed));
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

export const objects = {
  mutex: {
    initial: false,
    operations: { acquire: (held: boolean) => [!held, true], release: (held: boolean) => [held, false] },
    inputs: { acquire: [null], release: [null] },
    isGuarded: true,
  },
  "semaphore(2)": {
    initial: 2,
    operations: { acquire: (free: number, input: number | null) => [free >= (input ?? 1), free - (input ?? 1)], release: (free: number, input: number | null) => [free + (input ?? 1) <= 2, free + (input ?? 1)] },
    inputs: { acquire: [null, 2], release: [null, 2] },
    isGuarded: true,
  },
  counter: {
    initial: 0,
    operations: { add: (sum: number, by: number) => [null, sum + by], increment: (sum: number) => [null, sum + 1], decrement: (sum: number) => [null, sum - 1], read: (sum: number) => [sum, sum] },
    inputs: { add: [2, -1], increment: [null], decrement: [null], read: [null] },
    mute: ["add", "increment", "decrement"],
  },
  set: {
    initial: new Set<number>(),
    operations: {
      add: (set: Set<number>, x: number) => [!set.has(x), new Set([...set, x])],
      remove: (set: Set<number>, x: number) => [set.has(x), new Set([...set].filter((y) => y !== x))],
      contains: (set: Set<number>, x: number) => [set.has(x), set],
      read: (set: Set<number>) => [sorted([...set]), set],
    },
    inputs: { add: [1, 2], remove: [1, 2], contains: [1, 2], read: [null] },
  },
  queue: {
    initial: [],
    operations: { enqueue: (items: number[], x: number) => [null, [...items, x]], dequeue: (items: number[]) => [items[0] ?? null, items.slice(1)], peek: (items: number[]) => [items[0] ?? null, items] },
    inputs: { enqueue: [1, 2], dequeue: [null], peek: [null] },
    mute: ["enqueue"],
  },
  stack: {
    initial: [],
    operations: { push: (items: number[], x: number) => [null, [x, ...items]], pop: (items: number[]) => [items[0] ?? null, items.slice(1)], peek: (items: number[]) => [items[0] ?? null, items] },
    inputs: { push: [1, 2], pop: [null], peek: [null] },
    mute: ["push"],
  },
  "priority-queue": {
    initial: [],
    operations: { insert: (items: number[], x: number) => [null, sorted([...items, x])], deleteMin: (items: number[]) => [items[0] ?? null, items.slice(1)], peek: (items: number[]) => [items[0] ?? null, items] },
    inputs: { insert: [1, 2, 3], deleteMin: [null], peek: [null] },
    mute: ["insert"],
  },
  log: {
    initial: [],
    operations: {
      append: (entries: number[], x: number) => [entries.length, [...entries, x]],
      read: (entries: number[], at: number | null) => [at === null ? entries : (entries[at] ?? null), entries],
      length: (entries: number[]) => [entries.length, entries],
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
  "kv-append": {
    initial: "",
    operations: { get: (text: string) => [text, text], append: (text: string, more: string) => [null, text + more], put: (_: string, text: string) => [null, text] },
    inputs: { get: [null], append: ["a", "b", "ab"], put: ["a", "ba"] },
    mute: ["append", "put"],
  },
} satisfies { readonly [model: string]: Told<any> };

/** The same, with values that are added once. */
function withUniqueValues(told: Told<any>, ...unique: readonly string[]): Told<any> {
  return { ...told, unique };
}

/** Objects with values that are added once, by name; their models are named before the colon. */
export const unambiguous: { readonly [name: string]: Told<any> } = {
  queue: withUniqueValues(objects.queue, "enqueue"),
  stack: withUniqueValues(objects.stack, "push"),
  "priority-queue": withUniqueValues(objects["priority-queue"], "insert"),
  "set: whose elements are taken out": { ...objects.set, inputs: { add: [1, 2, 3, 4], remove: [1, 2, 3], contains: [1, 2, 3] } },
  "set: that grows": { ...objects.set, inputs: { add: [1, 2, 3, 4], contains: [1, 2], read: [null] } },
  log: withUniqueValues({ ...objects.log, inputs: { append: ["", ""], read: [null, 0, 1, 2], length: [null] } }, "append"),
  "kv-append": withUniqueValues({ ...objects["kv-append"], inputs: { get: [null], append: [""] } }, "append"),
  "kv-append: with puts": withUniqueValues({ ...objects["kv-append"], inputs: { get: [null], append: ["", ""], put: [""] } }, "append", "put"),
};

import { expect, test } from "vitest";
import { check, models, type Operation } from "../../sim/check/index.ts";

const template: Operation = { index: 0, process: 0, client: "c1", f: "", key: "", input: null, output: null, outcome: "ok", invoked: 0, returned: 1, invokedAt: 0, returnedAt: 0, invokeEvent: -1, returnEvent: -1 };

for (const [name, f, input] of [["queue", "enqueue", 5], ["stack", "push", 5], ["priority-queue", "insert", 5], ["log", "append", 5], ["set", "add", 5], ["kv-append", "append", "a"]] as const) {
  test(`${name}: a value that is added twice is left to the search`, () => {
    const twice = [1, 2].map((number): Operation => ({ ...template, index: number - 1, f, input, invoked: 2 * number, returned: 2 * number + 1 }));
    expect(models[name]!.fast!.judge(twice).verdict).toBe("undecided");
    expect(check(twice, { model: name })).toMatchObject({ verdict: "pass", algorithm: "search (Wing–Gong–Lowe)" });
  });
}

/** Each value is added, seen and taken out, `depth` of them there at a time, by operations that overlap with their neighbours. */
function long(adds: string, removes: string, depth: number, nextOut: (there: number[]) => number): Operation[] {
  const operations: Operation[] = [];
  const there: number[] = [];
  const run = (f: string, input: unknown, output: unknown): void => {
    const index = operations.length;
    operations.push({ ...template, index, f, input, output, invoked: 4 * index, returned: 4 * index + 7 });
  };
  for (let value = 0; value < 3000; value++) {
    there.push(value);
    run(adds, value, null);
    if (there.length < depth) continue;
    for (let taken = 0; taken < depth / 2; taken++) run(removes, null, nextOut(there));
  }
  return operations;
}

for (const [name, adds, removes, nextOut] of [
  ["queue", "enqueue", "dequeue", (there: number[]) => there.shift()!],
  ["stack", "push", "pop", (there: number[]) => there.pop()!],
  ["priority-queue", "insert", "deleteMin", (there: number[]) => there.shift()!],
] as const) {
  for (const depth of [4, 3000]) {
    test(`${name}: thousands of operations with ${depth} values there at a time are decided without a search, right and wrong`, () => {
      const operations = long(adds, removes, depth, nextOut);
      expect(check(operations, { model: name })).toMatchObject({ verdict: "pass", explored: 0, algorithm: "decrease and conquer (Lee–Mathur)" });
      const outs = operations.filter(({ f }) => f === removes);
      const [one, other] = [outs[outs.length >>> 1]!, outs.at(-5)!];
      const wrong = operations.map((operation) => (operation === one ? { ...one, output: other.output } : operation === other ? { ...other, output: one.output } : operation));
      const { verdict, explored, failure } = check(wrong, { model: name });
      expect({ verdict, explored }).toEqual({ verdict: "fail", explored: 0 });
      expect(failure!.operations.length).toBeGreaterThan(0);
    });
  }
}

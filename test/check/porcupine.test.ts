import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decide, partsOf } from "../../sim/check/decide.ts";
import { check, models, operationsOf, readHistory } from "../../sim/check/index.ts";
import type { Operation } from "../../sim/check/history.ts";
import { Search } from "../../sim/check/search.ts";
import { appendRules, registerRules, type Rules } from "./brute.ts";

const folder = new URL("porcupine/", import.meta.url);
const text = (file: string): string => readFileSync(new URL(file, folder), "utf8");
const published = (JSON.parse(text("verdicts.json")) as { verdicts: { [file: string]: boolean } }).verdicts;
const files = Object.keys(published);

const judged = new Map(files.map((file) => {
  const { history, model } = readHistory(text(file), { file });
  return [file, check(history, { model })] as const;
}));

test("all 58 real histories get the verdicts that Porcupine publishes", () => {
  expect(files).toHaveLength(58);
  expect(files.map((file) => [file, judged.get(file)!.verdict])).toEqual(files.map((file) => [file, published[file] ? "pass" : "fail"]));
});

/** Configurations explored until every key is decided, not only the first that fails. */
function exploredForAll(file: string): { readonly operations: number; readonly keys: number; readonly failed: number; readonly undecided: number; readonly explored: number } {
  const { history, model } = readHistory(text(file), { file });
  const operations = operationsOf(history);
  const parts = partsOf(operations, models[model!]!);
  const { failed, undecided, explored } = decide(parts, models[model!]!, 100_000, true);
  return { operations: operations.length, keys: parts.size, failed: failed.length, undecided: undecided.length, explored };
}

// A search that never takes a wrong turn explores a configuration for each operation at most, so that this bound says that wrong turns,
// all together, cost no more than what is saved where pure operations need none. Porcupine's steps, as counted, are in the test's name.
test.each([
  ["kv/c10-ok.txt", "1,127 steps", 0],
  ["kv/c10-bad.txt", "972 steps", 8],
  ["kv/c50-ok.txt", "741,945 steps", 0],
  ["kv/c50-bad.txt", "does not end on keys 0, 5, 7 and 9", 10],
])("%s: every key is decided with at most a configuration for each operation (Porcupine: %s)", (file, _, wrong) => {
  const { operations, failed, undecided, explored } = exploredForAll(file);
  expect({ failed, undecided }).toEqual({ failed: wrong, undecided: 0 });
  expect(explored).toBeLessThanOrEqual(operations);
});

test("the registers of etcd are decided with at most a configuration for each operation, each and all together (Porcupine: 3,301,715 steps for 102 of them)", () => {
  for (const file of files.filter((name) => name.startsWith("jepsen/"))) {
    const { operations, undecided, explored } = exploredForAll(file);
    expect([file, undecided, explored <= operations]).toEqual([file, 0, true]);
  }
});

test("what passes has an order that obeys the specification and real time, step by step", () => {
  for (const file of files.filter((name) => published[name])) {
    const { history, model } = readHistory(text(file));
    const specification = models[model!]!;
    for (const part of partsOf(operationsOf(history), specification).values()) {
      const search = new Search(part, specification);
      expect(search.run(100_000)).toBe("pass");
      if (model === "kv-append") expectLegal(part, search.order, "", appendRules);
      else expectLegal(part, search.order, null, registerRules);
    }
  }
});

/** Every operation that returned and changes something is in the order; each follows the rules; none is before one that it must follow. */
function expectLegal<State>(part: readonly Operation[], order: readonly Operation[], initial: State, rules: Rules<State>): void {
  const missing = part.filter((operation) => !order.includes(operation) && operation.outcome === "ok");
  expect(missing).toEqual([]);
  let state = initial;
  let latest = -1;
  for (const operation of order) {
    expect(operation.returned).toBeGreaterThan(latest);
    latest = Math.max(latest, operation.invoked);
    const next = rules(state, operation);
    if (next === undefined) throw new Error(`${JSON.stringify(operation)} cannot follow ${JSON.stringify(state)}`);
    state = next.state;
  }
}

test("the first wrong read of etcd_000 is told with the write that it missed", () => {
  const { detail, failure } = judged.get("jepsen/etcd_000.log")!;
  expect(detail).toBe("read by client 11 returned 2 (event 86), after client 0's write of 1 had completed (event 75) and nobody wrote 2 since");
  expect(failure!.event).toBe(-1);
});

test("a lost append is told with the get that lacks it", () => {
  expect(judged.get("kv/c01-bad.txt")!.detail).toBe(
    `get of 7 by client 0 returned "x 0 0 y" (event 60), without "x 0 3 y", although client 0's append of "x 0 3 y" had completed (event 56)`,
  );
});
